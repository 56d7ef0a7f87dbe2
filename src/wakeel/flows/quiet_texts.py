"""Texts of contacts that open a window and answer what we wrote: many at once, as `contact_said` does it for one.

Whatever `person_wrote` and `contact_said` would do beyond keeping the message, moving the window and telling the owner
makes an item loud: it then goes through them. Who adds something there says here for whom it is not done.
"""

from collections.abc import Sequence
from datetime import datetime

from wakeel.domain.events import Event, OtherMessage, TextReceived
from wakeel.domain.keywords import KeywordAction, match
from wakeel.domain.meeting_times import read_choice
from wakeel.domain.recognition import looks_like_code
from wakeel.flows import keep_media
from wakeel.flows.contact_said import kind_of
from wakeel.flows.inbox_batch import Item
from wakeel.flows.pass_on_words import Words, pass_on
from wakeel.store import messages, quiet_contacts
from wakeel.store.messages import Said

_PLAIN = frozenset({"image", "audio", "video", "document", "sticker", "location", "contacts"})


def may_be_quiet(event: Event) -> bool:
    """Whether its words say nothing about being written to, whatever was asked before, and are no enrolment code."""
    match event:
        case TextReceived() | OtherMessage() if event.referral is not None:
            return False
        case TextReceived():
            is_answer = looks_like_code(event.text) is not None or read_choice(event.text) is not None
            return event.opens_window and not is_answer and _says_nothing(event.text)
        case OtherMessage():
            return event.opens_window and event.type in _PLAIN and _says_nothing(event.caption or "")
        case _:
            return False


def _says_nothing(words: str) -> bool:
    return not words or match(words) is KeywordAction.NONE


def record_quiet(items: Sequence[Item], *, now: datetime) -> list[Item]:
    """Keep the messages of those for whom nothing else is to be done, inside the caller's transaction; those items."""
    done: list[Item] = []
    by_business: dict[str, list[Item]] = {}
    for item in items:
        if item.number is not None:
            by_business.setdefault(item.number.business_id, []).append(item)
    for business_id, theirs in by_business.items():
        done += _of_business(business_id, theirs, now=now)
    return done


def _of_business(business_id: str, items: Sequence[Item], *, now: datetime) -> list[Item]:
    said = [event for item in items if isinstance(event := item.event, TextReceived | OtherMessage)]
    known = quiet_contacts.of_senders(business_id, [(event.sender, min(event.sent_at, now)) for event in said])
    loud = {item.conversation for item, contact_id in zip(items, known, strict=True) if contact_id is None}
    kept = messages.kept_among(business_id, [event.wamid for event in said])
    quiet = [
        (item, event, contact_id)
        for item, event, contact_id in zip(items, said, known, strict=True)
        if contact_id is not None and item.conversation not in loud
    ]
    new: dict[str, tuple[Said, str]] = {}
    for _, event, contact_id in quiet:
        if event.wamid not in kept:
            new.setdefault(event.wamid, (event, contact_id))
    windows: dict[str, datetime] = {}
    for event, contact_id in new.values():
        at = min(event.sent_at, now)
        windows[contact_id] = max(at, windows.get(contact_id, at))
    messages.keep_all(business_id, list(new.values()), now=now)
    keep_media.want(business_id, [event for event, _ in new.values()], now=now)
    quiet_contacts.move_windows(windows)
    pass_on([_words(business_id, event, pk) for event, pk in new.values()], now=now)
    return [item for item, _, _ in quiet]


def _words(business_id: str, event: Said, contact_id: str) -> Words:
    said = messages.as_said(messages.words_of(event), kind_of(event))
    return Words(business_id, contact_id, said, event.wamid, event.sent_at)
