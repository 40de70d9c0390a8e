"""Choosing a seat and a view: small settings of a visit."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods


@login_required
@require_http_methods(["GET", "POST"])
def seats(request: HttpRequest) -> HttpResponse:
    """A user with several seats says from which one he works now."""
    if request.method == "POST":
        chosen = request.POST.get("seat", "")
        if chosen not in {str(s.pk) for s in request.seats}:  # type: ignore[attr-defined]
            raise Http404
        request.session["seat"] = chosen
        messages.success(request, "已切换岗位", extra_tags="ok")
        return redirect("/desk/")
    return render(request, "account/seats.html")


def view(request: HttpRequest, name: str) -> HttpResponse:
    """The elder view or the standard one, kept in a cookie only by choice."""
    if name not in ("elder", "standard"):
        raise Http404
    back = request.headers.get("referer", "/")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}) or urlsplit(back).path == "/elder/":
        back = "/"
    response = redirect("/elder/" if name == "elder" else back)
    if name == "elder":
        response.set_cookie("view", "elder", max_age=31536000, samesite="Lax", httponly=True)
    else:
        response.delete_cookie("view")
    return response
