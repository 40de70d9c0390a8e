"""What the first node confirms arrives at the second: sent, verified, applied, receipted (issue 2, item 7)."""

from integrity.exchange import outgoing
from integrity.models import Mirror, Record, Uplink
from tests import builders, nodes


def honour_published():
    cast = builders.look_up()
    record = builders.published(cast, "AG11")
    return record.pk, record.number


def penalty_published():
    cast = builders.look_up()
    record = builders.published(cast, "DP02", who="market", reviewer="market_reviewer")
    return record.pk


def standing(pk):
    return (
        Record.objects.filter(pk=pk).values("state", "publicity", "origin", "number", "origin_version", "title").first()
    )


def link():
    up = Uplink.current()
    return {"acked": up.acked, "size": outgoing.sealed_size(), "state": up.state, "error": up.error}


def test_a_published_record_arrives_and_is_public_there(two):
    city, province = two
    pk, number = city.run(honour_published)
    nodes.push(city, province)
    at = city.run(link)
    assert at["state"] == "RUNNING", at
    assert at["acked"] == at["size"] > 0
    row = province.run(standing, pk)
    assert row["number"] == number and row["origin"] == city.origin
    assert (row["state"], row["publicity"]) == ("CONFIRMED", "PUBLIC")
    assert province.run(lambda: list(Record.objects.public().values_list("pk", flat=True))) == [pk]


def test_nothing_unreviewed_goes_up(two):
    city, province = two
    city.run(lambda: builders.submitted(builders.look_up()).pk)
    nodes.push(city, province)
    assert province.run(Record.objects.count) == 0
    assert province.run(lambda: Mirror.objects.get().size) == city.run(link)["size"]
