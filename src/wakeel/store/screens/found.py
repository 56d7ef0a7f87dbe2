"""Where a search found somebody: the titles and the words around what was asked for."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from wakeel.domain.searching import Asked, Piece, Place, excerpt
from wakeel.store.models import DraftVersion, InboundMessage, Opportunity
from wakeel.store.screens.search import Match

_SHOWN = 2
"""Of one person."""


@dataclass(frozen=True, slots=True)
class Where:
    """One place. opportunity_id: of a title or a draft, '' for what they said; at: when that was, None for the rest."""

    place: Place
    pieces: tuple[Piece, ...]
    opportunity_id: str
    at: datetime | None

    @property
    def is_title(self) -> bool:
        return self.place is Place.TITLE


@dataclass(frozen=True, slots=True)
class _Texts:
    """By ref: what they said and when, titles, and the versions of drafts, the newest first."""

    said: Mapping[str, tuple[str, datetime]]
    titles: Mapping[str, str]
    drafts: Mapping[str, Sequence[str]]


def places(business_id: str, matches: Sequence[Match], asked: tuple[Asked, ...]) -> dict[str, tuple[Where, ...]]:
    """By person; none for who was found by who they are. Three queries, none without a text."""
    refs = {hit.ref for match in matches for hit in match.hits if hit.ref}
    if not refs:
        return {}
    texts = _read(business_id, refs)
    return {match.contact_id: tuple(islice(_wheres(match, asked, texts), _SHOWN)) for match in matches}


def _read(business_id: str, refs: set[str]) -> _Texts:
    abouts = [ref for ref in refs if not ref.isdigit()]
    said = InboundMessage.objects.filter(business_id=business_id, pk__in=[int(ref) for ref in refs if ref.isdigit()])
    titles = Opportunity.objects.filter(business_id=business_id, pk__in=abouts)
    versions = DraftVersion.objects.filter(business_id=business_id, draft__opportunity__in=abouts).order_by("-id")
    drafts: dict[str, list[str]] = defaultdict(list)
    for about, text in versions.values_list("draft__opportunity_id", "text"):
        drafts[about].append(text)
    return _Texts(
        said={str(pk): (text, at) for pk, text, at in said.values_list("pk", "text", "sent_at")},
        titles=dict(titles.values_list("pk", "title")),
        drafts=drafts,
    )


def _wheres(match: Match, asked: tuple[Asked, ...], texts: _Texts) -> Iterator[Where]:
    for place, ref in dict.fromkeys((hit.place, hit.ref) for hit in match.hits if hit.ref):
        if ref in texts.said:
            text, at = texts.said[ref]
            yield Where(Place.SAID, excerpt(text, asked, Place.SAID), "", at)
        elif place == Place.TITLE and ref in texts.titles:
            yield Where(Place.TITLE, excerpt(texts.titles[ref], asked, Place.TITLE), ref, None)
        elif written := texts.drafts.get(ref):
            yield Where(Place.SAID, _of_draft(written, asked), ref, None)


def _of_draft(versions: Sequence[str], asked: tuple[Asked, ...]) -> tuple[Piece, ...]:
    """Of the newest version that has a word that was asked for."""
    excerpts = [excerpt(text, asked, Place.SAID) for text in versions]
    return next((one for one in excerpts if any(piece.is_found for piece in one)), excerpts[0])
