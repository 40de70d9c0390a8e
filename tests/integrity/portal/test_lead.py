"""The overview for leadership: every figure has its definition and its list; no names; few cases have no rate (brief 4.5)."""

import csv
import re
from datetime import date
from html import unescape

import pytest
from django.utils import timezone

from integrity.statistics import BLOCKS, Figure, Scope, Share, Table, block, by_place
from tests import builders


@pytest.fixture
def extra(monkeypatch):
    """A block as an area registers it, gone after the test."""
    monkeypatch.setattr("integrity.statistics.registry.BLOCKS", BLOCKS)
    yield lambda name, count: block(name, "试验板块", 999)(count)
    for name in [n for n in BLOCKS if n.startswith("trial")]:
        del BLOCKS[name]


def test_a_leader_sees_figures_and_opens_the_list_behind_each(cast, desks):
    builders.published(cast, "DP02")
    builders.confirmed(cast, "DP02", publish=False, doc_no="日市监处罚〔2026〕13号")
    text = desks.leader.see("/lead/")
    assert "在用失信记录" in text and "按期办结率" in text
    for link in set(map(unescape, re.findall(r'class="tile"><a href="([^"]+)"', text))):
        page = desks.leader.see(link)
        if link.startswith("/desk/records/"):
            assert len(re.findall(r'<th scope="row"><a href="/desk/records/', page)) == 2, link


def test_a_block_shows_definitions_and_districts(cast, desks):
    builders.published(cast, "DP02")
    text = desks.leader.see("/lead/records")
    assert "指标口径" in text and "认定日期在统计期内" in text and "市直" in text
    assert desks.leader.get("/lead/nothing").status_code == 404


def test_no_person_and_no_restricted_record_is_counted_or_named(cast, desks):
    from tests.officials.test_sanctions import confirmed

    confirmed(cast, title="记过处分")
    text = desks.leader.see("/lead/records") + desks.leader.see("/lead/")
    assert "王诚信" not in text and "记过" not in text
    assert re.search(r"在用失信记录</span><span class=\"v num\">0<", text)


def test_few_cases_show_the_count_not_the_rate(cast, desks, extra):
    extra(
        "trial",
        lambda scope: [Figure("试验率", "口径", Share(3, 4), "件"), Figure("另一率", "口径", Share(3, 5), "件")],
    )
    text = desks.leader.see("/lead/trial")
    assert "3<small>件" in text and "共 4 件，少于 5 件，不计算比率" in text and "75" not in text
    assert "60.0<small>%" in text
    assert (str(Share(3, 4)), str(Share(0, 0)), Share(4, 5).percent) == ("3 / 4", "—", 80.0)


def test_flows_are_compared_with_the_year_before(cast, desks, extra):
    extra("trial", lambda scope: [Figure("年份", "口径", scope.since.year, "年", flow=True)])
    assert "▲ 较上年同期 +1" in desks.leader.see("/lead/trial")
    assert Scope(None, "", date(2024, 2, 29), date(2024, 3, 1)).year_before().since == date(2023, 2, 28)


def test_a_table_draws_bars_only_where_there_are_cases_enough(cast, desks, extra):
    from integrity.statistics import Row

    rows = [Row("甲县", (Share(9, 10),)), Row("乙县", (Share(5, 10),)), Row("丙县", (Share(1, 2),))]
    extra("trial", lambda scope: [Table("分县", "区县", ("率",), rows, "口径", bars="率")])
    text = desks.leader.see("/lead/trial")
    bars = text[text.index('class="bars"') : text.index("</table>")]
    assert "甲县" in bars and "乙县" in bars and "丙县" not in bars and "丙县" in text


def test_the_county_office_counts_its_own_county_only(cast, desks):
    builders.published(cast, "DP02")
    assert re.search(r"在用失信记录</span><span class=\"v num\">0<", desks.county.see("/lead/?area=371100"))
    assert re.search(r"在用失信记录</span><span class=\"v num\">0<", desks.leader.see("/lead/?area=3711X1"))
    assert re.search(r"在用失信记录</span><span class=\"v num\">1<", desks.leader.see("/lead/"))


def test_the_file_holds_every_figure_with_its_definition_and_days(cast, desks):
    builders.published(cast, "DP02")
    answer = desks.leader.get("/lead/figures.csv?period=months")
    rows = list(csv.reader(b"".join(answer).decode("utf-8-sig").splitlines()))
    (line,) = [r for r in rows if r[:2] == ["失信记录", "在用失信记录"]]
    assert line[3] == "1" and "未修复" in line[7] and line[8].endswith(timezone.localdate().isoformat())


def test_counts_by_district_follow_the_tree(cast):
    from django.db.models import Count

    from integrity.models import Subject

    told = by_place(Subject.objects.filter(form="AGENCY"), "area__path", n=Count("pk"))
    assert {p.name: c["n"] for p, c in told.items()}["云岭县（演示）"] == 3


@pytest.mark.parametrize("who", ["clerk", "reviewer", "official", "company", "operator", "admin", "secrecy"])
def test_without_the_right_there_are_no_statistics(cast, desks, who):
    for url in ("/lead/", "/lead/records", "/lead/figures.csv"):
        assert getattr(desks, who).get(url).status_code == 403


def test_the_overview_costs_few_queries(cast, desks, django_assert_max_num_queries):
    with django_assert_max_num_queries(15 * len(BLOCKS) + 10):
        desks.leader.see("/lead/")
