"""The clerk's part of a record: enter, amend, name the parties, submit; and who may act on it at all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from integrity.acts import act
from integrity.codes import normalise_doc_no, personal_data, public_number
from integrity.models.record.area_checks import problems_of, window_of
from integrity.models.record.fields import RecordFields
from integrity.models.record.spec import Problem, check_values, window
from integrity.models.subject import Subject, find_organisation

EDITABLE = ("DRAFT", "RETURNED")


class Entry(RecordFields):
    """Reach, occasion, and the acts of the providing unit's clerk (domain.md 10)."""

    class Meta:
        abstract = True

    def within(self, by: Any) -> bool:
        """Whether the seat's reach covers this record (domain.md 5)."""
        role = by.role
        if self.spec.disclosure == "restricted" and not role.restricted and role.scope != "self":
            return role.automatic or role.code == "PEER"
        if role.scope == "all":
            return True
        if role.scope == "own unit":
            return self.source_unit_id == by.org_id
        if role.scope == "managed":
            provided = self.source_unit_id == by.org_id
            open_kind = self.spec.disclosure != "restricted" or role.code == "DISCIPLINE"
            return self.subject.managed_by_id == by.org_id or (provided and open_kind)
        if role.scope == "county":
            mine = by.org.area.path if by.org_id and by.org.area_id else "-"
            return bool(self.source_unit.area_id) and self.source_unit.area.path.startswith(mine)
        return False

    def refuses(self, spec: Any, by: Any) -> str:
        if spec.verb == "record.entered":
            if self.spec.family not in by.role.families:
                return f"您的岗位不能录入“{self.spec.name}”"
            return "" if by.org_id else "岗位没有所属单位，不能录入"
        if not self.within(by):
            return "不在您的管理范围内"
        if spec.verb == "record.reviewed" and by.role.scope in ("county", "all") and self._unit_has_reviewer():
            return "提供单位有审核人，由该单位复核"
        if spec.verb == "record.published" and by.user_id == self.confirmed_by_id:
            return "入库认定与公示须由两人办理"
        return self._untimely(spec.verb)

    def _untimely(self, verb: str) -> str:
        """Why an act has no occasion on this row now, so that its button does not stand there."""
        found_here = self.spec.notice == "own"
        stopped = self.suspended or bool(self.hidden_until and self.hidden_until > timezone.now())
        words = {
            "record.notified": (not found_here, "该类记录依据其他机关的生效文书，不需另行告知"),
            "record.heard": (self.notified_on is None, "尚未登记告知送达"),
            "record.cleared": (not self.needs_clearance or bool(self.cleared_by_id), "该记录没有待审查的扫描提示"),
            "record.suspended": (self.suspended, "已经暂缓公示"),
            "record.resumed": (not stopped, "该记录没有被暂缓或者隐藏"),
            "record.released": (self.spec.repair != "by_court", "仅适用于失信被执行人记录"),
        }
        untimely, why = words.get(verb, (False, ""))
        return why if untimely else ""

    def _unit_has_reviewer(self) -> bool:
        from integrity.models.access import Seat  # the seat's table reads records' subjects

        rows = Seat.objects.in_force().filter(org=self.source_unit, role_code__in=("UNIT_REVIEWER", "HR_OFFICER"))
        return rows.exclude(user_id__in=[self.entered_by_id, self.amended_by_id]).exists()

    # ---- the clerk ----

    @act("record.entered", label="录入", right="record.enter", creates=True)
    def enter(self, *, by: Any, values: Mapping[str, Any]) -> None:
        """Enter a draft of an approved kind; faults are allowed in a draft and blocked at submission (task 1, 6-20)."""
        kind = self.kind
        if kind.state != "APPROVED":
            raise ValidationError(f"目录类目“{kind.name}”尚未批准，不能录入（E12）")
        self.kind_edition, self.source_unit = kind.edition, by.org
        self.number = public_number(f"RZ-{kind.code}", timezone.localdate().year)
        self.entered_by, self.entered_at = by.user, timezone.now()
        self.fill(values)
        if by.role.code == "HR_OFFICER" and self.subject.managed_by_id != by.org_id:
            raise ValidationError({"subject": "只能录入本单位管理的人员"})

    @act("record.amended", label="修改", right="record.enter", source=EDITABLE)
    def amend(self, *, by: Any, values: Mapping[str, Any]) -> None:
        """Change a draft or a returned record."""
        if by.user_id != self.entered_by_id:
            self.amended_by = by.user
        self.fill(values)

    @act("record.submitted", label="提交复核", right="record.enter", source=EDITABLE, target="SUBMITTED")
    def submit(self, *, by: Any) -> None:
        """Hand over to the reviewer: every check runs again, document and basis must be there (山东条例 16)."""
        problems = self.problems()
        if blocking := [p for p in problems if p.blocks]:
            raise ValidationError({p.field: p.text for p in blocking})
        self.submitted_at = timezone.now()
        self.scan = self.scan_texts()

    @act("record.party_added", label="添加相关责任人", right="record.enter", source=EDITABLE, button=False)
    def add_party(self, *, by: Any, subject: Subject, role: str, post: str = "") -> dict[str, str]:
        """Name another subject's part in the fact, with the post of that time (house.md 2.10)."""
        if self.parties.filter(subject=subject, role=role).exists():
            raise ValidationError({"subject": f"已经登记“{subject}”为{role}"})
        self.parties.create(subject=subject, role=role, post=post)
        return {"party": str(subject.pk), "role": role, "post": post}

    @act("record.party_dropped", label="移除相关责任人", right="record.enter", source=EDITABLE, button=False)
    def drop_party(self, *, by: Any, party: Any) -> dict[str, str]:
        """Take a wrongly named part out of a draft; the event keeps what stood there."""
        notes = {"party": str(party.subject_id), "role": party.role, "post": party.post}
        self.parties.filter(pk=party.pk).delete()
        return notes

    def fill(self, values: Mapping[str, Any]) -> None:
        """Put checked values into the columns; what cannot be parsed at all is refused with its field."""
        subject = values.get("subject")
        raw = {k: v for k, v in values.items() if k not in ("subject", "duplicate_note")}
        columns, facts, problems = check_values(self.spec, raw, timezone.localdate())
        if subject is None:
            raise ValidationError({"subject": "请选择信用主体"})
        if problem := subject_problem(self.spec, subject):
            raise ValidationError({"subject": problem})
        hard = [p for p in problems if p.blocks]
        if hard:
            raise ValidationError({p.field: p.text for p in hard})
        self.subject, self.facts, self.duplicate_note = subject, facts, values.get("duplicate_note", "")
        for name in ("title", "fact", "doc_type", "doc_no", "legal_basis"):
            setattr(self, name, columns.get(name) or "")
        for name in ("decided_on", "effective_on", "served_on", "act_ended_on"):
            setattr(self, name, columns.get(name))
        self.tier, self.doc_key = columns["tier"], normalise_doc_no(self.doc_no)
        self._set_deciding(columns.get("deciding_code") or "", columns.get("deciding_name") or "")
        self.reckon()
        self.updated_at = timezone.now()

    def _set_deciding(self, code: str, name: str) -> None:
        unit = find_organisation(code, name)
        if code and unit is None and not name:
            raise ValidationError({"deciding_code": "机构表中没有这个代码，请填写认定单位名称"})
        self.deciding_unit = unit
        self.deciding_code = code or (unit.code if unit else "")
        self.deciding_name = name or (unit.name if unit else "")

    def reckon(self) -> None:
        """Compute the end of publicity and use and the earliest repair date."""
        shown = window_of(self, window(self.spec, self.tier, self.decided_on, self.act_ended_on, self.facts))
        self.until, self.repair_from = shown.until, shown.repair_from

    def problems(self) -> list[Problem]:
        """Every check that needs the database: duplicate, agency's life, kind's force, source document."""
        found = []
        if self.kind.state != "APPROVED":
            found.append(Problem("kind", "E12", f"目录类目“{self.kind.name}”尚未批准或者已终止"))
        if (twin := self.twin()) and not self.duplicate_note:
            found.append(
                Problem(
                    "doc_no",
                    "E09",
                    f"与 {twin.number} 的主体、文书号、认定单位相同。是否为同一事项？仍要新增的，请填写疑似重复说明",
                )
            )
        unit = self.deciding_unit
        if unit and unit.valid_until and self.decided_on >= unit.valid_until:
            found.append(Problem("deciding_code", "E10", f"该机构在认定日期前已撤销（{unit.valid_until}）"))
        subject = self.subject
        if subject.valid_until and self.decided_on >= subject.valid_until:
            found.append(
                Problem(
                    "subject",
                    "E10",
                    f"信用主体在认定日期前已撤销（{subject.valid_until}），请选择承继单位",
                    blocks=False,
                )
            )
        if self.until and self.until <= timezone.localdate():
            found.append(Problem("decided_on", "E18", f"按规定该记录已于 {self.until} 到期，不再归集"))
        return found + problems_of(self)

    def twin(self) -> Any:
        """Another live record of the same kind, subject, document and deciding unit."""
        return (
            type(self)
            .objects.filter(
                kind=self.kind,
                subject=self.subject,
                doc_key=self.doc_key,
                deciding_name=self.deciding_name,
                duplicate_note="",
            )
            .exclude(pk=self.pk)
            .exclude(state__in=["DRAFT", "RETURNED", "REVOKED"])
            .first()
        )

    def scan_texts(self) -> list[dict[str, str]]:
        """What the privacy scan finds in the texts that may become public."""
        texts = {"title": self.title, "fact": self.fact} | {
            f.name: str(self.facts.get(f.name, "")) for f in self.spec.facts if f.public and f.type == "text"
        }
        return [{"field": n, "found": "、".join(k)} for n, t in texts.items() if (k := personal_data(t))]


def subject_problem(spec: Any, subject: Subject) -> str:
    """Why a subject does not fit a kind; empty when it does."""
    if not set(spec.subject) & subject.kinds_as_subject():
        words = {"agency": "政府机构", "enterprise": "企业", "official": "公务人员", "person": "自然人"}
        return f"“{spec.name}”只适用于{'、'.join(words[s] for s in spec.subject)}"
    return ""
