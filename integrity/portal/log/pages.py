"""The page of the public log: its head, who has signed it, how to check it, what was removed and why."""

from __future__ import annotations

import base64

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from integrity.ledger import figures, guard, note, policy


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """存证日志: what is published, and how anybody checks it."""
    context = {
        "bases": figures.BASES,
        "removals": figures.removals(),
        "quorum": settings.WITNESS_QUORUM,
        "verifiers": note.own_verifiers(),
        "site": policy.site_url(),
    }
    try:
        head = guard.published()
    except guard.LogForked as fork:
        context["fork"] = fork
    else:
        if head:
            context |= {"head": head, "root": base64.b64encode(head.root).decode(), "cosigned": _cosigned(head)}
    return render(request, "portal/log.html", context)


def _cosigned(head: guard.Head) -> list[tuple[policy.Witness, bool]]:
    """The witnesses, and whether each has signed the published checkpoint."""
    witnesses = policy.witnesses()
    _, found = note.signers(head.note, [w.verifier for w in witnesses])
    return [(w, w.verifier in found) for w in witnesses]
