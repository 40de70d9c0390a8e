"""Task 14: what a purchaser owes is on record from intention to payment; breaches become findings; who is debarred stays out."""

import re
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from integrity.models import Check, Record
from sectors.models import Duty, Grade, Project
from tests import builders, showcase
from tests.paths import sectors as steps


def iso(ago):
    return steps.day(ago).isoformat()


def lead(cast, desks, paid=True):
    """The bureau's clerk leads a purchase of another department through its stages; the contract is announced late."""
    there = desks.clerk.send(
        "/desk/sector/new/procurement", name="水质监测设备", reference="SDGP2026-031", unit=cast.orgs.stranger.code,
        amount_wan="120", on=iso(80), planned="2026年10月",
    )  # fmt: skip
    desks.reviewer.send(f"{there}release")
    desks.clerk.send(f"{there}stage/announced", on=iso(60), method="公开招标", agent="")
    desks.clerk.send(f"{there}stage/awarded", on=iso(45), partner=cast.orgs.company.code, amount_wan="118")
    desks.clerk.send(
        f"{there}stage/contract",
        on=iso(40),
        contract_no="HT-1",
        accept_due=iso(20),
        payment_days="15",
        amount_wan="118",
    )
    row = Project.objects.get()
    for code, ago in (("award_announced", 44), ("contract_announced", 10), ("contract_filed", 39)):
        desks.clerk.send(f"/desk/sector/duty/{row.duties.get(code=code).pk}/fulfil", done_on=iso(ago))
    if paid:
        desks.clerk.send(f"{there}stage/accepted", on=iso(22), result="合格")
        desks.clerk.send(f"{there}stage/paid", on=iso(15), paid_wan="118")
    return Project.objects.get()


def test_everybody_sees_what_was_owed_and_when_it_was_done(cast, desks):
    row = lead(cast, desks)
    text = Client().get(row.public_url).content.decode()
    for words in (
        "采购意向",
        "签订合同",
        "履约验收",
        "支付合同款",
        "保障中小企业款项支付条例第九条",
        cast.orgs.company.name,
    ):
        assert words in text
    late = Duty.objects.late().get()
    assert late.code == "contract_announced" and late.due_on < late.done_on and "逾期" in text
    assert "采购人责任清单" in Client().get("/sector/procurement/").content.decode()
    desks.clerk.send(f"{row.get_absolute_url()}end")
    assert Project.objects.get().state == "ENDED"


def test_payment_runs_from_the_agreed_acceptance_when_that_is_put_off(cast, desks):
    row = lead(cast, desks, paid=False)
    desks.clerk.send(f"{row.get_absolute_url()}stage/accepted", on=iso(1), result="合格")
    acceptance, payment = (row.duties.get(code=c) for c in ("acceptance", "payment"))
    assert acceptance.is_late and payment.starts_on == steps.day(20) and payment.due_on <= steps.day(0)
    assert "合同约定" in "".join(payment.due_explain)


def test_goods_that_failed_acceptance_are_not_owed_for(cast, desks):
    row = lead(cast, desks, paid=False)
    desks.clerk.send(f"{row.get_absolute_url()}stage/accepted", on=iso(22), result="不合格")
    assert not row.duties.filter(code="payment").exists()


def test_a_late_duty_becomes_a_finding_after_notice_and_hearing(cast, desks):
    row = lead(cast, desks)
    late = Duty.objects.late().get()
    there = desks.clerk.send(f"/desk/sector/duty/{late.pk}/finding")
    form = desks.clerk.see(there)
    assert "未按规定公告合同" in form and "SDGP2026-031" in form and cast.orgs.stranger.code in form
    values = builders.sample_values(
        "SE01",
        project=row.name,
        project_no=row.reference,
        violation="未按规定公告合同",
        detail="逾期公告",
        tier="general",
    )
    desks.clerk.send(there, **builders.as_form(values, cast.orgs.stranger), submit="1")
    record = Record.objects.get(kind="SE01")
    assert record.state == "SUBMITTED" and record.subject == cast.orgs.stranger
    with pytest.raises(ValidationError, match="告知"):
        record.review(by=cast.reviewer, privacy_ok=True, secrecy_ok=True)
    record.notify(by=cast.reviewer, served_on=timezone.localdate()).hear(by=cast.reviewer, waived=True)
    record.review(by=cast.reviewer, privacy_ok=True, secrecy_ok=True).confirm(
        by=cast.credit, publish=False, ground="情节轻微"
    )
    assert Record.objects.get().state == "CONFIRMED" and Client().get(f"/n/{record.number}").status_code == 404


