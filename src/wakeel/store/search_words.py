"""The words people are found by: read from their rows behind every change, and forgotten with the person."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import NamedTuple

import phonenumbers
from django.db import connection
from django.db.models import QuerySet

from wakeel.domain.addresses import spellings
from wakeel.domain.searching import Place, number_words, words
from wakeel.store.compiled import Compiled
from wakeel.store.models import (
    Contact,
    ContactAlias,
    DraftVersion,
    InboundMessage,
    Opportunity,
    SearchDue,
    SearchWord,
)

SLICE = 300
"""Things read at once; each is a handful of words."""
LONGEST_TALK = 2_000
"""Texts of each side that are read anew for one person; the newest."""
_PERSON_PLACES = (Place.WHO, Place.PHONE, Place.TAIL, Place.TITLE)
_AT_ONCE = 500


class Found(NamedTuple):
    """One word of one person, as it is kept."""

    business_id: str
    place: Place
    word: str
    contact_id: str
    ref: str


class Due(NamedTuple):
    id: int
    business_id: str
    kind: str
    ref: str


_DUE = ("id", "business_id", "kind", "ref")
NEWEST = 200
_NEWEST = Compiled(
    lambda business: SearchDue.objects.filter(business_id=business).order_by("-id").values_list(*_DUE)[:NEWEST]
)


def claim() -> list[Due]:
    """The next slice, locked until the caller's transaction ends; what another worker has is left to it."""
    rows = SearchDue.objects.select_for_update(of=("self",), skip_locked=True).order_by("id")
    return [Due(*row) for row in rows.values_list(*_DUE)[:SLICE]]


def is_any_due() -> bool:
    return SearchDue.objects.exists()


def newest_due(business_id: str) -> list[Due]:
    """What is not read yet, the newest first, `NEWEST` at most."""
    return [Due(*row) for row in _NEWEST(business=business_id)]


def catch_up(*, after: int) -> None:
    """Read everything noted since then, in the caller's transaction."""
    rows = SearchDue.objects.filter(pk__gt=after).order_by("id").values_list(*_DUE)
    while dues := [Due(*row) for row in rows[:SLICE]]:
        take(dues)


def last_due() -> int:
    """The newest that waits; what is noted from now on has a greater id. 0 if nothing waits."""
    return SearchDue.objects.order_by("-id").values_list("id", flat=True).first() or 0


def take(dues: Sequence[Due]) -> None:
    """Read these into words, in the caller's transaction. Twice is once."""
    people, talks = _refs(dues, SearchDue.Kind.PERSON), _refs(dues, SearchDue.Kind.SAID)
    SearchWord.objects.filter(contact__in=people, place__in=_PERSON_PLACES).delete()
    SearchWord.objects.filter(contact__in=talks, place=Place.SAID).delete()
    _keep(read(dues))
    SearchDue.objects.filter(pk__in=[due.id for due in dues]).delete()


def forget(contact_ids: Collection[str]) -> None:
    """Every word of these people."""
    SearchWord.objects.filter(contact__in=contact_ids).delete()


def note_going(opportunity_ids: Collection[str]) -> None:
    """These are about to be deleted: what their people are found by is read again afterwards."""
    people = Opportunity.objects.filter(pk__in=opportunity_ids).values_list("business_id", "contact_id").distinct()
    person = SearchDue.Kind.PERSON.value
    SearchDue.objects.bulk_create([SearchDue(business_id=of, kind=person, ref=pk) for of, pk in people])


def read(dues: Sequence[Due]) -> Iterator[Found]:
    """The words of what is due, as they stand in the rows now; nothing of erased people."""
    people, talks = _refs(dues, SearchDue.Kind.PERSON), _refs(dues, SearchDue.Kind.SAID)
    if people:
        yield from _of_people(people)
    for contact_id in talks:
        yield from _of_talk(contact_id)
    if messages := _refs(dues, SearchDue.Kind.MESSAGE):
        said = InboundMessage.objects.filter(pk__in=[int(ref) for ref in messages], contact__erased_at=None)
        yield from _of_messages(said.order_by("sent_at", "id"))
    if versions := _refs(dues, SearchDue.Kind.VERSION):
        texts = DraftVersion.objects.filter(pk__in=[int(ref) for ref in versions], draft__contact__erased_at=None)
        yield from _of_versions(texts.order_by("id"))


