"""Officials in figures, without names: checks before rises, incentives and records in use, learning (tasks 1, 3, 5)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q
from django.db.models.functions import TruncDate

from integrity import catalogue
from integrity.models import CheckedSubject, Record
from integrity.statistics import Figure, Part, Row, Scope, Share, Table, block, by_place
from officials.models import Appointment, Learning, Official

BEFORE = timedelta(days=60)  # a check counts for a rise within these days after it


def files(scope: Scope) -> Any:
    """Files counted for a reader: a personnel office counts its own, all others the whole area."""
    rows = Official.objects.inside(scope.seat) if scope.seat.role.scope == "managed" else Official.objects.all()
    return rows.filter(subject__parent__area__path__startswith=scope.path).exclude(state__in=("PENDING", "SEALED"))


def checked_before(rows: Any) -> dict[str, int]:
    """How many of these appointments and rises had a credit check in the sixty days before."""
    asked = CheckedSubject.objects.annotate(on=TruncDate("asked_in__made_at")).filter(
        subject=OuterRef("official__subject"), on__lte=OuterRef("starts_on"), on__gte=OuterRef("starts_on") - BEFORE
    )
    counted = rows.annotate(asked=Exists(asked))
    return counted.aggregate(part=Count("pk", filter=Q(asked=True)), whole=Count("pk"))


@block("officials", "公务人员", order=40)
def officials(scope: Scope) -> Iterator[Part]:
    """Serving officials, checks before rises, records in use, learning."""
    rows = files(scope)
    serving = rows.filter(state="ACTIVE")
    mine = "official.manage" in scope.seat.rights
    yield Figure(
        "在职公务人员",
        "档案状态为在职的人数",
        serving.count(),
        "人",
        "/desk/officials/?state=ACTIVE" if mine else "",
        good="",
    )
    rises = Appointment.objects.filter(
        official__in=rows, occasion__in=("APPOINTED", "PROMOTED"), starts_on__range=scope.days
    )
    yield Figure(
        "任用升迁前核查率", "统计期内任职、晋升的人次中，此前 60 日内做过信用核查的", Share(**checked_before(rises)), "人次",
        "/desk/checks/" if "subject.check" in scope.seat.rights else "", flow=True,
    )  # fmt: skip
    negative = [k.code for k in catalogue.load().of_shape("record") if k.polarity == "negative" and k.family == "OF"]
    used = Record.objects.in_use().filter(kind__in=negative, subject__in=rows.values("subject"))
    yield Figure(
        "公务人员在用失信记录",
        "公务人员已入库、未到期、未修复、未撤销的失信记录总数，不分单位",
        used.count(),
        good="less",
    )
    done = Learning.objects.filter(subject=OuterRef("subject"), state="DONE", done_on__range=scope.days)
    learners = serving.annotate(done=Exists(done))
    counts: dict[str, Any] = {"part": Count("pk", filter=Q(done=True)), "whole": Count("pk")}
    yield Figure(
        "诚信学习覆盖率", "在职公务人员中，统计期内完成过至少一门诚信课程的", Share(**learners.aggregate(**counts)), "人",
        "/desk/learning/" if "learning.manage" in scope.seat.rights else "", flow=True,
    )  # fmt: skip
    told = by_place(learners, "subject__parent__area__path", **counts)
    lines = [Row(place.name, (c["whole"], Share(c["part"], c["whole"]))) for place, c in told.items()]
    yield Table("各区县诚信学习", "区县", ("在职", "学习覆盖率"), lines, "按所在单位的区划统计，口径同上", "学习覆盖率")
