"""Who sits at which desk: one logged-in browser a person; for every story told through HTTP."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.test import Client


class Desk(Client):
    """A browser of one of the cast."""

    def __init__(self, seat) -> None:
        super().__init__()
        self.seat = seat
        self.force_login(seat.user, backend="django.contrib.auth.backends.ModelBackend")

    def see(self, url: str, status: int = 200) -> str:
        """A page's text; the purpose of reading a personal record is given where it is asked for."""
        answer = self.get(url)
        if answer.status_code == 302 and "/open?" in answer["Location"]:
            assert self.post(answer["Location"], {"purpose": "复核审批"}).status_code == 302
            answer = self.get(url)
        assert answer.status_code == status, (url, answer.status_code, answer.get("Location"))
        return answer.content.decode()

    def send(self, url: str, status: int = 302, /, **data) -> str:
        """Post a form; the address it leads to, or the page when it is refused."""
        answer = self.post(url, data)
        text = answer.get("Location") or answer.content.decode()
        assert answer.status_code == status, (url, answer.status_code, text)
        return text


@pytest.fixture
def desks(cast) -> SimpleNamespace:
    """Everybody at his desk."""
    seats = {k: v for k, v in vars(cast).items() if hasattr(v, "role_code")}
    return SimpleNamespace(**{name: Desk(seat) for name, seat in seats.items()})
