"""What time does to pledges: in force after ten minutes, reminded, overdue; each only writes down what time has done."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from integrity.models import CLOCK, Pledge, remind_all, remind_holders
from integrity.models.pledge import WITHDRAWAL_WINDOW
from integrity.models.pledge.query import KEPT
from integrity.reminders import holders
from officials.signing.issuing import issue_annual, may_be_public, personal, settle

SOON = timedelta(days=3)


def publish_due() -> int:
    """Put in force what was signed ten minutes ago, public as far as scope and consent allow; returns how many."""
    due = personal().filter(state="SIGNED", signed_at__lte=timezone.now() - WITHDRAWAL_WINDOW)
    rows = list(due.select_related("subject", "unit", "replaces").order_by("signed_at")[:500])
    for pledge in rows:
        pledge.publish(by=CLOCK, public=may_be_public(pledge))
    return len(rows)


def daily() -> int:
    """The yearly pledges, reminders, and publicity after a changed scope or office."""
    asked = issue_annual()
    for pledge in (
        personal()
        .filter(state="ISSUED", due_on__lte=timezone.localdate() + SOON)
        .select_related("subject__account", "unit")
    ):
        remind(pledge)
    for pledge in personal().filter(state__in=KEPT).select_related("subject", "unit").iterator():
        settle(pledge, CLOCK)
    return asked


def remind(pledge: Pledge) -> None:
    """Tell the signer before the day, and him and his personnel authority each week after it."""
    late = pledge.due_on is not None and pledge.due_on < timezone.localdate()
    key = f"pledge-{'late' if late else 'soon'}-{pledge.pk}" + (timezone.localdate().strftime("-%G-%V") if late else "")
    title = f"承诺书{'逾期未签' if late else '即将到期'}：{pledge.title}"
    text = f"应于 {pledge.due_on} 前签署。逾期未签署将提醒所在单位，不会自动签署。"
    if account := getattr(pledge.subject, "account", None):
        remind_all([account], title, text, key=key, link=f"/me/pledges/{pledge.number}", channels=("INBOX", "SMS"))
    if late and pledge.subject.managed_by_id:
        staff = holders("official.manage", org=pledge.subject.managed_by_id)
        remind_holders(
            staff, f"下属人员承诺书逾期未签：{pledge.number}", text, key=f"{key}-hr", link="/desk/pledges/?late=1"
        )
