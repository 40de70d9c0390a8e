"""Paths of subjects, seats, tokens, settings, imports and peers."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from integrity.ledger import note
from integrity.ledger.signing import open_log
from integrity.models import CLOCK, PEER, ApiToken, ImportBatch, Kind, PublicLog, Seat, Setting, Subject
from integrity.models.peers import Mirror, Peer
from tests import builders

REASON = {"reason": "核查后决定"}
TOTALS = {"total": 1, "good": 1, "bad": 0, "repeated": 0, "warned": 0}


def firm(n: str = "3") -> Subject:
    return Subject(
        name=f"日照海岱商贸有限公司{n}（演示）", form="ENTERPRISE", code=builders.make_uscc(f"91371100YYYY2100{n}")
    )


def granted(cast: Any) -> Seat:
    return Seat(user=builders.user("newman", "新人"), role_code="UNIT_CLERK", org=cast.orgs.bureau).grant(by=cast.admin)


def proposed(cast: Any) -> Setting:
    row = Setting(key="D14", value="7", ground="市政府办公室文件", valid_from=timezone.localdate())
    return row.propose(by=cast.admin)


def token() -> ApiToken:
    until = timezone.localdate() + timedelta(days=90)
    return ApiToken(name="审计接口", purpose="年度审计", scopes="read", valid_until=until)


def received(cast: Any) -> ImportBatch:
    return ImportBatch(profile="dp02", kind=Kind.objects.get(code="DP02"), file_name="x.xlsx", sha256="0" * 64).receive(
        by=cast.market
    )


def reported(cast: Any) -> ImportBatch:
    return received(cast).report(by=cast.market, **TOTALS)


def submitted(cast: Any, who: str = "market") -> ImportBatch:
    by = getattr(cast, who)
    row = ImportBatch(profile="dp02", kind=Kind.objects.get(code="DP02"), file_name="x.xlsx", sha256="0" * 64)
    row.receive(by=by).report(by=by, **TOTALS).submit(by=by)
    return row.finish(by=by, sample=[])


def vkey() -> str:
    return note.signer()[0].vkey


def admitted(cast: Any) -> Peer:
    row = Peer(origin="lower.example/log", name="云岭县平台（演示）")
    row.admit(by=cast.operator, vkey=vkey(), token=Peer.new_token())
    Mirror(peer=row).save()
    return row


def key() -> dict[str, str]:
    """A key as the log names it."""
    return {"kid": "k2", "vkey": vkey()}


PATHS = {
    "subject.resealed": lambda c: (c.wang, c.operator, {}),
    "subject.registered": lambda c: (firm(), c.credit, {}),
    "subject.provided": lambda c: (firm(), c.clerk, {}),
    "subject.received": lambda c: (firm(), PEER, {}),
    "subject.confirmed": lambda c: (firm().provide(by=c.clerk), c.credit, {}),
    "subject.amended": lambda c: (firm().register(by=c.credit), c.credit, {"head": "李四"}),
    "subject.merged": lambda c: (
        firm().register(by=c.credit), c.credit, {"successor": c.orgs.company, "on": timezone.localdate()},
    ),
    "seat.granted": lambda c: (
        Seat(user=builders.user("newman", "新人"), role_code="UNIT_CLERK", org=c.orgs.bureau), c.admin, {},
    ),
    "seat.released": lambda c: (granted(c), c.admin2, {}),
    "seat.revoked": lambda c: (granted(c), c.admin, REASON),
    "account.reset": lambda c: (c.clerk, c.admin, {"what": "password", "reason": "本人遗忘密码，已当面核验"}),
    "data.exported": lambda c: (c.auditor, c.auditor, {"what": "记录清单", "purpose": "年度审计", "rows": 3}),
    "token.issued": lambda c: (token(), c.auditor, {"secret": ApiToken.new_secret()}),
    "token.revoked": lambda c: (token().issue(by=c.auditor, secret=ApiToken.new_secret()), c.auditor, {}),
    "batch.received": lambda c: (
        ImportBatch(profile="dp02", kind=Kind.objects.get(code="DP02"), file_name="x.xlsx", sha256="0" * 64), c.market, {},
    ),
    "batch.reported": lambda c: (received(c), c.market, TOTALS),
    "batch.failed": lambda c: (received(c), CLOCK, {"why": "文件损坏"}),
    "batch.submitting": lambda c: (reported(c), c.market, {}),
    "batch.submitted": lambda c: (reported(c).submit(by=c.market), c.market, {"sample": []}),
    "batch.accepted": lambda c: (submitted(c, "county_clerk"), c.county, {}),
    "batch.confirmed": lambda c: (submitted(c), c.credit, {"publish": True}),
    "batch.refused": lambda c: (submitted(c), c.credit, REASON),
    "setting.proposed": lambda c: (
        Setting(key="D14", value="7", ground="市政府办公室文件", valid_from=timezone.localdate()), c.admin, {},
    ),
    "setting.approved": lambda c: (proposed(c), c.admin2, {}),
    "setting.refused": lambda c: (proposed(c), c.admin2, REASON),
    "log.opened": lambda c: (PublicLog(origin="second.example/log", state="CLOSED"), CLOCK, key()),
    "log.key_changed": lambda c: (open_log(), c.operator, key()),
    "log.second_key_added": lambda c: (open_log(), c.operator, key()),
    "log.closed": lambda c: (open_log(), c.operator, {}),
    "backup.restored": lambda c: (open_log(), c.operator, {"start": 0, "until": 5, "turned": []}),
    "software.released": lambda c: (open_log(), CLOCK, {"name": "verify.js", "sha256": "0" * 64}),
    "peer.admitted": lambda c: (
        Peer(origin="lower.example/log", name="云岭县平台（演示）"), c.operator, {"vkey": vkey(), "token": Peer.new_token()},
    ),
    "peer.changed": lambda c: (admitted(c), c.operator, {"name": "云岭县信用平台（演示）"}),
    "peer.key_changed": lambda c: (admitted(c), PEER, {"vkey": vkey(), "size": 5}),
    "peer.key_proposed": lambda c: (admitted(c), c.operator, {"vkey": vkey()}),
    "peer.key_approved": lambda c: (admitted(c).propose_key(by=c.operator, vkey=vkey()), c.credit, {}),
    "peer.stopped": lambda c: (admitted(c), c.operator, REASON),
    "peer.resumed": lambda c: (admitted(c).stop(by=c.operator, reason="检修"), c.operator, {}),
    "exchange.received": lambda c: (
        admitted(c), PEER, {"start": 0, "until": 5, "root": "0" * 64, "ok": 5, "quarantined": 0},
    ),
}  # fmt: skip
