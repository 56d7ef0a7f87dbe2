"""Opportunities from a CSV or XLSX file: validated by row, upserted by a stable key, ranked, shown as cards. Walk 5."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from wakeel.domain.addresses import canonical
from wakeel.domain.answers import PURPOSE_WORDS
from wakeel.domain.drafts import TextRefused, refuse_text
from wakeel.domain.opportunities import OPEN_STATES, Source
from wakeel.domain.text import plain
from wakeel.domain.words import Text
from wakeel.flows.phone_cells import Numbers, PhoneCell, read_cell
from wakeel.flows.show_card import close_opportunity_cards, fill_cards
from wakeel.flows.table_file import Glance, Lines, Row, as_time, by_line, read, slices
from wakeel.flows.table_lines import MAX_ROWS
from wakeel.flows.table_report import PREVIEWED, Fault, Preview, PreviewRow, Report
from wakeel.store import contacts, import_runs, new_people, operators
from wakeel.store.models import Contact, ContactAlias, Opportunity
from wakeel.store.suppressions import ErasedPeople

COLUMNS: dict[str, tuple[str, ...]] = {
    "key": ("المعرف", "المعرّف", "id", "رقم الفرصة"),
    "title": ("الفرصة", "العنوان", "opportunity"),
    "phone": ("الجوال", "رقم الجوال", "mobile", "phone number"),
    "name": ("الاسم", "contact", "contact name", "اسم جهة الاتصال"),
    "company": ("الشركة", "المنشأة", "organisation", "organization"),
    "summary": ("الخلاصة", "التفاصيل", "details"),
    "value": ("القيمة", "القيمة المتوقعة", "expected value"),
    "score": ("الدرجة", "درجة الثقة"),
    "purpose": ("الغرض",),
    "message": ("نص الرسالة", "الرسالة", "draft"),
    "expires_on": ("تنتهي في", "تاريخ الانتهاء", "expires on"),
}
REQUIRED = frozenset({"title", "phone"})
_NO_CONSENT_HERE = Text(
    "ملفات الفرص لا تحمل موافقات. استورد الموافقات مع أدلتها: wakeel import-consents FILE.csv",
    "Opportunity files never carry consent. Import consents with evidence: wakeel import-consents FILE.csv",
)
FORBIDDEN = dict.fromkeys(("consent", "موافقة", "الموافقة", "opt in", "opted in", "optin"), _NO_CONSENT_HERE)
_LONGEST = {"key": 120, "title": 300, "name": 200, "company": 200, "summary": 4_000, "value": 60}
PURPOSES = frozenset({"offers", "order_updates", "meetings"})
HIGHEST_SCORE = 100


def import_opportunities(
    business_id: str, data: bytes, *, accept_valid: bool, now: datetime, most_rows: int = MAX_ROWS
) -> Report:
    """Import a file. With faults nothing is written unless `accept_valid`, which takes the good rows.

    Written in short commits, so that webhooks and screens are not kept waiting; cut off in the middle, the same file
    again takes the rest (rows are found by their key).
    """
    valid, report, _is_cut = _read(business_id, data, most_rows=most_rows)
    if (report.faults and not accept_valid) or not valid:
        return report
    for part in slices(list(valid.items())):
        with transaction.atomic():
            for key, (row, cell) in part:
                _upsert(business_id, key, row, cell.address, report, now=now)
    with transaction.atomic():
        fill_every_operator(business_id, now=now)
    return report


def fill_every_operator(business_id: str, *, now: datetime) -> None:
    """The best of what came go to phones with room."""
    for operator in operators.active(business_id):
        fill_cards(operator, now=now)


def preview_opportunities(
    business_id: str,
    data: bytes | Glance,
    *,
    now: datetime,
    chosen: Mapping[str, str] | None = None,
) -> Preview:
    """What an import of the good rows would take, and the first of them as they would be stored. Writes nothing.

    chosen: as `table_file.read` takes it.
    """
    valid, report, is_cut = _read(business_id, data, chosen=chosen)
    report.imported = len(valid)
    first = list(valid.values())[:PREVIEWED]
    return Preview(report, _SHOWN_COLUMNS, tuple(_shown(row, cell) for row, cell in first), is_cut)


class OpportunitiesTaken:
    """A file that is taken part by part, each in a transaction of the caller's."""

    rows_a_commit = 10
    """Fewer than the command takes: people work and webhooks come in meanwhile."""

    def __init__(self, business_id: str, data: bytes, *, chosen: Mapping[str, str]) -> None:
        self._business_id = business_id
        valid, report, _is_cut = _read(business_id, data, chosen=chosen)
        self.lines: Lines = by_line(report.faults)
        for key, (row, cell) in valid.items():
            self.lines.setdefault(row.line, []).append((key, row, cell))

    def take(self, found: Sequence[Any], *, now: datetime) -> Report:
        """Import what stands on some lines. found: faults and rows, as `lines` has them."""
        report = Report(faults=[one for one in found if isinstance(one, Fault)])
        for one in found:
            if not isinstance(one, Fault):
                key, row, cell = one
                _upsert(self._business_id, key, row, cell.address, report, now=now)
        return report

    def finish(self, *, now: datetime) -> None:
        fill_every_operator(self._business_id, now=now)


