"""The list and the export of records against the raw limit and against stock Django REST Framework (speed.md, goals)."""

from __future__ import annotations

import io
import json
import random
import resource
import time
from collections.abc import Iterable
from typing import Any

from benchmarks import node

SIZE = 100
FIELDS = """json_build_object('uid', r.id, 'version', r.version, 'number', r.number, 'kind', r.kind, 'kind_name', '行政处罚信息',
  'subject', json_build_object('form', s.form, 'name', s.name, 'code', s.code),
  'source_unit', json_build_object('name', u.name, 'code', u.code), 'title', r.title, 'fact', r.fact, 'doc_type', r.doc_type,
  'doc_no', r.doc_no, 'deciding_unit', json_build_object('name', r.deciding_name, 'code', r.deciding_code),
  'decided_on', r.decided_on, 'effective_on', r.effective_on, 'act_ended_on', r.act_ended_on, 'legal_basis', r.legal_basis,
  'tier', r.tier, 'facts', r.facts, 'public_from', r.public_from, 'until', r.until, 'repair_from', r.repair_from,
  'flags', json_build_object('objection_open', r.objection_open, 'rectifying', r.rectifying, 'mitigated', r.mitigated,
  'exempted', r.exempted))"""
JOINS = "integrity_record r JOIN integrity_subject s ON s.id = r.subject_id JOIN integrity_subject u ON u.id = r.source_unit_id"
SHOWN = """r.publicity = 'PUBLIC' AND r.state = 'CONFIRMED' AND NOT r.suspended AND r.public_from <= current_date
  AND (r.until IS NULL OR r.until > current_date) AND (r.hidden_until IS NULL OR r.hidden_until <= now())"""
PAGE = f"""SELECT coalesce(json_agg(item), '[]')::text FROM (SELECT {FIELDS} AS item FROM {JOINS} WHERE {SHOWN}
  AND (r.public_from, r.id) < (%s, %s) ORDER BY r.public_from DESC, r.id DESC LIMIT {SIZE}) page"""


def call(app: Any, path: str, query: str = "", *, tag: str = "", headers: dict[str, str] | None = None) -> bytes:
    """One GET through a WSGI application; the answer's headers are put where asked."""
    status: list[str] = []

    def begin(line: str, found: list[tuple[str, str]], *more: Any) -> None:
        status.append(line)
        if headers is not None:
            headers.update(found)

    environ = {
        "REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": query, "SERVER_NAME": "localhost", "SERVER_PORT": "8000",
        "HTTP_HOST": "localhost:8000", "wsgi.input": io.BytesIO(), "wsgi.errors": io.StringIO(), "wsgi.url_scheme": "http",
        "REMOTE_ADDR": "127.0.0.1", "wsgi.version": (1, 0), "wsgi.multithread": False, "wsgi.multiprocess": False,
        "wsgi.run_once": False, "SERVER_PROTOCOL": "HTTP/1.1",
    }  # fmt: skip
    if tag:
        environ["HTTP_IF_NONE_MATCH"] = tag
    body: Iterable[bytes] = app(environ, begin)
    data = b"".join(body)
    getattr(body, "close", lambda: None)()
    assert status[0].startswith("304" if tag else "200"), (status, data[:300])
    return data


