"""Files as they come: what is read, whatever its dress, and what is refused with a sentence."""

import time
from pathlib import Path

import openpyxl
import pytest

from integrity.intake.guard import Unfit
from integrity.intake.heading import body, find
from integrity.intake.profile import profile
from integrity.intake.table import opened
from tests.integrity.intake import sheets
from tests.integrity.intake.sheets import LIST_HEAD, listed, xlsx

ANSWERS = sheets.list_answers


def read(tmp_path, file, form="list", answers=None):
    """Heading and rows of an upload."""
    path = Path(tmp_path) / "upload"
    path.write_bytes(file if isinstance(file, bytes) else file.read())
    with opened(path, getattr(file, "name", "x")) as pages:
        heading, sheet = find(pages, profile(form), ANSWERS() if answers is None else answers)
        return heading, list(body(heading, sheet))


def test_a_plain_list_is_read(tmp_path):
    heading, rows = read(tmp_path, xlsx([LIST_HEAD, *listed(3)]))
    assert [n for n, _, _ in rows] == [2, 3, 4]
    assert rows[0][1] == listed(1)[0]
    assert heading.fields["subject_code"] == "统一信用代码"


def test_heading_anywhere_any_order_extra_columns_full_width(tmp_path):
    head = ["序号", "失信领域", "备 注", "统一社会信用代码（必填）", "＊企业名称"]
    rows = [
        ["某市公布名单"],
        [],
        ["单位：（演示）局"],
        head,
        ["1", "环保", "", sheets.company(1)[1], sheets.company(1)[0]],
    ]
    heading, found = read(tmp_path, xlsx(rows))
    assert (heading.row, heading.ignored) == (4, ["序号", "备 注"])
    assert [n for n, _, _ in found] == [5]


def test_a_repeated_heading_in_the_body_is_no_row(tmp_path):
    heading, rows = read(tmp_path, xlsx([LIST_HEAD, *listed(2), LIST_HEAD, *listed(2, 2), [], ["", "", "", "", ""]]))
    assert len(rows) == 4 and "重复的表头 1 行" in heading.notes[0]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("sep", [",", "\t", ";"])
def test_csv_in_every_usual_encoding(tmp_path, encoding, sep):
    _, rows = read(tmp_path, sheets.csv([LIST_HEAD, *listed(2)], encoding, sep=sep))
    assert rows[1][1] == listed(2)[1]


def test_xls_is_read(tmp_path):
    _, rows = read(tmp_path, sheets.xls([LIST_HEAD, *listed(40)]))
    assert rows[39][1] == listed(40)[39]


def test_a_code_kept_as_a_number_is_noted(tmp_path):
    row = listed(1)[0]
    row[3] = 913711000000000000.0
    _, rows = read(tmp_path, xlsx([LIST_HEAD, row]))
    assert rows[0][2] == [3]


def test_cells_read_as_excel_shows_them(tmp_path):
    from datetime import date, datetime

    row = [*listed(1)[0], 12.0, 0.1 + 0.2, date(2026, 1, 31), datetime(2026, 1, 31, 8, 30), True]
    _, rows = read(tmp_path, xlsx([[*LIST_HEAD, "甲", "乙", "丙", "丁", "戊"], row]))
    assert rows[0][1][5:] == ["12", "0.3", "2026-01-31", "2026-01-31 08:30:00", "是"]


def refused(tmp_path, file, **more):
    with pytest.raises(Unfit) as why:
        read(tmp_path, file, **more)
    return str(why.value)


def test_a_bomb_is_refused_within_a_second(tmp_path):
    data = sheets.bomb(512)
    started = time.monotonic()
    assert "压缩炸弹" in refused(tmp_path, data)
    assert time.monotonic() - started < 1


def test_a_bomb_that_lies_about_its_size_is_refused(tmp_path):
    data = bytearray(sheets.bomb(64))
    place = data.rindex(b"PK\x01\x02")  # the directory says 10 bytes
    data[place + 24 : place + 28] = (10).to_bytes(4, "little")
    assert "压缩炸弹" in refused(tmp_path, bytes(data))


@pytest.mark.parametrize(
    ("part", "word"),
    [
        ("xl/vbaProject.bin", "宏"),
        ("xl/macrosheets/sheet1.xml", "宏"),
        ("xl/externalLinks/externalLink1.xml", "外部链接"),
        ("xl/connections.xml", "外部链接"),
        ("xl/embeddings/oleObject1.bin", "嵌入的对象"),
    ],
)
def test_macros_links_and_objects_are_refused(tmp_path, part, word):
    assert word in refused(tmp_path, sheets.package({part: b"x"}))


