"""The same import from the command line, with exit codes; and the export of what a seat may see."""

import csv
import io
import json

import pytest
from django.core.management import CommandError, call_command

from integrity.models import Event, ImportBatch, Record
from tests import builders
from tests.integrity.intake.sheets import LIST_HEAD, list_answers, listed, xlsx


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


def run(path, *more, who="clerk", form="list"):
    out = io.StringIO()
    document = [f"{k}={v}" for k, v in list_answers().items()]
    call_command(
        "import_records", str(path), "--profile", form, "--as", who, *more, "--document", *document, stdout=out
    )
    return out.getvalue()


def put(tmp_path, rows):
    path = tmp_path / "名单.xlsx"
    path.write_bytes(xlsx(rows).read())
    return path


def test_all_good_rows_go_in_with_progress_and_code_0(cast, tmp_path):
    out = run(put(tmp_path, [LIST_HEAD, *listed(5)]), "--submit")
    assert "共 5 行：可导入 5，有错 0" in out and "已提交 5 行" in out and "5 / 5 行" in out
    assert Record.objects.filter(state="SUBMITTED").count() == 5


def test_without_submit_nothing_is_entered(cast, tmp_path):
    run(put(tmp_path, [LIST_HEAD, *listed(5)]))
    assert not Record.objects.exists() and ImportBatch.objects.get().state == "REPORTED"


def test_bad_rows_give_code_2_and_a_workbook(cast, tmp_path, capsys):
    rows = listed(5)
    rows[1][3] = ""
    path = put(tmp_path, [LIST_HEAD, *rows])
    with pytest.raises(SystemExit) as code:
        run(path, "--submit")
    assert code.value.code == 2 and (tmp_path / "名单-错误.xlsx").exists()
    assert Record.objects.count() == 4


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"form": "nothing"}, "没有模板"),
        ({"who": "nobody"}, "没有可以导入的"),
        ({"who": "auditor"}, "没有可以导入的"),
        ({"form": "dp02"}, "不需要填写"),
        ({"who": "hr"}, "不能录入"),
    ],
)
def test_what_is_not_taken_gives_code_1(cast, tmp_path, change, words):
    with pytest.raises(CommandError, match=words) as why:
        run(put(tmp_path, [LIST_HEAD, *listed(1)]), **change)
    assert why.value.returncode == 1


def test_an_unfit_file_gives_code_1(cast, tmp_path):
    with pytest.raises(CommandError, match="没有找到") as why:
        run(put(tmp_path, [["甲", "乙"], ["丙", "丁"]]))
    assert why.value.returncode == 1


def export(tmp_path, who, *more):
    path = tmp_path / "out"
    call_command("export_records", str(path), "--as", who, "--purpose", "年度核对", *more, stderr=io.StringIO())
    return path.read_text("utf-8-sig")


def test_export_holds_what_the_seat_sees_and_leaves_its_event(cast, tmp_path):
    record = builders.published(cast)
    line = json.loads(export(tmp_path, "credit"))
    assert (line["number"], line["subject_name"], line["facts"]["honour"]) == (
        record.number, cast.orgs.stranger.name, builders.HONOUR["honour"],
    )  # fmt: skip
    assert Event.objects.filter(verb="data.exported").last().values["purpose"] == "年度核对"
    with pytest.raises(CommandError):
        export(tmp_path, "clerk")


def test_a_csv_runs_no_formula(cast, tmp_path):
    builders.confirmed(cast, title="=HYPERLINK(1)")
    rows = list(csv.DictReader(io.StringIO(export(tmp_path, "credit", "--format", "csv"))))
    assert rows[0]["title"] == "'=HYPERLINK(1)"
