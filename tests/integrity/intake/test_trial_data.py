"""A list as its publisher issued it: the file itself never stands in the project (REGISTRY_TRIAL_DATA says where it is)."""

import os
from pathlib import Path

import pytest

from integrity.models import Record, Subject
from tests.integrity.intake import sheets
from tests.integrity.intake.steps import page, send, submit

NAME = "published-list-500-companies.xlsx"


@pytest.fixture
def published():
    """The real list, wherever it lies: the named folder, or shared/data beside the checkout."""
    named = os.environ.get("REGISTRY_TRIAL_DATA")
    folders = [Path(named)] if named else [p / "shared" / "data" for p in Path(__file__).resolve().parents]
    found = next((f / NAME for f in folders if (f / NAME).exists()), None)
    if found is None:
        pytest.skip(f"REAL INPUT NOT TRIED: {NAME} is not here; set REGISTRY_TRIAL_DATA to the folder that holds it")
    return found.read_bytes()


def test_the_published_list_goes_in_with_the_expected_counts(cast, desk, published):
    clerk = desk("clerk")
    batch = send(clerk, "list", sheets.upload(published, NAME), **sheets.list_answers())
    assert (batch.total, batch.good, batch.bad, batch.repeated) == (500, 476, 24, 0)
    reasons = {
        (e["code"], e["text"])
        for errors in batch.rows.filter(status="BAD").values_list("errors", flat=True)
        for e in errors
    }
    assert reasons == {("E01", "缺少统一社会信用代码")}
    assert "24" in page(clerk, batch)
    before = Subject.objects.count()
    submit(clerk, batch)
    assert Record.objects.filter(batch=batch).count() == 476 and Subject.objects.count() == before + 476

    again = send(clerk, "list", sheets.upload(published, NAME), **sheets.list_answers())
    assert (again.good, again.bad, again.repeated) == (0, 24, 476)
    assert any("曾于" in note for note in again.reading["notes"])
    assert Record.objects.count() == 476
