"""Templates of personal pledges as machines read them: public texts, one version after another."""

from __future__ import annotations

from typing import Any

import django_filters as f

from integrity import public
from integrity.listing import Listing, fields, register
from officials.models import PledgeTemplate
from officials.models.template import OCCASIONS

HEADS = ("discipline", "duty", "honesty", "oversight", "breach_clause", "consent_text")
COLUMNS = ("id", "version", "code", "edition", "occasion", "title", *HEADS, "state", "valid_from", "retired_on")


class TemplateFilters(f.FilterSet):
    """Filters of the list of templates."""

    occasion = fields.choice("承诺场合", OCCASIONS)
    state = fields.choice("状态", PledgeTemplate.State.choices)


def show(v: public.Values) -> dict[str, Any]:
    """Everything of a template is public once approved."""
    return {"uid": v["id"], "version": v["version"]} | {name: v[name] for name in COLUMNS[2:]}


TEMPLATES = Listing(
    name="pledge-templates",
    schema="PledgeTemplate",
    label="个人承诺书模板",
    about="批准启用和已停用的公务人员信用承诺书模板，各版全文；拟定中的只有市信用办可见。",
    model=PledgeTemplate,
    columns=COLUMNS,
    show=show,
    order=("id",),
    filters=TemplateFilters,
)
register(TEMPLATES, [
    "uid uuid 随机标识，对外引用一律用它", "version int 版本，每次办理加一", "code text 模板编号", "edition int 版次", "occasion text 承诺场合",
    "title text 标题", "discipline text 遵纪守规", "duty text 尽职尽责", "honesty text 诚实守信", "oversight text 接受监督",
    "breach_clause text 违诺责任", "consent_text text 公开同意书，与签署分开征求", "state text 状态", "valid_from day? 启用日期", "retired_on day? 停用日期",
])  # fmt: skip
