"""Demonstration of government debt and of what townships promise and make open (tasks 19, 20)."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

from django.utils import timezone

from integrity.simulation import Story
from sectors.models import Project

FIELDS = [  # field of service, promise, measure
    ("养老", "建成社区食堂", "每日供餐"), ("就学", "公开学区划分", "入学前两个月公布"), ("停车", "新增公共车位", "新增六十个"),
    ("便民服务", "开通周末窗口", "每周六办理"), ("医保", "上门办理参保", "三日内上门"), ("防火防盗", "更换楼道消防器材", "全部更换"),
]  # fmt: skip


def stories(city: Any, staff: Any, rng: Random, start: date, days: int, share: float) -> list[Story]:
    """Two years of debt, one bond, one warning; promises and disclosures of the townships with a clerk."""
    demo = Money(city, staff, rng)
    found = [
        demo.year(start + timedelta(days=8)),
        demo.bond(start + timedelta(days=20)),
        demo.warning(start + timedelta(days=60)),
    ]
    found += [demo.promise(start + timedelta(days=10 + 25 * n), n, *row) for n, row in enumerate(FIELDS)]
    return found + [demo.disclosure(start + timedelta(days=30 * n + 5), n) for n in range(9)]


class Money:
    """Figures of the finance office; the words of a township."""

    def __init__(self, city: Any, staff: Any, rng: Random) -> None:
        self.city, self.staff, self.rng = city, staff, rng
        self.finance = (staff.clerk("finance"), staff.reviewer("finance"))
        self.town = staff["township"]

    def _ahead(self, days: int) -> str:
        return (timezone.localdate() + timedelta(days=days)).isoformat()

    def _begin(
        self, kind: str, name: str, by: Any, unit: Any, values: dict[str, Any], releaser: Any, **more: Any
    ) -> Project:
        row = Project(kind=kind, name=name, unit=unit, **more)
        row.enter(by=by, on=timezone.localdate(), values=values)
        return row.release(by=releaser)

    def _step(self, row: Project, by: Any, stage: str, **values: Any) -> None:
        row.refresh_from_db()
        row.advance(by=by, stage=stage, on=timezone.localdate(), values=values)

    def year(self, start: date) -> Story:
        """Limits, the year's figures, disclosure."""
        yield start
        clerk, reviewer = self.finance
        values = {
            "debt_year": str(start.year),
            "limit_general_yi": "86.50",
            "limit_special_yi": "142.00",
            "disclose_by": self._ahead(60),
        }
        row = self._begin(
            "debt_year", f"{start.year} 年度政府债务", clerk, self.city.units["government"], values, reviewer
        )
        yield 30
        self._step(
            row, clerk, "reported", balance_general_yi="85.20", balance_special_yi="139.80", issued_yi="31.00", repaid_yi="12.40",
            interest_yi="7.10", revenue_yi="168.30", budget_yi="212.00", contingent_yi="6.00",
        )  # fmt: skip
        yield 20
        self._step(row, clerk, "disclosed", disclosed_at="https://czj.example/zfzw")

    def bond(self, start: date) -> Story:
        """A special bond, its use; repayment lies ahead."""
        yield start
        clerk, reviewer = self.finance
        values = {
            "bond_kind": "专项债券",
            "purpose": "污水处理厂扩建",
            "term_years": "10",
            "repay_by": self._ahead(3650),
        }
        row = self._begin(
            "debt_bond", "污水处理专项债券", clerk, self.city.units["housing"], values, reviewer, amount_wan=26000
        )
        yield 90
        self._step(row, clerk, "used", used_for="污水处理厂扩建工程款")

    def warning(self, start: date) -> Story:
        """An internal warning with its plan: nothing of it is public."""
        yield start
        clerk, reviewer = self.finance
        values = {
            "risk_year": str(start.year),
            "debt_grade": "黄",
            "warning_no": f"演财债警〔{start.year}〕1号",
            "plan_by": self._ahead(30),
        }
        row = self._begin("debt_risk", "债务风险预警", clerk, self.city.units["government"], values, reviewer)
        yield 25
        self._step(
            row,
            clerk,
            "planned",
            settlement_plan="压减一般性支出，盘活存量资产偿还到期债务。",
            settle_by=self._ahead(400),
        )

    def promise(self, start: date, n: int, field: str, text: str, measure: str) -> Story:
        """Promised, kept in time, late, or still open."""
        yield start
        values = {
            "field": field,
            "promised": text,
            "measurable": measure,
            "complain_to": "电话 0633-12345",
            "keep_by": self._ahead(60),
        }
        row = self._begin("town_promise", text, self.town, self.town.org, values, self.staff["credit"])
        if n % 3 == 2:
            return
        yield 40 + 35 * (n % 3)
        self._step(row, self.town, "kept", kept_how=f"已{text}。")
        yield 10
        self._step(row, self.town, "checked", check_result="属实", check_score=str(88 + n))

    def disclosure(self, start: date, n: int) -> Story:
        """Money month by month; now and then late."""
        yield start
        values = {
            "disclosed_kind": "财务" if n % 3 else "政务",
            "period": f"{start:%Y年%m月}",
            "publish_by": self._ahead(15),
        }
        row = self._begin(
            "town_disclosure", f"{start:%Y年%m月}公开", self.town, self.town.org, values, self.staff["credit"]
        )
        yield 22 if n == 4 else 9
        self._step(row, self.town, "published", published_at="便民服务中心公开栏", shown_days="7")
