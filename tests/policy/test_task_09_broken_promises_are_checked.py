"""Task 9: a lead of a broken promise is checked by another, ordered to be kept, and found only when that is refused."""

from __future__ import annotations

import pytest
from django.utils import timezone

from agencies.models import BreachLead
from integrity.models import Record

TODAY = timezone.localdate


def step(desk, case, name, status=302, /, **data):
    return desk.send(f"/desk/matters/{case.matter_id}/flow/{name}", status, **data)


def report(desks, cast, **more):
    given = {
        "agency": cast.orgs.stranger.code, "source": "PUBLIC", "field": "政府投资", "contract": "河道治理合同", "counterparty": "云帆建设",
        "breach": "竣工两年未结算付款。",
    }  # fmt: skip
    desks.market.send("/desk/leads/new", 302, **given | more)
    return BreachLead.objects.latest("matter__received_at")


@pytest.fixture
def lead(cast, desks):
    row = report(desks, cast)
    step(desks.credit, row, "hand", unit=cast.orgs.market.code)
    return row


def test_a_true_lead_is_ordered_and_kept_without_any_record(cast, desks, lead):
    step(desks.market_reviewer, lead, "order", demand="限期结算", served_on=TODAY().isoformat())
    step(desks.market_reviewer, lead, "keep", reply="已结算付款。")
    lead = BreachLead.objects.select_related("matter").get(pk=lead.pk)
    assert (lead.state, lead.matter.outcome) == ("KEPT", "属实，已整改")
    assert not Record.objects.filter(subject=cast.orgs.stranger).exists()


def test_only_a_refusal_after_the_order_becomes_a_finding(cast, desks, lead):
    step(desks.market_reviewer, lead, "find", 409, paper_no="日诚信〔2026〕6号", refusal="拒绝付款")
    step(desks.market_reviewer, lead, "order", demand="限期结算", served_on=TODAY().isoformat())
    early = step(desks.market_reviewer, lead, "find", 422, paper_no="日诚信〔2026〕6号", refusal="资金困难")
    assert "尚未届满" in early and "资金困难" in early
    step(desks.market_reviewer, lead, "find", paper_no="日诚信〔2026〕6号", refusal="书面拒绝付款", excuse="领导更替")
    found = Record.objects.get(kind="AG02")
    assert (found.state, found.subject, found.facts["excuse"]) == ("SUBMITTED", cast.orgs.stranger, "领导更替")
    assert found.notified_on is None and found.publicity == "NOT_PUBLIC"


def test_unpaid_firms_lead_to_their_own_finding(cast, desks):
    assert "应付日期" in desks.market.send(
        "/desk/leads/new", 422, agency=cast.orgs.stranger.code, source="SME", field="政府采购", contract="合同",
        counterparty="云帆", breach="逾期未付",
    )  # fmt: skip
    row = report(desks, cast, source="SME", amount_wan="80", payable_on="2026-05-01")
    step(desks.credit, row, "hand", unit=cast.orgs.market.code)
    step(desks.market_reviewer, row, "order", demand="付清", served_on=TODAY().isoformat())
    step(desks.market_reviewer, row, "find", paper_no="日诚信〔2026〕5号", refusal="明确拒绝支付")
    assert Record.objects.get(kind="AG03").facts["due_on"] == "2026-05-01"


def test_an_untrue_lead_is_explained_and_leaves_nothing(cast, desks, lead):
    step(desks.market_reviewer, lead, "dismiss", reply="款项已按合同付清。")
    assert BreachLead.objects.get(pk=lead.pk).state == "UNTRUE"
    assert not Record.objects.filter(kind="AG02").exists()


def test_a_company_reports_and_follows_its_lead(cast, desks):
    assert "反映政府违约失信" in desks.company.see("/me/")
    given = {
        "agency": cast.orgs.stranger.code, "source": "SME", "field": "政府投资", "contract": "河道治理合同", "counterparty": "云帆建设",
        "breach": "竣工两年未结算付款。", "amount_wan": "80", "payable_on": "2026-05-01",
    }  # fmt: skip
    place = desks.company.send("/desk/leads/new", 302, **given)
    row = BreachLead.objects.get()
    assert place == f"/me/matters/{row.matter.number}/" and "河道治理合同" in desks.company.see(place)
    step(desks.credit, row, "hand", unit=cast.orgs.market.code)
    step(desks.market_reviewer, row, "dismiss", reply="款项已按合同付清。")
    assert "款项已按合同付清" in desks.company.see(place)
    desks.stranger_reviewer.see(f"/desk/matters/{row.matter_id}/", 404)  # the accused learns nothing of who reported


def test_a_lead_is_never_handed_to_the_accused(cast, desks):
    row = report(desks, cast)
    assert "不能转给被反映的单位" in step(desks.credit, row, "hand", 422, unit=cast.orgs.stranger.code)
