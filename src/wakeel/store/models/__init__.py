"""Rows. Every table but the raw inbox carries `business_id`, and unique keys lead with it (design section 5)."""

from wakeel.store.models.access import RoleGrant
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
from wakeel.store.models.inbox import InboxRow, InboxState
from wakeel.store.models.meeting import Meeting
from wakeel.store.models.message import InboundMessage, MediaFile, StatusEvent
from wakeel.store.models.operator import Enrolment, Operator, WrongCode
from wakeel.store.models.opportunity import Card, Opportunity, Showing
from wakeel.store.models.outbox import Attempt, Mention, OutboxMessage, ReachedPerson
from wakeel.store.models.platform import PlatformEventRow, Template, TemplateText
from wakeel.store.models.prices import PriceCount, PriceMark
from wakeel.store.models.prompt import Batch, Brief, Prompt
from wakeel.store.models.rights import PendingImport, RightsRequest
from wakeel.store.models.suggestion import Suggestion
from wakeel.store.models.team import TeamEvent

__all__ = [
    "Approval",
    "Attempt",
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
    "Decision",
    "Draft",
    "DraftVersion",
    "Enrolment",
    "EvidenceFile",
    "FixedTextApproval",
    "Heartbeat",
    "InboundMessage",
    "InboxRow",
    "InboxState",
    "KeyCheck",
    "LedgerHead",
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
    "Prompt",
    "ReachedPerson",
    "RightsRequest",
    "RoleGrant",
    "SenderSeat",
    "SendingNumber",
    "Showing",
    "StatusEvent",
    "StopEvent",
    "StopSwitch",
    "SubjectKey",
    "Suggestion",
    "Suppression",
    "TeamEvent",
    "Template",
    "TemplateText",
    "VerdictRow",
    "Vote",
    "Wording",
    "WrongCode",
]
