"""Figures of lawful, open administration and electronic supervision for leadership (task 6); the area's clocks for the board."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Count, F, Q

from agencies.models import Card, Disclosure, Handling, Service
from integrity.statistics import Figure, Part, Row, Scope, Share, Table, block, by_place
from integrity.statistics.core import address
from integrity.statistics.running import CLOCKS, Clocks

CLOCKS += [
    Clocks("handlings", "办件", lambda seat: Handling.objects.inside(seat).running(), "agency", str, lambda row: f"/desk/handlings/{row.pk}/"),
    Clocks(
        "disclosures", "政务公开", lambda seat: Disclosure.objects.inside(seat).running(), "agency",
        lambda row: f"{row.get_kind_display()}“{row.title}”", lambda row: f"/desk/disclosures/{row.pk}/",
    ),
]  # fmt: skip
IN_TIME = Count("pk", filter=Q(state="DONE", done_on__lte=F("due_on")))
ALL = Count("pk")


@block("openness", "依法行政和政务公开", order=45)
def openness(scope: Scope) -> Iterator[Part]:
    """Services and their cases in time, openness in time, cards sent and answered."""
    here = Q(agency__area__path__startswith=scope.path)
    services = Service.objects.public().filter(here)
    yield Figure("公开的政务服务事项", "已复核公开、未取消的事项", services.count(), "项", "/service/")
    done = Handling.objects.inside(scope.seat).filter(here, done_on__range=scope.days)
    share = Share(**done.aggregate(part=IN_TIME, whole=ALL))
    yield Figure(
        "办件按期办结率", "统计期内办结的办件中，在公开承诺的时限内办结的", share, "件",
        address(scope, "/desk/handlings/", done_since=f"{scope.since}", done_until=f"{scope.until}"), flow=True,
    )  # fmt: skip
    items = Disclosure.objects.inside(scope.seat).filter(here, due_on__range=scope.days).fallen_due()
    yield Figure(
        "政务公开按期率", "法定期限在统计期内的主动公开、依申请公开和年度报告中，按期公开或者答复的", Share(**items.aggregate(part=IN_TIME, whole=ALL)),
        "项", address(scope, "/desk/disclosures/", due_since=f"{scope.since}", due_until=f"{scope.until}"), flow=True,
    )  # fmt: skip
    cards = (
        Card.objects.inside(scope.seat)
        .filter(here, matter__received_at__date__range=scope.days)
        .exclude(state="WITHDRAWN")
    )
    for colour, word in Card.Colour.choices:
        yield Figure(
            word, f"统计期内依规则发出、未撤销的{word}", cards.filter(colour=colour).count(), "张",
            address(scope, "/desk/cards/", colour=colour, sent_since=f"{scope.since}", sent_until=f"{scope.until}"), True, "less",
        )  # fmt: skip
    told = by_place(done, "agency__area__path", part=IN_TIME, whole=ALL)
    lines = [Row(place.name, (c["whole"], Share(c["part"], c["whole"]))) for place, c in told.items()]
    yield Table(
        "各区县办件按期办结", "区县", ("办结", "按期办结率"), lines, "按办理单位所在区划统计，口径同上", "按期办结率"
    )
