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
from wakeel.web.times import is_soon, time_left


@dataclass(frozen=True, slots=True)
class DrawnRow:
    """name: of the person, else the title. css: of the chip. left: of the reply window. why: what stands against the
    text, else why the row stands here; '' for nothing."""

    url: str
    is_open: bool
    name: str
    company: str
    title: str
    face: str
    css: str
    chip: str
    left: str
    is_urgent: bool
    why: str


def draw(
    rows: Iterable[QueueRow], lines: Mapping[str, Line], *, opened: str, tab: str, language: str, now: datetime
) -> list[DrawnRow]:
    """lines: what the gate says of a draft, by its id. opened: the opportunity beside the list, '' for none."""
    # Looked up once, not for every row.
    before, after = reverse("desk:item", args=["-"]).rsplit("-", 1)
    suffix = after if tab == "all" else f"{after}?tab={tab}"
    chips = {"": ("info", _("Opportunity waiting")), DraftState.AWAITING_APPROVAL: ("act", _("Draft waiting"))}
    editing = ("act", state_words(DraftState.EDITING).say(language))
    closed = _("window closed")
    drawn = []
    for row in rows:
        css, chip = chips.get(row.state if row.draft_id else "", editing)
        drawn.append(
            DrawnRow(
                url=f"{before}{row.opportunity_id}{suffix}",
                is_open=row.opportunity_id == opened,
                name=row.name or row.title,
                company=row.organisation,
                title=row.title,
                face=row.name,
                css=css,
                chip=chip,
                left=time_left(row.window_closes_at, now=now) or closed,
                is_urgent=is_soon(row.window_closes_at, now=now),
                why=_why(row, lines.get(row.draft_id or ""), language),
            )
        )
    return drawn


def _why(row: QueueRow, line: Line | None, language: str) -> str:
    if line is not None and line.verdict.code != "OK":
        return f"{line.answer(language)}: {line.reason(language)}"
    return row.reasons[0].say(language) if row.reasons else ""
