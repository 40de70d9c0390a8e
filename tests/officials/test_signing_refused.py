"""Signatures that are none: replayed, made elsewhere, too late, with a key nobody vouched for (trust.md 1.4)."""

from __future__ import annotations

import pytest

from integrity.acts import NotAllowed
from integrity.models import MomentSeat, Pledge
from officials.models import Ceremony, PledgeSignature, SigningKey
from officials.signing import passkeys
from officials.signing.softkey import Authenticator
from tests.officials.signing_desk import begin, registered, with_key
from tests.showcase import days_ago

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery"


def test_a_replayed_answer_is_refused(desks, asked, sign_host):
    device = Authenticator()
    with_key(desks, sign_host, device)
    path = begin(desks, asked)
    answer = device.get(sign_host.options(path), passkeys.origin())
    sign_host.answer(path, answer)
    assert "已经用过" in sign_host.answer(path, answer, 410)
    assert PledgeSignature.objects.count() == 1


def test_an_answer_to_another_ceremony_is_refused_and_burns_this_one(desks, asked, sign_host):
    device = Authenticator()
    with_key(desks, sign_host, device)
    first, second = begin(desks, asked), begin(desks, asked)
    answer = device.get(sign_host.options(first), passkeys.origin())
    assert "未通过验证" in sign_host.answer(second, answer, 403)
    assert "已经用过" in sign_host.answer(second, answer, 410)
    assert Pledge.objects.get(pk=asked.pk).state == "ISSUED"


@pytest.mark.parametrize("fault", ["login origin", "cross origin", "no user verification", "garbage", "foreign key"])
def test_an_answer_made_elsewhere_or_by_nobody_is_refused(desks, asked, sign_host, fault):
    device = Authenticator()
    with_key(desks, sign_host, device)
    path = begin(desks, asked)
    options = sign_host.options(path)
    answer = {
        "login origin": lambda: device.get(options, "http://localhost:8000"),
        "cross origin": lambda: device.get(options, passkeys.origin(), crossOrigin=True),
        "no user verification": lambda: device.get(options, passkeys.origin(), flags=0x01),
        "garbage": lambda: "{not json",
        "foreign key": lambda: Authenticator().get(options, passkeys.origin()),
    }[fault]()
    sign_host.answer(path, answer, 403)
    assert Pledge.objects.get(pk=asked.pk).state == "ISSUED" and not PledgeSignature.objects.exists()


def test_a_counter_that_went_back_is_refused(desks, asked, sign_host):
    """A copied key betrays itself."""
    device = Authenticator()
    device.count = 10
    with_key(desks, sign_host, device)
    device.count = 3
    path = begin(desks, asked)
    sign_host.answer(path, device.get(sign_host.options(path), passkeys.origin()), 403)


def test_a_ceremony_dies_after_five_minutes(desks, asked, sign_host):
    device = Authenticator()
    with_key(desks, sign_host, device)
    with days_ago(0, minutes=6):
        path = begin(desks, asked)
    assert sign_host.get(path).status_code == 410


def test_a_key_that_nobody_vouched_for_signs_nothing(desks, asked, sign_host):
    registered(desks, sign_host, Authenticator())
    assert desks.official.send(f"/me/pledges/{asked.number}/sign") == f"/me/pledges/{asked.number}"
    assert not Ceremony.objects.filter(purpose="SIGN").exists()


def test_a_key_waits_a_day_after_it_was_vouched_for(desks, asked, sign_host):
    key = registered(desks, sign_host, Authenticator())
    desks.hr.send("/desk/keys/", row=str(key.pk), compared="1")
    assert desks.official.send(f"/me/pledges/{asked.number}/sign") == f"/me/pledges/{asked.number}"


def test_nobody_vouches_for_his_own_key_nor_a_foreign_authority_nor_without_having_compared(cast, desks, sign_host):
    key = registered(desks, sign_host, Authenticator())
    assert desks.stranger.get(f"/desk/keys/{key.pk}/vouch").status_code in (403, 404)
    assert "请先与本人当面逐组核对指纹" in desks.hr.get(desks.hr.send("/desk/keys/", row=str(key.pk))).content.decode()
    own = MomentSeat("HR_OFFICER", org=cast.hr.org, user=cast.official.user)
    with pytest.raises(NotAllowed):
        key.vouch(by=own)
    assert SigningKey.objects.get(pk=key.pk).state == "PENDING"


def test_the_signing_host_serves_nothing_else_and_the_site_no_ceremony(desks, asked, sign_host):
    for path in ("/", "/accounts/login/", "/me/", "/pledge/", "/admin/"):
        assert sign_host.get(path).status_code in (404, 410)
    device = Authenticator()
    with_key(desks, sign_host, device)
    assert desks.official.get(begin(desks, asked)).status_code == 404


def test_nobody_else_signs_reads_or_takes_a_pledge(desks, asked):
    for other in (desks.hr, desks.clerk, desks.expert, desks.stranger):
        assert other.post(f"/me/pledges/{asked.number}/sign").status_code in (403, 404)
        assert other.get(f"/me/pledges/{asked.number}").status_code in (403, 404)


def test_a_wrong_password_signs_nothing(desks, asked):
    page = desks.official.send(f"/me/pledges/{asked.number}/confirm", 422, read="1", password="wrong")
    assert "密码不正确" in page
    assert "请先阅读并勾选确认" in desks.official.send(f"/me/pledges/{asked.number}/confirm", 422, password=PASSWORD)
    assert Pledge.objects.get(pk=asked.pk).state == "ISSUED"
