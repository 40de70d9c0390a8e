"""Officials' files as tables: found, read and acted on as on the desk."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse

from integrity.admin.base import ActedAdmin
from integrity.admin.shown import labelled
from integrity.portal.desk.opening import gate
from officials.models import Course, Handbook, Learning, Official, Session
from officials.signing import admin as signing  # noqa: F401  (keys, templates, consents)


@admin.register(Official)
class OfficialAdmin(ActedAdmin):
    """Files of the officials this seat manages or may know of."""

    section = "公务人员"
    columns = ("name_shown", "workplace", "post", "rank", "category", "state", "appointed_on")
    list_filter = ("state", "category", "leading")
    search_fields = ("subject__name",)
    search_help_text = "姓名或者拼音首字母"
    ordering = ("subject__sort_key", "id")
    creating = "appoint"
    entry = ("category", "post", "rank", "leading", "appointed_on")
    sections = (
        ("人员", ("name_shown", "id_shown", "category", "state", "sex", "birth_year")),
        ("任职", ("workplace", "authority_shown", "post", "rank", "leading", "appointed_on", "left_on")),
    )
    people = ("entered_by", "released_by")

    @labelled("姓名")
    def name_shown(self, row: Official, seat: Any) -> str:
        return row.subject.name_for(seat)

    @labelled("公民身份号码")
    def id_shown(self, row: Official, seat: Any) -> str:
        return row.subject.id_masked if row.within(seat) else ""

    @labelled("所在单位")
    def workplace(self, row: Official, seat: Any) -> str:
        return str(row.unit or "")

    @labelled("管理权限单位")
    def authority_shown(self, row: Official, seat: Any) -> str:
        return str(row.authority or "")

    def gate(self, request: HttpRequest, row: Any) -> HttpResponse | None:
        return gate(request, row)

    def links(self, row: Any, seat: Any) -> list[tuple[str, str]]:
        return [(row.get_absolute_url(), "档案页面")]


@admin.register(Handbook)
class HandbookAdmin(ActedAdmin):
    """Editions of the handbook."""

    section = "公务人员"
    columns = ("title", "edition", "state", "released_on", "unit")
    list_filter = ("state",)
    search_fields = ("title",)
    search_help_text = "书名"
    ordering = ("-edition",)
    creating = "write"
    entry = ("title", "text")
    people = ("entered_by", "released_by")


@admin.register(Course)
class CourseAdmin(ActedAdmin):
    """Courses with their self-test."""

    section = "公务人员"
    columns = ("title", "hours", "compulsory", "state", "unit")
    list_filter = ("state", "compulsory")
    search_fields = ("title",)
    search_help_text = "课程名称"
    ordering = ("title", "id")
    creating = "offer"
    entry = ("title", "about", "hours", "compulsory", "questions")


@admin.register(Session)
class SessionAdmin(ActedAdmin):
    """Sessions held and to be held."""

    section = "公务人员"
    columns = ("course", "held_on", "place", "state", "present", "unit")
    list_filter = ("state",)
    search_fields = ("course__title", "place")
    search_help_text = "课程或者地点"
    ordering = ("-held_on", "-id")


@admin.register(Learning)
class LearningAdmin(ActedAdmin):
    """Who has to learn what."""

    section = "公务人员"
    columns = ("learner", "course", "due_on", "state", "way", "done_on")
    list_filter = ("state", "way")
    search_fields = ("course__title",)
    search_help_text = "课程名称"
    ordering = ("due_on", "id")
    sections = (
        ("学习任务", ("learner", "course", "due_on", "assigned_on", "state", "way", "session", "done_on", "measure")),
    )

    @labelled("姓名")
    def learner(self, row: Learning, seat: Any) -> str:
        return row.subject.name_for(seat)
