"""Rows handed in by other systems: errors by row, the same key never twice."""

import pytest
from django.core.exceptions import ValidationError

from integrity.acts import NotAllowed
from integrity.intake.upload import KeyTaken, take_rows
from integrity.models import ApiToken, ImportBatch, MomentSeat, Record
from tests.integrity.intake.sheets import day, penalty


def test_good_rows_are_entered_and_bad_ones_come_back(cast):
    rows = [penalty(1), penalty(2, 处罚类别="没收违法所得"), {**penalty(3), "法定代表人证件号码": None}]
    done = take_rows("dp02", rows, cast.market, "2026-11-24-001")
    assert (done.batch.state, done.batch.good, done.batch.bad) == ("SUBMITTED", 2, 1)
    assert {(e["row"], e["code"], e["field"]) for e in done.errors} == {
        (2, "E16", "fine_wan"),
        (2, "E16", "seized_wan"),
    }
    assert Record.objects.filter(batch=done.batch, state="SUBMITTED").count() == 2


def test_the_same_key_gives_the_same_answer_and_enters_nothing_again(cast):
    rows = [penalty(1), penalty(2, 违法行为类型="")]
    first = take_rows("dp02", rows, cast.market, "k1")
    again = take_rows("dp02", rows, cast.market, "k1")
    assert (again.batch, again.errors, again.replayed) == (first.batch, first.errors, True)
    assert Record.objects.count() == 1
    with pytest.raises(KeyTaken):
        take_rows("dp02", [penalty(3)], cast.market, "k1")


def test_rows_known_already_are_reported_as_doubles(cast):
    take_rows("dp02", [penalty(1)], cast.market, "k1")
    done = take_rows("dp02", [penalty(1), penalty(1), penalty(2)], cast.market, "k2")
    assert [(e["row"], e["status"], e["code"]) for e in done.errors] == [(1, "REPEATED", "E09"), (2, "REPEATED", "E09")]
    assert Record.objects.count() == 2


def test_columns_go_by_key_label_or_field(cast):
    by_key = {"CF_XDR_MC": "云帆", "CF_XDR_SHXYM": cast.orgs.company.code, "doc_no": "日市监处罚〔2026〕9号", "CF_WFXW": "未明码标价",
              "CF_YJ": "《价格法》第四十二条", "处罚类别": ["警告", "罚款"], "CF_NR": "警告并罚款", "CF_NR_FK": 1.5, "CF_JDRQ": day(3),
              "CF_CFJG": cast.orgs.market.name, "CF_CFJGDM": cast.orgs.market.code}  # fmt: skip
    done = take_rows("dp02", [by_key], cast.market, "k", answers={"served_on": day(1)})
    assert [(e["code"], e["column"]) for e in done.errors] == [("E11", "CF_XDR_MC")]
    done = take_rows(
        "dp02", [by_key | {"CF_XDR_MC": cast.orgs.company.name}], cast.market, "k2", answers={"served_on": day(1)}
    )
    record = Record.objects.get(batch=done.batch)
    assert (record.facts["penalty_kinds"], record.facts["fine_wan"], record.subject) == (
        "警告；罚款",
        "1.5",
        cast.orgs.company,
    )


def test_a_token_hands_in_for_its_seat(cast):
    token = ApiToken(seat=cast.market)
    seat = MomentSeat("UNIT_CLERK", org=cast.orgs.market, user=cast.market.user, token=token)
    done = take_rows("dp02", [penalty(1)], seat, "k")
    assert (done.batch.seat, done.batch.entered_by, done.batch.good) == (cast.market, cast.market.user, 1)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"rows": []}, ValidationError),
        ({"key": ""}, ValidationError),
        ({"rows": [{"企业": "x"}]}, ValidationError),
        ({"rows": [{"CF_WSH": {"x": 1}}]}, ValidationError),
        ({"answers": {"nonsense": "x"}}, ValidationError),
        ({"code": "nothing"}, KeyError),
        ({"code": "OF03"}, NotAllowed),
    ],
)
def test_what_cannot_be_taken_leaves_nothing(cast, change, fault):
    given = {"code": "dp02", "rows": [penalty(1)], "key": "k", "by": cast.market} | change
    with pytest.raises(fault):
        take_rows(**given)
    assert not ImportBatch.objects.exists()
