"""Everything that happened with one person, whatever it was about: messages of both sides with every status, cards,
taps, drafts and their versions, entries of the ledger."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db.models import QuerySet

from wakeel.domain.message_kinds import VOICE
from wakeel.domain.outbox import Audience
from wakeel.store.contacts import group_of
from wakeel.store.messages import ECHO
from wakeel.store.models import (
    Approval,
    Attempt,
    ConsentPayload,
    Contact,
    Decision,
    DraftVersion,
    InboundMessage,
    Opportunity,
    OutboxMessage,
    Showing,
    StatusEvent,
)
from wakeel.store.screens import conversation
from wakeel.store.screens.outgoing import body_text
from wakeel.store.screens.timeline import Happening, Kind

SHOWN = 60
"""Of everything; the newest before a moment."""


class Part(StrEnum):
    """Which of it."""

    ALL = "all"
    MESSAGES = "messages"
    DECISIONS = "decisions"  # cards, taps, drafts, approvals
    CONSENT = "consent"


@dataclass(frozen=True, slots=True)
class Step:
    """One step that a message of ours went through. word: a status, or an attempt's outcome; code: of a failure."""

    word: str
    at: datetime
    code: int | None
    details: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing. Of a message of ours happening.word is the state of the outbox, details why it waits.

    opportunity_id: what it was about, '' for nothing. id: of the row of what they wrote, None for the rest. steps: of a
    message of ours.
    """

    at: datetime
    happening: Happening
    opportunity_id: str = ""
    id: int | None = None
    files: tuple[conversation.Attachment, ...] = ()
    steps: tuple[Step, ...] = ()

    @property
    def is_message(self) -> bool:
        return self.happening.kind in {Kind.INBOUND, Kind.ECHO, Kind.ATTEMPT}

    @property
    def is_ours(self) -> bool:
        return self.happening.kind is not Kind.INBOUND


@dataclass(frozen=True, slots=True)
class Timeline:
    """entries: the newest last. earlier: there is more before the first of them."""

    entries: tuple[Entry, ...]
    earlier: datetime | None


_PLACE = {kind: place for place, kind in enumerate(Kind)}


def read(business_id: str, contact_id: str, *, part: Part, before: datetime | None) -> Timeline:
    """Of all records of the person; nothing if this business has no such contact. before: None for the newest."""
    contact = Contact.objects.filter(business_id=business_id, pk=contact_id).first()
    group = group_of(contact) if contact is not None else []
    newest = sorted(_entries(group, part, before), key=_order)[-(SHOWN + 1) :]
    shown = newest[-SHOWN:]
    return Timeline(tuple(_with_files(shown)), shown[0].at if len(newest) > SHOWN else None)


def _order(entry: Entry) -> tuple[datetime, int]:
    """At one instant causes come before effects."""
    return entry.at, _PLACE[entry.happening.kind]


def _entries(group: Collection[str], part: Part, before: datetime | None) -> Iterator[Entry]:
    if part in {Part.ALL, Part.MESSAGES}:
        yield from _said(group, before)
        yield from _sent(group, before)
    if part in {Part.ALL, Part.DECISIONS}:
        yield from _work(group, before)
    if part in {Part.ALL, Part.CONSENT}:
        yield from _consents(group, before)


def _newest(rows: "QuerySet[Any]", at: str, before: datetime | None, *columns: str) -> Iterable[tuple[Any, ...]]:
    """What stands under `at` first, then these columns; one more than is shown."""
    if before is not None:
        rows = rows.filter(**{f"{at}__lt": before})
    return rows.order_by(f"-{at}", "-pk").values_list(at, *columns)[: SHOWN + 1]


def _said(group: Collection[str], before: datetime | None) -> Iterator[Entry]:
    rows = InboundMessage.objects.filter(contact__in=group)
    for at, pk, kind, content, text in _newest(rows, "sent_at", before, "pk", "kind", "content", "text"):
        word = VOICE if content.get("is_voice") else kind
        yield Entry(at, Happening(at, Kind.ECHO if kind == ECHO else Kind.INBOUND, word=word, text=text), id=pk)


def _sent(group: Collection[str], before: datetime | None) -> Iterator[Entry]:
    """Messages to them in whatever state, each with what it went through."""
    rows = OutboxMessage.objects.filter(contact__in=group, audience=Audience.CONTACT)
    if before is not None:
        rows = rows.filter(created_at__lt=before)
    found = list(rows.select_related("draft").order_by("-created_at", "-pk")[: SHOWN + 1])
    texts, steps = _texts(found), _steps([row.pk for row in found])
    for row in found:
        text = texts.get((row.draft_id or "", row.draft_version or 0))
        happening = Happening(
            row.created_at, Kind.ATTEMPT, word=row.state, text=body_text(row.body) if text is None else text,
            version=row.draft_version, code=row.failure_code, details=row.hold_code,
        )  # fmt: skip
        about = row.draft.opportunity_id if row.draft else ""
        yield Entry(row.created_at, happening, opportunity_id=about, steps=tuple(steps.get(row.pk, ())))


def _texts(rows: list[OutboxMessage]) -> dict[tuple[str, int], str]:
    """What the contact read, which of a template is not in its body."""
    versions = DraftVersion.objects.filter(draft__in={row.draft_id for row in rows if row.draft_id})
    return {(draft_id, number): text for draft_id, number, text in versions.values_list("draft_id", "number", "text")}


def _steps(message_ids: list[str]) -> dict[str, list[Step]]:
    """Each attempt without an acceptance, then every status, in the order of their times."""
    found: dict[str, list[Step]] = defaultdict(list)
    tries = Attempt.objects.filter(outbox__in=message_ids).exclude(outcome__in=["accepted", "sending"])
    for pk, word, at, code, details in tries.values_list(
        "outbox_id", "outcome", "started_at", "failure_code", "details"
    ):
        found[pk].append(Step(word, at, code, details))
    news = StatusEvent.objects.filter(attempt__outbox__in=message_ids)
    for pk, word, at, code, details in news.values_list(
        "attempt__outbox_id", "status", "at", "failure_code", "details"
    ):
        found[pk].append(Step(word, at, code, details))
    return {pk: sorted(steps, key=lambda step: step.at) for pk, steps in found.items()}


def _work(group: Collection[str], before: datetime | None) -> Iterator[Entry]:
    """Opportunities that came in, cards, taps, versions and approvals."""
    opportunities = Opportunity.objects.filter(contact__in=group)
    for at, about, title in _newest(opportunities, "created_at", before, "pk", "title"):
        yield Entry(at, Happening(at, Kind.IMPORTED, text=title), about)
    yield from _asked_and_decided(group, before)
    versions = DraftVersion.objects.filter(draft__contact__in=group)
    read = _newest(versions, "created_at", before, "draft__opportunity_id", "author__name", "number", "text")
    for at, about, who, number, text in read:
        yield Entry(at, Happening(at, Kind.VERSION, who=who or "", version=number, text=text), about)
    approvals = Approval.objects.filter(draft__contact__in=group)
    read = _newest(approvals, "approved_at", before, "draft__opportunity_id", "operator__name", "via", "version")
    for at, about, who, via, version in read:
        yield Entry(at, Happening(at, Kind.APPROVAL, who=who, via=via, version=version), about)
    revoked = approvals.filter(revoked_at__isnull=False)
    for at, about, version in _newest(revoked, "revoked_at", before, "draft__opportunity_id", "version"):
        yield Entry(at, Happening(at, Kind.REVOKED, version=version), about)


def _asked_and_decided(group: Collection[str], before: datetime | None) -> Iterator[Entry]:
    cards = Showing.objects.filter(card__opportunity__contact__in=group)
    read = _newest(
        cards, "created_at", before,
        "card__opportunity_id", "card__kind", "card__operator__name", "card__version", "wamid",
    )  # fmt: skip
    for at, about, kind, who, version, wamid in read:
        carried_out = wamid is not None
        yield Entry(at, Happening(at, Kind.CARD, word=kind, who=who, version=version, carried_out=carried_out), about)
    taps = Decision.objects.filter(opportunity__contact__in=group)
    read = _newest(
        taps, "at", before, "opportunity_id", "action", "operator__name", "via", "version", "carried_out"
    )  # fmt: skip
    for at, about, action, who, via, version, done in read:
        happening = Happening(at, Kind.DECISION, word=action, who=who, via=via, version=version, carried_out=done)
        yield Entry(at, happening, about)


def _consents(group: Collection[str], before: datetime | None) -> Iterator[Entry]:
    entries = ConsentPayload.objects.filter(contact__in=group)
    for at, word in _newest(entries, "event__recorded_at", before, "event__type"):
        yield Entry(at, Happening(at, Kind.CONSENT, word=word))


def _with_files(entries: Iterable[Entry]) -> Iterator[Entry]:
    found = list(entries)
    files = conversation.files_of([entry.id for entry in found if entry.id is not None])
    return (replace(entry, files=tuple(files.get(entry.id or 0, ()))) for entry in found)
