"""The stop switches: everybody presses one at once, for a business, a number or everything. Design section 7.

Answers to operators still go, but for those of a number that is stopped itself. Releasing is `release_stop`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from wakeel.domain.audit import Action, Place
from wakeel.domain.outbox import OutboxState
from wakeel.domain.reasons import ReasonCode
from wakeel.domain.stop_switches import Stop
from wakeel.domain.text import one_line
from wakeel.domain.words import Text
from wakeel.flows import audit
from wakeel.store import businesses, stops
from wakeel.store import outbox as outbox_verbs
from wakeel.store.models import OutboxMessage
from wakeel.store.retry import whole_transaction

NAMED = 5
"""How many titles an answer on the phone holds; the health page shows all."""
_NOTHING_LEAVING = Text("لم يكن شيء في طريقه لحظتها.", "Nothing was on its way at that moment.")
_LEAVING = Text("رسائل كانت في طريقها لحظتها: {n}{titles}.", "On its way at that moment: {n}{titles}.")
_AND_THEN = Text(
    " ما لم يخرج منها بعدُ يُوقف، وتظهر نتيجة كل منها في صفحة الصحة.",
    " What has not left yet is stopped; the health page tells how each ended.",
)


@dataclass(frozen=True, slots=True)
class Pressed:
    """leaving: ids of the messages to contacts that were on the wire at this press; each is recalled if it still can
    be."""

    leaving: tuple[str, ...]


def press(
    business_id: str, pressed_by: str, *, now: datetime, reason: str = "", place: Place = Place.MACHINE
) -> Pressed:
    """Stop every message to contacts of this business. Pressing twice is one stop.

    reason: WhatsApp's word when it made us stop.
    """
    return press_stop(Stop.of_business(business_id), pressed_by, now=now, reason=reason, place=place)


@whole_transaction
def press_stop(
    stop: Stop, pressed_by: str, *, now: datetime, reason: str = "", place: Place = Place.MACHINE
) -> Pressed:
    """Stop what this switch covers, from the moment this commits; says what was on the wire then. place: where from."""
    with transaction.atomic():
        rows = stops.covered(stop)
        stops.switch_on(stop, by=str(pressed_by), reason=reason, at=now)
        rows.filter(state=OutboxState.PENDING).update(
            state=OutboxState.HELD, hold_code=ReasonCode.KILL_SWITCH, updated_at=now
        )
        # Last: the update before waits for a claim that goes on, and what that took is leaving then.
        leaving = tuple(rows.filter(state=OutboxState.SENDING).order_by("id").values_list("pk", flat=True))
        outbox_verbs.recall(rows, now=now)
        stops.note_leaving(stop, leaving)
        for business_id in businesses.touched_by(stop):
            audit.note(
                business_id, by=str(pressed_by), action=Action.STOP_PRESSED, subject=switch_name(stop), place=place,
                after={"reason": reason, "leaving": len(leaving)}, now=now,
            )  # fmt: skip
        return Pressed(leaving)


def switch_name(stop: Stop) -> str:
    """How a switch stands in the audit log."""
    return f"{stop.scope.value}:{stop.target}"


def leaving_words(ids: Sequence[str]) -> Text:
    """What was on its way when a switch was pressed, by the titles of what it was about."""
    rows = OutboxMessage.objects.filter(pk__in=list(ids)[:NAMED], draft__isnull=False).order_by("id")
    titles = [one_line(title) for title in rows.values_list("draft__opportunity__title", flat=True)]
    if len(ids) > NAMED:
        titles.append("…")
    return _leaving(len(ids), f" ({'، '.join(titles)})" if titles else "")


def leaving_count(ids: Sequence[str]) -> Text:
    """The same for somebody who may not read what it was about."""
    return _leaving(len(ids), "")


def _leaving(count: int, titles: str) -> Text:
    if not count:
        return _NOTHING_LEAVING
    # Titles are outside words: their braces are not values of ours.
    named = titles.replace("{", "{{").replace("}", "}}")
    said = (_LEAVING.say(language, n=count, titles=named) + _AND_THEN.say(language) for language in ("ar", "en"))
    return Text(*said)
