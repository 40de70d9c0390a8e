"""County → city → province: what the county confirms is seen at every level under one identity (domain.md 7.1)."""

from integrity.models import Event, Record
from tests import builders, nodes, scenes


def publish():
    return builders.published(builders.look_up()).pk


def seen(pk):
    names = ("number", "origin", "via__origin", "state", "publicity", "subject__code", "source_unit__code", "version")
    return Record.objects.filter(pk=pk).values(*names).first()


def push_all(three):
    for lower, upper in zip(three, three[1:], strict=False):
        nodes.push(lower, upper)


def test_a_county_record_keeps_number_and_origin_up_to_the_province(three):
    county, city, province = three
    pk = county.run(publish)
    push_all(three)
    at_city, at_province = city.run(seen, pk), province.run(seen, pk)
    assert at_city["origin"] == at_province["origin"] == county.origin
    assert (at_city["via__origin"], at_province["via__origin"]) == (county.origin, city.origin)
    assert at_city["number"] == at_province["number"]
    assert at_province["publicity"] == "PUBLIC"
    assert province.run(lambda: Record.objects.public().filter(pk=pk).exists())


def test_an_end_below_ends_it_everywhere(three):
    county, city, province = three
    pk = county.run(publish)
    push_all(three)
    county.run(lambda: Record.objects.get(pk=pk).revoke(by=builders.look_up().credit, reason="文书撤销").pk)
    push_all(three)
    for node in (city, province):
        assert node.run(seen, pk)["state"] == "REVOKED"
        assert not node.run(lambda: Record.objects.public().exists())


def test_each_level_keeps_its_own_ledger_of_what_it_took(three):
    county, city, province = three
    pk = county.run(publish)
    push_all(three)

    def relay():
        event = Event.objects.filter(target=pk, verb="record.relayed").get()
        return event.values["origin"], event.values["index"], b'"type":"relay"' in bytes(event.leaf)

    def index():
        return Event.objects.get(target=pk, verb="record.published").seq

    assert city.run(relay) == (county.origin, county.run(index), True)
    assert province.run(relay)[0] == city.origin


def test_a_restricted_record_stops_where_no_authority_lets_it_further(three):
    county, city, province = three

    def restricted():
        cast = builders.look_up()
        return scenes._of(cast, "OF03", scenes.RESTRICTED).decide_up(by=cast.hr, send_up=True).pk

    pk = county.run(restricted)
    push_all(three)
    assert city.run(seen, pk)["state"] == "CONFIRMED"
    assert province.run(seen, pk) is None
