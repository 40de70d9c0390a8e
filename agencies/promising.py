"""What time does to agencies' pledges: publication after ten minutes, reminders of checks and of the yearly renewal (task 7)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from agencies.models import AgencyPledge
from integrity.models import CLOCK, Commitment, Pledge
from integrity.models.message import remind_holders
from integrity.models.pledge import WITHDRAWAL_WINDOW
from integrity.reminders import holders

NEAR = 30  # days before an item's day on which its unit is reminded
RENEWAL = (3, 31)  # yearly renewal by 31 March (domain.md, task 7)


def publish_due() -> int:
    """Agencies' pledges whose ten minutes are over; all of such a pledge is public."""
    signed = Pledge.objects.visible_to(CLOCK).filter(
        kind="AG09", state="SIGNED", signed_at__lte=timezone.now() - WITHDRAWAL_WINDOW
    )
    rows = list(signed.select_related(*Pledge.lock_with))
    for row in rows:
        row.publish(by=CLOCK, public=True)
    return len(rows)


def quarter_start(day: date) -> date:
    return date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)


def unchecked(day: date) -> QuerySet:
    """Items in force that nobody has looked at in this quarter."""
    open_items = Commitment.objects.visible_to(CLOCK).filter(
        state="ON_TRACK", pledge__kind="AG09", pledge__state="IN_FORCE", pledge__published_at__date__lt=day
    )
    return open_items.filter(Q(checked_on=None) | Q(checked_on__lt=quarter_start(day)))


def remind(day: date | None = None) -> None:
    """Once a quarter for checks, once for each item near its day, once a year for the renewal; repeated asking adds nothing."""
    day = day or timezone.localdate()
    quarter = quarter_start(day)
    for agency in set(unchecked(day).values_list("pledge__unit", flat=True)):
        text = "本季度的承诺事项尚未检查，请登记进展和证据"
        _tell(agency, f"承诺季度检查：{quarter:%Y-%m}", text, f"promise-check-{agency}-{quarter}", "?late=check")
    near = Commitment.objects.visible_to(CLOCK).filter(
        state="ON_TRACK", pledge__kind="AG09", pledge__state="IN_FORCE", due_on__range=(day, day + timedelta(days=NEAR))
    )
    for item in near.select_related("pledge"):
        text = f"承诺事项将于 {item.due_on} 到期：{item.text}"
        _tell(item.pledge.unit_id, "承诺事项即将到期", text, f"promise-near-{item.pk}", "")
    if (day.month, day.day) >= (RENEWAL[0], 1) and (day.month, day.day) <= RENEWAL:
        renewed = AgencyPledge.objects.visible_to(CLOCK).filter(year=day.year).values("agency")
        last = AgencyPledge.objects.visible_to(CLOCK).filter(year=day.year - 1, pledge__state="IN_FORCE")
        for paper in last.exclude(agency__in=renewed):
            text = f"请于 {day.year} 年 3 月 31 日前续签年度政务信用承诺"
            _tell(paper.answering.pk, "年度承诺待续签", text, f"promise-renew-{paper.pk}", "")


def _tell(agency: Any, title: str, text: str, key: str, query: str) -> None:
    """One message to those of the unit who check pledges and who draft them."""
    for right in ("pledge.check", "pledge.issue"):
        remind_holders(holders(right, org=agency), title, text, key=f"{key}-{right}", link=f"/desk/promises/{query}")
