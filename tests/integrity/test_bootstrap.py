"""The first day: two founders, seats by one and released by another, the catalogue as one edition."""

from io import StringIO

import pytest
import xlsxwriter
from django.core.management import CommandError, call_command

from integrity import bootstrap
from integrity.models import Area, Kind, MomentSeat, Seat, User
from tests import builders


def run(*arguments):
    out = StringIO()
    call_command("bootstrap", *arguments, stdout=out, stderr=out)
    return out.getvalue()


@pytest.fixture
def without_administrators(cast):
    for seat in (cast.admin, cast.admin2):
        seat.revoke(by=seat, reason="重新筹建")


def test_two_founders_release_each_other(without_administrators):
    said = run("founders", "jia:甲", "yi:乙")
    seats = Seat.objects.in_force().filter(role_code="SYSADMIN")
    assert {(s.user.username, s.released_by.username) for s in seats} == {("jia", "yi"), ("yi", "jia")}
    password = said.split("jia", 1)[1].split()[0]
    assert User.objects.get(username="jia").check_password(password)


def test_a_founded_node_is_not_founded_again(cast):
    with pytest.raises(CommandError, match="already"):
        run("founders", "jia:甲", "yi:乙")


def test_one_person_does_not_found_a_node(without_administrators):
    with pytest.raises(CommandError, match="two different"):
        run("founders", "jia:甲", "jia:甲")


def test_seats_are_released_by_a_second_person_only(cast):
    li = builders.user("li", "李某")
    row = Seat(user=li, role_code="UNIT_CLERK", org=cast.orgs.bureau).grant(by=cast.admin)
    assert "0 seats in force, 1 left" in run("release", "--by", "admin")
    assert "1 seats in force" in run("release", "--by", "admin2")
    assert row in Seat.objects.in_force()
    with pytest.raises(CommandError, match="clerk holds no seat"):
        run("release", "--by", "clerk")


def test_the_catalogue_is_an_edition_of_two_people(cast):
    kinds = Kind.objects.filter(code__in=["AG01", "AG02"])
    for kind in kinds:
        kind.change_text(by=MomentSeat("CLOCK"), text=_text(kind), digest="0" * 64)
    assert "2 entries nominated" in run("nominate", "--by", "credit", "--doc-no", "日信目录〔2026〕2号")
    with pytest.raises(CommandError, match="他人批准"):
        run("approve", "--by", "credit")
    assert Kind.objects.filter(state="NOMINATED").count() == 2
    assert "2 entries in force" in run("approve", "--by", "credit2")
    assert set(kinds.values_list("state", "doc_no")) == {("APPROVED", "日信目录〔2026〕2号")}


def _text(kind):
    import json

    return json.dumps(kind.text)


def areas(tmp_path, *rows):
    path = tmp_path / "区划.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate([bootstrap.AREA_HEADINGS, *rows]):
            sheet.write_row(number, 0, row)
    return str(path)


def test_areas_come_from_a_workbook(cast, tmp_path):
    path = areas(tmp_path, ("3711Z9", "测试新区", "功能区", "371100"), (371199001, "测试街道", "街道", "3711Z9"))
    assert "2 areas" in run("areas", path) and "0 areas" in run("areas", path)
    assert Area.objects.get(code="371199001").path == "/370000/371100/3711Z9/371199001"


def test_an_unknown_superior_enters_nothing(cast, tmp_path):
    with pytest.raises(CommandError, match="row 3"):
        run("areas", areas(tmp_path, ("3711Z8", "新区", "功能区", "371100"), ("3711Z7", "新区", "功能区", "999")))
    assert not Area.objects.filter(code="3711Z8").exists()


def test_first_passwords_are_written_once_for_their_owner(cast, tmp_path):
    li = builders.user("li", "李某")
    li.set_unusable_password()
    li.save()
    Seat(user=li, role_code="UNIT_CLERK", org=cast.orgs.bureau).grant(by=cast.admin).release(by=cast.admin2)
    path = tmp_path / "passwords.csv"
    assert run("passwords", str(path)).startswith("1 first passwords")
    assert path.stat().st_mode & 0o077 == 0 and "li,李某," in path.read_text(encoding="utf-8-sig")
    with pytest.raises(CommandError, match="File exists"):
        run("passwords", str(path))


def test_status_counts_what_stands(cast):
    said = run("status")
    assert "catalogue entries in force" in said and f"{Kind.objects.filter(state='APPROVED').count()}" in said
