"""The desk's first page (brief S1): what waits for this seat, by deadline; one query a source, each row leads to its act."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from integrity.clocks import colour
from integrity.exchange.checks import REJECTIONS
from integrity.models import (
    Finding,
    ImportBatch,
    Kind,
    Letter,
    Matter,
    Message,
    Record,
    Seat,
    Setting,
    Subject,
    Version,
    deadline,
    work_calendar,
)
from integrity.paging import capped_count
from integrity.portal.doors import staff

MOST = 100  # rows of one source on the page; the rest stands in the source's own list
FAR = date.max
TILES = (
    ("red", "已逾期或今天到期", "红色，请先办理"),
    ("yellow", "3 个工作日内到期", "黄色"),
    ("green", "时限充足", "绿色"),
    ("blue", "无期限或已暂停", "蓝色"),
)


@dataclass(frozen=True)
class Task:
    """One row of the list."""

    sort: str
    title: str
    step: str
    url: str
    action: str = "办理"
    due: date | None = None
    paused: bool = False
    review: bool = False


Source = Callable[[Any], Iterator[Task]]


def reported_by(record: Record) -> date | None:
    """The last day for double publicity: seven working days from the decision (clock D01)."""
    return deadline("D01", record.decided_on).on if record.spec.family == "DP" else None


def _title(record: Record) -> str:
    return record.number if record.is_personal else record.title


def _records(rows: Any) -> Any:
    return rows.select_related("subject", "entered_by").order_by("submitted_at", "id")[:MOST]


def returned(seat: Any) -> Iterator[Task]:
    for r in _records(Record.objects.to_amend(seat)):
        yield Task("退回修改", _title(r), "修改后重新提交", f"/desk/records/{r.pk}/", "修改", reported_by(r))


def to_review(seat: Any) -> Iterator[Task]:
    for r in _records(Record.objects.to_review(seat)):
        step, due, page = f"录入人：{r.entered_by}", reported_by(r), "review"
        if r.spec.notice == "own" and r.heard_on is None:
            step, due, page = ("听取陈述申辩", r.statement_due, "hear") if r.notified_on else ("送达告知书", None, "")
        yield Task("复核", _title(r), step, f"/desk/records/{r.pk}/{page}", "复核", due, review=True)


def to_decide(seat: Any) -> Iterator[Task]:
    stages = (
        ("验收", Record.objects.to_accept, "accept"),
        ("入库", Record.objects.to_confirm, "confirm"),
        ("保密审查", Record.objects.to_clear, "clear"),
        ("公示", Record.objects.to_publish, "publish"),
    )
    for word, queue, page in stages:
        right = getattr(Record, page).act.right
        for r in _records(queue(seat)) if right in seat.rights else ():
            yield Task(word, _title(r), r.get_state_display(), f"/desk/records/{r.pk}/{page}", word, reported_by(r))


def corrections(seat: Any) -> Iterator[Task]:
    for state, right, word in (("PROPOSED", "record.review", "复核"), ("REVIEWED", "record.confirm", "采用")):
        rows = Version.objects.waiting(seat, state).select_related("record__subject") if right in seat.rights else ()
        for v in rows[:MOST]:
            url = f"/desk/corrections/{v.pk}/"
            yield Task("更正", _title(v.record), f"更正待{word}", url, word, review=state == "PROPOSED")


def matters(seat: Any) -> Iterator[Task]:
    if not seat.org_id or "matter.handle" not in seat.rights:
        return
    rows = Matter.objects.visible_to(seat).open().filter(unit_id=seat.org_id).select_related("kind")
    for m in rows.order_by("due_on", "id")[:MOST]:
        url = f"/desk/matters/{m.pk}/"
        yield Task(
            m.kind.name, f"{m.number} {m.title}", m.get_state_display(), url, "办理", m.due_on, bool(m.paused_on)
        )


def letters(seat: Any) -> Iterator[Task]:
    steps = {"DRAFT": "签发", "ISSUED": "用印", "SEALED": "送达"}
    for x in Letter.objects.waiting(seat).order_by("made_at")[:MOST] if "letter.draft" in seat.rights else ():
        yield Task("文书", str(x), f"待{steps[x.state]}", f"/desk/letters/{x.pk}/", steps[x.state])
    received = Letter.objects.received_by(seat).filter(state="SERVED")
    for x in received.order_by("served_on")[:MOST] if "letter.acknowledge" in seat.rights else ():
        yield Task("文书签收", str(x), "待签收", f"/desk/letters/{x.pk}/", "签收")


def batches(seat: Any) -> Iterator[Task]:
    if "import.confirm" in seat.rights:
        rows = ImportBatch.objects.visible_to(seat).filter(state="SUBMITTED").exclude(entered_by=seat.user_id)
        for b in rows.order_by("made_at")[:MOST]:
            yield Task("导入", str(b), f"待确认，共 {b.good} 条", f"/desk/import/{b.pk}/", "确认", review=True)
    if "import.submit" in seat.rights:
        rows = ImportBatch.objects.visible_to(seat).filter(state="REPORTED", entered_by=seat.user_id)
        for b in rows.order_by("made_at")[:MOST]:
            yield Task("导入", str(b), f"可提交 {b.good} 条，有错 {b.bad} 条", f"/desk/import/{b.pk}/", "提交")


def sent_back(seat: Any) -> Iterator[Task]:
    """Records of the seat's unit that the upper node refused: correct within three working days (domain.md 7.2)."""
    if "record.correct" not in seat.rights:
        return
    rows = Record.objects.inside(seat).rejected_above().filter(source_unit_id=seat.org_id).select_related("subject")
    found = {r.pk: r for r in rows[:MOST]}
    for f in Finding.objects.ours().open().filter(uid__in=found).order_by("due_on")[:MOST]:
        record = found[f.uid]
        yield Task(
            "上报退回",
            _title(record),
            f"{f.code} {REJECTIONS.get(f.code, '')}",
            f"/desk/records/{record.pk}/",
            "更正",
            f.due_on,
        )


