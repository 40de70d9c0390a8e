"""The nouns of supervision."""

from supervision.models.complaint import Complaint

__all__ = ["Complaint"]
