"""The form of a letter: its addressee and its template's fields, filled in from the record or matter it rests on."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from integrity import catalogue
from integrity.forms import ActingForm, FactField, OrganisationField
from integrity.models import Letter, Matter, Record, setting
from integrity.models.letter import letter_facts
from integrity.models.record.spec import TIERS, window


class LetterForm(ActingForm):
    """Draft a letter, or change a draft."""

    def __init__(self, letter: Letter, data: Any = None) -> None:
        self.letter = letter
        known = prefilled(letter)
        super().__init__(data, initial=letter.fields or known)
        if letter._state.adding and letter.record is None and letter.matter is None:
            self.fields["addressee"] = OrganisationField("受送达人")
        elif letter._state.adding:
            letter.addressee = letter.record.subject if letter.record else _answered(letter)
        for fact in letter_facts(letter.template):
            self.fields[fact.name] = FactField(fact)

    def clean(self) -> dict[str, Any]:
        """A matter without a known applicant or unit has nobody to write to."""
        if "addressee" not in self.fields and self.letter.addressee_id is None:
            self.add_error(None, "该事项没有可以送达的主体，请改用不关联事项的文书并填写受送达人")
        return self.cleaned_data

    def act(self, by: Any) -> None:
        values = dict(self.cleaned_data)
        if "addressee" in self.fields:
            self.letter.addressee = values.pop("addressee")
        fields = {n: v for n, v in values.items() if v is not None}
        if self.letter._state.adding:
            self.letter.fields = fields
            self.letter.draft(by=by)
        else:
            self.letter.amend(by=by, fields=fields)


def _answered(letter: Letter) -> Any:
    """Whom a letter on a matter goes to: its template says the handling unit or whom it is about, else whoever filed it."""
    return getattr(letter.matter, letter.template_spec.get("to", "applicant"))


def prefilled(letter: Letter) -> dict[str, Any]:
    """First values of the fields, by the template's list of sources."""
    sources = catalogue.load().letters[letter.template].get("prefill", {})
    known = {code: days(code) for code in sources.values() if code in catalogue.load().clocks}
    if letter.record is not None:
        known |= of_record(letter.record)
    if letter.matter is not None:
        known |= of_matter(letter.matter)
    return {name: known[source] for name, source in sources.items() if known.get(source)}


def days(clock: str) -> int:
    """The length of a clock as it is set today."""
    override = setting(clock)
    return int(override) if override.isdigit() else catalogue.load().clocks[clock].terms[0].amount


def of_record(record: Record) -> dict[str, Any]:
    """What a record says of itself in a letter."""
    kinds = catalogue.load().kinds
    names = [kinds[m.code].name for m in record.spec.measures if m.code in kinds]
    shown = window(record.spec, record.tier, record.decided_on, record.act_ended_on, record.facts)
    return {
        "fact": record.fact or record.title,
        "legal_basis": record.legal_basis,
        "doc_no": record.doc_no,
        "tier": f"{TIERS[record.tier]}失信" if record.tier != "none" else "不分级",
        "measures": "、".join(names) or "不采取其他措施",
        "period": shown.explain,
        "heard_outcome": record.heard_outcome,
    }


def of_matter(matter: Matter) -> dict[str, Any]:
    """What a matter says of itself in a letter."""
    return {
        "matter_number": matter.number,
        "matter_title": f"{matter.title}（{matter.number}）",
        "matter_reply": matter.reply,
        "matter_outcome": matter.outcome,
        "matter_due": (matter.due_on or timezone.localdate()).isoformat(),
        "fact": matter.text[:2000],
    }
