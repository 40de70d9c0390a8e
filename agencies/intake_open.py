"""Services, cases of services and openness items as tables to import; business systems hand in the same by POST intake (task 6)."""

from __future__ import annotations

import re
import uuid
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator

from agencies.models import Disclosure, Handling, Service
from agencies.models.onestop import KINDS, RESULTS
from integrity.codes import personal_data
from integrity.facts import Fact
from integrity.intake.profile import Table, register_table

AUDIENCES = {label: code for code, label in Service.Audience.choices}
SORTS = {label: code for code, label in Disclosure.Kind.choices}
is_address = URLValidator(schemes=["http", "https"])
Made = dict[int, uuid.UUID | None]
WHOSE = "您的岗位不能导入政务服务和公开数据"


def _address(row: Any, name: str) -> None:
    try:
        if text := row.columns.get(name):
            is_address(text)
    except ValidationError:
        row.wrong(name, "E06", "网址不正确，应以 http:// 或者 https:// 开头")


def _past(row: Any, name: str, today: date, since: str = "") -> None:
    """A day that has come, and not before the day the clock began."""
    if day := row.columns.get(name):
        if date.fromisoformat(day) > today:
            row.wrong(name, "E08", "日期不能晚于今天")
        elif since and day < row.columns[since]:
            row.wrong(name, "E08", f"不能早于起算日期（{row.columns[since]}）")


# ---- services ----

SERVICE = (
    Fact("code", "事项编码", max=40),
    Fact("name", "事项名称", max=200),
    Fact("kind", "事项类型", "choice", options=KINDS),
    Fact("audience", "服务对象", "choice", required=False, options=tuple(AUDIENCES)),
    Fact("basis", "依据", max=500),
    Fact("statutory_days", "法定办结时限", "int", min=0, max=400),
    Fact("promised_days", "承诺办结时限", "int", min=0, max=400),
    Fact("online_url", "网上办理地址", required=False, max=300),
    Fact("place", "办理地点", required=False, max=200),
    Fact("phone", "咨询电话", required=False, max=40),
)


def look_services(checker: Any, rows: Sequence[Any]) -> None:
    """Times within the law, a way to do it, and what the unit has already."""
    known = set(
        Service.objects.filter(agency=checker.seat.org_id).exclude(state="ENDED").values_list("code", flat=True)
    )
    for row in rows:
        c = row.columns
        _address(row, "online_url")
        if int(c["promised_days"]) > int(c["statutory_days"]):
            row.wrong("promised_days", "E07", "承诺办结时限不得长于法定办结时限")
        if not (c.get("online_url") or c.get("place")):
            row.wrong("online_url", "E01", "请填写网上办理地址；暂不能网上办理的，请填写办理地点")
        if c["code"] in known:
            row.repeated = "本单位已有这个编码的事项"
        checker.once(row, c["code"])


def enter_services(batch: Any, rows: Sequence[dict[str, Any]], *, by: Any) -> Made:
    """Enter checked services of the importing unit; a second person releases each."""
    made: Made = {}
    for row in rows:
        c = row["values"]["columns"]
        days = {n: int(c[n]) for n in ("statutory_days", "promised_days")}
        texts = {n: c.get(n) or "" for n in ("code", "name", "kind", "basis", "online_url", "place", "phone")}
        audience = AUDIENCES.get(c.get("audience") or "", Service.Audience.BOTH)
        made[row["serial"]] = Service(agency=by.org, audience=audience, **days, **texts).enter(by=by).pk
    return made


# ---- cases ----

HANDLING = (
    Fact("number", "办件编号", max=40),
    Fact("service_code", "事项编码", max=40),
    Fact("started_on", "受理日期", "date"),
    Fact("done_on", "办结日期", "date", required=False),
    Fact("result", "办理结果", "choice", required=False, options=RESULTS),
)


