"""Who may do what with a batch, what is left to be done singly, which profile reads what."""

import io

import openpyxl
from django.test import Client
from django.utils import timezone

from integrity.models import ImportBatch, Record
from tests import builders
from tests.integrity.intake import sheets
from tests.integrity.intake.sheets import LIST_HEAD, list_answers, listed, penalty, table, xlsx
from tests.integrity.intake.steps import look_through, page, send, submit


def test_serious_and_changed_rows_are_left_to_be_handled_singly(cast, desk):
    market, credit, reviewer = desk("market"), desk("credit"), cast.market_reviewer
    grave = {"处罚类别": "罚款；吊销许可证件", "暂扣或吊销证照名称及编号": "（演示）经营许可证 2026-1"}
    batch = send(market, "dp02", xlsx(table([penalty(1), penalty(2, **grave), penalty(3)])))
    submit(market, batch)
    third = Record.objects.get(batch=batch, serial=4)
    third.return_(by=reviewer, reason="请核对金额")
    look_through(credit, batch)
    assert credit.post(f"/desk/import/{batch.pk}/confirm", {"publish": "yes"}).status_code == 302
    states = dict(Record.objects.filter(batch=batch).values_list("serial", "state"))
    assert states == {2: "CONFIRMED", 3: "SUBMITTED", 4: "RETURNED"}
    assert "有 1 条须逐条复核" in page(credit, batch)
    assert list(Record.objects.to_review(reviewer).filter(batch=batch).values_list("serial", flat=True)) == [3]


def test_records_of_a_waiting_batch_do_not_fill_the_reviewers_queue(cast, desk):
    market = desk("market")
    batch = submit(market, send(market, "dp02", xlsx(table([penalty(1), penalty(2)]))))
    assert not Record.objects.to_review(cast.market_reviewer).filter(batch=batch).exists()


def test_a_county_batch_passes_county_acceptance_first(cast, desk):
    clerk, county, credit = desk("county_clerk"), desk("county"), desk("credit")
    batch = submit(clerk, send(clerk, "list", xlsx([LIST_HEAD, *listed(3)]), **list_answers()))
    look_through(credit, batch)
    assert (
        "须先经区县信用办验收" in credit.post(f"/desk/import/{batch.pk}/confirm", {"publish": "yes"}).content.decode()
    )
    assert county.post(f"/desk/import/{batch.pk}/accept").status_code == 422
    batch.rows.update(opened_by=None)
    look_through(county, batch)
    assert county.post(f"/desk/import/{batch.pk}/accept").status_code == 302
    batch.rows.update(opened_by=None)
    batch.refresh_from_db()
    look_through(credit, batch)
    assert county.post(f"/desk/import/{batch.pk}/confirm", {"publish": "yes"}).status_code == 409
    assert credit.post(f"/desk/import/{batch.pk}/confirm", {"publish": "yes"}).status_code == 302
    assert set(Record.objects.filter(batch=batch).values_list("accepted_by", "confirmed_by")) == {
        (cast.county.user_id, cast.credit.user_id)
    }


def test_a_court_list_parts_agencies_from_enterprises(cast, desk):
    clerk = desk("clerk")
    head = ["被执行人名称", "统一社会信用代码", "执行法院", "执行依据文号", "作出执行依据单位", "案号", "立案时间",
            "生效法律文书确定的义务", "被执行人的履行情况", "失信被执行人行为具体情形", "发布时间"]  # fmt: skip
    rest = ["（演示）云岭县人民法院", "（2026）演民初1号", "（演示）云岭县人民法院", "（2026）演执{}号", "2026/03/05",
            "支付工程款", "全部未履行", "有履行能力而拒不履行", sheets.day(10)]  # fmt: skip

    def row(name, code, i):
        return [name, code, *[t.format(i) for t in rest]]

    stranger, firm = cast.orgs.stranger, sheets.company(1)
    rows = [row(stranger.name, stranger.code, 1), row(*firm, 2), row("王某某", "3711991990****0010", 3)]
    unknown = "12371100YYYY000394"
    batch = send(clerk, "court", xlsx([head, *rows, row("（演示）未登记中心", unknown, 4)]))
    assert (batch.good, batch.bad) == (2, 2)
    said = {r.serial: r.errors[0]["text"] for r in batch.rows.filter(status="BAD")}
    assert "自然人的信息不在此归集" in said[4] and "请先登记该机构" in said[5]
    submit(clerk, batch)
    kinds = dict(Record.objects.filter(batch=batch).values_list("kind_id", "subject__name"))
    assert kinds == {"AG01": stranger.name, "LS01": firm[0]}


