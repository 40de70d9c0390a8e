"""The first day's tables: organisations, users and their seats (pending until a second person releases them)."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator, validate_email
from django.utils import timezone

from integrity.codes import AGENCY_PREFIXES
from integrity.facts import check
from integrity.intake import register
from integrity.intake.heading import Heading
from integrity.intake.profile import ORGANISATION, PERSON, TABLES, Table, register_table
from integrity.intake.rows import Reader, Row
from integrity.models import Area, Seat, Subject, User
from integrity.models.access import GRANTABLE
from integrity.roles import ROLES
from integrity.search import normalise

AGENCY_KINDS = {label: value for value, label in Subject.AgencyKind.choices}
ROLE_CODES = {label: code for code, label in GRANTABLE}
PHONE = RegexValidator(r"^1\d{10}$|^0\d{2,3}-?\d{7,8}$")
NEEDS_ORG = ("own unit", "county", "managed")


class TableChecker:
    """Checks rows of organisations or people: alone, against the tables, against earlier rows of the file."""

    def __init__(self, heading: Heading, seat: Any = None, answers: Mapping[str, str] | None = None) -> None:
        self.profile, self.seat = heading.profile, seat
        self.reader = Reader(heading, answers or {})
        self.facts = tuple(self.profile.facts.values())
        self.today = timezone.localdate()
        self.seen: dict[Any, int] = {}
        self.areas = set(Area.objects.values_list("code", flat=True))

    def check(self, rows: Sequence[Row]) -> None:
        """Fill in columns and problems of a chunk."""
        for row in rows:
            self.reader.look(row)
            row.kind = self.profile.target
            if role := row.fields.get("role"):
                row.fields["role"] = dict(GRANTABLE).get(role.upper(), role)
            row.columns, wrong = check(self.facts, row.fields)
            for name, bad in wrong.items():
                row.wrong(name, bad.code, str(bad))
        TABLES[self.profile.target].look(self, [row for row in rows if not row.bad])

    def once(self, row: Row, key: Any) -> None:
        if first := self.seen.get(key):
            row.repeated = f"与本文件第 {first} 行相同"
        self.seen.setdefault(key, row.serial)

    # ---- organisations ----

    def organisations(self, rows: Sequence[Row]) -> None:
        wanted = [row.columns.get(n, "") for row in rows for n in ("code", "parent_code", "predecessor_code")]
        known = register.by_code(wanted)
        for row in rows:
            c = row.columns
            registered = known.get(c["code"])
            if registered and normalise(registered.name) != normalise(c["name"]):
                row.wrong("name", "E11", f"该代码登记的名称是“{registered.name}”，与文件中的不一致")
            elif registered:
                row.repeated = "机构表中已有该机构"
            if not c["code"].startswith(AGENCY_PREFIXES):
                row.hint("code", "E04", "不是机关、事业单位或者基层自治组织的代码，请核对")
            if c["area_code"] not in self.areas:
                row.wrong("area_code", "E04", f"区划表中没有代码“{c['area_code']}”")
            self._predecessor(row, known)
            self.once(row, c["code"])
        self._parents(rows, known)

    @staticmethod
    def _parents(rows: Sequence[Row], known: dict[str, register.Known]) -> None:
        """A superior must be registered, or stand in the file as a good row that hangs from a registered one itself."""
        left = [row for row in rows if not row.bad]
        settled = {*known, ""}
        while ready := [row for row in left if row.columns.get("parent_code", "") in settled]:
            settled |= {row.columns["code"] for row in ready}
            left = [row for row in left if row not in ready]
        for row in left:
            row.wrong("parent_code", "E10", "机构表和本文件的合格行中没有上级单位，或者上下级成环")

    def _predecessor(self, row: Row, known: dict[str, register.Known]) -> None:
        old, on = row.columns.get("predecessor_code"), row.columns.get("succeeded_on")
        if old and old not in known:
            row.wrong("predecessor_code", "E10", "机构表中没有原单位，请先登记原单位")
        if old and not on:
            row.wrong("succeeded_on", "E01", "填写了原单位代码，请填写承继日期")
        if on and date.fromisoformat(on) > self.today:
            row.wrong("succeeded_on", "E08", "承继日期不能晚于今天")

    # ---- people ----

    def people(self, rows: Sequence[Row]) -> None:
        known = register.by_code(row.columns.get("org_code", "") for row in rows)
        users = {u.username: u for u in User.objects.filter(username__in=[r.columns["username"] for r in rows])}
        held = Seat.objects.exclude(state="REVOKED").filter(user__username__in=users)
        seats = set(held.values_list("user__username", "role_code", "org__code"))
        for row in rows:
            c = row.columns
            role, code = ROLE_CODES[c["role"]], c.get("org_code") or None
            if code and code not in known:
                row.wrong("org_code", "E10", "机构表中没有这个代码，请先导入机构表")
            if not code and ROLES[role].scope in NEEDS_ORG:
                row.wrong("org_code", "E01", f"“{c['role']}”须指定单位")
            self._contact(row)
            user = users.get(c["username"])
            if user and user.name and user.name != c["name"]:
                row.wrong("name", "E11", f"用户“{c['username']}”登记的姓名是“{user.name}”，与文件中的不一致")
            if user and self.seat is not None and user.pk == self.seat.user_id:
                row.wrong("username", "E13", "不能为本人授予岗位")
            if (c["username"], role, code) in seats:
                row.repeated = "该用户已有这个岗位"
            self.once(row, (c["username"], role, code))

    @staticmethod
    def _contact(row: Row) -> None:
        """User name, e-mail and phone in the form that log-in and messages need."""
        for name, valid in (("username", User.username_validator), ("email", validate_email), ("phone", PHONE)):
            try:
                if value := row.columns.get(name):
                    valid(value)
            except ValidationError:
                row.wrong(name, "E02", f"“{value[:40]}”的格式不正确")


# ---- entering ----


def enter(profile: str, batch: Any, rows: Sequence[dict[str, Any]], *, by: Any) -> dict[int, uuid.UUID | None]:
    """Enter staged rows by acts, in the caller's transaction: ids by row number."""
    return TABLES[profile].enter(batch, rows, by=by)


