"""The catalogue and the areas as machines read them: both are public tables."""

from __future__ import annotations

from typing import Any

import django_filters as f
from django.db.models import QuerySet

from integrity import public
from integrity.listing import fields
from integrity.listing.base import Listing
from integrity.models import Area, Kind


class KindFilters(f.FilterSet):
    """Filters of the catalogue."""

    code = fields.codes("目录代码", "code")
    shape = fields.choice("形态", Kind.Shape.choices)
    state = fields.choice("状态", Kind.State.choices)


class AreaFilters(f.FilterSet):
    """Filters of the list of areas."""

    code = fields.codes("区划代码", "code")
    kind = fields.choice("类型", Area.Kind.choices)
    parent = f.CharFilter(field_name="parent_id", label="上级", help_text="上级区划代码", max_length=12)


def areas(seat: Any) -> QuerySet:
    return Area.objects.all()


KINDS = Listing(
    name="kinds",
    schema="Kind",
    label="信用目录",
    about="公共信用信息目录和失信惩戒措施清单的条目：依据、披露方式、公示期、数据项，以及批准文号和日期。",
    model=Kind,
    columns=public.KIND,
    show=public.kind,
    order=("code",),
    key="code",
    filters=KindFilters,
    search=lambda rows, query: rows.filter(name__contains=query),
)
AREAS = Listing(
    name="areas",
    schema="Area",
    label="区划",
    about="区划和功能区代码表；地方代码对外交换时换用国标代码。",
    model=Area,
    columns=public.AREA,
    show=public.area,
    order=("code",),
    key="code",
    filters=AreaFilters,
    rows=areas,
    search=lambda rows, query: rows.filter(name__contains=query),
)
