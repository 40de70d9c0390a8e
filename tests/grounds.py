"""What samples of kinds need that their area checks beyond each fact: values that agree, and registers that hold them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from integrity.clocks import add_months
from sectors.models import PointsRule


def agreeing(kind: str) -> dict[str, Any]:
    """What has to fit one another."""
    day = timezone.localdate() - timedelta(days=30)
    if kind == "SE07":
        return {"rule_code": "TB-01", "points": "3", "cycle_until": add_months(day, 12).isoformat()}
    if kind == "SE08":
        ban = {"ban_from": day.isoformat(), "ban_until": add_months(day, 18).isoformat()}
        return ban | {"legal_basis": "招标投标法第五十三条"}
    return {}


def grounded(cast: Any, kind: str) -> None:
    """What has to stand in the registers before a record of a kind can be submitted."""
    if kind == "SE07" and not PointsRule.objects.filter(code="TB-01").exists():
        rule = PointsRule(
            code="TB-01",
            whom="BIDDER",
            behaviour="放弃中标",
            points=3,
            basis="演示记分办法",
            valid_from=date(2020, 1, 1),
        )
        rule.enter(by=cast.clerk).release(by=cast.reviewer)
