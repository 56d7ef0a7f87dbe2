"""Whether one item of a webhook was carried out before: asked of the rows its effect is kept by, never of a memory."""

from collections.abc import Sequence

from django.db.models import Q

from wakeel.domain.events import (
    ButtonTapped,
    Event,
    IdentityChanged,
    Malformed,
    MessageEchoed,
    OtherMessage,
    PreferenceChanged,
    Sender,
    StatusReceived,
    TextReceived,
    Unrecognised,
)
from wakeel.store import contacts, messages, operators
from wakeel.store.erased_ids import either
from wakeel.store.keyring import keyring
from wakeel.store.models import ConsentPayload, PlatformEventRow, StatusEvent
from wakeel.store.statuses import recipient_of

Key = tuple[str, ...]

_MESSAGE, _STATUS, _PLATFORM = "message", "status", "platform"
_AT_ONCE = 400
"""Items of a query; each database bounds how many values one may name."""


def key_of(event: Event) -> Key | None:
    """What makes two items the same piece of news of one business; None for what has no effect of its own."""
    match event:
        case Malformed() | Unrecognised():
            return None
        case StatusReceived():
            return (_STATUS, event.wamid[:200], event.status[:40], recipient_of(event))
        case PreferenceChanged():
            sender = event.sender
            return ("preference", sender.bsuid or "", sender.wa_id or "", preference_occurrence(event))
        case ButtonTapped() | TextReceived() | OtherMessage() | IdentityChanged() | MessageEchoed():
            return (_MESSAGE, event.wamid[:200])
        case _:
            return (_PLATFORM, event.key)


def was_carried_out(business_id: str, event: Event) -> bool:
    """True if its effect is in the database, also when the person's data was destroyed since."""
    match event:
        case Malformed() | Unrecognised():
            return False
        case StatusReceived():
            rows = StatusEvent.objects.filter(business_id=business_id, wamid__in=either(event.wamid[:200]))
            return rows.filter(status=event.status[:40], recipient__in=either(recipient_of(event))).exists()
        case PreferenceChanged():
            return knows_preference(business_id, event)
        case ButtonTapped() | TextReceived() | OtherMessage() | IdentityChanged() | MessageEchoed():
            return messages.was_kept(business_id, event.wamid)
        case _:
            return PlatformEventRow.objects.filter(business_id=business_id, key=event.key).exists()


def known_among(business_id: str, of_items: Sequence[Key]) -> set[Key]:
    """Those of these messages, statuses and platform news that were carried out before, in a few queries; what is not
    among them may have been all the same (`was_carried_out` says so).
    """
    known: set[Key] = set()
    for start in range(0, len(of_items), _AT_ONCE):
        keys = of_items[start : start + _AT_ONCE]
        wamids = {key[1] for key in keys if key[0] == _MESSAGE}
        known |= {(_MESSAGE, wamid) for wamid in messages.kept_among(business_id, wamids)} if wamids else set()
        news = {key[1] for key in keys if key[0] == _PLATFORM}
        rows = PlatformEventRow.objects.filter(business_id=business_id, key__in=news) if news else ()
        known |= {(_PLATFORM, row.key) for row in rows}
        known |= _known_statuses(business_id, [key for key in keys if key[0] == _STATUS])
    return known


def _known_statuses(business_id: str, keys: Sequence[Key]) -> set[Key]:
    if not keys:
        return set()
    rows = StatusEvent.objects.filter(business_id=business_id, wamid__in={key[1] for key in keys})
    return {(_STATUS, *row) for row in rows.values_list("wamid", "status", "recipient")}


def preference_occurrence(event: PreferenceChanged) -> str:
    """What the ledger knows one turn of WhatsApp's own switch by, beside the person."""
    return f"preference:{event.at.isoformat()}:{event.value}"


def knows_preference(business_id: str, event: PreferenceChanged) -> bool:
    """True if somebody who has this sender's address, or had it then, has the entry; and for an operator's own switch,
    which says nothing.

    One is enough: whoever got the address since did not say it.
    """
    if operators.is_operator_sender(business_id, event.sender):
        return True
    people = [
        *contacts.all_of(business_id, event.sender),
        *contacts.former_of(business_id, event.sender, at=event.at),
    ]
    tokens = [keyring().address_token(value) for value in _addresses(event.sender)]
    theirs = Q(contact__in=people) | Q(address_token__in=tokens)
    rows = ConsentPayload.objects.filter(theirs, business=business_id)
    return rows.filter(occurrence=keyring().occurrence(preference_occurrence(event))).exists()


def _addresses(sender: Sender) -> list[str]:
    return [value for value in (f"+{sender.wa_id}" if sender.wa_id else "", sender.bsuid or "") if value]
