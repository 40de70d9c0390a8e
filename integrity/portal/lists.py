"""The public lists: what each holds, and the filter that page, feed and file share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import Q, QuerySet
from django.http import QueryDict

from integrity import catalogue
from integrity import public as whitelist
from integrity.catalogue import SECTORS, KindSpec
from integrity.codes import normalise_code
from integrity.facts import public_facts
from integrity.models import Record
from integrity.models.record.query import RecordQuerySet
from integrity.models.record.spec import TIERS
from integrity.portal.figures import Figures

ORDER = ["-public_from", "-id"]
ABOUT = {
    "procurement": "采购人责任、履约验收与付款，以及供应商、代理机构的信用记录。",
    "ppp": "政府和社会资本合作项目中政府方的履约责任与失信违约记录。",
    "trading": "公共资源交易各方主体的违法违规记录。",
    "bidding": "招标投标不良行为的记分与公告。",
    "investment": "招商引资中依法作出的承诺事项及兑现情况。",
    "debt": "违法违规举债、担保的处理结果。",
    "township": "街道和乡镇的服务承诺与违诺记录。",
}


@dataclass(frozen=True)
class Listing:
    """One public list: its address, name, what it holds, and its kinds of record."""

    name: str
    title: str
    about: str
    kinds: tuple[str, ...]

    @property
    def url(self) -> str:
        return f"/list/{self.name}"

    @property
    def is_sector(self) -> bool:
        return self.name in SECTORS

    def records(self) -> RecordQuerySet:
        rows = Record.objects.public()
        return rows if self.name == "all" else rows.filter(kind__in=self.kinds)


@cache
def listings() -> dict[str, Listing]:
    """Every list in the order of the menu (domain.md 11)."""
    kinds = [k for k in catalogue.load().of_shape("record") if k.may_be_public]

    def those(test: Any) -> tuple[str, ...]:
        return tuple(k.code for k in kinds if test(k))

    def enterprise_serious(k: KindSpec) -> bool:
        return k.tier == "serious" and "enterprise" in k.subject and k.repair != "by_court"

    found = [
        Listing("all", "公示公告", "正在公示的全部信用信息，按公示日期排列。", those(lambda k: True)),
        Listing(
            "agencies",
            "政府机构失信信息",
            "经认定、正在公示的政府机构失信记录及整改情况。",
            those(lambda k: k.polarity == "negative" and "agency" in k.subject),
        ),
        Listing("honours", "守信激励", "守信表彰、诚信示范记录。", those(lambda k: k.polarity == "positive")),
        Listing(
            "double-publicity",
            "双公示",
            "行政许可和行政处罚等信用信息，自作出决定之日起七个工作日内公示。",
            those(lambda k: k.family == "DP"),
        ),
        Listing("court", "失信被执行人", "人民法院公布的失信被执行人信息。", those(lambda k: k.repair == "by_court")),
        Listing(
            "serious",
            "严重失信主体名单",
            "依照法律、法规或者国家规定列入名单的严重失信主体。",
            those(enterprise_serious),
        ),
    ]
    found += [Listing(n, t, ABOUT[n], those(lambda k, n=n: k.sector == n)) for n, t in SECTORS.items()]
    return {x.name: x for x in found}


@dataclass(frozen=True)
class Filter:
    """What a visitor asked for: keyword, district, kind, tier, one subject; the address bar holds all of it."""

    k: str = ""
    a: str = ""
    kind: str = ""
    tier: str = ""
    code: str = ""

    @classmethod
    def of(cls, query: QueryDict) -> Filter:
        values = {n: query.get(n, "").replace("\x00", "").strip()[:80] for n in cls.__dataclass_fields__}
        return cls(**values | {"code": normalise_code(values["code"])})

    def __bool__(self) -> bool:
        return any(getattr(self, n) for n in self.__dataclass_fields__)

    @property
    def query(self) -> str:
        """The filter as a query string, with its question mark; empty without filter."""
        chosen = {n: v for n in self.__dataclass_fields__ if (v := getattr(self, n))}
        return f"?{urlencode(chosen)}" if chosen else ""

    def apply(self, rows: RecordQuerySet, counted: Figures) -> RecordQuerySet:
        """The rows that fit; a district, kind or tier that does not exist fits nothing."""
        if self.k:
            rows = rows.search_public(self.k)
        if self.a:
            rows = rows.filter(in_district(self.a, counted, "subject__area"))
        if self.kind:
            rows = rows.filter(kind=self.kind)
        if self.tier:
            rows = rows.filter(tier=self.tier, kind__in=negative())
        if self.code:
            rows = rows.filter(subject__code=self.code)
        return rows


def in_district(code: str, counted: Figures, area: str) -> Q:
    """Rows whose area lies in a district; the city's own units are those of the city itself."""
    found = next((d for d in counted.districts if d.code == code), None)
    if found is None:
        return Q(pk__in=[])
    if code == settings.CITY_AREA:
        return Q(**{area: code}) | Q(**{f"{area}__isnull": True})
    return Q(**{f"{area}__path__startswith": found.path})


@cache
def negative() -> tuple[str, ...]:
    return tuple(k.code for k in catalogue.load().of_shape("record") if k.polarity == "negative")


def shown(v: Mapping[str, Any]) -> dict[str, Any]:
    """A public record with what pages say of it beyond its whitelisted values."""
    r = whitelist.record(v)
    spec = catalogue.load().kinds[r["kind"]]
    negative = spec.polarity == "negative"
    return r | {
        "spec": spec,
        "url": f"/n/{r['number']}",
        "updated_at": whitelist.local(v["updated_at"]),
        "negative": negative,
        "tier_label": f"{TIERS[r['tier']]}失信" if negative else "",
        "last_day": r["until"] - timedelta(days=1) if r["until"] else None,
        "lines": public_facts(spec.facts, r["facts"]),
    }


def read(rows: RecordQuerySet) -> QuerySet:
    """The whitelisted columns of records in the lists' order."""
    return rows.order_by(*ORDER).values(*whitelist.RECORD, "updated_at")


def newest(rows: RecordQuerySet, size: int) -> list[dict[str, Any]]:
    return [shown(v) for v in read(rows)[:size]]


def streamed(rows: RecordQuerySet) -> Iterator[dict[str, Any]]:
    """Every row, read by a cursor so that memory stays flat."""
    return (shown(v) for v in read(rows).iterator(chunk_size=2000))


def kind_choices(listing: Listing, counted: Figures) -> list[tuple[str, str]]:
    """Kinds of the list that have something to show."""
    kinds = catalogue.load().kinds
    return [(c, kinds[c].name) for c in listing.kinds if counted.by_kind.get(c)]


def tier_choices(listing: Listing) -> list[tuple[str, str]]:
    return (
        [(t, f"{TIERS[t]}失信") for t in ("minor", "general", "serious")]
        if set(listing.kinds) & set(negative())
        else []
    )
