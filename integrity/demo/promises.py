"""Stories of pledges, and of the clock that writes down what time has done."""

from __future__ import annotations

import json
from datetime import date, timedelta
from random import Random

from django.utils import timezone

from integrity.demo.places import Registry
from integrity.demo.staff import Staff
from integrity.models import CLOCK, Commitment, Kind, MomentSeat, Pledge, Subject
from integrity.models.record.many import expire_many, seal_many
from integrity.simulation import Story

HEADS = {
    "履职尽责方面": [("重点工作台账按季公开", 90), ("督办事项按期办结", 60), ("历史遗留欠款清零", 200)],
    "依法行政方面": [("规范性文件全部合法性审核", 100), ("行政处罚决定七个工作日内公示", None)],
    "优化服务方面": [("许可事项三个工作日办结", 120), ("窗口延时服务覆盖周末", 150), ("企业诉求五个工作日答复", 180)],
}


def clock(start: date) -> Story:
    """Each week: what has expired, what goes into the archive."""
    yield start
    while True:
        expire_many(by=CLOCK)
        seal_many(timezone.now() - timedelta(days=180), by=CLOCK)
        yield 7


class Promises:
    """Pledges of agencies."""

    def __init__(self, city: Registry, staff: Staff, rng: Random) -> None:
        self.city, self.staff, self.rng = city, staff, rng
        self.kinds = {k.code: k for k in Kind.objects.filter(code__in=["AG09"])}

    def stories(self, start: date, days: int, agencies: int) -> list[Story]:
        offices = [u for u in self.city.offices() if u.agency_kind != "OTHER_ORGAN"]
        self.rng.shuffle(offices)
        mine = self.city.units["transport"]
        offices = [mine, *[u for u in offices if u.pk != mine.pk]][:agencies]
        return [self.agency(unit, self._day(start, days), days) for unit in offices]

    def _day(self, start: date, days: int) -> date:
        return start + timedelta(days=self.rng.randint(1, days))

    def agency(self, unit: Subject, start: date, days: int) -> Story:
        """An agency's yearly pledge: items, signature, ten minutes, publication, quarterly checks."""
        yield start
        seat = MomentSeat(
            "AGENCY_REP", org=unit, user=self.staff["agency"].user if unit == self.staff["agency"].org else None
        )
        text = "\n".join(f"{head}：" + "；".join(t for t, _ in items) + "。" for head, items in HEADS.items())
        today = timezone.localdate()
        pledge = Pledge(
            kind=self.kinds["AG09"], subject=unit, unit=unit, occasion="年度", title=f"{today.year} 年度政务信用承诺书", text=text,
            due_on=today + timedelta(days=14), valid_until=today + timedelta(days=365),
        ).issue(by=seat)  # fmt: skip
        items = [(head, *self.rng.choice(lines)) for head, lines in HEADS.items()]
        for order, (head, line, term) in enumerate(items, 1):
            due = today + timedelta(days=term) if term else None
            Commitment(pledge=pledge, order=order, head=head, text=line, target="全部达到", due_on=due).enter(by=seat)
        yield self.rng.randint(1, 12)
        if self.rng.random() < 0.08:
            return
        document = json.dumps({"number": pledge.number, "text": text}, ensure_ascii=False).encode()
        pledge.sign(by=seat, level="B", document=document, signer=unit.head or "单位负责人")
        if self.rng.random() < 0.03:
            yield timedelta(minutes=4)
            pledge.withdraw(by=seat)
            return
        yield 1
        if unit.pk == self.city.units["credit"].pk:
            return
        pledge.publish(by=self.staff["credit2"], public=True)
        yield from self.keeping(pledge)

    def keeping(self, pledge: Pledge) -> Story:
        """Quarterly checks; most items are kept, some late, some not yet, one in a while never."""
        credit = self.staff["credit2"]
        for item in list(pledge.commitments.all()):
            yield self.rng.randint(30, 80)
            item.check_progress(by=credit, progress="已查阅台账，按计划推进。")
            if item.due_on is None:
                continue
            late = self.rng.random()
            day = item.due_on + timedelta(days=self.rng.randint(-20, -1) if late < 0.7 else self.rng.randint(5, 40))
            if late > 0.95:
                yield max(item.due_on + timedelta(days=40), timezone.localdate())
                item.breach(by=credit, reason="经告知并听取陈述后认定：逾期未兑现，经责令仍未整改")
                pledge.breach(by=credit, reason="承诺事项经认定违诺")
                return
            if late > 0.88:
                continue
            yield max(day, timezone.localdate())
            item.fulfil(by=credit, progress="已核对证明材料，确认兑现。", fulfilled_on=timezone.localdate())
        if not pledge.commitments.exclude(state="FULFILLED").exists():
            yield 3
            pledge.fulfil(by=credit)
