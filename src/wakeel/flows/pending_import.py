"""A file on its way in: uploaded, looked at, then taken or put away. Between the two it is kept sealed."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db import transaction

from wakeel.domain.text import bare_line
from wakeel.domain.words import Text
from wakeel.flows.import_consents import import_consents, preview_consents
from wakeel.flows.import_opportunities import import_opportunities, preview_opportunities
from wakeel.flows.table_lines import MAX_BYTES
from wakeel.flows.table_report import Preview, Report
from wakeel.store import pending_imports

MOST_ROWS_HERE = 2_000
"""More rows take minutes: the command line has the time, a page has not."""


class ImportKind(StrEnum):
    OPPORTUNITIES = "opportunities"
    CONSENTS = "consents"


KIND_WORDS: dict[ImportKind, Text] = {
    ImportKind.OPPORTUNITIES: Text("فرص", "Opportunities"),
    ImportKind.CONSENTS: Text("موافقات وإيقافات مع أدلتها", "Consents and withdrawals, with evidence"),
}


@dataclass(frozen=True, slots=True)
class Waiting:
    """An uploaded file and what importing it would do. name: as it was uploaded, only ever shown."""

    id: str
    kind: ImportKind
    name: str
    preview: Preview


def upload(
    business_id: str, user_id: int, kind: ImportKind, *, name: str, data: bytes, real_now: datetime
) -> str | Text:
    """Keep a file for its preview: its id, or why it is not taken. What it holds is told by the preview."""
    if not data:
        return Text("الملف فارغ.", "The file is empty.")
    if len(data) > MAX_BYTES:
        return TOO_LARGE
    with transaction.atomic():
        return pending_imports.keep(
            business_id, user_id, kind=kind.value, name=bare_line(name), data=data, real_now=real_now
        )


TOO_LARGE = Text("الملف أكبر من 10 م.ب. قسّمه.", "The file is over 10 MB. Split it.")


def look(business_id: str, user_id: int, import_id: str, *, now: datetime, real_now: datetime) -> Waiting | None:
    """The waiting file with its preview; None if it is not this account's or its hour is over. Changes nothing."""
    row = pending_imports.find(business_id, user_id, import_id, real_now=real_now)
    if row is None:
        return None
    data, kind = pending_imports.contents(row), ImportKind(row.kind)
    run = preview_consents if kind is ImportKind.CONSENTS else preview_opportunities
    return Waiting(row.id, kind, row.name, run(business_id, data, now=now, most_rows=MOST_ROWS_HERE))


def take(
    business_id: str, user_id: int, import_id: str, *, by: str, now: datetime, real_now: datetime
) -> Report | None:
    """Import the good rows and put the file away; None if it is gone already, so that a second click does nothing.

    The file goes first: if this is cut off, the same file can be uploaded again and takes the rest.
    """
    row = pending_imports.find(business_id, user_id, import_id, real_now=real_now)
    if row is None:
        return None
    data = pending_imports.contents(row)
    if not pending_imports.drop(row.id):
        return None
    if row.kind == ImportKind.CONSENTS:
        return import_consents(business_id, data, accept_valid=True, now=now, by=by, most_rows=MOST_ROWS_HERE)
    return import_opportunities(business_id, data, accept_valid=True, now=now, most_rows=MOST_ROWS_HERE)


def cancel(business_id: str, user_id: int, import_id: str, *, real_now: datetime) -> None:
    row = pending_imports.find(business_id, user_id, import_id, real_now=real_now)
    if row is not None:
        pending_imports.drop(row.id)


def drop_old(*, real_now: datetime) -> None:
    """What nobody came back for is gone after an hour. The worker's timer."""
    pending_imports.drop_old(real_now=real_now)
