"""Builders: test data made by performing acts, so that it always has its ledger."""

from __future__ import annotations

import itertools
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

from django.db.models import Model
from django.utils import timezone

from integrity import catalogue
from integrity.codes import make_uscc
from integrity.facts import Fact
from integrity.models import Area, Event, Kind, MomentSeat, Payload, Record, Seat, Subject, User
from integrity.models.record.spec import base_facts
from officials.models import Official
from tests.grounds import agreeing

FOUNDER = MomentSeat("SYSADMIN")
CREDIT = MomentSeat("CREDIT_CITY")


def subject(name: str, code17: str = "", **more: Any) -> Subject:
    """A registered subject; 17 characters get their check character."""
    row = Subject(
        name=name, code=make_uscc(code17) if code17 else "", **({"form": "AGENCY", "agency_kind": "GOV_DEPT"} | more)
    )
    number = row.__dict__.pop("id_number", "")
    return row.register(by=CREDIT, id_number=number)


def person(name: str, id_number: str, **more: Any) -> Subject:
    row = Subject(name=name, form="PERSON", **more)
    return row.register(by=CREDIT, id_number=id_number)


def user(username: str, name: str, **more: Any) -> User:
    made = User(username=username, name=name, **more)
    made.set_password("correct horse battery")
    made.save()
    return made


def seat(who: User, role: str, org: Subject | None, founders: tuple[User, User]) -> Seat:
    """A seat granted by one founder and released by the other."""
    row = Seat(user=who, role_code=role, org=org)
    row.grant(by=MomentSeat("SYSADMIN", user=founders[0]))
    return row.release(by=MomentSeat("SYSADMIN", user=founders[1]))


STAFF = {  # account: role, key of its organisation
    "clerk": ("UNIT_CLERK", "bureau"),
    "reviewer": ("UNIT_REVIEWER", "bureau"),
    "stranger": ("UNIT_CLERK", "stranger"),
    "stranger_reviewer": ("UNIT_REVIEWER", "stranger"),
    "market": ("UNIT_CLERK", "market"),
    "market_reviewer": ("UNIT_REVIEWER", "market"),
    "county_clerk": ("UNIT_CLERK", "county_bureau"),
    "county_reviewer": ("UNIT_REVIEWER", "county_bureau"),
    "county": ("CREDIT_COUNTY", "county"),
    "credit": ("CREDIT_CITY", "credit"),
    "credit2": ("CREDIT_CITY", "credit"),
    "secrecy": ("SECRECY_REVIEWER", "secrecy"),
    "hr": ("HR_OFFICER", "personnel"),
    "hr2": ("HR_OFFICER", "personnel"),
    "discipline": ("DISCIPLINE", "personnel"),
    "discipline2": ("DISCIPLINE", "personnel"),
    "supervisor": ("SUPERVISOR", "government"),
    "sector": ("SECTOR_CLERK", "market"),
    "township": ("TOWNSHIP_CLERK", "town"),
    "agency": ("AGENCY_REP", "bureau"),
    "company": ("COMPANY_REP", "company"),
    "auditor": ("AUDITOR", "audit"),
    "leader": ("LEADER", "government"),
    "archivist": ("ARCHIVIST", "credit"),
    "operator": ("PLATFORM_OP", None),
    "admin": ("SYSADMIN", None),
    "admin2": ("SYSADMIN", None),
    "official": ("OFFICIAL", "bureau"),
    "expert": ("EXPERT", None),
}
PERSONS = {"official": ("王诚信", "371199198002290127"), "expert": ("赵评审", "371199199912311235")}


def organisations() -> dict[str, Subject]:
    """The organisations of the stories, by what they are."""
    area = Area.objects.get(code="371100")
    county = Area.objects.create(code="3711X1", name="云岭县（演示）", kind="COUNTY", parent=area)
    town = Area.objects.create(code="3711X1101", name="青石镇（演示）", kind="TOWNSHIP", parent=county)
    head = subject("日照市人民政府（演示）", "11371100YYYY10001", agency_kind="GOVERNMENT", area=area)
    up = {"area": area, "parent": head}
    other = {"agency_kind": "OTHER_ORGAN"}
    firm = {"area": area, "agency_kind": ""}
    return {
        "government": head,
        "bureau": subject("市交通运输局（演示）", "11371100YYYY10002", **up),
        "stranger": subject("市水利局（演示）", "11371100YYYY10003", **up),
        "credit": subject("市发展和改革委员会（演示）", "11371100YYYY10004", **up),
        "market": subject("市市场监督管理局（演示）", "11371100YYYY10005", **up),
        "personnel": subject("市组织人事部门（演示）", "11371100YYYY10006", **up, **other),
        "secrecy": subject("市保密部门（演示）", "11371100YYYY10007", **up, **other),
        "audit": subject("市审计局（演示）", "11371100YYYY10008", **up),
        "county": subject("云岭县发展和改革局（演示）", "11371199YYYY10009", area=county, parent=head),
        "county_bureau": subject("云岭县教育局（演示）", "11371199YYYY10010", area=county, parent=head),
        "town": subject("青石镇人民政府（演示）", "11371199YYYY10011", area=town, parent=head, agency_kind="TOWNSHIP"),
        "company": subject("日照云帆建设有限公司（演示）", "91371100YYYY20001", form="ENTERPRISE", **firm),
        "trader": subject("个体工商户", "92371100YYYY20002", form="SOLE_TRADER", **firm),
    }


