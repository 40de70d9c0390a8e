"""Reckon published assessment scores again from the auditor's interface, with nothing but Python.

    python recompute.py https://HOST TOKEN YEAR

Prints each unit whose published total differs; ends with status 1 when there is one.
"""

import json
import sys
import urllib.parse
import urllib.request
from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")


def pages(get, resource, **query):
    """Every item of a resource, page by page."""
    while True:
        page = get(resource, query)
        yield from page["items"]
        if not page["next"]:
            return
        query["cursor"] = page["next"]


def points(indicator, items):
    """Weight × good ÷ all, or weight less so much for each, never below zero; full without items."""
    weight = Decimal(indicator["weight"])
    if indicator["per"]:
        found = max(Decimal(0), weight - Decimal(indicator["per"]) * sum(i["counts"] for i in items))
    else:
        found = weight * sum(i["good"] for i in items) / len(items) if items else weight
    return found.quantize(CENT, ROUND_HALF_UP)


def differences(get, year):
    """(unit, published, reckoned) for every score that does not agree."""
    scheme = next(s for s in pages(get, "assessments", year=year) if s["state"] in ("RECKONED", "PUBLISHED"))
    for score in pages(get, "scores", year=year):
        parts = [points(i, [x for x in score["items"] if x["indicator"] == i["code"]]) for i in scheme["indicators"]]
        if sum(parts) != Decimal(str(score["total"])):
            yield score["unit"]["name"], score["total"], str(sum(parts))


if __name__ == "__main__":
    host, token, year = sys.argv[1:]

    def fetch(resource, query):
        address = f"{host}/api/v1/{resource}?{urllib.parse.urlencode(query)}"
        asked = urllib.request.Request(address, headers={"Authorization": f"Bearer {token}"})  # noqa: S310
        with urllib.request.urlopen(asked) as answer:  # noqa: S310
            return json.load(answer)

    wrong = list(differences(fetch, year))
    print(*wrong, sep="\n")
    sys.exit(bool(wrong))
