"""What every door of staff and portal shares: who may enter, how a row is found, how an act's page works."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import BadRequest, PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from integrity.acts import Act, Acted, buttons_of, may
from integrity.forms import ActForm
from integrity.models import Record
from integrity.paging import BadCursor, Page, page

View = Callable[..., HttpResponse]


def staff(*rights: str) -> Callable[[View], View]:
    """A view for seats with one of these rights (any staff seat when none is named); others learn whom to ask."""

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def enter(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            seat = request.seat  # type: ignore[attr-defined]
            if not seat.pk or (rights and not set(rights) & seat.rights):
                raise PermissionDenied("您当前的岗位没有办理此事项的权限，请联系本单位管理员或者切换岗位。")
            return view(request, *args, **kwargs)

        return enter

    return decorate


def visible(model: type[Acted], seat: Any, **key: Any) -> Any:
    """The row this seat may see, or the same 404 for none, hidden, expired and foreign."""
    row = model.objects.visible_to(seat).filter(**key).first()
    if row is None:
        raise Http404
    return row


def act_named(model: type[Acted], name: str) -> Act:
    """An act of a model that a button may start."""
    for spec in buttons_of(model):
        if spec.name == name:
            return spec
    raise Http404


def act_page(
    request: HttpRequest,
    row: Acted,
    name: str,
    back: str,
    template: str = "desk/act.html",
    form_class: type[ActForm] = ActForm,
    by: Any = None,
    **more: Any,
) -> HttpResponse:
    """The page behind an act's button: what it does, its inputs, the act itself on POST; `more` goes to the template.

    `by` is the seat that acts where it is not the visitor's own: who follows his matter by code acts as the public.
    """
    seat = by or request.seat  # type: ignore[attr-defined]
    spec = more.pop("spec", None) or act_named(type(row), name)
    form = form_class(spec, row, *((request.POST, request.FILES) if request.method == "POST" else ()))
    form.refusal = may(spec, row, seat)
    if form.is_bound and form.perform(seat):
        messages.success(request, f"已{spec.label}：{row}", extra_tags="ok")
        return redirect(back)
    context = more | {
        "act": spec,
        "row": row,
        "form": form,
        "refusal": form.refusal,
        "back": back,
        "form_errors": form.status == 422,
    }
    return render(request, template, context, status=form.status)


def visible_inside(request: HttpRequest, pk: Any) -> Record:
    """A record this seat sees from inside, with what its page needs; what is merely public has its public page."""
    rows = Record.objects.inside(request.seat)  # type: ignore[attr-defined]
    row = rows.select_related("subject", "kind", "source_unit", "source_unit__area").filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


def listed(request: HttpRequest, rows: QuerySet, order: list[str], size: int = 20) -> Page:
    """The page of a list that the address asks for; a cursor that nobody made is a bad request."""
    try:
        return page(rows, order, after=request.GET.get("after", ""), before=request.GET.get("before", ""), size=size)
    except BadCursor as fault:
        raise BadRequest(str(fault)) from fault
