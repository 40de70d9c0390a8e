"""The officials' nouns: credit files with their appointments."""

from officials.models.file import Appointment
from officials.models.official import Official

__all__ = ["Appointment", "Official"]
