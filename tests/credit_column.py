"""The city's 信用中国 column as a program of its own: speaks the protocol of sectors/column.py, keeps what it takes.

Run: python credit_column.py KEEP_FILE FAILURES; prints its port, answers 503 so many times, then shows each id once.
"""

from __future__ import annotations

import json
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

MEMBERS = {
    "id", "column", "kind", "title", "content", "transaction", "project", "unit", "made_on", "published_on", "source", "page",
}  # fmt: skip


class Column(BaseHTTPRequestHandler):
    """Takes a notice and says where it stands."""

    keep = Path(sys.argv[1])
    failures = int(sys.argv[2])
    pages: dict[str, str] = {}

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if Column.failures:
            Column.failures -= 1
            return self._answer(503, {"error": "busy"})
        if self.headers["Authorization"] != "Bearer column-secret":
            return self._answer(401, {"error": "who are you"})
        if set(body) != MEMBERS or not body["title"]:
            return self._answer(400, {"error": "bad notice"})
        if body["id"] not in self.pages:
            self.pages[body["id"]] = f"https://credit.example.cn/jy/{len(self.pages) + 1}"
            with self.keep.open("a", encoding="utf-8") as file:
                file.write(json.dumps(body, ensure_ascii=False) + "\n")
        return self._answer(201, {"address": self.pages[body["id"]]})

    def _answer(self, status: int, body: dict) -> None:
        self.send_response(status)
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())

    def log_message(self, *args: object) -> None:
        """Silent."""


if __name__ == "__main__":
    server = HTTPServer(("127.0.0.1", 0), Column)
    print(server.server_port, flush=True)
    server.serve_forever()
