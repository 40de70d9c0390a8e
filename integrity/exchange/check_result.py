"""A credit check's answer as a signed note: whoever gets it from the asking unit can tell that this registry gave it (tasks 8 and 16)."""

from __future__ import annotations

from typing import Any

from integrity.crypto.leaf import canonical
from integrity.exchange.receipts import signer
from integrity.ledger import note
from integrity.models import Check, CheckedSubject

FORM = "gov-integrity/check-result/v1"


def body(check: Check, seat: Any) -> dict[str, Any]:
    """Asked by whom, for what and when; of each subject the outcome and its grounds. Natural persons bear no name or number."""
    rows = CheckedSubject.objects.visible_to(seat).filter(asked_in=check).select_related("subject").order_by("id")
    return {
        "number": check.number, "unit": check.unit.name, "unit_code": check.unit.code or "", "purpose": check.get_purpose_display(),
        "matter": check.matter, "ground": check.ground, "made_at": check.made_at.isoformat(), "valid_until": check.valid_until.isoformat(),
        "answers": [_answer(row) for row in rows],
    }  # fmt: skip


def _answer(row: CheckedSubject) -> dict[str, Any]:
    organisation = row.subject if row.subject_id and row.subject.is_organisation else None
    return {
        "name": organisation.name if organisation else "", "code": (organisation.code or "") if organisation else row.given,
        "uid": str(row.subject_id or ""), "outcome": row.outcome, "outcome_name": row.get_outcome_display(), "answer": row.answer,
    }  # fmt: skip


def signed(check: Check, seat: Any) -> str:
    """The note: form, one line of canonical JSON, signature by the key this node signs receipts with."""
    return note.sign(f"{FORM}\n{canonical(body(check, seat)).decode()}\n", *signer())
