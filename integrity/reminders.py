"""Who hears of what: when an act has happened, the next person finds it in his inbox (the one outbox, issue 2.3).

Messages name numbers and titles; of personal or restricted records the number alone.
"""

from __future__ import annotations

from typing import Any

from integrity.acts import rule
from integrity.models import Record, Seat, remind_all, remind_holders
from integrity.models.batch import UNIT_ONLY
from integrity.roles import ROLES

QUEUED = "message.queued"  # what a reminder causes: a row of the outbox, no act


def holders(right: str, *, org: Any = None, area: str = "", city: bool = False) -> Any:
    """Seats in force with a right: in an organisation, in an area's county office, or with the whole city in reach."""
    wide = {"county": bool(area), "all": city}
    codes = [r.code for r in ROLES.values() if right in r.rights and (org is not None or wide.get(r.scope))]
    rows = Seat.objects.in_force().filter(role_code__in=codes)
    if org is not None:
        return rows.filter(org=org)
    return rows.filter(org__area__path=area) if area else rows


def anywhere(right: str) -> Any:
    """Seats in force with a right, wherever they are."""
    return Seat.objects.in_force().filter(role_code__in=[r.code for r in ROLES.values() if right in r.rights])


def tell(seats: Any, title: str, link: str, event: Any, *, by: Any, text: str = "", urgent: bool = False) -> int:
    """Remind every holder but the one who did it, once per event; returns how many messages that makes."""
    channels = ("INBOX", "EMAIL", "SMS") if urgent else ("INBOX",)
    others = seats.exclude(user_id=by.user_id) if by.user_id else seats
    return remind_holders(
        others, title, text or title, key=f"event-{getattr(event, 'pk', event)}", link=link, channels=channels
    )


def named(record: Record) -> str:
    """How a message, which may outlive the record, calls it: never by its content."""
    return record.number if record.is_personal else f"{record.number} {record.kind.name}"


def _county(record: Record) -> str:
    return "/".join(record.source_unit.area.path.split("/")[:4]) if record.needs_county else ""


def _page(record: Record) -> str:
    return f"/desk/records/{record.pk}/"


@rule("record.submitted", then=QUEUED)
def tell_reviewers(rows: Any, events: Any, by: Any) -> None:
    """The unit's reviewers, else its superior credit office (house.md 2.7)."""
    for record, event in zip(rows, events, strict=True):
        own = holders("record.review", org=record.source_unit_id).exclude(user_id=record.entered_by_id)
        above = holders("record.review", area=_county(record), city=not record.needs_county)
        for seats in (own, above):
            if tell(seats, f"待复核：{named(record)}", f"{_page(record)}review", event, by=by):
                break


@rule("record.returned", then=QUEUED)
def tell_clerk(rows: Any, events: Any, by: Any) -> None:
    """Whoever entered it; of a batch, its refusal tells."""
    for record, event in zip(rows, events, strict=True) if len(rows) == 1 else ():
        users = {record.entered_by, record.amended_by} - {None}
        remind_all(
            users,
            f"退回修改：{named(record)}",
            "请按退回理由修改后重新提交。",
            key=f"event-{getattr(event, 'pk', event)}",
            link=_page(record),
        )


@rule("record.reviewed", then=QUEUED)
def tell_office(rows: Any, events: Any, by: Any) -> None:
    """The county office that accepts, or the office that confirms; personnel records stay with their authority."""
    for record, event in zip(rows, events, strict=True):
        if record.spec.family == "OF":
            seats = holders("record.confirm", org=record.subject.managed_by_id or record.source_unit_id)
        elif record.needs_county:
            seats = holders("record.accept", area=_county(record))
        else:
            seats = holders("record.confirm", city=True)
        tell(seats, f"待{'验收' if record.needs_county else '入库'}：{named(record)}", _page(record), event, by=by)


