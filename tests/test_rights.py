"""Rights as a table: every act of every noun succeeds by its path, and is refused to everybody else (house.md 6)."""

from __future__ import annotations

import inspect
from typing import Any

import pytest

from integrity.acts import Act, NotAllowed, Refused, WrongState, acted_models, acts_of, may
from integrity.forms.acting import act_input
from integrity.models import Area, Event, MomentSeat, Subject
from integrity.roles import DECIDING, ROLES
from tests.paths import PATHS

ACTS = {spec.verb: (model, spec) for model in acted_models() for spec in acts_of(model)}
TWO_PEOPLE = {  # who proposed never says yes, though the right is no deciding one
    "seat.released", "setting.approved", "setting.refused", "kind.approved", "kind.returned", "letter.issued",
    "peer.key_approved", "template.approved", "template.returned", "paper.confirmed", "paper.refused", "handbook.released", "assessment.approved", "assessment.refused", "article.released", "article.returned",
}  # fmt: skip
NEW = {  # creating acts whose row is the actor's own: nothing foreign can be named
    "record.entered", "subject.registered", "subject.provided", "matter.received", "letter.drafted", "batch.received",
    "token.issued", "check.made", "watch.opened", "report.issued", "export.asked",
    "official.appointed", "official.listed", "handbook.written", "course.opened", "session.planned", "lead.received", "complaint.filed", "complaint.entered", "complaint.taken", "project.entered", "scheme.proposed", "grade.reckoned", "motion.assigned", "points_rule.entered", "provider.entered", "report_use.checked", "agent.entered", "monthly_report.compiled", "round.opened", "inspection.found", "number.confirmed",
}  # fmt: skip
LOGGED = {"record.viewed", "data.exported", "account.reset"}  # the doors ask for reach before they log a reading


def perform(row: Any, spec: Act, by: Any, inputs: dict[str, Any]) -> Any:
    return getattr(row, spec.name)(by=by, **inputs)


def refused(spec: Act, row: Any, by: Any, why: type[Refused]) -> str:
    """Empty when the act is refused for this reason, else what happened instead."""
    answer = may(spec, row, by)
    return "" if isinstance(answer, why) else f"{spec.verb} by {by.role_code}: {answer!r}"


def foreigner(by: Any, user: Any) -> MomentSeat:
    """The same role in an organisation of another county, in the hands of somebody else."""
    elsewhere = Area.objects.get(code="371102")
    return MomentSeat(by.role_code, org=Subject(name="外地单位", form="AGENCY", area=elsewhere), user=user)


def test_every_act_has_a_path_and_every_path_an_act():
    assert {"missing": ACTS.keys() - PATHS.keys(), "stale": PATHS.keys() - ACTS.keys()} == {
        "missing": set(),
        "stale": set(),
    }


def test_every_button_asks_for_all_its_act_needs():
    """A button's page gives every input the act cannot do without; an `amend` without inputs has a form of its own."""
    lacking = []
    for model, spec in ACTS.values():
        if spec.button and spec.changes and not spec.creates and (spec.form or spec.name != "amend"):
            needs = inspect.signature(getattr(model, spec.name).__wrapped__).parameters.values()
            required = {p.name for p in needs if p.default is p.empty and p.name not in ("self", "by")}
            lacking += [f"{spec.verb}: {name}" for name in required - set(spec.form)]
            lacking += [f"{spec.verb}: {name}" for name in spec.form if act_input(name, spec, model()) is None]
    assert lacking == []


@pytest.mark.parametrize("verb", PATHS)
def test_an_act_succeeds_by_its_path_and_leaves_its_event(stage, verb):
    model, spec = ACTS[verb]
    row, by, inputs = PATHS[verb](stage)
    before = row.version
    perform(row, spec, by, inputs)
    event = Event.objects.of(row).filter(verb=verb).last()
    assert event is not None and (event.version, row.version) == (row.version, before + spec.changes)
    if spec.target:
        assert getattr(model.objects.get(pk=row.pk), spec.axis) == spec.target


@pytest.mark.parametrize("verb", PATHS)
def test_an_act_is_refused_to_all_others(stage, verb):
    """Without its right, on a foreign row, to who entered the row, and from every other state."""
    model, spec = ACTS[verb]
    row, by, inputs = PATHS[verb](stage)
    wrong = without_right(spec, row, by, inputs)
    if by.role.scope not in ("all", "none") and verb not in NEW | LOGGED:  # those reach every row of their right
        wrong.append(refused(spec, row, foreigner(by, stage.stranger.user), NotAllowed))
    if decides(model, spec, by):
        author = MomentSeat(by.role_code, org=by.org, user=getattr(row, row.people[0].removesuffix("_id")))
        wrong.append("" if author.user_id else f"{verb}: nobody entered the row")
        wrong.append(refused(spec, row, author, NotAllowed))
    wrong += wrong_states(model, spec, row, by)
    assert [w for w in wrong if w] == []


def without_right(spec: Act, row: Any, by: Any, inputs: dict[str, Any]) -> list[str]:
    """Every role that lacks the right is refused; the act itself says so too, and leaves nothing."""
    seats = [MomentSeat(code, org=by.org, user=by.user) for code, r in ROLES.items() if spec.right not in r.rights]
    events = Event.objects.count()
    with pytest.raises(NotAllowed, match="没有"):
        perform(row, spec, seats[0], inputs)
    assert Event.objects.count() == events
    return [refused(spec, row, seat, NotAllowed) for seat in seats]


def decides(model: Any, spec: Act, by: Any) -> bool:
    """Whether four eyes are asked for: a rule decides nothing, and a new row has nobody yet."""
    eyes = spec.right in DECIDING or spec.verb in TWO_PEOPLE
    return eyes and bool(model.people) and not spec.creates and not by.role.automatic


def wrong_states(model: Any, spec: Act, row: Any, by: Any) -> list[str]:
    found = []
    if spec.source:
        for state in sorted(set(dict(model._meta.get_field(spec.axis).choices)) - spec.source):
            setattr(row, spec.axis, state)
            found.append(refused(spec, row, by, WrongState))
    return found
