"""What the audit log holds: one line for each act of a person, chained like the consent ledger.

No message text and no phone number stands in it: subjects are ids of ours, and `before` and `after` hold states,
versions, codes, roles and settings. Decisions keep the words of their buttons as actions (`store/decisions.py`).
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Place(StrEnum):
    """Where somebody acted from."""

    SCREEN = "screen"
    PHONE = "phone"  # a tap or typed words on WhatsApp
    COMMAND = "command"  # the command line of the server
    MACHINE = "machine"  # nobody: the product by itself


class Action(StrEnum):
    """Acts that are no decision about an opportunity or a draft. The subject stands behind each."""

    STOP_PRESSED = "stop_pressed"  # scope:target of the switch
    STOP_RELEASED = "stop_released"  # the same
    NUMBER_RESUMED = "number_resumed"  # phone_number_id
    LIMITS_CHANGED = "limits_changed"  # phone_number_id
    RULES_CHANGED = "rules_changed"  # the business
    TEXT_APPROVED = "text_approved"  # the intent of a fixed text
    TEMPLATE_WRITTEN = "template_written"  # name/language
    TEMPLATE_SUBMITTED = "template_submitted"  # name/language
    TEMPLATE_ENABLED = "template_enabled"  # name/language
    TEMPLATE_DISABLED = "template_disabled"  # name/language
    TEMPLATES_PULLED = "templates_pulled"  # the business
    CONSENT_RECORDED = "consent_recorded"  # contact; the ledger's own entry says the rest
    REQUEST_OPENED = "request_opened"  # a person's request about their data
    REQUEST_STEP = "request_step"  # the same
    PERSON_EXPORTED = "person_exported"  # contact
    PERSON_ERASED = "person_erased"  # contact
    PERSON_READMITTED = "person_readmitted"  # contact
    PHONE_REVEALED = "phone_revealed"  # contact; after: the reason
    NAME_CORRECTED = "name_corrected"  # contact; without the names
    PERSON_ACT = "person_act"  # contact; after: which (stop, lift, pause …)
    IMPORT_TAKEN = "import_taken"  # import run
    IMPORT_UNDONE = "import_undone"  # import run
    AUDIT_EXPORTED = "audit_exported"  # the business; after: filter and rows
    AUDIT_CHECKED = "audit_checked"  # the business; after: rows and faults
    WEBHOOK_SETTLED = "webhook_settled"  # inbox row; after: what became of it
    PHONE_LINKED = "phone_linked"  # operator
    OPERATOR_LEFT = "operator_left"  # operator
    OPERATOR_MAY_RETURN = "operator_may_return"  # operator
    ROLES_CHANGED = "roles_changed"  # user:ID; before, after: the roles
    INVITED = "invited"  # invitation
    INVITATION_TAKEN = "invitation_taken"  # invitation
    INVITATION_REVOKED = "invitation_revoked"  # invitation
    LOGIN_CLOSED = "login_closed"  # user:ID
    LOGIN_OPENED = "login_opened"  # user:ID
    SIGNED_IN = "signed_in"  # user:ID; after: the ways that were used
    SIGN_IN_REFUSED = "sign_in_refused"  # user:ID; never a name that is no login
    SIGNED_OUT = "signed_out"  # user:ID
    SESSION_REVOKED = "session_revoked"  # user:ID
    PASSWORD_CHANGED = "password_changed"  # user:ID  # noqa: S105 - a word of the log
    FACTOR_ADDED = "factor_added"  # user:ID; after: totp, passkey or codes
    FACTOR_REMOVED = "factor_removed"  # user:ID; the same
    PROFILE_CHANGED = "profile_changed"  # user:ID
    BRIEF_CHANGED = "brief_changed"  # operator


class Deed(StrEnum):
    """What was said about a person, or done about their request: `what` of PERSON_ACT and of REQUEST_STEP."""

    SUPPRESSED = "suppressed"
    SUPPRESSION_LIFTED = "suppression_lifted"
    IDENTITY_CONFIRMED = "identity_confirmed"
    REACHABLE = "reachable"
    NUMBER_CORRECTED = "number_corrected"
    MERGED = "merged"
    UNMERGED = "unmerged"
    PAUSED = "paused"
    TIME_ZONE = "time_zone"
    NEW_OWNER = "new_owner"
    IDENTITY_CHECKED = "identity_checked"
    EXTENDED = "extended"
    HELD = "held"
    HOLD_RELEASED = "hold_released"
    RESTRICTED = "restricted"
    DONE = "done"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Act:
    """One act, before it is written. by: `user:ID` of a login, the id of an operator, '' for nobody.

    subject: an id of ours. before, after: what differs, by name, in what JSON can write; {} where nothing can.
    """

    by: str
    action: str
    subject: str
    place: Place
    at: datetime
    before: Mapping[str, object] = field(default_factory=dict)
    after: Mapping[str, object] = field(default_factory=dict)


def written(values: Mapping[str, object]) -> str:
    """Canonical JSON of one side, as it is stored and chained; '' for {}."""
    return _ENCODER.encode(dict(values)) if values else ""


_ENCODER = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)


_ID = re.compile(r"[0-9]+|[a-z]+_[0-9a-z]{20}", re.ASCII)


def looks_like_an_id(name: str) -> bool:
    """Whether the log would take this for an id, of a login or of an operator: nobody may be called so."""
    return _ID.fullmatch(name) is not None


def login(user_id: int | str) -> str:
    """How a login stands in the log, as who acts and as subject."""
    return f"user:{user_id}"
