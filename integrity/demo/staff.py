"""Who works in the demonstration: its named accounts, and the clerks and reviewers behind the other units."""

from __future__ import annotations

import json
import os
import secrets
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.utils import timezone

from integrity.demo.places import Registry
from integrity.models import ApiToken, MomentSeat, Seat, Subject, User

ACCOUNTS = {  # account: role, key of its organisation, name; fixed by contract.md
    "clerk": ("UNIT_CLERK", "transport", "林录入"), "reviewer": ("UNIT_REVIEWER", "transport", "方审核"),
    "credit": ("CREDIT_CITY", "credit", "陈信用"), "credit2": ("CREDIT_CITY", "credit", "沈信用"),
    "secrecy": ("SECRECY_REVIEWER", "secrecy", "严保密"), "hr": ("HR_OFFICER", "personnel", "何人事"), "hr2": ("HR_OFFICER", "personnel", "吕人事"),
    "discipline": ("DISCIPLINE", "discipline", "孔监察"), "discipline2": ("DISCIPLINE", "discipline", "曹监察"),
    "official": ("OFFICIAL", "transport", "王诚信"), "agency": ("AGENCY_REP", "transport", "许代表"),
    "supervisor": ("SUPERVISOR", "supervision", "秦督察"), "sector": ("SECTOR_CLERK", "finance", "钱财政"),
    "township": ("TOWNSHIP_CLERK", "3711D1001", "姜乡镇"), "company": ("COMPANY_REP", "company", "周企业"), "expert": ("EXPERT", "", "赵评审"),
    "auditor": ("AUDITOR", "audit", "卫审计"), "leader": ("LEADER", "government", "杨领导"), "operator": ("PLATFORM_OP", "", "尤运维"),
    "admin": ("SYSADMIN", "", "金管理"), "county": ("CREDIT_COUNTY", "3711D1.0", "朱区县"),
}  # fmt: skip
UPPER = ("credit", "credit2", "secrecy", "auditor", "leader", "operator", "admin")
PERSONS = ("official", "expert")  # who are subjects themselves
SECTOR_UNITS = ("finance", "housing", "trading", "investment", "civil")


class Staff:
    """Seats by account name, and by unit the pair that enters and reviews."""

    def __init__(self, city: Registry) -> None:
        self.city = city
        self.seats: dict[str, Seat] = {}
        self.password = new_password()
        self._hash = make_password(self.password)
        self._founders = tuple(self._user(f"founder{i}", f"筹建人{'甲乙'[i]}", "") for i in (0, 1))

    def _user(self, username: str, name: str, password: str) -> User:
        user = User(
            username=username, name=name, password=password or make_password(None), email=f"{username}@example.invalid"
        )
        user.save()
        return user

    def seat(self, username: str, name: str, role: str, org: Subject | None, login: bool = False) -> Seat:
        """A user with one seat, granted by one founder and released by the other."""
        user = self._user(username, name, self._hash if login else "")
        if username in PERSONS:
            unit = org if username == "official" else None
            user.person = self.city.person(name, unit, official=unit is not None)
            user.save()
        row = Seat(user=user, role_code=role, org=org).grant(by=MomentSeat("SYSADMIN", user=self._founders[0]))
        self.seats[username] = row.release(by=MomentSeat("SYSADMIN", user=self._founders[1]))
        return self.seats[username]

    def hire(self) -> None:
        """The named accounts, then a clerk and a reviewer for every unit that provides records."""
        places = self.city.units | {"": None, "company": self.city.companies[0]}
        for username, (role, key, name) in ACCOUNTS.items():
            self.seat(username, name, role, places[key], login=True)
        for key, unit in self.city.units.items():
            providing = (
                unit.agency_kind in ("GOV_DEPT", "INSTITUTION") and ".s" not in key or key in ("court", "supervision")
            )
            if key == "transport" or not providing:
                continue
            role = "SECTOR_CLERK" if key in SECTOR_UNITS else "UNIT_CLERK"
            if key not in ("finance", "supervision"):
                self.seat(f"{key}-clerk", self.city.name(), role, unit)
            self.seat(f"{key}-reviewer", self.city.name(), "UNIT_REVIEWER", unit)
            self.seat(f"{key}-reviewer2", self.city.name(), "UNIT_REVIEWER", unit)
        self.seat("transport-reviewer2", self.city.name(), "UNIT_REVIEWER", self.city.units["transport"])
        for code in ("3711D2", "3711D3", "3711D4", "3711D5"):
            self.seat(f"{code}-credit", self.city.name(), "CREDIT_COUNTY", self.city.units[f"{code}.0"])

    def hire_upper(self) -> None:
        """The few accounts of an upper platform, all in one office of the province."""
        office = self.city.found_upper()
        for username in UPPER:
            role, key, name = ACCOUNTS[username]
            self.seat(username, name, role, office if key else None, login=True)

    def clerk(self, key: str) -> Seat:
        named = {
            "transport": "clerk",
            "finance": "sector",
            "supervision": "supervisor",
            "personnel": "hr",
            "discipline": "discipline",
        }
        return self.seats[named.get(key, f"{key}-clerk")]

    def reviewer(self, key: str) -> Seat:
        named = {"transport": "reviewer", "personnel": "hr2", "discipline": "discipline2"}
        return self.seats[named.get(key, f"{key}-reviewer")]

    def second(self, key: str) -> Seat | None:
        """A reviewer of the unit who decides on what the first has reviewed; personnel offices have none to spare."""
        return self.seats.get(f"{key}-reviewer2")

    def acceptor(self, unit: Subject) -> Seat:
        """The county credit office that accepts what a district's unit provides."""
        code = unit.area.code[:6]
        return self.seats["county" if code == "3711D1" else f"{code}-credit"]

    def __getitem__(self, username: str) -> Seat:
        return self.seats[username]


def new_password() -> str:
    """A password that can be read aloud; drawn from the system, never from the demonstration's seed."""
    pick = secrets.choice
    return "-".join(
        pick("bdfghjkm") + pick("aeiou") + pick("lnprstwz") + pick("aeiou") + pick("23456789") for _ in range(4)
    )


def issue_token(auditor: Seat) -> str:
    """A read token for the auditor's seat; the secret is known only here and in the file."""
    secret = ApiToken.new_secret()
    until = timezone.localdate() + timedelta(days=180)
    row = ApiToken(name="演示审计接口", purpose="演示：审计读取", scopes="read", valid_until=until)
    row.issue(by=auditor, secret=secret)
    return secret


def write_accounts(password: str, token: str) -> Path:
    """DATA_DIR/demo-accounts.json as contract.md fixes it, readable by its owner alone."""
    accounts: list[dict[str, Any]] = []
    for seat in Seat.objects.in_force().filter(user__username__in=ACCOUNTS).select_related("user", "org"):
        org = seat.org.name if seat.org_id else ""
        accounts.append({"username": seat.user.username, "role": seat.role_label, "organisation": org})
    order = list(ACCOUNTS)
    accounts.sort(key=lambda a: order.index(a["username"]))
    path = Path(settings.DATA_DIR, "demo-accounts.json")
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
        json.dump(
            {"password": password, "auditor_token": token, "accounts": accounts}, out, ensure_ascii=False, indent=1
        )
    return path


def renew_accounts() -> Path:
    """A new password and token for a demonstration whose accounts file is gone."""
    password = new_password()
    User.objects.filter(username__in=ACCOUNTS).update(password=make_password(password))
    auditor = Seat.objects.in_force().get(user__username="auditor")
    return write_accounts(password, issue_token(auditor))
