"""Finding people by their name, organisation, numbers, titles of their opportunities and what was said with them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db import connection

from wakeel.domain.searching import NUMBERS, Asked, Beginning, Place
from wakeel.store import search_words
from wakeel.store.models import Contact
from wakeel.store.screens.people import Sight, seen_of

SHOWN = 50
CANDIDATES = 200
"""People whose words are compared; more than are shown, so that the best come first."""
_MOST_OF_ONE, _MOST_OF_RAREST = 1_000, 5_000
"""Words read of one beginning, where it is all that is asked, and where it is the rarest of several."""
_HIGHEST = b"\xff"
"""Behind every letter: UTF-8 does not use it."""


class Hit(NamedTuple):
    """The best place where one word of the question was found. part: 1 if only its beginning. ref: see SearchWord."""

    place: int
    part: int
    ref: str


@dataclass(frozen=True, slots=True)
class Match:
    """One person who has every word. hits: one for each word of the question, in its order."""

    contact_id: str
    hits: tuple[Hit, ...]


def find(business_id: str, asked: Sequence[Asked], *, sight: Sight, limit: int = SHOWN) -> list[Match]:
    """People who have every word, the best first: who they are before what was said, whole words before beginnings.
    sight: of the one who asks.

    A record merged into another is found as that one. Of words with which thousands begin, only the first are read.
    What no worker has read yet is found as well, the newest of it.
    """
    if not asked:
        return []
    unread = _unread(business_id, asked, sight)
    candidates = list(dict.fromkeys([*_candidates(business_id, asked, sight), *unread]))
    hits = _hits(candidates, asked, sight)
    for key, hit in ((key, hit) for found in unread.values() for key, hit in found.items()):
        hits[key] = min(hit, hits.get(key, hit))
    matches = [
        Match(pk, tuple(hits[pk, place] for place in range(len(asked))))
        for pk in _one_of_each_person(candidates, hits)
        if all((pk, place) in hits for place in range(len(asked)))
    ]
    return sorted(matches, key=lambda match: sum(place * 2 + part for place, part, _ in match.hits))[:limit]


_Hits = dict[tuple[str, int], Hit]
"""By person and place of the word in the question."""


class _Piece(NamedTuple):
    """A piece of SQL with its values."""

    sql: str
    values: list[Any]


def _candidates(business_id: str, asked: Sequence[Asked], sight: Sight) -> list[str]:
    """By the rarest word, those who have the others too."""
    rarest = _rarest(business_id, asked, sight)
    limit = _MOST_OF_ONE if len(asked) == 1 else _MOST_OF_RAREST
    others = [_has(one, sight) for one in asked if one is not rarest]
    where = f"WHERE {' AND '.join(one.sql for one in others)} " if others else ""
    # Each place is left as soon as enough of it were found: the very words stand first in it.
    found = _either(
        _Piece(f"SELECT * FROM ({scan.sql}) found {where}LIMIT {CANDIDATES}", [*scan.values, *_values(others)])  # noqa: S608
        for scan in (_scan(business_id, rarest, one, sight, limit=limit) for one in rarest.beginnings)
    )
    sql = (
        f"SELECT contact_id FROM ({found.sql}) best "  # noqa: S608 - our words; values are bound
        f"GROUP BY contact_id ORDER BY MIN(place * 2 + part), contact_id DESC LIMIT {CANDIDATES}"
    )
    return [pk for (pk,) in _read(sql, found.values)]


def _rarest(business_id: str, asked: Sequence[Asked], sight: Sight) -> Asked:
    if len(asked) == 1:
        return asked[0]
    each = [
        _either(_scan(business_id, one, beginning, sight, limit=_MOST_OF_RAREST) for beginning in one.beginnings)
        for one in asked
    ]
    counted = ", ".join(f"(SELECT COUNT(*) FROM ({one.sql}) counted)" for one in each)  # noqa: S608
    (counts,) = _read(f"SELECT {counted}", _values(each))
    return asked[min(range(len(asked)), key=counts.__getitem__)]


def _hits(contact_ids: Sequence[str], asked: Sequence[Asked], sight: Sight) -> _Hits:
    """The best of each word of each of these people."""
    if not contact_ids:
        return {}
    places = ", ".join(["%s"] * len(contact_ids))
    each = []
    for number, one in enumerate(asked):
        fits = _fits(one, sight)
        each.append(
            _Piece(
                f"SELECT contact_id, {number} AS number, place, MIN(CASE WHEN word = %s THEN 0 ELSE 1 END), MAX(ref) "  # noqa: S608
                f"FROM search_word WHERE contact_id IN ({places}) AND ({fits.sql}) GROUP BY contact_id, place",
                [one.word.encode(), *contact_ids, *fits.values],
            )
        )
    found: _Hits = {}
    for pk, number, place, part, ref in _read(" UNION ALL ".join(one.sql for one in each), _values(each)):
        hit = Hit(place, part, ref)
        found[pk, number] = min(hit, found.get((pk, number), hit))
    return found


def _unread(business_id: str, asked: Sequence[Asked], sight: Sight) -> dict[str, _Hits]:
    """Of the newest changes that no worker has read: who has a word of the question in them."""
    found: dict[str, _Hits] = defaultdict(dict)
    read = list(search_words.read(search_words.newest_due(business_id)))
    seen = seen_of({one.contact_id for one in read if one.place in NUMBERS}, sight)
    for one in read:
        for number, word in enumerate(asked):
            if word.fits(one.place, one.word, is_seen=one.contact_id in seen):
                hit, key = Hit(one.place, int(one.word != word.word), one.ref), (one.contact_id, number)
                found[one.contact_id][key] = min(hit, found[one.contact_id].get(key, hit))
    return found


def _one_of_each_person(candidates: list[str], hits: _Hits) -> list[str]:
    """The records that speak for these; what was found in a merged one is found in the one that speaks for it."""
    merged = Contact.objects.filter(pk__in=candidates, merged_into__isnull=False)
    speaks = dict(merged.values_list("pk", "merged_into_id")) if candidates else {}
    for (pk, number), hit in list(hits.items()):
        if pk in speaks:
            key = (speaks[pk], number)
            hits[key] = min(hit, hits.get(key, hit))
    return list(dict.fromkeys(speaks.get(pk, pk) for pk in candidates))


def _scan(business_id: str, asked: Asked, one: Beginning, sight: Sight, *, limit: int) -> _Piece:
    """A range of the index; the very word stands before the words that begin with it."""
    inside = _range(one, sight)
    return _Piece(
        "SELECT contact_id, place, CASE WHEN word = %s THEN 0 ELSE 1 END AS part FROM search_word "  # noqa: S608
        f"WHERE business_id = %s AND place = {one.place.value} AND {inside.sql} ORDER BY word LIMIT {limit}",
        [asked.word.encode(), business_id, *inside.values],
    )


def _has(asked: Asked, sight: Sight) -> _Piece:
    """Asked of each person alone: PostgreSQL would make a join over all words of EXISTS (10 s among 100,000 people)."""
    fits = _fits(asked, sight)
    return _Piece(
        "(SELECT 1 FROM search_word WHERE search_word.contact_id = found.contact_id "  # noqa: S608
        f"AND ({fits.sql}) LIMIT 1) IS NOT NULL",
        fits.values,
    )


def _fits(asked: Asked, sight: Sight) -> _Piece:
    """Whether a row has this word. Beginnings that hold at several places are asked for once."""
    places: Mapping[tuple[str, bool, bool], list[int]] = defaultdict(list)
    for one in asked.beginnings:
        places[one.letters, one.whole, one.is_of_seen].append(one.place.value)
    pieces = []
    for (letters, whole, is_of_seen), at in places.items():
        inside = _range(Beginning(Place(at[0]), letters, whole, is_of_seen), sight)
        pieces.append(_Piece(f"({inside.sql} AND place IN ({', '.join(map(str, at))}))", inside.values))
    return _Piece(" OR ".join(piece.sql for piece in pieces), _values(pieces))


def _range(one: Beginning, sight: Sight) -> _Piece:
    letters = one.letters.encode()
    if one.whole:
        return _Piece("word = %s", [letters])
    inside = _Piece("word >= %s AND word < %s", [letters, letters + _HIGHEST])
    if not one.is_of_seen:
        return inside
    # The people of `people.seen_of`; nobody owns anything for whom every number is masked.
    return _Piece(
        f"{inside.sql} AND contact_id IN (SELECT contact_id FROM opportunity WHERE owner_id = %s)",  # noqa: S608
        [*inside.values, sight.viewer or ""],
    )


def _either(pieces: Iterable[_Piece]) -> _Piece:
    """All rows of each; wrapped, because SQLite has no limit inside a union."""
    found = list(pieces)
    return _Piece(" UNION ALL ".join(f"SELECT * FROM ({piece.sql}) part" for piece in found), _values(found))  # noqa: S608


def _values(pieces: Iterable[_Piece]) -> list[Any]:
    return [value for piece in pieces for value in piece.values]


def _read(sql: str, values: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()
