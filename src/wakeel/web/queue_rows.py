"""Rows of the queue as they are drawn. In words already: a template would ask the same of every row again."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from wakeel.flows.verdict_line import Line
from wakeel.store.screens.live import DealNow
from wakeel.store.screens.queue import QueueRow
from wakeel.web import chips
from wakeel.web.queue_place import Place
from wakeel.web.templatetags.live import chip_words
from wakeel.web.times import is_soon


@dataclass(frozen=True, slots=True)
class DrawnRow:
    """id: of the opportunity. name: of the person, else the title. css: of the chip. until: when the reply window
    closes, or, of what is_later, when it comes back by itself; None if they never wrote. When a message leaves, its
    chip says. why: what stands against the text, else why the row stands here; '' for nothing."""

    id: str
    url: str
    is_open: bool
    name: str
    company: str
    title: str
    face: str
    css: str
    chip: str
    until: datetime | None
    is_later: bool
    is_urgent: bool
    why: str


def draw(
    rows: Iterable[QueueRow], lines: Mapping[str, Line], deals: Mapping[str, DealNow], *, opened: str, place: Place,
    language: str, now: datetime,
) -> list[DrawnRow]:  # fmt: skip
    """lines: what the gate says of a draft, by its id. deals: by opportunity, how those stand that go on by themselves.
    opened: the opportunity beside the list, '' for none."""
    # Looked up once, not for every row.
    before, after = reverse("desk:item", args=["-"]).rsplit("-", 1)
    suffix = after + place.query
    drawn = []
    for row in rows:
        chip = chips.of_deal(deals.get(row.opportunity_id) or _waiting(row), language=language, now=now)
        comes_back_at = row.at if chip.until is None else None
        drawn.append(
            DrawnRow(
                id=row.opportunity_id,
                url=f"{before}{row.opportunity_id}{suffix}",
                is_open=row.opportunity_id == opened,
                name=row.name or row.title,
                company=row.organisation,
                title=row.title,
                face=row.name,
                css=chip.css,
                chip=chip_words(chip, now=now),
                until=comes_back_at or row.window_closes_at,
                is_later=comes_back_at is not None,
                is_urgent=row.at is None and is_soon(row.window_closes_at, now=now),
                why=_why(row, lines.get(row.draft_id or ""), language),
            )
        )
    return drawn


def _waiting(row: QueueRow) -> DealNow:
    """As it stands while nothing of it has left; no chip says anything of its person or, with a draft, of its own
    state."""
    state, draft_state = ("", row.state) if row.draft_id else (row.state, "")
    return DealNow("", state, draft_state, message=None, window_closes_at=row.window_closes_at)


def _why(row: QueueRow, line: Line | None, language: str) -> str:
    if line is not None and line.verdict.code != "OK":
        return f"{line.answer(language)}: {line.reason(language)}"
    return row.reasons[0].say(language) if row.reasons else ""
