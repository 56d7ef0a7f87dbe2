"""Which senders are contacts for whom a message that says nothing special changes nothing but their window.

The facts behind `flows.contact_said`, for many at once: a handful of queries for any number of senders.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from wakeel.domain.addresses import canonical, spellings
from wakeel.domain.drafts import DraftState
from wakeel.domain.events import Sender
from wakeel.domain.opportunities import OpportunityState
from wakeel.domain.outbox import OutboxState
from wakeel.domain.statuses import MessageStatus
from wakeel.store import operators
from wakeel.store.models import ConsentPayload, Contact, ContactAlias, Draft, Opportunity, OutboxMessage

_MOVED_BY_WORDS = [OutboxState.PENDING, OutboxState.HELD, OutboxState.SENDING, OutboxState.FAILED]
"""Messages to somebody that are held, recalled or asked again when they write."""


def of_senders(business_id: str, wrote: Sequence[tuple[Sender, datetime]]) -> list[str | None]:
    """For each sender at that moment the contact's id, locked until the transaction ends; None if there is more to do:
    they are no contact yet, an operator, several people, or something waits for their words.
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


def _aliases(business_id: str, values: Iterable[str]) -> Mapping[str, list[ContactAlias]]:
    found: dict[str, list[ContactAlias]] = defaultdict(list)
    for row in ContactAlias.objects.filter(business_id=business_id, value__in=list(values)):
        found[row.value].append(row)
    return found


def _owner(
    values: Iterable[str], aliases: Mapping[str, list[ContactAlias]], sender: Sender, *, at: datetime
) -> str | None:
    """Whose these addresses are, without a doubt: nobody else ever had one, and they had every one by then."""
    rows = [row for value in values for row in aliases.get(value, ())]
    owners = {row.contact_id for row in rows}
    spelled = {value for value in (f"+{sender.wa_id}" if sender.wa_id else "", sender.bsuid) if value}
    if len(owners) != 1 or {row.value for row in rows} != spelled or len(rows) != len(spelled):
        return None
    return owners.pop() if all(row.valid_to is None and row.valid_from <= at for row in rows) else None


def _quiet(contact_ids: Iterable[str]) -> set[str]:
    """In the order of their ids: two that lock several contacts never wait for each other in a circle."""
    rows = Contact.objects.select_for_update(of=("self",)).filter(pk__in=list(contact_ids), erased_at=None)
    rows = rows.filter(merged_into=None, expecting="", identity_doubt="").exclude(name="").order_by("pk")
    ids = list(rows.values_list("pk", flat=True))
    if not ids:
        return set()
    return set(ids).difference(*(query.values_list(column, flat=True) for query, column in _loud(ids)))


def _loud(ids: Sequence[str]) -> Iterable[tuple[QuerySet[Any], str]]:
    """Whatever words of theirs would move, or bring to somebody, with the column that names them."""
    refused = Q(state=OutboxState.ACCEPTED, status=MessageStatus.FAILED.value)
    approved = OutboxMessage.objects.filter(contact__in=ids, draft__isnull=False)
    yield approved.filter(refused | Q(state__in=_MOVED_BY_WORDS)), "contact"
    yield Draft.objects.filter(contact__in=ids, state=DraftState.AWAITING_APPROVAL, reshow_when_cured=True), "contact"
    answered = [OpportunityState.CONTACTED, OpportunityState.REPLIED]
    yield Opportunity.objects.filter(contact__in=ids, owner__isnull=False, state__in=answered), "contact"
    yield ConsentPayload.objects.filter(contact__in=ids, event__needs_confirmation=True), "contact"
    yield Contact.objects.filter(merged_into__in=ids), "merged_into"


def move_windows(to: Mapping[str, datetime]) -> None:
    """Open each contact's window from that moment on, unless a later message had opened it before."""
    moments = {pk: connection.ops.adapt_datetimefield_value(moment) for pk, moment in to.items()}
    with connection.cursor() as cursor:
        cursor.executemany(
            "UPDATE contact SET last_inbound_at = %s "
            "WHERE id = %s AND (last_inbound_at IS NULL OR last_inbound_at < %s)",
            [(moments[pk], pk, moments[pk]) for pk in sorted(moments)],
        )
