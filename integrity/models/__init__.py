"""The core's nouns; every other module imports them from here."""

from integrity.models.access import CLOCK, PEER, PUBLIC, MomentSeat, Seat, User, as_rule
from integrity.models.area import Area
from integrity.models.batch import ImportBatch, ImportRow
from integrity.models.calendar import CalendarDay, Setting, deadline, setting, work_calendar
from integrity.models.check import Check, CheckedSubject, make_check
from integrity.models.check.report import Report
from integrity.models.check.watch import Watch
from integrity.models.commitment import Commitment
from integrity.models.erasure import Erasure
from integrity.models.export import Export
from integrity.models.kind import Kind
from integrity.models.ledger import Checkpoint, Event, LedgerHead, LedgerNode, Payload
from integrity.models.letter import Letter
from integrity.models.matter import Campaign, Matter
from integrity.models.measure import Measure
from integrity.models.message import Message, remind, remind_all, remind_holders
from integrity.models.papers import Attachment, Draft
from integrity.models.parcels import Batch, Finding, Fork, Side
from integrity.models.peers import Mirror, MirrorNode, Peer, PeerSeat, Tombstone, Uplink
from integrity.models.pledge import Pledge
from integrity.models.publiclog import Cosignature, PublicLog
from integrity.models.record import Party, Record, Version
from integrity.models.redress import HandlingComplaint, Leniency, Objection, RepairApplication, SelfReport
from integrity.models.subject import Subject, find_organisation, find_person
from integrity.models.token import ApiToken

__all__ = [
    "make_check",
    "Watch",
    "Report",
    "CheckedSubject",
    "Check",
    "SelfReport",
    "RepairApplication",
    "Objection",
    "Leniency",
    "HandlingComplaint",
    "CLOCK",
    "PEER",
    "PUBLIC",
    "ApiToken",
    "Area",
    "Attachment",
    "Batch",
    "CalendarDay",
    "Campaign",
    "Checkpoint",
    "Commitment",
    "Cosignature",
    "Draft",
    "Erasure",
    "Event",
    "Export",
    "Finding",
    "Fork",
    "ImportBatch",
    "ImportRow",
    "Kind",
    "LedgerHead",
    "LedgerNode",
    "Letter",
    "Matter",
    "Measure",
    "Message",
    "Mirror",
    "MirrorNode",
    "MomentSeat",
    "Party",
    "Payload",
    "Peer",
    "PeerSeat",
    "Pledge",
    "PublicLog",
    "Record",
    "Seat",
    "Setting",
    "Side",
    "Subject",
    "Tombstone",
    "Uplink",
    "User",
    "Version",
    "as_rule",
    "deadline",
    "find_organisation",
    "find_person",
    "remind",
    "remind_all",
    "remind_holders",
    "setting",
    "work_calendar",
]
