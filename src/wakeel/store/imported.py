"""Taking back what an import made, as far as nothing has happened to it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, ProtectedError, QuerySet

from wakeel.domain.opportunities import OPEN_STATES, OpportunityState
from wakeel.store import cards, search_words
from wakeel.store.models import (
    Card,
    Contact,
    ContactAlias,
    Decision,
    Draft,
    ImportedRow,
    ImportRun,
    Meeting,
    Opportunity,
    SearchDue,
    SearchWord,
    Suggestion,
)

_OPEN = [state.value for state in OPEN_STATES]


@dataclass(frozen=True, slots=True)
class Gone:
    """taken_back: opportunities that are deleted; closed: ended, for a phone had shown them; kept: left alone."""

    taken_back: int = 0
    closed: int = 0
    kept: int = 0


def counts(run: ImportRun) -> tuple[int, int]:
    """How many opportunities of an import nothing has happened to, and to how many something has."""
    mine = ImportedRow.objects.filter(run=run, made="opportunity").order_by()
    untouched = mine.filter(Exists(_untouched().filter(pk=OuterRef("target")))).count()
    return untouched, mine.count() - untouched


def take_back(business_id: str, rows: Sequence[ImportedRow], *, now: datetime) -> Gone:
    """What these rows made goes, inside the caller's transaction; a person after what is about them."""
    ids = [row.target for row in rows if row.made == "opportunity"]
    mine = Opportunity.objects.filter(business_id=business_id, pk__in=ids)
    list(mine.select_for_update().order_by("pk").values_list("pk", flat=True))
    untouched = list(_untouched().filter(pk__in=ids, business_id=business_id).values_list("pk", "contact_id"))
    asked = set(Card.objects.filter(opportunity__in=[pk for pk, _ in untouched]).values_list("opportunity", flat=True))
    _delete([pk for pk, _ in untouched if pk not in asked])
    _close(asked, now=now)
    # Whoever stays is not found by a title any more that is gone.
    SearchDue.objects.bulk_create(
        SearchDue(business_id=business_id, kind=SearchDue.Kind.PERSON.value, ref=contact_id)
        for contact_id in {contact_id for _, contact_id in untouched}
    )
    _forget_people(business_id, [row.target for row in rows if row.made == "contact"])
    return Gone(len(untouched) - len(asked), len(asked), len(ids) - len(untouched))


def _untouched() -> "QuerySet[Opportunity]":
    """Nobody decided about them, owns them, or wrote anything for them."""
    mine = {"opportunity": OuterRef("pk")}
    return Opportunity.objects.filter(
        ~Exists(Decision.objects.filter(**mine)),
        ~Exists(Draft.objects.filter(**mine)),
        ~Exists(Meeting.objects.filter(**mine)),
        state__in=_OPEN,
        owner=None,
    )


def _delete(ids: Collection[str]) -> None:
    Suggestion.objects.filter(opportunity__in=ids).delete()
    search_words.note_going(ids)
    Opportunity.objects.filter(pk__in=ids).delete()


def _close(ids: Collection[str], *, now: datetime) -> None:
    """Their cards stand on phones for ever, so they stay as ended ones; their keys are free for the next import."""
    cards.close_opportunities(ids, now=now)
    for pk in sorted(ids):
        Opportunity.objects.filter(pk=pk, state__in=_OPEN).update(
            state=OpportunityState.EXPIRED.value, external_key=f"undone:{pk}", updated_at=now
        )


def _forget_people(business_id: str, ids: Collection[str]) -> None:
    """People of whom nothing is known but that they stood in the file."""
    unknown = Contact.objects.filter(
        business_id=business_id, pk__in=ids, last_inbound_at=None, gave_number="", checked_at=None, merged_into=None,
        erased_at=None,
    )  # fmt: skip
    once = unknown.annotate(addresses=Count("aliases")).filter(addresses=1)
    free = list(once.filter(~Exists(Opportunity.objects.filter(contact=OuterRef("pk")))).values_list("pk", flat=True))
    if free and not _forgotten(free):
        for pk in free:
            _forgotten([pk])


def _forgotten(ids: Collection[str]) -> bool:
    """False if some row of ours still speaks of one of them: then all of them stay."""
    try:
        with transaction.atomic():
            SearchWord.objects.filter(contact__in=ids).delete()
            ContactAlias.objects.filter(contact__in=ids).delete()
            Contact.objects.filter(pk__in=ids).delete()
    except ProtectedError:
        return False
    return True