def second_persons(seat: Any) -> Iterator[Task]:
    """Seats, settings and catalogue entries that somebody else proposed."""
    if "seat.grant" in seat.rights:
        rows = Seat.objects.visible_to(seat).filter(state="PENDING").exclude(entered_by=seat.user_id)
        for s in rows.exclude(user=seat.user_id).select_related("user", "org")[:MOST]:
            yield Task("岗位", str(s), "待复核", f"/desk/people/seats/{s.pk}/", "复核", review=True)
    if "setting.change" in seat.rights:
        rows = Setting.objects.visible_to(seat).filter(state="PROPOSED").exclude(entered_by=seat.user_id)
        for s in rows[:MOST]:
            yield Task(
                "参数", f"{s.key}（{s.valid_from} 起）", "待批准", f"/desk/settings/{s.pk}/", "批准", review=True
            )
    if "kind.approve" in seat.rights:
        rows = Kind.objects.visible_to(seat).filter(state="NOMINATED").exclude(nominated_by=seat.user_id)
        for doc_no in rows.order_by().values_list("doc_no", flat=True).distinct()[:MOST]:
            yield Task("目录", doc_no, "待批准", "/desk/catalogue/?state=NOMINATED", "批准", review=True)


def provisional(seat: Any) -> Iterator[Task]:
    if "subject.manage" in seat.rights:
        count, more = capped_count(Subject.objects.visible_to(seat).filter(state="PROVISIONAL"))
        if count:
            words = f"{count}{'+' if more else ''} 个临时主体"
            yield Task("主体", words, "待确认", "/desk/subjects/?state=PROVISIONAL", "确认")


SOURCES: list[Source] = [
    returned, to_review, to_decide, corrections, matters, letters, batches, sent_back, second_persons, provisional,
]  # fmt: skip


def tasks_of(seat: Any) -> list[Task]:
    """Everything that waits for the seat, the earliest deadline first; what has none comes last."""
    found = [task for source in SOURCES for task in source(seat)]
    return sorted(found, key=lambda t: (t.due is None or t.paused, t.due or FAR, t.sort))


@staff()
def index(request: HttpRequest) -> HttpResponse:
    """The to-do list, with figures by colour and a filter by sort."""
    seat = request.seat  # type: ignore[attr-defined]
    found, today, cal = tasks_of(seat), timezone.localdate(), work_calendar()
    counts = dict.fromkeys((name for name, _, _ in TILES), 0)
    for task in found:
        counts[colour(task.due, today, cal, paused=task.paused)] += 1
    chosen = request.GET.get("sort", "")
    unread = Message.objects.filter(user=request.user, channel="INBOX", read_at__isnull=True)
    context = {
        "tasks": [t for t in found if chosen in ("", t.sort)],
        "sorts": sorted({t.sort for t in found}),
        "chosen": chosen,
        "tiles": [(label, counts[name], note) for name, label, note in TILES],
        "reviews": sum(t.review for t in found),
        "unread": unread.count(),
        "most": MOST,
    }
    return render(request, "desk/todo.html", context)
