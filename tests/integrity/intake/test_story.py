"""An import from the clerk's upload to the public page, through the desk, by three people."""

import io

import openpyxl
from django.core.files.storage import default_storage

from integrity.intake.reading import place_of
from integrity.models import Event, Record, Subject
from tests.integrity.intake import sheets
from tests.integrity.intake.sheets import LIST_HEAD, list_answers, listed, penalty, table, xlsx
from tests.integrity.intake.steps import look_through, page, send, submit


def test_a_list_goes_from_the_clerk_to_the_public(cast, desk):
    clerk, credit, credit2 = desk("clerk"), desk("credit"), desk("credit2")
    assert "严重失信主体名单（通用）" in clerk.get("/desk/import/").content.decode()
    rows = listed(60)
    rows[7][3] = ""
    rows[9][3] = rows[9][3][:-1] + ("0" if rows[9][3][-1] != "0" else "1")
    batch = send(clerk, "list", xlsx([LIST_HEAD, *rows]), **list_answers())
    assert (batch.state, batch.total, batch.good, batch.bad) == ("REPORTED", 60, 58, 2)
    shown = page(clerk, batch)
    assert "共 60 行：可导入 58，有错 2" in shown and "缺少统一社会信用代码" in shown and "提交 58 行复核" in shown
    assert not Record.objects.filter(batch=batch).exists()

    submit(clerk, batch)
    assert (batch.state, Record.objects.filter(batch=batch, state="SUBMITTED").count()) == ("SUBMITTED", 58)
    assert Subject.objects.filter(code=sheets.company(3)[1], state="PROVISIONAL").exists()
    assert "确认批次" not in page(clerk, batch)

    early = credit.post(f"/desk/import/{batch.pk}/confirm", {"publish": "yes"})
    assert early.status_code == 422 and "请先逐条查看" in early.content.decode()
    look_through(credit, batch)
    done = credit.post(f"/desk/import/{batch.pk}/confirm", {"publish": "yes"})
    assert done.status_code == 302, done.content.decode()[:2000]
    assert Record.objects.filter(batch=batch, state="CONFIRMED", publicity="SCHEDULED").count() == 58

    assert "没有可以由您公示的记录" in credit.get(f"/desk/import/{batch.pk}/publish").content.decode()
    assert "公示 58 条" in page(credit2, batch)
    assert credit2.post(f"/desk/import/{batch.pk}/publish").status_code == 302
    assert Record.objects.public().filter(batch=batch).count() == 58
    one = Record.objects.filter(batch=batch).first()
    verbs = list(Event.objects.of(one).values_list("verb", flat=True))
    assert verbs == ["record.entered", "record.confirmed", "record.published"]


def test_the_same_file_again_adds_nothing(cast, desk):
    clerk = desk("clerk")
    submit(clerk, send(clerk, "list", xlsx([LIST_HEAD, *listed(20)]), **list_answers()))
    before = Record.objects.count(), Subject.objects.count()
    again = send(clerk, "list", xlsx([LIST_HEAD, *listed(20)]), **list_answers())
    assert (again.good, again.repeated) == (0, 20)
    assert "没有新的行可以提交" in page(clerk, again) and "提交 0 行" not in page(clerk, again)
    assert clerk.post(f"/desk/import/{again.pk}/submit").status_code in (409, 422)
    assert (Record.objects.count(), Subject.objects.count()) == before