Valid = dict[str, tuple[Row, PhoneCell]]


def _read(
    business_id: str,
    data: bytes | Glance,
    *,
    most_rows: int = MAX_ROWS,
    chosen: Mapping[str, str] | None = None,
) -> tuple[Valid, Report, bool]:
    """The good rows by their key, a report of everything else, and whether rows were left unread."""
    table = read(data, names=COLUMNS, required=REQUIRED, forbidden=FORBIDDEN, most_rows=most_rows, chosen=chosen)
    report, valid, numbers = Report(faults=table.faults), Valid(), Numbers()
    erased, ours = ErasedPeople(business_id), operators.addresses(business_id)
    for row in table.rows:
        cell, found = _check(row)
        if isinstance(cell, PhoneCell):
            numbers.count(cell)
            if erased.has(cell.address):
                report.conflicts += 1
                found.append(row.fault("phone", _ERASED))
            if canonical(cell.address) in ours:
                found.append(row.fault("phone", Text("هذا رقم مشغّل لديكم.", "This is one of your operators' numbers.")))
            key = row.values.get("key") or _key_of(cell.address, row.values["title"])
            if not found and key in valid:
                found = [row.fault("key", _twice(valid[key][0].line))]
            if not found:
                valid[key] = (row, cell)
        report.faults += found
    report.faults.sort(key=lambda fault: fault.line)
    report.assumed, report.warnings = numbers.assumed, numbers.warnings()
    return valid, report, table.is_cut


_SHOWN_COLUMNS = (
    Text("الجوال", "Phone"), Text("الفرصة", "Opportunity"), Text("الاسم", "Name"), Text("الشركة", "Company"),
    Text("القيمة", "Value"), Text("الدرجة", "Score"), Text("الغرض", "Purpose"), Text("تنتهي في", "Expires"),
)  # fmt: skip


def _shown(row: Row, cell: PhoneCell) -> PreviewRow:
    values = {name: plain(value) for name, value in row.values.items()}
    cells = (
        cell.address, values["title"], values.get("name", ""), values.get("company", ""), values.get("value", ""),
        values.get("score", ""), PURPOSE_WORDS[values.get("purpose") or "offers"], values.get("expires_on", ""),
    )  # fmt: skip
    return PreviewRow(row.line, cells, cell.note_words)


_ERASED = Text(
    "أُتلفت بيانات هذا الشخص بطلبه، فلا تُسجَّل عنه فرصة.",
    "This person's data was destroyed at their request; no opportunity is recorded about them.",
)


def _twice(line: int) -> Text:
    return Text(f"مكرر: سبق في السطر {line}.", f"Stands in the file before (line {line}).")


def _key_of(phone: str, title: str) -> str:
    """Files without a key column: the same person and title is the same opportunity."""
    return hashlib.sha256(f"{phone}\n{title}".encode()).hexdigest()[:32]


