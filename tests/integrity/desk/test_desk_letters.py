"""Letters that bind: from the notice before a finding to the record's publicity; printed papers keep their text."""

from __future__ import annotations

import subprocess
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from integrity.models import Event, Kind, Letter, Record
from integrity.reports.pdf import Unprintable, render
from tests.integrity.desk.pages import CHECKED, pdf

BREACH = {
    "title": "未按合同约定支付工程款", "fact": "应于 2026-06-30 前支付工程款，逾期未支付，责令整改后拒不整改。", "doc_type": "认定书",
    "doc_no": "日交认定〔2026〕3号", "deciding_name": "市交通运输局（演示）", "legal_basis": "发改财金〔2023〕1103号第三条",
    "contract": "青石路改造工程施工合同", "counterparty": "某建设公司", "field": "政府投资", "breach": "逾期未支付工程款",
    "ordered_on": "2026-09-01", "refusal": "两次责令后仍未支付",
}  # fmt: skip
CONTACT = {"contact": "李某 0633-0000000"}


def breach(cast, desks):
    """An own finding (AG02), submitted by the clerk about another bureau."""
    day = (timezone.localdate() - timedelta(days=20)).isoformat()
    desks.clerk.send(
        "/desk/records/new/AG02", **BREACH, subject_code=cast.orgs.stranger.code, decided_on=day, submit="1"
    )
    return Record.objects.get()


def notice_fields(cast, desks, record):
    """The notice as the page prefills it."""
    page = desks.clerk.see(f"/desk/letters/new/notice?record={record.pk}")
    assert record.fact in page and "一般失信" in page and 'value="5"' in page
    return {
        "fact": record.fact, "basis": record.legal_basis, "tier": "一般失信", "measures": "限制申请试点示范",
        "period": "3 个月至 1 年", "days": "5", **CONTACT,
    }  # fmt: skip


def drafted(cast, desks, record):
    where = desks.clerk.send(f"/desk/letters/new/notice?record={record.pk}", **notice_fields(cast, desks, record))
    return Letter.objects.get(), where


def sealed(cast, desks):
    record = breach(cast, desks)
    letter, here = drafted(cast, desks, record)
    desks.reviewer.send(here + "issue")
    desks.clerk.send(here + "files", file=pdf("用印扫描件.pdf"))
    letter.refresh_from_db()
    assert letter.state == "SEALED"
    return record, letter, here


def test_an_own_finding_is_noticed_heard_reviewed_and_shown_on_a_ground(cast, desks):
    record = breach(cast, desks)
    assert "尚不能复核通过" in desks.reviewer.see(f"/desk/records/{record.pk}/review")
    letter, here = drafted(cast, desks, record)
    assert "须由他人签发" in desks.clerk.see(here) and "/issue" not in desks.clerk.see(here)
    desks.reviewer.send(here + "issue")
    letter.refresh_from_db()
    assert letter.number == f"失信告知〔{timezone.localdate().year}〕YYYY10002-1号"
    desks.clerk.send(here + "files", file=pdf("用印扫描件.pdf"))
    desks.reviewer.send(here + "serve", way="ACCOUNT", served_on=timezone.localdate().isoformat())
    record.refresh_from_db()
    assert record.notified_on == timezone.localdate() and record.statement_due > record.notified_on
    assert letter.title in desks.stranger.see("/desk/letters/?tab=received")
    desks.stranger.send(here + "acknowledge")
    assert "陈述申辩期至" in desks.reviewer.send(f"/desk/records/{record.pk}/hear", 422)
    desks.reviewer.send(
        f"/desk/records/{record.pk}/hear", statement="工程款已筹措。", outcome="未提供支付凭证，不予采纳"
    )
    desks.reviewer.send(f"/desk/records/{record.pk}/review", **CHECKED)
    page = desks.credit.send(f"/desk/records/{record.pk}/confirm", 422, publish="yes")
    assert "请写明依据" in page
    desks.credit.send(f"/desk/records/{record.pk}/confirm", publish="yes", ground="拒不整改，市政府专题会议决定公示")
    desks.credit2.send(f"/desk/records/{record.pk}/publish")
    assert Record.objects.public().get() == record
    verbs = list(Event.objects.of(letter).values_list("verb", flat=True))
    assert verbs == ["letter.drafted", "letter.issued", "letter.sealed", "letter.served", "letter.acknowledged"]


