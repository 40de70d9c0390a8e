"""Articles and documents for everybody, and on the desk where one writes and another releases."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.feedgenerator import Atom1Feed

from integrity.acts import possible
from integrity.forms import EntryForm
from integrity.models import PUBLIC
from integrity.portal.doors import act_page, listed, staff, visible
from integrity.portal.fresh import public
from supervision.models import Article

PAGES = {
    "news": ("信用动态", ("NEWS", "CULTURE"), "政务诚信建设的进展和诚信文化。"),
    "policy": ("政策文件", ("POLICY",), "政务诚信建设的法律法规、制度和文件，注明是否有效和替代文件。"),
    "cases": ("典型案例", ("CASES",), "守信和失信的典型案例，不涉及自然人。"),
}
COLUMNS = ("section", "title", "text", "doc_no", "issued_by", "issued_on", "valid_from", "valid_until")


def _of(page: str) -> Any:
    return Article.objects.visible_to(PUBLIC).filter(section__in=PAGES[page][1])


@public
def index(request: HttpRequest, page: str) -> HttpResponse:
    """One section, newest first."""
    title, _, about = PAGES[page]
    context = {
        "title": title,
        "about": about,
        "at": f"/{page}/",
        "page": listed(request, _of(page), ["-released_at", "-id"]),
    }
    return render(request, "supervision/articles.html", context)


@public
def detail(request: HttpRequest, page: str, number: str) -> HttpResponse:
    """One article or document, with its validity and successor."""
    row = _of(page).select_related("unit", "succeeded_by").filter(number=number.upper()).first()
    if row is None:
        raise Http404
    return render(request, "supervision/article.html", {"article": row, "title": PAGES[page][0], "at": f"/{page}/"})


@public
def feed(request: HttpRequest) -> HttpResponse:
    """The newest articles of all sections."""
    site = f"{settings.SITE_SCHEME}://{settings.SITE_HOST}"
    made = Atom1Feed(
        title=f"动态和文件 - {settings.SITE_NAME}", link=f"{site}/news/", description="信用动态、政策文件、典型案例、诚信文化",
        feed_url=f"{site}{request.path}", language="zh-CN", author_name=settings.SITE_ORGAN,
    )  # fmt: skip
    sections = {s: page for page, (_, names, _) in PAGES.items() for s in names}
    for a in Article.objects.visible_to(PUBLIC).order_by("-released_at")[:50]:
        made.add_item(
            title=a.title, link=f"{site}/{sections[a.section]}/{a.number}", description=a.text[:200], pubdate=a.released_at, updateddate=a.released_at,
            unique_id=f"tag:{settings.SITE_HOST.split(':')[0]},2026:{a.number}", categories=[a.get_section_display()],
        )  # fmt: skip
    return HttpResponse(made.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")


@staff("article.write", "article.release")
def desk(request: HttpRequest) -> HttpResponse:
    """All articles, those to be released first."""
    rows = Article.objects.visible_to(request.seat).select_related("entered_by")  # type: ignore[attr-defined]
    return render(request, "supervision/desk_articles.html", {"page": listed(request, rows, ["state", "-id"])})


@staff("article.write")
def new(request: HttpRequest) -> HttpResponse:
    """Enter one."""
    given = request.POST if request.method == "POST" else None
    form: Any = EntryForm(Article, Article.write.act, COLUMNS, {}, given)  # type: ignore[attr-defined]
    if form.is_bound and form.perform(request.seat):  # type: ignore[attr-defined]
        messages.success(request, f"已录入：{form.row}，须由他人发布", extra_tags="ok")
        return redirect(f"/desk/articles/{form.row.pk}/")
    context = {"form": form, "title": "录入文章", "button": "保存，交他人发布", "back": "/desk/articles/"}
    return render(request, "desk/form.html", context | {"form_errors": form.status == 422}, status=form.status)


@staff("article.write", "article.release")
def desk_detail(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One article as its writers see it."""
    row = visible(Article, request.seat, pk=pk)  # type: ignore[attr-defined]
    buttons = [s for s in possible(row, request.seat) if s.name != "amend"]  # type: ignore[attr-defined]
    return render(
        request,
        "supervision/desk_article.html",
        {"article": row, "buttons": buttons, "may_amend": row.state in ("DRAFT", "RETURNED")},
    )


class AmendForm(EntryForm):
    """The content of a draft, changed."""

    def __init__(self, row: Article, *args: Any, **more: Any) -> None:
        initial = {n: getattr(row, n) for n in COLUMNS[1:]}
        super().__init__(Article, Article.amend.act, COLUMNS[1:], {}, *args, initial=initial, **more)  # type: ignore[attr-defined]
        self.row = row

    def act(self, by: Any) -> None:
        self.row.amend(
            by=by, **{n: v if v != "" or n in ("doc_no", "issued_by") else None for n, v in self.inputs(by).items()}
        )


@staff("article.write")
def amend(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Change a draft."""
    row = visible(Article, request.seat, pk=pk)  # type: ignore[attr-defined]
    form = AmendForm(row, request.POST if request.method == "POST" else None)
    if form.is_bound and form.perform(request.seat):  # type: ignore[attr-defined]
        return redirect(f"/desk/articles/{pk}/")
    context = {"form": form, "title": "修改文章", "button": "保存", "back": f"/desk/articles/{pk}/"}
    return render(request, "desk/form.html", context | {"form_errors": form.status == 422}, status=form.status)


@staff("article.write", "article.release")
def act(request: HttpRequest, pk: uuid.UUID, name: str) -> HttpResponse:
    """Release, return, withdraw, repeal."""
    return act_page(request, visible(Article, request.seat, pk=pk), name, f"/desk/articles/{pk}/")  # type: ignore[attr-defined]
