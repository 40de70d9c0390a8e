"""Rules of the sectors: when X has happened, then one act (house.md 2.10)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from integrity.acts import rule
from integrity.models import as_rule
from sectors.models import Breach, Duty, LookBack, Officer, Project


def _begin(project: Project, by: Any) -> None:
    for spec in project.plan.following(project.stage):
        fact, _, value = spec.only.partition("=")
        if (spec.due and not project.facts.get(spec.due)) or (fact and project.facts.get(fact) != value):
            continue
        start = project.stage_on
        Duty(project=project, code=spec.code, starts_on=start, due_on=start + timedelta(days=1)).set(by=as_rule(by))


@rule("project.entered", then="duty.set")
def begin_with_entry(rows: Any, events: Any, by: Any) -> None:
    """The duties of the first stage begin with the project."""
    for project in rows:
        _begin(project, by)


@rule("project.advanced", then="duty.set")
def begin_with_stage(rows: Any, events: Any, by: Any) -> None:
    """Announcing, accepting, paying: each stage brings its own (tasks 14-18)."""
    for project in rows:
        _begin(project, by)


@rule("project.advanced", then="duty.done")
def fulfil_with_stage(rows: Any, events: Any, by: Any) -> None:
    """What a stage itself fulfils, such as acceptance and payment, is done on its day."""
    for project in rows:
        codes = [d.code for d in project.plan.duties if d.done_by == project.stage]
        for duty in Duty.objects.filter(project=project, code__in=codes, state="OPEN"):
            duty.fulfil(by=as_rule(by), done_on=max(project.stage_on, duty.starts_on), done_note=project.stage_name)


def _imported(batch: Any) -> Any:
    ids = batch.rows.filter(status="ENTERED", record_id__isnull=False).values("record_id")
    return Project.objects.filter(pk__in=ids, state="DRAFT").select_related(*Project.lock_with)


@rule("batch.confirmed", then="project.released")
def release_imported(rows: Any, events: Any, by: Any) -> None:
    """Who confirms a table of intentions or contracts is the second person of its projects (task 14)."""
    for batch in rows:
        if batch.profile in ("intentions", "contracts"):
            for project in _imported(batch):
                project.release(by=by)


@rule("batch.refused", then="project.withdrawn")
def withdraw_imported(rows: Any, events: Any, by: Any) -> None:
    """Projects of a refused table never become public."""
    for batch in rows:
        if batch.profile in ("intentions", "contracts"):
            for project in _imported(batch):
                project.withdraw(by=by, reason=batch.failure)


@rule("record.confirmed", then="breach.confirmed")
def confirm_breach(rows: Any, events: Any, by: Any) -> None:
    """A registered breach is found when its record is (tasks 15 and 18)."""
    for breach in Breach.objects.filter(record__in=[r.pk for r in rows], state="FOUND"):
        breach.confirm(by=as_rule(by))


@rule("record.revoked", then="breach.voided")
def void_breach(rows: Any, events: Any, by: Any) -> None:
    """A revoked finding leaves no breach."""
    for breach in Breach.objects.filter(record__in=[r.pk for r in rows], state__in=("FOUND", "CONFIRMED")):
        breach.void(by=as_rule(by), reason="认定记录已撤销")


@rule("breach.confirmed", then="lookback.opened")
def look_back_at_breach(rows: Any, events: Any, by: Any) -> None:
    """Who answered for the stage on that day, wherever he is now; his managing authority decides (task 15)."""
    for breach in rows:
        officers = Officer.objects.filter(project=breach.project).in_charge(breach.happened_on, breach.stage)
        for officer in officers.select_related(*Officer.lock_with):
            finding = f"{officer.post}任职期间，{breach.project.name}（{breach.stage_name}阶段）发生政府方违约：{breach.promise}。{breach.fact}"
            LookBack(
                project=breach.project, officer=officer, breach=breach, outcome="LIABLE", finding=finding[:2000]
            ).open(by=as_rule(by))  # fmt: skip


@rule("project.ended", then="lookback.opened")
def look_back_at_end(rows: Any, events: Any, by: Any) -> None:
    """A fulfilled project goes to the good of those who led it: what they had to do, and what was done in time (task 15)."""
    for project in rows:
        for officer in project.officers.select_related(*Officer.lock_with):
            owed = [d for d in project.duties.standing() if officer.stage in ("", d.stage)]
            late = sum(d.is_late for d in owed)
            finding = f"负责{officer.stage_name}，承诺和责任事项 {len(owed)} 项，按期完成 {len(owed) - late} 项，逾期 {late} 项；项目已完成。"
            LookBack(project=project, officer=officer, outcome="GOOD", finding=finding).open(by=as_rule(by))
