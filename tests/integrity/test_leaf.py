"""Commitments: a masked view verifies, an altered one does not, and nothing personal fits into a leaf."""

import hashlib
import json
from datetime import datetime, timedelta, timezone

import pytest

from integrity.crypto import leaf as leaves
from integrity.crypto.algorithms import CryptoError

VALUES = {"number": "RZ-1", "subject": {"name": "市水利局", "code": "113711"}, "facts": {"level": "市级"}, "flags": {}}
NOON = datetime(2026, 5, 6, 12, 30, tzinfo=timezone(timedelta(hours=8)))


def test_a_commitment_opens_to_its_values_and_nests_them_again():
    opening, commit = leaves.commit(VALUES)
    assert set(opening) == {"number", "subject.name", "subject.code", "facts.level", "flags"}
    assert leaves.opens(opening, commit) and leaves.values_of(opening) == VALUES


def test_equal_values_have_different_commitments():
    assert leaves.commit(VALUES)[1] != leaves.commit(VALUES)[1]


def test_a_masked_view_verifies_and_hides_what_it_withholds():
    opening, commit = leaves.commit(VALUES)
    view = leaves.masked(opening, commit, {"number", "facts.level"})
    assert leaves.opens(view["fields"], commit, view["withheld"])
    assert "水利局" not in json.dumps(view, ensure_ascii=False)


@pytest.mark.parametrize("name", ["number", "subject.name"])
def test_one_changed_value_is_noticed(name):
    opening, commit = leaves.commit(VALUES)
    opening[name] = [opening[name][0], "other"]
    assert not leaves.opens(opening, commit)


def test_sm3_commitments_name_their_algorithm(settings):
    settings.LOG_HASH = "sm3"
    opening, commit = leaves.commit(VALUES)
    assert commit.startswith("sm3:") and leaves.opens(opening, commit)
    settings.LOG_HASH = "sha256"
    assert leaves.opens(opening, commit), "old values stay readable when the current algorithm changes"


def test_a_commitment_with_an_unknown_algorithm_never_opens():
    opening, commit = leaves.commit(VALUES)
    assert not leaves.opens(opening, commit.replace("sha256", "md5"))


def test_the_commitment_is_the_documented_one():
    opening, commit = leaves.commit({"b": 1})
    salt = leaves.base64.b64decode(opening["b"][0])
    digest = hashlib.sha256(b"gi-field/v1\n" + salt + b'["b",1]').digest()
    assert commit == "sha256:" + hashlib.sha256(b"gi-commit/v1\n" + digest).hexdigest()


@pytest.mark.parametrize("value", ["王诚信", "two words", "x" * 300, {"a": 1}, 1.5])
def test_names_and_free_text_are_refused_in_a_leaf(value):
    with pytest.raises(CryptoError, match="must not stand openly"):
        leaves.make_leaf("record.withdrawn", NOON, "sha256:00", reason=value)


def test_a_leaf_is_canonical_json_with_the_minute_only():
    leaf = leaves.make_leaf("payload.removed", NOON, "sha256:00", basis="expiry", by="", index=[3, 4])
    assert leaf == (
        b'{"at":"2026-05-06T12:30+08:00","basis":"expiry","commit":"sha256:00","index":[3,4],"type":"payload.removed","v":1}'
    )
