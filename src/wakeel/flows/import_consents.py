"""Consents from a CSV file, each row with its evidence; rows not collected directly from the person are refused."""

from datetime import datetime

from django.db import transaction

from wakeel.domain.consent import ConsentType
from wakeel.domain.keywords import fold
from wakeel.domain.words import Text
from wakeel.flows.phone_numbers import BadNumber, to_e164
from wakeel.flows.record_consent import RefusedConsent, grant
from wakeel.flows.table_file import Fault, Report, Row, as_time, read, slices
from wakeel.store import contacts, operators
from wakeel.store.models import ConsentEventRow, Contact, ContactAlias

COLUMNS: dict[str, tuple[str, ...]] = {
    "phone": ("الجوال", "رقم الجوال", "mobile"),
    "name": ("الاسم", "contact name"),
    "categories": ("الأنواع", "النوع", "category"),
    "purpose": ("الغرض",),
    "happened_at": ("وقت الموافقة", "تاريخ الموافقة", "date"),
    "wording": ("نص الموافقة", "الصيغة"),
    "evidence": ("الدليل", "proof"),
    "collected_directly": ("من الشخص مباشرة", "collected directly"),
}
_REQUIRED = frozenset(COLUMNS) - {"name"}
_YES = {fold(word) for word in ("yes", "true", "نعم", "1")}


def import_consents(business_id: str, data: bytes, *, accept_valid: bool, now: datetime) -> Report:
    """Record a file of grants through the ledger. With faults nothing is written unless `accept_valid`."""
    rows, faults = read(data, names=COLUMNS, required=_REQUIRED, forbidden={})
    report = Report(faults=faults)
    if not accept_valid:
        report.faults += _try_out(business_id, rows, now=now)
        if report.faults:
            return report
    for part in slices(rows):
        with transaction.atomic():
            found = [_record(business_id, row, report, now=now) for row in part]
        report.faults += [fault for fault in found if fault is not None]
    return report


def _try_out(business_id: str, rows: list[Row], *, now: datetime) -> list[Fault]:
    """Every fault of the file, found by the very flow that would write it; nothing is kept."""
    faults = []
    for part in slices(rows):
        with transaction.atomic():
            faults += [fault for row in part if (fault := _record(business_id, row, Report(), now=now)) is not None]
            transaction.set_rollback(True)
    return faults


def _record(business_id: str, row: Row, report: Report, *, now: datetime) -> Fault | None:
    values = row.values
    if fold(values["collected_directly"]) not in _YES:
        return row.fault("collected_directly", _NOT_DIRECT)
    try:
        phone = to_e164(values["phone"])
        happened_at = as_time(values["happened_at"])
    except BadNumber:
        return row.fault("phone", Text("رقم غير صالح.", "Not a valid mobile number."))
    except ValueError:
        return row.fault("happened_at", Text("وقت مثل 2026-06-01T10:00.", "A time like 2026-06-01T10:00."))
    if operators.is_operator_address(business_id, phone):
        return row.fault("phone", Text("هذا رقم مشغّل لديكم.", "This is one of your operators' numbers."))
    contact = contacts.find(business_id, phone) or _new_contact(business_id, values["name"], phone, now=now)
    if _is_recorded(contact, values["evidence"], happened_at):
        report.unchanged += 1
        return None
    recorded = grant(
        contact, categories=[part.strip() for part in values["categories"].replace("،", ",").split(",")],
        purpose=values["purpose"], happened_at=happened_at, source="import_file", wording=values["wording"],
        evidence=values["evidence"], actor="import", type=ConsentType.IMPORT, now=now,
    )  # fmt: skip
    if isinstance(recorded, RefusedConsent):
        return row.fault(recorded.field if recorded.field != "contact" else "phone", recorded.reason)
    report.imported += 1
    return None


_NOT_DIRECT = Text(
    "الموافقة التي لم تؤخذ من الشخص مباشرة لا تسمح بالمراسلة. اكتب «نعم» فقط إن أُخذت منه مباشرة.",
    "A consent that was not given to you directly does not allow messages. Write “yes” only if it was.",
)


def _new_contact(business_id: str, name: str, phone: str, *, now: datetime) -> Contact:
    contact = Contact.objects.create(business_id=business_id, name=name[:200], created_at=now)
    contacts.open_alias(contact, ContactAlias.Kind.PHONE, phone, now=now)
    return contact


def _is_recorded(contact: Contact, evidence: str, happened_at: datetime) -> bool:
    """The same file twice changes nothing."""
    rows = ConsentEventRow.objects.filter(contact=contact, type=ConsentType.IMPORT, at=happened_at)
    return rows.filter(proof_ref=evidence.strip()).exists()
