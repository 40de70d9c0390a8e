"""The sectors' nouns: projects with their stages, what is owed within them, and grades by approved schemes (tasks 14-18)."""

from sectors.models.duty import Duty
from sectors.models.grade import Grade, Scheme
from sectors.models.project import Project

__all__ = ["Duty", "Grade", "Project", "Scheme"]
