"""Nodes for the stories of exchange: county, city, province, each with its own database and keys."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests import nodes


@pytest.fixture
def two(django_db_setup: None, django_db_blocker: Any, tmp_path: Any) -> Iterator[list[nodes.Node]]:
    """A city and its province, paired; nothing sent yet."""
    with django_db_blocker.unblock():
        made = nodes.make(["city", "province"], tmp_path)
        yield made
        nodes.drop(made)


@pytest.fixture
def three(django_db_setup: None, django_db_blocker: Any, tmp_path: Any) -> Iterator[list[nodes.Node]]:
    """County, city, province."""
    with django_db_blocker.unblock():
        made = nodes.make(["county", "city", "province"], tmp_path)
        yield made
        nodes.drop(made)
