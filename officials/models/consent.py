"""Consent to publication: apart from signing, given and taken back at any time (个人信息保护法 15, 25)."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone

from integrity.acts import Acted, ActedQuerySet, act
from integrity.models import Pledge


class ConsentQuerySet(ActedQuerySet):
    """Seen as the pledge is from inside."""

    def visible_to(self, seat: Any) -> ConsentQuerySet:
        return self.filter(pledge__in=Pledge.objects.inside(seat).values("pk"))


class PledgeConsent(Acted):
    """公开同意: the signer agrees that one pledge of his is published; not agreeing has no consequence for him."""

    class State(models.TextChoices):
        GIVEN = "GIVEN", "已同意"
        WITHDRAWN = "WITHDRAWN", "已撤回"

    pledge = models.ForeignKey(Pledge, models.PROTECT, related_name="consents", verbose_name="承诺")
    text = models.TextField("同意书全文")
    state = models.CharField("状态", max_length=10, choices=State, default=State.GIVEN)
    given_at = models.DateTimeField("同意时间", default=timezone.now)
    withdrawn_at = models.DateTimeField("撤回时间", null=True)

    objects = ConsentQuerySet.as_manager()
    lock_with = ("pledge", "pledge__subject")
    people = ()

    class Meta:
        verbose_name = verbose_name_plural = "公开同意"
        constraints = [
            models.UniqueConstraint(
                fields=["pledge"], condition=Q(state="GIVEN"), name="one_consent_per_pledge",
                violation_error_message="您已同意公开这份承诺",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.pledge.number} {self.get_state_display()}"

    def refuses(self, spec: Any, by: Any) -> str:
        return "" if by.person_id == self.pledge.subject_id else "只能由承诺人本人决定"

    @act("consent.given", label="同意公开", right="pledge.sign", creates=True)
    def give(self, *, by: Any) -> None:
        """The signer's separate consent to publication."""
        self.given_at = timezone.now()

    @act("consent.withdrawn", label="撤回同意", right="pledge.sign", source=["GIVEN"], target="WITHDRAWN")
    def withdraw(self, *, by: Any) -> None:
        """Taken back at any time; what was published on it leaves the public at once."""
        self.withdrawn_at = timezone.now()
