"""The agencies' nouns: sanctions and leads, court lists and clearing, pledges on lists of duties, services and their supervision by clock."""

from agencies.models.cards import Card
from agencies.models.cases import SanctionCase, Talk
from agencies.models.clearing import ClearingCase, CourtEntry
from agencies.models.corrections import CorrectionOrder
from agencies.models.duties import DutyItem
from agencies.models.leads import BreachLead
from agencies.models.onestop import Handling, Service
from agencies.models.openness import Disclosure, YearFigure
from agencies.models.promises import AgencyPledge

__all__ = [
    "AgencyPledge",
    "BreachLead",
    "Card",
    "ClearingCase",
    "CorrectionOrder",
    "CourtEntry",
    "Disclosure",
    "DutyItem",
    "Handling",
    "SanctionCase",
    "Service",
    "Talk",
    "YearFigure",
]
