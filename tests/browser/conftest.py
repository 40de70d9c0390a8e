"""A real browser before a real server: one of each a session, on one city whose data stays committed."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from pytest_django.live_server_helper import LiveServer

from tests import builders, showcase

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
PASSWORD = "correct horse battery"
DESKTOP, PHONE, NARROW = {"width": 1280, "height": 900}, {"width": 390, "height": 844}, {"width": 320, "height": 800}


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """The one browser of the session; playwright's loop in this thread must not forbid the ORM."""
    if CHROMIUM is None:
        pytest.skip("NO BROWSER: install it with  sudo apt-get install -y chromium  and run again")
    from playwright.sync_api import sync_playwright

    connection.close()  # inside the loop the ORM has a connection of its own; this one would stay open for ever
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()
        connection.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="session")
def _server(django_db_setup: None) -> Iterator[str]:
    server = LiveServer("localhost")
    yield server.url
    server.stop()


@pytest.fixture(autouse=True)
def _open_database(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """No transaction around a browser test: what it writes, the server's threads see."""
    with django_db_blocker.unblock():
        yield


@pytest.fixture
def site(_server: str, city: SimpleNamespace) -> str:
    """The address of the running site, with the city behind it."""
    return _server


@pytest.fixture(scope="session")
def _published(tmp_path_factory: Any) -> Path:
    """Where the committed city's log is published: one folder for all, as the log is one."""
    return tmp_path_factory.mktemp("log")


_shown: dict[str, SimpleNamespace] = {}


@pytest.fixture
def city(_open_database: None, _published: Path, settings: Any) -> SimpleNamespace:
    """The city with something to show, made once and made again should another test have emptied the tables."""
    settings.PUBLIC_LOG_DIR = _published
    cast = builders.found_city()
    if "city" not in _shown or not type(cast.wang).objects.filter(pk=_shown["city"].old.pk).exists():
        _shown["city"] = showcase.open_city(cast)
    return _shown["city"]


@pytest.fixture
def tab(chromium: Any, site: str) -> Iterator[Any]:
    """A fresh visitor's page; console errors, content policy violations among them, fail the test."""
    yield from _tab(chromium, site)


@pytest.fixture
def tab_without_script(chromium: Any, site: str) -> Iterator[Any]:
    """The same for a browser that runs no script."""
    yield from _tab(chromium, site, java_script_enabled=False)


def _tab(chromium: Any, site: str, **options: Any) -> Iterator[Any]:
    context = chromium.new_context(base_url=site, viewport=DESKTOP, locale="zh-CN", reduced_motion="reduce", **options)
    page, errors = context.new_page(), []
    page.set_default_timeout(10_000)
    page.on("console", lambda m: errors.append(m.text) if m.type == "error" and "status of 4" not in m.text else None)
    page.on("pageerror", lambda e: errors.append(str(e)))
    yield page
    context.close()
    assert errors == []


def log_in(page: Any, username: str) -> None:
    """Log in as one of the cast."""
    page.goto("/accounts/login/")
    page.fill("input[name=login]", username)
    page.fill("input[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_load_state()
