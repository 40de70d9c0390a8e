"""What becomes of a registered record: measures, objection, correction, interruption, revocation, repair (domain.md 10)."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from typing import Any

from django.utils import timezone

from integrity.demo.places import Registry
from integrity.demo.staff import Staff
from integrity.models import Kind, Measure, MomentSeat, Objection, Record, RepairApplication, Subject, Version
from integrity.simulation import Story


class Turns:
    """The turns a record's life may take; all choices come from one seed."""

    def __init__(self, city: Registry, staff: Staff, rng: Random) -> None:
        self.city, self.staff, self.rng = city, staff, rng
        self.kinds = {k.code: k for k in Kind.objects.all()}

    def chance(self, percent: int) -> bool:
        return self.rng.random() * 100 < percent

    def turn(self, row: Record) -> Story:
        """What becomes of a registered record, if anything does."""
        turn = self.rng.random()
        for share, path in (
            (0.07, self.objection),
            (0.13, self.correction),
            (0.17, self.stop),
            (0.2, self.void),
            (0.6, self.end),
        ):
            if turn < share:
                yield from path(row)
                return

    def impose(self, row: Record) -> None:
        """One reference measure of the list, decided by the credit office."""
        refs = [m.code for m in row.spec.measures if m.effect == "reference"]
        if row.spec.disclosure == "restricted" or not refs:
            return
        kind = self.kinds[self.rng.choice(refs)]
        today = timezone.localdate()
        measure = Measure(
            kind=kind, record=row, basis="；".join(kind.spec.basis), effect="reference", decided_unit=self.city.units["credit"],
            decided_on=today, starts_on=today,
        )  # fmt: skip
        measure.impose(by=self.staff["credit"])

    def objection(self, row: Record) -> Story:
        """The subject objects: marked at once, answered by another person of the unit."""
        yield self.rng.randint(3, 40)
        if not self.alive(row) or row.spec.disclosure == "restricted":
            return
        case = Objection(record=row, reason="WRONG", text="处罚已在规定期限内履行完毕，记录未体现。")
        case.file(by=self._applicant(row.subject))
        yield self.rng.randint(1, 4)
        if handler := self.staff.second(self.key_of(case.matter.unit)):
            outcome = "成立，撤销记录" if self.chance(25) else "不成立"
            case.decide(by=handler, outcome=outcome, reply=f"经核查原始文书，异议{outcome}。")

    def correction(self, row: Record) -> Story:
        """A slip is put right as a new version by two people and the credit office."""
        yield self.rng.randint(5, 60)
        if not self.alive(row):
            return
        clerk, reviewer = self._desk(row)
        version = Version(
            record=row, changes={"legal_basis": row.legal_basis + "（更正后）"}, reason="认定依据表述不完整"
        )
        version.propose(by=clerk)
        yield 1
        version.review(by=reviewer)
        yield 1
        restricted = row.spec.disclosure == "restricted"
        version.adopt(by=reviewer if restricted else self.staff["credit2"])

    def stop(self, row: Record) -> Story:
        """Publication is interrupted: hidden for a day, suspended, or withdrawn with a public reason."""
        if row.publicity != "PUBLIC":
            return
        yield self.rng.randint(4, 30)
        if Record.objects.filter(pk=row.pk, publicity="PUBLIC", state="CONFIRMED").first() is None:
            return
        credit = self.staff["credit"]
        turn = self.rng.randint(0, 2)
        if turn == 0:
            row.hide(by=credit, reason="发现笔误，正在核对")
            yield 1
            if row.hidden_until and row.hidden_until > timezone.now():
                row.resume(by=credit)
        elif turn == 1:
            row.suspend(by=credit, reason="复议期间暂缓公示")
            yield 20
            row.resume(by=credit)
        else:
            row.withdraw(by=credit, reason="原决定正在复议，撤回公示")

    def void(self, row: Record) -> Story:
        """The document behind it falls."""
        if row.spec.disclosure == "restricted":
            return
        yield self.rng.randint(10, 60)
        if self.alive(row):
            row.revoke(by=self.staff["credit2"], reason="原文书经复议撤销")

    def end(self, row: Record) -> Story:
        """Repaired once the shortest period is over, or taken off the court's list."""
        if row.spec.repair == "by_court":
            yield self.rng.randint(60, 200)
            if self.alive(row):
                row.release(
                    by=self.staff["credit2"] if row.spec.family != "OF" else self.staff["credit"],
                    reason="已履行完毕，人民法院决定屏蔽",
                )
        elif row.spec.repair == "application" and row.spec.disclosure != "restricted":
            yield max(row.repair_from or timezone.localdate(), timezone.localdate()) + timedelta(
                days=self.rng.randint(3, 60)
            )
            if self.alive(row):
                yield from self.repair(row)

    def repair(self, row: Record) -> Story:
        """Proof and pledge; one person takes it on, another decides."""
        case = RepairApplication(record=row, proof="已履行相关义务，提交证明材料和信用修复承诺书。")
        case.file(by=self._applicant(row.subject), pledged=True)
        yield self.rng.randint(1, 3)
        key = self.key_of(case.matter.unit)
        if self.staff.second(key) is None:
            return
        case.accept(by=self.staff.reviewer(key))
        yield self.rng.randint(1, 4)
        if self.alive(row):
            outcome = "不予修复" if self.chance(20) else "准予修复"
            case.decide(by=self.staff.second(key), outcome=outcome, reply=f"经审查，{outcome}。")

    def alive(self, row: Record) -> bool:
        return Record.objects.filter(pk=row.pk, state="CONFIRMED").exists()

    def key_of(self, unit: Subject) -> str:
        return next(k for k, u in self.city.units.items() if u.pk == unit.pk)

    def _desk(self, row: Record) -> tuple[Any, Any]:
        key = self.key_of(row.source_unit)
        return self.staff.clerk(key), self.staff.reviewer(key)

    def _applicant(self, subject: Subject) -> MomentSeat:
        """The subject's own seat of the moment, as at a counter that has checked his papers."""
        if subject.is_organisation:
            return MomentSeat("AGENCY_REP" if subject.form == "AGENCY" else "COMPANY_REP", org=subject)
        seat = MomentSeat("OFFICIAL", user=getattr(subject, "account", None))
        seat.person_id = subject.pk
        return seat
