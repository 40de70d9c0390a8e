"""Stories of records: from a clerk's draft through every state a record can reach (domain.md 10)."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

from django.utils import timezone

from integrity.catalogue import load
from integrity.demo.places import Registry
from integrity.demo.staff import Staff
from integrity.demo.values import Writer, texts
from integrity.models import ImportBatch, ImportRow, Kind, Matter, Measure, MomentSeat, Record, Subject, Version
from integrity.models.record.many import Entered, confirm_many, enter_many, publish_many
from integrity.models.record.spec import check_values
from integrity.simulation import Story

BATCHED = ("DP01", "DP02")


class Records:
    """Tells how records come about; all choices come from one seed."""

    def __init__(self, city: Registry, staff: Staff, rng: Random) -> None:
        self.city, self.staff, self.rng, self.writer = city, staff, rng, Writer(rng)
        self.kinds = {k.code: k for k in Kind.objects.all()}
        self.told: dict[str, int] = {}

    def stories(self, start: date, days: int, share: float) -> list[Story]:
        """So many records of each kind as texts.toml says, spread over the time."""
        found = []
        for code, entry in texts().items():
            count = max(1, round(entry["count"] * share))
            if code in BATCHED:
                found += [
                    self.batch(code, entry["by"][i % len(entry["by"])], self._day(start, days), 10)
                    for i in range(max(1, count // 10))
                ]
            else:
                found += [self.record(code, self.rng.choice(entry["by"]), self._day(start, days)) for _ in range(count)]
        return found

    def _day(self, start: date, days: int) -> date:
        return start + timedelta(days=self.rng.randint(2, days))

    def chance(self, percent: int) -> bool:
        return self.rng.random() * 100 < percent

    # ---- subjects ----

    def subject(self, code: str, source: Subject) -> Subject:
        """A fitting subject that is neither the source nor its decider; the first of some kinds is a named account's."""
        self.told[code] = self.told.get(code, 0) + 1
        wanted, first = load().kinds[code].subject, self.told[code] == 1
        if wanted[0] == "official":
            return (
                self.staff["official"].user.person
                if first and code in ("OF07", "OF12")
                else self.rng.choice(self.officials())
            )
        if wanted[0] == "enterprise":
            return self.city.companies[0] if first else self.rng.choice(self.city.companies)
        if wanted[0] == "person":
            return self.rng.choice([p for p in self.city.people if not p.is_official])
        if code == "SE11":
            return self.rng.choice(
                [u for u in self.city.units.values() if u.agency_kind in ("TOWNSHIP", "SUBDISTRICT")]
            )
        if first and code in ("AG08", "AG11") and source != self.city.units["transport"]:
            return self.city.units["transport"]
        barred = {
            source.pk,
            self.city.units["credit"].pk,
            self.city.units["personnel"].pk,
            self.city.units["discipline"].pk,
        }
        return self.rng.choice([u for u in self.city.units.values() if u.pk not in barred])

    def officials(self) -> list[Subject]:
        return [p for p in self.city.people if p.is_official]

    # ---- one record ----

    def record(self, code: str, unit: str, start: date) -> Story:
        """A record of one kind: entered, perhaps returned, heard where it is a finding, reviewed, registered, shown, ended."""
        yield start
        clerk, reviewer = self.staff.clerk(unit), self.staff.reviewer(unit)
        decided = timezone.localdate() - timedelta(days=self.rng.randint(1, 6))
        values = self.writer.values(code, decided) | {"subject": self.subject(code, clerk.org)}
        row = Record(kind=self.kinds[code]).enter(by=clerk, values=values)
        yield self.rng.randint(0, 1)
        row.submit(by=clerk)
        yield self.rng.randint(0, 2)
        if self.chance(9):
            row.return_(by=reviewer, reason="文书送达日期与回证不一致，请核对后重新提交")
            yield 2
            if self.chance(30):
                return
            row.amend(by=clerk, values=values)
            row.submit(by=clerk)
            yield 1
        if row.spec.notice == "own":
            yield from self.hearing(row, reviewer)
        row.review(by=reviewer, privacy_ok=True, secrecy_ok=True)
        yield self.rng.randint(1, 3)
        if row.needs_county:
            row.accept(by=self.staff.acceptor(row.source_unit))
            yield 1
        self.register(row)
        yield self.rng.randint(0, 3)
        yield from self.life(row)

    def hearing(self, row: Record, reviewer: Any) -> Story:
        row.notify(by=reviewer, served_on=timezone.localdate())
        yield (row.statement_due - timezone.localdate()).days + 1
        if self.chance(35):
            row.hear(
                by=reviewer,
                statement="对认定事实无异议，已着手整改，请求从轻。",
                outcome="陈述理由部分采纳，认定事实成立",
            )
        else:
            row.hear(by=reviewer)
        yield 1

    def register(self, row: Record) -> None:
        """The register decision, with the publicity decision where the law leaves one."""
        restricted = row.spec.disclosure == "restricted"
        unit = "personnel" if row.source_unit_id == self.city.units["personnel"].pk else "discipline"
        by = self.staff.reviewer(unit) if restricted else self.staff["credit"]
        publish: bool | None = None
        ground = ""
        if not row.publicity_obstacle():
            publish = self.chance(92 if row.spec.publish != "on_decision" else 50)
            ground = "经研究决定公示" if publish else "已主动纠正，社会影响轻微，决定不公示"
        row.confirm(by=by, publish=publish, ground=ground, send_up=self.chance(60))

    def life(self, row: Record) -> Story:
        """Publication and what may follow it."""
        if row.publicity == "SCHEDULED":
            if row.needs_clearance:
                row.clear(by=self.staff["secrecy"])
            if self.chance(3):
                row.veto(by=self.staff["secrecy"], reason="涉及工作秘密，不宜公开")
                return
            row.publish(by=self.staff["credit2"])
            yield 2
        if row.spec.measures and row.state == "CONFIRMED" and self.chance(35):
            self.impose(row)
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

    # ---- turns of a record's life ----

    def objection(self, row: Record) -> Story:
        """The subject objects; the unit marks the record, checks and answers."""
        if row.spec.disclosure == "restricted":
            return
        yield self.rng.randint(3, 40)
        if row.__class__.objects.filter(pk=row.pk, state="CONFIRMED").first() is None:
            return
        clerk, reviewer = self._desk(row)
        matter = Matter(
            kind=self.kinds["YY01"], title="认为记录与事实不符", text="处罚已在规定期限内履行完毕，记录未体现。", about=row.subject, record=row,
            applicant=row.subject, received_unit=row.source_unit, unit=row.source_unit,
        )  # fmt: skip
        matter.receive(by=self._applicant(row.subject))
        row.mark_objection(by=clerk)
        yield 1
        matter.accept(by=reviewer)
        yield self.rng.randint(1, 4)
        upheld = self.chance(30)
        outcome = "异议成立" if upheld else "异议不成立"
        matter.respond(by=reviewer, outcome=outcome, reply="经核查原始文书，答复如下：" + outcome + "。")
        row.unmark_objection(by=reviewer, outcome=outcome)
        yield 2
        matter.close(by=reviewer)

    def correction(self, row: Record) -> Story:
        """A slip is put right as a new version by two people and the credit office."""
        yield self.rng.randint(5, 60)
        if row.__class__.objects.filter(pk=row.pk, state="CONFIRMED").first() is None:
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
        if Record.objects.filter(pk=row.pk, state="CONFIRMED").exists():
            row.revoke(by=self.staff["credit2"], reason="原文书经复议撤销")

    def end(self, row: Record) -> Story:
        """Repaired once the shortest period is over, or taken off the court's list."""
        if row.spec.repair == "by_court":
            yield self.rng.randint(60, 200)
            if Record.objects.filter(pk=row.pk, state="CONFIRMED").exists():
                row.release(
                    by=self.staff["credit2"] if row.spec.family != "OF" else self.staff["credit"],
                    reason="已履行完毕，人民法院决定屏蔽",
                )
        elif row.spec.repair == "application" and row.spec.disclosure != "restricted":
            yield max(row.repair_from or timezone.localdate(), timezone.localdate()) + timedelta(
                days=self.rng.randint(3, 60)
            )
            if Record.objects.filter(pk=row.pk, state="CONFIRMED").exists():
                yield from self.repair(row)

    def repair(self, row: Record) -> Story:
        credit = self.staff["credit2"]
        matter = Matter(
            kind=self.kinds["XF01"], title="申请信用修复", text="已履行相关义务并提交证明材料和信用修复承诺书。", about=row.subject, record=row,
            applicant=row.subject, received_unit=self.city.units["credit"], unit=self.city.units["credit"],
        )  # fmt: skip
        matter.receive(by=self._applicant(row.subject))
        yield 2
        matter.accept(by=credit)
        yield 2
        if not Record.objects.filter(pk=row.pk, state="CONFIRMED").exists():
            return
        if self.chance(20):
            matter.respond(by=credit, outcome="不予修复", reply="尚有义务未履行，暂不予修复。")
            return
        matter.respond(by=credit, outcome="准予修复", reply="经审查符合修复条件，准予修复。")
        row.repair(by=credit, reason="已纠正失信行为并履行义务")
        yield 1
        matter.close(by=credit)

    def _desk(self, row: Record) -> tuple[Any, Any]:
        key = next(k for k, u in self.city.units.items() if u.pk == row.source_unit_id)
        return self.staff.clerk(key), self.staff.reviewer(key)

    def _applicant(self, subject: Subject) -> MomentSeat:
        """The subject's own seat of the moment, as at a counter that has checked his papers."""
        if not subject.is_organisation:
            return MomentSeat("OFFICIAL", user=getattr(subject, "account", None))
        return MomentSeat("AGENCY_REP" if subject.form == "AGENCY" else "COMPANY_REP", org=subject)

    # ---- many at once ----

    def batch(self, code: str, unit: str, start: date, size: int) -> Story:
        """A workbook of adopted records: entered, confirmed as one, published as one."""
        yield start
        kind, clerk = self.kinds[code], self.staff.clerk(unit)
        raws = [
            self.writer.values(code, timezone.localdate() - timedelta(days=self.rng.randint(1, 6))) for _ in range(size)
        ]
        batch = self.enter(kind, clerk, raws, f"{kind.name}-{timezone.localdate():%Y%m}.xlsx")
        yield 2
        confirm_many(batch, by=self.staff["credit"], publish=True)
        yield 1
        publish_many(list(Record.objects.filter(batch=batch).values_list("pk", flat=True)), by=self.staff["credit2"])

    def enter(
        self, kind: Kind, clerk: Any, raws: list[dict[str, Any]], name: str, keep_rows: bool = True
    ) -> ImportBatch:
        batch = ImportBatch(profile=kind.code.lower(), kind=kind, file_name=name, sha256="0" * 64).receive(by=clerk)
        entries, today = [], timezone.localdate()
        for serial, raw in enumerate(raws, 2):
            columns, facts, _ = check_values(kind.spec, raw, today)
            columns["deciding_name"], columns["deciding_unit_id"] = clerk.org.name, clerk.org_id
            entries.append(Entered(self.rng.choice(self.city.companies).pk, columns, facts, serial))
        enter_many(kind, entries, by=clerk, batch=batch)
        if keep_rows:
            rows = [
                ImportRow(
                    batch=batch,
                    serial=e.serial,
                    raw=list(map(str, r.values())),
                    values=r,
                    status="ENTERED",
                    record_id=e.id,
                )
                for e, r in zip(entries, raws, strict=True)
            ]
            ImportRow.objects.bulk_create(rows)
        count = len(raws)
        batch.report(by=clerk, total=count, good=count, bad=0, repeated=0, warned=0)
        batch.submit(by=clerk)
        batch.finish(by=clerk, sample=[])
        return batch
