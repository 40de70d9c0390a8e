"""The demonstration's year of procurement and bidding is made by performing acts, and ends in every state."""

from datetime import timedelta
from random import Random
from types import SimpleNamespace

import pytest
from django.utils import timezone

from integrity.simulation import Moment, play, simulated
from sectors.demo import bidding, procurement
from sectors.models import Agent, Duty, Grade, MonthlyReport, PointsRule, Project, ReportUse
from tests import builders


class Staff(dict):
    """The pair of one department does everything, the credit office approves."""

    def clerk(self, key):
        return self["market"]

    def reviewer(self, key):
        return self["market_reviewer"]


@pytest.mark.parametrize("seed", [7, 8])
def test_a_year_of_procurement_and_bidding(cast, seed):
    units = dict.fromkeys(("housing", "civil", "investment"), cast.orgs.stranger) | {"transport": cast.orgs.bureau}
    firms = [
        builders.subject(f"（演示）第{n}公司", f"91371100YYYY8{seed}{n:03d}", form="ENTERPRISE", agency_kind="")
        for n in range(12)
    ]
    city, staff, rng = SimpleNamespace(units=units, companies=firms), Staff(vars(cast)), Random(seed)
    now = timezone.localtime()
    moment = Moment((now - timedelta(days=365)).replace(hour=9, minute=0, second=0, microsecond=0))
    with simulated(moment):
        told = [s for t in (procurement, bidding) for s in t.stories(city, staff, rng, moment.now.date(), 365, 0.7)]
        play(told, moment, now, rng)
    states = set(Project.objects.values_list("sector", "state"))
    assert {("procurement", "OPEN"), ("procurement", "ENDED"), ("bidding", "OPEN"), ("bidding", "ENDED")} <= states
    assert Duty.objects.late().exists() and Duty.objects.filter(state="DONE").exists()
    assert set(PointsRule.objects.values_list("state", flat=True)) == {"PENDING", "LISTED"}
    assert MonthlyReport.objects.filter(state="LISTED").exists() and Grade.objects.filter(state="CONFIRMED").exists()
    assert Agent.objects.exclude(inspections=[]).exists() and ReportUse.objects.filter(valid=False).exists()