def found_city() -> SimpleNamespace:
    """The cast of every story: made once a session, looked up afterwards."""
    if not Subject.objects.filter(name="市交通运输局（演示）").exists():
        orgs = organisations()
        founders = (user("founder1", "筹建人甲"), user("founder2", "筹建人乙"))
        for name, (role, org) in STAFF.items():
            who = user(name, PERSONS[name][0] if name in PERSONS else f"{name}同志")
            if name in PERSONS:
                more = (
                    {"is_official": True, "parent": orgs["bureau"], "managed_by": orgs["personnel"]}
                    if name == "official"
                    else {}
                )
                who.person = person(*PERSONS[name], **more)
                who.save()
            seat(who, role, orgs[org] if org else None, founders)
        cast = look_up()
        approve_catalogue(cast)
        credit_file(cast.wang, by=cast.hr).release(by=cast.hr2)
    return look_up()


def credit_file(who: Subject, *, by: Any, **more: Any) -> Official:
    """The file of an official in office, as the first day's import leaves it."""
    post = {"category": "CIVIL_SERVANT", "post": "规划科科长", "rank": "一级主任科员", "appointed_on": date(2024, 3, 1)}
    return Official(subject=who, **(post | more)).enlist(by=by)


CODES = {
    "11371100YYYY10001": "government", "11371100YYYY10002": "bureau", "11371100YYYY10003": "stranger", "11371100YYYY10004": "credit",
    "11371100YYYY10005": "market", "11371100YYYY10006": "personnel", "11371100YYYY10007": "secrecy", "11371100YYYY10008": "audit",
    "11371199YYYY10009": "county", "11371199YYYY10010": "county_bureau", "11371199YYYY10011": "town",
    "91371100YYYY20001": "company", "92371100YYYY20002": "trader",
}  # fmt: skip


def look_up() -> SimpleNamespace:
    orgs = {CODES[s.code[:17]]: s for s in Subject.objects.select_related("area", "parent") if s.code[:17] in CODES}
    seats = {s.user.username: s for s in Seat.objects.select_related("user", "org", "org__area")}
    wang = seats["official"].user.person
    return SimpleNamespace(
        orgs=SimpleNamespace(**orgs),
        wang=wang,
        zhao=seats["expert"].user.person,
        file=getattr(wang, "official", None),
        **seats,
    )


def approve_catalogue(cast: SimpleNamespace, codes: list[str] | None = None) -> None:
    """Every entry, or some, nominated by credit and approved by credit2."""
    rows = Kind.objects.filter(state="PROPOSED")
    for kind in rows.filter(code__in=codes) if codes else rows:
        kind.nominate(by=cast.credit, doc_no="日信目录〔2026〕1号（演示）", valid_from=date(2026, 1, 1))
        kind.approve(by=cast.credit2)


HONOUR = {
    "title": "获评政务诚信示范单位",
    "doc_type": "表彰决定",
    "doc_no": "日政字〔2026〕18号",
    "deciding_name": "日照市人民政府（演示）",
    "legal_basis": "山东省社会信用条例第十四条、第二十六条",
    "honour": "政务诚信示范单位",
    "level": "市级",
    "granted_by": "日照市人民政府（演示）",
}
PENALTY = {
    "title": "未按规定公示收费标准",
    "fact": "在经营场所未按规定公示收费标准，责令改正后仍未改正。",
    "doc_type": "行政处罚决定书",
    "doc_no": "日市监处罚〔2026〕12号",
    "deciding_name": "市市场监督管理局（演示）",
    "legal_basis": "《中华人民共和国价格法》第十三条、第四十二条",
    "violation": "未明码标价",
    "penalty_kinds": "罚款",
    "content": "罚款 0.5 万元",
    "fine_wan": "0.5",
}


