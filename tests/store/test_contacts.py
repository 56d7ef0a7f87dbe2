"""One person behind several spellings of a number."""

from datetime import datetime

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


# whose address it was, when


def kept(firm: rows.Firm, minute: int, wa_id: str | None, bsuid: str | None) -> Contact:
    sender = Sender(wa_id=wa_id, bsuid=bsuid, name="Ana")  # type: ignore[arg-type]
    return contacts.keep(firm.business.id, sender, at=rows.T0 + minute * rows.MINUTE, now=rows.T0 + rows.HOUR)


def intervals() -> dict[str, tuple[int | None, int | None]]:
    """Of every alias: from which minute to which."""

    def minute(moment: datetime | None) -> int | None:
        return None if moment is None else round((moment - rows.T0) / rows.MINUTE)

    found = ContactAlias.objects.order_by("id")
    return {row.value: (minute(row.valid_from), minute(row.valid_to)) for row in found}


def test_an_address_is_theirs_from_the_first_thing_they_said_not_from_its_arrival():
    firm = rows.firm()
    assert kept(firm, 7, WRITTEN, "MX.ana") == kept(firm, 3, WRITTEN, "MX.ana") == kept(firm, 5, None, "MX.ana")
    assert intervals() == {f"+{WRITTEN}": (3, None), "MX.ana": (3, None)}


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0), (2, 0, 1)], ids=str)
def test_a_phone_is_whose_it_was_when_they_wrote(order: tuple[int, ...]):
    """It changed hands at minute 20; what comes late from before is the former owner's."""
    firm = rows.firm()
    said = [(1, "MX.former"), (3, "MX.former"), (20, "MX.owner")]
    people = {place: kept(firm, said[place][0], WRITTEN, said[place][1]) for place in order}
    assert people[0] == people[1] != people[2]
    phones = ContactAlias.objects.filter(value=f"+{WRITTEN}").order_by("valid_from")
    assert [row.contact for row in phones] == [people[0], people[2]]
    assert [row.valid_from for row in phones] == [rows.T0 + rows.MINUTE, rows.T0 + 20 * rows.MINUTE]
    assert [row.valid_to for row in phones] == [rows.T0 + 20 * rows.MINUTE, None]


def test_a_closed_bsuid_still_is_its_person():
    firm = rows.firm()
    contact = kept(firm, 1, None, "MX.ana")
    contacts.close(contact.id, "MX.ana", now=rows.T0 + 10 * rows.MINUTE)
    assert kept(firm, 5, None, "MX.ana") == kept(firm, 15, None, "MX.ana") == contact
    assert intervals() == {"MX.ana": (1, 10)}


def test_where_somebody_was_is_asked_of_the_moment():
    firm = rows.firm()
    contact = kept(firm, 1, WRITTEN, "MX.ana")
    contacts.open_alias(contact, contacts.PHONE, "+525512340000", now=rows.T0 + 10 * rows.MINUTE)
    assert contacts.address_at(contact.id, rows.T0 + 5 * rows.MINUTE) == f"+{WRITTEN}"
    assert contacts.address_at(contact.id, rows.T0 + 15 * rows.MINUTE) == "+525512340000"
    assert contacts.address_at(contact.id, None) == "+525512340000"
    assert contacts.address_at(contact.id, rows.T0 - rows.DAY) == "+525512340000", "nobody knows: where they are now"


def test_of_two_merged_records_each_was_at_its_own_address():
    """A consent stays with the address it was given for."""
    firm = rows.firm()
    by_phone, by_bsuid = rows.contact(firm, phone=TYPED), rows.contact(firm, "Ana", phone=None, bsuid="MX.ana")
    contacts.join(by_phone, by_bsuid)
    assert contacts.address_at(by_bsuid.id, rows.T0) == "MX.ana"
    assert contacts.address_at(by_phone.id, rows.T0) == TYPED


def test_a_record_without_an_address_is_reached_where_the_one_that_speaks_for_it_is():
    firm = rows.firm()
    speaks, other = rows.contact(firm, phone=TYPED), rows.contact(firm, "Ana", phone=None, last_inbound_at=None)
    assert contacts.address_of(other.id) is None
    contacts.join(speaks, other)
    assert contacts.address_of(other.id) == TYPED
    assert person_facts.people([other.id])[other.id].recipient(TYPED).address_current
    contacts.move_window(speaks, to=rows.T0)
    contacts.hold(speaks, None)
    other.refresh_from_db()
    assert (other.last_inbound_at, other.identity_hold) == (rows.T0, True)


def test_free_days_go_with_the_way_in_which_they_wrote():
    """They came by an advertisement as one record and are answered as the other: the bill is one person's."""
    firm = rows.firm()
    kept, joined = rows.contact(firm, phone=TYPED), rows.contact(firm, "Ana", phone=None, bsuid="MX.ana")
    Contact.objects.filter(pk=joined.pk).update(referred_at=rows.T0, free_until=rows.T0 + 3 * rows.DAY)
    joined.refresh_from_db()
    contacts.join(kept, joined)
    contacts.share(kept, joined)
    kept.refresh_from_db()
    assert (kept.referred_at, kept.free_until) == (rows.T0, rows.T0 + 3 * rows.DAY)
