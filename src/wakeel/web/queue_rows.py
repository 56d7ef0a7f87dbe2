"""Rows of the queue as they are drawn. In words already: a template would ask the same of every row again."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from wakeel.domain.drafts import DraftState
from wakeel.flows.reply import state_words
from wakeel.flows.verdict_line import Line
from wakeel.store.screens.queue import QueueRow
from wakeel.web.queue_place import Place
from wakeel.web.times import is_soon


@dataclass(frozen=True, slots=True)
class DrawnRow:
    """id: of the opportunity. name: of the person, else the title. css: of the chip. until: when the reply window
    closes, or, of what is_later, when it leaves or comes back by itself; None if they never wrote. why: what stands
    against the text, else why the row stands here; '' for nothing."""

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
    rows: Iterable[QueueRow], lines: Mapping[str, Line], *, opened: str, place: Place, language: str, now: datetime
) -> list[DrawnRow]:
    """lines: what the gate says of a draft, by its id. opened: the opportunity beside the list, '' for none."""
    # Looked up once, not for every row.
    before, after = reverse("desk:item", args=["-"]).rsplit("-", 1)
    suffix = after + place.query
    chips = {"": ("info", _("Opportunity waiting")), DraftState.AWAITING_APPROVAL: ("act", _("Draft waiting"))}
    editing = ("act", state_words(DraftState.EDITING).say(language))
    drawn = []
    for row in rows:
        css, chip = _later(row, language) if row.at else chips.get(row.state if row.draft_id else "", editing)
        drawn.append(
            DrawnRow(
                id=row.opportunity_id,
                url=f"{before}{row.opportunity_id}{suffix}",
                is_open=row.opportunity_id == opened,
                name=row.name or row.title,
                company=row.organisation,
                title=row.title,
                face=row.name,
                css=css,
                chip=chip,
                until=row.at or row.window_closes_at,
                is_later=row.at is not None,
                is_urgent=row.at is None and is_soon(row.window_closes_at, now=now),
                why=_why(row, lines.get(row.draft_id or ""), language),
            )
        )
    return drawn


def _later(row: QueueRow, language: str) -> tuple[str, str]:
    """Of what leaves or comes back by itself; how long until then stands beside it."""
    return ("info", _("Scheduled")) if row.draft_id else ("warn", state_words(row.state).say(language))


def _why(row: QueueRow, line: Line | None, language: str) -> str:
    if line is not None and line.verdict.code != "OK":
        return f"{line.answer(language)}: {line.reason(language)}"
    return row.reasons[0].say(language) if row.reasons else ""
