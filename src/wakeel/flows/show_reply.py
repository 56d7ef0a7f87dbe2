"""A contact wrote: the words reach an operator as a card with what came before, and رسالة · لاحقاً · تم. Design 4.

Somebody who writes line by line, or without end, fills nobody's phone: what has not left yet becomes one card with the
next words, and after a few cards without an answer the next one waits.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from wakeel.domain.buttons import ButtonKind
from wakeel.domain.card_buttons import buttons_about
from wakeel.domain.cards import BODY_LIMIT, Button, ButtonCard
from wakeel.domain.gate import window_closes_at
from wakeel.domain.outbox import Lane, OutboxState
from wakeel.domain.prompts import PromptKind
from wakeel.domain.text import FSI, PDI, one_line, plain, shorten
from wakeel.domain.words import Text
from wakeel.flows.reply import local_time
from wakeel.flows.tell_operator import message_to
from wakeel.store import conversation, messages, prompts
from wakeel.store import outbox as outbox_verbs
from wakeel.store.models import Contact, Operator, OutboxMessage, Prompt
from wakeel.whatsapp.cards import button_card_part

REPLY_SHOWN = 700
"""Characters of a contact's words that are brought to the operator's phone; the screen has them all."""
UNANSWERED = 3
"""So many cards about one person wait for an operator's answer at once; further words come together, later."""
NEXT_AFTER = timedelta(minutes=10)

_TITLES = {
    "draft": Text("رسالة", "Message"),
    "snooze": Text("لاحقاً", "Later"),
    "done": Text("تم", "Done"),
}
_HEADER = Text("كتبت لك جهة اتصال", "A contact wrote")
_FROM = Text("من", "From")
_BEFORE = Text("آخر ما أُرسل إليه", "Sent to them last")
_SAID = Text("كتب", "They wrote")
_SEVERAL = Text("ما كتبه ({n})", "They wrote ({n})")
_WINDOW = Text("نافذة الرد مفتوحة حتى {t}", "The reply window is open until {t}")
_CLOSED = Text("نافذة الرد مغلقة", "The reply window is closed")


@dataclass(frozen=True, slots=True)
class Heard:
    """One message for one operator. said: its words, or its kind where it has none. sent_at: when it was written.

    count: of how many messages the words are, since: when the first of them was kept, None for now. due_at: before that
    the card does not leave; None for at once.
    """

    operator: Operator
    contact: Contact
    said: Text
    wamid: str
    sent_at: datetime
    count: int = 1
    since: datetime | None = None
    due_at: datetime | None = None


def show_replies(heard: Sequence[Heard], *, now: datetime) -> None:
    """Queue a card for each, once for each message and operator, inside the caller's transaction."""
    if not heard:
        return
    gathered = _gathered(heard, now=now)
    before = conversation.last_sent({one.contact.id for one in gathered})
    asked = [(one, _message(one, before.get(one.contact.id, ""), now=now)) for one in gathered]
    queued = {row.id for row in outbox_verbs.enqueue_all([message for _, message in asked if message is not None])}
    prompts.keep_all([
        prompts.made(one.operator, PromptKind.REPLY, subject=one.contact.id, outbox=message, now=one.since or now)
        for one, message in asked
        if message is not None and message.id in queued
    ])  # fmt: skip


def card_part(one: Heard, before: str, *, now: datetime) -> dict[str, object]:
    """`type` + `interactive` of the card. before: what they were sent last, '' if nothing. Fits whatever was said."""
    language = one.operator.language
    words = one.said.en if language == "en" else one.said.ar
    body = [_line(_FROM, one.contact.name or "—", language)]
    if before:
        body.append(_line(_BEFORE, before, language))
    said = (_SAID if one.count == 1 else _SEVERAL).say(language, n=one.count)
    lines = _isolated_lines(shorten(plain(words, keep_newlines=True).strip(), limit=REPLY_SHOWN))
    body.append(f"{said}: {lines}" if "\n" not in lines else f"{said}:\n{lines}")
    closes_at = window_closes_at(one.sent_at)
    window = _WINDOW.say(language, t=local_time(closes_at, language)) if closes_at and now < closes_at else ""
    body.append(window or _CLOSED.say(language))
    whole = shorten("\n".join(body), limit=BODY_LIMIT)
    buttons = thread_buttons(one.contact.id, language=language)
    return button_card_part(ButtonCard(body=whole, buttons=buttons, header=_HEADER.say(language)))


def thread_buttons(contact_id: str, *, language: str) -> tuple[Button, ...]:
    """رسالة · لاحقاً · تم, about a person."""
    return buttons_about(contact_id, ButtonKind.THREAD, _TITLES.items(), language=language)


def _gathered(heard: Sequence[Heard], *, now: datetime) -> list[Heard]:
    """What is to be shown: words to one operator of one person together, with those whose card has not left yet."""
    together: dict[tuple[str, str], list[Heard]] = defaultdict(list)
    for one in heard:
        together[one.operator.id, one.contact.id].append(one)
    waiting = prompts.open_about(
        {operator_id for operator_id, _ in together}, {contact_id for _, contact_id in together}, PromptKind.REPLY
    )
    return [_one_card(said, waiting.get(place, []), now=now) for place, said in together.items()]


def _one_card(said: Sequence[Heard], waiting: Sequence[Prompt], *, now: datetime) -> Heard:
    """waiting: the open questions about this person to this operator, the oldest first."""
    newest = max(said, key=lambda one: one.sent_at)
    unsent = [prompt for prompt in waiting if prompt.outbox.state == OutboxState.PENDING]
    texts, count = [one.said for one in sorted(said, key=lambda one: one.sent_at)], len(said)
    since = unsent[0].created_at if unsent else None
    if since is not None:
        earlier = messages.since(newest.contact.id, since, but=[one.wamid for one in said])
        texts, count = [*earlier, *texts], count + len(earlier)
        prompts.take_back(unsent, now=now)
    due_at = None
    sent = [prompt for prompt in waiting if prompt.outbox.state != OutboxState.PENDING]
    if len(sent) >= UNANSWERED:
        due_at = max(now, sent[-1].created_at + NEXT_AFTER)
    whole = Text("\n".join(text.ar for text in texts), "\n".join(text.en for text in texts))
    return replace(newest, said=whole, count=count, since=since, due_at=due_at)


def _message(one: Heard, before: str, *, now: datetime) -> OutboxMessage | None:
    key = f"{PromptKind.REPLY}:{one.operator.id}:{one.wamid}"
    part = card_part(one, before, now=now)
    return message_to(one.operator, part, lane=Lane.CARD, key=key[:200], about=one.contact, due_at=one.due_at, now=now)


def _line(label: Text, value: str, language: str) -> str:
    return f"{label.say(language)}: {one_line(value)}"


def _isolated_lines(text: str) -> str:
    """Each line for itself, so that none turns what stands around it."""
    return "\n".join(f"{FSI}{line}{PDI}" for line in text.split("\n") if line.strip())
