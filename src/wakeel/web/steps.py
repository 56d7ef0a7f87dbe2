"""How each next step is done on these pages. A step without a way here is never drawn; a test holds the table whole."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import quote

from django.urls import reverse

from wakeel.domain.roles import ROLE_WORDS, Act, who_may
from wakeel.domain.steps import STEP_MEANS, STEP_WORDS, Step
from wakeel.domain.words import Text
from wakeel.web.permissions import RULES


class How(StrEnum):
    LINK = "link"  # a page of ours
    SETTLE = "settle"  # one POST about one message
    CHAT = "chat"  # wa.me: brings the person to our number
    COPY = "copy"  # the details of an error, into the clipboard


@dataclass(frozen=True, slots=True)
class Way:
    """url_name: the page or the address of the POST; None for CHAT and COPY. about: whose id it takes, '' for none.

    verb: what a SETTLE posts. place: of the page, '' for its beginning. act: what it needs where the page itself needs
    less, because the step ends somewhere else.
    """

    how: How
    url_name: str | None = None
    about: str = ""
    verb: str = ""
    place: str = ""
    act: Act | None = None

    @property
    def needs(self) -> Act:
        """Who may take this way, by what its address asks for."""
        rule = RULES[self.url_name] if self.url_name else None
        needed = rule.needs("POST" if self.how is How.SETTLE else "GET", {}) if rule else None
        return self.act or needed or Act.DECIDE


WAYS: dict[Step, Way | None] = {
    Step.WAIT_UNTIL_THEY_WRITE: Way(How.CHAT),
    Step.ASK_TO_WRITE_FIRST: Way(How.CHAT),
    Step.USE_TEMPLATE: Way(How.LINK, "desk:reengage", "opportunity_id"),
    Step.FILL_VALUES: Way(How.LINK, "desk:reengage", "opportunity_id"),
    Step.CHANGE_VALUES: Way(How.LINK, "desk:reengage", "opportunity_id"),
    Step.OTHER_TEMPLATE: Way(How.LINK, "desk:reengage", "opportunity_id"),
    Step.RECORD_CONSENT: Way(How.LINK, "desk:consent", "contact_id"),
    Step.EDIT_TEXT: Way(How.LINK, "desk:item", "opportunity_id", act=Act.DECIDE),
    Step.APPROVE_AGAIN: Way(How.LINK, "desk:item", "opportunity_id", act=Act.DECIDE),
    Step.CHANGE_TIME: Way(How.LINK, "desk:item", "opportunity_id", act=Act.DECIDE),
    Step.STOP_RETRY: Way(How.SETTLE, "desk:settle", "outbox_id", "stop_retry"),
    Step.COPY_DETAILS: Way(How.COPY, act=Act.SEE),
    Step.RETRY: Way(How.SETTLE, "desk:settle", "outbox_id", "retry"),
    Step.SEND_AGAIN: Way(How.SETTLE, "desk:settle", "outbox_id", "send_again"),
    Step.IT_ARRIVED: Way(How.SETTLE, "desk:settle", "outbox_id", "it_arrived"),
    Step.GIVE_UP: Way(How.SETTLE, "desk:settle", "outbox_id", "give_up"),
    Step.CHECK_SETTINGS: Way(How.LINK, "desk:health"),
    Step.RENEW_ACCESS: Way(How.LINK, "desk:health", place="number", act=Act.RELEASE_STOP),
    Step.REVIEW_QUALITY: Way(How.LINK, "desk:health", place="account"),
    Step.ADD_NUMBER: Way(How.LINK, "desk:health", place="account", act=Act.ADMINISTER),
    Step.CONFIRM_IDENTITY: Way(How.LINK, "desk:contact", "contact_id", act=Act.DECIDE),
    Step.REACHABLE_AGAIN: Way(How.LINK, "desk:contact", "contact_id", act=Act.DECIDE),
    Step.FIX_NUMBER: Way(How.LINK, "desk:number", "contact_id"),
    Step.RELEASE_STOP: Way(How.LINK, "desk:health", place="stop", act=Act.RELEASE_STOP),
    Step.RESUME_NUMBER: Way(How.LINK, "desk:health", place="number", act=Act.RELEASE_STOP),
    Step.DECIDE_STOP: Way(How.LINK, "desk:contact", "contact_id", act=Act.DECIDE),
    Step.APPROVE_TEXTS: Way(How.LINK, "desk:texts"),
    Step.LOOK_AT_UNREAD: Way(How.LINK, "desk:webhooks", act=Act.DECIDE),
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
    """One step as a template needs it. how: '' for a sentence. url: '' for a sentence. means: what a choice brings,
    None where that is plain."""

    words: Text
    how: str = ""
    url: str = ""
    verb: str = ""
    means: Text | None = None


def draw(
    steps: tuple[Step, ...], subject: Subject, *, our_phone: str, may: Callable[[Act], bool]
) -> tuple[DrawnStep, ...]:
    """The steps that work for this subject and this person; of the likeliest, if it is somebody else's, whose.

    our_phone: digits; without them no chat link can be given.
    """
    drawn = (_draw(step, subject, our_phone, may, is_first=place == 0) for place, step in enumerate(steps))
    return tuple(step for step in drawn if step is not None)


def chat_link(our_phone: str) -> str:
    """Opens a chat with our number on the other person's phone."""
    return f"https://wa.me/{our_phone}?text={quote(GREETING.ar)}"


def _draw(
    step: Step, subject: Subject, our_phone: str, may: Callable[[Act], bool], *, is_first: bool
) -> DrawnStep | None:
    words, way = STEP_WORDS[step], WAYS[step]
    if way is None:
        return DrawnStep(words)
    if not may(way.needs):
        return DrawnStep(_theirs(words, way.needs)) if is_first else None
    if way.how is How.COPY:
        url = f"{reverse('desk:failures')}#{subject.outbox_id}"
        return DrawnStep(words, way.how, url) if subject.outbox_id else None
    if way.url_name is None:
        return DrawnStep(words, way.how, chat_link(our_phone)) if our_phone else None
    place = f"#{way.place}" if way.place else ""
    if not way.about:
        return DrawnStep(words, way.how, reverse(way.url_name) + place)
    key: str = getattr(subject, way.about)
    if not key:
        return None
    return DrawnStep(words, way.how, reverse(way.url_name, args=[key]), way.verb, STEP_MEANS.get(step))


def _theirs(words: Text, act: Act) -> Text:
    roles = Text.joined(ROLE_WORDS[role] for role in who_may(act))
    return Text(f"{words.ar} (من صلاحية: {roles.ar})", f"{words.en} (belongs to: {roles.en})")
