"""Acts: the only way an acted row changes. One transaction: lock, state, right, body, event, row, rules (house.md 2)."""

from __future__ import annotations

import functools
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.dispatch import Signal

from integrity.roles import DECIDING, RIGHTS
from integrity.snapshot import columns, plain, state_label

acted = Signal()  # sender: model; spec, events, rows, by; sent once per act or set of acts, inside the transaction
F = TypeVar("F", bound=Callable[..., Any])


class Refused(Exception):
    """An act that may not be done now or by this person; the text is shown to him."""

    code = "refused"


class WrongState(Refused):
    """The row is not in a state from which this act starts."""

    code = "wrong-state"


class NotAllowed(Refused):
    """The seat lacks the right, the row is outside its reach, or four eyes or avoidance forbid it."""

    code = "not-allowed"


class BareWrite(TypeError):
    """Code tried to write an acted row without an act."""


@dataclass(frozen=True)
class Act:
    """What is known of an act: its verb in the ledger, label on buttons, right, and states before and after."""

    verb: str
    label: str
    right: str
    source: frozenset[str] = frozenset()
    target: str = ""
    axis: str = "state"
    creates: bool = False
    changes: bool = True
    log: str = ""  # type of its log entry, for those that are opened; others are plain "act" leaves
    full: bool = False  # keeps the row's full snapshot, for the public log, history and upper nodes
    leaf: tuple[str, ...] = ()  # values that stand openly in the leaf: codes, digests and counts only
    button: bool = True  # a person starts it from a page; the others follow from other acts or have a ceremony
    name: str = ""
    confirm: str = ""  # what the confirmation page says, for acts with outward effect
    form: tuple[str, ...] = ()  # inputs asked for on the button's page


def act(verb: str, *, label: str, right: str, source: Iterable[str] = (), **more: Any) -> Callable[[F], F]:
    """Mark a method as an act (`more` as in Act). The body gets `by` (a seat) and its inputs; a dict it returns is noted."""
    if right not in RIGHTS:
        raise ValueError(f"{verb}: unknown right {right}")
    more["full"] = bool(more.get("full") or more.get("log"))

    def decorate(body: F) -> F:
        spec = Act(verb, label, right, frozenset(source), name=body.__name__, **more)

        @functools.wraps(body)
        def perform(self: Acted, *, by: Any, **inputs: Any) -> Acted:
            return _perform(spec, body, self, by, inputs)

        perform.act = spec  # type: ignore[attr-defined]
        return perform  # type: ignore[return-value]

    return decorate


class ActedQuerySet(models.QuerySet):
    """Reads freely; refuses every write that is not an act."""

    def _refuse(self, *args: Any, **kwargs: Any) -> Any:
        raise BareWrite(f"{self.model.__name__} changes only by its acts")

    update = delete = bulk_create = bulk_update = update_or_create = get_or_create = create = _refuse

    def visible_to(self, seat: Any) -> ActedQuerySet:
        """The rows this seat may see; every model says so itself."""
        raise NotImplementedError(f"{self.model.__name__}.visible_to")

    def inside(self, seat: Any) -> ActedQuerySet:
        """The rows this seat sees by its duty, beyond what is public; the staff's doors show only these."""
        return self.visible_to(seat)


class Acted(models.Model):
    """Base of the nouns: random id that is also the outside reference, version raised by every act."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = models.PositiveIntegerField("版本", default=0, editable=False)

    lock_with: tuple[str, ...] = ()
    people: tuple[str, ...] = ("entered_by_id",)  # who may not decide on this row
    objects = ActedQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        raise BareWrite(f"{type(self).__name__} changes only by its acts")

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise BareWrite(f"{type(self).__name__} is never deleted")

    def lock(self) -> None:
        """Re-read this row under a lock; unsaved changes are dropped."""
        rows = type(self)._base_manager.select_related(*self.lock_with).select_for_update(of=("self",))
        self.refresh_from_db(from_queryset=rows)
        self.__dict__.pop("_seen", None)

    def seen_by(self, by: Any) -> bool:
        """Whether the row is inside a seat's reach; asked of the database once per seat until the row is locked."""
        seen = self.__dict__.setdefault("_seen", {})
        if by not in seen:
            seen[by] = type(self)._default_manager.inside(by).filter(pk=self.pk).exists()
        return seen[by]

    def within(self, by: Any) -> bool:
        """Whether the seat deals with this row by its duty, and is not merely told of it as its subject."""
        return True

    def refuses(self, spec: Act, by: Any) -> str:
        """Why this row refuses the act to this seat (reach, own rules); empty when it does not."""
        return ""

    def interested(self) -> set[Any]:
        """Ids of the subjects this row is about: they and their own people never decide on it."""
        return set()

    def unit_code(self, by: Any) -> str:
        """The organisation that stands behind the event in the log."""
        return by.org.code if by.org_id else ""

    def opening(self) -> dict[str, Any]:
        """Full snapshot for an opened log entry; only models with such acts have one."""
        raise NotImplementedError


