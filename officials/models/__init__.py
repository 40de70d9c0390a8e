"""The officials' nouns: credit files with their appointments; pledge templates, signing keys, signatures, consents."""

from officials.models.consent import PledgeConsent
from officials.models.file import Appointment
from officials.models.official import Official
from officials.models.paper import PaperSigning
from officials.models.signature import Ceremony, PledgeSignature
from officials.models.signkey import SigningKey
from officials.models.template import PledgeTemplate

__all__ = [
    "Appointment",
    "Ceremony",
    "Official",
    "PaperSigning",
    "PledgeConsent",
    "PledgeSignature",
    "PledgeTemplate",
    "SigningKey",
]
