"""Every public page answers without login, in the site's dress, and every link on it leads somewhere."""

import re
from html import unescape

import pytest
from django.urls import resolve

from integrity.portal.context import Pages, reachable
from tests.showcase import public_pages

PUNCTUATION = re.compile(r"[\u4e00-\u9fff][,:;?!()]|[,:;?!()][\u4e00-\u9fff]")


def rendered(html: str) -> str:
    """What a reader sees, with marks where the tags were."""
    body = re.sub(r"<(head|svg|script|pre).*?</\1>", " ", html, flags=re.S)
    return unescape(re.sub(r"<[^>]*>", "\n", body))


def test_pages_answer_in_clean_markup_and_full_width_punctuation(client, city):
    faults = []
    for address in public_pages(city):
        response = client.get(address)
        html = response.content.decode()
        fresh = address == "/log/" or response["Cache-Control"] == "no-cache" and response.has_header("ETag")
        if response.status_code != 200 or not fresh:
            faults.append(f"{address}: {response.status_code}")
        if response.cookies:
            faults.append(f"{address} sets {response.cookies}")
        if len(re.findall("<h1", html)) != 1 or html.count("<main") != 1:
            faults.append(f"{address}: one h1, one main")
        faults += [
            f"{address}: {m}"
            for m in re.findall(r"<style\b|\sstyle=|\son[a-z]+=|<script\b|TemplateSyntax|None</", html)
        ]
        faults += [f"{address}: {m}" for m in PUNCTUATION.findall(rendered(html))]
        if html.count("<") > 3000:  # opening and closing tags of at most 1,500 elements
            faults.append(f"{address}: {html.count('<')} tags")
    assert faults == []


def test_every_link_leads_to_a_page_that_answers(client, city):
    found: dict[str, str] = {}
    for address in public_pages(city):
        html = client.get(address).content.decode()
        ids = set(re.findall(r'id="([^"]+)"', html))
        for link in map(unescape, re.findall(r'(?:href|action)="([^"]*)"', html)):
            if link.startswith("#"):
                assert link[1:] in ids or link.startswith("#i-"), f"{address}: {link}"
            elif link.startswith("/") and not link.startswith(("/static/", "/view/")):
                found.setdefault(link.partition("#")[0], address)
    broken = {link: where for link, where in found.items() if client.get(link).status_code not in (200, 302)}
    assert broken == {}


def test_nothing_links_to_what_is_not_built(client, city):
    assert reachable("/rules/") and not reachable("/never-built/")
    assert Pages()["log"] == "/log/" and Pages()["never-built"] == ""


def test_a_page_that_does_not_exist_says_what_to_do(client, city):
    response = client.get("/never-built/")
    assert response.status_code == 404 and response["Cache-Control"] == "no-cache"
    assert "没有找到这个页面" in response.content.decode() and 'action="/search"' in response.content.decode()


def test_robots_may_read_pages_but_not_wander(client, db):
    text = client.get("/robots.txt").content.decode()
    assert "Disallow: /search" in text and "Disallow: /desk/" in text and "Disallow: /list" not in text


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_public_pages_only_read(client, city, method):
    assert getattr(client, method)("/list/all").status_code == 405


def test_the_elder_view_is_a_choice_kept_in_a_cookie(client, city):
    response = client.get("/view/elder")
    assert response.url == "/elder/" and response.cookies["view"].value == "elder"
    assert 'data-view="elder"' in client.get("/list/all").content.decode()
    assert "查一查，问一问" in client.get("/").content.decode()
    back = client.get("/view/standard", headers={"referer": "http://testserver/elder/"})
    assert back.url == "/" and 'data-view="elder"' not in client.get("/").content.decode()


def test_every_public_address_is_covered_by_these_tests(city):
    covered = {resolve(a.partition("?")[0]).url_name for a in public_pages(city)}
    elsewhere = {"list_csv", "rules_csv", "agencies_csv", "feed", "robots", "view", "seats"}
    from integrity.portal.urls import urlpatterns

    mine = {p.name for p in urlpatterns if getattr(p, "name", None)}
    opened = mine & (covered | elsewhere)
    assert {"home", "subject", "notice", "list", "pledge", "verify", "catalogue", "data"} <= opened
