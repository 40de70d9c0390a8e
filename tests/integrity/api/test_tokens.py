"""Tokens: a hash, a purpose, a while, some addresses; everything else is refused."""

from datetime import timedelta
from unittest import mock

import pytest
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.utils import timezone

from integrity.acts import NotAllowed
from integrity.models import ApiToken, Event, Payload
from tests.integrity.api.conftest import Caller, token_of


def test_a_token_acts_from_its_holders_seat(cast):
    assert Caller(token_of(cast.auditor)).get("matters").status_code == 200


def test_the_secret_is_stored_nowhere(cast):
    secret = token_of(cast.auditor)
    row = ApiToken.objects.get()
    assert secret not in str(vars(row)) and row.secret_hash == ApiToken.hash(secret) and row.prefix == secret[:8]
    assert not Payload.objects.filter(fields__icontains=secret).exists()
    assert not Payload.objects.filter(fields__icontains=row.secret_hash).exists()
    assert Event.objects.filter(verb="token.issued", target=row.pk).exists()


def dead(cast, how):
    secret = token_of(cast.auditor, addresses="10.0.0.0/8" if how == "elsewhere" else "")
    row = ApiToken.objects.get()
    if how == "unknown":
        return "gi_" + "x" * 43
    if how == "revoked":
        row.revoke(by=cast.auditor)
    if how == "seat revoked":
        cast.auditor.revoke(by=cast.admin, reason="离岗")
    if how == "account closed":
        type(cast.auditor.user).objects.filter(pk=cast.auditor.user_id).update(is_active=False)
    return secret


@pytest.mark.parametrize("how", ["unknown", "revoked", "seat revoked", "account closed"])
def test_a_dead_token_is_refused_without_saying_why(cast, how):
    answer = Caller(dead(cast, how)).get("records")
    assert answer.status_code == 401 and answer["WWW-Authenticate"].startswith("Bearer")
    assert answer.content == Caller("nothing").get("records").content


def test_an_expired_token_is_refused(cast):
    caller = Caller(token_of(cast.auditor, valid_until=timezone.localdate() + timedelta(days=1)))
    with mock.patch("django.utils.timezone.localdate", lambda *a: timezone.now().date() + timedelta(days=2)):
        assert caller.get("records").status_code == 401


def test_a_token_is_refused_from_elsewhere(cast):
    answer = Caller(dead(cast, "elsewhere")).get("records")
    assert answer.status_code == 403 and "127.0.0.1" in answer.json()["detail"]


def test_an_invented_forwarded_address_is_not_believed(cast, settings):
    caller = Caller(dead(cast, "elsewhere"))
    assert caller.get("records", headers={"X-Forwarded-For": "10.1.2.3"}).status_code == 403
    settings.TRUSTED_PROXIES = 1
    assert caller.get("records", headers={"X-Forwarded-For": "10.1.2.3"}).status_code == 200
    assert caller.get("records", headers={"X-Forwarded-For": "10.1.2.3, 192.0.2.1"}).status_code == 403


def test_a_token_of_another_scope_reads_nothing(cast):
    answer = Caller(token_of(cast.clerk, scopes="intake")).get("records")
    assert answer.status_code == 403 and "读取数据" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("account", "more", "field"),
    [
        ("auditor", {"valid_until": timezone.localdate() + timedelta(days=181)}, "valid_until"),
        ("auditor", {"valid_until": timezone.localdate()}, "valid_until"),
        ("auditor", {"purpose": " "}, "purpose"),
        ("auditor", {"scopes": "read all"}, "scopes"),
        ("auditor", {"scopes": "intake"}, "scopes"),
        ("clerk", {"scopes": "read"}, "scopes"),
        ("auditor", {"addresses": "10.0.0.0/99"}, "addresses"),
    ],
)
def test_a_token_beyond_its_holders_rights_is_not_issued(cast, account, more, field):
    with pytest.raises(ValidationError) as refused:
        token_of(getattr(cast, account), **more)
    assert field in refused.value.message_dict


def test_only_its_holder_revokes_a_token(cast):
    token_of(cast.auditor)
    with pytest.raises(NotAllowed):
        ApiToken.objects.get().revoke(by=cast.hr)


def test_the_last_use_is_remembered(cast):
    caller = Caller(token_of(cast.auditor))
    caller.get("records")
    at, address = cache.get(f"token-used:{ApiToken.objects.get().pk}")
    assert address == "127.0.0.1" and at.startswith(str(timezone.now().date()))


def test_too_many_requests_are_refused_with_the_time_to_wait(cast, visitor, settings):
    settings.REST_FRAMEWORK = settings.REST_FRAMEWORK | {
        "DEFAULT_THROTTLE_RATES": {"public": "5/min", "token": "5/min"}
    }
    with mock.patch("integrity.api.throttle.time.time", lambda: 1_000_000_020.0):
        codes = [visitor.get("areas").status_code for _ in range(8)]
        refused = visitor.get("areas")
    assert codes == [200] * 5 + [429] * 3
    assert refused.json()["type"].endswith("throttled") and 0 < int(refused["Retry-After"]) <= 60


def test_guessing_codes_ends_soon(cast, visitor):
    """A thousand guesses at names and codes: nothing found, then refused (trust.md 7)."""
    with mock.patch("integrity.api.throttle.time.time", lambda: 1_000_000_020.0):
        codes = [visitor.get(f"subjects/9137110{i:011d}").status_code for i in range(1000)]
    assert set(codes[:600]) == {404} and set(codes[600:]) == {429}


def test_tokens_are_counted_apart_from_their_address(cast, visitor, settings):
    settings.REST_FRAMEWORK = settings.REST_FRAMEWORK | {
        "DEFAULT_THROTTLE_RATES": {"public": "1/min", "token": "2/min"}
    }
    caller = Caller(token_of(cast.auditor))
    with mock.patch("integrity.api.throttle.time.time", lambda: 1_000_000_020.0):
        assert [visitor.get("areas").status_code for _ in range(2)] == [200, 429]
        assert [caller.get("areas").status_code for _ in range(3)] == [200, 200, 429]
