"""Paths of officials' files (task 1)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from integrity.models import Seat
from integrity.models.access import as_rule
from officials.models import Official

PERSON = {"full_name": "李守诺", "id_number": "371199197001010010"}
TODAY = timezone.localdate
POST = {"new_post": "副局长", "new_rank": "二级调研员", "since": TODAY(), "document": "日组干字〔2026〕9号"}


def file(cast: Any) -> Official:
    return Official(category="CIVIL_SERVANT", post="副科长", appointed_on=TODAY() - timedelta(days=400))


def listed(cast: Any) -> Official:
    return file(cast).enlist(by=cast.hr, workplace=cast.orgs.bureau, **PERSON)


def in_office(cast: Any) -> Official:
    return listed(cast).release(by=cast.hr2)


def retired(cast: Any) -> Official:
    return in_office(cast).retire(by=cast.hr, ended_on=TODAY())


def own_seat(cast: Any) -> Seat:
    return Seat.objects.get(pk=cast.official.pk)


PATHS = {
    "official.appointed": lambda c: (
        file(c), c.hr, PERSON | {"workplace": c.orgs.bureau, "document": "日组干字〔2025〕3号"},
    ),
    "official.listed": lambda c: (file(c), c.hr, PERSON | {"workplace": c.orgs.bureau}),
    "official.released": lambda c: (listed(c), c.hr2, {}),
    "official.amended": lambda c: (in_office(c), c.hr, {"category": "CIVIL_SERVANT", "new_post": "科长"}),
    "official.promoted": lambda c: (in_office(c), c.hr, POST),
    "official.transferred": lambda c: (in_office(c), c.hr, POST | {"workplace": c.orgs.stranger}),
    "official.departed": lambda c: (in_office(c), c.hr, {"destination": "省交通运输厅", "ended_on": TODAY()}),
    "official.retired": lambda c: (in_office(c), c.hr, {"ended_on": TODAY()}),
    "official.left": lambda c: (in_office(c), c.hr, {"ended_on": TODAY(), "reason": "辞职"}),
    "official.viewed": lambda c: (in_office(c), c.hr, {"purpose": "复核审批"}),
    "official.sealed": lambda c: (retired(c), c.hr, {"reason": "保管期满"}),
    "subject.moved": lambda c: (c.wang, as_rule(c.hr), {"unit": c.orgs.stranger, "authority": c.orgs.personnel}),
    "seat.lapsed": lambda c: (own_seat(c), as_rule(c.hr), {}),
    "seat.moved": lambda c: (own_seat(c), as_rule(c.hr), {"org": c.orgs.stranger}),
}  # fmt: skip
