"""Matching court lists against 3,000 agencies: the code decides, names give candidates with reasons (task 10)."""

from __future__ import annotations

import time

import pytest

from agencies.matching import Matcher
from integrity.models import Area, Subject
from tests import builders

BUREAUS = [
    "发展和改革局", "教育局", "科学技术局", "工业和信息化局", "民政局", "财政局", "人力资源和社会保障局", "自然资源和规划局", "生态环境分局",
    "住房和城乡建设局", "交通运输局", "水利局", "农业农村局", "商务局", "文化和旅游局", "卫生健康局", "应急管理局", "审计局", "行政审批服务局",
    "市场监督管理局", "城市管理局", "医疗保障局", "退役军人事务局", "司法局", "公安分局",
]  # fmt: skip
CITY = {
    name.replace("发展和改革局", "发展和改革委员会").replace("卫生健康局", "卫生健康委员会").replace("分局", "局")
    for name in BUREAUS
}
SURNAMES = "王李张刘陈杨赵黄周吴徐孙马朱胡林郭何高罗"
WORDS = "东西南北前后上下大小"


def register(rows):
    """Register subjects set-wise by acts; returns nothing."""
    for number, (name, area, kind, prefix) in enumerate(rows):
        builders.subject(
            name,
            f"{prefix}{area.code[:6].ljust(6, '0')}{'ABCDEFGH'[number // 9000]}{number:08d}",
            area=area,
            agency_kind=kind,
        )


@pytest.fixture(scope="module")
def city(django_db_setup, django_db_blocker):
    """Four counties with twenty-five bureaus each, their townships, and villages up to three thousand agencies; undone afterwards."""
    from django.db import transaction

    with django_db_blocker.unblock():
        atomic = transaction.atomic()
        atomic.__enter__()
        try:
            yield found()
        finally:
            transaction.set_rollback(True)
            atomic.__exit__(None, None, None)


def found():
    areas = {a.code: a for a in Area.objects.all()}
    city = areas["371100"]
    rows = [(f"市{name}", city, "GOV_DEPT", "11") for name in sorted(CITY)]
    for code in ("371102", "371103", "371121", "371122"):
        rows += [(f"{areas[code].name}{name}", areas[code], "GOV_DEPT", "11") for name in BUREAUS]
    towns = [a for a in areas.values() if a.kind in ("TOWNSHIP", "SUBDISTRICT") and a.code.startswith("3711")]
    for town in towns:
        if town.kind == "TOWNSHIP":
            rows.append((f"{town.name}人民政府", town, "TOWNSHIP", "11"))
        else:
            rows.append((f"{town.name}办事处", town, "SUBDISTRICT", "11"))
    names = [f"{s}家{w}村" for s in SURNAMES for w in WORDS]
    while len(rows) < 3000:
        town = towns[len(rows) % len(towns)]
        rows.append((f"{names[len(rows) % len(names)]}村民委员会", town, "VILLAGE_COMMITTEE", "54"))
    register(rows)
    return Matcher()


def names(found):
    """Names of the candidates, without the cast's own bureaus."""
    return [c.name for c in found if "演示" not in c.name]


def test_there_are_three_thousand(city):
    assert sum(len(rows) for rows in city.cores.values()) >= 3000


def test_the_code_decides_whatever_the_name_says(city):
    row = Subject.objects.get(name="东港区教育局")
    found = city.find("岚山区教育局", row.code)
    assert [(c.subject, c.sure) for c in found] == [(row.pk, True)]
    assert found[0].reasons[0] == "统一社会信用代码一致"
    wide = "".join(chr(ord(c) + 0xFEE0) for c in row.code)  # full-width, as some lists are typed
    assert city.find("某单位", wide)[0].subject == row.pk and "不一致" in city.find("某单位", wide)[0].reasons[1]


def test_the_old_organisation_code_is_part_of_it(city):
    row = Subject.objects.get(name="莒县财政局")
    assert [c.subject for c in city.find("莒县财政局", row.code[8:17])] == [row.pk]