def test_on_paper_a_letter_needs_its_receipt_of_service(cast, desks):
    record, letter, here = sealed(cast, desks)
    page = desks.reviewer.send(here + "serve", 422, way="PAPER", served_on=timezone.localdate().isoformat())
    assert "送达回证" in page
    desks.reviewer.send(here + "files", file=pdf("送达回证.pdf"))
    desks.reviewer.send(here + "serve", way="PAPER", served_on=timezone.localdate().isoformat())
    record.refresh_from_db()
    assert record.notified_on and Letter.objects.get().way == "PAPER"


def test_nobody_without_an_account_is_served_in_one(cast, desks):
    from integrity.models import Seat

    for seat in Seat.objects.filter(org=cast.orgs.stranger):
        seat.revoke(by=cast.admin, reason="试验")
    _, _, here = sealed(cast, desks)
    page = desks.reviewer.send(here + "serve", 422, way="ACCOUNT", served_on=timezone.localdate().isoformat())
    assert "没有可以签收的账户" in page


def test_who_drafts_does_not_issue_and_strangers_see_nothing(cast, desks):
    record = breach(cast, desks)
    fields = notice_fields(cast, desks, record)
    where = desks.reviewer.send(f"/desk/letters/new/notice?record={record.pk}", **fields)
    assert "文书的拟稿人不能签发" in desks.reviewer.send(where + "issue", 409)
    desks.stranger.see(where, 404)
    desks.stranger.see(f"/desk/letters/new/notice?record={record.pk}", 404)
    desks.clerk.send(where + "edit", **fields | {"measures": "不采取其他措施"})
    desks.reviewer.send(where + "issue")
    assert "拟采取以下措施：不采取其他措施" in Letter.objects.get().body


def test_a_letter_missing_a_field_is_not_kept_and_says_which(cast, desks):
    record = breach(cast, desks)
    page = desks.clerk.send(f"/desk/letters/new/notice?record={record.pk}", 422, fact="事实")
    assert "请填写联系人及电话" in page and not Letter.objects.exists()


def test_numbers_run_on_and_stay_taken(cast, desks):
    fields = {
        "addressee": cast.orgs.market.code,
        "fact": "逾期未报。",
        "basis": "日政发〔2018〕12号",
        "days": "15",
        **CONTACT,
    }
    numbers = []
    for _ in range(2):
        where = desks.clerk.send("/desk/letters/new/criticism", **fields)
        desks.reviewer.send(where + "issue")
        desks.reviewer.send(where + "void", reason="收件单位有误")
        numbers.append(Letter.objects.latest("made_at").number[-4:])
    assert numbers == ["2-1号", "2-2号"]


def test_the_addressee_reads_prints_and_acknowledges_at_his_own_page(cast, desks):
    fields = {
        "addressee": cast.orgs.company.code,
        "fact": "逾期未报。",
        "basis": "日政发〔2018〕12号",
        "days": "15",
        **CONTACT,
    }
    where = desks.clerk.send("/desk/letters/new/criticism", **fields)
    letter = Letter.objects.get()
    own = f"/letters/{letter.pk}/"
    desks.company.see(own, 404)
    desks.reviewer.send(where + "issue")
    desks.clerk.send(where + "files", file=pdf())
    desks.reviewer.send(where + "serve", way="ACCOUNT", served_on=timezone.localdate().isoformat())
    assert "通报" in desks.company.see("/letters/") and "逾期未报。" in desks.company.see(own)
    assert desks.company.get(own + "pdf")["Content-Type"] == "application/pdf"
    desks.company.send(own + "acknowledge")
    desks.expert.see(own, 404)
    letter.refresh_from_db()
    assert letter.state == "ACKNOWLEDGED"


