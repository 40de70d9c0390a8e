"""Records as machines read them."""

from __future__ import annotations

from datetime import date
from typing import Any

import django_filters as f
import orjson
from django.db.models import Exists, OuterRef, Q, QuerySet

from integrity import public
from integrity.catalogue import SECTORS
from integrity.codes import mask_name, normalise_doc_no
from integrity.listing import fields
from integrity.listing.base import Listing, Shown
from integrity.listing.masking import mask_person
from integrity.models import Event, Party, Record, Version

ENDED = {
    "REPAIRED": "record.repaired",
    "REVOKED": "record.revoked",
    "EXPIRED": "record.expired",
    "SEALED": "record.sealed",
}
MORE = (
    "subject_id",
    "kind_edition", "state", "publicity", "suspended", "publish_decided", "publish_ground", "ended_reason", "send_up", "served_on",
    "notified_on", "statement_due", "heard_on", "heard_outcome", "entered_at", "submitted_at", "confirmed_at", "published_at",
)  # fmt: skip


UNKEPT = ("publish_decided", "publish_ground", "send_up", "entered_at", "submitted_at", "confirmed_at", "published_at")


class RecordFilters(f.FilterSet):
    """Filters of the list of records."""

    kind = fields.codes("类目代码", "kind")
    subject = fields.one_code("信用主体", "subject__code")
    source_unit = fields.one_code("信息提供单位", "source_unit__code")
    deciding_unit = fields.one_code("认定单位", "deciding_code")
    number = fields.number("记录编号")
    doc_no = f.CharFilter(method="by_document", label="文书号", help_text="文书号，括号种类和空格不计", max_length=128)
    tier = fields.choice("失信等级", Record.Tier.choices)
    sector = f.ChoiceFilter(method="by_sector", choices=list(SECTORS.items()), label="领域", help_text="重点领域")
    area = fields.in_area("subject__area")
    decided_since = fields.since("认定日期不早于", "decided_on")
    decided_until = fields.until("认定日期不晚于", "decided_on")
    public_since = fields.since("公示日期不早于", "public_from")
    public_until = fields.until("公示日期不晚于", "public_from")
    objection_open = fields.yes_no("异议处理中", "objection_open")
    state = fields.choice("记录状态", Record.State.choices)
    publicity = fields.choice("公示状态", Record.Publicity.choices)

    def by_document(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(doc_key=normalise_doc_no(value))

    def by_sector(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.of_sector(value)


def more(v: public.Values) -> Shown:
    """What a seat inside sees besides the public view: every fact, the state, and the steps that were taken."""
    item = {name: v[name] for name in MORE if not name.endswith(("_at", "_id"))} | {"subject_uid": v["subject_id"]}
    return (
        item
        | {name: public.local(v[name]) for name in MORE if name.endswith("_at")}
        | {"facts": orjson.loads(v["facts_json"]) if "facts_json" in v else v["facts"]}
    )


def inside(seat: Any, ids: list[Any]) -> set[Any]:
    return set(Record.objects.inside(seat).filter(pk__in=ids).values_list("pk", flat=True))


def about_person(v: public.Values) -> bool:
    return bool(v["subject__form"] == "PERSON")


def details(v: public.Values, masks: bool) -> Shown:
    """Who had a part in it and which corrections were adopted, for a seat that sees the record from inside."""
    parts = Party.objects.filter(record=v["id"]).values_list(
        "role", "post", "subject__name", "subject__form", "subject__code"
    )
    corrections = Version.objects.filter(record=v["id"], state="ADOPTED").values(
        "number", "changes", "before", "reason", "adopted_at"
    )
    found = {
        "parties": [
            {"role": role, "post": post, "name": mask_name(name) if masks and form == "PERSON" else name, "code": code}
            for role, post, name, form, code in parts
        ],
        "corrections": [c | {"adopted_at": public.local(c["adopted_at"])} for c in corrections],
    }
    return mask_person(found, v) if masks else found


def stood_on(day: date) -> Q:
    """Decided by that day, and neither run out nor ended by an act before its end."""
    ended = Event.objects.filter(target=OuterRef("pk"), verb__in=ENDED.values(), at__date__lte=day)
    return Q(decided_on__lte=day) & (Q(until__isnull=True) | Q(until__gt=day)) & (~Q(state__in=ENDED) | ~Exists(ended))


RECORDS = Listing(
    name="records",
    schema="Record",
    label="信用记录",
    about="不带令牌时只含正在公示的记录；带令牌时按岗位权限返回，自然人信息按角色脱敏。",
    model=Record,
    columns=public.RECORD,
    show=public.record,
    order=("id",),
    as_text=("facts",),
    public_order=("-public_from", "-id"),
    filters=RecordFilters,
    search=lambda rows, query: rows.search(query),
    more_columns=MORE,
    more=more,
    inside=inside,
    person=about_person,
    mask=mask_person,
    details=details,
    unkept=frozenset(UNKEPT),
    valid_on=stood_on,
)
