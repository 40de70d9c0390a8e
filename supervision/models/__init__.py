"""The nouns of supervision."""

from supervision.models.lead import Lead

__all__ = ["Lead"]
