"""The nouns of supervision."""

from supervision.models.complaint import Complaint
from supervision.models.motion import Assist, Motion

__all__ = ["Assist", "Complaint", "Motion"]
