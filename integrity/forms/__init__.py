"""Forms from specifications: the facts of a kind, the inputs of an act; admin, desk and portal use the same ones."""

from integrity.forms.acting import ActForm, ActingForm, EntryForm, act_input, act_inputs, kind_input, put_errors
from integrity.forms.inputs import FactField, OrganisationField, choice_input, date_input, text_input
from integrity.forms.record import CorrectionForm, RecordForm, initial_of

__all__ = [
    "ActForm",
    "ActingForm",
    "CorrectionForm",
    "EntryForm",
    "FactField",
    "OrganisationField",
    "RecordForm",
    "act_input",
    "act_inputs",
    "choice_input",
    "date_input",
    "initial_of",
    "kind_input",
    "put_errors",
    "text_input",
]
