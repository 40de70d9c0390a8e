"""Nothing leaks: every role against every visibility state, at the one method all doors use."""

import pytest

from integrity.models import PUBLIC, Event, Measure, Record
from tests import scenes


@pytest.fixture
def scene(cast):
    return scenes.scene(cast)


def test_every_role_sees_exactly_what_it_may(cast, scene):
    wrong = []
    for account, extra in scene.sees.items():
        seat = PUBLIC if account == "visitor" else getattr(cast, account)
        seen = set(Record.objects.visible_to(seat).values_list("pk", flat=True))
        for state, record in scene.records.items():
            may = state in extra | scenes.PUBLIC_STATES
            if (record.pk in seen) is not may:
                wrong.append(f"{account} {'sees' if record.pk in seen else 'does not see'} {state}")
    assert not wrong


def test_measures_are_seen_as_their_record_is(cast, scene):
    for account in scene.sees:
        seat = PUBLIC if account == "visitor" else getattr(cast, account)
        records = set(Record.objects.visible_to(seat).values_list("pk", flat=True))
        assert set(Measure.objects.visible_to(seat).values_list("record", flat=True)) <= records


def test_no_leaf_of_the_log_holds_a_name_a_code_or_a_text(cast, scene):
    forbidden = [*scenes.WORDS.values(), "王诚信", "371199198002290127", cast.orgs.company.code, cast.orgs.company.name]
    for leaf in Event.objects.values_list("leaf", flat=True):
        text = bytes(leaf).decode()
        assert not [w for w in forbidden if w in text]
