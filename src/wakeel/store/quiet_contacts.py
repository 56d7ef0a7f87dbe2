"""Which senders are contacts for whom a message that says nothing special moves nothing but their window.

The facts behind `flows.contact_said`, for many at once: a handful of queries for any number of senders.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Q, QuerySet

from wakeel.domain.addresses import canonical, spellings
from wakeel.domain.drafts import DraftState
from wakeel.domain.events import Sender
from wakeel.domain.outbox import OutboxState
from wakeel.domain.statuses import MessageStatus
from wakeel.store import operators
from wakeel.store.compiled import Compiled
from wakeel.store.models import ConsentPayload, Contact, ContactAlias, Draft, Opportunity, OutboxMessage
from wakeel.store.stored_times import as_kept

_MOVED_BY_WORDS = [OutboxState.PENDING, OutboxState.HELD, OutboxState.SENDING, OutboxState.FAILED]
"""Messages to somebody that are held, recalled or asked again when they write."""


def of_senders(business_id: str, wrote: Sequence[tuple[Sender, datetime]]) -> list[str | None]:
    """For each sender at that moment the contact's id, locked until the transaction ends; None if there is more to do
    than to bring their words to whom they answer (`flows.pass_on_words`): they are no contact yet, an operator, several
    people, or something waits for their words.
    """
    ours = operators.addresses(business_id)
    asked = [_values(sender) for sender, _ in wrote]
    aliases = _aliases(business_id, {value for values in asked for value in values})
    found = [
        _owner(values, aliases, sender, at=at) if ours.isdisjoint(map(canonical, values)) else None
        for values, (sender, at) in zip(asked, wrote, strict=True)
    ]
    quiet = _quiet({contact_id for contact_id in found if contact_id is not None})
    return [contact_id if contact_id in quiet else None for contact_id in found]


def _values(sender: Sender) -> frozenset[str]:
    phones = spellings(f"+{sender.wa_id}") if sender.wa_id else frozenset()
    return phones | ({sender.bsuid} if sender.bsuid else frozenset())


class _Alias(NamedTuple):
    value: str
    contact_id: str
    valid_from: datetime
    valid_to: datetime | None


_ALIASES = Compiled(
    lambda business, values: ContactAlias.objects.filter(business=business, value__in=values).values_list(
        "value", "contact_id", "valid_from", "valid_to"
    )
)


def _aliases(business_id: str, values: Collection[str]) -> Mapping[str, list[_Alias]]:
    found: dict[str, list[_Alias]] = defaultdict(list)
    for row in map(_Alias._make, _ALIASES(business=business_id, values=values)):
        found[row.value].append(row)
    return found


def _owner(values: Iterable[str], aliases: Mapping[str, list[_Alias]], sender: Sender, *, at: datetime) -> str | None:
    """Whose these addresses are, without a doubt: nobody else ever had one, and they had every one by then."""
    rows = [row for value in values for row in aliases.get(value, ())]
    owners = {row.contact_id for row in rows}
    spelled = {value for value in (f"+{sender.wa_id}" if sender.wa_id else "", sender.bsuid) if value}
    if len(owners) != 1 or {row.value for row in rows} != spelled or len(rows) != len(spelled):
        return None
    return owners.pop() if all(row.valid_to is None and row.valid_from <= at for row in rows) else None


# In the order of their ids: two that lock several contacts never wait for each other in a circle. Who was merged is
# left out below: asked here, SQLite would look through everybody who was not.
_SETTLED = Compiled(
    lambda ids: (
        Contact.objects.select_for_update(of=("self",))
        .filter(pk__in=ids, erased_at=None, expecting="", identity_doubt="")
        .exclude(name="")
        .order_by("pk")
        .values_list("pk", "merged_into_id")
    )
)


def _quiet(contact_ids: Iterable[str]) -> set[str]:
    ids = {pk for pk, merged_into in _SETTLED(ids=set(contact_ids)) if merged_into is None}
    return ids.difference(pk for (pk,) in _LOUD(ids=ids)) if ids else ids


def _loud(ids: Sequence[str]) -> "QuerySet[Any, Any]":
    """Whoever has something that words of theirs would move."""
    refused = Q(state=OutboxState.ACCEPTED, status=MessageStatus.FAILED.value)
    approved = OutboxMessage.objects.filter(contact__in=ids, draft__isnull=False)
    held = approved.filter(refused | Q(state__in=_MOVED_BY_WORDS)).values_list("contact_id")
    waiting = Draft.objects.filter(contact__in=ids, state=DraftState.AWAITING_APPROVAL, reshow_when_cured=True)
    unconfirmed = ConsentPayload.objects.filter(contact__in=ids, event__needs_confirmation=True)
    several = Contact.objects.filter(merged_into__in=ids).values_list("merged_into_id")
    put_off = Opportunity.objects.filter(contact__in=ids, snoozed_for_reply=True)
    rest = (waiting.values_list("contact_id"), unconfirmed.values_list("contact_id"), several,
            put_off.values_list("contact_id"))  # fmt: skip
    return held.union(*rest, all=True)


_LOUD = Compiled(_loud)


def move_windows(to: Mapping[str, datetime]) -> None:
    """Open each contact's window from that moment on, unless a later message had opened it before."""
    moments = {pk: as_kept(moment) for pk, moment in to.items()}
    with connection.cursor() as cursor:
        cursor.executemany(
            "UPDATE contact SET last_inbound_at = %s "
            "WHERE id = %s AND (last_inbound_at IS NULL OR last_inbound_at < %s)",
            [(moments[pk], pk, moments[pk]) for pk in sorted(moments)],
        )
