"""How two demonstration nodes on one machine come to know each other, in whichever order they are started.

Each node leaves a file: the first its name and log key (DATA_DIR/node.json, written by `manage.py prepare`), the upper one
its address, log key and a token (upstream.json in the first node's folder). Each reads the other's when it appears.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent


def read(path: Path) -> dict[str, Any]:
    """The JSON of a file that may not be there yet or is being written."""
    try:
        return json.loads(path.read_text())
    except (OSError, ValueError):
        return {}


def write(path: Path, data: dict[str, Any]) -> None:
    """Replace a small secret file whole, readable by its owner alone."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_suffix(".new")
    with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
        json.dump(data, out)
    new.replace(path)


class Pairing:
    """The state of one node's acquaintance with the other; look() says whether the children need a new environment."""

    def __init__(self, env: dict[str, str], upper: bool, manage: Callable[..., None]) -> None:
        self.env, self.upper, self.manage = env, upper, manage
        self.mine = Path(env["DATA_DIR"])
        self.lower = Path(env.get("LOWER_DIR") or ROOT / "var") if upper else self.mine
        self.known: dict[str, Any] = {}

    def look(self) -> bool:
        return self._meet_lower() if self.upper else self._meet_upper()

    def _meet_upper(self) -> bool:
        """The lower node: take address, key and token of the upper one from its file."""
        found = read(self.lower / "upstream.json")
        if not found or found == self.known:
            return False
        self.known = found
        self.env |= {
            "UPSTREAM_URL": found["url"],
            "UPSTREAM_KEY": found["receipt_vkey"],
            "UPSTREAM_TOKEN": found["token"],
        }
        print(f"sends up to {found['name']} at {found['url']}", flush=True)
        return True

    def _meet_lower(self) -> bool:
        """The upper node: leave its own file with the lower one, and admit that one once its key is there."""
        token = self.mine / "lower-token"
        me = read(self.mine / "node.json")
        if not token.exists():
            write(token, {"token": secrets.token_urlsafe(32)})
        offer = me | read(token)
        if read(self.lower / "upstream.json") != offer:
            write(self.lower / "upstream.json", offer)
        found = read(self.lower / "node.json")
        if found and found != read(self.mine / "lower.json"):
            named = ("--origin", found["origin"], "--vkey", found["vkey"], "--name", found["name"])
            self.manage("peer", "lower", *named, "--token", offer["token"])
            write(self.mine / "lower.json", found)
            print(f"takes in what {found['name']} sends", flush=True)
        return False
