"""债务率、利息支出率 and their grades: reckoned from the year's figures, for those inside alone (task 19; domain.md 4.9)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sectors.models import Project
from sectors.parts import PROJECT, part

GRADES = ((Decimal(300), "红", "bad"), (Decimal(200), "橙", "bad"), (Decimal(120), "黄", "warn"))
REORGANISE = Decimal(
    10
)  # per cent of the budget that interest may take before fiscal reorganisation (国办函〔2016〕88号)


@dataclass(frozen=True)
class Risk:
    """One year's ratios in per cent, to two decimals."""

    ratio: Decimal
    interest: Decimal
    over_limit: Decimal  # 亿元 by which the balance exceeds the limit

    @property
    def grade(self) -> str:
        return next((name for bound, name, _ in GRADES if self.ratio >= bound), "绿")

    @property
    def tone(self) -> str:
        return next((tone for bound, _, tone in GRADES if self.ratio >= bound), "ok")

    @property
    def warns(self) -> bool:
        """Whether early warning is due: any grade above green, a balance over its limit, or too much interest."""
        return self.grade != "绿" or self.over_limit > 0 or self.interest > REORGANISE


def risk(facts: dict[str, Any]) -> Risk | None:
    """Ratios of a year whose figures are in; None before that."""

    def yi(name: str) -> Decimal:
        return Decimal(str(facts.get(name) or 0))

    revenue, budget = yi("revenue_yi"), yi("budget_yi")
    if not revenue or not budget:
        return None
    balance = yi("balance_general_yi") + yi("balance_special_yi")
    limit = yi("limit_general_yi") + yi("limit_special_yi")
    cent = Decimal("0.01")
    return Risk(
        (100 * balance / revenue).quantize(cent),
        (100 * yi("interest_yi") / budget).quantize(cent),
        max(balance - limit, Decimal(0)),
    )


@part(PROJECT, "debt")
def graded(project: Project, seat: Any) -> tuple[str, dict[str, Any]] | None:
    """Ratio and grade on the desk's page of a year; neither is ever public."""
    found = risk(project.facts) if project.kind == "debt_year" else None
    return ("sectors/_debt.html", {"risk": found, "project": project}) if found else None
