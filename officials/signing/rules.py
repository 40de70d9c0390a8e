"""Rules of pledges: when somebody takes a post, signs, consents, leaves or breaks his word, then one act (house.md 2.10)."""

from __future__ import annotations

from typing import Any

from integrity.acts import rule
from integrity.models import Pledge, as_rule, deadline, remind_all
from integrity.models.calendar import calendar_year
from integrity.models.record.many.rows import of_kinds
from integrity.reminders import QUEUED
from officials.models import Official
from officials.signing.issuing import KIND, clear, issue, on_new_post, personal, settle


@rule("official.appointed", then="pledge.issued")
def ask_on_appointment(rows: Any, events: Any, by: Any) -> None:
    """Who takes office is asked for his pledge (task 2: 任职前)."""
    for official in rows:
        on_new_post(official, "任职", as_rule(by))


@rule("official.promoted", then="pledge.issued")
def ask_on_promotion(rows: Any, events: Any, by: Any) -> None:
    """A new post, a new pledge."""
    for official in rows:
        on_new_post(official, "晋升", as_rule(by))


@rule("official.transferred", then="pledge.issued")
def ask_on_transfer(rows: Any, events: Any, by: Any) -> None:
    """A new unit, a new pledge."""
    for official in rows:
        on_new_post(official, "调任", as_rule(by))


def _end(rows: Any, by: Any, reason: str) -> None:
    for official in rows:
        clear(official, as_rule(by), reason)
        for pledge in personal().filter(subject=official.subject_id, state__in=("IN_FORCE", "FULFILLED")):
            pledge.end(by=as_rule(by), reason=reason)


@rule("official.retired", then="pledge.ended")
def end_on_retirement(rows: Any, events: Any, by: Any) -> None:
    """Leaving office ends a pledge; it is never deleted."""
    _end(rows, by, "退休，离任终止")


@rule("official.left", then="pledge.ended")
def end_on_leaving(rows: Any, events: Any, by: Any) -> None:
    """Leaving office ends a pledge."""
    _end(rows, by, "离职，离任终止")


@rule("official.departed", then="pledge.ended")
def end_on_departure(rows: Any, events: Any, by: Any) -> None:
    """Leaving the city's service ends a pledge."""
    _end(rows, by, "调出，离任终止")


@rule("pledge.withdrawn", then="pledge.issued")
def ask_again(rows: Any, events: Any, by: Any) -> None:
    """Who takes a signature back still owes the pledge, by the same day."""
    for pledge in rows:
        official = Official.objects.filter(subject=pledge.subject_id, state="ACTIVE").first()
        if pledge.kind_id == KIND and official is not None:
            issue(official, pledge.occasion, as_rule(by), starts_on=pledge.starts_on, old=pledge.replaces)


@rule("consent.given", then="pledge.disclosed")
def disclose(rows: Any, events: Any, by: Any) -> None:
    """Consent after the fact brings a pledge in force before the public."""
    _settle(rows, by)


@rule("consent.withdrawn", then="pledge.concealed")
def conceal(rows: Any, events: Any, by: Any) -> None:
    """Without consent it leaves the public at once, where no rule of the city keeps it there."""
    _settle(rows, by)


def _settle(rows: Any, by: Any) -> None:
    for consent in rows:
        pledge = Pledge.objects.select_related("subject", "unit").get(pk=consent.pledge_id)
        if pledge.state in ("IN_FORCE", "FULFILLED"):
            settle(pledge, by)


@rule("paper.confirmed", then="pledge.transcribed")
def transcribe(rows: Any, events: Any, by: Any) -> None:
    """What two people have seen signed on paper counts as signed at level C."""
    from officials.signing.ceremonies import on_paper

    for paper in rows:
        on_paper(paper, as_rule(by))


@rule("record.confirmed", then="pledge.breached")
def breach(rows: Any, events: Any, by: Any) -> None:
    """A finding of breach after notice and hearing (OF07) marks the pledge it names (task 2)."""
    for record in of_kinds(rows, "OF07"):
        for pledge in _broken(record, "IN_FORCE"):
            pledge.breach(by=as_rule(by), reason=f"认定记录 {record.number}")


@rule("record.revoked", then="pledge.restored")
def restore(rows: Any, events: Any, by: Any) -> None:
    """A revoked finding gives the pledge its force back."""
    for record in of_kinds(rows, "OF07"):
        for pledge in _broken(record, "BREACHED"):
            pledge.restore(by=as_rule(by), reason=f"认定记录 {record.number} 已撤销")


def _broken(record: Any, state: str) -> Any:
    number = str(record.facts.get("pledge_no", "")).strip().upper()
    return personal().filter(number=number, subject=record.subject_id, state=state)


@rule("setting.approved", then="pledge.recounted")
def recount(rows: Any, events: Any, by: Any) -> None:
    """A changed calendar or deadline moves the days of pledges that wait to be signed (house.md 2.4)."""
    for row in rows:
        if row.key != "D18" and not calendar_year(row.key):
            continue
        for pledge in personal().filter(state="ISSUED", starts_on__isnull=False):
            due = deadline("D18", pledge.starts_on)
            if due.on != pledge.due_on:
                pledge.recount(by=as_rule(by), why=f"参数“{row.key}”变更", due=due)


@rule("pledge.issued", then=QUEUED)
def tell_signer(rows: Any, events: Any, by: Any) -> None:
    """The signer learns on the first day what he is asked for, and by when."""
    for pledge in rows:
        account = getattr(pledge.subject, "account", None)
        if pledge.kind_id == KIND and account:
            text = f"{pledge.unit.name}请您签署《{pledge.title}》，应于 {pledge.due_on} 前签署。"
            remind_all(
                [account],
                f"待签承诺：{pledge.title}",
                text,
                key=f"pledge-{pledge.pk}",
                link=f"/me/pledges/{pledge.number}",
                channels=("INBOX", "SMS"),
            )


@rule("signkey.vouched", then=QUEUED)
def tell_holder(rows: Any, events: Any, by: Any) -> None:
    """The holder hears of every key vouched for in his name, before it can sign (trust.md 1.4)."""
    for key in rows:
        text = f"指纹 {key.spaced}，{key.active_from:%Y-%m-%d %H:%M} 起可用。如不是您本人登记的密钥，请立即注销并联系组织人事部门。"
        remind_all(
            [key.user],
            "您的签署密钥已核对",
            text,
            key=f"signkey-{key.pk}",
            link="/me/keys/",
            channels=("INBOX", "SMS", "EMAIL"),
        )


@rule("pledge.signed", then=QUEUED)
def tell_signed(rows: Any, events: Any, by: Any) -> None:
    """The signer is told at once that something was signed in his name, and how to take it back (trust.md 1.4)."""
    for pledge in rows:
        account = getattr(pledge.subject, "account", None)
        if pledge.kind_id == KIND and account:
            text = f"编号 {pledge.number}。10 分钟内可以撤回；如不是您本人签署，请立即撤回并注销密钥。"
            remind_all(
                [account],
                f"已签署：{pledge.title}",
                text,
                key=f"pledge-signed-{pledge.pk}",
                link=f"/me/pledges/{pledge.number}",
                channels=("INBOX", "SMS"),
            )
