"""Officials as machines read them: to those whose duty it is, with names masked for auditors; never a personal number."""

from __future__ import annotations

from typing import Any

import django_filters as f

from integrity import public
from integrity.codes import mask_name
from integrity.listing import Listing, fields, register
from officials.models import Learning, Official
from officials.signing import listings as signing  # noqa: F401  (templates of pledges)

COLUMNS = (
    "id", "version", "subject_id", "subject__name", "subject__form", "category", "post", "rank", "leading", "state", "appointed_on", "left_on",
    "subject__parent__name", "subject__parent__code", "subject__managed_by__name", "subject__managed_by__code",
)  # fmt: skip


class OfficialFilters(f.FilterSet):
    """Filters of the list of officials, on pages and in the interface alike."""

    unit = fields.one_code("所在单位", "subject__parent__code")
    authority = fields.one_code("管理权限单位", "subject__managed_by__code")
    category = fields.choice("人员类别", Official.Category.choices)
    state = fields.choice("档案状态", Official.State.choices)
    leading = fields.yes_no("领导班子成员", "leading")
    area = fields.in_area("subject__area")


def show(v: public.Values) -> dict[str, Any]:
    """A file without birth, sex and number: what tells who holds which post."""
    plain = ("category", "post", "rank", "leading", "state", "appointed_on", "left_on")
    return {
        "uid": v["id"],
        "version": v["version"],
        "subject_uid": v["subject_id"],
        "name": v["subject__name"],
        "unit": {"name": v["subject__parent__name"] or "", "code": v["subject__parent__code"] or ""},
        "authority": {"name": v["subject__managed_by__name"] or "", "code": v["subject__managed_by__code"] or ""},
    } | {name: v[name] for name in plain}


OFFICIALS = Listing(
    name="officials",
    schema="Official",
    label="公务人员",
    about="公务人员诚信档案的基本信息，须带令牌；审计人员所见姓名已部分隐去，任何人都得不到证件号码。每次查询都留痕，本人可以查看。",
    model=Official,
    columns=COLUMNS,
    show=show,
    order=("id",),
    filters=OfficialFilters,
    search=lambda rows, query: rows.search(query),
    inside=lambda seat, ids: set(ids),
    person=lambda v: True,
    mask=lambda item, v: item | {"name": mask_name(v["subject__name"])},
    by_right=True,
)
register(OFFICIALS, [
    "uid uuid 随机标识，对外引用一律用它", "version int 版本，每次办理加一", "subject_uid uuid 信用主体的 uid，记录、承诺、措施由此相连",
    "name text 姓名，审计人员所见已部分隐去", "unit unit 所在单位", "authority unit 管理权限单位", "category text 人员类别", "post text 职务",
    "rank text 职级", "leading bool 是否领导班子成员", "state text 档案状态", "appointed_on day 任现职日期", "left_on day? 离任日期",
])  # fmt: skip


class LearningFilters(f.FilterSet):
    """Filters of learning tasks."""

    unit = fields.one_code("所在单位", "subject__parent__code")
    state = fields.choice("状态", Learning.State.choices)
    due_since = fields.since("完成期限不早于", "due_on")
    due_until = fields.until("完成期限不晚于", "due_on")


def show_task(v: public.Values) -> dict[str, Any]:
    """Who has to learn which course by when, and how he did it; no score."""
    return {
        "uid": v["id"],
        "version": v["version"],
        "subject_uid": v["subject_id"],
        "name": v["subject__name"],
        "unit": {"name": v["subject__parent__name"] or "", "code": v["subject__parent__code"] or ""},
        "course": v["course__title"],
        "hours": v["course__hours"],
        **{name: v[name] for name in ("due_on", "state", "way", "done_on")},
    }


LEARNING = Listing(
    name="learning",
    schema="Learning",
    label="学习任务",
    about="公务人员的诚信学习任务和完成情况，须带令牌；审计人员所见姓名已部分隐去，不含自测成绩。",
    model=Learning,
    columns=(
        "id", "version", "subject_id", "subject__name", "subject__parent__name", "subject__parent__code", "course__title", "course__hours",
        "due_on", "state", "way", "done_on",
    ),
    show=show_task,
    order=("id",),
    filters=LearningFilters,
    inside=lambda seat, ids: set(ids),
    mask=lambda item, v: item | {"name": mask_name(v["subject__name"])},
    by_right=True,
)  # fmt: skip
register(LEARNING, [
    "uid uuid 随机标识", "version int 版本，每次办理加一", "subject_uid uuid 信用主体的 uid", "name text 姓名，审计人员所见已部分隐去",
    "unit unit 所在单位", "course text 课程", "hours int 学时", "due_on day 完成期限", "state text 状态", "way text 完成方式，未完成为空",
    "done_on day? 完成日期",
])  # fmt: skip
