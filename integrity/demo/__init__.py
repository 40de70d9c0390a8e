"""The demonstration city: invented units and people, and a simulated year made by performing acts (issue: nothing is only shown).

Other areas add stories of their own in a module `demo` with `stories(city, staff, rng, start, days, share)`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from importlib import import_module
from importlib.util import find_spec
from random import Random
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from integrity.demo import staff as accounts
from integrity.demo.places import Registry, districts
from integrity.demo.promises import Promises, clock
from integrity.demo.records import Records
from integrity.demo.staff import Staff
from integrity.models import Kind, Record, User
from integrity.models.record.many import confirm_many, publish_many
from integrity.simulation import Moment, Story, play, simulated

YEAR = 365
Say = Callable[[str], None]


@dataclass(frozen=True)
class Size:
    """How much of everything."""

    towns: int
    offices: int
    villages: int
    companies: int
    traders: int
    officials: int
    accounts: int
    share: float
    pledges: int
    bulk: int = 0


SIZES = {
    "small": Size(1, 2, 1, 20, 4, 25, 6, 0.12, 6),
    "normal": Size(5, 8, 2, 110, 20, 400, 40, 1.0, 40),
    "large": Size(6, 8, 4, 380, 40, 1000, 60, 3.0, 80, bulk=1_000_000),
}


def exists() -> bool:
    """Whether this database holds a demonstration city."""
    return User.objects.filter(username="founder0").exists()


@transaction.atomic
def load(size: str, seed: int, say: Say) -> dict[str, int]:
    """Make the whole city in one transaction: all of it is there, or nothing. Returns what was made."""
    plan, rng, now = SIZES[size], Random(seed), timezone.localtime()
    moment = Moment((now - timedelta(days=YEAR)).replace(hour=9, minute=0, second=0, microsecond=0))
    with connection.cursor() as cursor:
        # Rows of an open transaction have no statistics, and autovacuum counts none of them: keep to the indexes.
        cursor.execute("SET LOCAL enable_seqscan TO off")
    with simulated(moment):
        city, staff = _found(plan, rng)
        say(f"{len(city.units)} agencies, {len(city.companies)} companies, {len(city.people)} people")
        start = moment.now.date()
        steps = play(_stories(city, staff, rng, start, plan), moment, now, rng)
        say(f"a year of {steps} steps, {Record.objects.count()} records")
        moment.now = timezone.localtime()
        if plan.bulk:
            _bulk(city, staff, rng, plan.bulk, say)
    token = accounts.issue_token(staff["auditor"])
    say(f"accounts: {accounts.write_accounts(staff.password, token)}")
    return {"steps": steps, "records": Record.objects.count()}


def _found(plan: Size, rng: Random) -> tuple[Registry, Staff]:
    """Units, companies, people, seats, and the catalogue approved as one edition by two people."""
    city = Registry(rng)
    places = districts(rng, plan.towns)
    city.found_city()
    for areas in places.values():
        city.found_district(areas, plan.offices, plan.villages)
    city.found_companies(plan.companies, plan.traders, [areas[0] for areas in places.values()])
    staff = Staff(city)
    staff.hire()
    offices = [u for u in city.offices() if u.agency_kind != "OTHER_ORGAN"]
    for number in range(plan.officials):
        person = city.person(unit=rng.choice(offices))
        if number < plan.accounts:
            user = User(username=f"official{number + 1:03d}", name=person.name, person=person)
            user.set_unusable_password()
            user.save()
    for _ in range(8):
        city.person(official=False)
    _approve(staff)
    return city, staff


def _approve(staff: Staff) -> None:
    """The whole catalogue as one edition, by two people."""
    for kind in Kind.objects.filter(state="PROPOSED"):
        kind.nominate(by=staff["credit"], doc_no="演信目录〔2025〕1号", valid_from=timezone.localdate())
        kind.approve(by=staff["credit2"])


@transaction.atomic
def load_upper(say: Say) -> None:
    """An upper platform: one office, its people and an approved catalogue; its records come from below."""
    staff = Staff(Registry(Random(0)))
    staff.hire_upper()
    _approve(staff)
    say(f"accounts: {accounts.write_accounts(staff.password, accounts.issue_token(staff['auditor']))}")


def _stories(city: Registry, staff: Staff, rng: Random, start: date, plan: Size) -> list[Story]:
    found = [clock(start)]
    found += Records(city, staff, rng).stories(start, YEAR, plan.share)
    found += Promises(city, staff, rng).stories(start, YEAR, plan.pledges)
    for app in ("officials", "agencies", "supervision", "sectors"):
        if find_spec(f"{app}.demo"):
            found += import_module(f"{app}.demo").stories(city, staff, rng, start, YEAR, plan.share)
    return found


def _bulk(city: Registry, staff: Staff, rng: Random, total: int, say: Say) -> None:
    """Many adopted records for measuring: entered, confirmed and published set-wise by batches of 20,000."""
    records, clerk, done = Records(city, staff, rng), staff.clerk("market"), 0
    kind: Any = Kind.objects.get(code="DP02")
    while done < total:
        count = min(20_000, total - done)
        raws = [
            records.writer.values("DP02", timezone.localdate() - timedelta(days=rng.randint(1, 80)))
            for _ in range(count)
        ]
        for i, raw in enumerate(raws):
            raw["doc_no"] = f"演量测〔{timezone.localdate().year}〕{done + i}号"
        batch = records.enter(kind, clerk, raws, f"量测-{done}.xlsx", keep_rows=False)
        confirm_many(batch, by=staff["credit"], publish=True)
        publish_many(list(Record.objects.filter(batch=batch).values_list("pk", flat=True)), by=staff["credit2"])
        done += count
        say(f"{done} of {total} records")
