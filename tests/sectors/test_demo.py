"""The demonstration's promises, partnerships and transactions end in every state, by acts alone."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from types import SimpleNamespace

from django.utils import timezone

from integrity.models import Record
from integrity.simulation import Moment, play, simulated
from sectors.demo import led
from sectors.models import Breach, Evaluation, LookBack, Notice, Officer, Project
from tests import builders


class Staff:
    """Two desks of one bureau, and the credit office."""

    def __init__(self, cast):
        self.cast = cast

    def clerk(self, key):
        return self.cast.market

    def reviewer(self, key):
        return self.cast.credit2 if key == "credit" else self.cast.market_reviewer

    def __getitem__(self, name):
        return getattr(self.cast, name)


def test_a_year_brings_projects_in_every_state(cast):
    def person(unit, number):
        return builders.person("演示人", number, is_official=True, parent=unit, managed_by=cast.orgs.personnel)

    units = {"transport": cast.orgs.bureau, "housing": cast.orgs.stranger}
    city = SimpleNamespace(units=units, companies=[cast.orgs.company] * 12, person=person)
    now = timezone.localtime()
    moment = Moment((now - timedelta(days=365)).replace(hour=9))
    with simulated(moment):
        rng = Random(7)
        play(led.stories(city, Staff(cast), rng, moment.now.date()), moment, now, rng)
    assert {"DRAFT", "OPEN", "ENDED"} <= set(Project.objects.values_list("state", flat=True))
    assert {"ORDERED", "REMEDIED", "CONFIRMED"} <= set(Breach.objects.values_list("state", flat=True))
    assert {"GOOD", "LIABLE"} == set(LookBack.objects.values_list("outcome", flat=True))
    assert {"AG02", "SE05"} == set(Record.objects.filter(state="CONFIRMED").values_list("kind", flat=True))
    assert Notice.objects.late().count() >= 2 and Evaluation.objects.public().count() == 2
    assert Officer.objects.count() >= 8
