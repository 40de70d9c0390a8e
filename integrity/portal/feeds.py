"""Atom feeds: everything, each list, each district, each subject, each with the filter of its page (brief P11)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.feedgenerator import Atom1Feed

from integrity.codes import normalise_code
from integrity.models import PUBLIC, Subject
from integrity.portal.figures import Figures, figures
from integrity.portal.fresh import public
from integrity.portal.lists import Filter, listings, newest

ENTRIES = 50


def _scope(name: str, asked: Filter, counted: Figures) -> tuple[str, str, Filter, str]:
    """What a feed's name stands for: title, page, filter, list."""
    if name in listings():
        chosen = listings()[name]
        return chosen.title, f"{chosen.url}{asked.query}", asked, name
    fields = {n: getattr(asked, n) for n in Filter.__dataclass_fields__}
    for d in counted.districts:
        if d.code == name:
            within = Filter(**fields | {"a": name})
            return f"{d.name}公示公告", f"/list/all{within.query}", within, "all"
    code = normalise_code(name)
    subject = Subject.objects.visible_to(PUBLIC).filter(code=code).values("name", "code").first() if code else None
    if subject is None:
        raise Http404
    return f"{subject['name']}公示信息", f"/s/{code}", Filter(**fields | {"code": code}), "all"


@public
def feed(request: HttpRequest, name: str) -> HttpResponse:
    """The newest entries of one feed; what is no longer public is no longer in it."""
    counted = figures(request.position)  # type: ignore[attr-defined]
    title, link, asked, listing = _scope(name, Filter.of(request.GET), counted)
    site = f"{settings.SITE_SCHEME}://{settings.SITE_HOST}"
    made = Atom1Feed(
        title=f"{title} - {settings.SITE_NAME}",
        link=f"{site}{link}",
        description=listings()[listing].about,
        feed_url=f"{site}{request.get_full_path()}",
        language="zh-CN",
        author_name=settings.SITE_ORGAN,
    )
    for r in newest(asked.apply(listings()[listing].records(), counted), ENTRIES):
        made.add_item(
            title=f"{r['subject']['name']}：{r['title']}",
            link=f"{site}{r['url']}",
            description=summary(r),
            unique_id=f"tag:{settings.SITE_HOST.split(':')[0]},2026:{r['number']}",
            pubdate=r["updated_at"],
            updateddate=r["updated_at"],
            categories=[r["kind_name"]],
        )
    return HttpResponse(made.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")


def summary(r: dict[str, Any]) -> str:
    """One line of plain text."""
    end = f"公示期至 {r['last_day']}" if r["last_day"] else "公示期至法定终止情形出现"
    return " · ".join(
        x for x in (r["fact"], r["tier_label"], f"认定单位：{r['deciding_unit']['name']}", r["doc_no"], end) if x
    )
