"""The nouns of supervision."""

from supervision.models.article import Article
from supervision.models.assessment import Assessment, Score
from supervision.models.complaint import Complaint
from supervision.models.duties import JointMeeting, TaskDuty
from supervision.models.inspection import InspectionFinding, InspectionRound
from supervision.models.motion import Assist, Motion
from supervision.models.numbers import ConfirmedNumber

__all__ = [
    "Article",
    "JointMeeting",
    "TaskDuty",
    "Assessment",
    "Assist",
    "Complaint",
    "ConfirmedNumber",
    "InspectionFinding",
    "InspectionRound",
    "Motion",
    "Score",
]
