"""Who came by an advertisement, and until when nothing they are sent is charged because they were answered in time."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import F, Q

from wakeel.domain.free_entry import ANSWER_WITHIN, FREE_FOR, OPENS
from wakeel.domain.message_contents import Referral
from wakeel.store.compiled import CompiledUpdate
from wakeel.store.models import Contact


def came(contact: Contact, referral: Referral, *, at: datetime) -> None:
    """Remember the newest coming by an advertisement; webhooks come in any order."""
    if referral.source_type in OPENS:
        rows = Contact.objects.filter(Q(referred_at=None) | Q(referred_at__lt=at), pk=contact.pk)
        rows.update(referred_at=at)


def note_answers(contact_ids: Collection[str], *, now: datetime) -> None:
    """A message to each of these people was accepted: the first after an advertisement, in time, begins the free days.

    One statement for any number; the rule in words: `domain.free_entry.free_until`.
    """
    if contact_ids:
        _ANSWER(ids=contact_ids, now=now, came_after=now - ANSWER_WITHIN, until=now + FREE_FOR)


_ANSWER = CompiledUpdate(
    lambda ids, now, came_after, until: (
        # Not answered since they came: an earlier window began before that.
        Contact.objects.filter(pk__in=ids, referred_at__gt=came_after, referred_at__lte=now).filter(
            Q(free_until=None) | Q(free_until__lt=F("referred_at") + FREE_FOR)
        ),
        {"free_until": until},
    )
)
