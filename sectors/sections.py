"""What procurement and bidding add to the shared pages (tasks 14, 17)."""

from __future__ import annotations

from typing import Any

from sectors import parts


@parts.part(parts.PUBLIC_SECTOR, "bidding")
def bidding() -> tuple[str, dict[str, Any]]:
    """The ways to agencies and points rules."""
    return "sectors/_bidding.html", {}


parts.DESK_LINKS["bidding"] = [("/desk/sector/bidding/registers/", "记分和名录", "")]
