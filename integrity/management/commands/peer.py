"""Pairing of two nodes: show our own names and keys, admit a lower node, propose and approve a key out of band."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from integrity.acts import Refused
from integrity.exchange import receipts
from integrity.ledger import note
from integrity.ledger.note import NoteError, Verifier
from integrity.models import Area, Mirror, MomentSeat, Peer, Subject

OPERATOR = MomentSeat("PLATFORM_OP")


class Command(BaseCommand):
    help = (
        "peer show: our log's name and key, our receipt key (for UPSTREAM_KEY of lower nodes) · "
        "peer token: a fresh token · peer lower --origin O --vkey V --token T: admit a lower node · peer list"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=["show", "token", "lower", "list"])
        parser.add_argument("--origin", help="the lower node's log name, as its `peer show` prints it")
        parser.add_argument("--vkey", help="the lower node's log key, as its `peer show` prints it")
        parser.add_argument("--token", help="the token the lower node sends (its UPSTREAM_TOKEN)")
        parser.add_argument("--name", default="", help="how pages call the lower node")
        parser.add_argument("--area", default="", help="area code of the lower node")
        parser.add_argument("--manager", default="", help="code of the unit that manages the officials it reports on")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, what: str, **options: Any) -> None:
        getattr(self, f"_{what}")(options)

    def _show(self, options: dict[str, Any]) -> None:
        url = f"{settings.SITE_SCHEME}://{settings.SITE_HOST}"
        rows = {
            "origin": note.origin(), "vkey": note.signer()[0].vkey, "receipt_vkey": receipts.signer()[0].vkey, "url": url,
        }  # fmt: skip
        if options["json"]:
            self.stdout.write(json.dumps(rows))
        else:
            for name, value in rows.items():
                self.stdout.write(f"{name}: {value}")

    def _token(self, options: dict[str, Any]) -> None:
        self.stdout.write(Peer.new_token())

    def _list(self, options: dict[str, Any]) -> None:
        for peer in Peer.objects.visible_to(OPERATOR):
            size = Mirror.objects.filter(peer=peer).values_list("size", flat=True).first() or 0
            self.stdout.write(f"{peer.origin}  {peer.get_state_display()}  {size}  {peer.name}")

    def _lower(self, options: dict[str, Any]) -> None:
        origin, vkey, token = options["origin"], options["vkey"], options["token"]
        if not (origin and vkey and token):
            raise CommandError("peer lower needs --origin, --vkey and --token")
        try:
            verifier = Verifier.parse(vkey)
        except NoteError as fault:
            raise CommandError(f"--vkey: {fault}") from fault
        if verifier.name != origin:
            raise CommandError(f"--vkey belongs to {verifier.name}, not to {origin}")
        known = Peer.objects.visible_to(OPERATOR).filter(origin=origin).first()
        try:
            self._change(known, options) if known else self._admit(options)
        except Refused as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(f"{origin}: {'changed' if known else 'admitted'}")

    def _links(self, options: dict[str, Any]) -> dict[str, Any]:
        area, manager = options["area"], options["manager"]
        found = {
            "area": Area.objects.filter(pk=area).first() if area else None,
            "manager": Subject.objects.visible_to(OPERATOR).filter(code=manager).first() if manager else None,
        }
        for name, value in (("area", area), ("manager", manager)):
            if value and found[name] is None:
                raise CommandError(f"--{name} {value} is not known here")
        return found

    def _admit(self, options: dict[str, Any]) -> None:
        peer = Peer(origin=options["origin"], name=options["name"] or options["origin"], **self._links(options))
        peer.admit(by=OPERATOR, vkey=options["vkey"], token=options["token"])
        Mirror.objects.get_or_create(peer=peer)

    def _change(self, peer: Peer, options: dict[str, Any]) -> None:
        if options["vkey"] not in {k["vkey"] for k in peer.keys}:
            raise CommandError(
                "this node is known with another key: it changes by its own log, or by two people at /desk/exchange/peers/"
            )
        peer.change(by=OPERATOR, name=options["name"] or peer.name, token=options["token"], **self._links(options))
