"""Officials in figures: counted for leadership without a name, for a personnel office within its reach."""

import re

from django.utils import timezone

from integrity.models import Check, make_check
from officials.models import Official
from tests import builders
from tests.officials.test_sanctions import confirmed

TODAY = timezone.localdate()


def appointed(cast, number, since=TODAY):
    row = Official(category="CIVIL_SERVANT", post="副科长", appointed_on=since)
    inputs = {
        "full_name": "李守诺",
        "id_number": number,
        "workplace": cast.orgs.bureau,
        "document": "日组干字〔2026〕3号",
    }
    return row.appoint(by=cast.hr, **inputs)


def value(text, label):
    return re.search(rf"{label}</span><span class=\"v num\">([^<]*)", text)[1]


def test_counts_without_names(cast, desks):
    confirmed(cast, title="记过处分")
    text = desks.leader.see("/lead/officials")
    assert value(text, "在职公务人员") == "1" and value(text, "公务人员在用失信记录") == "1"
    assert "王诚信" not in text and "记过" not in text and cast.orgs.bureau.name not in text


def test_rises_without_a_check_before_are_counted(cast, desks):
    appointed(cast, "371199197001010010")
    assert value(desks.leader.see("/lead/officials"), "任用升迁前核查率") == "0"
    ground = {"purpose": "PERSONNEL", "matter": "干部任用", "ground": "山东省社会信用条例第二十二条"}
    make_check(Check(**ground), ["371199197001010010"], by=cast.hr)
    assert value(desks.leader.see("/lead/officials"), "任用升迁前核查率") == "1"


def test_a_personnel_office_counts_its_own(cast, desks):
    other = builders.subject("县组织人事部门（演示）", "11371199YYYY10091", area=cast.orgs.county.area)
    builders.person("外单位", "371199197001010010", is_official=True, managed_by=other, parent=cast.orgs.bureau)
    assert value(desks.hr.see("/lead/officials"), "在职公务人员") == "1"
    assert "/desk/officials/?state=ACTIVE" in desks.hr.see("/lead/officials")
    assert "/desk/officials/" not in desks.leader.see("/lead/officials")