def _check(row: Row) -> tuple[PhoneCell | None, list[Fault]]:
    faults = [
        row.fault(column, Text(f"أطول من {limit} حرف.", f"Longer than {limit} characters."))
        for column, limit in _LONGEST.items()
        if len(plain(row.values.get(column, ""))) > limit
    ]
    if not plain(row.values["title"]).strip():
        faults.append(row.fault("title", Text("فارغ.", "Empty.")))
    for column, fits, reason in _RULES:
        value = row.values.get(column, "")
        if value and not fits(value):
            faults.append(row.fault(column, reason))
    cell = read_cell(row.values["phone"])
    if isinstance(cell, Text):
        return None, [*faults, row.fault("phone", cell)]
    return cell, faults


def _is_score(value: str) -> bool:
    # Python refuses to read very long numbers, and says so with an exception.
    return value.isdecimal() and len(value) <= len(str(HIGHEST_SCORE)) and int(value) <= HIGHEST_SCORE


def _is_date(value: str) -> bool:
    try:
        as_time(value)
    except ValueError:
        return False
    return True


def _is_text(value: str) -> bool:
    return refuse_text(value) is not TextRefused.TOO_LONG


_RULES: tuple[tuple[str, Callable[[str], bool], Text], ...] = (
    ("score", _is_score, Text("عدد صحيح من 0 إلى 100.", "A whole number from 0 to 100.")),
    ("expires_on", _is_date, Text("تاريخ مثل 2026-12-31.", "A date like 2026-12-31.")),
    ("message", _is_text, Text("أطول من 3,500 حرف.", "Longer than 3,500 characters.")),
    (
        "purpose",
        PURPOSES.__contains__,
        Text("واحد من: offers، order_updates، meetings.", "One of: offers, order_updates, meetings."),
    ),
)


def _upsert(business_id: str, key: str, row: Row, phone: str, report: Report, *, now: datetime) -> None:
    contact = _contact(business_id, row, phone, report, now=now)
    fields = _fields(row, contact)
    existing = Opportunity.objects.filter(business_id=business_id, external_key=key).first()
    # Whoever wrote first, and waits for a decision on that, is who this is about: one question, not two.
    arrived = new_people.undecided_of(contact) if existing is None and contact.last_inbound_at else None
    if arrived is not None:
        for name, value in (fields | {"external_key": key, "source": Source.IMPORT.value, "updated_at": now}).items():
            setattr(arrived, name, value)
        arrived.save()
        close_opportunity_cards([arrived], now=now)
        report.imported += 1
    elif existing is None:
        made = Opportunity.objects.create(
            business_id=business_id, external_key=key, created_at=now, updated_at=now, **fields
        )
        report.made.append(("opportunity", made.id))
        report.imported += 1
    elif existing.state not in {state.value for state in OPEN_STATES} or all(
        getattr(existing, name) == value for name, value in fields.items()
    ):
        report.unchanged += 1
    else:
        for name, value in fields.items():
            setattr(existing, name, value)
        existing.updated_at = now
        existing.save()
        # What is on phones asks about the old facts; the new ones come as a new card.
        close_opportunity_cards([existing], now=now)
        import_runs.is_kept(business_id, existing.id)
        report.updated += 1


def _fields(row: Row, contact: Contact) -> dict[str, object]:
    values = row.values
    expires = values.get("expires_on")
    return {
        "contact": contact,
        "title": plain(values["title"]).strip(),
        "summary": plain(values.get("summary", ""), keep_newlines=True),
        "value": plain(values.get("value", "")),
        "score": int(values["score"]) if values.get("score") else None,
        "purpose": values.get("purpose") or "offers",
        "draft_text": plain(values.get("message", ""), keep_newlines=True).strip(),
        "expires_at": as_time(expires) if expires else None,
    }


def _contact(business_id: str, row: Row, phone: str, report: Report, *, now: datetime) -> Contact:
    """A row in a file never makes a person known; only they, a grant, or recorded evidence do."""
    contact = contacts.find(business_id, phone)
    name, company = plain(row.values.get("name", "")), plain(row.values.get("company", ""))
    if contact is None:
        contact = Contact.objects.create(business_id=business_id, name=name, organisation=company, created_at=now)
        contacts.open_alias(contact, ContactAlias.Kind.PHONE, phone, now=now)
        report.made.append(("contact", contact.id))
    elif (name and contact.name != name) or (company and contact.organisation != company):
        contact.name, contact.organisation = name or contact.name, company or contact.organisation
        contact.save(update_fields=["name", "organisation"])
    return contact
