"""The closed vocabulary of states: which tone each word has on pages (brief 6). Words stand beside their models."""

TONES: dict[tuple[str, str], dict[str, str]] = {
    ("record", "state"): {
        "SUBMITTED": "warn", "RETURNED": "warn", "REVIEWED": "info", "ACCEPTED": "info", "CONFIRMED": "ok", "REPAIRED": "ok",
    },
    ("record", "publicity"): {"SCHEDULED": "warn", "PUBLIC": "bad", "ENDED_REPAIR": "ok"},
    ("record", "tier"): {"minor": "warn", "general": "bad", "serious": "bad"},
    ("record", "exchange"): {"SENT": "info", "PENDING": "warn", "ACCEPTED": "ok", "REJECTED": "bad", "SUPERSEDED": "warn"},
    ("peer", "state"): {"ACTIVE": "ok", "STOPPED": "bad"},
    ("uplink", "state"): {"RUNNING": "ok", "WAITING": "warn", "STOPPED": "bad"},
    ("batch", "state"): {"SENT": "info", "ACCEPTED": "ok", "DEAD": "bad"},
    ("version", "state"): {"PROPOSED": "warn", "REVIEWED": "info", "ADOPTED": "ok"},
    ("kind", "state"): {"NOMINATED": "warn", "APPROVED": "ok"},
    ("measure", "state"): {"IN_FORCE": "warn", "EXEMPTED": "ok"},
    ("leniency", "state"): {"PROPOSED": "warn", "DECIDED": "ok"},
    ("pledge", "state"): {"ISSUED": "warn", "SIGNED": "info", "IN_FORCE": "info", "FULFILLED": "ok", "BREACHED": "bad"},
    ("commitment", "state"): {"ON_TRACK": "info", "FULFILLED": "ok", "BREACHED": "bad"},
    ("matter", "state"): {
        "ACCEPTED": "info", "REFUSED": "bad", "ASSIGNED": "info", "RETURNED": "warn", "IN_HAND": "info", "REPLIED": "ok", "REWORK": "warn", "CLOSED": "ok",
    },
    ("sanctioncase", "state"): {
        "OPENED": "info", "STATEMENT_DUE": "warn", "STATEMENT_IN": "info", "RECTIFYING": "warn", "SUBMITTED": "info", "OVERDUE": "bad",
        "PASSED": "ok", "CLOSED": "ok",
    },
    ("clearingcase", "state"): {
        "WARNED": "warn", "AVERTED": "ok", "LISTED": "bad", "NEGOTIATING": "warn", "PERFORMED": "info", "SETTLED": "info",
        "REMOVAL_REQUESTED": "info", "REMOVED": "ok",
    },
    ("courtentry", "state"): {"NEW": "warn", "MATCHED": "ok"},
    ("breachlead", "state"): {"RECEIVED": "warn", "HANDED": "info", "ORDERED": "warn", "KEPT": "ok", "FOUND": "bad"},
    ("matter", "alert"): {"WARNED": "warn", "URGED": "bad", "ESCALATED": "bad"},
    ("motion", "state"): {"ASSIGNED": "info", "RETURNED": "warn", "ACCEPTED": "info", "ANSWERED": "ok", "RATED": "ok", "REWORK": "warn", "CLOSED": "ok"},
    ("card", "state"): {"SENT": "warn", "ANSWERED": "info", "CLOSED": "ok"},
    ("card", "colour"): {"YELLOW": "warn", "RED": "bad"},
    ("correctionorder", "state"): {"ORDERED": "warn", "REPORTED": "info", "CORRECTED": "ok", "FOUND": "bad"},
    ("service", "state"): {"DRAFT": "warn", "PUBLIC": "ok"},
    ("handling", "state"): {"OPEN": "info", "DONE": "ok"},
    ("disclosure", "state"): {"OPEN": "info", "DONE": "ok"},
    ("yearfigure", "state"): {"DRAFT": "warn", "PUBLIC": "ok"},
    ("letter", "state"): {"ISSUED": "info", "SEALED": "info", "SERVED": "warn", "ACKNOWLEDGED": "ok"},
    ("importbatch", "state"): {"REPORTED": "info", "SUBMITTING": "info", "SUBMITTED": "warn", "CONFIRMED": "ok", "FAILED": "bad", "REFUSED": "bad"},
    ("seat", "state"): {"PENDING": "warn", "ACTIVE": "ok"},
    ("setting", "state"): {"PROPOSED": "warn", "APPROVED": "ok"},
    ("message", "state"): {"QUEUED": "info", "SENT": "ok", "FAILED": "bad"},
    ("subject", "state"): {"PROVISIONAL": "warn", "ACTIVE": "ok"},
    ("watch", "state"): {"OPEN": "info"},
    ("official", "state"): {"PENDING": "warn", "ACTIVE": "ok", "TRANSFERRED": "info"},
    ("project", "state"): {"DRAFT": "warn", "RETURNED": "warn", "OPEN": "info", "ENDED": "ok", "BROKEN_OFF": "bad"},
    **{(m, "state"): {"PENDING": "warn", "LISTED": "ok"} for m in ("pointsrule", "provider", "agent", "monthlyreport")},
    ("scheme", "state"): {"PROPOSED": "warn", "APPROVED": "ok"},
    ("grade", "state"): {"PROPOSED": "warn", "CONFIRMED": "ok"},
    ("duty", "state"): {"OPEN": "warn", "DONE": "ok"},
    ("breach", "state"): {"REGISTERED": "warn", "ORDERED": "warn", "REMEDIED": "ok", "FOUND": "bad", "CONFIRMED": "bad"},
    ("evaluation", "state"): {"DRAFT": "warn", "RELEASED": "ok"},
    ("notice", "state"): {"PENDING": "warn", "RELEASED": "ok"},
    ("officer", "state"): {"ACTIVE": "ok"},
    ("lookback", "state"): {"OPEN": "warn", "RECORDED": "info"},
    ("pledgetemplate", "state"): {"NOMINATED": "warn", "APPROVED": "ok"},
    ("signingkey", "state"): {"PENDING": "warn", "ACTIVE": "ok", "REVOKED": "bad"},
    ("papersigning", "state"): {"ENTERED": "warn", "CONFIRMED": "ok", "REFUSED": "bad"},
    ("export", "state"): {"ASKED": "warn", "READY": "ok", "FAILED": "bad"},
    ("apitoken", "state"): {"ACTIVE": "ok"},
}  # fmt: skip


def tone(model: str, axis: str, value: str) -> str:
    """ok, warn, bad, info, or nothing for grey."""
    return TONES.get((model, axis), {}).get(value, "")