def test_every_kind_has_a_profile_of_its_own(cast, desk):
    clerk = desk("clerk")
    answer = clerk.get("/desk/import/template/AG11")
    head = [c.value for c in openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))["数据"][3]]
    values = builders.HONOUR | {"主体名称": cast.orgs.stranger.name, "统一社会信用代码": cast.orgs.stranger.code}
    from integrity.intake.profile import profile

    fills = {c.label: values.get(c.to, "") for c in profile("AG11").columns}
    row = [values.get(h) or fills.get(h) or "" for h in head]
    row[head.index("认定日期")] = sheets.day()
    batch = submit(clerk, send(clerk, "AG11", xlsx([head, row])))
    record = Record.objects.get(batch=batch)
    assert (record.kind_id, record.subject, record.facts["honour"]) == ("AG11", cast.orgs.stranger, "政务诚信示范单位")


def test_a_stranger_sees_neither_batch_nor_rows_nor_file(cast, desk):
    clerk = desk("clerk")
    batch = send(clerk, "list", xlsx([LIST_HEAD, *listed(3)]), **list_answers())
    for name in ("stranger", "auditor", "company", "archivist", "secrecy"):
        for tail in ("", "rows", "errors", "progress", "confirm"):
            assert desk(name).get(f"/desk/import/{batch.pk}/{tail}").status_code in (403, 404), (name, tail)
    assert Client().get(f"/desk/import/{batch.pk}/").status_code == 302


def test_who_uploaded_cannot_confirm_or_open(cast, desk):
    clerk = desk("clerk")
    batch = submit(clerk, send(clerk, "list", xlsx([LIST_HEAD, *listed(3)]), **list_answers()))
    assert clerk.post(f"/desk/import/{batch.pk}/confirm", {"publish": "yes"}).status_code == 409
    assert clerk.post(f"/desk/import/{batch.pk}/opened", {"serial": [2, 3, 4]}).status_code == 403
    assert not batch.rows.filter(opened_by__isnull=False).exists()


def test_a_refused_file_says_why_and_keeps_the_answers(cast, desk):
    clerk = desk("clerk")
    batch = send(clerk, "list", sheets.upload(sheets.bomb(64), "炸弹.xlsx"), **list_answers())
    shown = page(clerk, batch)
    assert batch.state == "FAILED" and "压缩炸弹" in shown and "重新上传" in shown
    form = clerk.get(f"/desk/import/new/list?again={batch.pk}").content.decode()
    assert "日信公告〔2026〕3号" in form


def test_missing_answers_are_asked_for_beside_their_fields(cast, desk):
    answer = desk("clerk").post("/desk/import/new/list", {"file": xlsx([LIST_HEAD]), "doc_no": "X〔2026〕1号"})
    text = answer.content.decode()
    assert answer.status_code == 422 and "请填写名单名称" in text and "X〔2026〕1号" in text
    assert not ImportBatch.objects.exists()


def test_an_unapproved_kind_or_a_foreign_one_is_not_offered(cast, desk):
    from integrity.models import Kind

    Kind.objects.get(code="LS02").end(by=cast.credit, reason="试验")
    assert desk("clerk").get("/desk/import/new/list").status_code == 403
    assert desk("clerk").get("/desk/import/new/OF03").status_code == 403
    assert desk("clerk").get("/desk/import/new/nothing").status_code == 404
    assert "严重失信主体名单（通用）" not in desk("clerk").get("/desk/import/").content.decode()


def test_pages_stay_few_in_queries(cast, desk, django_assert_max_num_queries):
    clerk, credit = desk("clerk"), desk("credit")
    batch = submit(clerk, send(clerk, "list", xlsx([LIST_HEAD, *listed(40)]), **list_answers()))
    with django_assert_max_num_queries(14):
        clerk.get("/desk/import/")
    with django_assert_max_num_queries(24):
        page(credit, batch)
    with django_assert_max_num_queries(16):
        page(credit, batch, "rows?show=open")


def test_publication_ends_by_the_law_whatever_the_file_says(cast, desk):
    market = desk("market")
    batch = send(market, "dp02", xlsx(table([penalty(1, 公示截止期="2099/12/31")])))
    warned = batch.rows.get().warnings
    assert any(w["field"] == "shown_until" and "以系统计算为准" in w["text"] for w in warned)
    submit(market, batch)
    record = Record.objects.get(batch=batch)
    assert record.until < timezone.localdate().replace(year=timezone.localdate().year + 2)
