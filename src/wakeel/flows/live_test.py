"""The real-device test: the 3 + 3 buttons to an operator's own phone, and which of them came back.

The cards are made by the builders of the real ones. Their buttons name a test instead of an opportunity or a draft, so
that a tap, today or in a year, is answered and decides nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import transaction

from wakeel.domain.answers import AnswerCode
from wakeel.domain.buttons import ButtonReply
from wakeel.domain.gate import is_window_open
from wakeel.domain.outbox import Lane
from wakeel.domain.text import mask_phone
from wakeel.domain.words import Text
from wakeel.flows.reply import Reply
from wakeel.flows.tell_operator import message_to
from wakeel.store import decisions, live_tests, operators, outbox
from wakeel.store.ids import new_id
from wakeel.store.live_tests import CardSeen
from wakeel.store.models import Operator
from wakeel.whatsapp.cards import approval_card, opportunity_card

BUTTONS: Final = 6
"""Three on each of the two cards."""
_PREFIX: Final = "tst"
_TITLE = Text("فحص الأزرار: اضغط الأزرار الثلاثة كلها", "Button test: tap all three buttons")
_TEXT = Text(
    "هذا فحص من وكيل ولا يُرسل إلى أحد. اضغط الأزرار الثلاثة تحت هذه الرسالة.",
    "A test by Wakeel, sent to nobody. Tap the three buttons below this message.",
)


@dataclass(frozen=True, slots=True)
class Seen:
    """How far a test has come. tapped: titles of the buttons that came back, in their order."""

    cards: tuple[CardSeen, ...]
    tapped: tuple[str, ...]

    @property
    def is_whole(self) -> bool:
        """Every button came back."""
        return len(self.tapped) == BUTTONS


@dataclass(frozen=True, slots=True)
class Phone:
    """An enrolled operator's phone. masked: '' if it is hidden."""

    operator_id: str
    username: str
    name: str
    masked: str


def phones(business_id: str, username: str = "") -> list[Phone]:
    """Which may be meant: all that are enrolled, or the one of this log-in."""
    found = [
        Phone(row.id, row.user.get_username(), row.name, mask_phone(row.wa_id) if row.wa_id else "")
        for row in operators.active(business_id)
    ]
    return [one for one in found if one.username == username] if username else found


def has_open_window(operator_id: str, *, now: datetime) -> bool:
    """Whether cards can reach this operator now."""
    operator = operators.by_id(operator_id)
    return operator is not None and is_window_open(operator.last_inbound_at, now=now)


def begin(operator_id: str, *, now: datetime) -> str:
    """Queue both cards; the id of the test."""
    test_id = new_id(_PREFIX)
    with transaction.atomic():
        operator = decisions.lock_operator(operator_id)
        parts: list[dict[str, Any]] = [
            opportunity_card({"id": test_id, "title": _TITLE.say(operator.language)}),
            approval_card({"id": test_id, "text": _TEXT.say(operator.language), "contact_name": operator.name}),
        ]
        messages = [
            message_to(operator, part, lane=Lane.ANSWER, key=live_tests.key(test_id, place), now=now)
            for place, part in enumerate(parts)
        ]
        outbox.enqueue_all([message for message in messages if message is not None])
    return test_id


def look(business_id: str, test_id: str) -> Seen:
    """What became of the cards, and which buttons came back."""
    cards = live_tests.cards(business_id, test_id)
    titles = _titles(card.body for card in cards)
    came = live_tests.tapped(business_id, test_id)
    return Seen(tuple(cards), tuple(titles[button_id] for button_id in came if button_id in titles))


def end(business_id: str, test_id: str, *, now: datetime) -> None:
    """What has not left is taken back: nobody waits for it any more."""
    live_tests.take_back(business_id, test_id, now=now)


def is_of_test(button: ButtonReply) -> bool:
    """Whether this button stands on a card of such a test."""
    return (button.subject_id or "").startswith(f"{_PREFIX}_")


def answer(operator: Operator, button: ButtonReply) -> Reply:
    """What is said to such a tap; an old test's is answered the same."""
    subject, raw = button.subject_id or "", button.raw_id or ""
    came = {*live_tests.tapped(operator.business_id, subject), raw}
    return Reply(AnswerCode.TEST_TAP, {"n": len(came), "all": BUTTONS})


def _titles(bodies: Iterable[dict[str, Any]]) -> dict[str, str]:
    return {
        button["reply"]["id"]: button["reply"]["title"]
        for body in bodies
        for button in body["interactive"]["action"]["buttons"]
    }
