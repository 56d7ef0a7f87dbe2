"""Somebody asked us to stop: the ledger entry, the suppression and the honest words commit together. Walk 4.

Which words mean what: `domain.keywords`; scopes: reference "consent and contactability", section 3.2 (normative).
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from wakeel.domain.consent import Category, ConsentType
from wakeel.flows.show_cured import show_what_is_cured
from wakeel.flows.suppress_stopped import suppress_stopped, tell_what_left
from wakeel.store import consent, contacts
from wakeel.store.models import Contact

EVERYTHING = (Category.MARKETING, Category.UTILITY)
"""A typed STOP ends both kinds of message we start."""
OFFERS = (Category.MARKETING,)


def withdraw(
    people: Sequence[Contact],
    categories: Collection[Category],
    *,
    at: datetime | None,
    source: str,
    occurrence: str,
    evidence: str,
    now: datetime,
    actor: str = "contact",
    wamid: str = "",
    clock: str = "whatsapp",
    **entry: Any,
) -> bool:
    """Write one withdrawal for each of these people and suppress, inside the caller's transaction.

    people: everybody who has the address the wish came from. at: when they said so; may lie before what was sent
    since, None if nobody knows (then it counts from now). entry: more of the ledger entry, as `consent.append` takes
    it. occurrence: what makes it one happening; the same one again changes nothing. evidence: their words. False if
    it was known for everybody.
    """
    fresh = [contact for contact in people if consent.recorded(contact.id, occurrence) is None]
    if not fresh:
        return False
    kinds = sorted(category.value for category in categories)
    for contact in fresh:
        consent.append(
            contact.business_id,
            contact_id=contact.id,
            type=ConsentType.WITHDRAW,
            address=contacts.address_at(contact.id, at) or "",
            at=at,
            recorded_at=now,
            source=source,
            actor=actor,
            evidence=evidence,
            occurrence=occurrence,
            wamid=wamid,
            categories=kinds,
            clock=clock,
            **entry,
        )
    since = at or now
    contacts.forget_question(contacts.sharing(fresh), asked_until=since)
    suppress_stopped(fresh, at=since, now=now)
    tell_what_left(fresh, kinds, at=since, key=f"{fresh[0].id}:{occurrence}", now=now)
    return True


def resume_offers(people: Sequence[Contact], *, at: datetime, occurrence: str, now: datetime) -> None:
    """WhatsApp's own switch was turned on again: lifts only what that switch had stopped, and shows what it cures."""
    for contact in people:
        if consent.recorded(contact.id, occurrence) is not None:
            continue
        consent.append(
            contact.business_id,
            contact_id=contact.id,
            type=ConsentType.RESUME,
            address=contacts.address_at(contact.id, at) or "",
            at=at,
            recorded_at=now,
            source="whatsapp_user_preferences",
            actor="contact",
            occurrence=occurrence,
            categories=[Category.MARKETING.value],
            clock="whatsapp",
        )
        show_what_is_cured(contact, now=now)