def may(spec: Act, row: Acted, by: Any) -> Refused | None:
    """Whether this seat may do this act on this row now: None, or the refusal with its reason."""
    if spec.right not in by.rights:
        return NotAllowed(f"您的岗位（{by.role_label}）没有“{RIGHTS[spec.right]}”的权限")
    if spec.source and getattr(row, spec.axis) not in spec.source:
        return WrongState(f"当前状态为“{state_label(row, spec.axis)}”，不能{spec.label}")
    if spec.right in DECIDING and not by.role.automatic:
        if by.user_id and by.user_id in {getattr(row, p) for p in row.people}:
            return NotAllowed("本人录入或者提出的事项，须由他人办理")
        mine = by.avoided()
        if mine & row.interested():
            return NotAllowed("本人、近亲属或者本单位是当事人，应当回避")
    if why := row.refuses(spec, by):
        return NotAllowed(why)
    return None


def acts_of(model: type[models.Model]) -> list[Act]:
    """Every act of a model, in the order of definition along its classes."""
    found: dict[str, Act] = {}
    for cls in reversed(model.__mro__):
        for name, member in vars(cls).items():
            if spec := getattr(member, "act", None):
                found[name] = spec
    return list(found.values())


def acted_models() -> list[type[Acted]]:
    """Every concrete acted model of every app."""
    return [m for m in apps.get_models() if issubclass(m, Acted) and not m._meta.proxy]


def possible(row: Acted, by: Any) -> list[Act]:
    """The acts this seat may do on this row now, for buttons."""
    return [spec for spec in buttons_of(type(row)) if may(spec, row, by) is None]


def buttons_of(model: type[models.Model]) -> list[Act]:
    """The acts of a model that a person may start on a row from a page."""
    return [spec for spec in acts_of(model) if spec.button and spec.changes and not spec.creates]


def _perform(spec: Act, body: Callable[..., Any], row: Acted, by: Any, inputs: dict[str, Any]) -> Acted:
    with transaction.atomic():
        before: dict[str, Any] = {}
        if not spec.creates:
            row.lock()
            before = columns(row)
        if refusal := may(spec, row, by):
            raise refusal
        notes = body(row, by=by, **inputs) or {}
        if spec.target:
            setattr(row, spec.axis, spec.target)
        if spec.changes:
            row.version += 1
        after = columns(row)
        changed = {k: v for k, v in after.items() if before.get(k) != v and k not in ("id", "version")}
        values = row.opening() | notes if spec.full else changed | notes
        hidden = spec.full or any(k in after and plain(v) != after[k] for k, v in notes.items())
        ledger = apps.get_model("integrity", "Event")
        event = ledger.write(spec, row, by, values, inside=changed if hidden else None)
        if spec.changes:
            _save(row, spec)
        acted.send(type(row), spec=spec, events=[event], rows=[row], by=by)
    return row


def _save(row: Acted, spec: Act) -> None:
    row.clean_fields(exclude={f.name for f in row._meta.concrete_fields if _left_to_database(row, f)})
    try:
        models.Model.save(row, force_insert=spec.creates, force_update=not spec.creates)
    except IntegrityError as fault:
        raise _explained(row, fault) from fault


def _explained(row: Acted, fault: IntegrityError) -> Exception:
    """A broken constraint of the model as the sentence it bears; any other fault as it is."""
    name = getattr(getattr(fault.__cause__, "diag", None), "constraint_name", None)
    for constraint in row._meta.constraints:
        if constraint.name == name:
            return ValidationError(constraint.get_violation_error_message())
    return fault


def _left_to_database(row: Acted, field: Any) -> bool:
    """Presence, relations and generated columns are the database's; lengths, choices and formats are checked here."""
    return field.generated or field.is_relation or getattr(row, field.attname) in (None, "", [], {})


# ---- rules: when X has happened, then one act ----


@dataclass(frozen=True)
class Rule:
    """A reaction of one area to acts of another: which verb, which verb it causes, in one sentence."""

    when: str
    then: str
    run: Callable[..., None]
    name: str


RULES: list[Rule] = []


def rule(when: str, then: str) -> Callable[[F], F]:
    """Register a receiver for one verb; it gets rows, events, by. Its error undoes all and names the rule."""

    def decorate(run: F) -> F:
        RULES.append(Rule(when, then, run, f"{run.__module__}.{run.__name__}"))
        return run

    return decorate


def check_cycles() -> None:
    """Fail at start when rules could set each other off for ever."""
    edges: dict[str, set[str]] = {}
    for r in RULES:
        edges.setdefault(r.when, set()).add(r.then)

    def walk(verb: str, trail: tuple[str, ...]) -> None:
        if verb in trail:
            raise ValueError("rules run in a circle: " + " → ".join([*trail, verb]))
        for following in edges.get(verb, ()):
            walk(following, (*trail, verb))

    for start in list(edges):
        walk(start, ())


def _follow_rules(sender: type, spec: Act, events: list[Any], rows: list[Any], by: Any, **_: Any) -> None:
    for r in RULES:
        if r.when == spec.verb:
            try:
                r.run(rows=rows, events=events, by=by)
            except (ValidationError, Refused) as fault:
                raise Refused(
                    f"规则“{r.name}”未能执行：{'；'.join(getattr(fault, 'messages', [str(fault)]))}"
                ) from fault


acted.connect(_follow_rules, dispatch_uid="rules")
