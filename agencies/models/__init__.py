"""The agencies' nouns: sanctions cases and leads of broken promises, court lists and their clearing."""

from agencies.models.cases import SanctionCase, Talk
from agencies.models.clearing import ClearingCase, CourtEntry
from agencies.models.duties import DutyItem
from agencies.models.leads import BreachLead
from agencies.models.promises import AgencyPledge

__all__ = ["AgencyPledge", "BreachLead", "ClearingCase", "CourtEntry", "DutyItem", "SanctionCase", "Talk"]
