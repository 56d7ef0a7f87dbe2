"""Reading a whole ledger a page at a time: memory does not grow with it, and no transaction stays open."""

from collections.abc import Iterator

from django.db.models import Exists, Max, OuterRef, Q

from wakeel.domain.consent import ConsentType
from wakeel.store.models import ConsentEventRow, LedgerHead, SubjectKey, VerdictRow

PAGE = 1000


def pages(business_id: str, *, after: int = 0, until: int | None = None) -> Iterator[list[ConsentEventRow]]:
    """Rows in the order of seq, payloads with them. Rows that share a seq, which no ledger has, come all."""
    rows = ConsentEventRow.objects.filter(business_id=business_id, seq__gt=after)
    if until is not None:
        rows = rows.filter(seq__lte=until)
    rows = rows.select_related("payload").order_by("seq", "id")
    page = list(rows[:PAGE])
    while page:
        yield page
        last = page[-1]
        # The first condition is for the index, the second for rows that share a seq.
        page = list(rows.filter(seq__gte=last.seq).filter(Q(seq__gt=last.seq) | Q(id__gt=last.id))[:PAGE])


def head(business_id: str, chain: str) -> LedgerHead | None:
    return LedgerHead.objects.filter(business_id=business_id, chain=chain).first()


def lock_head(business_id: str, chain: str) -> LedgerHead | None:
    """The same, locked until the caller's transaction ends: nobody appends meanwhile. None before the first entry."""
    return LedgerHead.objects.select_for_update().filter(business_id=business_id, chain=chain).first()


def furthest_read(business_id: str) -> int:
    """The highest seq that a decision of the gate rests on; 0 if none was made."""
    rows = VerdictRow.objects.filter(business_id=business_id)
    return rows.aggregate(last=Max("ledger_seq"))["last"] or 0


def erased_at(business_id: str, subject_refs: set[str]) -> dict[str, int]:
    """The last `erase` entry of each of these people."""
    rows = ConsentEventRow.objects.filter(
        business_id=business_id, type=ConsentType.ERASE.value, subject_ref__in=subject_refs
    )
    return dict(rows.values_list("subject_ref").annotate(last=Max("seq")))


def have_keys(subject_refs: set[str]) -> set[str]:
    """Which of these people have a key row, whether it opens or not."""
    if not subject_refs:
        return set()
    return set(SubjectKey.objects.filter(subject_ref__in=subject_refs).values_list("subject_ref", flat=True))


def people_without_key(business_id: str) -> int:
    """How many people have payloads that nobody can open any more."""
    key = SubjectKey.objects.filter(business_id=business_id, subject_ref=OuterRef("subject_ref"))
    rows = ConsentEventRow.objects.filter(~Exists(key), business_id=business_id, payload__isnull=False)
    return rows.values("subject_ref").distinct().count()
