"""Own file, own matters, and who looked: free of charge, with sources and reasons (山东条例 21, 37; task 4)."""

from __future__ import annotations

import functools
import uuid
from collections.abc import Callable
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from integrity.acts import possible
from integrity.models import Attachment, CheckedSubject, Event, Letter, Matter, Measure, Pledge, Record, Subject
from integrity.portal.desk.words import flat, history, lines
from integrity.portal.doors import act_page, listed
from integrity.portal.me.filing import FLOWS, SelfReportForm
from integrity.portal.me.waiting import waits_for

View = Callable[..., HttpResponse]
LOOKS = (
    *(f"{noun}.viewed" for noun in ("record", "subject", "official", "measure", "pledge", "matter")),
    "subject.checked",
    "data.exported",
)


def own_subject(seat: Any) -> Subject | None:
    """Whose file this seat may see as its own: the person, or the organisation it represents."""
    if seat.role.code in ("AGENCY_REP", "COMPANY_REP"):
        return seat.org
    return seat.user.person if seat.user_id else None


def mine(view: View) -> View:
    """A view on the own file; whoever has none is told so."""

    @functools.wraps(view)
    def enter(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        subject = own_subject(request.seat)  # type: ignore[attr-defined]
        if subject is None:
            raise PermissionDenied("您的账号没有对应的信用主体。公务人员、企业代表、机构代表请切换到相应岗位。")
        return view(request, subject, *args, **kwargs)

    return enter


def own_records(subject: Subject, seat: Any) -> Any:
    return Record.objects.visible_to(seat).filter(subject=subject).select_related("kind", "source_unit")


def own_record(subject: Subject, seat: Any, pk: uuid.UUID) -> Record:
    row = own_records(subject, seat).filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


@mine
def home(request: HttpRequest, subject: Subject) -> HttpResponse:
    """What waits for me, and the way to my file."""
    seat = request.seat  # type: ignore[attr-defined]
    context = {
        "subject": subject,
        "letters": Letter.objects.visible_to(seat).filter(addressee=subject, state="SERVED")[:20],
        "pledges": Pledge.objects.visible_to(seat)
        .select_related("subject")
        .filter(subject=subject, state="ISSUED")
        .order_by("due_on")[:20],
        "matters": Matter.objects.visible_to(seat).filter(applicant=subject).open().order_by("due_on")[:20],
        "records": own_records(subject, seat).order_by("-decided_on", "id")[:5],
        "others": waits_for(subject, seat),
    }
    return render(request, "me/home.html", context)


@mine
def records(request: HttpRequest, subject: Subject) -> HttpResponse:
    """All records about me, with their effect and end."""
    page = listed(request, own_records(subject, request.seat), ["-decided_on", "id"])  # type: ignore[attr-defined]
    return render(request, "me/records.html", {"subject": subject, "page": page})


@mine
def record(request: HttpRequest, subject: Subject, pk: uuid.UUID) -> HttpResponse:
    """One record: source, basis, effect, end; from here objection, repair and complaint."""
    seat = request.seat  # type: ignore[attr-defined]
    row = own_record(subject, seat, pk)
    context = {
        "subject": subject,
        "record": row,
        "lines": lines(row.spec, flat(row)),
        "measures": Measure.objects.visible_to(seat).filter(record=row).select_related("kind", "decided_unit"),
        "matters": Matter.objects.visible_to(seat).filter(record=row, applicant=subject).select_related("kind"),
        "obstacle": row.repair_obstacle() if row.state == "CONFIRMED" else "该记录已终止",
        "looks": looks_at([row.pk], seat, subject)[:10],
        "history": history(Event.objects.of(row), names=False),
    }
    return render(request, "me/record.html", context)


def looks_at(targets: list[Any], seat: Any, subject: Subject) -> Any:
    """Who looked at these rows or asked about this subject: when, from which unit, for what purpose."""
    asked = CheckedSubject.objects.visible_to(seat).filter(subject=subject).values("pk")
    rows = Event.objects.filter(Q(target__in=targets) | Q(target__in=asked), verb__in=LOOKS)
    return rows.select_related("payload").order_by("-id")


@mine
def looks(request: HttpRequest, subject: Subject) -> HttpResponse:
    """Everybody who looked at my file (山东条例 37)."""
    files = [row.pk for row in subject.extensions()]
    seat = request.seat  # type: ignore[attr-defined]
    pledges = Pledge.objects.visible_to(seat).filter(subject=subject).values_list("pk", flat=True)[:100]
    targets = [subject.pk, *files, *pledges, *own_records(subject, seat).values_list("pk", flat=True)[:500]]
    page = listed(request, looks_at(targets, seat, subject), ["-id"])
    return render(request, "me/looks.html", {"subject": subject, "page": page})


@mine
def file(request: HttpRequest, subject: Subject, pk: uuid.UUID, flow: str) -> HttpResponse:
    """File an objection, a repair application or a complaint about one of my records."""
    if flow not in FLOWS:
        raise Http404
    seat, row = request.seat, own_record(subject, request.seat, pk)  # type: ignore[attr-defined]
    given = (request.POST, request.FILES) if request.method == "POST" else ()
    form = FLOWS[flow](row, seat, *given)
    if form.is_bound and form.perform(seat):
        return redirect(f"/me/matters/{form.matter.number}/")
    context = {
        "form": form,
        "record": row,
        "refusal": form.refusal,
        "form_errors": form.status == 422,
        "back": f"/me/records/{row.pk}/",
    }
    return render(request, "me/file.html", context, status=form.status)


@mine
def self_report(request: HttpRequest, subject: Subject) -> HttpResponse:
    """Report an own wrong that has been put right, before or after a finding (主动纠错)."""
    given = (request.POST, request.FILES) if request.method == "POST" else ()
    form = SelfReportForm(subject, *given)
    if form.is_bound and form.perform(request.seat):  # type: ignore[attr-defined]
        return redirect(f"/me/matters/{form.matter.number}/")
    context = {"form": form, "refusal": form.refusal, "form_errors": form.status == 422, "back": "/me/"}
    return render(request, "me/self_report.html", context, status=form.status)


@mine
def matters(request: HttpRequest, subject: Subject) -> HttpResponse:
    """What I have filed, newest first."""
    rows = Matter.objects.visible_to(request.seat).filter(Q(applicant=subject)).select_related("kind", "unit")  # type: ignore[attr-defined]
    return render(
        request, "me/matters.html", {"subject": subject, "page": listed(request, rows, ["-received_at", "id"])}
    )


def own_matter(subject: Subject, seat: Any, number: str) -> Matter:
    rows = Matter.objects.visible_to(seat).filter(applicant=subject).select_related("kind", "unit", "record")
    row = rows.filter(number=number.upper()).first()
    if row is None:
        raise Http404
    return row


MY_ACTS = {"supplement", "rate", "withdraw", "ask_recheck"}


@mine
def matter(request: HttpRequest, subject: Subject, number: str) -> HttpResponse:
    """One of my matters: state, clock with its explanation, answer, what I may do next."""
    row = own_matter(subject, request.seat, number)  # type: ignore[attr-defined]
    context = {
        "matter": row,
        "detail": row.detail,
        "files": Attachment.objects.of(row),
        "buttons": [(s, p) for s, p in acts_on(row, request.seat) if s.name in MY_ACTS],  # type: ignore[attr-defined]
    }
    return render(request, "me/matter.html", context)


def acts_on(row: Matter, seat: Any) -> list[tuple[Any, str]]:
    """The acts this seat may do on a matter: the flow's own first, then those of every matter; with their addresses."""
    detail = row.detail
    allowed = getattr(detail, "matter_acts", None)
    own = [(s, f"flow/{s.name}") for s in possible(detail, seat) if s.button] if detail else []
    general = [(s, s.name) for s in possible(row, seat) if s.button and (allowed is None or s.name in allowed)]
    return own + general


@mine
def matter_act(request: HttpRequest, subject: Subject, number: str, name: str, flow: bool = False) -> HttpResponse:
    """Supplement, rate, ask for a recheck, withdraw."""
    if name not in MY_ACTS:
        raise Http404
    row = own_matter(subject, request.seat, number)  # type: ignore[attr-defined]
    target = row.detail if flow else row
    if target is None:
        raise Http404
    return act_page(request, target, name, f"/me/matters/{row.number}/")