def raw(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    """The limit: a bare WSGI function, PostgreSQL makes the JSON."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(PAGE, environ["QUERY_STRING"].split(","))
        (text,) = cursor.fetchone()
    data = b'{"items":' + text.encode() + b"}"
    start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(data)))])
    return [data]


def stock() -> tuple[Any, Any]:
    """The list as a newcomer writes it: ModelSerializer with page numbers, and with a cursor."""
    from rest_framework import generics, pagination, renderers, serializers

    from integrity.models import Record, Subject

    class SubjectSerializer(serializers.ModelSerializer):
        class Meta:
            model = Subject
            fields = ("form", "name", "code")

    class RecordSerializer(serializers.ModelSerializer):
        subject = SubjectSerializer()
        source_unit = SubjectSerializer()

        class Meta:
            model = Record
            fields = (
                "id", "version", "number", "kind", "subject", "source_unit", "title", "fact", "doc_type", "doc_no", "deciding_name",
                "deciding_code", "decided_on", "effective_on", "act_ended_on", "legal_basis", "tier", "facts", "public_from", "until",
                "repair_from", "objection_open", "rectifying", "mitigated", "exempted",
            )  # fmt: skip

    class Numbers(pagination.PageNumberPagination):
        page_size = SIZE

    class Cursor(pagination.CursorPagination):
        page_size, ordering = SIZE, ("-public_from", "-id")

    class Numbered(generics.ListAPIView):
        authentication_classes = throttle_classes = ()
        renderer_classes = (renderers.JSONRenderer,)
        serializer_class, pagination_class = RecordSerializer, Numbers

        def get_queryset(self) -> Any:
            return Record.objects.public().select_related("subject", "source_unit").order_by("-public_from", "-id")

    class ByCursor(Numbered):
        pagination_class = Cursor

    return Numbered.as_view(), ByCursor.as_view()


def lists(rows: int, rounds: int) -> list[node.Line]:
    """The page of 100 in the middle of the list, four ways."""
    from django.conf import settings
    from django.core.wsgi import get_wsgi_application
    from django.urls import path

    from config import urls
    from integrity.models import Record
    from integrity.paging import encode

    numbered, by_cursor = stock()
    urls.urlpatterns[:0] = [path("stock", numbered), path("cursor", by_cursor)]
    settings.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"] = {"public": "9999999/min", "token": "9999999/min"}
    app, chance = get_wsgi_application(), random.Random(7)
    order = Record.objects.public().order_by("-public_from", "-id").values_list("public_from", "id")
    keys = [order[chance.randrange(rows - SIZE - 1)] for _ in range(20)]

    def ours() -> bytes:
        return call(app, "/api/v1/records", f"limit={SIZE}&cursor={encode(list(chance.choice(keys)))}")

    def limit() -> bytes:
        day, key = chance.choice(keys)
        return call(raw, "/", f"{day},{key}")

    def deep() -> bytes:
        return call(app, "/stock", f"page={chance.randrange(2, rows // SIZE)}")

    first = json.loads(call(app, "/cursor"))
    following = first["next"].partition("?")[2]
    runs = {"raw": limit, "ours": ours, "cursor": lambda: call(app, "/cursor", following), "stock": deep}
    for run in runs.values():
        assert len(run()) > 10_000
    found = node.medians(runs, rounds)
    return [
        ("list of 100, raw limit", f"{found['raw']:.2f} ms", "1.00"),
        (
            "list of 100, this interface",
            f"{found['ours']:.2f} ms",
            f"{found['raw'] / found['ours']:.2f} of the limit (goal 0.50)",
        ),
        (
            "DRF ModelSerializer, cursor",
            f"{found['cursor']:.2f} ms",
            f"{found['cursor'] / found['ours']:.1f} x slower (goal 2)",
        ),
        (
            "DRF ModelSerializer, page numbers",
            f"{found['stock']:.2f} ms",
            f"{found['stock'] / found['ours']:.1f} x slower (goal 25)",
        ),
    ]


def exports(rows: int) -> list[node.Line]:
    """Everything public as NDJSON, against COPY TO and a serializer in a loop."""
    from django.db import connection, transaction

    from integrity.listing import LISTINGS
    from integrity.models import PUBLIC, Record
    from integrity.reports.exports import pieces

    class Sink(io.RawIOBase):
        size = 0

        def write(self, data: Any) -> int:
            self.size += len(data)
            return len(data)

    columns = FIELDS.removeprefix("json_build_object")
    started = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.copy_expert(f"COPY (SELECT ROW{columns} FROM {JOINS} WHERE {SHOWN}) TO STDOUT", Sink())
    limit = time.perf_counter() - started
    started, first, written = time.perf_counter(), 0.0, 0
    with transaction.atomic():
        for count, _ in pieces(LISTINGS["records"], PUBLIC, {}, "ndjson", "bench"):
            first = first or time.perf_counter() - started
            written += count
    ours = time.perf_counter() - started
    assert written == rows
    sample = min(rows, 3000)
    serializer = stock()[0].cls.serializer_class
    started = time.perf_counter()
    for record in Record.objects.public().select_related("subject", "source_unit")[:sample]:
        json.dumps(serializer(record).data, ensure_ascii=False, default=str)
    loop = (time.perf_counter() - started) / sample * rows
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return [
        ("export, COPY TO", f"{limit:.2f} s", "1.00"),
        (
            "export, this interface",
            f"{ours:.2f} s",
            f"{limit / ours:.2f} of COPY TO (goal 0.35); first bytes after {first:.2f} s (goal 1)",
        ),
        ("DRF serializer in a loop", f"{loop:.1f} s", f"{loop / ours:.0f} x slower (goal 30)"),
        ("peak memory of the process", f"{peak:.0f} MB", ""),
    ]


def measure(rows: int) -> list[node.Line]:
    node.start()
    node.fill(rows)
    return [*lists(rows, 200), *exports(rows)]
