"""The demonstration's year of complaints plays by acts alone and leaves something in every state."""

from __future__ import annotations

from datetime import timedelta
from random import Random

import pytest
from django.db.models import Value
from django.db.models.functions import Concat
from django.utils import timezone

from integrity import demo
from integrity.models import Matter, User
from integrity.simulation import Moment, play, simulated
from supervision.demo import social
from supervision.models import Complaint

pytestmark = pytest.mark.django_db


def test_a_year_of_complaints_orders_and_programmes(cast):
    User.objects.update(username=Concat(Value("cast-"), "username"))  # the demonstration has accounts of the same names
    now, rng = timezone.localtime(), Random(7)
    moment = Moment((now - timedelta(days=200)).replace(hour=9, minute=0, second=0, microsecond=0))
    with simulated(moment):
        city, staff = demo._found(demo.SIZES["small"], rng)
        start = moment.now.date()
        play(social.stories(city, staff, rng, start, 200, 0.6), moment, now, rng)
    states = set(Matter.objects.filter(complaint__isnull=False).values_list("state", flat=True))
    assert {"REPLIED", "CLOSED"} <= states
    channels = dict.fromkeys(Complaint.Channel.values, 0)
    for channel in Complaint.objects.values_list("channel", flat=True):
        channels[channel] += 1
    assert min(channels.values()) >= 5
    assert Complaint.objects.public().exists() and Complaint.objects.exclude(explanation="").exists()
