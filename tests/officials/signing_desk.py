"""What stories of signing share: the pledge owed, the browser on the signing host, a key registered and vouched for."""

from __future__ import annotations

import html
import json
import re
import subprocess

import pytest
from django.test import Client
from django.utils import timezone

from integrity.models import Pledge
from officials.models import SigningKey
from officials.signing import passkeys
from officials.signing.softkey import Authenticator
from tests.paths import signing as paths
from tests.showcase import days_ago


@pytest.fixture
def asked(cast):
    """A template in force, and the pledge the official owes since his promotion."""
    paths.approved(cast)
    cast.file.promote(by=cast.hr, new_post="副局长", since=timezone.localdate(), document="日组干字〔2026〕9号")
    return Pledge.objects.get(subject=cast.wang, state="ISSUED")


class SignHost(Client):
    """A browser on the signing host: no login there, only the address it was sent to."""

    def __init__(self, settings) -> None:
        super().__init__(HTTP_HOST=settings.SIGN_HOST)

    def options(self, address: str) -> dict:
        page = self.get(address)
        assert page.status_code == 200, page.content.decode()
        return json.loads(html.unescape(re.search(r'data-options="([^"]*)"', page.content.decode())[1]))

    def answer(self, address: str, credential: str, status: int = 200) -> str:
        page = self.post(address, {"credential": credential, "read": "1"})
        assert page.status_code == status, page.content.decode()
        return page.content.decode()


@pytest.fixture
def sign_host(settings):
    return SignHost(settings)


def registered(desks, sign_host, device: Authenticator, label: str = "安全密钥") -> SigningKey:
    """The official registers a device on the signing host."""
    address = desks.official.send("/me/keys/new", label=label)
    assert address.startswith("http://sign.localhost")
    path = "/" + address.rpartition("/")[2]
    page = sign_host.answer(path, device.create(sign_host.options(path), passkeys.origin()))
    key = SigningKey.objects.order_by("-registered_at").first()
    assert key.spaced in page and key.state == "PENDING"
    return key


def with_key(desks, sign_host, device: Authenticator) -> SigningKey:
    """Registered, compared face to face two days ago, usable since."""
    with days_ago(2):
        key = registered(desks, sign_host, device)
        desks.hr.send("/desk/keys/", row=str(key.pk), compared="1")
    return key


def begin(desks, pledge: Pledge) -> str:
    return "/" + desks.official.send(f"/me/pledges/{pledge.number}/sign").rpartition("/")[2]


def sign(desks, sign_host, pledge: Pledge, device: Authenticator) -> Pledge:
    path = begin(desks, pledge)
    assert "已签署" in sign_host.answer(path, device.get(sign_host.options(path), passkeys.origin()))
    pledge.refresh_from_db()
    return pledge


def verify(folder):
    """The script alone, with nothing but coreutils and openssl in its path."""
    tools = folder.parent / "tools"
    tools.mkdir(exist_ok=True)
    for name in ("openssl", "sha256sum", "base64", "tr", "od", "head", "cat", "mktemp", "rm", "dirname"):
        link = tools / name
        if not link.exists():
            link.symlink_to(subprocess.run(["which", name], capture_output=True, text=True, check=True).stdout.strip())
    return subprocess.run(["/bin/sh", str(folder / "verify_offline.sh")], capture_output=True, text=True, env={"PATH": str(tools)})  # fmt: skip
