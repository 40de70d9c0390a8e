"""Articles and documents as machines read them."""

from __future__ import annotations

from typing import Any

import django_filters as f

from integrity import public
from integrity.listing import Listing, fields, register
from supervision.models import Article


class ArticleFilters(f.FilterSet):
    """Filters of articles."""

    section = fields.choice("栏目", Article.Section.choices)
    number = fields.number("编号")


def _article(v: public.Values) -> dict[str, Any]:
    plain = (
        "version",
        "number",
        "section",
        "title",
        "text",
        "doc_no",
        "issued_by",
        "issued_on",
        "valid_from",
        "valid_until",
        "state",
    )
    return {"uid": v["id"]} | {n: v[n] for n in plain} | {
        "succeeded_by": v["succeeded_by__number"] or "", "released_at": public.local(v["released_at"]),
    }  # fmt: skip


ARTICLES = register(
    Listing(
        name="articles", schema="Article", label="文章和文件", about="信用动态、政策法规、典型案例、诚信文化；不带令牌时只有已发布的。",
        model=Article, show=_article, order=("id",), filters=ArticleFilters,
        columns=(
            "id", "version", "number", "section", "title", "text", "doc_no", "issued_by", "issued_on", "valid_from", "valid_until", "state",
            "succeeded_by__number", "released_at",
        ),
    ),
    [
        "uid uuid 随机标识，对外引用一律用它", "version int 版本，每次办理加一", "number text 编号", "section text 栏目", "title text 标题", "text text 正文",
        "doc_no text 文号", "issued_by text 制发机关", "issued_on day? 成文日期", "valid_from day? 施行日期", "valid_until day? 有效期至",
        "state text 状态", "succeeded_by text 替代文件的编号", "released_at instant? 发布时间",
    ],
)  # fmt: skip
