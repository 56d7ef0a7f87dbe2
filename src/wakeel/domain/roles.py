"""Who may do what on the screens. A person has a set of roles; what one of them allows is allowed.

A tap on WhatsApp carries the operator's role only. Source: reference "operator UI", section 5; `docs/how-to/audit.md`.
"""

from collections.abc import Collection
from enum import StrEnum

from wakeel.domain.words import Text


class Role(StrEnum):
    OPERATOR = "operator"  # decides what waits, and writes
    SUPERVISOR = "supervisor"  # the same for the whole team; gives work to others
    AUDITOR = "auditor"  # reads everything, changes nothing
    ADMIN = "admin"  # people, settings, data rights, resuming; decides nothing without being an operator too


ROLE_WORDS: dict[Role, Text] = {
    Role.OPERATOR: Text("مشغّل", "Operator"),
    Role.SUPERVISOR: Text("مشرف", "Supervisor"),
    Role.AUDITOR: Text("مدقّق", "Auditor"),
    Role.ADMIN: Text("مدير", "Administrator"),
}


class Act(StrEnum):
    """What a page or a button does, as far as rights go."""

    SEE = "see"  # pages of the business
    SEE_ALL = "see_all"  # what belongs to others: queues, numbers, the audit log
    DECIDE = "decide"  # accept, skip, draft, edit, approve, cancel, put off, meetings, settling, importing
    REASSIGN = "reassign"  # give work to somebody else, try again in bulk
    SEE_PHONES = "see_phones"  # phone numbers in full; everybody else sees them masked
    REVEAL_PHONE = "reveal_phone"  # one masked number, with a reason that the audit log keeps
    RECORD_CONSENT = "record_consent"
    RECORD_REQUEST = "record_request"  # what a person asked about their data
    ANSWER_REQUEST = "answer_request"  # export and erase what is held about a person
    ENABLE_TEMPLATE = "enable_template"
    SYNC_TEMPLATES = "sync_templates"  # write, submit, pull
    PRESS_STOP = "press_stop"
    RELEASE_STOP = "release_stop"
    EXPORT_AUDIT = "export_audit"  # and check its chain
    ADMINISTER = "administer"  # people, rules, fixed texts, limits, settings of the business
    OWN = "own"  # one's own profile, sessions, phone


_EVERYBODY = frozenset(Role)
_DECIDING = frozenset({Role.OPERATOR, Role.SUPERVISOR})
_ADMIN = frozenset({Role.ADMIN})

ALLOWED: dict[Act, frozenset[Role]] = {
    Act.SEE: _EVERYBODY,
    Act.SEE_ALL: _EVERYBODY - {Role.OPERATOR},
    Act.DECIDE: _DECIDING,
    Act.REASSIGN: frozenset({Role.SUPERVISOR}),
    Act.SEE_PHONES: _DECIDING,
    Act.REVEAL_PHONE: frozenset({Role.AUDITOR, Role.ADMIN}),
    Act.RECORD_CONSENT: _DECIDING,
    Act.RECORD_REQUEST: _DECIDING | _ADMIN,
    Act.ANSWER_REQUEST: _ADMIN,
    Act.ENABLE_TEMPLATE: frozenset({Role.SUPERVISOR}),
    Act.SYNC_TEMPLATES: _ADMIN,
    Act.PRESS_STOP: _DECIDING | _ADMIN,
    Act.RELEASE_STOP: _ADMIN,
    Act.EXPORT_AUDIT: frozenset({Role.AUDITOR, Role.ADMIN}),
    Act.ADMINISTER: _ADMIN,
    Act.OWN: _EVERYBODY,
}


def may(roles: Collection[Role], act: Act) -> bool:
    """Whether a person with these roles may do this. Nobody without a role may do anything."""
    return not ALLOWED[act].isdisjoint(roles)


def who_may(act: Act) -> tuple[Role, ...]:
    """For the page that says whose task it is; in the order of the roles."""
    return tuple(role for role in Role if role in ALLOWED[act])
