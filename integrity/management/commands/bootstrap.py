"""The first day of a real node, step by step (docs/first-day.md)."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from integrity import bootstrap
from integrity.acts import Refused

FORMS = ("organisations", "people")


class Command(BaseCommand):
    help = "From an empty node to one that can work; docs/first-day.md walks through it"

    def add_arguments(self, parser: CommandParser) -> None:
        steps = parser.add_subparsers(dest="step", required=True)
        add = lambda name, text: steps.add_parser(name, help=text)  # noqa: E731
        add("status", "what stands and what is missing")
        step = add("founders", "two administrators, each released by the other; prints their passwords once")
        step.add_argument("people", nargs=2, metavar="USERNAME:姓名")
        step = add("template", "an empty workbook to fill in")
        step.add_argument("form", choices=FORMS)
        step.add_argument("file", type=Path)
        step = add("areas", "divisions from a workbook: 代码, 名称, 类型, 上级代码")
        step.add_argument("file", type=Path)
        for form in FORMS:
            step = add(form, f"enter the {form} of a workbook; all of it, or nothing and a list of what is wrong")
            step.add_argument("file", type=Path)
            step.add_argument("--by", required=True, help="user name of whoever answers for it")
        step = add("release", "put the seats in force that others have granted")
        step.add_argument("--by", required=True)
        step = add("nominate", "ask for approval of the whole catalogue as one edition")
        step.add_argument("--by", required=True)
        step.add_argument("--doc-no", required=True, help="number of the document that decides on the catalogue")
        step.add_argument("--valid-from", type=date.fromisoformat)
        step = add("approve", "approve the nominated edition; another person than who nominated it")
        step.add_argument("--by", required=True)
        step = add("passwords", "first passwords of people who have none, into a new file")
        step.add_argument("file", type=Path)

    def handle(self, *args: Any, step: str, **options: Any) -> None:
        try:
            getattr(self, f"_{step}")(**options)
        except (bootstrap.Unready, Refused) as why:
            raise CommandError(str(why)) from why
        except ValidationError as why:
            raise CommandError("；".join(why.messages)) from why
        except OSError as why:
            raise CommandError(f"{why.filename}: {why.strerror}") from why

    def _status(self, **options: Any) -> None:
        for name, value in bootstrap.state():
            self.stdout.write(f"{value:>7}  {name}")

    def _founders(self, people: list[str], **options: Any) -> None:
        named = [(u, n or u) for u, _, n in (p.partition(":") for p in people)]
        for username, password in bootstrap.found(named).items():
            self.stdout.write(f"{username}  {password}")
        self.stdout.write("shown once: hand each to its person alone, to be changed at the first log-in")

    def _template(self, form: str, file: Path, **options: Any) -> None:
        from integrity.intake.profile import profile
        from integrity.intake.workbook import template

        with open(file, "xb") as out:
            out.write(template(profile(form)).read())
        self.stdout.write(str(file))

    def _areas(self, file: Path, **options: Any) -> None:
        self.stdout.write(f"{bootstrap.add_areas(file)} areas entered")

    def _organisations(self, file: Path, by: str, **options: Any) -> None:
        self._load(file, "organisations", bootstrap.registrar(by))

    def _people(self, file: Path, by: str, **options: Any) -> None:
        self._load(file, "people", bootstrap.seat_of(by, "SYSADMIN", "CREDIT_CITY"))

    def _load(self, file: Path, form: str, by: Any) -> None:
        from integrity.intake.founding import load

        done = load(file, form, by=by)
        for fault in done.errors:
            self.stderr.write("  ".join(str(v) for v in fault.values()))
        if done.errors:
            raise CommandError(f"{len(done.errors)} faults; nothing was entered")
        self.stdout.write(f"{done.entered} entered, {done.repeated} were there already")

    def _release(self, by: str, **options: Any) -> None:
        done, left = bootstrap.release(bootstrap.seat_of(by, "SYSADMIN", "CREDIT_CITY"))
        for text in left:
            self.stderr.write(text)
        self.stdout.write(f"{done} seats in force, {len(left)} left")

    def _nominate(self, by: str, doc_no: str, valid_from: date | None = None, **options: Any) -> None:
        count = bootstrap.nominate(bootstrap.seat_of(by, "CREDIT_CITY"), doc_no, valid_from)
        self.stdout.write(f"{count} entries nominated by {doc_no}")

    def _approve(self, by: str, **options: Any) -> None:
        self.stdout.write(f"{bootstrap.approve(bootstrap.seat_of(by, 'CREDIT_CITY'))} entries in force")

    def _passwords(self, file: Path, **options: Any) -> None:
        self.stdout.write(f"{bootstrap.write_passwords(file)} first passwords in {file}")