@rule("record.accepted", then=QUEUED)
def tell_city(rows: Any, events: Any, by: Any) -> None:
    """The city's credit office."""
    for record, event in zip(rows, events, strict=True):
        tell(holders("record.confirm", city=True), f"待入库：{named(record)}", _page(record), event, by=by)


@rule("record.confirmed", then=QUEUED)
def tell_publishers(rows: Any, events: Any, by: Any) -> None:
    """Whoever publishes, or clears first; a batch is one message."""
    many = len(rows) > 1
    scheduled = rows.ids if many else [r for r in rows if r.publicity == "SCHEDULED"]
    if not scheduled:
        return
    if many:
        title, right = f"{len(rows)} 条记录已入库，请查看待公示队列", "record.publish"
    else:
        flagged = rows[0].needs_clearance
        title, right = (
            f"待{'保密审查' if flagged else '公示'}：{named(rows[0])}",
            "record.clear" if flagged else "record.publish",
        )
    tell(holders(right, city=True), title, "/desk/publish/", events[0], by=by)


@rule("correction.proposed", then=QUEUED)
def tell_of_correction(rows: Any, events: Any, by: Any) -> None:
    """The reviewers of the record's unit."""
    for row, event in zip(rows, events, strict=True):
        seats = holders("record.review", org=row.record.source_unit_id)
        tell(seats, f"更正待复核：{named(row.record)}", f"/desk/corrections/{row.pk}/", event, by=by)


@rule("correction.reviewed", then=QUEUED)
def tell_adopters(rows: Any, events: Any, by: Any) -> None:
    """Whoever confirms records."""
    for row, event in zip(rows, events, strict=True):
        own = row.record.spec.family == "OF"
        seats = (
            holders("record.confirm", org=row.record.source_unit_id) if own else holders("record.confirm", city=True)
        )
        tell(seats, f"更正待采用：{named(row.record)}", f"/desk/corrections/{row.pk}/", event, by=by)


def _tell_of_batch(seats: Any, batch: Any, event: Any, by: Any) -> None:
    restricted = batch.kind_id and batch.kind.spec.disclosure == "restricted"
    if not restricted:
        tell(seats, f"导入批次待确认：{batch.file_name}", f"/desk/import/{batch.pk}/", event, by=by)


@rule("batch.submitted", then=QUEUED)
def tell_confirmers(rows: Any, events: Any, by: Any) -> None:
    """The county office that accepts a batch of its units, else who confirms: the city's office, or the unit itself."""
    for batch, event in zip(rows, events, strict=True):
        area = "/".join(batch.unit.area.path.split("/")[:4]) if batch.needs_county else ""
        seats = holders("record.accept", area=area) if area else holders("import.confirm", city=True)
        own = holders("import.confirm", org=batch.unit)
        _tell_of_batch(own if batch.profile in UNIT_ONLY else seats, batch, event, by)


@rule("batch.accepted", then=QUEUED)
def tell_city_of_batch(rows: Any, events: Any, by: Any) -> None:
    """The city's credit office."""
    for batch, event in zip(rows, events, strict=True):
        _tell_of_batch(holders("import.confirm", city=True), batch, event, by)


@rule("batch.refused", then=QUEUED)
def tell_importer(rows: Any, events: Any, by: Any) -> None:
    """Whoever imported it."""
    for batch, event in zip(rows, events, strict=True):
        title = f"导入批次已退回：{batch.file_name}"
        link = f"/desk/import/{batch.pk}/"
        remind_all([batch.entered_by], title, batch.failure, key=f"event-{event.pk}", link=link)


@rule("letter.drafted", then=QUEUED)
def tell_signers(rows: Any, events: Any, by: Any) -> None:
    """Whoever issues the unit's letters."""
    for letter, event in zip(rows, events, strict=True):
        tell(
            holders("letter.issue", org=letter.unit_id),
            f"文书待签发：{letter.title}",
            f"/desk/letters/{letter.pk}/",
            event,
            by=by,
        )


