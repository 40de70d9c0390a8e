"""Task 17: points by released rules and decisions, thresholds that propose, a blacklist that only a statute fills."""

import re
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from integrity.clocks import add_months
from integrity.models import Kind, Matter, Measure, Record, Setting
from integrity.models.calendar import forget
from sectors.bidding import cycle_until, total
from sectors.models import Agent, MonthlyReport, PointsRule, ReportUse
from tests import builders, showcase
from tests.paths import bidding as steps
from tests.paths.sectors import day

HERE = "/desk/sector/bidding/registers/"


def iso(ago):
    return day(ago).isoformat()


def rule_by_pages(desks, **more):
    form = {
        "code": "TB-03", "whom": "BIDDER", "behaviour": "无正当理由放弃中标", "points": "6", "basis": "演示记分办法第五条", "valid_from": iso(300),
    } | more  # fmt: skip
    desks.clerk.send(f"{HERE}points/new", **form)
    row = PointsRule.objects.get(code=form["code"])
    desks.reviewer.send(f"{HERE}points/{row.pk}/release")


def scored(cast, points=6, code="TB-03", ago=10, subject=None, **more):
    """Points by decision: draft, notice, hearing, review, registration."""
    decided = day(ago)
    facts = {
        "rule_code": code,
        "points": str(points),
        "behaviour": "无正当理由放弃中标",
        "cycle_until": cycle_until(decided).isoformat(),
    }
    values = builders.sample_values("SE07", decided_on=decided.isoformat(), **facts | more)
    row = Record(kind=Kind.objects.get(code="SE07"))
    row.enter(by=cast.clerk, values=values | {"subject": subject or cast.orgs.company}).submit(by=cast.clerk)
    row.notify(by=cast.reviewer, served_on=timezone.localdate()).hear(by=cast.reviewer, waived=True)
    row.review(by=cast.reviewer, privacy_ok=True, secrecy_ok=True)
    return row.confirm(by=cast.credit, publish=False, ground="情节轻微")


def test_points_add_up_and_thresholds_propose_but_never_debar(cast, desks):
    rule_by_pages(desks)
    assert "无正当理由放弃中标" in Client().get("/sector/bidding/points").content.decode()
    scored(cast)
    talk = Matter.objects.get(kind="BD01")
    assert "累计 6 分" in talk.title and talk.unit == cast.orgs.bureau and talk.due_on
    scored(cast, ago=5)
    assert total(cast.orgs.company, timezone.localdate()) == 12
    assert Matter.objects.filter(kind="BD01").count() == 2 and Measure.objects.count() == 0
    text = desks.clerk.see(f"{HERE}points")
    assert cast.orgs.company.name in text and ">12<" in text
    asked = Client().get("/sector/eligibility", {"code": cast.orgs.company.code, "as": "bidder"}).content.decode()
    assert "没有限制" in asked


def test_a_cycle_that_is_over_counts_no_more(cast, desks):
    rule_by_pages(desks, valid_from=iso(900))
    row = scored(cast, ago=30)
    assert row.facts["cycle_until"] == add_months(day(30), 12).isoformat()
    assert total(cast.orgs.company, add_months(timezone.localdate(), 11)) == 6
    assert total(cast.orgs.company, add_months(timezone.localdate(), 12)) == 0


def test_the_city_may_count_by_calendar_years(cast):
    change = Setting(key="points_cycle", value="calendar", ground="日建发〔2026〕1号", valid_from=day(60))
    change.propose(by=cast.credit).approve(by=cast.credit2)
    forget()
    assert f"{cycle_until(day(0))}" == f"{day(0).year + 1}-01-01"


def test_revoked_points_count_no_more(cast, desks):
    rule_by_pages(desks)
    scored(cast).revoke(by=cast.credit2, reason="复核撤销")
    assert total(cast.orgs.company, timezone.localdate()) == 0


def test_a_statutory_decision_blacklists_and_debars(cast):
    today = timezone.localdate()
    ban = {"ban_from": iso(2), "ban_until": add_months(day(2), 18).isoformat()}
    record = showcase.published(
        cast, "SE08", cast.orgs.company, 3, title="串通投标", fact="与其他投标人串通报价。", legal_basis="招标投标法第五十三条",
        situation="与其他投标人串通报价", result="取消一年六个月投标资格", **ban,
    )  # fmt: skip
    asked = Client().get("/sector/eligibility", {"code": cast.orgs.company.code, "as": "bidder"}).content.decode()
    assert "不得参加" in asked and record.number in asked
    later = {"on": (today + timedelta(days=600)).isoformat()}
    assert (
        "没有限制"
        in Client()
        .get("/sector/eligibility", {"code": cast.orgs.company.code, "as": "bidder"} | later)
        .content.decode()
    )


