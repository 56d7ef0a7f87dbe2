"""How each next step is done on these pages. A step without a way here is never drawn; a test holds the table whole."""

from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import quote

from django.urls import reverse

from wakeel.domain.steps import STEP_WORDS, Step
from wakeel.domain.words import Text


class How(StrEnum):
    LINK = "link"  # a page of ours
    SETTLE = "settle"  # one POST about one message
    CHAT = "chat"  # wa.me: brings the person to our number


@dataclass(frozen=True, slots=True)
class Way:
    """url_name: the page or the address of the POST; None for CHAT. about: whose id it takes, '' for none.

    verb: what a SETTLE posts.
    """

    how: How
    url_name: str | None = None
    about: str = ""
    verb: str = ""


WAYS: dict[Step, Way | None] = {
    Step.WAIT_UNTIL_THEY_WRITE: Way(How.CHAT),
    Step.ASK_TO_WRITE_FIRST: Way(How.CHAT),
    Step.USE_TEMPLATE: Way(How.LINK, "desk:reengage", "opportunity_id"),
    Step.RECORD_CONSENT: Way(How.LINK, "desk:consent", "contact_id"),
    Step.EDIT_TEXT: Way(How.LINK, "desk:item", "opportunity_id"),
    Step.APPROVE_AGAIN: Way(How.LINK, "desk:item", "opportunity_id"),
    Step.RETRY: Way(How.SETTLE, "desk:settle", "outbox_id", "retry"),
    Step.SEND_AGAIN: Way(How.SETTLE, "desk:settle", "outbox_id", "send_again"),
    Step.IT_ARRIVED: Way(How.SETTLE, "desk:settle", "outbox_id", "it_arrived"),
    Step.GIVE_UP: Way(How.SETTLE, "desk:settle", "outbox_id", "give_up"),
    Step.CHECK_SETTINGS: Way(How.LINK, "desk:health"),
    Step.CONFIRM_IDENTITY: Way(How.LINK, "desk:contact", "contact_id"),
    Step.REACHABLE_AGAIN: Way(How.LINK, "desk:contact", "contact_id"),
    Step.FIX_NUMBER: Way(How.LINK, "desk:number", "contact_id"),
    Step.RELEASE_STOP: Way(How.LINK, "desk:health"),
    Step.RESUME_NUMBER: Way(How.LINK, "desk:health"),
    Step.DECIDE_STOP: Way(How.LINK, "desk:contact", "contact_id"),
    Step.APPROVE_TEXTS: Way(How.LINK, "desk:texts"),
    Step.LOOK_AT_UNREAD: Way(How.LINK, "desk:webhooks"),
    Step.NONE_AUTOMATIC: None,
    Step.NONE_EVER: None,
}
"""None: a sentence; there is nothing to do."""

SETTLE_VERBS = frozenset(way.verb for way in WAYS.values() if way is not None and way.how is How.SETTLE)

GREETING = Text("السلام عليكم، أرغب في معرفة التفاصيل.", "Hello, I would like to know more.")
"""What the wa.me link prefills; the person may change it before sending."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What a step is about; '' where there is none, then steps that need it are not drawn."""

    contact_id: str = ""
    opportunity_id: str = ""
    outbox_id: str = ""


@dataclass(frozen=True, slots=True)
class DrawnStep:
    """One step as a template needs it. how: '' for a sentence. url: '' for a sentence."""

    words: Text
    how: str = ""
    url: str = ""
    verb: str = ""


def draw(steps: tuple[Step, ...], subject: Subject, *, our_phone: str) -> tuple[DrawnStep, ...]:
    """The steps that work for this subject. our_phone: digits; without them no chat link can be given."""
    drawn = (_draw(step, subject, our_phone) for step in steps)
    return tuple(step for step in drawn if step is not None)


def chat_link(our_phone: str) -> str:
    """Opens a chat with our number on the other person's phone."""
    return f"https://wa.me/{our_phone}?text={quote(GREETING.ar)}"


def _draw(step: Step, subject: Subject, our_phone: str) -> DrawnStep | None:
    words, way = STEP_WORDS[step], WAYS[step]
    if way is None:
        return DrawnStep(words)
    if way.url_name is None:
        return DrawnStep(words, way.how, chat_link(our_phone)) if our_phone else None
    if not way.about:
        return DrawnStep(words, way.how, reverse(way.url_name))
    key: str = getattr(subject, way.about)
    return DrawnStep(words, way.how, reverse(way.url_name, args=[key]), way.verb) if key else None
