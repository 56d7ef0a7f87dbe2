"""Rows. Every table carries `business_id`, and unique keys lead with it (design section 5); not so the raw inbox and
the tally of tries to sign in.
"""

from wakeel.store.models.access import RoleGrant
from wakeel.store.models.audit import AuditEntry
from wakeel.store.models.breaker import Breaker
from wakeel.store.models.business import Business, SenderSeat, SendingNumber, StopEvent, StopSwitch
from wakeel.store.models.consent import (
    ConsentEventRow,
    ConsentPayload,
    ConsentStanding,
    EvidenceFile,
    KeyCheck,
    LedgerHead,
    SubjectKey,
    Wording,
)
from wakeel.store.models.contact import Contact, ContactAlias, Suppression
from wakeel.store.models.decision import Approval, Decision, FixedTextApproval, PolicyRow, VerdictRow
from wakeel.store.models.draft import Draft, DraftVersion, Vote
from wakeel.store.models.heartbeat import DatabaseRun, Heartbeat
from wakeel.store.models.imports import ImportColumns, ImportedRow, ImportRun, RefusedRow
from wakeel.store.models.inbox import InboxRow, InboxState
from wakeel.store.models.invitation import Invitation
from wakeel.store.models.live import LiveEvent
from wakeel.store.models.meeting import Meeting
from wakeel.store.models.message import InboundMessage, MediaFile, StatusEvent
from wakeel.store.models.numbers import DayNumbers
from wakeel.store.models.operator import Enrolment, Operator, WrongCode
from wakeel.store.models.opportunity import Card, Opportunity, Showing
from wakeel.store.models.outbox import Attempt, Mention, OutboxMessage, ReachedPerson
from wakeel.store.models.platform import PlatformEventRow, Template, TemplateText
from wakeel.store.models.prices import PriceCount, PriceMark
from wakeel.store.models.profile import Profile
from wakeel.store.models.prompt import Batch, Brief, Prompt
from wakeel.store.models.rights import PendingImport, RightsRequest
from wakeel.store.models.search import SearchDue, SearchWord
from wakeel.store.models.suggestion import Suggestion
from wakeel.store.models.tally import Tally
from wakeel.store.models.team import TeamEvent
from wakeel.store.models.template_use import TemplateOut

__all__ = [
    "Approval",
    "Attempt",
    "AuditEntry",
    "Batch",
    "Breaker",
    "Brief",
    "Business",
    "Card",
    "ConsentEventRow",
    "ConsentPayload",
    "ConsentStanding",
    "Contact",
    "ContactAlias",
    "DatabaseRun",
    "DayNumbers",
    "Decision",
    "Draft",
    "DraftVersion",
    "Enrolment",
    "EvidenceFile",
    "FixedTextApproval",
    "Heartbeat",
    "ImportColumns",
    "ImportRun",
    "ImportedRow",
    "InboundMessage",
    "InboxRow",
    "InboxState",
    "Invitation",
    "KeyCheck",
    "LedgerHead",
    "LiveEvent",
    "MediaFile",
    "Meeting",
    "Mention",
    "Operator",
    "Opportunity",
    "OutboxMessage",
    "PendingImport",
    "PlatformEventRow",
    "PolicyRow",
    "PriceCount",
    "PriceMark",
    "Profile",
    "Prompt",
    "ReachedPerson",
    "RefusedRow",
    "RightsRequest",
    "RoleGrant",
    "SearchDue",
    "SearchWord",
    "SenderSeat",
    "SendingNumber",
    "Showing",
    "StatusEvent",
    "StopEvent",
    "StopSwitch",
    "SubjectKey",
    "Suggestion",
    "Suppression",
    "Tally",
    "TeamEvent",
    "Template",
    "TemplateOut",
    "TemplateText",
    "VerdictRow",
    "Vote",
    "Wording",
    "WrongCode",
]
