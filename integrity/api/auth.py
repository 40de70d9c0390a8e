"""Who calls: a bearer token acts from its holder's seat, within its scopes and addresses (trust.md 7)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.cache import cache, caches
from django.http import HttpRequest
from django.utils import timezone
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied

from integrity.models import PUBLIC, ApiToken
from integrity.models.token import SCOPES, token_with

NOBODY = "令牌无效：不存在、已到期、已撤销或者岗位已失效"
USED = 180 * 86400  # seconds the last use is remembered: the longest life of a token


def address_of(request: HttpRequest) -> str:
    """The caller's address; behind TRUSTED_PROXIES proxies the one the outermost of them saw."""
    seen = [a.strip() for a in request.headers.get("X-Forwarded-For", "").split(",") if a.strip()]
    count = settings.TRUSTED_PROXIES
    return seen[-count] if 0 < count <= len(seen) else request.META.get("REMOTE_ADDR", "")


class BearerToken(BaseAuthentication):
    """`Authorization: Bearer gi_…`; unknown, ended and revoked tokens get one and the same answer."""

    def authenticate(self, request: Any) -> tuple[Any, ApiToken] | None:
        scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        token = token_with(secret.strip())
        if token is None:
            raise AuthenticationFailed(NOBODY)
        address = address_of(request)
        if not token.admits(address):
            raise PermissionDenied(f"该令牌不能从地址 {address} 使用")
        note_use(token, address)
        return token.seat.user, token

    def authenticate_header(self, request: Any) -> str:
        return 'Bearer realm="api"'


def note_use(token: ApiToken, address: str) -> None:
    """Remember when and whence a token was last used, at most once a minute; lost with the cache, never in its way."""
    if caches["counters"].add(f"token-noted:{token.pk}", 1, 60):
        cache.set(f"token-used:{token.pk}", [timezone.now().isoformat(timespec="minutes"), address], USED)


def seat_of(request: Any, scope: str) -> Any:
    """The seat the caller acts from: the token's, the signed-in user's, or the public's; refuses a token of other scope."""
    token = request.auth
    if token is None:
        return getattr(request._request, "seat", PUBLIC)
    if scope not in token.scopes.split():
        raise PermissionDenied(f"该令牌不包含“{SCOPES[scope][0]}”的范围")
    return token.standing()


def purpose_of(request: Any) -> str:
    """What the caller reads personal data for: his token's purpose, or what he named when he came to the audit pages."""
    if request.auth is not None:
        return request.auth.purpose
    session = getattr(request._request, "session", {})
    return session.get("purpose", "") or "网页查询"
