"""The form of a subject: its registered data, for registration and for amendment."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms

from integrity.forms.acting import EntryForm
from integrity.forms.inputs import OrganisationField
from integrity.models import Subject

REGISTERED = (
    "name", "code", "old_code", "agency_kind", "area", "parent", "managed_by", "is_official", "head", "address",
    "public_service", "valid_from", "valid_until",
)  # fmt: skip


def organisation_fields() -> dict[str, Callable[[], forms.Field]]:
    """Other organisations are named by code or name."""

    def organisation(name: str) -> Callable[[], forms.Field]:
        return lambda: OrganisationField(Subject._meta.get_field(name).verbose_name, required=False)

    return {name: organisation(name) for name in ("parent", "managed_by")}


def registration_form(data: Any) -> EntryForm:
    """The form that registers a subject."""
    return EntryForm(Subject, Subject.register.act, ("form", *REGISTERED), organisation_fields(), data)  # type: ignore[attr-defined]


class AmendForm(EntryForm):
    """Registered data as they stand; what is changed is the act's input."""

    def act(self, by: Any) -> None:
        self.row.amend(by=by, **self.inputs(by))


def amend_form(row: Subject, data: Any) -> AmendForm:
    """The form that changes a subject's registered data."""
    spec = Subject.amend.act  # type: ignore[attr-defined]
    form = AmendForm(Subject, spec, REGISTERED, organisation_fields(), data, initial=_registered(row))
    form.row = row
    return form


def _registered(row: Subject) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name in REGISTERED:
        value = getattr(row, name)
        values[name] = value.code or value.name if isinstance(value, Subject) else value
        if isinstance(value, date):
            values[name] = value.isoformat()
    return values
