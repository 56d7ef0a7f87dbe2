"""One person behind several spellings of a number."""

import pytest

from tests import rows
from wakeel.domain.consent import Standing, state_of
from wakeel.domain.events import Sender
from wakeel.store import contacts, operators, person_facts
from wakeel.store.models import Contact, ContactAlias

pytestmark = pytest.mark.django_db

TYPED, WRITTEN = "+525512345678", "5215512345678"


def writes(firm: rows.Firm, wa_id: str | None = WRITTEN, *, bsuid: str | None = None) -> Contact:
    return contacts.keep(firm.business.id, Sender(wa_id=wa_id, bsuid=bsuid, name="Ana"), now=rows.T0)


def test_an_imported_number_and_the_id_that_writes_are_one_contact():
    firm = rows.firm()
    imported = rows.contact(firm, phone=TYPED)
    assert writes(firm) == imported
    assert Contact.objects.count() == 1


def test_answers_go_to_the_id_that_wrote():
    firm = rows.firm()
    imported = rows.contact(firm, phone=TYPED)
    writes(firm)
    assert contacts.address_of(imported.id) == f"+{WRITTEN}"
    assert contacts.find(firm.business.id, TYPED) == imported, "the next import finds them still"
    assert ContactAlias.objects.count() == 1, "nobody's number changed"


def test_a_person_who_wrote_is_found_by_the_number_that_is_typed_later():
    firm = rows.firm()
    contact = writes(firm)
    assert contacts.find(firm.business.id, TYPED) == contact
    assert contacts.address_of(contact.id) == f"+{WRITTEN}", "typing it moves nothing"


def test_a_bsuid_seen_with_the_other_spelling_binds_to_the_same_person():
    firm = rows.firm()
    imported = rows.contact(firm, phone=TYPED)
    assert writes(firm, bsuid="MX.ana") == imported
    assert contacts.find(firm.business.id, "MX.ana") == imported


def test_a_stop_reaches_both_records_of_one_number():
    """Two rows that an older version made: what the person says counts for each of them."""
    firm = rows.firm()
    both = {rows.contact(firm, phone=TYPED).id, rows.contact(firm, "Ana", phone=f"+{WRITTEN}").id}
    found = contacts.all_of(firm.business.id, Sender(wa_id=WRITTEN, bsuid=None, name=""))
    assert {contact.id for contact in found} == both


def test_of_two_records_the_very_spelling_is_found_first():
    firm = rows.firm()
    typed, written = rows.contact(firm, phone=TYPED), rows.contact(firm, "Ana", phone=f"+{WRITTEN}")
    assert contacts.find(firm.business.id, TYPED) == typed
    assert contacts.find(firm.business.id, f"+{WRITTEN}") == written


def test_a_closed_number_is_closed_in_every_spelling():
    firm = rows.firm()
    imported = rows.contact(firm, phone=TYPED)
    contacts.close(imported.id, f"+{WRITTEN}", now=rows.T0)
    assert contacts.find(firm.business.id, TYPED) is None


def test_an_operators_phone_is_no_contacts_in_any_spelling():
    firm = rows.firm()
    rows.operator(firm, wa_id=WRITTEN)
    assert operators.is_operator_address(firm.business.id, TYPED)
    assert not operators.is_operator_address(firm.business.id, "+525512345679")


def test_another_business_sees_nothing_of_it():
    ours, theirs = rows.firm(), rows.firm("Otra", phone_number_id="105500000000009")
    rows.contact(ours, phone=TYPED)
    assert contacts.find(theirs.business.id, f"+{WRITTEN}") is None


def test_a_consent_under_one_spelling_stands_under_the_other():
    firm = rows.firm()
    imported = rows.contact(firm, phone=TYPED)
    rows.grant(imported)
    writes(firm)
    person = person_facts.people([imported.id])[imported.id]
    state = state_of(person.events, category="marketing", purpose="offers", subject=person.subject, as_of=rows.T0)
    assert state.standing is Standing.ACTIVE
