"""A court's list as it comes: headings found, lines matched against the agency tree; only what may be an agency is kept."""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from agencies.matching import Matcher
from agencies.models import CourtEntry
from integrity.codes import AGENCY_PREFIXES, id_number_valid, normalise_code
from integrity.facts import Bad, parse_date
from integrity.intake.guard import Unfit
from integrity.intake.profile import Profile, normal, stored
from integrity.intake.table import Cells, opened, text_of

LOOK, MOST, USCC = 20, 5000, 18
MORE_NAMES = {
    "统一信用代码": "subject_code",
    "信用代码": "subject_code",
    "工商注册号": "",
}  # headings of published lists
DAYS = ("filed_on", "listed_on")
Line = dict[str, str]


def read(upload: Any) -> list[tuple[int, Line]]:
    """The lines of an uploaded list by field, with their numbers; raises ValidationError that says what to do."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "list"
        with path.open("wb") as file:
            shutil.copyfileobj(upload, file)
        try:
            with opened(path, upload.name) as sheets:
                for sheet in sheets:
                    if lines := list(islice(_lines(sheet.rows), MOST + 1)):
                        break
                else:
                    raise Unfit("没有找到“被执行人名称”一列，请核对表头后重新上传")
        except Unfit as why:
            raise ValidationError({"file": str(why)}) from why
    if len(lines) > MOST:
        raise ValidationError({"file": f"名单超过 {MOST} 行，请拆分后导入"})
    return lines


def _lines(rows: Iterator[tuple[int, Cells]]) -> Iterator[tuple[int, Line]]:
    profile, places = stored()["court"], {}
    for number, cells in rows:
        texts = [text_of(c).strip() for c in cells]
        if not places and number <= LOOK:
            places = _places(profile, texts)
        elif places and any(texts):
            line: Line = {}
            for i, field in places.items():
                if i < len(texts) and texts[i] and (field not in line or len(texts[i]) == USCC):
                    line[field] = texts[i]  # of two codes the unified one
            if line.get("subject_name") and line["subject_name"] != "被执行人名称":
                yield number, _clean(profile, line)


def _places(profile: Profile, texts: list[str]) -> dict[int, str]:
    """Which column fills what, when this row is the heading: it names the debtor and at least one thing more."""
    known = {name: cols[0][1] for name, cols in profile.names.items()}
    more = {normal(k): v for k, v in MORE_NAMES.items()}
    found: dict[int, str] = {}
    for i, text in enumerate(texts):
        column = known.get(normal(text))
        to = column.to if column and not column.private else more.get(normal(text), "")
        if to and (to == "subject_code" or to not in found.values()):
            found[i] = to
    return found if "subject_name" in found.values() and len(found) > 1 else {}


def _clean(profile: Profile, line: Line) -> Line:
    """Words as the catalogue has them, days as days; what cannot be read stays as written, for a person to see."""
    for name, words in profile.words.items():
        if name in line:
            line[name] = words.get(line[name], line[name])
    for name in DAYS:
        if name in line:
            try:
                line[name] = parse_date(line[name]).isoformat()
            except Bad:
                continue
    return line


@transaction.atomic
def receive(list_name: str, lines: Iterable[tuple[int, Line]], *, by: Any) -> Counter[str]:
    """Match every line; keep those that may mean an agency. Counts: total, person, other, twin, sure, several, none."""
    matcher, counts = Matcher(), Counter[str]()
    known = set(CourtEntry.objects.values_list("name", "case_no"))
    for number, line in lines:
        name, code = line["subject_name"][:200], normalise_code(line.get("subject_code", ""))[:40]
        case_no = line.get("case_no", "")[:100]
        counts["total"] += 1
        if id_number_valid(code) or "*" in code:
            counts["person"] += 1
            continue
        found = matcher.find(name, code, line.get("court", ""))
        if not found and not code.startswith(AGENCY_PREFIXES):
            counts["other"] += 1
            continue
        if (name, case_no) in known:
            counts["twin"] += 1
            continue
        known.add((name, case_no))
        counts["sure" if found and found[0].sure else "several" if found else "none"] += 1
        facts = {k: v for k, v in line.items() if k not in ("subject_name", "subject_code")}
        CourtEntry(
            list_name=list_name[:200], line=number, name=name, code=code, case_no=case_no, court=line.get("court", "")[:200],
            facts=facts, candidates=[c.as_dict() for c in found],
        ).receive(by=by)  # fmt: skip
    return counts
