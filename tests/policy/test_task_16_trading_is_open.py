"""Task 16: the trading centre's notices stand along one transaction, measured, public here and in the city's column."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import Client

from integrity.exchange.check_result import FORM
from integrity.exchange.receipts import signer
from integrity.ledger import note
from integrity.models import ApiToken
from sectors.column import push
from sectors.models import Notice, Project
from tests.integrity.intake import sheets
from tests.integrity.intake.steps import look_through, page, send, submit
from tests.paths import trading
from tests.paths.sectors import day

HEAD = [
    "交易编号",
    "项目名称",
    "交易类别",
    "招标人代码",
    "公告类型",
    "公告编号",
    "标题",
    "形成日期",
    "公开日期",
    "中标人代码",
    "成交金额",
]


def iso(ago):
    return day(ago).isoformat()


def rows(cast):
    """Five notices of one transaction, in any order; the result was published a month late."""
    unit, firm = cast.orgs.bureau.code, cast.orgs.company.code
    name = ["RZJY-2026-118", "滨海路改造工程施工", "工程建设项目招标投标", unit]
    return [
        HEAD,
        [*name, "成交信息", "GG-118-3", "施工中标结果", iso(120), iso(90), firm, "1860.5"],
        [*name, "交易公告", "GG-118-1", "施工招标公告", iso(200), iso(200), "", ""],
        [*name, "资格审查结果", "GG-118-2", "资格审查结果公示", iso(150), iso(149), "", ""],
        [*name, "履约信息", "GG-118-4", "合同履行情况", iso(30), iso(29), "", ""],
        [*name, "变更信息", "GG-118-5", "工期变更", iso(20), iso(19), "", ""],
    ]


@pytest.fixture
def column(tmp_path, settings):
    """The column as a second program; `column(failures)` starts it and gives the file of what it took."""
    started = []

    def start(failures=0):
        kept = tmp_path / "column.jsonl"
        program = Path(__file__).parent.parent / "credit_column.py"
        process = subprocess.Popen(
            [sys.executable, str(program), str(kept), str(failures)], stdout=subprocess.PIPE, text=True
        )
        started.append(process)
        settings.COLUMN_URL, settings.COLUMN_TOKEN = (
            f"http://127.0.0.1:{process.stdout.readline().strip()}/notices",
            "column-secret",
        )
        return kept

    yield start
    for process in started:
        process.terminate()
        process.wait()
        process.stdout.close()


def test_five_notices_by_file_become_one_transaction_and_stand_in_the_column(cast, desks, column):
    batch = submit(desks.market, send(desks.market, "trades", sheets.xlsx(rows(cast))))
    project = Project.objects.get()
    assert (project.kind, project.state, project.notices.count()) == ("trade", "DRAFT", 5)
    assert Client().get(project.public_url).status_code == 404
    look_through(desks.credit, batch)
    desks.credit.post(f"/desk/import/{batch.pk}/confirm", {"publish": "yes"})
    project.refresh_from_db()
    assert (project.state, project.stage, project.partner, str(project.amount_wan)) == (
        "OPEN", "performance", cast.orgs.company, "1860.500000",
    )  # fmt: skip
    text = Client().get(project.public_url).content.decode()
    assert "工期变更" in text and "晚公开" in text and "待推送" in text
    assert [n.number for n in Notice.objects.late()] == ["GG-118-3"]
    late = Client().get("/api/v1/notices?late=true&transaction=RZJY-2026-118").json()["items"]
    assert [n["number"] for n in late] == ["GG-118-3"] and late[0]["days_late"] > 15
    kept = column()
    assert push() == 5 and push() == 0
    told = [json.loads(line) for line in kept.read_text().splitlines()]
    assert {t["transaction"] for t in told} == {"RZJY-2026-118"} and told[0]["kind"] == "交易公告"
    notice = Notice.objects.get(number="GG-118-3")
    assert notice.pushed_to.startswith("https://credit.example.cn/jy/") and notice.pushed_at
    assert notice.pushed_to in Client().get(project.public_url).content.decode()


def test_what_the_column_does_not_take_is_tried_again(cast, desks, column):
    notice = trading.released(cast)
    column(failures=1)
    assert push() == 0
    notice.refresh_from_db()
    assert notice.tries == 1 and "503" in notice.fault and notice.next_try_at and push() == 0
    assert "推送失败" in desks.market.see(notice.project.get_absolute_url())
    desks.market_reviewer.send(f"/desk/sector/notice/{notice.pk}/retry")
    assert push() == 1
    notice.refresh_from_db()
    assert notice.pushed_at and notice.fault == ""


def test_the_centre_sends_notices_by_the_interface(cast, desks):
    token = ApiToken.new_secret()
    until = day(-30)
    ApiToken(name="交易中心系统", purpose="报送交易公告", scopes="intake", valid_until=until).issue(
        by=cast.market, secret=token
    )
    given = dict(zip(HEAD, rows(cast)[2], strict=True))
    sent = Client().post(
        "/api/v1/intake/trades", {"key": "centre-1", "rows": [given]}, content_type="application/json", HTTP_AUTHORIZATION=f"Bearer {token}"
    )  # fmt: skip
    assert sent.status_code == 201, sent.content.decode()
    assert Notice.objects.get().state == "PENDING" and Project.objects.get().reference == "RZJY-2026-118"


def test_how_credit_is_used_in_evaluation_is_public(cast, desks):
    project = trading.released(cast).project
    given = {
        "name": project.name,
        "reference": project.reference,
        "unit": cast.orgs.bureau.code,
        "reason": "补充信用运用规定",
    }
    rule = {"trade_kind": "工程建设项目招标投标", "credit_use": "评标办法第九条：信用等级占 5 分"}
    desks.market_reviewer.send(f"/desk/sector/{project.pk}/edit", 302, **given | rule)
    assert "信用等级占 5 分" in Client().get(project.public_url).content.decode()


def test_evaluators_get_a_signed_answer_for_all_bidders_at_once(cast, desks):
    bidders = f"{cast.orgs.company.code}\n{cast.orgs.trader.code}"
    asked = {
        "purpose": "BIDDING",
        "stage": "OTHER",
        "matter": "滨海路改造评标",
        "ground": "评标办法第九条",
        "subjects": bidders,
    }
    there = desks.market.send("/desk/checks/new", 302, **asked)
    text = desks.market.see(f"{there}result")
    verifier, _ = signer()
    form, said, *_ = note.verify(text, [verifier]).split("\n")
    told = json.loads(said)
    assert form == FORM and {a["code"] for a in told["answers"]} == set(bidders.split())
    assert len(told["answers"]) == 2 and {a["outcome"] for a in told["answers"]} == {"CLEAR"}
    with pytest.raises(note.NoteError):
        note.verify(text.replace("CLEAR", "OTHER"), [verifier])
    assert desks.stranger.get(f"{there}result").status_code == 404


# ---- refusals ----


def test_a_result_without_its_announcement_goes_back(cast, desks):
    batch = send(desks.market, "trades", sheets.xlsx(rows(cast)[:2]))
    assert (batch.good, batch.bad) == (0, 1) and "还没有交易公告" in page(desks.market, batch)


def test_a_refused_table_never_becomes_public(cast, desks):
    batch = submit(desks.market, send(desks.market, "trades", sheets.xlsx(rows(cast))))
    desks.credit.post(f"/desk/import/{batch.pk}/refuse", {"reason": "不是本市交易"})
    assert set(Notice.objects.values_list("state", flat=True)) == {"REFUSED"} and not Notice.objects.public().exists()


def test_the_same_notice_is_not_taken_twice(cast, desks):
    notice = trading.notice(cast)
    given = {
        "kind": "announcement",
        "number": notice.number,
        "title": "重复",
        "made_on": iso(60),
        "published_on": iso(59),
    }
    text = desks.market.send(f"/desk/sector/{notice.project_id}/add/notice", 422, **given)
    assert "该编号的公告已登记" in text


def test_nobody_releases_the_notice_he_entered(cast, desks):
    notice = trading.unreceived(cast).receive(by=cast.credit)
    assert desks.credit.post(f"/desk/sector/notice/{notice.pk}/release").status_code == 409


def test_without_a_column_all_wait_and_say_so(cast, settings):
    settings.COLUMN_URL = ""
    notice = trading.released(cast)
    assert push() == 0 and "待推送" in Client().get(notice.project.public_url).content.decode()