@rule("letter.served", then=QUEUED)
def tell_addressee(rows: Any, events: Any, by: Any) -> None:
    """The addressee's people, on every channel they have."""
    for letter, event in zip(rows, events, strict=True):
        title, text = (
            f"收到文书：{letter.title}",
            f"{letter.unit.name}向您送达《{letter.title}》（{letter.number}），请登录签收。",
        )
        if letter.addressee.is_organisation:
            seats = holders("letter.acknowledge", org=letter.addressee_id)
            tell(seats, title, f"/letters/{letter.pk}/", event, by=by, text=text, urgent=True)
        elif account := getattr(letter.addressee, "account", None):
            channels = ("INBOX", "EMAIL", "SMS")
            remind_all(
                [account], title, text, key=f"event-{event.pk}", link=f"/letters/{letter.pk}/", channels=channels
            )


def _tell_unit(rows: Any, events: Any, by: Any, word: str) -> None:
    for matter, event in zip(rows, events, strict=True):
        if matter.unit_id:
            seats = holders("matter.handle", org=matter.unit_id)
            tell(seats, f"{word}：{matter.number}", f"/desk/matters/{matter.pk}/", event, by=by)


@rule("matter.assigned", then=QUEUED)
def tell_unit(rows: Any, events: Any, by: Any) -> None:
    """The unit that is to handle a matter."""
    _tell_unit(rows, events, by, "转来事项待办理")


@rule("matter.stepped", then=QUEUED)
def tell_next(rows: Any, events: Any, by: Any) -> None:
    """The unit whose turn it is now."""
    _tell_unit(rows, events, by, "事项待办理")


@rule("matter.warned", then=QUEUED)
def tell_warned(rows: Any, events: Any, by: Any) -> None:
    """The unit whose date is near."""
    _tell_unit(rows, events, by, "即将到期")


@rule("matter.urged", then=QUEUED)
def tell_urged(rows: Any, events: Any, by: Any) -> None:
    """The unit that is late."""
    _tell_unit(rows, events, by, "催办")


@rule("matter.escalated", then=QUEUED)
def tell_escalated(rows: Any, events: Any, by: Any) -> None:
    """The unit, once its superior was told."""
    _tell_unit(rows, events, by, "提级督办")
    for matter, event in zip(rows, events, strict=True):
        seats = holders("matter.assign", area=_above(matter), city=True).exclude(org=matter.unit_id)
        tell(seats, f"逾期提级督办：{matter.number}", f"/desk/matters/{matter.pk}/", event, by=by)


def _above(matter: Any) -> str:
    """The county whose credit office supervises a unit; the city's supervises all."""
    path = matter.unit.area.path if matter.unit_id and matter.unit.area_id else ""
    return "/".join(path.split("/")[:4]) if path.count("/") > 2 else ""


@rule("seat.granted", then=QUEUED)
def tell_of_seat(rows: Any, events: Any, by: Any) -> None:
    """Second persons who release seats."""
    for seat, event in zip(rows, events, strict=True):
        tell(anywhere("seat.grant"), f"岗位待复核：{seat}", "/desk/people/", event, by=by)


@rule("setting.proposed", then=QUEUED)
def tell_of_setting(rows: Any, events: Any, by: Any) -> None:
    """Second persons who approve settings."""
    for row, event in zip(rows, events, strict=True):
        tell(anywhere("setting.change"), f"参数变更待批准：{row.key}", "/desk/settings/", event, by=by)


@rule("kind.nominated", then=QUEUED)
def tell_of_edition(rows: Any, events: Any, by: Any) -> None:
    """Second persons of the credit office, once for a whole edition."""
    doc_no = rows[0].doc_no
    seats = anywhere("kind.approve").exclude(user_id=by.user_id)
    title = f"目录条目待批准：{doc_no}"
    remind_holders(seats, title, title, key=f"edition-{doc_no}", link="/desk/catalogue/?state=NOMINATED")
