"""Articles, task duties and meetings as tables."""

from django.contrib import admin

from supervision.horizontal.admin import SupervisionAdmin
from supervision.models import Article, JointMeeting, TaskDuty


@admin.register(Article)
class ArticleAdmin(SupervisionAdmin):
    """Articles and documents."""

    columns = ("number", "section", "title", "state", "released_at")
    list_filter = ("section", "state")
    search_fields = ("number__iexact", "title")
    search_help_text = "编号或者标题"
    ordering = ("-released_at", "-id")
    people = ("entered_by", "released_by")


@admin.register(TaskDuty)
class TaskDutyAdmin(SupervisionAdmin):
    """The twenty tasks."""

    columns = ("year", "task", "lead", "due_on", "state")
    list_filter = ("state",)
    ordering = ("-year", "task", "id")


@admin.register(JointMeeting)
class MeetingAdmin(SupervisionAdmin):
    """Joint meetings."""

    columns = ("held_on", "topic")
    ordering = ("-held_on", "-id")
