"""County, city, province under kills, losses, repetitions, delays, damage and forgery: a seeded slice here, all of it in make soak."""

import pytest

from tests.integrity.exchange import chaos, holding

HARMLESS = ("duplicate", "late")  # the answer to them heals at once
FAULTS = [*chaos.RECEIVER, *chaos.SENDER, *chaos.MESSAGES]


def test_every_mishap_once_and_a_slice_of_the_rounds(three, tmp_path):
    county, city, _ = three
    for number, fault in enumerate(FAULTS):
        county.run(chaos.work, 1000 + number)
        outcome = chaos.push(county, city, fault, number * 7, tmp_path)
        expected = {"died"} if fault in chaos.SENDER else {"RUNNING"} if fault in HARMLESS else {"WAITING", "RUNNING"}
        assert outcome in expected and (fault not in chaos.RECEIVER or outcome == "WAITING"), (fault, outcome)
    chaos.rounds(three, 6, 1, tmp_path)
    holding.check(three)


@pytest.mark.soak
@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_five_hundred_rounds(three, tmp_path, seed):
    tried = chaos.rounds(three, 500, seed, tmp_path)
    holding.check(three)
    assert set(tried) >= set(FAULTS)
