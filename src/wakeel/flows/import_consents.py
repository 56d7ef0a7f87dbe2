"""Consents and withdrawals from a CSV or XLSX file, each row with its evidence, recorded through the ledger."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from wakeel.domain.answers import PURPOSE_WORDS
from wakeel.domain.consent import Category, ConsentType
from wakeel.domain.consent_sources import method_of
from wakeel.domain.consent_words import CATEGORY_WORDS, TYPE_WORDS
from wakeel.domain.text import bare_line, plain
from wakeel.domain.words import Text
from wakeel.flows.consent_file import ConsentFile, Outcome, Planned
from wakeel.flows.consent_lines import COLUMNS, REQUIRED, ConsentLine
from wakeel.flows.show_cured import show_what_is_cured
from wakeel.flows.table_file import Glance, Lines, by_line, slices
from wakeel.flows.table_lines import MAX_ROWS
from wakeel.flows.table_report import PREVIEWED, Fault, Preview, PreviewRow, Report
from wakeel.flows.withdraw_consent import withdraw
from wakeel.store import consent, contacts
from wakeel.store.models import Contact, ContactAlias

_ROWS_A_COMMIT = 5
"""Fewer than elsewhere: each is chained, sealed, and may take messages back."""

__all__ = ["COLUMNS", "REQUIRED", "import_consents", "preview_consents"]


def import_consents(
    business_id: str, data: bytes, *, accept_valid: bool, now: datetime, by: str = "import", most_rows: int = MAX_ROWS
) -> Report:
    """Record a file through the ledger, in short commits. With faults nothing is written unless `accept_valid`.

    by: who imports, an operator's id or a word for the machine. Cut off in the middle, the same file again takes the
    rest: a row that is recorded changes nothing.
    """
    file = ConsentFile(business_id, data, now=now, most_rows=most_rows)
    if not accept_valid and (file.faults or any(isinstance(found, Fault) for found in file.plan())):
        return _told(file)
    report = Report(warnings=file.warnings, assumed=file.numbers.assumed)
    file.forget()
    for part in slices(file.lines, at_once=_ROWS_A_COMMIT):
        with transaction.atomic():
            for planned in file.decide(part):
                if isinstance(planned, Planned):
                    _record(business_id, planned, file_sha256=file.sha256, by=by, now=now)
                _count(report, planned)
    report.conflicts = file.conflicts
    report.faults = sorted([*file.faults, *report.faults], key=lambda fault: fault.line)
    return report


class ConsentsTaken:
    """A file that is taken part by part, each in a transaction of the caller's. by: who imports, an operator's id."""

    rows_a_commit = _ROWS_A_COMMIT

    def __init__(self, business_id: str, data: bytes, *, chosen: Mapping[str, str], by: str, now: datetime) -> None:
        self._business_id, self._by = business_id, by
        self._file = ConsentFile(business_id, data, now=now, chosen=chosen)
        self.lines: Lines = by_line(self._file.faults)
        for line in self._file.lines:
            self.lines.setdefault(line.row.line, []).append(line)

    def take(self, found: Sequence[Any], *, now: datetime) -> Report:
        """Record what stands on some lines. found: faults and lines, as `lines` has them."""
        report, before = Report(faults=[one for one in found if isinstance(one, Fault)]), self._file.conflicts
        for planned in self._file.decide([one for one in found if not isinstance(one, Fault)]):
            if isinstance(planned, Planned):
                _record(self._business_id, planned, file_sha256=self._file.sha256, by=self._by, now=now)
            _count(report, planned)
        report.conflicts = self._file.conflicts - before
        return report

    def finish(self, *, now: datetime) -> None:
        """Every row has done what follows from it."""


def preview_consents(
    business_id: str,
    data: bytes | Glance,
    *,
    now: datetime,
    chosen: Mapping[str, str] | None = None,
) -> Preview:
    """What an import of the good rows would do, and the first of them as they would be recorded. Writes nothing.

    chosen: as `table_file.read` takes it.
    """
    file = ConsentFile(business_id, data, now=now, chosen=chosen)
    report = Report(warnings=file.warnings, assumed=file.numbers.assumed)
    shown: list[PreviewRow] = []
    for planned in file.plan():
        _count(report, planned)
        if isinstance(planned, Planned) and len(shown) < PREVIEWED:
            shown.append(_shown(planned))
    report.conflicts = file.conflicts
    report.faults = sorted([*file.faults, *report.faults], key=lambda fault: fault.line)
    return Preview(report, _SHOWN_COLUMNS, tuple(shown), file.is_cut)


def _told(file: ConsentFile) -> Report:
    """The report of a file of which nothing was taken: all that is wrong with it."""
    file.forget()
    faults = [found for found in file.plan() if isinstance(found, Fault)]
    return Report(
        conflicts=file.conflicts,
        assumed=file.numbers.assumed,
        warnings=file.warnings,
        faults=sorted([*file.faults, *faults], key=lambda fault: fault.line),
    )


def _count(report: Report, found: Planned | Fault) -> None:
    if isinstance(found, Fault):
        report.faults.append(found)
    elif found.outcome is Outcome.UNCHANGED:
        report.unchanged += 1
    elif found.outcome is Outcome.WITHDRAWAL:
        report.withdrawn += 1
    else:
        report.imported += 1


def _record(business_id: str, planned: Planned, *, file_sha256: str, by: str, now: datetime) -> None:
    """Write what the row says, and let everything that follows from it happen in the same commit."""
    line = planned.line
    if planned.outcome is Outcome.UNCHANGED:
        return
    # A row before it in the same commit may have made the person.
    contact = planned.contact or contacts.find(business_id, line.address) or _new_contact(business_id, line, now=now)
    common: dict[str, Any] = {
        "at": line.at,
        "source": line.source,
        "actor": by,
        "evidence": line.evidence,
        "occurrence": line.occurrence,
        "wording": line.wording,
        "language": line.language,
        "details": {"file_sha256": file_sha256, "line": str(line.row.line)},
        "clock": "import",
        "method": method_of(line.source),
        "notice_version": line.notice_version,
        "purposes": None if line.purposes is None else list(line.purposes),
    }
    if planned.outcome is Outcome.WITHDRAWAL:
        withdraw([contact], [Category(word) for word in line.categories], now=now, **common)
        return
    consent.append(
        business_id,
        contact_id=contact.id,
        type=ConsentType.IMPORT,
        address=line.address,
        recorded_at=now,
        categories=list(line.categories),
        explicit=True,
        collected_directly=line.collected_directly,
        needs_confirmation=line.needs_confirmation,
        expires_at=line.expires_at,
        **common,
    )
    show_what_is_cured(contact, now=now)


def _new_contact(business_id: str, line: ConsentLine, *, now: datetime) -> Contact:
    contact = Contact.objects.create(business_id=business_id, name=bare_line(line.name), created_at=now)
    kind = ContactAlias.Kind.PHONE if line.number is not None else ContactAlias.Kind.BSUID
    contacts.open_alias(contact, kind, line.address, now=now)
    return contact


_SHOWN_COLUMNS = (
    Text("العنوان", "Address"), Text("القيد", "Entry"), Text("الأنواع", "Kinds"), Text("الغرض", "Purpose"),
    Text("الوقت", "When"), Text("تنتهي", "Ends"), Text("النص", "Wording"), Text("الدليل", "Evidence"),
)  # fmt: skip
_ALL = Text("الكل", "everything")
_NOTHING_NEW = Text("مسجّل من قبل", "recorded before")


def _shown(planned: Planned) -> PreviewRow:
    line = planned.line
    entry = TYPE_WORDS[ConsentType.WITHDRAW if line.withdraws else ConsentType.IMPORT]
    cells = (
        line.address,
        _NOTHING_NEW if planned.outcome is Outcome.UNCHANGED else entry,
        _joined(CATEGORY_WORDS[Category(word)] for word in line.categories),
        _joined(PURPOSE_WORDS[word] for word in line.purposes) if line.purposes else _ALL,
        line.at.isoformat(sep=" ", timespec="minutes") if line.at else "",
        line.expires_at.date().isoformat() if line.expires_at else "",
        plain(line.wording),
        plain(line.evidence),
    )
    return PreviewRow(line.row.line, cells, line.number.note_words if line.number else None)


def _joined(words: Iterator[Text]) -> Text:
    found = list(words)
    return Text("، ".join(word.ar for word in found), ", ".join(word.en for word in found))
