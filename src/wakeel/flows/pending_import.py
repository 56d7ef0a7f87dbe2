"""A file on its way in: uploaded, its columns matched, looked at, then handed to the worker or put away. Until then it
is kept sealed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from wakeel.domain.audit import Action
from wakeel.domain.imports import AT_WORK, ImportKind, ImportState, WhyStopped
from wakeel.domain.text import bare_line
from wakeel.domain.words import Text
from wakeel.flows import import_columns
from wakeel.flows.audit import note
from wakeel.flows.import_columns import Column
from wakeel.flows.import_consents import preview_consents
from wakeel.flows.import_opportunities import preview_opportunities
from wakeel.flows.table_file import SAMPLES, Glance, glance
from wakeel.flows.table_lines import MAX_BYTES
from wakeel.flows.table_report import Preview
from wakeel.store import import_runs, pending_imports
from wakeel.store.models import PendingImport

LOOKED_AT = 2_000
"""More rows take seconds to check: a preview has not so long. The worker checks each row again before it takes it.

A request reads a file once (`glance`) and asks what was read; never inside a transaction, where others wait for it.
"""


@dataclass(frozen=True, slots=True)
class Waiting:
    """An uploaded file and what importing it would do. name: as it was uploaded, only ever shown. looked_at: so many
    rows were read for the preview. needs_columns: some column says nothing to us, a person has to match it first.
    """

    id: str
    kind: ImportKind
    name: str
    preview: Preview
    looked_at: int
    needs_columns: bool


@dataclass(frozen=True, slots=True)
class Matching:
    """An uploaded file and what its columns seem to be. columns: None if it is no table."""

    id: str
    kind: ImportKind
    name: str
    columns: list[Column] | None
    file: Glance = field(repr=False)


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
    file, kind = glance(pending_imports.contents(row), at_most=LOOKED_AT), ImportKind(row.kind)
    run = preview_consents if kind is ImportKind.CONSENTS else preview_opportunities
    chosen = import_columns.chosen_in(business_id, kind, file)
    seen = run(business_id, file, now=now, chosen=chosen)
    needs_columns = import_columns.must_be_asked(business_id, kind, file)
    return Waiting(row.id, kind, row.name, seen, max(0, len(file.lines) - 1), needs_columns)


def columns(business_id: str, user_id: int, import_id: str, *, real_now: datetime) -> Matching | None:
    """The waiting file's columns with what they seem to be; None as for `look`."""
    row = pending_imports.find(business_id, user_id, import_id, real_now=real_now)
    if row is None:
        return None
    kind, file = ImportKind(row.kind), _headers_of(row)
    return Matching(row.id, kind, row.name, import_columns.columns_of(business_id, kind, file), file)


def match_columns(business_id: str, matching: Matching, chosen: Mapping[str, str], *, now: datetime) -> list[Text]:
    """Remember which column is which, for this file and the next one with the same headers; what is wrong with the
    choice otherwise."""
    return import_columns.choose(business_id, matching.kind, matching.file, chosen, now=now)


def take(business_id: str, user_id: int, import_id: str, *, by: str, now: datetime, real_now: datetime) -> bool:
    """Hand the file to the worker, for its good rows; False if it is gone already, so that a second click does nothing.

    by: the operator who said yes.
    """
    row = pending_imports.find(business_id, user_id, import_id, real_now=real_now)
    if row is None:
        return False
    columns = import_columns.chosen_in(business_id, ImportKind(row.kind), _headers_of(row))
    with transaction.atomic():
        if not pending_imports.drop(row.id):
            return False
        import_runs.queue(row, operator_id=by, columns=columns, now=now)
        note(
            business_id, by=by, action=Action.IMPORT_TAKEN, subject=row.id, after={"kind": row.kind}, now=now,
        )  # fmt: skip
        return True


def _headers_of(row: PendingImport) -> Glance:
    return glance(pending_imports.contents(row), at_most=SAMPLES)


def cancel(business_id: str, user_id: int, import_id: str, *, now: datetime, real_now: datetime) -> bool:
    """Put a waiting file away, or stop one that is being taken: then what was taken stays. False if neither is so."""
    row = pending_imports.find(business_id, user_id, import_id, real_now=real_now)
    if row is not None:
        return pending_imports.drop(row.id)
    run = import_runs.find(business_id, import_id)
    if run is None:
        return False
    fields = {"why": WhyStopped.PERSON.value, "ended_at": now, **import_runs.OVER_WITH}
    return import_runs.move(run, ImportState.STOPPED, come_from=AT_WORK, **fields)


def drop_old(*, now: datetime, real_now: datetime) -> None:
    """What nobody came back for is gone after an hour, what an import made and refused after a month. The timer."""
    pending_imports.drop_old(real_now=real_now)
    import_runs.forget_details(now=now)
