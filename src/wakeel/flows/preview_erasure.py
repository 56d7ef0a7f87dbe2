"""What destroying a person's data would destroy and what would stay, counted before anybody confirms. Reads only."""

from dataclasses import dataclass

from wakeel.domain.text import bare_line
from wakeel.flows.erase_person import Hindrance, hindrance
from wakeel.store import erasure
from wakeel.store.messages import ECHO
from wakeel.store.models import (
    ConsentPayload,
    Contact,
    ContactAlias,
    DraftVersion,
    EvidenceFile,
    InboundMessage,
    MediaFile,
    Opportunity,
    OutboxMessage,
    RightsRequest,
)

LAST_DIGITS = 4


@dataclass(frozen=True, slots=True)
class ErasurePreview:
    """Counts of what goes; entries: ledger entries whose contents go while the entries themselves stay.

    hindrance: what stands against it now, None if nothing does.
    """

    records: int
    addresses: int
    received: int
    sent: int
    notices: int
    opportunities: int
    texts: int
    entries: int
    files: int
    requests: int
    hindrance: Hindrance | None


def preview_erasure(business_id: str, contact_id: str) -> ErasurePreview | None:
    """None if this business has no such contact."""
    group = _group(business_id, contact_id)
    if not group:
        return None
    kept = InboundMessage.objects.filter(contact__in=group)
    return ErasurePreview(
        records=len(group),
        addresses=ContactAlias.objects.filter(contact__in=group).count(),
        received=kept.exclude(kind=ECHO).count(),
        sent=OutboxMessage.objects.filter(contact__in=group).count() + kept.filter(kind=ECHO).count(),
        notices=erasure.spoken_of(group).count(),
        opportunities=Opportunity.objects.filter(contact__in=group).count(),
        texts=DraftVersion.objects.filter(draft__contact__in=group).count(),
        entries=ConsentPayload.objects.filter(contact__in=group).count(),
        files=EvidenceFile.objects.filter(contact__in=group).count()
        + MediaFile.objects.filter(message__contact__in=group, state="kept").count(),
        requests=RightsRequest.objects.filter(contact__in=group).count(),
        hindrance=hindrance(group),
    )


def confirms(business_id: str, contact_id: str, typed: str) -> bool:
    """True if `typed` is the person's name, or the last four digits of a number of theirs; the id for somebody who has
    neither."""
    group = _group(business_id, contact_id)
    wanted = {_same(contact.name) for contact in group if contact.name.strip()}
    values = ContactAlias.objects.filter(contact__in=group, kind=ContactAlias.Kind.PHONE).values_list(
        "value", flat=True
    )
    wanted |= {value[-LAST_DIGITS:] for value in values}
    return _same(typed) in (wanted or {contact.id for contact in group})


def _group(business_id: str, contact_id: str) -> list[Contact]:
    return [contact for contact in erasure.group_of(contact_id) if contact.business_id == business_id]


def _same(text: str) -> str:
    return bare_line(text).casefold()
