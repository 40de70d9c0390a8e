"""公务人员: the acts of a file, from appointment to sealing, in the order a person goes through office (task 1)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from integrity.acts import act
from integrity.codes import id_number_valid, normalise_code
from integrity.models import Measure, Record, Subject, as_rule, find_person
from officials.models.file import SEEN, OfficialFields
from officials.models.moving import follow_seats, lapse_seats


class Official(OfficialFields):
    """One official's file; access to it follows his managing authority, his projects' responsibility stays."""

    class Meta(OfficialFields.Meta):
        abstract = False

    # ---- registration ----

    @act(
        "official.appointed",
        label="任职登记",
        right="official.manage",
        creates=True,
        form=("full_name", "id_number", "workplace", "document"),
    )
    def appoint(
        self, *, by: Any, document: str, full_name: str = "", id_number: str = "", workplace: Any = None
    ) -> dict[str, str]:
        """Open the file of a person appointed to a post; what hangs on an appointment (pledge, check) follows (tasks 1-3)."""
        self._open(by, full_name, id_number, workplace)
        self._refuse_barred("P01")
        self._remember("APPOINTED", document)
        return {"document": document}

    @act("official.listed", label="导入登记", right="official.manage", creates=True, button=False)
    def enlist(self, *, by: Any, full_name: str = "", id_number: str = "", workplace: Any = None) -> None:
        """Open the file of somebody who has been in office before; it counts once a second person has released it."""
        self._open(by, full_name, id_number, workplace)
        self.state = self.State.PENDING
        self._remember("REGISTERED", "")

    @act("official.released", label="复核通过", right="official.manage", source=["PENDING"], target="ACTIVE")
    def release(self, *, by: Any) -> None:
        """A second person has compared the imported file with the personnel file."""
        self.released_by, self.updated_at = by.user, timezone.now()

    def _open(self, by: Any, name: str, number: str, unit: Any) -> None:
        person = self.subject if self.subject_id else find_person(number) if number else None
        if person is None:
            person = self._new_person(by, name, number, unit)
        elif Official.objects.filter(subject=person).exists():
            raise ValidationError({"id_number": "该人员已有诚信档案；在其他单位的，请由其管理机关办理调动"})
        elif name and name != person.name:
            raise ValidationError({"full_name": "姓名与该公民身份号码登记的不一致，请核对"})
        elif person.is_official and person.managed_by_id not in (None, by.org_id):
            raise ValidationError({"id_number": "该人员由其他单位管理，请由其管理机关办理"})
        elif person.managed_by_id is None:
            person = person.move(by=as_rule(by), unit=unit or person.parent, authority=by.org)
        self.subject, self.entered_by, self.updated_at = person, by.user, timezone.now()
        if self.appointed_on > timezone.localdate():
            raise ValidationError({"appointed_on": "任职日期不能晚于今天"})
        year, male = person.born
        self.birth_year = self.birth_year or year
        self.sex = self.sex or ("" if male is None else self.Sex.MALE if male else self.Sex.FEMALE)

    @staticmethod
    def _new_person(by: Any, name: str, number: str, unit: Any) -> Subject:
        wanted = {"full_name": (name, "请填写姓名"), "workplace": (unit, "请填写所在单位")}
        if missing := {field: words for field, (value, words) in wanted.items() if not value}:
            raise ValidationError(missing)
        if not id_number_valid(normalise_code(number)):
            raise ValidationError({"id_number": "公民身份号码校验位不正确，请核对"})
        check_workplace(unit)
        row = Subject(
            form="PERSON", name=name.strip(), is_official=True, parent=unit, area=unit.area, managed_by=by.org
        )
        return row.register(by=by, id_number=number)

    # ---- the way through office ----

    @act(
        "official.promoted",
        label="晋升",
        right="official.manage",
        source=["ACTIVE"],
        form=("new_post", "new_rank", "since", "document"),
    )
    def promote(self, *, by: Any, new_post: str, since: date, document: str, new_rank: str = "") -> dict[str, str]:
        """A higher post or rank; barred by statute while a sanction runs (公务员法 64, task 3)."""
        self._refuse_barred("P01", "P02")
        self._take_post(new_post, new_rank, since)
        self._remember("PROMOTED", document)
        return {"document": document}

    @act(
        "official.transferred",
        label="调动",
        right="official.manage",
        source=["ACTIVE", "TRANSFERRED", "LEFT"],
        target="ACTIVE",
        form=("workplace", "authority", "new_post", "new_rank", "since", "document"),
        confirm="档案随调动转由新的管理权限单位管理，本单位不再能查看；本人在原单位的工作岗位同时终止。已登记的项目责任不变",
    )
    def transfer(
        self,
        *,
        by: Any,
        workplace: Any,
        new_post: str,
        since: date,
        document: str,
        authority: Any = None,
        new_rank: str = "",
    ) -> dict[str, str]:
        """To another unit or post; the file follows, seats at the old unit end, project responsibility stays (task 1)."""
        check_workplace(workplace)
        left = self.subject.parent
        self._take_post(new_post, new_rank, since)
        self.subject = self.subject.move(by=by, unit=workplace, authority=authority or self.subject.managed_by)
        if left and left.pk != workplace.pk:
            follow_seats(self.subject, left, by)
        self.left_on = None
        self._remember("TRANSFERRED", document)
        return {"document": document, "from": left.name if left else "", "to": workplace.name}

    @act(
        "official.departed",
        label="调出本市",
        right="official.manage",
        source=["ACTIVE"],
        target="TRANSFERRED",
        form=("destination", "ended_on"),
    )
    def depart(self, *, by: Any, destination: str, ended_on: date) -> dict[str, str]:
        """To a unit this register does not know; the managing authority keeps the file, his seats end."""
        self._end(ended_on, by)
        return {"to": destination.strip()}

    @act("official.retired", label="退休", right="official.manage", source=["ACTIVE"], target="RETIRED", form=("ended_on",))  # fmt: skip
    def retire(self, *, by: Any, ended_on: date) -> None:
        """Out of office by age; the file stays, answers for earlier projects included."""
        self._end(ended_on, by)

    @act("official.left", label="离职", right="official.manage", source=["ACTIVE"], target="LEFT", form=("ended_on", "reason"))  # fmt: skip
    def leave(self, *, by: Any, ended_on: date, reason: str) -> dict[str, str]:
        """Resignation, dismissal, end of a term."""
        self._end(ended_on, by)
        return {"reason": reason.strip()}

    @act(
        "official.sealed",
        label="封存档案",
        right="official.manage",
        source=["PENDING", "TRANSFERRED", "RETIRED", "LEFT"],
        target="SEALED",
        form=("reason",),
        confirm="封存后只有档案管理员可以查看",
    )
    def seal(self, *, by: Any, reason: str) -> dict[str, str]:
        """Kept for the archive alone (个人信息保护法 47); not while records about him are in use."""
        if Record.objects.in_use().filter(subject=self.subject_id).exists():
            raise ValidationError("仍有在用的记录，不能封存档案")
        self.updated_at = timezone.now()
        return {"reason": reason.strip()}

    @act(
        "official.amended",
        label="更正档案",
        right="official.manage",
        source=SEEN,
        form=("category", "new_post", "new_rank", "leading"),
    )
    def amend(self, *, by: Any, category: str, new_post: str, new_rank: str = "", leading: bool = False) -> None:
        """Put wrong data of the file right; what has changed in fact is a promotion or transfer."""
        self.category, self.leading = category, leading
        self.post, self.rank = new_post.strip(), new_rank.strip()
        self.updated_at = timezone.now()

    @act("official.viewed", label="查看", right="record.read", changes=False)
    def view(self, *, by: Any, purpose: str) -> dict[str, str]:
        """Log who looked into the file, and why (山东条例 37)."""
        if not purpose.strip():
            raise ValidationError({"purpose": "请写明查看用途"})
        return {"purpose": purpose.strip()}

    def _take_post(self, post: str, rank: str, since: date) -> None:
        if since < self.appointed_on:
            raise ValidationError({"since": f"不能早于任现职日期（{self.appointed_on}）"})
        if since > timezone.localdate():
            raise ValidationError({"since": "任职日期不能晚于今天"})
        self.post, self.rank, self.appointed_on = post.strip(), rank.strip() or self.rank, since
        self.updated_at = timezone.now()

    def _end(self, on: date, by: Any) -> None:
        if not self.appointed_on <= on <= timezone.localdate():
            raise ValidationError({"ended_on": f"应在 {self.appointed_on} 至今天之间"})
        self.left_on, self.updated_at = on, timezone.now()
        self.appointments.filter(until=None).update(until=on)
        lapse_seats(self.subject, by)

    def _remember(self, occasion: str, document: str) -> None:
        """Close the appointment before and note the new one (任职经历)."""
        self.appointments.filter(until=None).update(until=self.appointed_on)
        self.appointments.create(
            unit=self.subject.parent, post=self.post, rank=self.rank, starts_on=self.appointed_on,
            occasion=occasion, doc_no=document,
        )  # fmt: skip

    def _refuse_barred(self, *codes: str) -> None:
        """Statute bars a rise while a sanction runs; everything else is for the deciding unit to weigh."""
        bars = Measure.objects.in_force().filter(subject=self.subject_id, kind__in=codes, effect="mandatory")
        if bar := bars.order_by("-until").first():
            raise ValidationError(f"处分期至 {bar.until}，期内不得晋升职务、职级（公务员法第六十四条）")


def check_workplace(unit: Subject) -> None:
    """Officials work in agencies; managers of state enterprises in enterprises."""
    if not unit.is_organisation or unit.form == Subject.Form.SOLE_TRADER:
        raise ValidationError({"workplace": "所在单位须为政府机构、事业单位、基层自治组织或者国有企业"})
