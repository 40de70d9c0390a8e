"""Accounts are opened by the city, never by visitors."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.signals import password_changed
from django.dispatch import receiver
from django.http import HttpRequest


class ClosedSignup(DefaultAccountAdapter):
    """No self-registration."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


@receiver(password_changed)
def own_password(user: Any, **_: Any) -> None:
    """The holder has chosen a password of his own."""
    if user.must_change_password:
        user.must_change_password = False
        user.save(update_fields=["must_change_password"])