def test_a_formula_is_refused_with_its_cell(tmp_path):
    row = listed(1)[0]
    row[1] = "=1+1"
    assert "单元格 B2 是公式" in refused(tmp_path, xlsx([LIST_HEAD, row]))


def test_an_error_value_is_refused_with_its_cell(tmp_path):
    assert "单元格 C2" in refused(tmp_path, xlsx([LIST_HEAD, [*listed(1)[0][:2], "#N/A", *listed(1)[0][3:]]]))


def test_a_text_that_begins_like_a_formula_is_refused_with_its_cell(tmp_path):
    row = listed(1)[0]
    row[4] = '=HYPERLINK("x")'.replace(",", "")
    assert "单元格 E2 以“=”开头" in refused(tmp_path, sheets.csv([LIST_HEAD, row]))


def test_a_doctype_is_refused(tmp_path):
    laughs = b'<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol">]><sst>&lol;</sst>'
    assert "XML 声明" in refused(tmp_path, sheets.package({"xl/sharedStrings.xml": laughs}))


def test_too_many_parts_are_refused(tmp_path):
    assert "部件" in refused(tmp_path, sheets.package({f"x/{i}.xml": b"x" for i in range(250)}))


def test_xls_with_formula_macro_or_password_is_refused(tmp_path):
    rows = [LIST_HEAD, *listed(2)]
    assert "单元格 C5 是公式" in refused(tmp_path, sheets.xls(rows, formula=True))
    assert "宏" in refused(tmp_path, sheets.xls(rows, extra="_VBA_PROJECT_CUR"))
    assert "密码" in refused(tmp_path, sheets.xls(rows, encrypted=True))
    assert "密码" in refused(tmp_path, sheets.compound({"EncryptedPackage": b"x" * 5000, "EncryptionInfo": b"x"}))


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"", "空的"),
        (b"%PDF-1.7 ...", "不是表格文件"),
        (b"\x89PNG\r\n\x1a\n", "不是表格文件"),
        (b"<html><table><tr><td>x</td></tr></table></html>", "网页格式"),
        (b"MZ\x00\x00\x01", "不是文本"),
        (b"PK\x03\x04 broken", "已损坏"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 broken", "已损坏"),
        ('企业名称,统一信用代码\n"没有结束的引号'.encode(), "引号"),
        (b"\xff\xff\xfa\x81\x39", "编码"),
    ],
)
def test_what_is_no_table_is_refused_with_a_sentence(tmp_path, data, word):
    assert word in refused(tmp_path, data)


def test_another_package_is_refused(tmp_path):
    assert "不是 Excel 工作簿" in refused(
        tmp_path, sheets.package({}, sheets.bomb(1)).replace(b"workbook", b"document")
    )


def test_missing_columns_are_refused_by_name(tmp_path):
    why = refused(tmp_path, xlsx([["企业名称", "统一信用代码"], ["甲", "乙"]]))
    assert "缺少必填的列：失信领域" in why
    why = refused(tmp_path, xlsx([LIST_HEAD, *listed(1)]), answers={})
    assert "文书号" in why and "名单名称" in why and "国家依据" in why


def test_without_a_heading_the_file_is_refused(tmp_path):
    assert "没有找到" in refused(tmp_path, xlsx([["甲", "乙"], ["丙", "丁"]]))


def test_more_rows_than_allowed_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("integrity.intake.heading.MAX_ROWS", 5)
    assert "行，请拆分" in refused(tmp_path, xlsx([LIST_HEAD, *listed(6)]))


def test_an_amount_in_another_unit_is_no_amount_in_wan(tmp_path):
    row = sheets.penalty()
    row["罚款金额（元）"] = row.pop("罚款金额（万元）")
    heading, _ = read(tmp_path, xlsx(sheets.table([row])), form="dp02", answers={})
    assert heading.ignored == ["罚款金额（元）"] and "fine_wan" not in heading.fields


def test_templates_are_read_back_and_old_or_foreign_ones_refused(tmp_path):
    from integrity.intake import workbook

    filled = openpyxl.load_workbook(workbook.template(profile("list")))
    filled["数据"].append([*listed(1)[0][:1], listed(1)[0][3], "", "", "环保"])
    _, rows = read(tmp_path, sheets._saved(filled))
    assert [n for n, _, _ in rows] == [4]
    assert "您选择的是" in refused(tmp_path, workbook.template(profile("dp02")))
    filled["数据"]["A1"] = filled["数据"]["A1"].value.replace("2026-11", "2025-01")
    assert "模板版本过旧（2025-01），请下载 2026-11 版" in refused(tmp_path, sheets._saved(filled))
