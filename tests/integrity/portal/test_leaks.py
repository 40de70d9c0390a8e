"""No surface of the portal shows what is not public: every visibility state against every page, feed, file and search."""

import pytest
from django.core.cache import cache

from tests import scenes

SECRET = ("王诚信", "371199198002290127", "赵评审", "clerk同志", "reviewer同志", "credit同志")


@pytest.fixture
def scene(cast):
    cache.clear()
    return scenes.scene(cast)


def body(response):
    return b"".join(response.streaming_content).decode() if response.streaming else response.content.decode()


def surfaces(cast, scene):
    """Everything a visitor can ask that could show a record."""
    org = cast.orgs
    yield from (
        "/",
        "/?show=agencies",
        "/?show=honours",
        "/?show=double-publicity",
        "/elder/",
        "/list/",
        "/sitemap/",
        "/data/",
        "/pledge/",
        "/log/",
    )
    for name in ("all", "agencies", "honours", "double-publicity", "court", "serious", "procurement"):
        yield from (f"/list/{name}", f"/list/{name}.csv", f"/feeds/{name}.atom")
    for subject in (org.stranger, org.company, org.trader, org.bureau):
        yield from (f"/s/{subject.code}", f"/feeds/{subject.code}.atom", f"/list/all.csv?code={subject.code}")
    yield from ("/feeds/371100.atom", "/list/all?tier=general", "/list/all?kind=OF03", "/list/all?kind=OF07")
    for record in scene.records.values():
        yield from (
            record.get_absolute_url(),
            f"/v/{record.number}",
            f"/search?q={record.number}",
            f"/search?q={record.doc_no}",
        )


def test_only_public_words_are_ever_seen(client, cast, scene, monkeypatch):
    monkeypatch.setitem(__import__("integrity.portal.throttle", fromlist=["LIMITS"]).LIMITS, "search", 10_000)
    monkeypatch.setitem(__import__("integrity.portal.throttle", fromlist=["LIMITS"]).LIMITS, "export", 10_000)
    hidden = [w for state, w in scenes.WORDS.items() if state not in scenes.PUBLIC_STATES]
    found, seen = [], set()
    for address in surfaces(cast, scene):
        text = body(client.get(address, follow=True))
        found += [f"{address}: {w}" for w in (*hidden, *SECRET) if w in text]
        seen |= {state for state in scenes.PUBLIC_STATES if scenes.WORDS[state] in text}
    assert found == [] and seen == scenes.PUBLIC_STATES


def test_a_hidden_word_finds_nothing_and_is_not_repeated_as_found(client, cast, scene):
    for state, word in scenes.WORDS.items():
        response = client.get("/search", {"q": word, "t": "notice"})
        assert bool(response.context["groups"]["notice"]["rows"]) is (state in scenes.PUBLIC_STATES), state


def test_none_hidden_expired_and_repaired_answer_byte_for_byte_alike(client, cast, scene):
    nothing = client.get("/n/RZ-AG11-2026-00000000")
    no_number = client.get("/v/RZ-AG11-2026-00000000")
    for state, record in scene.records.items():
        if state not in scenes.PUBLIC_STATES:
            for address, wanted in ((record.get_absolute_url(), nothing), (f"/v/{record.number}", no_number)):
                response = client.get(address)
                assert response.status_code == 404 and response.content == wanted.content, (state, address)
