"""A year of personal pledges: texts, keys, signatures of every level, consents, a lost key, a breach; all by acts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import Any

from django.utils import timezone

from integrity.models import Kind, MomentSeat, Pledge, Record, Seat, Setting, Subject, User
from integrity.simulation import Story
from officials.models import Ceremony, Official, PaperSigning, PledgeConsent, PledgeTemplate
from officials.signing import ceremonies, clock, issuing, passkeys
from officials.signing.softkey import Authenticator

TEXT = {
    "title": "公务人员信用承诺书",
    "discipline": "严格遵守宪法、法律法规和工作纪律，依法行使职权。",
    "duty": "认真履行岗位职责，不推诿、不拖延、不弄虚作假。",
    "honesty": "对组织、对服务对象如实告知，言出必行，及时兑现承诺事项。",
    "oversight": "自觉接受组织监督、群众监督和舆论监督。",
    "breach_clause": "本人知悉：违背上述承诺并经认定的，将依照规定记入本人诚信档案。",
    "consent_text": "本人同意将本承诺书（姓名、单位、职务、承诺内容、日期）在“信用中国（山东日照）”网站公开。不同意不影响任职。",
}
OLD = TEXT | {"duty": "认真履行岗位职责，不推诿、不拖延。"}
POSTS = ("科长", "副科长", "一级主任科员", "四级调研员", "副局长")


class Pledges:
    """The stories, with who acts in them."""

    def __init__(self, staff: Any, rng: Random) -> None:
        self.staff, self.rng = staff, rng
        self.admins = [MomentSeat("SYSADMIN", user=User.objects.get(username=f"founder{n}")) for n in (0, 1)]

    def template(self, text: dict[str, str]) -> PledgeTemplate:
        """One version, written by one and approved by another."""
        row = PledgeTemplate(code="GRCN-ND", occasion="年度", **text).draft(by=self.staff["credit"])
        return row.nominate(by=self.staff["credit"]).approve(by=self.staff["credit2"])

    def texts(self, start: date, days: int) -> Story:
        """The text, its second version in autumn, and no waiting for keys, so that a visitor can try them at once."""
        yield start
        self.template(OLD)
        wait = Setting(
            key="signkey_wait_hours", value="0", ground="演示：核对后即可试用", valid_from=timezone.localdate()
        )
        wait.propose(by=self.staff["credit"]).approve(by=self.staff["credit2"])
        yield max(days - 60, 30)
        self.template(TEXT)

    def clock(self, start: date) -> Story:
        """What time does: in force after ten minutes, reminders each week."""
        yield start
        while True:
            clock.publish_due()
            if timezone.localdate().day % 7 == 0:
                clock.daily()
            yield 1

    def file(self, person: Subject) -> Official:
        """His credit file, as the first roll leaves it, and the seat for his own pages."""
        found = Official.objects.filter(subject=person).first()
        if found is None:
            post = self.rng.choice(POSTS)
            row = Official(
                subject=person, category="CIVIL_SERVANT", post=post, leading=post == "副局长",
                appointed_on=timezone.localdate() - timedelta(days=self.rng.randint(200, 2000)),
            )  # fmt: skip
            found = row.enlist(by=self.staff["hr"]).release(by=self.staff["hr2"])
        return found

    def seat(self, person: Subject) -> Seat:
        user = User.objects.get(person=person)
        held = Seat.objects.in_force().filter(user=user, role_code="OFFICIAL").first()
        return held or Seat(user=user, role_code="OFFICIAL", org=person.parent).grant(by=self.admins[0]).release(
            by=self.admins[1]
        )

    def official(self, person: Subject, start: date, way: str) -> Story:
        """One official's year: asked, and signing in one way or another, or not at all."""
        yield start
        file, seat = self.file(person), self.seat(person)
        pledge = issuing.issue(file, "年度", self.staff["hr"], old=issuing.standing(file))
        if pledge is None or way == "never":
            return
        yield self.rng.randint(1, 9)
        yield from getattr(self, way)(pledge, seat)
        if self.rng.random() < 0.5:
            yield 2
            row = Pledge.objects.filter(subject=person, kind=issuing.KIND, state="IN_FORCE").first()
            if row is not None:
                PledgeConsent(pledge=row, text=TEXT["consent_text"]).give(by=seat)

    def login(self, pledge: Pledge, seat: Seat) -> Iterator[Any]:
        """Level B, at first login."""
        ceremonies.confirm_by_login(seat, pledge)
        yield 1

    def paper(self, pledge: Pledge, seat: Seat) -> Iterator[Any]:
        """Level C, by two people."""
        row = PaperSigning(pledge=pledge, signed_on=timezone.localdate(), scan=b"%PDF-1.7\n% demonstration scan\n")
        row.enter(by=self.staff["hr"])
        yield 1
        row.confirm(by=self.staff["hr2"])
        yield 1

    def key(self, pledge: Pledge, seat: Seat) -> Iterator[Any]:
        """Level A: registered, compared, signed; now and then taken back and signed again."""
        device = self.device(seat)
        yield 1
        signed = self.sign(device, pledge, seat)
        if self.rng.random() < 0.1:
            yield timedelta(minutes=3)
            signed.withdraw(by=seat)
            yield 1
            self.sign(device, issuing.personal().get(subject=pledge.subject_id, state="ISSUED"), seat)
        yield 1

    def lost(self, pledge: Pledge, seat: Seat) -> Iterator[Any]:
        """A key reported lost after signing, another registered, and the pledge signed anew with it."""
        yield from self.key(pledge, seat)
        yield 20
        ceremonies.usable(seat.user).get().surrender(
            by=seat, key_reason="lost", suspect_from=timezone.localdate() - timedelta(days=60)
        )
        yield 2
        device = self.device(seat, "新的安全密钥")
        new = issuing.renew(issuing.personal().get(subject=pledge.subject_id, state="IN_FORCE"), self.staff["hr"])
        yield 1
        if new is not None:
            self.sign(device, new, seat)
        yield 1

    def broken(self, pledge: Pledge, seat: Seat) -> Iterator[Any]:
        """A breach found after notice and hearing: OF07, and the pledge marked by it."""
        yield from self.key(pledge, seat)
        yield 3  # by then the clock has published it
        kept = issuing.personal().get(subject=pledge.subject_id, state="IN_FORCE")
        yield 30
        hr, hr2, today = self.staff["hr"], self.staff["hr2"], timezone.localdate()
        record = Record(kind=Kind.objects.get(code="OF07")).enter(by=hr, values={
            "subject": kept.subject, "title": "违背个人信用承诺", "fact": "承诺限时办结的三件事项逾期两个月未办，经提醒仍未办理。", "doc_type": "认定书",
            "doc_no": f"日组人认〔{today.year}〕7号", "deciding_name": hr.org.name, "decided_on": today.isoformat(),
            "legal_basis": "日政发〔2018〕12号任务二", "pledge_no": kept.number, "clause": "尽职尽责", "breach": "限时办结事项逾期两个月未办",
        }).submit(by=hr)  # fmt: skip
        record.notify(by=hr2, served_on=today)
        yield 9
        record.hear(by=hr2, outcome="未采纳", statement="工作量大，人手不足。")
        record.review(by=hr2, privacy_ok=True, secrecy_ok=True)
        yield 2
        record.confirm(by=hr2, publish=False, ground="个人记录不公示")

    def device(self, seat: Seat, label: str = "安全密钥") -> Authenticator:
        """A key registered by its holder and compared by the personnel office."""
        made = Authenticator()
        ceremony = Ceremony.waiting(ceremonies.open_registration(seat, label))
        assert ceremony is not None
        key = ceremonies.finish(ceremony, made.create(ceremonies.options(ceremony), passkeys.origin()))
        key.vouch(by=self.staff["hr2"])
        return made

    def sign(self, device: Authenticator, pledge: Pledge, seat: Seat) -> Pledge:
        ceremony = Ceremony.waiting(ceremonies.open_signing(seat, pledge))
        assert ceremony is not None
        return ceremonies.finish(ceremony, device.get(ceremonies.options(ceremony), passkeys.origin()))  # type: ignore[no-any-return]

    def open_case(self, person: Subject, start: date, days: int) -> Story:
        """The named account owes a pledge today, for whoever looks round."""
        yield start
        file = self.file(person)
        self.seat(person)
        yield max(days - 5, 1)
        issuing.clear(file, self.staff["hr"], "重新发起")
        issuing.issue(file, "年度", self.staff["hr"])


def stories(city: Any, staff: Any, rng: Random, start: date, days: int) -> list[Story]:
    """The text, the clock, and one story for every official with an account."""
    made = Pledges(staff, rng)
    named = staff["official"].user.person_id
    accounts = set(User.objects.filter(person__is_official=True).values_list("person_id", flat=True)) - {named}
    people = [p for p in city.people if p.pk in accounts]
    ways = ["key", "lost", "broken", "login", "paper", "never"]
    found = [
        made.texts(start, days),
        made.clock(start),
        made.open_case(next(p for p in city.people if p.pk == named), start, days),
    ]
    for number, person in enumerate(people):
        way = ways[number] if number < len(ways) else rng.choice(["key"] * 6 + ["login"] * 3 + ["paper", "never"])
        day = start + timedelta(days=rng.randint(2, max(days - 90, 3)))
        found.append(made.official(person, day, way))
    return found
