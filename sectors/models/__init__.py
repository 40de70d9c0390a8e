"""The sectors' nouns: projects with their stages, and the duties that follow from them (tasks 14-18)."""

from sectors.models.duty import Duty
from sectors.models.project import Project

__all__ = ["Duty", "Project"]
