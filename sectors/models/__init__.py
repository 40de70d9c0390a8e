"""The sectors' nouns: projects with stages, what is owed, who answers, what was broken; grades by schemes (tasks 14-18)."""

from sectors.models.bidding import Agent, MonthlyReport, PointsRule, Provider, ReportUse
from sectors.models.breach import Breach
from sectors.models.duty import Duty
from sectors.models.evaluation import Evaluation
from sectors.models.grade import Grade, Scheme
from sectors.models.lookback import LookBack
from sectors.models.notice import Notice
from sectors.models.officer import Officer
from sectors.models.project import Project

__all__ = [
    "Agent",
    "Breach",
    "Duty",
    "Evaluation",
    "Grade",
    "LookBack",
    "MonthlyReport",
    "Notice",
    "Officer",
    "PointsRule",
    "Project",
    "Provider",
    "ReportUse",
    "Scheme",
]
