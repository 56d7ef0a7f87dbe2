"""After a withdrawal: what it stops does not leave, and the operators hear what could not be stopped. Walk 4."""

from collections.abc import Collection, Iterable
from datetime import datetime

from django.db.models import Q, QuerySet

from wakeel.domain.answers import AnswerCode
from wakeel.domain.consent import Category, Standing, full_stop
from wakeel.domain.fixed_texts import Intent
from wakeel.domain.outbox import UNCLAIMED, Audience, OutboxState
from wakeel.domain.reasons import ReasonCode
from wakeel.flows import policies
from wakeel.flows.take_back import take_back_one
from wakeel.flows.tell_owners import tell_owners
from wakeel.store import contacts, leaving, subjects
from wakeel.store import outbox as outbox_verbs
from wakeel.store.models import Contact, OutboxMessage
from wakeel.store.subjects import Asked

CONFIRMATIONS = (Intent.OPT_OUT_CONFIRMATION.value, Intent.OFFERS_STOPPED.value)


def suppress_stopped(people: Collection[Contact], *, at: datetime, now: datetime) -> None:
    """Take back what the ledger stops now, and recall what is leaving, inside the caller's transaction.

    people: who withdrew; everybody who shares an address or a record with them is meant too. at: when they did.
    The rows are locked first: what a worker has claimed meanwhile is seen as leaving, not as taken back.
    """
    everybody = contacts.sharing(people)
    rows = OutboxMessage.objects.filter(contact__in=everybody, audience=Audience.CONTACT.value)
    _take_back_questions(rows, at=at, now=now)
    waiting = [*UNCLAIMED, OutboxState.SENDING]
    found = list(
        rows.filter(state__in=[state.value for state in waiting])
        .exclude(intent__in=CONFIRMATIONS)
        .select_related("contact", "draft__opportunity", "draft__contact")
        .select_for_update(of=("self",))
        .order_by("id")
    )
    asked = subjects.read({message.contact_id for message in found if message.contact_id})
    for message in found:
        if not is_stopped(message, asked, now=now):
            continue
        if message.state == OutboxState.SENDING:
            outbox_verbs.recall(OutboxMessage.objects.filter(pk=message.pk), now=now)
        else:
            take_back_one(message, ReasonCode.OPTED_OUT, {"t": at.isoformat()}, now=now)


def is_stopped(message: OutboxMessage, asked: dict[str, Asked], *, now: datetime) -> bool:
    """Whether the person's will is against this message, by the ledger as it stands now.

    asked: the entries that touch its contact. An answer is stopped by a full stop, until they write again.
    """
    contact, about = message.contact, asked.get(message.contact_id or "")
    if contact is None or about is None:
        return False
    policy = policies.current()
    if message.category != Category.SERVICE:
        state = about.state(message.category, message.purpose, policy=policy, as_of=now)
        return state.standing is Standing.OPTED_OUT
    stop = full_stop(
        about.events, purpose=message.purpose, subject=about.subject, as_of=now, permanent=policy.permanent_opt_out,
        tolerance=policy.clock_skew_tolerance,
    )  # fmt: skip
    if stop is None:
        return False
    return not stop.is_followed_by(contact.last_inbound_at, tolerance=policy.clock_skew_tolerance)


def _take_back_questions(rows: QuerySet[OutboxMessage], *, at: datetime, now: datetime) -> None:
    """Whoever stops is not asked for their consent a moment later."""
    questions = rows.filter(intent=Intent.OPT_IN_QUESTION.value)
    asked_later = Q(contact__expecting_since__gt=at)
    ids = list(questions.exclude(asked_later).values_list("pk", flat=True))
    outbox_verbs.take_back(OutboxMessage.objects.filter(pk__in=ids), code=ReasonCode.OPTED_OUT, now=now)


def tell_what_left(
    people: Iterable[Contact], categories: Collection[str], *, at: datetime, key: str, now: datetime
) -> None:
    """Say truly what was sent before we knew of the withdrawal, and what WhatsApp has and was not delivered yet."""
    people = list(people)
    everybody = contacts.sharing(people)
    contact = people[0]
    late = leaving.since(everybody, categories=categories, after=at, until=now)
    if late:
        tell_owners(contact, AnswerCode.SENT_BEFORE_KNOWN, {"n": late, "t": at}, key=f"late-stop:{key}", now=now)
    on_its_way = leaving.undelivered(everybody, categories=categories, at=at)
    if on_its_way:
        tell_owners(contact, AnswerCode.ON_ITS_WAY, {"n": on_its_way}, key=f"on-its-way:{key}", now=now)


def tell_if_it_left_anyway(message: OutboxMessage, *, now: datetime) -> None:
    """A recalled message was accepted: if it was their stop that recalled it, it came too late, and that is said."""
    if message.recalled_at is None or message.contact is None:
        return
    asked = subjects.read([message.contact.id])
    if is_stopped(message, asked, now=now):
        key = f"left-anyway:{message.id}:{message.fence}"
        tell_owners(message.contact, AnswerCode.LEFT_ANYWAY, {}, key=key, now=now)
