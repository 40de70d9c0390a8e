"""The sectors' clocks on the board of electronic supervision: what public bodies owe within released projects."""

from __future__ import annotations

from integrity.statistics.running import CLOCKS, Clocks
from sectors.models import Duty

CLOCKS.append(
    Clocks(
        "duties", "重点领域责任事项",
        lambda seat: Duty.objects.inside(seat).filter(state="OPEN", project__state="OPEN", owner__form="AGENCY").select_related("project"),
        "owner", lambda row: f"{row.text}（{row.project.number}）", lambda row: f"/desk/sector/{row.project_id}/",
    )
)  # fmt: skip
