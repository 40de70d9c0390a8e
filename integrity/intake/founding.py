"""Loading the first day's tables straight from files, before anybody has a seat to import from (manage.py bootstrap)."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import transaction

from integrity.intake import first_day
from integrity.intake.heading import find
from integrity.intake.profile import profile
from integrity.intake.reading import chunks
from integrity.intake.staging import said, values_of
from integrity.intake.table import opened


@dataclass
class Loaded:
    """How many rows went in, how many were there already, and what is wrong with the others."""

    entered: int = 0
    repeated: int = 0
    errors: list[dict[str, Any]] = field(default_factory=list)


def load(path: Path, code: str, *, by: Any) -> Loaded:
    """Enter a table of organisations or people by acts of `by`; all or nothing. Raises Unfit, Refused, ValidationError.

    Seats stay pending until a second person releases them.
    """
    form, done, good = profile(code), Loaded(), []
    with opened(path, path.name) as sheets:
        heading, sheet = find(sheets, form, ())
        checker = first_day.TableChecker(heading, by)
        for rows in chunks(heading, sheet):
            checker.check(rows)
            for row in rows:
                if row.bad:
                    names = heading.fields | {"": ""}
                    done.errors += [{"row": row.serial, **said(p, names)} for p in row.problems if p.blocks]
                elif row.repeated:
                    done.repeated += 1
                else:
                    good.append({"serial": row.serial, "values": values_of(row)})
    if not done.errors:
        with transaction.atomic():
            done.entered = len(first_day.enter(code, None, good, by=by))
    return done
