"""A person's name or organisation was wrong: it is corrected, and a ledger entry may get a note beside it."""

from datetime import datetime

from django.db import transaction

from wakeel.domain.audit import Action
from wakeel.domain.consent import ConsentType
from wakeel.domain.text import bare_line, plain
from wakeel.domain.words import Text
from wakeel.flows import audit
from wakeel.store import consent, contacts
from wakeel.store.models import ConsentEventRow, Contact
from wakeel.store.retry import whole_transaction

LONGEST = 200


@whole_transaction
def correct_name(
    business_id: str, contact_id: str, *, name: str, organisation: str, by: str, now: datetime
) -> Text | None:
    """Change both as given; None when done, else why nothing was changed. Cards that show the old name become stale."""
    with transaction.atomic():
        contact = contacts.lock(business_id, contact_id)
        if contact is None:
            return _NOBODY
        said = bare_line(name)
        if not said or len(said) > LONGEST:
            return _EMPTY
        where = bare_line(organisation)[:LONGEST]
        Contact.objects.filter(pk=contact.pk).update(name=said, organisation=where)
        audit.note(business_id, by=by, action=Action.NAME_CORRECTED, subject=contact.id, now=now)
        return None


@whole_transaction
def annotate_entry(business_id: str, contact_id: str, *, seq: int, note: str, by: str, now: datetime) -> Text | None:
    """Append a `correct` entry beside a ledger entry of this person: entries are never changed, and a note changes no
    state. None when done."""
    with transaction.atomic():
        contact = contacts.lock(business_id, contact_id)
        if contact is None:
            return _NOBODY
        rows = ConsentEventRow.objects.filter(payload__contact__in=contacts.group_of(contact), seq=seq)
        meant = rows.first()
        if meant is None:
            return _NO_ENTRY
        if not plain(note, keep_newlines=True).strip():
            return _NO_NOTE
        consent.append(
            business_id, contact_id=contact.id, type=ConsentType.CORRECT, address="*", at=now, recorded_at=now,
            source="rights_request", actor=f"user:{by}",
            details={"corrects": meant.id, "note": plain(note, keep_newlines=True).strip()},
        )  # fmt: skip
        return None


_NOBODY = Text("جهة الاتصال غير موجودة، أو أُتلفت بياناتها.", "There is no such contact, or their data was destroyed.")
_EMPTY = Text("اكتب الاسم، في 200 حرف على الأكثر.", "Write the name, 200 letters at most.")
_NO_ENTRY = Text("لا قيد بهذا الرقم لهذا الشخص.", "This person has no entry with this number.")
_NO_NOTE = Text("اكتب الملاحظة.", "Write the note.")
