"""Import a file from the command line, the same way as the desk does: checked first, good rows only on --submit."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.core.management.base import BaseCommand, CommandError, CommandParser

from integrity.acts import Refused
from integrity.intake import profile as profiles
from integrity.intake import report, workbook
from integrity.intake.upload import receive
from integrity.intake.work import wait
from integrity.models import ImportBatch, Seat

SOME_BAD, NOT_TAKEN = 2, 1


class Command(BaseCommand):
    help = (
        "Check FILE (.xlsx, .xls, .csv) by a profile and report; with --submit enter its good rows for a second person. "
        "Exit code: 0 all rows good (or known already), 2 some rows bad, 1 file not taken."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        known = "、".join([*profiles.stored(), "or a kind's code"])
        parser.add_argument("file", type=Path)
        parser.add_argument("--profile", required=True, help=known)
        parser.add_argument("--as", dest="username", required=True, help="account whose seat imports")
        parser.add_argument("--role", default="", help="role code, when the account has several seats")
        parser.add_argument(
            "--document", nargs="*", default=[], metavar="KEY=VALUE", help="what the file lacks, answered once"
        )
        parser.add_argument("--submit", action="store_true", help="enter the good rows")
        parser.add_argument("--errors", type=Path, help="where the workbook of bad rows goes (beside FILE by default)")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            batch = self._receive(options)
        except (ValidationError, Refused, KeyError, OSError) as why:
            raise CommandError(_words(why), returncode=NOT_TAKEN) from why
        batch = wait(batch, self._tell)
        if batch.state == ImportBatch.State.FAILED:
            raise CommandError(batch.failure, returncode=NOT_TAKEN)
        self._report(batch, options)
        if options["submit"] and batch.good:
            self._submit(batch)
        if batch.bad:
            sys.exit(SOME_BAD)

    def _receive(self, options: dict[str, Any]) -> ImportBatch:
        form = profiles.profile(options["profile"])
        answers = dict(pair.split("=", 1) if "=" in pair else (pair, "") for pair in options["document"])
        with options["file"].open("rb") as file:
            return receive(form, File(file, options["file"].name), answers, self._seat(options))

    def _seat(self, options: dict[str, Any]) -> Seat:
        seats = Seat.objects.in_force().filter(user__username=options["username"]).select_related("user", "org__area")
        if options["role"]:
            seats = seats.filter(role_code=options["role"])
        for seat in seats.order_by("role_code"):
            if "import.submit" in seat.rights:
                return seat
        raise CommandError(f"账号“{options['username']}”没有可以导入的在岗岗位", returncode=NOT_TAKEN)

    def _tell(self, batch: ImportBatch, done: int, total: int) -> None:
        self.stdout.write(f"{batch.get_state_display()}：{done} / {total or '?'} 行")
        self.stdout.flush()

    def _report(self, batch: ImportBatch, options: dict[str, Any]) -> None:
        self.stdout.write(
            f"共 {batch.total} 行：可导入 {batch.good}，有错 {batch.bad}，重复 {batch.repeated}，有提示 {batch.warned}"
        )
        for note in [*batch.reading["notes"], *(f"未读取的列：{name}" for name in batch.reading["ignored"])]:
            self.stdout.write(note)
        for group in report.groups(batch, "errors"):
            column = f"{group['column']}：" if group["column"] else ""
            self.stdout.write(
                f"  {group['code']} {column}{group['text']}（{group['count']} 行，首见第 {group['first']} 行）"
            )
        if batch.bad:
            place = options["errors"] or options["file"].with_name(f"{options['file'].stem}-错误.xlsx")
            with workbook.errors(batch) as made, place.open("wb") as out:
                shutil.copyfileobj(made, out)
            self.stdout.write(f"错误表：{place}")

    def _submit(self, batch: ImportBatch) -> None:
        try:
            batch.submit(by=batch.seat)
        except (ValidationError, Refused) as why:
            raise CommandError(_words(why), returncode=NOT_TAKEN) from why
        batch = wait(batch, self._tell)
        if batch.state == ImportBatch.State.FAILED:
            raise CommandError(batch.failure, returncode=NOT_TAKEN)
        self.stdout.write(f"已提交 {batch.good} 行，待另一人确认（批次 {batch.pk}）")


def _words(why: Exception) -> str:
    if isinstance(why, KeyError):
        return f"没有模板“{why.args[0]}”，可用：{'、'.join(profiles.stored())} 或者类目代码"
    if isinstance(why, ValidationError):
        fields = getattr(why, "message_dict", {"": why.messages})
        return "；".join(f"{name} {'，'.join(texts)}".strip() for name, texts in fields.items())
    return str(why)
