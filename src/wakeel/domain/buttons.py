"""The grammar of button ids. They live in chats for ever: never rename one, never give an old one a new meaning."""

from dataclasses import dataclass
from enum import StrEnum

from wakeel.domain.ids import BUTTON_SAFE_ID


class ButtonKind(StrEnum):
    OPPORTUNITY = "opportunity"
    MESSAGE_DRAFT = "message_draft"
    SKIP_REASON = "skip_reason"
    SNOOZE = "snooze"
    THREAD = "thread"
    OUTCOME = "outcome"
    BATCH = "batch"
    MEETING = "meeting"
    BRIEF = "brief"
    CONSENT = "consent"
    NO_BUTTON_ID = "no_button_id"
    """The message carries no button id at all."""
    UNKNOWN_BUTTON_ID = "unknown_button_id"
    """An id that we never gave out, or that was cut or changed on its way."""


@dataclass(frozen=True, slots=True)
class ButtonReply:
    """What one button id means.

    action: the verb; None when kind says why there is none. subject_id: the opportunity, draft, meeting, contact or
    batch it is about; None for brief and consent. raw_id: the id as it came, None only for NO_BUTTON_ID.
    """

    kind: ButtonKind
    action: str | None = None
    subject_id: str | None = None
    raw_id: str | None = None

    @property
    def is_known(self) -> bool:
        return self.action is not None


_ACTIONS: dict[str, tuple[ButtonKind, frozenset[str]]] = {
    "opp": (ButtonKind.OPPORTUNITY, frozenset({"accept", "skip", "draft", "schedule", "needs_research", "snooze"})),
    "msg": (ButtonKind.MESSAGE_DRAFT, frozenset({"approve", "edit", "cancel"})),
    "skp": (ButtonKind.SKIP_REASON, frozenset({"1", "2", "3", "4", "5"})),
    "snz": (ButtonKind.SNOOZE, frozenset({"hour", "evening", "tomorrow", "reply"})),
    "thr": (ButtonKind.THREAD, frozenset({"draft", "snooze", "done"})),
    "out": (ButtonKind.OUTCOME, frozenset({"won", "lost", "later"})),
    "all": (ButtonKind.BATCH, frozenset({"approve", "cancel"})),
    "mtg": (ButtonKind.MEETING, frozenset({"approve", "edit", "cancel", "confirm", "other"})),
}
_BRIEF_ACTIONS = frozenset({"show_opportunities", "show_pending", "dismiss"})
_CONSENT_IDS = {
    "OPT_OUT_ALL": "opt_out_all",
    "OPT_OUT_MARKETING": "opt_out_marketing",
    "OPT_IN_START": "opt_in_start",
    "OPT_IN_CONFIRM": "opt_in_confirm",
    "OPT_IN_DECLINE": "opt_in_decline",
}
_PREFIXES = {kind: prefix for prefix, (kind, _) in _ACTIONS.items()}


def button_id(kind: ButtonKind, action: str, *, subject_id: str | None = None) -> str:
    """The id to put on a button; `parse_button_id` reads it back.

    Raises ValueError for an action the kind does not have, and for a subject id that could not stand in a button id.
    """
    made = _written(kind, action, subject_id)
    if parse_button_id(made) != ButtonReply(kind, action, subject_id, made):
        raise ValueError(f"no button id for kind={kind!s} action={action!r} subject_id={subject_id!r}")
    return made


def parse_button_id(raw: str | None) -> ButtonReply:
    """Read one button id; never raises. What we never gave out is UNKNOWN_BUTTON_ID with the raw id kept."""
    if not raw:
        return ButtonReply(ButtonKind.NO_BUTTON_ID)
    if raw in _CONSENT_IDS:
        return ButtonReply(ButtonKind.CONSENT, _CONSENT_IDS[raw], raw_id=raw)
    prefix, _, rest = raw.partition(":")
    if prefix == "brief" and rest in _BRIEF_ACTIONS:
        return ButtonReply(ButtonKind.BRIEF, rest, raw_id=raw)
    subject, _, action = rest.partition(":")
    if prefix in _ACTIONS and BUTTON_SAFE_ID.fullmatch(subject):
        kind, actions = _ACTIONS[prefix]
        if action in actions:
            return ButtonReply(kind, action, subject, raw)
    return ButtonReply(ButtonKind.UNKNOWN_BUTTON_ID, raw_id=raw)


def _written(kind: ButtonKind, action: str, subject_id: str | None) -> str:
    if kind is ButtonKind.CONSENT:
        return action.upper()
    if kind is ButtonKind.BRIEF:
        return f"brief:{action}"
    return f"{_PREFIXES.get(kind, '?')}:{subject_id}:{action}"
