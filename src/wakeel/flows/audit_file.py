"""The audit log as a table for a spreadsheet, at the wish of somebody whose wish stands in the log."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime

from wakeel.domain.audit import Action
from wakeel.domain.audit_words import ACTION_WORDS, PLACE_WORDS
from wakeel.flows import audit
from wakeel.flows.table_report import as_csv
from wakeel.store.screens.audit import Line

_COLUMNS = ("seq", "at", "by", "place", "action", "what", "subject", "before", "after")


def audit_file(
    business_id: str, lines: Sequence[Line], *, wanted: dict[str, str], language: str, by: str, now: datetime
) -> bytes:
    """CSV, times in UTC. wanted: the filter; the log keeps by what was filtered,
    not what was typed, which may be a name or a number. No cell can be a formula."""
    audit.note(
        business_id, by=by, action=Action.AUDIT_EXPORTED, subject=business_id, now=now,
        after={"rows": len(lines), "filter": sorted(wanted)},
    )  # fmt: skip
    return as_csv(_COLUMNS, (_cells(line, language) for line in lines))


def _cells(line: Line, language: str) -> tuple[object, ...]:
    words, place = ACTION_WORDS.get(line.action), PLACE_WORDS.get(line.place)
    return (
        line.seq,
        line.at.astimezone(UTC).isoformat(timespec="seconds"),
        line.by,
        place.say(language) if place else line.place,
        line.action,
        words.say(language) if words else line.action,
        line.subject,
        json.dumps(line.before, ensure_ascii=False) if line.before else "",
        json.dumps(line.after, ensure_ascii=False) if line.after else "",
    )
