"""A citizen's number on a row: sealed for this row alone, found again by a keyed index (trust.md 6)."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from integrity import codes
from integrity.acts import Acted, act
from integrity.crypto.keys import current, ring
from integrity.crypto.sealed import blind_index, blind_indexes, open_text, seal_text


class IdNumber(Acted):
    """Columns and acts of the sealed number."""

    id_sealed = models.CharField("证件号码（密封）", max_length=200, blank=True, editable=False)
    id_index = models.CharField("证件号码索引", max_length=60, blank=True, editable=False)

    class Meta:
        abstract = True

    @property
    def _place(self) -> str:
        return f"subject.id.{self.pk.hex}"

    def set_id_number(self, number: str) -> None:
        """Seal a citizen's number for this row; raises ValidationError when its check character is wrong."""
        number = codes.normalise_code(number)
        if not codes.id_number_valid(number):
            raise ValidationError({"id_number": "公民身份号码校验位不正确，请核对"})
        if len(ring("index")) > 1:  # the constraint cannot see a number that is indexed under another key
            rows = type(self)._default_manager.filter(id_index__in=blind_indexes(number, "subject.id"))
            if rows.exclude(pk=self.pk).exists():
                raise ValidationError({"id_number": "该证件号码已经登记"})
        self._seal(number)

    def _seal(self, number: str) -> None:
        self.id_sealed = seal_text(number, self._place)
        self.id_index = blind_index(number, "subject.id")

    def turn_id_number(self) -> None:
        """Seal and index the number by the current keys."""
        self._seal(self._opened())

    def _opened(self) -> str:
        return open_text(self.id_sealed, self._place) if self.id_sealed else ""

    @property
    def id_masked(self) -> str:
        """First 6, stars, last 4, for roles with a purpose (domain.md 6)."""
        return codes.mask_id_number(self._opened()) if self.id_sealed else ""

    @property
    def born(self) -> tuple[int | None, bool | None]:
        """Year of birth, and whether a man, as a citizen's number says; nothing more of it leaves the seal."""
        number = self._opened()
        return (int(number[6:10]), int(number[16]) % 2 == 1) if len(number) == 18 else (None, None)

    @act("subject.resealed", label="更换密钥重新加密", right="log.operate", button=False)
    def reseal(self, *, by: Any) -> dict[str, str]:
        """Seal the number anew by the current keys; many at once by resealing.reseal() (trust.md 6)."""
        self.turn_id_number()
        return {"field_key": current("field").kid, "index_key": current("index").kid}