def test_purchasers_are_graded_by_an_approved_scheme(cast, desks):
    lead(cast, desks)
    here = "/desk/sector/procurement/grades/"
    desks.credit.send(f"{here}new/scheme", code="purchaser", doc_no="日财采〔2026〕1号", valid_from=iso(99))
    link = re.search(r"/desk/sector/scheme/[\w-]+/approve", desks.credit2.see(here))[0]
    assert "approve" not in desks.credit.see(here)
    desks.credit2.send(link)
    scheme = steps.Scheme.objects.get()
    form = {"scheme": scheme.pk, "subject": cast.orgs.stranger.code, "since": iso(90), "until": iso(0)}
    desks.clerk.send(f"{here}new/grade", **form)
    grade = Grade.objects.get()
    assert (grade.score, grade.letter) == ((93.33).__class__(93.33), "A") or f"{grade.score}" == "93.33"
    assert grade.parts[2] == {"name": "按期公告、备案", "cases": 3, "kept": 2, "weight": 20}
    assert cast.orgs.stranger.name not in Client().get("/sector/procurement/grades").content.decode()
    desks.reviewer.send(f"/desk/sector/grade/{grade.pk}/confirm")
    shown = Client().get("/sector/procurement/grades").content.decode()
    assert cast.orgs.stranger.name in shown and "93.33" in shown
    assert Client().get("/api/v1/grades").json()["items"][0]["letter"] == "A"


def debarred(cast):
    today = timezone.localdate()
    ban = {"ban_from": (today - timedelta(days=5)).isoformat(), "ban_until": (today + timedelta(days=400)).isoformat()}
    facts = {"situation": "提供虚假材料谋取中标", "result": "列入不良行为记录名单，一年内禁止参加政府采购活动"}
    return showcase.published(
        cast, "SE02", cast.orgs.company, 3, title="提供虚假材料", fact="提供虚假材料谋取中标。", **facts, **ban
    )


def test_a_debarred_supplier_may_not_take_part_until_the_ban_is_over(cast, desks):
    record, code = debarred(cast), cast.orgs.company.code
    after = (timezone.localdate() + timedelta(days=401)).isoformat()
    ask = lambda **more: Client().get("/sector/eligibility", {"code": code} | more).content.decode()  # noqa: E731
    assert "不得参加" in ask() and "政府采购法77" in ask() and record.number in ask()
    assert "没有限制" in ask(on=after) and "没有限制" in ask(**{"as": "agency"})
    form = {"subject": code, "activity": "supplier", "on": iso(0), "matter": "水质监测设备"}
    text = desks.clerk.send("/desk/sector/eligibility", 200, **form)
    assert "不得参加" in text and Check.objects.get().purpose == "PROCUREMENT"
    assert record.number in Client().get("/list/procurement").content.decode()


# ---- refusals ----


def test_a_grade_alone_debars_nobody(cast, desks):
    grade = steps.reckoned(cast).confirm(by=cast.reviewer)
    text = Client().get("/sector/eligibility", {"code": grade.subject.code}).content.decode()
    assert "没有限制" in text and "等级本身不禁止参加" in text


def test_no_grade_without_an_approved_scheme_or_with_too_few_cases(cast, desks):
    scheme = steps.proposed(cast)
    form = {"scheme": scheme.pk, "subject": cast.orgs.stranger.code, "since": iso(90), "until": iso(0)}
    desks.clerk.send("/desk/sector/procurement/grades/new/grade", 422, **form)
    scheme.approve(by=cast.credit2)
    text = desks.clerk.send("/desk/sector/procurement/grades/new/grade", 422, **form)
    assert "少于 5 件，不评等级" in text


def test_nobody_confirms_the_grade_he_reckoned_nor_his_own_units(cast, desks):
    grade = steps.grade(cast).reckon(by=cast.credit)
    assert desks.credit.post(f"/desk/sector/grade/{grade.pk}/confirm").status_code == 409
    with pytest.raises(Exception, match="不能评价本单位"):
        steps.Grade(scheme=grade.scheme, subject=cast.orgs.bureau, since=steps.day(9), until=steps.day(0)).reckon(
            by=cast.clerk
        )


def test_more_than_sixty_days_of_payment_are_not_agreed(cast, desks):
    row = steps.awarded(cast)
    form = {"on": iso(30), "contract_no": "HT-1", "accept_due": iso(1), "payment_days": "90"}
    text = desks.clerk.send(f"{row.get_absolute_url()}stage/contract", 422, **form)
    assert "应在 1 至 60 之间" in text and "HT-1" in text


def test_the_purchaser_does_not_begin_a_finding_on_itself(cast, desks):
    row = steps.Project(kind="procurement", name="路灯采购", unit=cast.orgs.bureau).enter(
        by=cast.clerk, on=steps.day(60), values={}
    )
    row.release(by=cast.reviewer).advance(
        by=cast.clerk, stage="awarded", on=steps.day(50), values={}, partner=cast.orgs.company
    )
    assert desks.clerk.post(f"/desk/sector/duty/{row.duties.get().pk}/finding").status_code == 404


def test_a_person_is_not_looked_up_in_public(cast):
    assert "没有找到" in Client().get("/sector/eligibility", {"code": "371199199912311235"}).content.decode()


@pytest.mark.parametrize("day", ["2020-01-01", "不是日期"])
def test_past_days_show_nothing_more(cast, day):
    debarred(cast)
    text = Client().get("/sector/eligibility", {"code": cast.orgs.company.code, "on": day}).content.decode()
    assert ("2020-01-01" not in text) if day[0] == "2" else ("不是有效日期" in text)
