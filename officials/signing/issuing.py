"""Who is asked for which pledge and when: on a new post, every year, again where a text or key has changed (task 2)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from integrity.models import CLOCK, Kind, Pledge, as_rule, deadline, setting
from integrity.models.pledge.query import KEPT
from officials.models import Official, PledgeConsent, PledgeTemplate

KIND = "OF11"
OPEN = ("ISSUED", "SIGNED", *KEPT)
BY_LAW = "政府信息公开条例第二十条：领导班子成员的承诺依职责公开"


def personal() -> Any:
    """Every personal pledge, for the clock and for rules."""
    return Pledge.objects.filter(kind=KIND)


def issue(
    official: Official, occasion: str, by: Any, *, starts_on: date | None = None, old: Pledge | None = None
) -> Pledge | None:
    """Ask an official for a pledge; None while no text is approved or the kind is not in force."""
    template = PledgeTemplate.objects.current(occasion)
    kind = Kind.objects.in_force().filter(code=KIND).first()
    if template is None or kind is None or official.unit is None:
        return None
    start = starts_on or timezone.localdate()
    due = deadline("D18", start)
    row = Pledge(
        kind=kind, subject=official.subject, unit=official.unit, occasion=occasion, post=official.post, template=template.name,
        title=template.title, text=template.text, starts_on=start, due_on=due.on, due_explain=due.explain, replaces=old,
    )  # fmt: skip
    return row.issue(by=by)


def standing(official: Official) -> Pledge | None:
    """The pledge in force, the newest if there are several."""
    return personal().filter(subject=official.subject_id, state__in=KEPT).order_by("-published_at").first()


def clear(official: Official, by: Any, reason: str) -> None:
    """End what was asked for and not signed: a newer pledge takes its place."""
    for waiting in personal().filter(subject=official.subject_id, state="ISSUED"):
        waiting.end(by=by, reason=reason)


def on_new_post(official: Official, occasion: str, by: Any) -> Pledge | None:
    """A new pledge on each new post; it replaces the one in force when it comes into force itself."""
    if PledgeTemplate.objects.current(occasion) is None:
        return None
    clear(official, by, f"{occasion}，另行发起新的承诺")
    return issue(official, occasion, by, starts_on=official.appointed_on, old=standing(official))


def renew(pledge: Pledge, by: Any) -> Pledge | None:
    """Ask again for a pledge in force: the text has a new version, its key came into doubt, or it is to be signed at a higher level."""
    official = Official.objects.filter(subject=pledge.subject_id, state="ACTIVE").first()
    if official is None or pledge.state not in KEPT:
        return None
    waiting = personal().filter(replaces=pledge, state="ISSUED").first()
    return waiting or issue(official, pledge.occasion, by, old=pledge)


def without_this_year(on: date) -> Any:
    """Officials in office whom nobody has asked for a pledge this year."""
    asked = (
        personal()
        .filter(subject=OuterRef("subject"), state__in=OPEN)
        .filter(Q(starts_on__year=on.year) | Q(state="ISSUED"))
    )
    return Official.objects.serving().filter(~Exists(asked))


def issue_annual(on: date | None = None, by: Any = CLOCK) -> int:
    """The yearly pledge of everybody in office, from the month the city sets; returns how many were asked."""
    day = on or timezone.localdate()
    if day.month < int(setting("pledge_annual_month")):
        return 0
    rows = without_this_year(day).select_related("subject", "subject__parent")
    return sum(issue(o, "年度", by, starts_on=day, old=standing(o)) is not None for o in rows)


# ---- what of it the public sees ----


def by_scope(pledge: Pledge) -> str:
    """Why a pledge is public without its signer's consent; empty where his consent decides (domain.md, task 2)."""
    scope = setting("pledge_public_scope")
    if scope == "ALL":
        return "本市规定个人承诺全部公开"
    leading = Official.objects.filter(subject=pledge.subject_id, leading=True).exists()
    return BY_LAW if scope == "LEADERS" and leading else ""


def may_be_public(pledge: Pledge) -> bool:
    """Scope or separate consent."""
    return bool(by_scope(pledge)) or PledgeConsent.objects.filter(pledge=pledge, state="GIVEN").exists()


def settle(pledge: Pledge, by: Any) -> None:
    """Bring a pledge in force before the public or out of it, as scope and consent are now."""
    wanted = may_be_public(pledge)
    if wanted and not pledge.public:
        pledge.disclose(by=as_rule(by))
    elif pledge.public and not wanted:
        pledge.conceal(by=as_rule(by))


def renew_own(pledge: Pledge, seat: Any) -> Pledge | None:
    """The signer himself asks to sign again; the pledge it replaces stays in force until then."""
    return (
        renew(pledge, as_rule(seat)) if pledge.subject_id == seat.person_id and "pledge.sign" in seat.rights else None
    )
