"""Appending to the ledger: what is chained, what is sealed, what is computed beside it."""

import json
from datetime import timedelta

import pytest

from tests import rows
from tests.rows import DAY, HOUR, T0
from wakeel.domain import chain
from wakeel.domain.consent import ConsentType, Standing
from wakeel.store import consent, contacts
from wakeel.store.consent import NewFile
from wakeel.store.entries import ENTRY_FIELDS, commitment, entry_of
from wakeel.store.keyring import keyring
from wakeel.store.models import (
    ConsentEventRow,
    ConsentPayload,
    ConsentStanding,
    Contact,
    EvidenceFile,
    LedgerHead,
    SubjectKey,
    Wording,
)

pytestmark = pytest.mark.django_db
PHONE = "+966509722233"
EVIDENCE = "نموذج الموقع رقم 17"


@pytest.fixture
def firm() -> rows.Firm:
    return rows.firm()


@pytest.fixture
def person(firm: rows.Firm) -> Contact:
    return rows.contact(firm, phone=PHONE)


def test_every_column_of_an_entry_is_covered_by_its_mac():
    columns = {field.name for field in ConsentEventRow._meta.fields} - {"mac", "business"}
    assert set(ENTRY_FIELDS) == columns
    assert {"business", "chain", *columns} == set(json.loads(entry_of(ConsentEventRow(business_id="b", purposes=None))))


def test_entries_are_chained_one_to_the_next(person: Contact):
    key = keyring().chain[1]
    first, second = rows.grant(person), rows.withdrawal(person)
    assert bytes(first.mac) == chain.row_mac(key, chain.ZERO_MAC, entry_of(first))
    assert bytes(second.mac) == chain.row_mac(key, bytes(first.mac), entry_of(second))
    head = LedgerHead.objects.get(chain="consent")
    assert (head.chain, head.last_seq, bytes(head.last_mac)) == ("consent", 2, bytes(second.mac))


def test_an_entry_read_back_says_what_was_written(person: Contact):
    """Times, lists and nulls come back from both databases exactly as the MAC covered them."""
    odd = T0.astimezone(rows.T0.tzinfo) + timedelta(microseconds=7)
    written = rows.grant(person, at=odd, expires_at=T0 + 90 * DAY, notice_version="2026-11", language="ar")
    read = ConsentEventRow.objects.get()
    assert entry_of(read) == entry_of(written)
    assert json.loads(entry_of(read))["at"] == "2026-11-22T09:00:00.000007+00:00"


def test_nothing_personal_stands_in_an_entry(person: Contact):
    row = rows.grant(person, wamid="wamid.SECRET")
    said = " ".join(str(getattr(row, field.attname)) for field in ConsentEventRow._meta.fields)
    for secret in (PHONE, PHONE[1:], EVIDENCE, "opr_test", "SECRET", person.id):
        assert secret not in said
        assert secret.encode() not in bytes(ConsentPayload.objects.get().sealed)


def test_what_was_sealed_is_read_with_the_persons_key(person: Contact):
    row = rows.grant(person, wamid="wamid.1", details={"note": "في المعرض"})
    details = consent.details_of(row)
    assert details["address"] == PHONE
    assert (details["actor"], details["evidence"], details["wamid"], details["note"]) == (
        "opr_test", EVIDENCE, "wamid.1", "في المعرض",
    )  # fmt: skip
    assert row.proof_ref == "text"


def test_without_the_persons_key_nothing_is_read_and_the_state_stands(person: Contact):
    """Erasure destroys the key first; reading must not fail for what others still ask of the row."""
    row = rows.grant(person)
    SubjectKey.objects.all().delete()
    assert consent.details_of(row) == {}
    assert consent.as_event(row).address == keyring().address_token(PHONE)


def test_a_payload_cannot_be_moved_to_another_entry(person: Contact):
    first, second = rows.grant(person), rows.withdrawal(person)
    ConsentPayload.objects.filter(event=first).update(sealed=bytes(second.payload.sealed))
    assert consent.details_of(first) == {}
    assert consent.details_of(second)["evidence"] == "إيقاف"


def test_the_entry_commits_to_its_payload(person: Contact):
    row = rows.withdrawal(person, occurrence="wamid.1")
    payload = ConsentPayload.objects.get()
    said = commitment(bytes(payload.sealed), address_token=payload.address_token, occurrence=payload.occurrence)
    assert row.payload_commitment == said
    assert said != commitment(bytes(payload.sealed), address_token="", occurrence=payload.occurrence)
    assert said != commitment(bytes(payload.sealed), address_token=payload.address_token, occurrence=None)


def test_one_happening_is_recorded_once(person: Contact):
    first = rows.withdrawal(person, occurrence="wamid.1")
    again = rows.withdrawal(person, occurrence="wamid.1", at=T0)
    assert again == first
    assert consent.recorded(person.id, "wamid.1") == first
    assert ConsentEventRow.objects.count() == LedgerHead.objects.get(chain="consent").last_seq == 1


def test_one_happening_may_concern_two_people(firm: rows.Firm, person: Contact):
    other = rows.contact(firm, "نورة", phone="+966509722234")
    rows.withdrawal(person, occurrence="wamid.1")
    rows.withdrawal(other, occurrence="wamid.1")
    assert ConsentEventRow.objects.count() == 2
    assert consent.recorded(other.id, "wamid.2") is None