def _refs(dues: Iterable[Due], kind: SearchDue.Kind) -> list[str]:
    return list(dict.fromkeys(due.ref for due in dues if due.kind == kind.value))


def _of_people(contact_ids: list[str]) -> Iterator[Found]:
    living = Contact.objects.filter(pk__in=contact_ids, erased_at=None)
    business = {}
    for pk, business_id, name, organisation in living.values_list("pk", "business_id", "name", "organisation"):
        business[pk] = business_id
        for word in (*words(name), *words(organisation)):
            yield Found(business_id, Place.WHO, word, pk, "")
    numbers = ContactAlias.objects.filter(contact__in=list(business), kind=ContactAlias.Kind.PHONE, valid_to=None)
    for pk, value in numbers.values_list("contact_id", "value"):
        for place, word in _number_words(value):
            yield Found(business[pk], place, word, pk, "")
    titles = Opportunity.objects.filter(contact__in=list(business)).order_by("created_at", "id")
    for opportunity_id, pk, title in titles.values_list("pk", "contact_id", "title"):
        for word in words(title):
            yield Found(business[pk], Place.TITLE, word, pk, opportunity_id)


def _number_words(value: str) -> Iterator[tuple[Place, str]]:
    for form in sorted(spellings(value)):
        yield from number_words(form.removeprefix("+"), national(form))


def national(address: str) -> str:
    """The number as people write it at home, digits only; '' for a BSUID."""
    if not address.startswith("+"):
        return ""
    try:
        number = phonenumbers.parse(address)
    except phonenumbers.NumberParseException:
        return ""
    written = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)
    return "".join(letter for letter in written if letter.isdigit())


def _of_talk(contact_id: str) -> Iterator[Found]:
    """The newest last: what is kept of a word is where it was seen last."""
    said = InboundMessage.objects.filter(contact=contact_id, contact__erased_at=None).order_by("-sent_at", "-id")
    drafts = DraftVersion.objects.filter(draft__contact=contact_id, draft__contact__erased_at=None).order_by("-id")
    yield from reversed(list(_of_messages(said[:LONGEST_TALK])))
    yield from reversed(list(_of_versions(drafts[:LONGEST_TALK])))


def _of_messages(rows: QuerySet[InboundMessage]) -> Iterator[Found]:
    columns = ("business_id", "contact_id", "text", "id")
    for business_id, contact_id, text, pk in rows.values_list(*columns):
        for word in words(text) if contact_id else ():
            yield Found(business_id, Place.SAID, word, contact_id, str(pk))


def _of_versions(rows: QuerySet[DraftVersion]) -> Iterator[Found]:
    columns = ("business_id", "draft__contact_id", "text", "draft__opportunity_id")
    for business_id, contact_id, text, opportunity_id in rows.values_list(*columns):
        for word in words(text):
            yield Found(business_id, Place.SAID, word, contact_id, opportunity_id)


_INTO = "INSERT INTO search_word (business_id, place, word, contact_id, ref) VALUES "
_AGAIN = " ON CONFLICT (business_id, place, word, contact_id) DO UPDATE SET ref = excluded.ref"


def _keep(found: Iterable[Found]) -> None:
    """Of the same word of the same person at the same place, the last one stands. By hand: the ORM takes four times
    as long to put the statements together as the database to carry them out."""
    refs = {(one.business_id, int(one.place), one.word, one.contact_id): one.ref for one in found}
    rows = [(business, place, word.encode(), pk, ref) for (business, place, word, pk), ref in refs.items()]
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.executemany(f"{_INTO}(%s, %s, %s, %s, %s){_AGAIN}", rows)
            return
        for start in range(0, len(rows), _AT_ONCE):
            part = rows[start : start + _AT_ONCE]
            places = ", ".join(["(%s, %s, %s, %s, %s)"] * len(part))
            cursor.execute(f"{_INTO}{places}{_AGAIN}", [value for row in part for value in row])
