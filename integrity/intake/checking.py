"""Checking the rows of a file chunk by chunk: alone, against the register, against one another (domain.md 4.1, 7.3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from integrity import catalogue
from integrity.codes import AGENCY_PREFIXES, normalise_code
from integrity.facts import Bad, parse_date
from integrity.intake import register
from integrity.intake.heading import Heading
from integrity.intake.profile import open_kinds
from integrity.intake.register import Known
from integrity.intake.rows import Reader, Row, check_row, read_subject
from integrity.models import Kind, deadline
from integrity.models.record.spec import window
from integrity.search import normalise

SIMPLE_FINE_WAN = 0.3  # 行政处罚法 51: at most 3,000 yuan for an organisation by summary procedure


class RecordChecker:
    """Checks the rows of one file that become records; remembers what it has seen, so that memory stays small."""

    def __init__(self, heading: Heading, answers: Mapping[str, str], seat: Any, today: date) -> None:
        self.profile, self.seat, self.today = heading.profile, seat, today
        self.reader = Reader(heading, answers)
        self.kinds = {k.code: k for k in Kind.objects.filter(code__in=self.profile.kinds)}
        self.open = open_kinds(self.profile, seat)
        self.suited = {w: k for k in reversed(self.profile.kinds) for w in catalogue.load().kinds[k].subject}
        self.units: dict[tuple[str, str], Known | None] = {}
        self.keys: dict[bytes, int] = {}
        self.names: dict[bytes, bytes] = {}
        self.late = _late_from(self.profile.clock, today)

    def check(self, rows: Sequence[Row]) -> None:
        """Fill in what each row was understood as, and its problems."""
        for row in rows:
            self.reader.look(row)
            read_subject(row, persons=bool({"person", "official"} & self.suited.keys()))
        known = register.by_code(row.code for row in rows)
        persons = self._persons(rows)
        alike = register.by_name(row.name for row in rows if row.code and row.code not in known)
        for row in rows:
            subject = (
                persons.get(normalise_code(row.fields.get("id_number", ""))) if row.person else known.get(row.code)
            )
            self._subject(row, subject, alike.get(row.name))
            if row.kind:
                check_row(row, self.today)
        self._read_units(rows)
        for row in rows:
            if row.kind:
                self._unit(row)
                self._dates(row)
                self._penalty(row)
        self._doubles(rows)

    # ---- the subject ----

    def _persons(self, rows: Sequence[Row]) -> dict[str, Known]:
        numbers = [normalise_code(row.fields.get("id_number", "")) for row in rows if row.person and not row.bad]
        return register.by_number(numbers, self.seat)

    def _subject(self, row: Row, subject: Known | None, namesake: Known | None) -> None:
        """Who the row is about: registered, or to be registered provisionally; and the kind that suits."""
        row.kind = self.profile.kinds[-1]
        if subject is None:
            self._unknown(row, namesake)
            return
        row.subject = subject.id
        self._suit(row, subject.suits)
        if row.name and not row.person and not _same(row.name, subject.name):
            row.wrong("subject_name", "E11", f"该代码登记的名称是“{subject.name}”，与文件中的不一致")
        elif row.person and row.name and row.name != subject.name:
            row.wrong("subject_name", "E11", "姓名与该证件号码登记的姓名不一致")
        row.name = subject.name

    def _unknown(self, row: Row, namesake: Known | None) -> None:
        if row.person:
            if not row.bad:
                row.wrong("id_number", "E10", "没有找到该人员，请先由组织人事部门登记")
            return
        if not row.name:
            row.wrong("subject_name", "E01", "请填写主体名称")
        if not row.code or row.bad:
            return
        if row.code.startswith(AGENCY_PREFIXES):
            self._suit(row, {"agency"})
            row.wrong("subject_code", "E10", "机构表中没有这个代码，请先登记该机构")
            return
        self._suit(row, {"enterprise"})
        self._one_name(row)
        if namesake:
            row.hint("subject_name", "E11", f"库中已有同名主体，代码为 {namesake.code}，请核对是否同一主体")
        row.hint("subject_code", "E10", "主体库中没有该单位，将登记为临时主体")

    def _suit(self, row: Row, suits: set[str]) -> None:
        row.kind = next((k for w, k in self.suited.items() if w in suits), "")
        if not row.kind:
            words = {"agency": "政府机构", "enterprise": "企业", "official": "公务人员", "person": "自然人"}
            wanted = "、".join(words[w] for w in self.suited)
            row.wrong("subject_code", "E13", f"“{self.profile.name}”只适用于{wanted}")
        elif row.kind not in self.open:
            row.wrong("subject_code", "E13", f"您的岗位不能录入“{self.kinds[row.kind].name}”")
        elif self.kinds[row.kind].state != "APPROVED":
            row.wrong("subject_code", "E12", f"目录类目“{self.kinds[row.kind].name}”尚未批准或者已终止")

    def _one_name(self, row: Row) -> None:
        """An unregistered code bears one name throughout the file."""
        mark, name = register.digest(row.code), register.digest(normalise(row.name))
        if self.names.setdefault(mark, name) != name:
            row.wrong("subject_name", "E11", "同一代码在本文件中有不同的名称，请核对")

    # ---- the deciding unit ----

    def _read_units(self, rows: Sequence[Row]) -> None:
        """Look up the deciding units not met before; a file names few of them."""
        wanted = {_unit_key(row) for row in rows if row.kind} - self.units.keys()
        codes = register.by_code(code for code, _ in wanted)
        names = register.by_name(name for code, name in wanted if not code)
        if len(self.units) > 5000:
            self.units.clear()
        self.units |= {(code, name): codes.get(code) if code else names.get(name) for code, name in wanted}

    def _unit(self, row: Row) -> None:
        code, name = _unit_key(row)
        unit, columns = self.units.get((code, name)), row.columns
        if code and unit is None and (self.profile.known_unit or not name):
            row.wrong("deciding_code", "E10", "机构表中没有这个代码" + ("" if name else "，请填写认定单位名称"))
        if unit is None:
            return
        if name and not _same(name, unit.name):
            row.wrong("deciding_name", "E11", f"该代码登记的名称是“{unit.name}”，与文件中的不一致")
        decided = columns.get("decided_on")
        if unit.valid_until and decided and decided >= unit.valid_until:
            row.wrong("deciding_code", "E10", f"该机构在认定日期前已撤销（{unit.valid_until}）")
        columns |= {"deciding_unit_id": unit.id, "deciding_name": unit.name, "deciding_code": unit.code}

    def _dates(self, row: Row) -> None:
        """Already run out (E18), late (E17), or shown for another time than the law says."""
        decided = row.columns.get("decided_on")
        if row.bad or not decided:
            return
        spec = catalogue.load().kinds[row.kind]
        shown = window(spec, row.columns["tier"], decided, row.columns.get("act_ended_on"), row.facts)
        if shown.until and shown.until <= self.today:
            row.wrong("decided_on", "E18", f"按规定该记录已于 {shown.until} 到期，不再归集")
        if self.late and decided <= self.late:
            row.hint("decided_on", "E17", "自决定之日起已超过 7 个工作日，属于迟报")
        if stated := row.fields.get("shown_until"):
            try:
                if parse_date(stated, "公示截止期") != shown.until:
                    row.hint("shown_until", "E07", f"公示截止期按失信等级应为 {shown.until}，以系统计算为准")
            except Bad as bad:
                row.hint("shown_until", bad.code, str(bad))
        source = normalise_code(row.fields.get("source_code", ""))
        if source and self.seat.org_id and source != self.seat.org.code:
            row.hint("source_code", "E13", f"数据来源单位与导入单位“{self.seat.org.name}”不一致")

    def _penalty(self, row: Row) -> None:
        """A penalty that may have been imposed by summary procedure is looked at again (山东条例 13)."""
        kinds = row.facts.get("penalty_kinds")
        if not kinds or row.bad or "simple_procedure" in row.facts:
            return
        if "当场处罚" in row.columns.get("doc_no", "") + row.columns.get("title", ""):
            row.wrong("doc_no", "E14", "当场处罚决定适用简易程序，不纳入公共信用信息（山东省社会信用条例第十三条）")
        elif set(kinds.split("；")) <= {"警告", "罚款"} and float(row.facts.get("fine_wan") or 0) <= SIMPLE_FINE_WAN:
            row.hint("penalty_kinds", "E14", "只有警告或者不超过 3000 元的罚款，请核对是否适用简易程序；适用的不得归集")

    # ---- doubles ----

    def _doubles(self, rows: Sequence[Row]) -> None:
        """Rows that stand in the register already, or earlier in the same file (E09)."""
        sound = [row for row in rows if row.kind and not row.bad]
        keys = {id(r): (r.kind, r.subject, *register.document_key(r.columns)) for r in sound if r.subject}
        standing = register.doubles(list(keys.values()))
        for row in sound:
            mark = register.digest(row.kind, row.subject or row.code, *register.document_key(row.columns))
            if number := standing.get(keys.get(id(row))):
                row.repeated = f"与已有记录 {number} 的主体、文书号、认定单位相同"
            elif mark in self.keys:
                row.repeated = f"与本文件第 {self.keys[mark]} 行的主体、文书号、认定单位相同"
            else:
                self.keys[mark] = row.serial


def _unit_key(row: Row) -> tuple[str, str]:
    return row.columns.get("deciding_code") or "", row.columns.get("deciding_name") or ""


def _same(one: str, other: str) -> bool:
    """Whether two names are trivially equal: width, brackets, spaces and traditional forms do not count."""
    return one == other or normalise(one) == normalise(other)


def _late_from(clock: str, today: date) -> date | None:
    """The last day whose decisions are past the clock's term today."""
    if not clock:
        return None
    day = today
    while deadline(clock, day).on >= today:
        day -= timedelta(days=1)
    return day
