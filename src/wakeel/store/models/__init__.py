"""Rows. Every table but the raw inbox carries `business_id`, and unique keys lead with it (design section 5)."""

from wakeel.store.models.business import Business, SendingNumber, StopSwitch
from wakeel.store.models.consent import ConsentEventRow
from wakeel.store.models.contact import Contact, ContactAlias
from wakeel.store.models.decision import Approval, Decision, VerdictRow
from wakeel.store.models.draft import Draft, DraftVersion
from wakeel.store.models.heartbeat import Heartbeat
from wakeel.store.models.inbox import InboxRow, InboxState
from wakeel.store.models.message import InboundMessage, StatusEvent
from wakeel.store.models.operator import Enrolment, Operator, WrongCode
from wakeel.store.models.opportunity import Card, Opportunity, Showing
from wakeel.store.models.outbox import Attempt, OutboxMessage

__all__ = [
    "Approval",
    "Attempt",
    "Business",
    "Card",
    "ConsentEventRow",
    "Contact",
    "ContactAlias",
    "Decision",
    "Draft",
    "DraftVersion",
    "Enrolment",
    "Heartbeat",
    "InboundMessage",
    "InboxRow",
    "InboxState",
    "Operator",
    "Opportunity",
    "OutboxMessage",
    "SendingNumber",
    "Showing",
    "StatusEvent",
    "StopSwitch",
    "VerdictRow",
    "WrongCode",
]