def test_the_paper_embeds_its_font_and_its_text_can_be_copied(cast, desks, tmp_path):
    _, letter, here = sealed(cast, desks)
    content = desks.clerk.get(here + "pdf").content
    assert content == desks.reviewer.get(here + "pdf").content
    path = tmp_path / "letter.pdf"
    path.write_bytes(content)
    fonts = subprocess.run(["pdffonts", path], capture_output=True, text=True, check=True).stdout.splitlines()[2:]
    assert fonts and all(line.split()[-5:-2] == ["yes", "yes", "yes"] for line in fonts)
    text = subprocess.run(["pdftotext", path, "-"], capture_output=True, text=True, check=True).stdout
    joined = "".join(text.split())
    for words in (letter.number, "失信信息认定事先告知书", "市水利局（演示）：", "陈述、申辩", "（盖章）"):
        assert "".join(words.split()) in joined


def test_typed_text_is_never_markup_and_a_missing_character_is_named(tmp_path):
    data = {
        "unit": "单位", "title": "标题", "number": "1", "addressee": "某某", "date": "2026年1月1日", "seal": True, "mark": "",
        "paragraphs": ["#panic() *星号* #read(\"/etc/passwd\") {花括号}"],
    }  # fmt: skip
    path = tmp_path / "a.pdf"
    path.write_bytes(render("letter", data, timezone.now()))
    text = subprocess.run(["pdftotext", path, "-"], capture_output=True, text=True, check=True).stdout
    assert "#panic()" in text and "*星号*" in text and "{花括号}" in text
    with pytest.raises(Unprintable, match=r"U\+10FFFD"):
        render("letter", data | {"addressee": "测\U0010fffd某"}, timezone.now())


def test_braces_in_a_field_stay_as_typed(cast):
    letter = Letter(
        template="criticism", addressee=cast.orgs.market,
        fields={"fact": "{you}{fact.__class__}", "basis": "甲", "days": "3", "contact": "乙"},
    )  # fmt: skip
    letter.draft(by=cast.clerk)
    assert "{you}{fact.__class__}" in letter.body


def test_restricted_letters_are_their_readers_alone(cast, desks):
    from tests.integrity.desk.test_desk_publicity import person_record

    record = person_record(cast)
    letter = Letter(
        template="notice", record=record, addressee=cast.wang,
        fields={"fact": "甲", "basis": "乙", "tier": "丙", "measures": "丁", "period": "戊", "days": "5", "contact": "己"},
    )  # fmt: skip
    letter.draft(by=cast.hr)
    assert Letter.objects.visible_to(cast.hr2).exists()
    for seat in (cast.credit, cast.auditor, cast.clerk, cast.official):
        assert not Letter.objects.visible_to(seat).exists(), seat


def test_every_letter_of_the_list_can_be_drafted(cast):
    from integrity import catalogue
    from integrity.models.letter import letter_facts

    assert len(catalogue.load().letters) >= 7
    for code in catalogue.load().letters:
        fields = {
            f.name: "2026-12-01" if f.type == "date" else "5" if f.type == "int" else "填写" for f in letter_facts(code)
        }
        row = Letter(template=code, addressee=cast.orgs.market, fields=fields).draft(by=cast.clerk)
        assert "{" not in row.body and "你单位" in row.body


def test_files_of_letters_follow_their_letter(cast, desks):
    from integrity.models import Attachment

    _, letter, _ = sealed(cast, desks)
    file = Attachment.objects.of(letter).get()
    assert desks.reviewer.get(f"/desk/files/{file.pk}").status_code == 200
    assert desks.stranger.get(f"/desk/files/{file.pk}").status_code == 404
    bad = SimpleUploadedFile("a.exe", b"MZ")
    assert Kind.objects.filter(code="AG02").exists()
    desks.reviewer.send(f"/desk/letters/{letter.pk}/files", file=bad)
    assert Attachment.objects.of(letter).count() == 1


def test_a_supervision_order_goes_to_the_unit_that_handles_a_matter(cast, desks):
    from tests.integrity.desk.test_desk_office import open_matter

    matter = open_matter(cast)
    page = desks.credit.see(f"/desk/matters/{matter.pk}/")
    assert "起草督办单" in page and "起草信用信息异议处理答复书" not in page
    fields = {"item": matter.title, "demand": "限期办结", "due": "2026-12-31", **CONTACT}
    where = desks.credit.send(f"/desk/letters/new/supervision-order?matter={matter.pk}", **fields)
    letter = Letter.objects.get()
    assert letter.addressee == cast.orgs.bureau and letter.matter == matter
    assert matter.number in desks.credit.see(where)
