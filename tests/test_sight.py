"""Whatever a role can reach by links from its doors, desk, account, audit rooms and portal alike, shows no record it may not see."""

from __future__ import annotations

import re
from collections import Counter, deque

import pytest
from django.db import transaction

from tests import builders, scenes
from tests.desks import Desk

DOORS = ("/desk/", "/me/", "/audit/", "/seats/", "/")
SHAPE = re.compile(
    r"[0-9a-f]{8}-[0-9a-f-]{27}|(?<=[/=])\d+(?=/|$|&)|(?<=/[sn]/)[^/?]+|[?&](cursor|after|draft|next)=[^&]*"
)
EACH = 4  # pages of one shape that are opened
MOST = 160  # pages of one role
LINK = re.compile(r'href="(/[^"#]*)')
OUT = ("/static/", "/accounts/", "/log/", "/feeds/", "/admin/")


@pytest.fixture(scope="module")
def stage(django_db_setup, django_db_blocker):
    """The scene, made once, in a transaction around all of these tests."""
    with django_db_blocker.unblock(), transaction.atomic():
        cast = builders.look_up()
        yield cast, scenes.scene(cast)
        transaction.set_rollback(True)


def reach(desk: Desk):
    """Address and text of every page the role comes to, so many of each shape."""
    ahead, seen, shapes = deque(DOORS), set(DOORS), Counter()
    while ahead and len(seen) <= MOST:
        address = ahead.popleft()
        answer = desk.get(address)
        if answer.status_code == 302 and "/open?" in answer["Location"]:
            desk.post(answer["Location"], {"purpose": "复核审批"})
            answer = desk.get(address)
        assert answer.status_code < 500, address
        if answer.status_code != 200 or answer.streaming:
            continue
        text = answer.content.decode(errors="replace")
        yield address, text
        for link in (m.replace("&amp;", "&") for m in LINK.findall(text)):
            shape = SHAPE.sub("*", link)
            if link not in seen and not link.startswith(OUT) and shapes[shape] < EACH:
                shapes[shape] += 1
                seen.add(link)
                ahead.append(link)


@pytest.mark.parametrize("account", sorted(scenes.who_sees().keys() - {"visitor"}))
def test_no_page_within_reach_shows_a_record_to_whom_it_is_closed(stage, db, account):
    cast, scene = stage
    desk, may = Desk(getattr(cast, account)), scene.sees[account] | scenes.PUBLIC_STATES
    closed = {state: scenes.WORDS[state] for state in scene.records.keys() - may}
    wrong = [f"{state} on {address}" for address, text in reach(desk) for state, word in closed.items() if word in text]
    for state in closed:
        record = scene.records[state]
        for address in (f"/desk/records/{record.pk}/", f"/desk/records/{record.pk}/print", f"/me/records/{record.pk}/"):
            answer = desk.get(address)
            if answer.status_code not in (403, 404) or scenes.WORDS[state] in answer.content.decode():
                wrong.append(f"{state} at {address}: {answer.status_code}")
    assert wrong == []
