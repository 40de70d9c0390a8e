"""Callers of the interface: a visitor, and whoever holds a token."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache, caches
from django.test import Client
from django.utils import timezone

from integrity.models import ApiToken, Seat


@pytest.fixture(autouse=True)
def _no_counts_yet(db: None) -> None:
    caches["counters"].clear()
    cache.clear()


def token_of(seat: Seat, **more: Any) -> str:
    """A token of this seat; its secret."""
    secret = ApiToken.new_secret()
    given = {"name": "试验", "purpose": "年度审计", "valid_until": timezone.localdate() + timedelta(days=30)} | more
    ApiToken(**given).issue(by=seat, secret=secret)
    return secret


class Caller:
    """Somebody at the interface: get() and post() below /api/v1, with his token if he has one."""

    def __init__(self, secret: str = "") -> None:
        self.client = Client()
        self.headers = {"Authorization": f"Bearer {secret}"} if secret else {}

    def get(self, path: str, headers: dict[str, str] | None = None, **params: Any) -> Any:
        return self.client.get(f"/api/v1/{path}", params, headers=self.headers | (headers or {}))

    def post(self, path: str, data: Any, headers: dict[str, str] | None = None) -> Any:
        return self.client.post(
            f"/api/v1/{path}", data, content_type="application/json", headers=self.headers | (headers or {})
        )

    def items(self, path: str, **params: Any) -> list[dict[str, Any]]:
        """Every item of a list, page by page."""
        found: list[dict[str, Any]] = []
        cursor: dict[str, str] = {}
        while True:
            body = self.get(path, **params, **cursor).json()
            found += body["items"]
            if not body["next"]:
                return found
            cursor = {"cursor": body["next"]}


@pytest.fixture
def visitor() -> Caller:
    return Caller()


@pytest.fixture
def auditor(cast: Any) -> Caller:
    return Caller(token_of(cast.auditor))
