"""专项治理: courts' lists of government debtors, matched by a person, and cleared to zero (task 10)."""

from agencies.models.clearing.case import ClearingCase
from agencies.models.clearing.entry import CourtEntry

__all__ = ["ClearingCase", "CourtEntry"]
