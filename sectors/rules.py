"""Rules of the sectors: when X has happened, then one act (house.md 2.10)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.utils import timezone

from integrity.acts import rule
from integrity.models import Kind, Matter, as_rule
from integrity.models.record.area_checks import record_check
from integrity.models.record.many.rows import of_kinds
from integrity.models.record.spec import Problem
from sectors.bidding import cycle_until, thresholds, total
from sectors.models import Breach, Duty, LookBack, Notice, Officer, PointsRule, Project
from sectors.plan import plans

BREACHES = {p.breach for p in plans().values() if p.breach}  # kinds that a registered breach may become


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
    found = [r.pk for r in of_kinds(rows, *BREACHES)]
    for breach in Breach.objects.filter(record__in=found, state="FOUND") if found else ():
        breach.confirm(by=as_rule(by))


@rule("record.revoked", then="breach.voided")
def void_breach(rows: Any, events: Any, by: Any) -> None:
    """A revoked finding leaves no breach."""
    found = [r.pk for r in of_kinds(rows, *BREACHES)]
    for breach in Breach.objects.filter(record__in=found, state__in=("FOUND", "CONFIRMED")) if found else ():
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


# ---- bidding points (task 17) ----


@record_check("SE07")
def points_follow_a_rule(record: Any) -> Iterator[Problem]:
    """Points are given by a released rule in force on the day of the decision, as many as it says, for its cycle."""
    if not record.decided_on:
        return
    facts = record.facts
    found = PointsRule.objects.in_force(record.decided_on).filter(code=facts.get("rule_code", "")).first()
    if found is None:
        yield Problem("rule_code", "E04", "认定当日没有这个编号的有效记分规则")
        return
    if facts.get("points") != found.points:
        yield Problem("points", "E04", f"该规则记 {found.points} 分（{found.basis}）")
    if record.subject_id and not found.fits(record.subject):
        yield Problem("rule_code", "E04", f"该规则适用于{found.get_whom_display()}")
    if (until := cycle_until(record.decided_on)).isoformat() != facts.get("cycle_until"):
        yield Problem("cycle_until", "E07", f"按记分周期，截止日应为 {until}")


@rule("record.confirmed", then="matter.received")
def propose_at_threshold(rows: Any, events: Any, by: Any) -> None:
    """Reaching a threshold asks somebody to look; it never debars by itself (招标投标法 53-54)."""
    today = timezone.localdate()
    for record in of_kinds(rows, "SE07"):
        after = total(record.subject, today)
        before = after - record.facts["points"]
        for points, action in thresholds():
            if before < points <= after:
                Matter(
                    kind=Kind.objects.get(code="BD01"), about=record.subject, record=record, unit=record.source_unit,
                    received_unit=record.source_unit, title=f"招标投标记分累计 {after} 分，建议{action}"[:200],
                    text=f"一个记分周期内累计 {after} 分，达到 {points} 分，建议{action}。是否办理由承办人决定；记分本身不限制投标。",
                ).receive(by=as_rule(by))  # fmt: skip


@record_check("SE08")
def only_a_statute_blacklists(record: Any) -> Iterator[Problem]:
    """A blacklist entry rests on a decision by statute, never on points or grades (招标投标法 53-54, 实施条例 67-68)."""
    if record.legal_basis and "招标投标法" not in record.legal_basis:
        yield Problem(
            "legal_basis", "E04", "列入“黑名单”须依据招标投标法第五十三条、第五十四条或者其实施条例作出的决定"
        )
    if not (record.facts.get("ban_from") and record.facts.get("ban_until")):
        yield Problem("ban_until", "E01", "请填写决定中取消投标资格的起止日期")


def _notices(batch: Any) -> Any:
    ids = batch.rows.filter(status="ENTERED", record_id__isnull=False).values("record_id")
    rows = Notice.objects.filter(pk__in=ids, state="PENDING").select_related(*Notice.lock_with)
    return sorted(rows, key=lambda n: (list(Notice.Kind.values).index(n.kind), n.made_on))


@rule("batch.confirmed", then="notice.released")
def release_notices(rows: Any, events: Any, by: Any) -> None:
    """Who confirms the trading centre's table is the second person of its notices (task 16)."""
    for batch in rows:
        if batch.profile == "trades":
            for notice in _notices(batch):
                notice.release(by=by)


@rule("batch.refused", then="notice.refused")
def refuse_notices(rows: Any, events: Any, by: Any) -> None:
    """Notices of a refused table never become public."""
    for batch in rows:
        if batch.profile == "trades":
            for notice in _notices(batch):
                notice.refuse(by=by, reason=batch.failure)
