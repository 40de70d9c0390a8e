"""Measures as machines read them."""

from __future__ import annotations

from datetime import date
from typing import Any

import django_filters as f
from django.db.models import Q

from integrity import public
from integrity.listing import fields
from integrity.listing.base import Listing, Shown
from integrity.listing.masking import mask_person
from integrity.listing.records import about_person
from integrity.models import Measure, Record

MORE = ("subject_id", "executed", "executed_on", "lifted_on", "lifted_reason")


class MeasureFilters(f.FilterSet):
    """Filters of the list of measures."""

    kind = fields.codes("措施代码", "kind")
    subject = fields.one_code("信用主体", "subject__code")
    decided_unit = fields.one_code("决定单位", "decided_unit__code")
    record = f.UUIDFilter(field_name="record_id", label="依据的记录", help_text="依据的记录的 uid")
    effect = fields.choice("效力", Measure.Effect.choices)
    state = fields.choice("状态", Measure.State.choices)
    starts_since = fields.since("起始日期不早于", "starts_on")
    starts_until = fields.until("起始日期不晚于", "starts_on")


def inside(seat: Any, ids: list[Any]) -> set[Any]:
    """A measure is seen from inside as its record is."""
    rows = Measure.objects.visible_to(seat).filter(pk__in=ids, record__in=Record.objects.inside(seat))
    return set(rows.values_list("pk", flat=True))


def more(v: public.Values) -> Shown:
    return {"subject_uid": v["subject_id"]} | {name: v[name] for name in MORE[1:]}


def stood_on(day: date) -> Q:
    """In force on that day: begun, neither run out nor lifted."""
    unended = (Q(until__isnull=True) | Q(until__gt=day)) & (Q(lifted_on__isnull=True) | Q(lifted_on__gt=day))
    return Q(starts_on__lte=day) & unended


MEASURES = Listing(
    name="measures",
    schema="Measure",
    label="奖惩措施",
    about="对信用主体正在实施的措施及其依据的记录；不带令牌时只含公示中的记录所附的措施。",
    model=Measure,
    columns=public.MEASURE,
    show=public.measure,
    order=("id",),
    filters=MeasureFilters,
    more_columns=MORE,
    more=more,
    inside=inside,
    person=about_person,
    mask=mask_person,
    valid_on=stood_on,
)
