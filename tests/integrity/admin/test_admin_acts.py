"""Every button and every entry form of the admin does its act: inputs as a browser sends them, by whoever may."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django import forms
from django.contrib import admin
from django.db.models import Model

from integrity.acts import acted_models, acts_of, buttons_of
from integrity.admin.base import ActedAdmin
from integrity.forms.acting import act_input
from integrity.models import Event
from tests.integrity.admin.conftest import Admin, errors
from tests.paths import PATHS

SITE = {m: a for m, a in admin.site._registry.items() if isinstance(a, ActedAdmin)}
BUTTONS = [s.verb for m, a in SITE.items() if a.acting for s in buttons_of(m) if s.form or s.name != "amend"]
ENTRIES = {s.verb: m for m, a in SITE.items() for s in acts_of(m) if a.entry and s.name == a.creating}
SPECS = {spec.verb: spec for model in acted_models() for spec in acts_of(model)}


def typed(value: Any, field: Any = None) -> Any:
    """A value as somebody types it into its field."""
    if isinstance(value, bool):
        return ("yes" if value else "no") if isinstance(field, forms.TypedChoiceField) else "on" if value else ""
    if isinstance(value, Model):
        return next(str(v) for n in ("code", "number", "username", "pk") if (v := getattr(value, n, "")))
    return value.isoformat() if isinstance(value, date) else "" if value is None else value


def is_staff(by: Any) -> bool:
    return bool(by.pk) and by.role.staff


def table(row: Any) -> str:
    return f"/admin/{row._meta.app_label}/{row._meta.model_name}"


@pytest.mark.parametrize("verb", BUTTONS)
def test_a_button_does_its_act(stage, verb):
    row, by, inputs = PATHS[verb](stage)
    spec = SPECS[verb]
    if not is_staff(by):  # his page is his own file, not the admin
        return
    data = {name: typed(inputs.get(name), act_input(name, spec, row)) for name in spec.form}
    url = f"{table(row)}/{row.pk}/act/{spec.name}/"
    page = Admin(by).see(f"{table(row)}/{row.pk}/change/", None)
    assert spec.label in page
    answer = Admin(by).post(url, data)
    assert answer.status_code == 302, (verb, errors(answer))
    assert Event.objects.of(row).filter(verb=verb, user=by.user).exists()


@pytest.mark.parametrize("verb", ENTRIES)
def test_an_entry_form_enters_its_row(stage, verb):
    row, by, inputs = PATHS[verb](stage)
    names = SITE[ENTRIES[verb]].entry
    data = {name: typed(getattr(row, name)) for name in names} | {k: typed(v) for k, v in inputs.items()}
    url = f"{table(row)}/add/"
    assert is_staff(by) and Admin(by).see(url)
    answer = Admin(by).post(url, data)
    assert answer.status_code == 302, (verb, errors(answer))
    assert Event.objects.filter(verb=verb, user=by.user, target_type=row._meta.model_name).exists()


def test_every_noun_is_in_the_admin():
    assert set(acted_models()) - SITE.keys() == set()