def values(kind: str, subject: Subject, **more: Any) -> dict[str, Any]:
    """Good input for a kind that the stories use, dated a month ago."""
    day = timezone.localdate() - timedelta(days=30)
    base = {"AG11": HONOUR, "DP02": PENALTY}[kind] | {"subject": subject, "decided_on": day.isoformat()}
    if kind == "DP02":
        base["served_on"] = (day + timedelta(days=2)).isoformat()
    return base | more


# ---- any kind, from its specification ----


def clerk_of(kind: str) -> str:
    """The account that enters a kind; its second person is reviewer_of()."""
    return "hr" if kind.startswith("OF") else "clerk"


def reviewer_of(kind: str) -> str:
    return "hr2" if kind.startswith("OF") else "reviewer"


def subject_of(cast: SimpleNamespace, kind: str) -> Subject:
    """Somebody a kind may be about, and not the clerk's own unit."""
    takes = catalogue.load().kinds[kind].subject
    who = {"agency": cast.orgs.stranger, "enterprise": cast.orgs.company, "official": cast.wang, "person": cast.zhao}
    return who[takes[0]]


def sample_values(kind: str, **more: Any) -> dict[str, Any]:
    """Input for any kind that passes every check, as a person would type it; `more` replaces fields."""
    facts = (*base_facts(kind), *catalogue.load().kinds[kind].facts)
    values = {f.name: _sample(f) for f in facts if f.required}
    number = f"日演〔2026〕{kind}-{next(_numbers)}号"
    return values | {"doc_no": number, "deciding_name": "日照市人民政府（演示）"} | agreeing(kind) | more


_numbers = itertools.count(1)


def _sample(fact: Fact) -> Any:
    day = timezone.localdate() - timedelta(days=30)
    if fact.type == "date":
        return (day + timedelta(days=700) if fact.name.endswith("until") else day).isoformat()
    if fact.type in ("choice", "multi"):
        return "general" if fact.name == "tier" else fact.options[0]
    by_type = {"int": str(fact.min or 1), "amount": "1.5", "bool": False}
    return by_type.get(fact.type, f"{fact.label}（演示）"[: fact.max])


def as_form(values: dict[str, Any], subject: Subject) -> dict[str, Any]:
    """The same input as a form sends it: the subject by its code, a person by name and number."""
    numbers = dict(PERSONS.values())
    who = {"subject_code": subject.code} if subject.code else {"id_number": numbers[subject.name]}
    return {k: v for k, v in values.items() if v is not False} | who | {"subject_name": subject.name}


def draft(
    cast: SimpleNamespace, kind: str = "AG11", who: str = "clerk", subject: Subject | None = None, **more: Any
) -> Record:
    row = Record(kind=Kind.objects.get(code=kind))
    target = subject or (cast.orgs.stranger if kind == "AG11" else cast.orgs.company)
    return row.enter(by=getattr(cast, who), values=values(kind, target, **more))


def submitted(cast: SimpleNamespace, kind: str = "AG11", who: str = "clerk", **more: Any) -> Record:
    return draft(cast, kind, who, **more).submit(by=getattr(cast, who))


def reviewed(
    cast: SimpleNamespace, kind: str = "AG11", who: str = "clerk", reviewer: str = "reviewer", **more: Any
) -> Record:
    return submitted(cast, kind, who, **more).review(by=getattr(cast, reviewer), privacy_ok=True, secrecy_ok=True)


def confirmed(cast: SimpleNamespace, kind: str = "AG11", publish: bool = True, **more: Any) -> Record:
    return reviewed(cast, kind, **more).confirm(by=cast.credit, publish=publish, ground="" if publish else "暂不公示")


def published(cast: SimpleNamespace, kind: str = "AG11", **more: Any) -> Record:
    return confirmed(cast, kind, **more).publish(by=cast.credit2)


def forged(event: Event, **values: Any) -> Event:
    """The event as somebody would slip it in who can write but not sign: the same leaf, other content."""
    own = {f.attname: getattr(event, f.attname) for f in Event._meta.concrete_fields if f.name not in ("id", "seq")}
    false = Event(**own | {"changes": False})
    Model.save(false, force_insert=True)
    fields = event.payload.fields | {n: [event.payload.fields[n][0], v] for n, v in values.items()}
    Model.save(Payload(event=false, fields=fields, inside=event.payload.inside), force_insert=True)
    return false
