"""The roll of officials comes as a workbook: checked, submitted, released by a second person; the numbers stay sealed (task 1)."""

import pytest

from integrity.models import ImportRow, Subject
from officials.models import Official
from tests import builders
from tests.integrity.intake.conftest import desk  # noqa: F401  (a fixture)
from tests.integrity.intake.sheets import table, xlsx
from tests.integrity.intake.steps import page, send, submit

NUMBER = "371199197001010010"


def line(cast, **more):
    return {
        "姓名": "李守诺", "公民身份号码": NUMBER, "所在单位统一社会信用代码": cast.orgs.bureau.code, "人员类别": "公务员",
        "职务": "副科长", "职级": "四级主任科员", "领导班子成员": "否", "任现职日期": "2025-03-01",
    } | more  # fmt: skip


def roll(cast, *lines):
    return xlsx(table([line(cast, **more) for more in lines or ({},)]))


def test_a_second_person_of_the_authority_releases_the_roll(cast, desk):  # noqa: F811
    batch = send(desk("hr"), "officials", roll(cast, {}, {"姓名": "王诚信", "公民身份号码": "371199198002290127"}))
    assert (batch.good, batch.repeated) == (1, 1)
    submit(desk("hr"), batch)
    file = Official.objects.get(subject__name="李守诺")
    assert (file.state, file.subject.managed_by, file.sex, file.birth_year) == (
        "PENDING",
        cast.orgs.personnel,
        "MALE",
        1970,
    )
    assert "确认批次" not in page(desk("hr"), batch)
    hr2 = desk("hr2")
    assert "李守诺" in page(hr2, batch, "rows") and NUMBER not in page(hr2, batch, "rows")
    serials = list(batch.rows.filter(status="ENTERED").values_list("serial", flat=True))
    hr2.post(f"/desk/import/{batch.pk}/opened", {"serial": serials})
    assert hr2.post(f"/desk/import/{batch.pk}/confirm").status_code == 302
    file.refresh_from_db()
    assert (file.state, file.released_by) == ("ACTIVE", cast.hr2.user)
    assert file.appointments.get().occasion == "REGISTERED"


def test_a_number_is_kept_nowhere_in_the_open(cast, desk):  # noqa: F811
    submit(desk("hr"), send(desk("hr"), "officials", roll(cast)))
    text = "".join(f"{r.raw}{r.values}{r.errors}" for r in ImportRow.objects.all())
    assert NUMBER not in text and "李守诺" in text
    assert Subject.objects.by_id_number(NUMBER).get().id_masked == "371199********0010"


def test_a_refused_roll_leaves_sealed_files(cast, desk):  # noqa: F811
    batch = submit(desk("hr"), send(desk("hr"), "officials", roll(cast)))
    assert desk("hr2").post(f"/desk/import/{batch.pk}/refuse", {"reason": "名册有误"}).status_code == 302
    assert Official.objects.get(subject__name="李守诺").state == "SEALED"


@pytest.mark.parametrize(
    ("wrong", "code", "says"),
    [
        ({"公民身份号码": "371199197001010011"}, "E06", "校验位"),
        ({"所在单位统一社会信用代码": "11371100YYYY499992"}, "E05", ""),
        ({"人员类别": "将军"}, "E04", ""),
        ({"任现职日期": "2099-01-01"}, "E08", "晚于今天"),
        ({"姓名": "别的名字", "公民身份号码": "371199198002290127"}, "E11", "不一致"),
        ({"职务": ""}, "E01", ""),
    ],
)
def test_wrong_rows_come_back_with_their_reason(cast, desk, wrong, code, says):  # noqa: F811
    batch = send(desk("hr"), "officials", roll(cast, wrong))
    (error,) = batch.rows.get().errors
    assert error["code"] == code and says in error["text"] and batch.good == 0


def test_somebody_of_another_authority_is_not_taken_over(cast, desk):  # noqa: F811
    builders.person("李守诺", NUMBER, is_official=True, managed_by=cast.orgs.market, parent=cast.orgs.market)
    batch = send(desk("hr"), "officials", roll(cast))
    assert "由其他单位管理" in batch.rows.get().errors[0]["text"]


@pytest.mark.parametrize("who", ["clerk", "credit", "sector"])
def test_nobody_else_imports_a_roll(cast, desk, who):  # noqa: F811
    assert desk(who).get("/desk/import/new/officials").status_code == 403


@pytest.mark.parametrize("who", ["credit", "county", "auditor", "clerk"])
def test_nobody_else_sees_the_batch(cast, desk, who):  # noqa: F811
    batch = send(desk("hr"), "officials", roll(cast))
    assert desk(who).get(f"/desk/import/{batch.pk}/").status_code in (403, 404)
