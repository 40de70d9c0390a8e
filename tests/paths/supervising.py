"""Paths of services, their cases, openness, figures of lawful administration, cards and correction orders (task 6)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from agencies.models import Card, CorrectionOrder, Disclosure, Handling, Service, YearFigure
from integrity.models import CLOCK
from integrity.simulation import Moment, simulated

TODAY = timezone.localdate


def service(cast: Any, **more: Any) -> Service:
    given = {
        "agency": cast.orgs.bureau, "code": "JT-001", "name": "道路运输经营许可", "kind": "行政许可", "basis": "道路运输条例第二十四条",
        "statutory_days": 20, "promised_days": 5, "online_url": "https://zwfw.example.com/jt-001",
    }  # fmt: skip
    return Service(**given | more)


def entered(cast: Any) -> Service:
    return service(cast).enter(by=cast.clerk)


def released(cast: Any) -> Service:
    return entered(cast).release(by=cast.reviewer)


def handling(cast: Any, number: str = "BJ2026-0001", ago: int = 0) -> Handling:
    found = Service.objects.filter(code="JT-001").first() or released(cast)
    return Handling(service=found, agency=found.agency, number=number, started_on=TODAY() - timedelta(days=ago))


def accepted(cast: Any, **more: Any) -> Handling:
    return handling(cast, **more).accept(by=cast.clerk)


def item(cast: Any, kind: str = "ACTIVE", **more: Any) -> Disclosure:
    given = {"agency": cast.orgs.bureau, "kind": kind, "title": "部门预算公开", "started_on": TODAY()}
    return Disclosure(**given | more)


def listed(cast: Any, kind: str = "ACTIVE", **more: Any) -> Disclosure:
    return item(cast, kind, **more).enter(by=cast.clerk)


def figure(cast: Any) -> YearFigure:
    return YearFigure(agency=cast.orgs.bureau, year=2026, indicator="head", part=9, whole=10)


def filled(cast: Any) -> YearFigure:
    return figure(cast).enter(by=cast.clerk)


def card(cast: Any) -> Card:
    row = handling(cast)
    with simulated(Moment(timezone.localtime() - timedelta(days=30))):
        row.started_on = TODAY()
        row.accept(by=cast.clerk)
    return Card(
        agency=cast.orgs.bureau,
        colour="YELLOW",
        source="handlings",
        target=row.pk,
        told=str(row),
        overdue_since=row.due_on,
        days_over=3,
    )


def sent(cast: Any) -> Card:
    return card(cast).send(by=CLOCK)


ANSWER = {"late_cause": "经办人调整", "remedy_taken": "已指定专人"}


def answered(cast: Any) -> Card:
    return sent(cast).answer(by=cast.agency, **ANSWER)


def correction(cast: Any) -> CorrectionOrder:
    given = {"article": "政府信息公开条例第二十六条", "problem": "部门决算未按期公开。", "served_on": TODAY()}
    return CorrectionOrder(agency=cast.orgs.bureau, **given)


def ordered(cast: Any) -> CorrectionOrder:
    return correction(cast).order(by=cast.credit)


def told(cast: Any) -> CorrectionOrder:
    return ordered(cast).tell(by=cast.agency, evidence="已公开。")


DONE = {"finished_on": TODAY()}
PATHS = {
    "service.entered": lambda c: (service(c), c.clerk, {}),
    "service.changed": lambda c: (released(c), c.clerk, {"promised_days": 3, "online_url": "https://zwfw.example.com/jt-001"}),
    "service.released": lambda c: (entered(c), c.reviewer, {}),
    "service.ended": lambda c: (released(c), c.reviewer, {"reason": "依法取消"}),
    "handling.accepted": lambda c: (handling(c), c.clerk, {}),
    "handling.finished": lambda c: (accepted(c), c.clerk, DONE | {"handled_as": "办结，准予"}),
    "disclosure.entered": lambda c: (item(c), c.clerk, {}),
    "disclosure.extended": lambda c: (listed(c, "REQUEST"), c.reviewer, {"reason": "需征求第三方意见"}),
    "disclosure.done": lambda c: (listed(c), c.clerk, DONE | {"open_url": "https://www.example.com/open/1"}),
    "figure.entered": lambda c: (figure(c), c.clerk, {}),
    "figure.changed": lambda c: (filled(c), c.clerk, {"part": 8, "whole": 10, "reason": "漏计"}),
    "figure.released": lambda c: (filled(c), c.reviewer, {}),
    "card.sent": lambda c: (card(c), CLOCK, {}),
    "card.answered": lambda c: (sent(c), c.agency, ANSWER),
    "card.returned": lambda c: (answered(c), c.credit, {"reason": "措施不具体"}),
    "card.accepted": lambda c: (answered(c), c.credit, {"reply": "同意核销"}),
    "card.withdrawn": lambda c: (sent(c), c.credit, {"reason": "依法中止计时"}),
    "correction.ordered": lambda c: (correction(c), c.credit, {}),
    "correction.reported": lambda c: (ordered(c), c.agency, {"evidence": "已公开。"}),
    "correction.returned": lambda c: (told(c), c.credit, {"reason": "仍缺附表"}),
    "correction.accepted": lambda c: (told(c), c.credit2, {"reply": "已整改"}),
    "correction.found": lambda c: (told(c), c.credit2, {"paper_no": "日诚信〔2026〕21号", "order_kind": "督促整改"}),
}  # fmt: skip
