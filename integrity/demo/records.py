"""Stories of records: from a clerk's draft through every state a record can reach (domain.md 10)."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

from django.utils import timezone

from integrity.catalogue import load
from integrity.demo.places import Registry
from integrity.demo.staff import Staff
from integrity.demo.turns import Turns
from integrity.demo.values import Writer, texts
from integrity.models import (
    ImportBatch,
    ImportRow,
    Kind,
    Record,
    Subject,
)
from integrity.models.record.many import Entered, confirm_many, enter_many, publish_many
from integrity.models.record.spec import check_values
from integrity.simulation import Story

BATCHED = ("DP01", "DP02")
COUNTY = ("AG11", "AG08", "DP02", "AG10")  # what district units provide


class Records(Turns):
    """Tells how records come about; all choices come from one seed."""

    def __init__(self, city: Registry, staff: Staff, rng: Random) -> None:
        super().__init__(city, staff, rng)
        self.writer, self.told = Writer(rng), dict[str, int]()

    def stories(self, start: date, days: int, share: float) -> list[Story]:
        """So many records of each kind as texts.toml says, spread over the time."""
        found = []
        for code, entry in texts().items():
            count = max(1, round(entry["count"] * share))
            if code in BATCHED:
                units = entry["by"]
                found += [
                    self.batch(code, units[i % len(units)], self._day(start, days), 10)
                    for i in range(max(1, count // 10))
                ]
                count = count // 10
            found += [self.record(code, self.rng.choice(entry["by"]), self._day(start, days)) for _ in range(count)]
        counties = [
            key for key in self.city.units if ".s" not in key and f"{key}-clerk" in self.staff.seats and "." in key
        ]
        for code in COUNTY * max(1, round(5 * share)):
            found.append(self.record(code, self.rng.choice(counties), self._day(start, days)))
        return found

    def _day(self, start: date, days: int) -> date:
        """Some day of the time, one in six of them lately, so that work lies on every desk today."""
        return start + timedelta(days=days - self.rng.randint(1, 9) if self.chance(16) else self.rng.randint(2, days))

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
            *(s.org_id for s in self.staff.seats.values() if s.role_code in ("CREDIT_CITY", "CREDIT_COUNTY")),
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
        values["deciding_name"] = values["deciding_name"] or clerk.org.name
        row = Record(kind=self.kinds[code]).enter(by=clerk, values=values)
        yield self.rng.randint(0, 2)
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
        yield from self.turn(row)

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
        if kind.spec.polarity == "negative":
            yield from self.turn(self.rng.choice(list(Record.objects.filter(batch=batch))))

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
