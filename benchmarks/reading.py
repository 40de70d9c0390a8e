"""Search, pages and credit checks, at a tenth of the records and at all of them (speed.md, rules 1, 2, 4, 5)"""

from __future__ import annotations

import random
from typing import Any

from benchmarks import api, node

ROUNDS = 200
CHECKED = 10_000


def measure(rows: int) -> list[node.Line]:
    node.start()
    node.fill(max(rows // 10, 1000), seed=1)
    small = _times()
    node.fill(rows - rows // 10, seed=2)
    large = _times()
    return [*_lines(small, large), *_check(rows), *_unindexed(large)]


def _times() -> dict[str, list[float]]:
    """Search by two characters, a common word, a subject's page and a notice's, with and without its key."""
    from django.core.wsgi import get_wsgi_application

    from integrity.models import Record
    from integrity.portal.search import organisations

    app, chance = get_wsgi_application(), random.Random(5)
    pairs = ["".join(chance.sample(node.WORDS, 2)) for _ in range(200)]
    known = list(Record.objects.public().order_by("id").values_list("number", "subject__code")[:200])
    tag = _tag(app, f"/n/{known[0][0]}")

    def names(word: str) -> list[Any]:
        return list(organisations(word).order_by("sort_key", "id").values_list("id", "name")[:20])

    assert any(names(p) for p in pairs[:50]) and len(names("公司")) == 20
    return node.times(
        {
            "pair": lambda: names(chance.choice(pairs)),
            "common": lambda: names("公司"),
            "subject": lambda: api.call(app, f"/s/{chance.choice(known)[1]}"),
            "notice": lambda: api.call(app, f"/n/{known[0][0]}"),
            "unchanged": lambda: api.call(app, f"/n/{known[0][0]}", tag=tag),
        },
        ROUNDS,
    )


def _tag(app: Any, address: str) -> str:
    headers: dict[str, str] = {}
    api.call(app, address, headers=headers)
    return headers["ETag"]


def _lines(small: dict[str, list[float]], large: dict[str, list[float]]) -> list[node.Line]:
    def middle(found: dict[str, list[float]], name: str) -> float:
        return found[name][ROUNDS // 2]

    def worst(name: str) -> float:
        return large[name][int(ROUNDS * 0.99)]

    grown = {name: middle(large, name) / middle(small, name) for name in large}
    return [
        ("search by two characters", f"{middle(large, 'pair'):.2f} ms, p99 {worst('pair'):.2f} ms",
         f"p99 goal 5 ms; {grown['pair']:.2f} of its time at a tenth of the rows (goal 1.3)"),
        ("search by a common word", f"{middle(large, 'common'):.2f} ms, p99 {worst('common'):.2f} ms", "goal 50 ms"),
        ("page of a subject", f"{middle(large, 'subject'):.2f} ms",
         f"{grown['subject']:.2f} of its time at a tenth of the rows (goal 1.2)"),
        ("page of a record", f"{middle(large, 'notice'):.2f} ms", "goal 4 ms"),
        ("the same, unchanged (304)", f"{middle(large, 'unchanged'):.2f} ms",
         f"{middle(large, 'notice') / middle(large, 'unchanged'):.1f} x faster (goal 3)"),
    ]  # fmt: skip


def _check(rows: int) -> list[node.Line]:
    """A batch credit check against asking for one subject after the other."""
    from django.utils import timezone

    from integrity.models import Record, Subject
    from integrity.models.check.answer import answers

    ids = list(Subject.objects.organisations().order_by("id").values_list("id", flat=True)[: min(CHECKED, rows)])
    today, one = timezone.localdate(), iter(ids * 50)

    def single() -> list[Any]:
        return list(Record.objects.public(today).filter(subject_id=next(one)).values("kind", "number"))

    found = node.medians({"batch": lambda: answers(ids, today, restricted=False), "single": single}, 3)
    alone = found["single"] * len(ids)
    return [
        (f"credit check of {len(ids):,} subjects", f"{found['batch'] / 1000:.2f} s",
         f"{alone / found['batch']:.0f} x faster than one by one (goal 50)"),
    ]  # fmt: skip


def _unindexed(large: dict[str, list[float]]) -> list[node.Line]:
    """The same search as a newcomer writes it."""
    from integrity.models import Subject

    plain = node.medians(
        {"like": lambda: list(Subject.objects.filter(name__contains="云帆")[:20].values_list("id"))}, 5
    )
    pair = large["pair"][ROUNDS // 2]
    return [("name__contains, no index", f"{plain['like']:.0f} ms", f"{plain['like'] / pair:.0f} x slower")]