def test_the_error_workbook_is_mended_and_goes_in(cast, desk):
    clerk = desk("clerk")
    rows = listed(6)
    rows[2][3], rows[4][3] = "", "91371100YYYY3000X"
    batch = send(clerk, "list", xlsx([LIST_HEAD, *rows]), **list_answers())
    answer = clerk.get(f"/desk/import/{batch.pk}/errors")
    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    sheet = book.active
    head = [c.value for c in sheet[1]]
    assert head == [*LIST_HEAD, "错误原因"] and sheet.max_row == 3
    assert sheet.cell(1, 6).fill.fgColor.rgb == "FFA31D18"
    assert sheet.cell(2, 1).value == rows[2][0] and "统一信用代码：缺少" in sheet.cell(2, 6).value
    assert "第 6 行" in sheet.cell(3, 6).value
    sheet.cell(2, 4).value, sheet.cell(3, 4).value = sheets.company(2)[1], sheets.company(4)[1]
    again = send(clerk, "list", sheets.upload(sheets._saved(book), "改好.xlsx"), **list_answers())
    assert (again.total, again.good, again.reading["ignored"]) == (2, 2, [])


def test_double_publicity_by_the_market_bureau(cast, desk):
    market = desk("market")
    rows = [penalty(i) for i in range(1, 6)]
    rows[1] |= {"行政相对人类别": "自然人", "行政相对人代码_1（统一社会信用代码）": ""}
    rows[2] |= {"处罚类别": "警告", "是否适用简易程序": "是", "罚款金额（万元）": ""}
    rows[3] |= {"违法事实": "当事人王某（身份证号371199197001010010）未公示收费标准。"}
    rows[4] |= {"处罚机关统一社会信用代码": "11371100YYYY99999X"}
    batch = send(market, "dp02", xlsx(table(rows)))
    assert (batch.good, batch.bad) == (1, 4)
    found = {r.serial: {e["code"] for e in r.errors} for r in batch.rows.filter(status="BAD")}
    assert found[3] == {"E13"} and "E14" in found[4] and found[5] == {"E15"} and "E05" in found[6]
    assert "自然人的信息不在此归集" in page(market, batch)


def test_identity_numbers_are_sealed_and_the_file_does_not_stay(cast, desk):
    market = desk("market")
    batch = send(market, "dp02", xlsx(table([penalty(1), penalty(2, 违法行为类型="")])))
    raw = batch.rows.values_list("raw", flat=True)
    assert "371199197001010010" not in str(list(raw)) and not default_storage.exists(place_of(batch))
    assert "371199197001010010" not in page(market, batch) + page(market, batch, "rows?show=bad")
    book = openpyxl.load_workbook(io.BytesIO(b"".join(market.get(f"/desk/import/{batch.pk}/errors").streaming_content)))
    assert "371199197001010010" in [c.value for c in book.active[2]]


def test_a_refused_batch_returns_to_the_clerk(cast, desk):
    clerk, credit = desk("clerk"), desk("credit")
    batch = submit(clerk, send(clerk, "list", xlsx([LIST_HEAD, *listed(5)]), **list_answers()))
    assert credit.post(f"/desk/import/{batch.pk}/refuse", {"reason": ""}).status_code == 422
    assert credit.post(f"/desk/import/{batch.pk}/refuse", {"reason": "名单文号有误"}).status_code == 302
    assert Record.objects.filter(batch=batch, state="RETURNED").count() == 5
    assert "名单文号有误" in page(clerk, batch)
    again = send(clerk, "list", xlsx([LIST_HEAD, *listed(5)]), **list_answers(doc_no="日信公告〔2026〕4号"))
    assert again.good == 5


def test_a_no_to_publication_needs_its_ground(cast, desk):
    clerk, credit = desk("clerk"), desk("credit")
    batch = submit(clerk, send(clerk, "list", xlsx([LIST_HEAD, *listed(3)]), **list_answers()))
    look_through(credit, batch)
    assert credit.post(f"/desk/import/{batch.pk}/confirm", {}).status_code == 422
    assert credit.post(f"/desk/import/{batch.pk}/confirm", {"publish": "no"}).status_code == 422
    done = credit.post(f"/desk/import/{batch.pk}/confirm", {"publish": "no", "ground": "省级网站已公示"})
    assert done.status_code == 302
    assert set(Record.objects.filter(batch=batch).values_list("publicity", "publish_ground")) == {
        ("NOT_PUBLIC", "省级网站已公示")
    }
