"""Pledges as machines read them."""

from __future__ import annotations

from datetime import date
from typing import Any

import django_filters as f
from django.db.models import Q

from integrity import public
from integrity.listing import fields
from integrity.listing.base import Listing, Shown
from integrity.listing.masking import mask_person
from integrity.models import Pledge

MORE = ("subject_id", "due_on", "public", "ended_reason")
GONE = ("SUPERSEDED", "ENDED", "BREACHED", "WITHDRAWN")


class PledgeFilters(f.FilterSet):
    """Filters of the list of pledges."""

    kind = fields.codes("类目代码", "kind")
    subject = fields.one_code("承诺主体", "subject__code")
    unit = fields.one_code("所在单位", "unit__code")
    number = fields.number("承诺书编号")
    level = fields.choice("签署级别", [("S", "数字证书"), ("A", "本人密钥"), ("B", "登录确认"), ("C", "纸质代录")])
    state = fields.choice("状态", Pledge.State.choices)
    area = fields.in_area("unit__area")


def inside(seat: Any, ids: list[Any]) -> set[Any]:
    return set(Pledge.objects.inside(seat).filter(pk__in=ids).values_list("pk", flat=True))


def more(v: public.Values) -> Shown:
    return {"subject_uid": v["subject_id"]} | {name: v[name] for name in MORE[1:]}


def about_person(v: public.Values) -> bool:
    """A pledge that its signer did not give to the public is personal data."""
    return bool(v["subject__form"] == "PERSON" and not _shown_to_all(v))


def _shown_to_all(v: public.Values) -> bool:
    return bool(v["public"] and v["published_at"] and v["state"] in ("IN_FORCE", "FULFILLED"))


def mask(item: Shown, v: public.Values) -> Shown:
    return item if _shown_to_all(v) else mask_person(item, v)


def stood_on(day: date) -> Q:
    """Signed by that day and not past its term; of the ended ones only the present state is known."""
    return Q(signed_at__date__lte=day) & (Q(valid_until__isnull=True) | Q(valid_until__gt=day)) & ~Q(state__in=GONE)


PLEDGES = Listing(
    name="pledges",
    schema="Pledge",
    label="信用承诺",
    about="已公开的信用承诺书全文、签署级别和履行状态；公务人员的承诺书按公开范围和本人同意返回。",
    model=Pledge,
    columns=public.PLEDGE,
    show=public.pledge,
    order=("id",),
    filters=PledgeFilters,
    more_columns=MORE,
    more=more,
    inside=inside,
    person=about_person,
    mask=mask,
    valid_on=stood_on,
)
