"""A short-message gateway as a program of its own: speaks the outbox's protocol, keeps what it takes, fails when told to.

Run: python sms_gateway.py KEEP_FILE FAILURES; prints its port, answers 503 so many times, then takes each id once.
"""

from __future__ import annotations

import json
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path


class Gateway(BaseHTTPRequestHandler):
    """Takes POST JSON {"id", "to", "text"}."""

    keep = Path(sys.argv[1])
    failures = int(sys.argv[2])
    taken: set[str] = set()

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if Gateway.failures:
            Gateway.failures -= 1
            return self._answer(503, {"error": "busy"})
        if set(body) != {"id", "to", "text"} or not body["to"].isdigit():
            return self._answer(400, {"error": "bad message"})
        if body["id"] not in self.taken:
            self.taken.add(body["id"])
            with self.keep.open("a", encoding="utf-8") as file:
                file.write(json.dumps(body, ensure_ascii=False) + "\n")
        return self._answer(200, {"accepted": True})

    def _answer(self, status: int, body: dict) -> None:
        self.send_response(status)
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())

    def log_message(self, *args: object) -> None:
        """Silent."""


if __name__ == "__main__":
    server = HTTPServer(("127.0.0.1", 0), Gateway)
    print(server.server_port, flush=True)
    server.serve_forever()
