"""What can be said about an entry while it is typed; every sentence comes from the same checks as submission."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils import timezone

from integrity.codes import id_number_valid, normalise_code, normalise_doc_no, uscc_check_char, uscc_problem
from integrity.forms import RecordForm
from integrity.models import Kind, Record, Subject, find_organisation
from integrity.models.record.area_checks import problems_of, window_of
from integrity.models.record.entry import subject_problem
from integrity.models.record.spec import check_values, window

WORDS = {"ok": "通过", "warn": "提示", "bad": "不通过"}
OUTSIDE = {"subject_code", "subject_name", "id_number", "duplicate_note"}


@dataclass(frozen=True)
class Finding:
    """One advice: tone, sentence, and where it helps a value for a field or a link."""

    tone: str
    text: str
    field: str = ""
    value: str = ""
    link: str = ""

    @property
    def word(self) -> str:
        return WORDS[self.tone]


def look(form: RecordForm, seat: Any, own: str = "") -> list[Finding]:
    """Every finding on what is filled in so far; nothing is said about fields still empty."""
    raw = {n: f.widget.value_from_datadict(form.data, form.files, n) for n, f in form.fields.items()}
    text = {n: v.strip() for n, v in raw.items() if isinstance(v, str)}
    subject, found = _subject(form, seat, text)
    found += list(_deciding(text, raw))
    columns, facts, problems = check_values(
        form.spec, {n: v for n, v in raw.items() if n not in OUTSIDE}, timezone.localdate()
    )
    found += [Finding("bad" if p.blocks else "warn", p.text, p.field) for p in problems if p.code != "E01"]
    row = Record(kind_id=form.spec.code, subject=subject, facts=facts, **columns)
    with suppress(ValueError):
        row.pk = UUID(own)
    found += list(_period(row))
    found += list(_texts(form, text, problems))
    if subject is not None and row.decided_on:
        found += [Finding("bad" if p.blocks else "warn", p.text, p.field) for p in problems_of(row)]
    if subject is not None and text.get("doc_no"):
        found += list(_twin(form, seat, subject, text, own))
    return found


def _code(label: str, field: str, text: str) -> Finding | None:
    """What is wrong with a code, with the right check character where only that is wrong."""
    code = normalise_code(text)
    problem = uscc_problem(code)
    if problem is None:
        return None
    wanted = uscc_check_char(code) if len(code) == 18 else None
    return Finding("bad", f"{label}：{problem}", field, code[:17] + wanted if wanted else "")


def _subject(form: RecordForm, seat: Any, text: dict[str, str]) -> tuple[Subject | None, list[Finding]]:
    code, number = text.get("subject_code", ""), text.get("id_number", "")
    if number:
        return _person(form, seat, normalise_code(number))
    if not code:
        return None, []
    if wrong := _code("信用主体", "subject_code", code):
        return None, [wrong]
    subject = find_organisation(code)
    if subject is None:
        new = "enterprise" in form.spec.subject
        words = "不在主体库中，填写名称后登记为临时主体" if new else "机构表中没有这个代码"
        return None, [Finding("warn" if new else "bad", words, "subject_code")]
    if problem := subject_problem(form.spec, subject):
        return None, [Finding("bad", problem, "subject_code")]
    found = [Finding("ok", f"信用主体：{subject.name}")]
    if subject.state == "ENDED":
        heir = subject.successor
        hint = f"，职责由“{heir.name}”承继" if heir.pk != subject.pk else ""
        value = heir.code if heir.pk != subject.pk else ""
        found = [Finding("warn", f"“{subject.name}”已撤销{hint}", "subject_code", value)]
    return subject, found


def _person(form: RecordForm, seat: Any, number: str) -> tuple[Subject | None, list[Finding]]:
    if not id_number_valid(number):
        return None, [Finding("bad", "公民身份号码校验位不正确，请核对", "id_number")]
    person = Subject.objects.visible_to(seat).by_id_number(number).first()
    if person is None:
        return None, [Finding("bad", "没有找到该人员，请先由组织人事部门登记", "id_number")]
    if problem := subject_problem(form.spec, person):
        return None, [Finding("bad", problem, "id_number")]
    return person, [Finding("ok", f"信用主体：{person.name}")]


def _deciding(text: dict[str, str], raw: dict[str, Any]) -> Iterator[Finding]:
    code = text.get("deciding_code", "")
    if not code:
        return
    if wrong := _code("认定单位", "deciding_code", code):
        yield wrong
        return
    unit = find_organisation(code)
    if unit is None:
        yield Finding("warn", "认定单位不在机构表中，请填写认定单位名称", "deciding_code")
    elif unit.valid_until and text.get("decided_on", "") >= unit.valid_until.isoformat():
        yield Finding("bad", f"该机构在认定日期前已撤销（{unit.valid_until}）", "deciding_code")
    else:
        yield Finding("ok", f"认定单位：{unit.name}")


def _period(row: Record) -> Iterator[Finding]:
    """How long it will be shown and used, by the rule in force on the decision date."""
    if not row.decided_on:
        return
    shown = window(row.spec, row.tier, row.decided_on, row.act_ended_on, row.facts)
    if row.subject_id:
        shown = window_of(row, shown)
    if shown.until and shown.until <= timezone.localdate():
        yield Finding("bad", f"按规定该记录已于 {shown.until} 到期，不再归集", "decided_on")
    else:
        yield Finding("ok", shown.explain + (f"，至 {shown.until} 停止" if shown.until else ""))


def _texts(form: RecordForm, text: dict[str, str], problems: list[Any]) -> Iterator[Finding]:
    if (text.get("title") or text.get("fact")) and not any(p.code == "E15" for p in problems):
        yield Finding("ok", "已填写的公开文本未发现身份证号、手机号等个人信息")
    if (basis := text.get("legal_basis")) and "条" not in basis:
        yield Finding("warn", "认定依据未见条款号，请写明条、款", "legal_basis")


def _twin(form: RecordForm, seat: Any, subject: Subject, text: dict[str, str], own: str) -> Iterator[Finding]:
    unit = find_organisation(text.get("deciding_code", ""))
    name = text.get("deciding_name") or (unit.name if unit else "")
    row = Record(
        kind=Kind.objects.visible_to(seat).get(code=form.spec.code), subject=subject, doc_key=normalise_doc_no(text["doc_no"]),
        deciding_name=name,
    )  # fmt: skip
    with suppress(ValueError):
        row.pk = UUID(own)
    twin = row.twin()
    if twin is None:
        yield Finding("ok", "没有主体、文书号、认定单位相同的记录")
        return
    link = f"/desk/records/{twin.pk}/" if Record.objects.inside(seat).filter(pk=twin.pk).exists() else ""
    yield Finding(
        "warn", f"疑似重复：与 {twin.number} 的主体、文书号、认定单位相同。仍要新增的，请填写疑似重复说明", "", "", link
    )
