"""A city with something to show: public records of many kinds, pledges kept and overdue, measures, a merged agency."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any
from unittest import mock

from django.utils import timezone

from integrity.ledger.sealing import seal_all
from integrity.models import Area, Commitment, Kind, Measure, MomentSeat, Pledge, Record, Subject
from tests import builders


@contextmanager
def days_ago(days: int, minutes: int = 0) -> Iterator[date]:
    """As if it were some days ago."""
    then = timezone.now() - timedelta(days=days, minutes=minutes)
    with mock.patch.object(timezone, "now", lambda: then):
        yield timezone.localdate()


def published(
    cast: Any, code: str, subject: Subject, days: int, by: tuple[str, str] = ("clerk", "reviewer"), **facts: Any
) -> Record:
    """A record of any kind, found or adopted and published some days ago by the people whose task it is."""
    enters, reviews = (getattr(cast, name) for name in by)
    with days_ago(days) as today:
        decided = today - timedelta(days=10)
        values = {
            "doc_type": "认定书", "deciding_name": "日照市发展和改革委员会（演示）", "legal_basis": "山东省社会信用条例第十四条",
            "decided_on": decided.isoformat(), "doc_no": f"日信认〔2026〕{days}号", "subject": subject,
        }  # fmt: skip
        row = Record(kind=Kind.objects.get(code=code))
        if row.spec.notice == "by_document":
            values["served_on"] = decided.isoformat()
        row.enter(by=enters, values=values | facts).submit(by=enters)
        if row.spec.notice == "own":
            row.notify(by=reviews, served_on=today).hear(by=reviews, waived=True)
        row.review(by=reviews, privacy_ok=True, secrecy_ok=True)
        if row.state == "REVIEWED" and row.source_unit.area_id == "3711X1":
            row.accept(by=cast.county)
        return row.confirm(by=cast.credit, publish=True, ground="依法应当公开").publish(by=cast.credit2)


def pledged(cast: Any, unit: Subject, title: str, items: list[tuple[str, int, int | None]], days: int = 90) -> Pledge:
    """A published pledge of an agency; each item has a text, days until due (negative: past) and days since kept."""
    seat = MomentSeat("AGENCY_REP", org=unit, user=cast.agency.user)
    today = timezone.localdate()
    with days_ago(days, minutes=11):
        row = Pledge(
            kind=Kind.objects.get(code="AG09"), subject=unit, unit=unit, occasion="年度", title=title,
            text=f"{unit.name}向社会郑重承诺如下。\n一、依法行政，不超越权限，不推诿拖延。\n二、公开办事流程和时限，按期办结。\n三、守信践诺，不因换届、换人而毁约。\n以上承诺，请社会各界监督。",
        ).issue(by=seat)  # fmt: skip
        for n, (text, due, _) in enumerate(items, 1):
            Commitment(
                pledge=row, order=n, head="优化服务", text=text, target="按期完成", due_on=today + timedelta(days=due)
            ).enter(by=seat)
        row.sign(by=seat, level="B", document=row.text.encode(), signer="主要负责人")
    with days_ago(days):
        row.publish(by=cast.credit, public=True)
    for item, (_, _, kept) in zip(row.commitments.order_by("order"), items, strict=True):
        if kept is not None:
            item.fulfil(by=cast.credit, progress="经核查已完成", fulfilled_on=today - timedelta(days=kept))
    return row


PROCUREMENT = {
    "title": "未按规定支付货款", "fact": "教学设备验收合格后超过合同约定期限未支付货款。", "doc_type": "行政处罚决定书",
    "project": "第三中学教学设备采购项目", "project_no": "SDGP2026-031", "violation": "其他", "detail": "逾期 41 天未付款。", "amount_wan": "286.4",
}  # fmt: skip
BREACH = {
    "title": "未兑现招商引资合同约定的厂房交付", "fact": "合同约定六月底前交付标准厂房，经责令仍未交付。", "contract": "标准厂房租赁合同", "counterparty": "某制造企业",
    "field": "招商引资", "breach": "未按期交付厂房", "ordered_on": "2026-08-01", "refusal": "限期届满仍未履行", "amount_wan": "120",
}  # fmt: skip
COURT = {
    "title": "未履行生效判决确定的付款义务", "fact": "应于六月底前支付工程款本息，逾期未支付。", "doc_type": "执行决定书", "deciding_name": "云岭县人民法院（演示）",
    "legal_basis": "《最高人民法院关于公布失信被执行人名单信息的若干规定》第一条", "case_no": "（2026）鲁1199执412号", "gist_no": "（2025）鲁1199民初88号",
    "gist_unit": "云岭县人民法院（演示）", "court": "云岭县人民法院（演示）", "filed_on": "2026-07-01", "duty": "支付工程款本息 86 万元",
    "performance": "部分未履行", "behaviour": "有履行能力而拒不履行", "listed_on": "2026-08-01", "amount_wan": "86",
}  # fmt: skip
PENALTY = {
    "title": "未按规定公示收费标准", "fact": "在经营场所未按规定公示收费标准，责令改正后仍未改正。", "doc_type": "行政处罚决定书",
    "deciding_name": "市市场监督管理局（演示）", "legal_basis": "《中华人民共和国价格法》第十三条、第四十二条", "violation": "未明码标价",
    "penalty_kinds": "罚款", "content": "罚款 0.5 万元", "fine_wan": "0.5",
}  # fmt: skip
DEBARRED = {
    "title": "提供虚假材料谋取中标", "fact": "在政府采购活动中提供虚假业绩材料。", "doc_type": "行政处罚决定书", "deciding_name": "市财政部门（演示）",
    "legal_basis": "《中华人民共和国政府采购法》第七十七条", "situation": "提供虚假业绩材料谋取中标", "result": "罚款，列入不良行为记录名单，禁止参加政府采购活动一年", "fine_wan": "2.5",
}  # fmt: skip
HONOUR = {
    "title": "获评政务诚信示范单位", "fact": "连续三年按期兑现全部公开承诺。", "doc_type": "表彰决定", "deciding_name": "日照市人民政府（演示）",
    "honour": "政务诚信示范单位", "level": "市级", "granted_by": "日照市人民政府（演示）",
}  # fmt: skip
LICENCE = {
    "title": "食品经营许可", "doc_type": "行政许可决定书", "deciding_name": "市市场监督管理局（演示）", "legal_basis": "《中华人民共和国食品安全法》第三十五条",
    "licence_doc": "准予许可决定书", "licence_kind": "普通", "content": "食品销售", "valid_from": "2026-01-01", "valid_until": "2031-01-01", "status": "有效",
}  # fmt: skip
INVESTMENT = {
    "title": "标准厂房按期交付", "fact": "为落户企业提供标准厂房并按期交付。", "doc_type": "承诺书", "legal_basis": "《优化营商环境条例》第三十一条",
    "commitment_no": "ZS-2026-07", "kind": "合同协议", "content": "年底前交付标准厂房两万平方米", "due_on": "2026-12-31", "progress": "履行中",
}  # fmt: skip


def open_city(cast: SimpleNamespace) -> SimpleNamespace:
    """Publish it all and seal the log; returns what the stories name."""
    org = cast.orgs
    city = SimpleNamespace(cast=cast)
    org.bureau = Subject.objects.get(pk=org.bureau.pk)
    market = ("market", "market_reviewer")
    city.court = published(cast, "AG01", org.county_bureau, 40, **COURT)
    city.procurement = published(cast, "SE01", org.county_bureau, 12, by=market, **PROCUREMENT)
    city.breach = published(cast, "AG02", org.town, 20, **BREACH)
    city.honour = published(cast, "AG11", org.stranger, 5, **HONOUR)
    city.penalty = published(cast, "DP02", org.company, 3, by=market, **PENALTY)
    today = timezone.localdate()
    city.debarred = published(
        cast, "SE02", org.company, 30, by=market, **DEBARRED,
        ban_from=(today - timedelta(days=40)).isoformat(), ban_until=(today - timedelta(days=40)).replace(year=today.year + 1).isoformat(),
    )  # fmt: skip
    for n, name in enumerate(("食品经营许可", "公共场所卫生许可", "道路运输经营许可")):
        published(
            cast, "DP01", org.company, 2 + n, by=market, **LICENCE | {"title": name, "doc_no": f"日许〔2026〕{n + 1}号"}
        )
    published(cast, "SE09", org.bureau, 8, by=market, **INVESTMENT)
    city.trader = published(cast, "DP02", org.trader, 6, by=market, **PENALTY, legal_person="孙某经")
    measure = Measure(
        kind=Kind.objects.get(code="A04"), record=city.court, basis="《关于加强政务诚信建设的通知》第二部分第 9 项", effect="reference",
        decided_unit=org.credit, decided_on=today, starts_on=today,
    )  # fmt: skip
    city.measure = measure.impose(by=cast.credit)
    city.pledge = pledged(
        cast, org.bureau, "2026 年度政务信用承诺书",
        [("许可事项 3 个工作日办结", 37, None), ("工程款按合同节点支付", -20, None), ("农村公路养护全覆盖", -24, 25), ("城乡公交三号线开通", -30, 31),
         ("收费标准全部上网公示", -40, 41), ("企业诉求 24 小时内回应", -50, 50)],
    )  # fmt: skip
    pledged(
        cast, org.town, "便民服务承诺书",
        [("便民服务事项一次办好", -5, 6), ("村务按月公开", -10, 12), ("惠农补贴按期发放", -15, 15), ("道路维修按期完工", -16, 2), ("饮水工程按期通水", -18, 20)],
        days=60,
    )  # fmt: skip
    city.old = _merged(cast)
    seal_all()
    return city


def _merged(cast: Any) -> Subject:
    """An office that was merged into the transport bureau, with a promise it left behind."""
    area = Area.objects.get(code="371100")
    old = builders.subject(
        "市公路管理处（演示）", "12371100YYYY10021", agency_kind="INSTITUTION", area=area, parent=cast.orgs.government
    )
    pledged(cast, old, "公路养护承诺书", [("国省道坑槽 24 小时内修补", 60, None)], days=200)
    return old.merge(by=cast.credit, successor=cast.orgs.bureau, on=timezone.localdate() - timedelta(days=100))


def public_pages(city: SimpleNamespace) -> list[str]:
    """Every public page, with the city's own."""
    org = city.cast.orgs
    return [
        "/", "/?show=pledges", "/?show=double-publicity", "/elder/", "/search", "/search?t=agency", "/search?q=交通", "/search?q=云岭&t=notice",
        "/search?q=没有这家", "/search?q=市", "/list/", "/list/all", "/list/all?k=没有", "/list/agencies", "/list/procurement", "/list/township", "/pledge/",
        "/pledge/?k=没有", city.pledge.get_absolute_url(), city.court.get_absolute_url(), city.honour.get_absolute_url(), city.penalty.get_absolute_url(),
        f"/s/{org.county_bureau.code}", f"/s/{org.bureau.code}", f"/s/{org.company.code}", f"/s/{org.trader.code}", f"/s/{org.market.code}",
        f"/s/{city.old.code}", "/v/", f"/v/{city.pledge.number}", f"/v/{city.court.number}", "/rules/", "/rules/catalogue", "/rules/catalogue/AG02",
        "/rules/catalogue/DP02", "/rules/measures", "/rules/clocks", "/data/", "/about/", "/privacy/", "/sitemap/", "/log/",
    ]  # fmt: skip