def test_a_companys_code_gives_no_agency_even_under_an_agencys_name(city):
    assert city.find("东港区教育局", "91371100YYYY00071A") == []


def test_a_code_that_is_not_registered_warns(city):
    found = city.find("东港区教育局", "11371100YYYY99992" + "X")
    assert names(found) == ["东港区教育局"]  # a wrong check character says nothing
    unknown = builders.make_uscc("11371100YYYY99992")
    assert "代码不同" in city.find("东港区教育局", unknown)[0].reasons[-1]


@pytest.mark.parametrize(
    ("asked", "meant", "why"),
    [
        ("日照市发改委", "市发展和改革委员会", "简称"),
        ("东港区发改局", "东港区发展和改革局", "简称"),
        ("日照市东港区发改委", "东港区发展和改革局", "简称"),
        ("山东省日照市岚山区卫健局", "岚山区卫生健康局", "简称"),
        ("莒县人社局", "莒县人力资源和社会保障局", "简称"),
        ("五莲县市监局", "五莲县市场监督管理局", "简称"),
        ("五莲县工商行政管理局", "五莲县市场监督管理局", "机构改革前"),
        ("岚山区环境保护局", "岚山区生态环境分局", "机构改革前"),
        ("日照市市场监督管理局", "市市场监督管理局", "名称主体"),
        ("东　港区教育局", "东港区教育局", "名称一致"),
        ("日照教育局", "市教育局", "区划一致"),
    ],
)
def test_short_old_prefixed_and_full_width_names_give_the_candidate_with_its_reason(city, asked, meant, why):
    found = city.find(asked)
    assert names(found) == [meant] and not found[0].sure
    assert why in "；".join(found[0].reasons)


@pytest.mark.parametrize("core", ["教育局", "财政局", "住建局", "卫健局", "市场监管局"])
def test_two_districts_bureaus_of_one_name_are_never_confused(city, core):
    places = {"东港区": "371102", "岚山区": "371103", "五莲县": "371121", "莒县": "371122"}
    for name, code in places.items():
        found = city.find(f"{name}{core}")
        assert len(found) == 1
        assert Subject.objects.get(pk=found[0].subject).area_id == code


def test_a_name_without_a_place_shows_all_and_decides_nothing(city):
    found = city.find("教育局")
    assert len(names(found)) == 5 and not any(c.sure for c in found)
    assert all("须核对" in "；".join(c.reasons) for c in found)
    near = city.find("教育局", court="日照市岚山区人民法院")
    assert near[0].name == "岚山区教育局" and "执行法院所在区划一致" in "；".join(near[0].reasons)


def test_villages_of_one_name_are_told_apart_by_their_township(city):
    village = Subject.objects.filter(agency_kind="VILLAGE_COMMITTEE", area__name="招贤镇").first()
    short = village.name.removesuffix("村村民委员会")
    found = city.find(f"莒县招贤镇{short}村委会")
    assert [c.subject for c in found] == [village.pk]
    assert len(city.find(f"{short}村委会")) > 1


def test_a_merged_agency_is_found_under_its_old_name_as_its_successor(city):
    area = Area.objects.get(code="371102")
    old = builders.subject("东港区粮食储备管理办公室", "11371102YYYY55501", area=area)
    new = Subject.objects.get(name="东港区发展和改革局")
    old.merge(by=builders.CREDIT, successor=new, on="2026-01-01")
    found = Matcher().find("日照市东港区粮食储备管理办公室")
    assert [c.subject for c in found] == [new.pk] and "承继" in "；".join(found[0].reasons)


def test_what_is_no_agency_finds_none(city):
    for name in ("日照云帆建设有限公司", "王某某", "东港区某某超市", ""):
        assert city.find(name) == []


def test_a_list_of_a_thousand_lines_is_matched_in_seconds(city):
    began = time.monotonic()
    for number in range(1000):
        city.find(f"日照市东港区{'教育局' if number % 2 else '不存在的服务中心'}", court="东港区人民法院")
    assert time.monotonic() - began < 10
