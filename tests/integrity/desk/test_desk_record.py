"""From the clerk's desk to the public: the same forms and acts, by people at their pages."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from integrity.models import Attachment, Draft, Event, Record
from tests.integrity.desk.pages import CHECKED, entered, honour, pdf, penalty


def test_an_honour_goes_from_the_clerk_to_the_public(cast, desks, client):
    assert "AG11" in desks.clerk.see("/desk/records/new")
    record = entered(desks, honour(cast, files=pdf()))
    assert record.state == "SUBMITTED" and record.entered_by == cast.clerk.user
    page = desks.clerk.see(f"/desk/records/{record.pk}/")
    assert "本人录入，须由他人复核" in page and "表彰决定.pdf" in page and ">复核通过<" not in page
    assert record.title in desks.reviewer.see("/desk/review/")
    assert "依据：文书真实有效" in desks.reviewer.see(f"/desk/records/{record.pk}/review")
    desks.reviewer.send(f"/desk/records/{record.pk}/review", **CHECKED)
    assert record.title in desks.credit.see("/desk/review/?queue=confirm")
    desks.credit.send(f"/desk/records/{record.pk}/confirm", publish="yes")
    assert str(record.pk) not in desks.credit.see("/desk/publish/")
    assert record.title in desks.credit2.see("/desk/publish/")
    desks.credit2.send(f"/desk/records/{record.pk}/publish")
    assert Record.objects.public().get() == record
    heard = Event.objects.of(record).get(verb="record.reviewed").values
    assert heard["checked"] == ["basis", "fact", "tier", "period"]
    history = desks.clerk.see(f"/desk/records/{record.pk}/")
    for word in ("录入", "提交复核", "复核通过", "入库认定", "公示"):
        assert f"<h3>{word}</h3>" in history
    file = Attachment.objects.of(record).get()
    assert client.get(f"/desk/files/{file.pk}").status_code == 404
    assert b"%PDF" in b"".join(desks.credit.get(f"/desk/files/{file.pk}").streaming_content)


def test_a_penalty_is_entered_with_its_kinds_and_reckoned(cast, desks):
    record = entered(desks, penalty(cast), "DP02", "market")
    assert record.tier == "general" and record.facts["penalty_kinds"] == "罚款" and record.until
    desks.market_reviewer.send(f"/desk/records/{record.pk}/review", **CHECKED)
    desks.credit.send(f"/desk/records/{record.pk}/confirm", publish="yes")
    page = desks.credit2.send("/desk/publish/batch", 200, id=[str(record.pk)])
    assert "公示 1 条" in page
    desks.credit2.send("/desk/publish/batch", id=[str(record.pk)], confirmed="1")
    assert Record.objects.public().get() == record


def test_a_wrong_form_says_what_is_wrong_and_keeps_what_was_typed(cast, desks):
    wrong = honour(cast, subject_code="113711990000000000", title="获评先进", decided_on="2099-01-01")
    page = desks.clerk.send("/desk/records/new/AG11", 422, **wrong, submit="1")
    assert "错误：" in page and "尚未提交" in page and 'value="获评先进"' in page
    draft = Draft.objects.get(user=cast.clerk.user)
    assert draft.values["title"] == "获评先进" and "获评先进" in desks.clerk.see("/desk/records/new")
    assert not Record.objects.exists()


def test_a_draft_is_kept_as_typed_and_goes_with_the_record(cast, desks):
    there = desks.clerk.send("/desk/records/new/AG11", title="只写了标题", decided_on="还不知道", keep="1")
    page = desks.clerk.see(there)
    assert 'value="只写了标题"' in page and 'value="还不知道"' in page
    draft = Draft.objects.get()
    assert desks.reviewer.get("/desk/records/new").status_code == 403
    desks.clerk.send("/desk/records/new/AG11", **honour(cast), draft_id=draft.pk, submit="1")
    assert not Draft.objects.exists() and Record.objects.get().state == "SUBMITTED"


def test_a_citizens_number_is_never_kept_in_a_draft(cast, desks):
    desks.hr.send("/desk/records/new/OF01", id_number="371199198002290127", title="判决", keep="1")
    assert "371199198002290127" not in str(Draft.objects.get().values)


def test_a_duplicate_needs_its_reason(cast, desks):
    entered(desks, honour(cast))
    page = desks.clerk.send("/desk/records/new/AG11", 422, **honour(cast), submit="1")
    assert "是否为同一事项" in page and Record.objects.count() == 1
    desks.clerk.send("/desk/records/new/AG11", **honour(cast, duplicate_note="同一文书两项表彰"), submit="1")
    assert Record.objects.count() == 2


def test_the_live_check_offers_the_right_check_character(cast, desks):
    code = cast.orgs.stranger.code
    wrong = code[:17] + ("0" if code[17] != "0" else "1")
    page = desks.clerk.send("/desk/check/AG11", 200, **honour(cast, subject_code=wrong))
    assert f'data-value="{code}"' in page and "校验位不正确" in page
    page = desks.clerk.send("/desk/check/AG11", 200, **honour(cast))
    assert "市水利局（演示）" in page and "没有主体、文书号、认定单位相同的记录" in page and "自认定日期" in page


def test_the_live_check_finds_personal_data_and_twins_and_is_silent_on_empty_fields(cast, desks):
    record = entered(desks, honour(cast))
    page = desks.clerk.send("/desk/check/AG11", 200, **honour(cast, title="表彰，电话 13812345678"))
    assert "疑似含手机号" in page and record.number in page and f"/desk/records/{record.pk}/" in page
    assert "请填写" not in desks.clerk.send("/desk/check/AG11", 200, title="")


@pytest.mark.parametrize(("who", "kind"), [("clerk", "OF01"), ("hr", "AG11"), ("clerk", "XX99")])
def test_kinds_of_other_roles_are_not_offered(cast, desks, who, kind):
    desks.__dict__[who].see(f"/desk/records/new/{kind}", 404)
    assert desks.__dict__[who].post(f"/desk/check/{kind}", {}).status_code == 404


def test_a_returned_record_shows_what_was_changed(cast, desks):
    record = entered(desks, honour(cast))
    page = desks.reviewer.send(f"/desk/records/{record.pk}/return_", 422)
    assert "请填写理由" in page
    desks.reviewer.send(f"/desk/records/{record.pk}/return_", reason="标题与文书不一致")
    assert "标题与文书不一致" in desks.clerk.see(f"/desk/records/{record.pk}/")
    desks.clerk.send(f"/desk/records/{record.pk}/edit", **honour(cast, title="获评市级政务诚信示范单位"), submit="1")
    page = desks.reviewer.see(f"/desk/records/{record.pk}/review")
    assert page.count("已修改</span>") == 1 and "获评政务诚信示范单位" in page and "获评市级政务诚信示范单位" in page


def test_the_checklist_is_no_ornament(cast, desks):
    record = entered(desks, honour(cast))
    page = desks.reviewer.send(f"/desk/records/{record.pk}/review", 422, privacy_ok="on", secrecy_ok="on")
    assert "请核对依据后勾选" in page
    record.refresh_from_db()
    assert record.state == "SUBMITTED"


def test_nobody_reviews_his_own_or_a_strangers(cast, desks):
    record = entered(desks, honour(cast, subject_code=cast.orgs.market.code))
    assert desks.clerk.get(f"/desk/records/{record.pk}/review").status_code == 403
    desks.stranger_reviewer.see(f"/desk/records/{record.pk}/review", 404)
    assert record.title not in desks.stranger_reviewer.see("/desk/review/")


def test_parties_are_named_on_a_draft_and_only_there(cast, desks):
    record = entered(desks, honour(cast), button="enter")
    assert record.state == "DRAFT"
    here = f"/desk/records/{record.pk}/parties"
    page = desks.clerk.send(here, 422, subject="没有的单位", role="责任人")
    assert "没有找到“没有的单位”" in page
    desks.clerk.send(here, subject=cast.orgs.market.code, role="责任人", post="分管负责人")
    assert "分管负责人" in desks.clerk.see(f"/desk/records/{record.pk}/")
    desks.clerk.send(here, drop=record.parties.get().pk)
    assert not record.parties.exists()
    desks.clerk.send(f"/desk/records/{record.pk}/submit")
    desks.clerk.see(here, 404)
    assert Event.objects.of(record).filter(verb__startswith="record.party").count() == 2


def test_files_are_looked_at_before_they_are_kept(cast, desks):
    record = entered(desks, honour(cast), button="enter")
    bad = SimpleUploadedFile("病毒.exe", b"MZ\x90", content_type="application/pdf")
    desks.clerk.send(f"/desk/records/{record.pk}/files", files=[pdf(), bad])
    assert "病毒.exe" in desks.clerk.see(f"/desk/records/{record.pk}/") and not Attachment.objects.exists()
    desks.clerk.send(f"/desk/records/{record.pk}/files", files=[pdf()])
    assert Attachment.objects.of(record).count() == 1
