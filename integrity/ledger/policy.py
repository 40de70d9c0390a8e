"""Who must have signed a checkpoint before it counts: C2SP tlog-policy, for verifiers and in the page that verifies."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings

from integrity.ledger import note
from integrity.models import PublicLog


@dataclass(frozen=True)
class Witness:
    """Another office that cosigns our checkpoints: where it listens and the key it signs with."""

    url: str
    verifier: note.Verifier


def witnesses() -> list[Witness]:
    """The witnesses of the settings."""
    return [Witness(url.rstrip("/"), note.Verifier.parse(vkey)) for url, vkey in settings.WITNESSES]


def site_url() -> str:
    return f"{settings.SITE_SCHEME}://{settings.SITE_HOST}"


def policy_text() -> str:
    """The policy file: every key the log has signed with, the witnesses, and how many of them it takes."""
    lines = [f"log {key['vkey']} {site_url()}/log" for log in PublicLog.objects.all() for key in log.keys]
    lines = lines or [f"log {v.vkey} {site_url()}/log" for v in note.own_verifiers()]
    lines += [f"# sm2 {key['vkey']}" for log in PublicLog.objects.all() for key in log.second_keys]
    names = []
    for number, witness in enumerate(witnesses(), 1):
        names.append(f"witness-{number}")
        lines.append(f"witness {names[-1]} {witness.verifier.vkey} {witness.url}")
    if names and settings.WITNESS_QUORUM:
        lines.append(f"group witnesses {settings.WITNESS_QUORUM} {' '.join(names)}")
    lines.append("quorum witnesses" if names and settings.WITNESS_QUORUM else "quorum none")
    return "\n".join(lines) + "\n"
