"""The officials' nouns: credit files with their appointments; pledge templates, signing keys, signatures, consents; what is learned."""

from officials.models.consent import PledgeConsent
from officials.models.file import Appointment
from officials.models.learning import Course, Handbook
from officials.models.official import Official
from officials.models.paper import PaperSigning
from officials.models.signature import Ceremony, PledgeSignature
from officials.models.signkey import SigningKey
from officials.models.template import PledgeTemplate
from officials.models.training import Learning, Session

__all__ = [
    "Appointment",
    "Ceremony",
    "Course",
    "Handbook",
    "Learning",
    "Official",
    "PaperSigning",
    "PledgeConsent",
    "PledgeSignature",
    "PledgeTemplate",
    "Session",
    "SigningKey",
]