def test_the_wording_is_kept_once(person: Contact):
    rows.grant(person, wording="أوافق على تلقي العروض", language="ar")
    row = rows.grant(person, wording="أوافق على تلقي العروض", at=T0)
    kept = Wording.objects.get()
    assert (kept.sha256, kept.text, kept.language) == (row.wording_sha256, "أوافق على تلقي العروض", "ar")


def test_an_evidence_file_is_sealed_and_named_by_the_entry(person: Contact):
    scan = b"%PDF-1.7 signed by hand"
    row = rows.grant(person, evidence="", evidence_file=NewFile("application/pdf", scan, "موافقة.pdf"))
    kept = EvidenceFile.objects.get()
    assert row.proof_ref == kept.id
    assert scan not in bytes(kept.sealed)
    details = consent.details_of(row)
    assert details["evidence_name"] == "موافقة.pdf"
    assert len(details["evidence_sha256"]) == 64


def test_twins_of_one_number_give_one_token(firm: rows.Firm):
    """WhatsApp writes some Mexican numbers with an extra 1: a STOP from there is theirs."""
    person = rows.contact(firm, phone="+525512345678")
    rows.grant(person, at=T0 - 2 * DAY)
    rows.withdrawal(person, address="+5215512345678")
    assert standing_of(person) == Standing.OPTED_OUT


def test_each_business_has_its_own_sequence(person: Contact):
    other = rows.contact(rows.firm("ثانية", phone_number_id="105500000000009"), phone=PHONE)
    assert [row.seq for row in (rows.grant(person), rows.grant(other), rows.withdrawal(person))] == [1, 1, 2]


# The stored standing, kept in the same transaction.


def standing_of(person: Contact, category: str = "marketing") -> str | None:
    row = ConsentStanding.objects.filter(contact=person, category=category, purpose="offers").first()
    return row.standing if row else None


def test_the_stored_standing_follows_each_entry(person: Contact):
    rows.grant(person)
    assert (standing_of(person), standing_of(person, "utility")) == (Standing.ACTIVE, Standing.ACTIVE)
    rows.withdrawal(person, categories=["marketing"])
    assert (standing_of(person), standing_of(person, "utility")) == (Standing.OPTED_OUT, Standing.ACTIVE)
    assert set(ConsentStanding.objects.values_list("seq", flat=True)) == {2}


def test_a_person_without_a_grant_has_no_stored_standing(person: Contact):
    rows.withdrawal(person)
    assert not ConsentStanding.objects.exists()


def test_the_stored_standing_knows_its_end(person: Contact):
    row = rows.grant(person, expires_at=T0 + DAY)
    stored = ConsentStanding.objects.get(category="marketing")
    assert (stored.standing, stored.valid_until, stored.grant_event) == ("active", T0 + DAY, row.id)


def test_a_stop_from_a_shared_number_reaches_whoever_has_it_now(firm: rows.Firm, person: Contact):
    """Withdrawals act on the address: the number moved to another record, its stored standing must follow."""
    rows.grant(person)
    contacts.close(person.id, PHONE, now=T0 - 3 * DAY)
    heir = rows.contact(firm, "نورة", phone=PHONE)
    rows.grant(heir, at=T0 - 2 * DAY)
    assert standing_of(heir) == Standing.ACTIVE
    rows.withdrawal(person, address=PHONE)
    assert standing_of(heir) == Standing.OPTED_OUT


def test_a_new_address_takes_its_stops_along(firm: rows.Firm, person: Contact):
    rows.grant(person, address=PHONE)
    other = rows.contact(firm, "نورة", phone="+966500000009")
    rows.withdrawal(other)
    contacts.close(other.id, "+966500000009", now=T0)
    contacts.open_alias(person, contacts.BSUID, "SA.person", now=T0)
    assert standing_of(person) == Standing.ACTIVE
    contacts.open_alias(person, contacts.PHONE, "+966500000009", now=T0)
    assert standing_of(person) == Standing.OPTED_OUT


def test_a_grant_ends_with_its_address(person: Contact):
    """Grants stay with the address they were given from."""
    rows.grant(person)
    contacts.open_alias(person, contacts.PHONE, "+966500000010", now=T0)
    assert standing_of(person) == Standing.NONE


def test_merged_records_stand_as_one(firm: rows.Firm, person: Contact):
    """Withdrawals of either side apply to the merged person on every address."""
    rows.grant(person)
    other = rows.contact(firm, "مريم ق", phone="+966500000011")
    Contact.objects.filter(pk=other.pk).update(merged_into=person)
    rows.withdrawal(other)
    assert standing_of(person) == Standing.OPTED_OUT


def test_a_late_end_counts_although_clocks_differ(person: Contact):
    """An `expire` dated a minute ahead would flip the answer without a new entry: the stored one has it already."""
    grant = rows.grant(person)
    rows.withdrawal(
        person, type=ConsentType.EXPIRE, grant_id=grant.id, at=T0 + timedelta(minutes=1), recorded_at=T0,
        categories=["marketing"],
    )  # fmt: skip
    assert standing_of(person) == Standing.EXPIRED


def test_a_date_far_ahead_does_not_end_a_consent_early(person: Contact):
    """A future stamp is clamped to the recording, it is no reason to look into the future."""
    rows.grant(person, at=T0 + 300 * DAY, recorded_at=T0 - HOUR, expires_at=T0 + 200 * DAY)
    assert standing_of(person) == Standing.ACTIVE
