"""Asking witnesses: what each holds before anything is signed, and its signature over what was (C2SP tlog-witness)."""

from __future__ import annotations

import base64
import logging
import urllib.error
import urllib.request
from dataclasses import dataclass

from integrity.ledger import merkle, nodes, note, policy
from integrity.ledger.guard import LogForked
from integrity.ledger.policy import Witness
from integrity.models import Checkpoint, Cosignature

log = logging.getLogger("ledger")
TIMEOUT = 5  # seconds for each witness


class Unreachable(Exception):
    """A witness does not answer, or not as a witness does: the log goes on without its signature for now."""


@dataclass(frozen=True)
class Answer:
    """Status and text of a witness's answer."""

    status: int
    text: str

    @property
    def held(self) -> int:
        """The size the witness holds, of a 409 answer."""
        try:
            return int(self.text)
        except ValueError as fault:
            raise Unreachable(f"409 without a size: {self.text[:60]!r}") from fault


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: object) -> None:
        return None


_opener = urllib.request.build_opener(_NoRedirect)


def add_checkpoint(witness: Witness, old: int, path: list[bytes], checkpoint: str) -> Answer:
    """Submit a checkpoint that grew from `old`, with its proof."""
    lines = [f"old {old}", *(base64.b64encode(h).decode() for h in path), "", checkpoint]
    request = urllib.request.Request(  # noqa: S310 (the address stands in the operator's settings)
        f"{witness.url}/add-checkpoint", "\n".join(lines).encode(), {"Content-Type": "text/plain; charset=utf-8"}
    )
    try:
        with _opener.open(request, timeout=TIMEOUT) as answer:
            return Answer(answer.status, answer.read(1 << 16).decode())
    except urllib.error.HTTPError as refused:
        return Answer(refused.code, refused.read(1 << 16).decode(errors="replace"))
    except (OSError, ValueError) as fault:
        raise Unreachable(str(fault)) from fault


def check() -> None:
    """Before a signature: no witness may know more of this log, or something else, than the database does."""
    last = Checkpoint.objects.last()
    for witness in policy.witnesses():
        try:
            _compare(witness, last)
        except Unreachable as fault:
            log.warning("witness not asked", extra={"data": {"witness": witness.url, "fault": str(fault)}})


def _compare(witness: Witness, last: Checkpoint | None) -> None:
    size = last.size if last else 0
    empty = note.checkpoint_text(note.origin(), 0, merkle.EMPTY_ROOT)
    answer = add_checkpoint(witness, size, [], last.note if last else note.sign(empty, *note.signer()))
    if answer.status == 200 and last:
        _keep(witness, last, answer.text)
    elif answer.status == 409:
        name = witness.verifier.name
        if answer.held > size:
            raise LogForked(
                f"见证单位 {name} 已见证 {answer.held} 条，数据库只签署到 {size} 条，数据库可能由旧备份恢复"
            )
        if answer.held == size:
            raise LogForked(f"见证单位 {name} 见证的 {size} 条与数据库中的内容不一致，历史可能被改写")
    elif answer.status != 200:
        raise Unreachable(f"HTTP {answer.status}: {answer.text[:200]}")


def collect(last: Checkpoint) -> str:
    """The checkpoint with the signatures of all witnesses that give theirs."""
    witnesses = policy.witnesses()
    have = {c.witness: c.line for c in Cosignature.objects.filter(size=last.size)} if witnesses else {}
    for witness in witnesses:
        if witness.verifier.vkey not in have:
            try:
                have[witness.verifier.vkey] = _ask(witness, last)
            except Unreachable as fault:
                log.warning("no cosignature", extra={"data": {"witness": witness.url, "fault": str(fault)}})
    return last.note + "".join(have.get(w.verifier.vkey, "") for w in witnesses)


def _ask(witness: Witness, last: Checkpoint) -> str:
    known = Cosignature.objects.filter(witness=witness.verifier.vkey, size__lt=last.size).order_by("-size").first()
    old = known.size if known else 0
    for _ in range(3):
        answer = add_checkpoint(witness, old, nodes.consistency_at(old, last.size), last.note)
        if answer.status == 200:
            return _keep(witness, last, answer.text)
        if answer.status == 409 and answer.held <= last.size and answer.held != old:
            old = answer.held
            continue
        if answer.status in (409, 422):
            raise LogForked(f"见证单位 {witness.verifier.name} 认为 {last.size} 条的检查点与其见证过的日志不一致")
        raise Unreachable(f"HTTP {answer.status}: {answer.text[:200]}")
    raise Unreachable("the witness keeps changing its mind")


def _keep(witness: Witness, last: Checkpoint, lines: str) -> str:
    """Check and store a witness's signature; lines of other keys are ignored."""
    try:
        text, signed = note.signers(last.note + lines, [witness.verifier])
    except note.NoteError as fault:
        raise Unreachable(f"not a cosignature: {fault}") from fault
    if not signed:
        raise Unreachable("no cosignature by the key of the settings")
    _, rows = note.split(last.note + lines)
    own = [(n, b) for n, b in rows if (n, b[:4]) == (witness.verifier.name, witness.verifier.key_id)]
    line = note.line(witness.verifier, own[-1][1][4:])
    Cosignature.objects.get_or_create(size=last.size, witness=witness.verifier.vkey, defaults={"line": line})
    return line
