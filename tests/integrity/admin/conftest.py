"""The admin in the hands of the cast: one logged-in browser a person."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from integrity.models import Record
from tests import builders

RECORDS = "/admin/integrity/record/"


class Admin(Client):
    """The admin in the hands of one of the cast."""

    def __init__(self, seat):
        super().__init__()
        self.force_login(seat.user, backend="django.contrib.auth.backends.ModelBackend")

    def see(self, url, status=200):
        answer = self.get(url)
        if answer.status_code == 302 and "/open?" in answer["Location"]:  # a personal record: say what for
            assert self.post(answer["Location"], {"purpose": "复核审批"})["Location"] == url
            answer = self.get(url)
        assert answer.status_code == status or status is None, (url, answer.status_code, answer.get("Location"))
        return answer.content.decode()

    def do(self, row, act, status=302, **data):
        """Press an act's button with its inputs."""
        url = f"/admin/integrity/{row._meta.model_name}/{row.pk}/act/{act}/"
        answer = self.post(url, data)
        assert answer.status_code == status, (act, answer.status_code, errors(answer))
        row.refresh_from_db()
        return answer.content.decode()

    def enter(self, kind, subject, status=302, **more):
        """Fill in the form of a kind and send it."""
        data = builders.as_form(builders.sample_values(kind), subject) | more
        answer = self.post(f"{RECORDS}add/?kind={kind}", data)
        assert answer.status_code == status, (kind, answer.status_code, errors(answer))
        return Record.objects.get(pk=answer["Location"].split("/")[-3]) if status == 302 else answer.content.decode()


def errors(answer):
    return re.findall(r'<span class="msg"[^>]*>(?:<[^>]*>)?(.*?)</span>|<li>(.*?)</li>', answer.content.decode())


@pytest.fixture
def door(cast):
    return lambda name: Admin(getattr(cast, name))
