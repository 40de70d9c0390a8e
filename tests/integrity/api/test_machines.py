"""What watches the node reads its figures; what an area adds is read as everything else."""

import pytest

from integrity import listing
from integrity.api.components import schemas
from integrity.listing.catalogue import KINDS
from integrity.models import ImportBatch
from tests import builders


def figures(client):
    text = client.get("/metrics").content.decode()
    return {line.rpartition(" ")[0]: float(line.rpartition(" ")[2]) for line in text.splitlines() if line[0] != "#"}


def test_figures_follow_what_happens(cast, client):
    before = figures(client)
    builders.published(cast)
    ImportBatch(profile="dp02", file_name="x.xlsx", sha256="0" * 64).receive(by=cast.market)
    client.get("/api/v1/areas")
    after = figures(client)
    assert after["ledger_pending_events"] > before["ledger_pending_events"]
    assert after["records_expired_not_written_down"] == 0
    assert 'import_rows{state="RECEIVED"}' in after
    counted = [
        v for k, v in after.items() if k.startswith("http_requests_total") and 'door="api"' in k and 'status="200"' in k
    ]
    assert counted and counted[0] >= 1


def test_figures_are_not_public(cast, client):
    assert client.get("/metrics", REMOTE_ADDR="192.0.2.1").status_code == 404
    assert client.get("/metrics", headers={"X-Forwarded-For": "127.0.0.1"}).status_code == 404


def test_an_area_adds_its_resource(monkeypatch):
    from dataclasses import replace

    monkeypatch.setattr(listing, "LISTINGS", dict(listing.LISTINGS))
    monkeypatch.setattr(listing, "MEMBERS", listing.MEMBERS)
    own = replace(KINDS, name="ppp-projects", schema="PppProject")
    listing.register(own, ["uid uuid 随机标识"])
    try:
        assert listing.LISTINGS["ppp-projects"] is own and "PppProject" in schemas()
        with pytest.raises(ValueError, match="already"):
            listing.register(own, [])
    finally:
        listing.MEMBERS.pop("PppProject")
