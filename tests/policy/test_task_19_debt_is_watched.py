"""Task 19: limits, balances, issue, use and repayment are on record and open; ratio, grade and warning stay inside; breaches are found."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.test import Client

from integrity.models import Kind, Record
from sectors.debt import risk
from sectors.models import Project
from tests import builders
from tests.paths.sectors import day


def iso(ago):
    return day(ago).isoformat()


YEAR = {
    "name": "2025 年度政府债务",
    "debt_year": "2025",
    "on": iso(300),
    "limit_general_yi": "100",
    "limit_special_yi": "80",
    "disclose_by": iso(200),
}
FIGURES = {
    "balance_general_yi": "98.5", "balance_special_yi": "84.25", "issued_yi": "20", "repaid_yi": "12", "interest_yi": "6.5", "revenue_yi": "91.11",
    "budget_yi": "150.55", "on": iso(120),
}  # fmt: skip


@pytest.fixture
def year(cast, desks):
    there = desks.market.send("/desk/sector/new/debt_year", **YEAR, unit=cast.orgs.government.code)
    desks.market_reviewer.send(f"{there}release")
    desks.market.send(f"{there}stage/reported", **FIGURES)
    return there


def test_the_public_sees_limits_and_balances_and_never_the_grade(cast, desks, year):
    project = Project.objects.get()
    inside = desks.market.see(year)
    assert "200.58%" in inside and "橙" in inside and "2.75 亿元" in inside and "登记债务风险处置" in inside
    page = Client().get(project.public_url).content.decode()
    assert "84.25" in page and "98.5" in page
    for hidden in ("91.11", "150.55", "200.58", "橙", "预警"):
        assert hidden not in page
    listed = Client().get("/api/v1/projects").content.decode()
    assert "84.25" in listed and "91.11" not in listed
    assert b"91.11" not in b"".join(Client().get("/sector/debt.csv").streaming_content)


def test_late_disclosure_is_overdue_and_may_become_a_finding_by_a_person(cast, desks, year):
    page = Client().get(Project.objects.get().public_url).content.decode()
    assert "公开政府债务限额、余额、发行和偿还情况" in page and "逾期" in page
    desks.market.send(f"{year}stage/disclosed", on=iso(90), disclosed_at="https://czj.example/2025")
    assert "https://czj.example/2025" in Client().get(Project.objects.get().public_url).content.decode()
    assert not Record.objects.filter(kind="SE10").exists()  # time alone finds nobody dishonest


def test_a_warning_its_plan_and_the_emergency_stay_inside(cast, desks):
    new = {
        "name": "债务风险预警",
        "risk_year": "2025",
        "debt_grade": "橙",
        "warning_no": "日财债警〔2026〕1号",
        "plan_by": iso(10),
        "on": iso(40),
    }
    there = desks.market.send("/desk/sector/new/debt_risk", **new, unit=cast.orgs.government.code)
    desks.market_reviewer.send(f"{there}release")
    project = Project.objects.get()
    assert Client().get(f"/sector/debt/{project.number}").status_code == 404
    assert project.number not in Client().get("/sector/debt/").content.decode()
    assert "逾期" in desks.market.see(there)
    desks.market.send(f"{there}stage/planned", on=iso(5), settlement_plan="压减支出，盘活资产偿债。", settle_by=iso(1))
    level = {"on": iso(2), "emergency_level": "Ⅳ级（一般）"}
    desks.market.send(f"{there}stage/emergency", **level)
    assert Project.objects.get().stage == "emergency"
    assert desks.stranger.get(there).status_code == 404


def test_an_unlawful_guarantee_is_found_after_the_document_and_two_people(cast):
    values = builders.sample_values("SE10", subject=cast.orgs.bureau)
    record = Record(kind=Kind.objects.get(code="SE10")).enter(by=cast.market, values=values).submit(by=cast.market)
    record.review(by=cast.market_reviewer, privacy_ok=True, secrecy_ok=True)
    assert not Record.objects.public().filter(pk=record.pk).exists()
    assert record.confirm(by=cast.credit, publish=False, ground="另行决定").state == "CONFIRMED"


@pytest.mark.parametrize(
    ("revenue", "grade"), [("60", "红"), ("90", "橙"), ("150", "黄"), ("151", "黄"), ("160", "绿")]
)
def test_grades_follow_the_ratio(revenue, grade):
    found = risk(
        {
            "balance_general_yi": "100",
            "balance_special_yi": "82.5",
            "revenue_yi": revenue,
            "budget_yi": "200",
            "interest_yi": "21",
        }
    )
    assert found.grade == grade and found.interest == Decimal("10.50") and found.warns


def test_without_figures_there_is_no_ratio():
    assert risk({"revenue_yi": "0"}) is None
