"""What the quick replies of a template carry when it is sent: Meta stores their labels, never their payloads.

Without one a tap comes back with the label alone (reference WA 1.3, read 2026-11-22). A way to stop must not hang on
how a label is spelt, so a button that reads as one must carry its payload.
"""

import re
from collections.abc import Mapping, Sequence
from enum import StrEnum

from wakeel.domain.buttons import ButtonKind, ButtonReply, parse_button_id
from wakeel.domain.keywords import KeywordAction, match, match_payload
from wakeel.domain.template_texts import Template
from wakeel.domain.text import fits

PAYLOAD_LIMIT = 256
"""As a client library documents it; Meta names no figure (reference WA 1.3, read 2026-11-22)."""

_PLACEHOLDER = re.compile(r"\{([a-z_]{1,40})\}")
_STOPS = {
    KeywordAction.WITHDRAW_ALL: "OPT_OUT_ALL",
    KeywordAction.WITHDRAW_MARKETING: "OPT_OUT_MARKETING",
    KeywordAction.SUPPRESS_AND_REVIEW: "OPT_OUT_MARKETING",
}
_MEETING_ANSWERS = frozenset({"confirm", "other"})
_STANDS_FOR = "0"


class PayloadRefused(StrEnum):
    """Why payloads cannot go out with a template."""

    COUNT = "count"  # not one for each quick reply
    STOP_WITHOUT = "stop_without"  # a label that asks to stop, without a payload that does
    UNKNOWN = "unknown"  # no button id of ours
    UNFILLED = "unfilled"  # an id in it is still to come
    TOO_LONG = "too_long"


def stop_payload(label: str) -> str:
    """The payload of a button whose label asks to stop; '' for any other label."""
    return _STOPS.get(match(label), "")


def usual_payloads(template: Template) -> tuple[str, ...]:
    """For a template that nobody gave payloads here: its stop buttons stop, the others come back with their labels."""
    return tuple(stop_payload(label) for label in quick_labels(template))


def quick_labels(template: Template) -> tuple[str, ...]:
    """Labels of the buttons whose tap comes back to us, in their order."""
    return tuple(template.buttons[place] for place in template.quick_replies)


def refuse_payloads(template: Template, payloads: Sequence[str], *, at_send: bool = True) -> PayloadRefused | None:
    """None if they can go out with it: one a quick reply, '' for one that comes back with its label.

    at_send: False while a version is written, where `{meeting_id}` and the like still stand for what will be known.
    """
    labels = quick_labels(template)
    if len(payloads) != len(labels):
        return PayloadRefused.COUNT
    pairs = zip(labels, payloads, strict=True)
    if any(stop_payload(label) and not match_payload(payload).withdraws for label, payload in pairs):
        return PayloadRefused.STOP_WITHOUT
    if at_send and any(_PLACEHOLDER.search(payload) for payload in payloads):
        return PayloadRefused.UNFILLED
    given = [payload for payload in payloads if payload]
    if not all(fits(payload, limit=PAYLOAD_LIMIT) for payload in given):
        return PayloadRefused.TOO_LONG
    return None if all(_read(payload).is_known for payload in given) else PayloadRefused.UNKNOWN


def filled_payloads(payloads: Sequence[str], known: Mapping[str, str]) -> tuple[str, ...]:
    """With what is known at the send in place of `{meeting_id}` and the like; what is not known stays."""
    return tuple(_PLACEHOLDER.sub(lambda found: known.get(found[1], found[0]), payload) for payload in payloads)


def are_for_contacts(payloads: Sequence[str]) -> bool:
    """Whether a contact may be given these buttons: ways to stop or agree, answers to a meeting, or none."""
    return all(_is_for_contact(_read(payload)) for payload in payloads if payload)


def _read(payload: str) -> ButtonReply:
    """Read as it will be once every id is known."""
    return parse_button_id(_PLACEHOLDER.sub(_STANDS_FOR, payload))


def _is_for_contact(button: ButtonReply) -> bool:
    if button.kind is ButtonKind.MEETING:
        return button.action in _MEETING_ANSWERS
    return button.kind is ButtonKind.CONSENT