def test_reports_of_filed_providers_are_checked_by_number_and_day(cast, desks):
    desks.clerk.send(
        f"{HERE}providers/new",
        subject=cast.orgs.company.code,
        filed_no="BA-1",
        valid_from=iso(200),
        valid_until=iso(-100),
    )
    provider = steps.Provider.objects.get()
    assert "BA-1" not in Client().get("/sector/bidding/points").content.decode()
    desks.reviewer.send(f"{HERE}providers/{provider.pk}/release")
    assert "BA-1" in Client().get("/sector/bidding/points").content.decode()
    form = {
        "provider": provider.pk, "report_no": "XB-7", "subject": cast.orgs.company.code, "issued_on": iso(20), "valid_until": iso(-20),
        "used_on": iso(1), "matter": "码头工程",
    }  # fmt: skip
    desks.clerk.send(f"{HERE}reports/new", **form)
    desks.clerk.send(f"{HERE}reports/new", **form | {"report_no": "XB-8", "valid_until": iso(5)})
    desks.clerk.send(f"{HERE}reports/new", **form | {"subject": cast.orgs.trader.code})
    found = {r.found for r in ReportUse.objects.all()}
    assert [r.valid for r in ReportUse.objects.order_by("made_at")] == [True, False, False]
    assert any("不在报告有效期内" in f for f in found) and any("曾用于其他单位" in f for f in found)


def test_agencies_stand_in_public_with_what_supervision_found(cast, desks):
    desks.clerk.send(
        f"{HERE}agents/new",
        subject=cast.orgs.company.code,
        registered_no="DL-1",
        registered_on=iso(400),
        scope="工程招标代理",
        staff="12",
    )
    row = Agent.objects.get()
    assert "DL-1" not in Client().get("/sector/bidding/agencies").content.decode()
    desks.reviewer.send(f"{HERE}agents/{row.pk}/release")
    desks.clerk.send(f"{HERE}agents/{row.pk}/inspect", done_on=iso(1), found="抽查 3 个项目，资料齐全", held="合格")
    text = Client().get("/sector/bidding/agencies").content.decode()
    assert "DL-1" in text and "工程招标代理" in text and "抽查 3 个项目" in text
    assert Client().get("/api/v1/bidding-agents").json()["items"][0]["staff"] == 12


def test_the_month_is_told_upward_by_two_people(cast, desks):
    rule_by_pages(desks, valid_from=iso(900))
    row = scored(cast, ago=40)
    desks.clerk.send(f"{HERE}monthly/new", month=iso(40))
    report = MonthlyReport.objects.get()
    assert ["招标投标不良行为记分记录", 1] in report.figures and ["记分合计（分）", 6] in report.figures
    assert report.records == [row.number]
    desks.reviewer.send(f"{HERE}monthly/{report.pk}/send")
    assert "记分合计（分） 6" in desks.credit.see(f"{HERE}monthly")
    assert row.number in b"".join(desks.credit.get(f"/desk/sector/bidding/monthly/{report.pk}.csv")).decode()


# ---- refusals ----


def test_points_without_a_rule_or_other_points_than_it_says_are_refused(cast, desks):
    with pytest.raises(ValidationError, match="没有这个编号的有效记分规则"):
        scored(cast)
    rule_by_pages(desks)
    with pytest.raises(ValidationError, match="该规则记 6 分"):
        scored(cast, points=3)
    with pytest.raises(ValidationError, match="适用于投标人"):
        scored(cast, subject=cast.zhao)


def test_a_rule_that_nobody_released_counts_nothing(cast, desks):
    steps.entered_rule(cast)
    assert "无正当理由放弃中标" not in Client().get("/sector/bidding/points").content.decode()
    with pytest.raises(ValidationError, match="没有这个编号的有效记分规则"):
        scored(cast)


def test_points_are_no_ground_for_the_blacklist(cast):
    values = builders.sample_values(
        "SE08", legal_basis="日照市记分办法第九条", decided_on=iso(10), served_on=iso(9), ban_from="", ban_until=""
    )
    row = Record(kind=Kind.objects.get(code="SE08")).enter(
        by=cast.clerk, values=values | {"subject": cast.orgs.company}
    )
    with pytest.raises(ValidationError) as fault:
        row.submit(by=cast.clerk)
    assert "招标投标法第五十三条" in str(fault.value) and "起止日期" in str(fault.value)


def test_a_persons_points_are_never_public(cast, desks):
    rule_by_pages(desks, code="PB-01", whom="EXPERT", behaviour="不按评标标准评标", points="3")
    row = scored(cast, points=3, code="PB-01", subject=cast.zhao)
    for url in (f"/n/{row.number}", "/list/bidding", "/sector/bidding/", "/sector/bidding/points"):
        assert cast.zhao.name not in Client().get(url).content.decode()
    assert Client().get(f"/n/{row.number}").status_code == 404


def test_a_month_that_still_runs_is_not_reported_and_none_twice(cast, desks):
    text = desks.clerk.send(f"{HERE}monthly/new", 422, month=iso(0))
    assert "尚未结束" in text
    desks.clerk.send(f"{HERE}monthly/new", month=iso(40))
    assert "已经编制" in desks.clerk.send(f"{HERE}monthly/new", 422, month=iso(40))


def test_nobody_releases_the_rule_he_put_forward(cast, desks):
    row = steps.rule(cast).enter(by=cast.credit)
    assert desks.credit.post(f"{HERE}points/{row.pk}/release").status_code == 409


@pytest.mark.parametrize("name", ["points", "providers", "reports", "agents", "monthly"])
def test_other_units_see_no_drafts_and_outsiders_no_registers(cast, desks, name):
    steps.report(cast)
    steps.compiled(cast)
    text = desks.market.see(f"{HERE}{name}")
    assert not re.search(r"XB-7|BA-1|TB-03", text) and desks.company.get(f"{HERE}{name}").status_code == 403