def enter_organisations(batch: Any, rows: Sequence[dict[str, Any]], *, by: Any) -> dict[int, uuid.UUID | None]:
    """Register organisations, superiors before those below them; predecessors pass their duties on."""
    todo = {row["values"]["columns"]["code"]: row for row in rows}
    made: dict[int, uuid.UUID | None] = {}
    orgs: dict[str, Subject] = {}

    def settle(code: str, trail: tuple[str, ...] = ()) -> Subject | None:
        if code in orgs or code not in todo:
            return orgs.get(code) or Subject.objects.filter(code=code).first()
        if code in trail:
            raise ValidationError(f"上级单位成环：{' → '.join([*trail, code])}")
        c = todo[code]["values"]["columns"]
        parent = settle(c["parent_code"], (*trail, code)) if c.get("parent_code") else None
        orgs[code] = _organisation(c, parent, by)
        made[todo[code]["serial"]] = orgs[code].pk
        return orgs[code]

    for code in todo:
        settle(code)
    return made


def _organisation(c: dict[str, Any], parent: Subject | None, by: Any) -> Subject:
    if c.get("parent_code") and parent is None:
        raise ValidationError(f"机构“{c['name']}”的上级单位 {c['parent_code']} 没有登记")
    row = Subject(
        form=Subject.Form.AGENCY, name=c["name"], code=c["code"], agency_kind=AGENCY_KINDS[c["agency_kind"]], parent=parent,
        area_id=c["area_code"], head=c.get("head") or "", address=c.get("address") or "",
    ).register(by=by)  # fmt: skip
    if c.get("predecessor_code"):
        old = Subject.objects.get(code=c["predecessor_code"])
        old.merge(by=by, successor=row, on=date.fromisoformat(c["succeeded_on"]))
    return row


def enter_people(batch: Any, rows: Sequence[dict[str, Any]], *, by: Any) -> dict[int, uuid.UUID | None]:
    """Make missing users, without a password of their own yet, and grant their seats; a second person releases them."""
    made: dict[int, uuid.UUID | None] = {}
    for row in rows:
        c = row["values"]["columns"]
        user = User.objects.filter(username=c["username"]).first()
        if user is None:
            user = User(username=c["username"], name=c["name"], email=c.get("email") or "", phone=c.get("phone") or "")
            user.set_unusable_password()
            user.save()
        org = Subject.objects.filter(code=c["org_code"]).first() if c.get("org_code") else None
        made[row["serial"]] = Seat(user=user, role_code=ROLE_CODES[c["role"]], org=org).grant(by=by).pk
    return made


register_table("organisations", Table(ORGANISATION, "subject.manage", TableChecker.organisations, enter_organisations))
register_table("people", Table(PERSON, "seat.grant", TableChecker.people, enter_people))
