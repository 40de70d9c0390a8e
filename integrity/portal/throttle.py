"""How often one address may search or export: no puzzles, a clear answer with the time to wait (brief 1, P2)."""

from __future__ import annotations

import time

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

LIMITS = {"search": 60, "export": 20, "track": 30, "complain": 20}  # requests a minute and address
WINDOW = 60


def address(request: HttpRequest) -> str:
    """The visitor's address; behind TRUSTED_PROXIES proxies the one the outermost of them saw."""
    seen = [a.strip() for a in request.headers.get("X-Forwarded-For", "").split(",") if a.strip()]
    count = settings.TRUSTED_PROXIES
    return seen[-count] if 0 < count <= len(seen) else request.META.get("REMOTE_ADDR", "")


def wait(request: HttpRequest, purpose: str) -> int:
    """Seconds this address has to wait before its next request of a purpose; 0 when it need not."""
    now = time.time()
    key = f"rate:{purpose}:{address(request)}:{int(now // WINDOW)}"
    try:
        count = cache.incr(key)
    except ValueError:  # the first of this minute
        cache.set(key, 1, WINDOW * 2)
        return 0
    return WINDOW - int(now % WINDOW) if count > LIMITS[purpose] else 0
