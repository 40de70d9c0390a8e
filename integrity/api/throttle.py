"""How often one caller may ask: by address without a token, by token with one; beyond that 429 with the time to wait."""

from __future__ import annotations

import ipaddress
import time
from typing import Any

from django.conf import settings
from django.core.cache import caches
from rest_framework.throttling import BaseThrottle

from integrity.api.auth import address_of

WINDOW = 60


class Window(BaseThrottle):
    """A count per caller and minute, kept in Redis where there is one, else by each web process for itself."""

    scope = ""

    def caller(self, request: Any) -> str | None:
        """Who is counted; None when this throttle is not his."""
        raise NotImplementedError

    def allow_request(self, request: Any, view: Any) -> bool:
        who = self.caller(request)
        if who is None:
            return True
        now, store = time.time(), caches["counters"]
        key = f"rate:{self.scope}:{who}:{int(now // WINDOW)}"
        self.left = WINDOW - now % WINDOW
        if store.add(key, 1, WINDOW * 2):
            return True
        try:
            return bool(store.incr(key) <= limit(self.scope))
        except ValueError:  # evicted between the two calls
            return True

    def wait(self) -> float:
        return self.left


def limit(scope: str) -> int:
    """Requests a minute, from DEFAULT_THROTTLE_RATES."""
    return int(settings.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"][scope].partition("/")[0])


class PublicThrottle(Window):
    """One address without a token; an IPv6 network of 64 bits is one caller."""

    scope = "public"

    def caller(self, request: Any) -> str | None:
        if request.auth is not None:
            return None
        try:
            address = ipaddress.ip_address(address_of(request))
        except ValueError:
            return "unknown"
        if address.version == 6:
            return str(ipaddress.ip_network((address, 64), strict=False).network_address)
        return str(address)


class TokenThrottle(Window):
    """One token."""

    scope = "token"

    def caller(self, request: Any) -> str | None:
        return str(request.auth.pk) if request.auth is not None else None
