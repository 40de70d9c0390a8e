"""The agencies' nouns: sanctions cases and leads of broken promises, court lists and their clearing."""

from agencies.models.cases import SanctionCase, Talk
from agencies.models.clearing import ClearingCase, CourtEntry
from agencies.models.leads import BreachLead

__all__ = ["BreachLead", "ClearingCase", "CourtEntry", "SanctionCase", "Talk"]