def look_handlings(checker: Any, rows: Sequence[Any]) -> None:
    """The service, the days, no applicant's number; a case that is known is finished by the row, or repeated."""
    mine = checker.seat.org_id
    services = set(Service.objects.filter(agency=mine).exclude(state="ENDED").values_list("code", flat=True))
    numbers = [row.columns["number"] for row in rows]
    known = dict(Handling.objects.filter(agency=mine, number__in=numbers).values_list("number", "state"))
    for row in rows:
        c = row.columns
        if c["service_code"] not in services:
            row.wrong("service_code", "E10", "本单位没有这个编码的政务服务事项，请先录入")
        if not re.fullmatch(r"[0-9A-Za-z-]{4,40}", c["number"]) or personal_data(c["number"]):
            row.wrong("number", "E02", "办件编号由 4 至 40 位字母、数字和连字符组成，不得填写证件号码、电话号码")
        _past(row, "started_on", checker.today)
        _past(row, "done_on", checker.today, "started_on")
        if bool(c.get("done_on")) != bool(c.get("result")):
            row.wrong("result", "E01", "办结日期和办理结果须同时填写")
        state = known.get(c["number"])
        if state == "DONE" or (state and not c.get("done_on")):
            row.repeated = "该办件已登记"
        checker.once(row, c["number"])


def enter_handlings(batch: Any, rows: Sequence[dict[str, Any]], *, by: Any) -> Made:
    """Accept and finish the cases of checked rows."""
    services = {
        s.code: s for s in Service.objects.filter(agency=by.org_id).exclude(state="ENDED").select_related("agency")
    }
    numbers = [r["values"]["columns"]["number"] for r in rows]
    known = {h.number: h for h in Handling.objects.filter(agency=by.org_id, number__in=numbers)}
    made: Made = {}
    for row in rows:
        c = row["values"]["columns"]
        case = known.get(c["number"])
        if case is None:
            start = date.fromisoformat(c["started_on"])
            case = Handling(service=services[c["service_code"]], number=c["number"], started_on=start).accept(by=by)
        if c.get("done_on") and case.state == "OPEN":
            case.finish(by=by, finished_on=date.fromisoformat(c["done_on"]), handled_as=c["result"])
        made[row["serial"]] = case.pk
    return made


# ---- openness ----

DISCLOSURE = (
    Fact("kind", "类型", "choice", options=tuple(SORTS)),
    Fact("title", "名称", max=200),
    Fact("started_on", "形成（收到）日期", "date"),
    Fact("done_on", "公开（答复）日期", "date", required=False),
    Fact("url", "公开地址", required=False, max=300),
)


def look_disclosures(checker: Any, rows: Sequence[Any]) -> None:
    """Days, addresses, no personal data; what is registered with the same name and day is repeated."""
    known = set(Disclosure.objects.filter(agency=checker.seat.org_id).values_list("kind", "title", "started_on"))
    for row in rows:
        c = row.columns
        _address(row, "url")
        _past(row, "started_on", checker.today)
        _past(row, "done_on", checker.today, "started_on")
        if found := personal_data(c["title"]):
            row.wrong("title", "E02", f"含有疑似个人信息（{found[0]}），请改写")
        if c.get("done_on") and c["kind"] != Disclosure.Kind.REQUEST.label and not c.get("url"):
            row.wrong("url", "E01", "请填写公开地址，供公众和监督单位查看")
        if (SORTS.get(c["kind"]), c["title"], date.fromisoformat(c["started_on"])) in known:
            row.repeated = "该公开事项已登记"
        checker.once(row, (c["kind"], c["title"], c["started_on"]))


def enter_disclosures(batch: Any, rows: Sequence[dict[str, Any]], *, by: Any) -> Made:
    """Register openness items; those with a day of publication are done."""
    made: Made = {}
    for row in rows:
        c = row["values"]["columns"]
        start = date.fromisoformat(c["started_on"])
        item = Disclosure(agency=by.org, kind=SORTS[c["kind"]], title=c["title"], started_on=start).enter(by=by)
        if c.get("done_on"):
            item.finish(by=by, finished_on=date.fromisoformat(c["done_on"]), open_url=c.get("url") or "")
        made[row["serial"]] = item.pk
    return made


register_table("services", Table(SERVICE, "service.enter", look_services, enter_services, WHOSE))
register_table("handlings", Table(HANDLING, "service.enter", look_handlings, enter_handlings, WHOSE))
register_table("disclosures", Table(DISCLOSURE, "service.enter", look_disclosures, enter_disclosures, WHOSE))
