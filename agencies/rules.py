"""Rules of the agencies' area: when X has happened, then one act (house.md 2.10)."""

from __future__ import annotations

from typing import Any

from agencies.models import SanctionCase
from integrity.acts import rule
from integrity.models import as_rule


@rule("letter.served", then="case.notified")
def notice_to_explain_served(rows: Any, events: Any, by: Any) -> None:
    """The term for the written statement starts where the notice was served (clock D15)."""
    for letter in rows:
        if letter.template == "explain" and letter.matter_id:
            for case in SanctionCase.objects.filter(matter=letter.matter_id, state="OPENED"):
                case.notify(by=as_rule(by), served_on=letter.served_on)
