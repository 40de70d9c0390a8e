"""Subjects and organisations as machines read them."""

from __future__ import annotations

from datetime import date
from typing import Any

import django_filters as f
from django.db.models import Q, QuerySet

from integrity import public
from integrity.codes import mask_name
from integrity.listing import fields
from integrity.listing.base import Listing, Shown
from integrity.models import Subject


class SubjectFilters(f.FilterSet):
    """Filters of the list of subjects."""

    code = fields.one_code("信用主体", "code")
    name = f.CharFilter(label="名称", help_text="准确名称", max_length=200)
    form = fields.choice("主体类别", Subject.Form.choices)
    agency_kind = fields.choice("机构类别", Subject.AgencyKind.choices)
    state = fields.choice("状态", Subject.State.choices)
    area = fields.in_area("area")
    parent = fields.one_code("上级单位", "parent__code")


class OrganisationFilters(f.FilterSet):
    """Filters of the list of agencies."""

    code = fields.one_code("机构", "code")
    name = f.CharFilter(label="名称", help_text="准确名称", max_length=200)
    agency_kind = fields.choice("机构类别", Subject.AgencyKind.choices)
    state = fields.choice("状态", Subject.State.choices)
    area = fields.in_area("area")
    parent = fields.one_code("上级单位", "parent__code")


def persons(seat: Any, ids: list[Any]) -> set[Any]:
    """A person is never public: whoever sees him sees him from inside."""
    rows = Subject.objects.visible_to(seat).filter(pk__in=ids, form=Subject.Form.PERSON)
    return set(rows.values_list("pk", flat=True))


def about_person(v: public.Values) -> bool:
    return bool(v["form"] == "PERSON")


def mask(item: Shown, v: public.Values) -> Shown:
    return item | {"name": mask_name(v["name"])}


def details(v: public.Values, masks: bool) -> Shown:
    """A person's number, first six and last four, told apart from another of the same name (domain.md 6)."""
    return {"id_number": Subject.objects.get(pk=v["id"]).id_masked}


def stood_on(day: date) -> Q:
    """Founded by that day and not yet dissolved."""
    return (Q(valid_from__isnull=True) | Q(valid_from__lte=day)) & (
        Q(valid_until__isnull=True) | Q(valid_until__gt=day)
    )


def agencies(seat: Any) -> QuerySet:
    return Subject.objects.visible_to(seat).filter(form=Subject.Form.AGENCY)


def _listing(**own: Any) -> Listing:
    shared: dict[str, Any] = {
        "schema": "Subject",
        "model": Subject, "columns": public.SUBJECT, "show": public.subject, "order": ("id",), "valid_on": stood_on,
        "search": lambda rows, query: rows.search(query),
    }  # fmt: skip
    return Listing(**shared, **own)


SUBJECTS = _listing(
    name="subjects",
    label="信用主体",
    about="政府机构、企业、个体工商户和社会组织；自然人只对有权的岗位返回，并按角色脱敏。",
    filters=SubjectFilters,
    more_columns=("is_official",),
    more=lambda v: {"is_official": v["is_official"]},
    inside=persons,
    person=about_person,
    mask=mask,
    details=details,
)
ORGANISATIONS = _listing(
    name="organisations",
    label="政府机构",
    about="各级政府、部门、事业单位、乡镇街道和村（居）民委员会，含上级单位和职责承继单位。",
    filters=OrganisationFilters,
    rows=agencies,
)
