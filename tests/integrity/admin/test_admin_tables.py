"""Accounts, settings, calendar and files in the admin."""

from __future__ import annotations

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from integrity.models import Attachment, CalendarDay, Setting, User
from tests import builders
from tests.integrity.admin.conftest import errors


def test_an_account_is_opened_and_seated_by_two(cast, door):
    data = {
        "username": "newman",
        "name": "新人",
        "usable_password": "true",
        "password1": "long and odd 731",
        "password2": "long and odd 731",
    }
    assert door("admin").post("/admin/integrity/user/add/", data).status_code == 302
    new = User.objects.get(username="newman")
    seat = {"user": "newman", "role_code": "UNIT_CLERK", "org": cast.orgs.bureau.code, "valid_until": ""}
    assert door("admin").post("/admin/integrity/seat/add/", seat).status_code == 302
    granted = new.seats.get()
    door("admin").do(granted, "release", 409)
    door("admin2").do(granted, "release")
    assert granted.state == "ACTIVE" and not new.is_superuser


def test_an_account_page_grants_nothing_and_is_never_ones_own(cast, door):
    user = cast.clerk.user
    url = f"/admin/integrity/user/{user.pk}/change/"
    page = door("admin").see(url)
    assert "is_superuser" not in page and "groups" not in page
    data = {
        "username": "clerk",
        "name": "改名",
        "is_active": "on",
        "is_superuser": "on",
        "more_avoids": cast.orgs.company.code,
    }
    answer = door("admin").post(url, data | {"id_number": "", "email": "", "phone": ""})
    assert answer.status_code == 302, errors(answer)
    user.refresh_from_db()
    assert user.name == "改名" and not user.is_superuser and cast.orgs.company in user.avoids.all()
    own = f"/admin/integrity/user/{cast.admin.user.pk}/change/"
    assert door("admin").post(own, data).status_code == 403
    door("clerk").see("/admin/integrity/user/", 403)


def test_a_password_set_for_somebody_is_told_to_him(cast, door):
    url = f"/admin/integrity/user/{cast.clerk.user.pk}/password/"
    data = {"usable_password": "true", "password1": "long and odd 731", "password2": "long and odd 731"}
    assert door("admin").post(url, data).status_code == 302
    assert cast.clerk.user.messages.get().title == "登录密码已被重置"
    assert door("reviewer").get(url).status_code == 403


def test_a_setting_is_proposed_by_one_and_approved_by_another(cast, door):
    data = {"key": "D14", "value": "7", "ground": "市政府办公室文件", "valid_from": timezone.localdate().isoformat()}
    assert door("admin").post("/admin/integrity/setting/add/", data).status_code == 302
    row = Setting.objects.get()
    door("admin").do(row, "approve", 409)
    door("admin2").do(row, "approve")
    assert row.state == "APPROVED"
    answer = door("admin").post("/admin/integrity/setting/add/", data | {"key": "D42"})
    assert answer.status_code == 422


def test_the_calendar_is_changed_only_with_the_right_and_leaves_a_trace(cast, door):
    day = CalendarDay.objects.first()
    url = f"/admin/integrity/calendarday/{day.pk}/change/"
    assert door("admin").post(url, {"is_workday": "on", "name": "调整"}).status_code == 302
    assert (
        "调整" in door("admin").see(f"/admin/integrity/calendarday/{day.pk}/history/")
        or CalendarDay.objects.get(pk=day.pk).name
    )
    assert door("auditor").post(url, {"name": "x"}).status_code == 403
    door("clerk").see("/admin/integrity/calendarday/", 403)


def test_a_file_is_downloaded_by_those_who_deal_with_its_record(cast, door, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    record = builders.published(cast)
    file = Attachment.add(record, SimpleUploadedFile("决定书.pdf", b"%PDF-1.7 test"), cast.clerk)
    url = f"/admin/integrity/attachment/{file.pk}/"
    answer = door("credit").get(url)
    assert b"".join(answer.streaming_content) == b"%PDF-1.7 test" and answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("attachment")
    for who in ("stranger", "county", "admin", "operator"):  # told of it, foreign, or without content
        door(who).see(url, 404)
