"""Redress: objection, repair, complaint about handling, self-report and leniency (task 4); three flows, never one table."""

from integrity.models.redress.base import Redress, credit_office, handling_unit
from integrity.models.redress.handling import GROUNDS, HandlingComplaint, Leniency, SelfReport
from integrity.models.redress.objection import Objection
from integrity.models.redress.repair import PLEDGE, RepairApplication

__all__ = [
    "GROUNDS",
    "PLEDGE",
    "HandlingComplaint",
    "Leniency",
    "Objection",
    "Redress",
    "RepairApplication",
    "SelfReport",
    "credit_office",
    "handling_unit",
]
