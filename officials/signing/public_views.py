"""The public register: template texts in force and past, and by unit posts due, signed and overdue; no name (domain.md, task 2)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from integrity.models import setting
from integrity.portal.fresh import public
from officials.models import PledgeTemplate
from officials.signing.figures import everywhere

SCOPES = {
    "ALL": "个人承诺全部公开。",
    "LEADERS": "领导班子成员的承诺公开；其他人员的承诺经本人单独同意后公开，不同意的在本单位内公示。",
    "CONSENT": "个人承诺经本人单独同意后公开，不同意的在本单位内公示。",
}


@public
def register(request: HttpRequest) -> HttpResponse:
    """Whatever the scope, everybody may read what is pledged and how far it is signed."""
    context = {
        "templates": PledgeTemplate.objects.public().order_by("occasion", "-edition"),
        "units": everywhere(),
        "scope": SCOPES[setting("pledge_public_scope")],
    }
    return render(request, "portal/pledge_register.html", context)
