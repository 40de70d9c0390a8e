"""The first day of a real node: founders, areas, organisations, people, an approved catalogue; each step by two people."""

from __future__ import annotations

import csv
import os
import secrets
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone
from python_calamine import CalamineWorkbook

from integrity.acts import Refused
from integrity.models import Area, Kind, MomentSeat, Seat, Subject, User

AREA_HEADINGS = ("代码", "名称", "类型", "上级代码")
AREA_KINDS = {label: value for value, label in Area.Kind.choices} | {value: value for value in Area.Kind.values}


class Unready(Exception):
    """The step cannot be done now; the text says what is missing."""


def seat_of(username: str, *roles: str) -> Seat:
    """The seat in force from which a named person works; raises Unready."""
    rows = Seat.objects.in_force().filter(user__username=username).select_related("user", "org", "org__area")
    found = next((s for role in roles for s in rows if s.role_code == role), None)
    if found is None:
        raise Unready(f"{username} holds no seat in force as {' or '.join(roles)}")
    return found


@transaction.atomic
def found(people: list[tuple[str, str]]) -> dict[str, str]:
    """Two administrators, each granted by the installation and released by the other; returns their passwords."""
    if len({name for name, _ in people}) != 2:
        raise Unready("two different people found a node")
    if Seat.objects.in_force().filter(role_code="SYSADMIN").exists():
        raise Unready("there are administrators already; they grant seats to others")
    installer = User(username="installation", name="系统安装")
    installer.set_unusable_password()
    installer.save()
    users, passwords = [], {}
    for username, name in people:
        passwords[username] = secrets.token_urlsafe(12)
        user = User(username=username, name=name)
        user.set_password(passwords[username])
        user.save()
        users.append(user)
    for user, other in zip(users, reversed(users), strict=True):
        seat = Seat(user=user, role_code="SYSADMIN").grant(by=MomentSeat("SYSADMIN", user=installer))
        seat.release(by=MomentSeat("SYSADMIN", user=other))
    return passwords


def add_areas(path: Path) -> int:
    """Enter divisions from a workbook with the headings 代码, 名称, 类型, 上级代码; superiors first; returns the new ones."""
    rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
    heads = [str(c).strip() for c in rows[0]] if rows else []
    if missing := [h for h in AREA_HEADINGS if h not in heads]:
        raise Unready(f"the first row lacks {'、'.join(missing)}")
    added = 0
    with transaction.atomic():
        for number, row in enumerate(rows[1:], 2):
            code, name, kind, parent = (_text(row[heads.index(h)]) for h in AREA_HEADINGS)
            if not code or Area.objects.filter(pk=code).exists():
                continue
            if kind not in AREA_KINDS:
                raise Unready(f"row {number}: 类型“{kind}” is none of {'、'.join(Area.Kind.labels)}")
            if parent and not Area.objects.filter(pk=parent).exists():
                raise Unready(f"row {number}: the superior {parent} is not known yet; put it above")
            Area(code=code, name=name, kind=AREA_KINDS[kind], parent_id=parent or None).save()
            added += 1
    return added


def _text(value: Any) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).strip()


def registrar(username: str) -> Any:
    """Who registers organisations: the credit office's person, or a founder as long as there is no credit office."""
    if Seat.objects.in_force().filter(role_code="CREDIT_CITY").exists():
        return seat_of(username, "CREDIT_CITY")
    return MomentSeat("CREDIT_CITY", user=seat_of(username, "SYSADMIN").user)


def pending() -> Iterator[Seat]:
    return (
        Seat.objects.filter(state="PENDING")
        .select_related("user", "org", "entered_by")
        .order_by("org", "user")
        .iterator()
    )


def release(by: Seat) -> tuple[int, list[str]]:
    """Put pending seats in force that somebody else has granted; returns how many, and why others were left."""
    done, left = 0, []
    for seat in list(pending()):
        try:
            seat.release(by=by)
            done += 1
        except Refused as why:
            left.append(f"{seat}: {why}")
    return done, left


def nominate(by: Seat, doc_no: str, valid_from: date | None) -> int:
    """Ask for approval of every proposed entry as one edition, naming the deciding document."""
    rows = list(Kind.objects.filter(state="PROPOSED"))
    with transaction.atomic():
        for kind in rows:
            kind.nominate(by=by, doc_no=doc_no, valid_from=valid_from or timezone.localdate())
    return len(rows)


def approve(by: Seat) -> int:
    """Put every nominated entry in force; a person other than who nominated it."""
    rows = list(Kind.objects.filter(state="NOMINATED"))
    with transaction.atomic():
        for kind in rows:
            kind.approve(by=by)
    return len(rows)


def write_passwords(path: Path) -> int:
    """First passwords for people who have none, into a new file for its owner alone; returns how many."""
    users = [u for u in User.objects.filter(seats__state="ACTIVE").distinct() if not u.has_usable_password()]
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(fd, "w", encoding="utf-8-sig", newline="") as out, transaction.atomic():
        sheet = csv.writer(out)
        sheet.writerow(["用户名", "姓名", "初始密码"])
        for user in users:
            password = secrets.token_urlsafe(9)
            user.set_password(password)
            user.save(update_fields=["password"])
            sheet.writerow([user.username, user.name, password])
    return len(users)


def state() -> list[tuple[str, str]]:
    """What stands and what comes next, step by step."""
    seats = Seat.objects.in_force()
    kinds = Kind.objects.order_by()
    return [
        ("administrators", str(seats.filter(role_code="SYSADMIN").count())),
        ("areas", str(Area.objects.count())),
        ("organisations", str(Subject.objects.organisations().count())),
        ("seats in force", str(seats.count())),
        ("seats waiting for a second person", str(Seat.objects.filter(state="PENDING").count())),
        ("catalogue entries proposed", str(kinds.filter(state="PROPOSED").count())),
        ("catalogue entries nominated", str(kinds.filter(state="NOMINATED").count())),
        ("catalogue entries in force", str(kinds.filter(state="APPROVED").count())),
    ]
