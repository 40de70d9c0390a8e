"""Rules of the sectors: when X has happened, then one act (house.md 2.10)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from integrity.acts import rule
from integrity.models import as_rule
from sectors.models import Duty, Project


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
