"""HTTP to the upper node: the standard library, time limits, no redirects, only the address of the settings."""

from __future__ import annotations

import http.client
import ssl
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import orjson
from django.conf import settings

from integrity.exchange.wire import Answer

TIMEOUT = 60  # seconds; a batch of 1,000 entries takes well under one
LONGEST = 4 * 2**20  # bytes of an answer that are read


class Unreachable(Exception):
    """No answer that could be read: connection, time-out, server error. Tried again later."""


@dataclass
class Transport:
    """One connection to the upper node, kept over several batches."""

    url: str = field(default_factory=lambda: settings.UPSTREAM_URL)
    token: str = field(default_factory=lambda: settings.UPSTREAM_TOKEN)
    _open: http.client.HTTPConnection | None = None

    def post(self, body: bytes) -> Answer:
        """Send one batch and read the answer; Unreachable when there is none."""
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {self.token}"}
        try:
            connection = self._open or self._connect()
            connection.request("POST", f"{urlsplit(self.url).path.rstrip('/')}/exchange/v1/batches", body, headers)
            response = connection.getresponse()
            raw = response.read(LONGEST)
        except (OSError, http.client.HTTPException) as fault:
            self.close()
            raise Unreachable(f"无法连接上级平台：{fault}") from fault
        self._open = connection
        return self._read(response.status, raw)

    def _connect(self) -> http.client.HTTPConnection:
        at = urlsplit(self.url)
        if at.scheme == "https":
            return http.client.HTTPSConnection(
                at.hostname or "", at.port, timeout=TIMEOUT, context=ssl.create_default_context()
            )
        return http.client.HTTPConnection(at.hostname or "", at.port, timeout=TIMEOUT)

    def _read(self, status: int, raw: bytes) -> Answer:
        try:
            body = orjson.loads(raw)
        except ValueError:
            body = None
        if status >= 500 or 300 <= status < 400 or not isinstance(body, dict):
            self.close()
            raise Unreachable(f"上级平台没有给出可读的回答（HTTP {status}）")
        return Answer(status, body)

    def close(self) -> None:
        """Let the connection go."""
        if self._open is not None:
            self._open.close()
            self._open = None
