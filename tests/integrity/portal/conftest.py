"""A visitor and a city with something to show."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import transaction
from django.test import override_settings

from tests import builders, showcase


@pytest.fixture(scope="module")
def _city(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[SimpleNamespace]:
    """Made once for a file of tests, in a transaction around theirs, and rolled back after the last."""
    with django_db_blocker.unblock(), transaction.atomic():
        with override_settings(PUBLIC_LOG_DIR=tmp_path_factory.mktemp("log")):
            made = showcase.open_city(builders.found_city())
        yield made
        transaction.set_rollback(True)


@pytest.fixture
def city(_city: SimpleNamespace, db: None) -> SimpleNamespace:
    """Public records of many kinds, pledges, measures, a merged agency."""
    return copy.deepcopy(_city)
