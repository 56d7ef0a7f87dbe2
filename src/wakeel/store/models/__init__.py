"""Rows. Every table but the raw inbox carries `business_id`, and unique keys lead with it (design section 5)."""

from wakeel.store.models.business import Business, SendingNumber, StopSwitch
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
from wakeel.store.models.draft import Draft, DraftVersion
from wakeel.store.models.heartbeat import Heartbeat
from wakeel.store.models.inbox import InboxRow, InboxState
from wakeel.store.models.message import InboundMessage, StatusEvent
from wakeel.store.models.operator import Enrolment, Operator, WrongCode
from wakeel.store.models.opportunity import Card, Opportunity, Showing
from wakeel.store.models.outbox import Attempt, OutboxMessage
from wakeel.store.models.platform import PlatformEventRow, Template
from wakeel.store.models.rights import PendingImport, RightsRequest

__all__ = [
    "Approval",
    "Attempt",
    "Business",
    "Card",
    "ConsentEventRow",
    "ConsentPayload",
    "ConsentStanding",
    "Contact",
    "ContactAlias",
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
    "Operator",
    "Opportunity",
    "OutboxMessage",
    "PendingImport",
    "PlatformEventRow",
    "PolicyRow",
    "RightsRequest",
    "SendingNumber",
    "Showing",
    "StatusEvent",
    "StopSwitch",
    "SubjectKey",
    "Suppression",
    "Template",
    "VerdictRow",
    "Wording",
    "WrongCode",
]
