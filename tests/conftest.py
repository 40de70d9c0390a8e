"""The cast, told once: who is who in every story. Data is made by performing acts, as the application's database role."""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.backends.postgresql.base import DatabaseWrapper

from tests import builders, doors
from tests.desks import desks  # noqa: F401  (a fixture)
from tests.officials.signing_desk import asked, sign_host  # noqa: F401  (fixtures)


def _as(role: str) -> None:
    """Connect as owner or application role from now on."""
    connection.close()
    connection.settings_dict["USER"] = role


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: Any) -> Iterator[None]:
    """Create the test database as its owner, then stay the application's role for every test."""
    from django.test.utils import setup_databases, teardown_databases

    owner, app = connection.settings_dict["USER"], settings.DATABASE_APP_ROLE
    with django_db_blocker.unblock():
        settings.MIDDLEWARE = ["tests.doors.Door", *settings.MIDDLEWARE]
        settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # 30 accounts, no secrets
        call_command("keys", "init", verbosity=0, stdout=io.StringIO())
        connection.settings_dict["CONN_MAX_AGE"] = 0  # a live server's threads must not hold the database at the end
        old = setup_databases(verbosity=0, interactive=False, serialized_aliases=[])
        _as(app)
        builders.found_city()
    yield
    with django_db_blocker.unblock():
        _as(owner)
        teardown_databases(old, verbosity=0)


@pytest.fixture(scope="session", autouse=True)
def _flush_as_owner() -> Iterator[None]:
    """Transactional tests empty the tables afterwards: only the owner may TRUNCATE."""
    original = DatabaseWrapper.ops_class.execute_sql_flush

    def execute_sql_flush(self: Any, sql_list: list[str]) -> None:
        conn = self.connection
        user = conn.settings_dict["USER"]
        conn.close()
        conn.settings_dict["USER"] = user.replace("_app", "_owner")
        try:
            original(self, sql_list)
        finally:
            conn.close()
            conn.settings_dict["USER"] = user

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseWrapper.ops_class, "execute_sql_flush", execute_sql_flush)
        yield


@pytest.fixture(autouse=True)
def _fresh_caches(settings: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Calendar, settings and the portal's figures are read again in every test, and nothing was published before it."""
    from integrity.models.calendar import forget
    from integrity.portal import figures

    forget()
    monkeypatch.setitem(figures._kept, "figures", None)
    monkeypatch.setattr(figures, "CHEAP", float("inf"))  # however busy the machine is
    settings.PUBLIC_LOG_DIR = tmp_path / "log"


@pytest.fixture
def own_keys(settings: Any, tmp_path: Any) -> Any:
    """A copy of the node's keys that a test may add to."""
    shutil.copytree(settings.KEYS_DIR, tmp_path / "own-keys")
    settings.KEYS_DIR = tmp_path / "own-keys"
    return settings.KEYS_DIR


@pytest.fixture
def cast(db: None) -> SimpleNamespace:
    """A small city: bureaus, offices and their people, each named after what he does; the catalogue is approved."""
    return builders.found_city()


@pytest.fixture
def stage(cast: SimpleNamespace, settings: Any) -> SimpleNamespace:
    """The cast with the settings of the moment: what a path (tests/paths) may need."""
    cast.settings = settings
    return cast


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Browser tests run last; after them only what looks back on the whole run."""
    config.stash[doors.WHOLE] = doors.is_whole(config, items)
    items.sort(key=lambda i: (i.get_closest_marker("last") is not None, i.get_closest_marker("browser") is not None))
