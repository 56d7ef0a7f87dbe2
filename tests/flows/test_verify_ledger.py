"""`ledger-verify`: whatever is changed behind the triggers' back is found and named, and nothing else."""

import secrets
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection

from tests import rows
from tests.keys import own_keys, started_again
from tests.rows import DAY, HOUR, T0
from wakeel.domain.consent import ConsentType
from wakeel.domain.reasons import Answer
from wakeel.flows import verify_standings
from wakeel.flows.anchor_ledger import anchor
from wakeel.flows.verify_ledger import Report, verify
from wakeel.store import contacts
from wakeel.store.consent import NewFile, refresh_standing
from wakeel.store.entries import commitment
from wakeel.store.key_files import KeyRefused
from wakeel.store.models import (
    Business,
    ConsentEventRow,
    ConsentPayload,
    ConsentStanding,
    Contact,
    EvidenceFile,
    LedgerHead,
    SubjectKey,
    VerdictRow,
    Wording,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def anchors(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Keys and anchors of this test alone."""
    monkeypatch.setenv("WAKEEL_ANCHORS_DIR", str(tmp_path / "anchors"))
    with own_keys(tmp_path / "keys"):
        yield tmp_path / "anchors"


@pytest.fixture
def firm(anchors: Path) -> rows.Firm:
    """Seven entries of three people: grants, a file, a stop, a second business beside it."""
    made = rows.firm()
    people = [rows.contact(made, name, phone=f"+96650000010{n}") for n, name in enumerate(("مريم", "نورة", "سعد"))]
    for person in people:
        rows.grant(person, wording="أوافق على تلقي العروض", language="ar")
    rows.withdrawal(people[0], occurrence="wamid.1", recorded_at=T0 - HOUR / 2)
    rows.grant(people[1], evidence="", evidence_file=NewFile("application/pdf", b"%PDF-1.7"), at=T0 - 2 * DAY)
    rows.withdrawal(people[2], categories=["marketing"], at=None, recorded_at=T0)
    rows.grant(people[1], at=T0 - HOUR, expires_at=T0 + DAY)
    other = rows.firm("ثانية", phone_number_id="105500000000009")
    rows.grant(rows.contact(other, phone="+966500000999"))
    return made


def row(seq: int, firm: rows.Firm) -> ConsentEventRow:
    return ConsentEventRow.objects.get(business=firm.business, seq=seq)


def run(sql: str, *values: object) -> None:
    """By hand, as somebody with the database would; the suite's database has no triggers."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def report(**options: object) -> Report:
    return verify(now=T0, **options)  # type: ignore[arg-type]


def faults(**options: object) -> list[tuple[int | None, str]]:
    """What was found, as place and English words."""
    return [(finding.seq, finding.what.en) for finding in report(**options).findings]


def test_an_untouched_ledger_is_intact(firm: rows.Firm):
    found = report()
    assert (found.findings, found.total) == ((), 0)
    assert (found.entries, found.people) == (8, 4)
    assert found.summary.en == "the consent ledger is intact: 8 entries, 0 anchors, 4 people"


def test_an_empty_deployment_is_intact(anchors: Path):
    assert report().total == 0


EDITS: list[tuple[str, str]] = [
    ("type", "'grant'"), ("at", "recorded_at"), ("recorded_at", "at"), ("categories", "'[\"marketing\"]'"),
    ("purposes", "'[\"everything\"]'"), ("explicit", "NOT explicit"), ("collected_directly", "NOT collected_directly"),
    ("source", "'web_form'"), ("clock", "'device'"), ("grant_id", "'cns_x'"), ("withdraw_id", "'cns_x'"),
    ("language", "'fr'"), ("proof_ref", "'scan'"), ("notice_version", "'2'"), ("lawful_basis", "'agreement'"),
    ("expires_at", "recorded_at"), ("needs_confirmation", "NOT needs_confirmation"), ("channel", "'*'"),
]  # fmt: skip


@pytest.mark.parametrize(("column", "value"), EDITS)
def test_one_edited_column_of_one_entry_is_named(firm: rows.Firm, column: str, value: str):
    """Entry 4 is the withdrawal that somebody would like to be rid of."""
    cast = "::jsonb" if connection.vendor == "postgresql" and value.startswith("'[") else ""
    run(f"UPDATE consent_event SET {column} = {value}{cast} WHERE id = %s", row(4, firm).id)
    place = [finding for finding in report().findings if finding.seq == 4]
    assert place[0].id == row(4, firm).id
    assert place[0].business == firm.business.id
    assert place[0].what.en == "this entry was changed, or put in by hand."
    assert not [finding for finding in report().findings if finding.seq not in {4, None}], "and no other entry"


def test_a_deleted_entry_is_named(firm: rows.Firm):
    gone = row(4, firm)
    ConsentPayload.objects.filter(event=gone).delete()
    run("DELETE FROM consent_event WHERE id = %s", gone.id)
    assert faults()[0] == (4, "entries 4 are gone; this is what stands after them.")


def test_a_cut_tail_is_named_by_the_head(firm: rows.Firm):
    cut(firm, after=5)
    assert (5, "the end was cut off: the last entry is 5, the head says 7.") in faults()


def test_a_cut_tail_with_a_mended_head_is_named_by_the_anchor(firm: rows.Firm):
    """The database alone now looks perfect; only what was kept outside of it knows better."""
    assert anchor(firm.business.id, real_now=T0) is not None
    cut(firm, after=5)
    mend_head(firm)
    assert faults() == [(7, "the end was cut off: entries up to 7 were anchored, the last one now is 5.")]


def test_a_cut_tail_with_a_mended_head_is_named_by_what_was_decided_on_it(firm: rows.Firm):
    """Nothing is anchored yet; the gate wrote down how far the ledger reached when it answered."""
    VerdictRow.objects.create(
        business=firm.business,
        phase="plan",
        answer=Answer.BLOCK,
        code="OPTED_OUT",
        policy_version="1",
        ledger_seq=7,
        at=T0,
    )
    assert faults() == []
    cut(firm, after=5)
    mend_head(firm)
    assert faults() == [(5, "the end was cut off: entries up to 7 were read once, the last one now is 5.")]


def test_a_ledger_that_went_with_its_business_is_named(firm: rows.Firm, anchors: Path):
    anchor(firm.business.id, real_now=T0)
    stray = anchors / "biz_gone.jsonl"
    stray.write_bytes((anchors / f"{firm.business.id}.jsonl").read_bytes())
    [finding] = report().findings
    assert (finding.business, finding.id) == ("biz_gone", "biz_gone.jsonl")
    assert finding.what.en == "this ledger was anchored, and its business is not in the database."


def test_a_history_that_grew_again_after_a_cut_is_named_by_the_anchor(firm: rows.Firm):
    """Somebody with the keys wrote other entries in the place of those that were cut off."""
    anchor(firm.business.id, real_now=T0 - DAY)
    cut(firm, after=5)
    mend_head(firm)
    person = Contact.objects.filter(business=firm.business).first()
    assert person is not None
    for minutes in range(4):
        rows.withdrawal(person, at=T0 + timedelta(minutes=minutes))
    assert faults() == [(7, "entries 1–7 are not what they were when this line was written.")]


def test_the_anchors_say_between_which_entries_to_look(firm: rows.Firm):
    anchor(firm.business.id, real_now=T0 - DAY)
    person = Contact.objects.get(business=firm.business, name="سعد")
    rows.withdrawal(person, at=T0 - timedelta(minutes=3))
    anchor(firm.business.id, real_now=T0)
    rewrite_with_the_key(row(8, firm), source="web_form")
    assert faults() == [(8, "entries 8 are not what they were when this line was written.")]


def test_swapped_entries_are_both_named(firm: rows.Firm):
    one, two = row(3, firm), row(4, firm)
    run("UPDATE consent_event SET seq = 1000 WHERE id = %s", one.id)
    run("UPDATE consent_event SET seq = 3 WHERE id = %s", two.id)
    run("UPDATE consent_event SET seq = 4 WHERE id = %s", one.id)
    named = {(finding.seq, finding.id) for finding in report().findings if finding.seq is not None}
    assert {(3, two.id), (4, one.id)} <= named


def test_an_entry_put_in_with_a_guessed_mac_is_named(firm: rows.Firm):
    """At the end, with payload and head as they should be: only the key is missing to whoever did it."""
    forged = row(4, firm)
    payload = ConsentPayload.objects.get(event=forged)
    forged.id, forged.seq, forged.type = "cns_forged", 8, ConsentType.GRANT.value
    forged.mac = secrets.token_bytes(32)
    forged.save(force_insert=True)
    payload.event, payload.occurrence = forged, None
    said = commitment(payload.sealed, address_token=payload.address_token, occurrence=None)
    ConsentEventRow.objects.filter(pk=forged.pk).update(payload_commitment=said)
    payload.save(force_insert=True)
    mend_head(firm)
    assert (8, "this entry was changed, or put in by hand.") in faults()


@pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite has INSERT OR REPLACE")
def test_a_replaced_entry_is_named(firm: rows.Firm):
    """`INSERT OR REPLACE` walks past delete triggers."""
    columns = [field.column for field in ConsentEventRow._meta.fields]
    wanted = ["'keyword_start_confirmed'" if column == "source" else column for column in columns]
    run("PRAGMA foreign_keys = OFF")
    run(
        f"INSERT OR REPLACE INTO consent_event ({', '.join(columns)}) SELECT {', '.join(wanted)} "
        "FROM consent_event WHERE id = %s",
        row(4, firm).id,
    )
    assert faults()[0] == (4, "this entry was changed, or put in by hand.")


def test_a_removed_head_is_named(firm: rows.Firm):
    LedgerHead.objects.filter(business=firm.business).delete()
    assert faults() == [(7, "the ledger's head row is gone.")]


def test_a_head_set_back_is_named(firm: rows.Firm):
    LedgerHead.objects.filter(business=firm.business).update(last_seq=6, last_mac=bytes(row(6, firm).mac))
    assert faults() == [(7, "entries stand after the head (6).")]


def test_a_changed_head_mac_is_named(firm: rows.Firm):
    """The next entry would be chained to something that was never written."""
    LedgerHead.objects.filter(business=firm.business).update(last_mac=secrets.token_bytes(32))
    assert faults() == [(7, "the head does not match the last entry.")]


def test_an_edited_entry_disagrees_with_the_anchor_too(firm: rows.Firm):
    """Whoever has no chain key finds it with the anchor alone."""
    anchor(firm.business.id, real_now=T0)
    run("UPDATE consent_event SET source = 'web_form' WHERE id = %s", row(4, firm).id)
    assert faults() == [
        (4, "this entry was changed, or put in by hand."),
        (7, "entries 1–7 are not what they were when this line was written."),
    ]


# Beside the entries.


def test_a_payload_given_to_somebody_else_is_named(firm: rows.Firm):
    other = Contact.objects.get(business=firm.business, name="سعد")
    run("UPDATE consent_payload SET contact_id = %s WHERE event_id = %s", other.id, row(4, firm).id)
    assert (4, "its payload was given to another person.") in faults()


@pytest.mark.parametrize("column", ["sealed", "address_token", "occurrence"])
def test_a_changed_payload_is_named(firm: rows.Firm, column: str):
    stranger = ConsentPayload.objects.get(event__business=firm.business, event__seq=2)
    value = {"sealed": bytes(stranger.sealed), "address_token": stranger.address_token, "occurrence": None}[column]
    run(f"UPDATE consent_payload SET {column} = %s WHERE event_id = %s", value, row(4, firm).id)
    assert (4, "its payload was changed or exchanged.") in faults()


def test_a_payload_removed_without_an_erasure_is_named(firm: rows.Firm):
    ConsentPayload.objects.filter(event=row(4, firm)).delete()
    assert (4, "its payload is gone, and no erase entry says why.") in faults()


def test_an_erased_person_is_no_fault(firm: rows.Firm):
    person = Contact.objects.get(business=firm.business, name="مريم")
    rows.withdrawal(person, type=ConsentType.ERASE, categories=["*"], address="*", at=T0)
    ConsentPayload.objects.filter(contact=person).delete()
    SubjectKey.objects.filter(subject_ref=row(1, firm).subject_ref).delete()
    refresh_standing([person.id], now=T0)
    assert faults() == []


def test_what_came_after_an_erasure_is_not_covered_by_it(firm: rows.Firm):
    person = Contact.objects.get(business=firm.business, name="مريم")
    rows.withdrawal(person, type=ConsentType.ERASE, categories=["*"], address="*", at=T0)
    late = rows.withdrawal(person, at=T0)
    ConsentPayload.objects.filter(contact=person).delete()
    assert faults()[0] == (late.seq, "its payload is gone, and no erase entry says why.")


def test_a_changed_wording_is_named_with_an_entry_that_rests_on_it(firm: rows.Firm):
    Wording.objects.filter(business=firm.business).update(text="أوافق على كل شيء")
    assert [fault for fault in faults() if "wording" in fault[1]] == [
        (seq, "the wording it names was changed.") for seq in (1, 2, 3)
    ]
    Wording.objects.all().delete()
    assert (1, "the wording it names is gone.") in faults()


def test_a_changed_or_removed_evidence_file_is_named(firm: rows.Firm):
    EvidenceFile.objects.update(sealed=b"x" * 40)
    assert faults() == [(5, "its evidence file was changed.")]
    EvidenceFile.objects.all().delete()
    assert faults() == [(5, "its evidence file is gone.")]


def test_lost_keys_of_people_are_told_in_one_line(firm: rows.Firm):
    """As after a restore of the ordinary backup, which leaves their table out."""
    SubjectKey.objects.all().delete()
    what = faults()[0][1]
    assert what == "the keys of 3 people are missing; what is sealed under them cannot be read."


def test_a_key_made_anew_is_named_with_what_it_does_not_open(firm: rows.Firm):
    """After a restore without the keys of persons their next entry makes a new one; the loss must not look mended."""
    SubjectKey.objects.filter(subject_ref=row(1, firm).subject_ref).delete()
    rows.withdrawal(Contact.objects.get(business=firm.business, name="مريم"), at=T0)
    assert faults() == [
        (seq, "its payload does not open with the person's key; the key is another one.") for seq in (1, 4)
    ]


def test_a_spoilt_key_of_a_person_is_named_and_their_stop_is_still_recorded(firm: rows.Firm):
    SubjectKey.objects.filter(subject_ref=row(1, firm).subject_ref).update(wrapped=b"\x00\x01" + b"x" * 60)
    closed = "its payload does not open with the person's key; the key is another one."
    assert faults() == [(1, closed), (4, closed)]
    late = rows.withdrawal(Contact.objects.get(business=firm.business, name="مريم"), at=T0)
    assert late.seq == 8
    assert faults() == [(1, closed), (4, closed)]


# The stored standings.


def test_a_wrong_stored_standing_is_named_and_mended(firm: rows.Firm):
    person = Contact.objects.get(business=firm.business, name="مريم")
    ConsentStanding.objects.filter(contact=person, category="marketing").update(standing="active")
    [finding] = report().findings
    assert (finding.id, finding.what.en) == (person.id, "the stored consent standing is not what the ledger says.")
    assert "--refresh-standings" in finding.todo.en
    assert verify_standings.refresh_standings(now=T0) == 4
    assert faults() == []


def test_a_missing_and_a_foreign_stored_standing_are_named(firm: rows.Firm):
    first, second = Contact.objects.filter(business=firm.business).order_by("id")[:2]
    ConsentStanding.objects.filter(contact=first).delete()
    ConsentStanding.objects.create(
        business=firm.business, contact=second, category="marketing", purpose="never asked", standing="active", seq=1
    )
    assert {finding.id for finding in report().findings} == {first.id, second.id}


def test_a_stored_standing_that_lasts_longer_or_counts_elsewhere_is_named(firm: rows.Firm):
    """It would be selected after its end, or by the business beside."""
    lasting = Contact.objects.get(business=firm.business, name="نورة")
    elsewhere = rows.contact(firm, "هند", phone="+966500000104")
    rows.grant(elsewhere)
    other = Business.objects.exclude(pk=firm.business.pk).get()
    assert faults() == []
    ConsentStanding.objects.filter(contact=lasting).update(valid_until=T0 + 900 * DAY)
    ConsentStanding.objects.filter(contact=elsewhere).update(business=other)
    assert {finding.id for finding in report().findings} == {lasting.id, elsewhere.id}


def test_a_consent_that_ended_since_is_no_fault(firm: rows.Firm):
    """The stored row says until when it holds."""
    found = verify(now=T0 + 2 * DAY)
    assert (found.total, found.people) == (0, 4)


def test_alias_changes_are_followed(firm: rows.Firm):
    person = Contact.objects.get(business=firm.business, name="نورة")
    contacts.open_alias(person, contacts.PHONE, "+966500000777", now=T0)
    assert faults() == []


# Keys.


@pytest.mark.parametrize("name", ["chain.1", "pepper.1", "field.1", "anchor.1"])
def test_without_its_keys_nothing_is_verified(firm: rows.Firm, anchors: Path, name: str):
    (anchors.parent / "keys" / name).unlink()
    with pytest.raises(KeyRefused, match=name):
        started_again()


def test_entries_of_two_key_epochs_verify(firm: rows.Firm, anchors: Path):
    new_key = anchors.parent / "keys" / "chain.2"
    new_key.write_bytes(secrets.token_bytes(32))
    new_key.chmod(0o600)
    started_again()
    rows.grant(Contact.objects.filter(business=firm.business).order_by("id")[0], at=T0)
    assert row(8, firm).epoch == 2
    assert faults() == []
    run("UPDATE consent_event SET epoch = 1 WHERE id = %s", row(8, firm).id)
    assert faults()[0] == (8, "this entry was changed, or put in by hand.")
    run("UPDATE consent_event SET epoch = 9 WHERE id = %s", row(8, firm).id)
    assert faults()[0] == (8, "the chain key of its epoch is not here.")


# The anchor file.


def test_anchors_are_compared_line_by_line(firm: rows.Firm):
    anchor(firm.business.id, real_now=T0)
    rows.grant(Contact.objects.filter(business=firm.business).order_by("id")[0], at=T0)
    anchor(firm.business.id, real_now=T0 + DAY)
    found = report()
    assert (found.anchors, found.total) == (2, 0)


Spoil = Callable[[bytes], bytes]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda line: line.replace(b'"size":7', b'"size":6'), lambda line: line[:-9], lambda line: b"{}\n",
        lambda line: b"not json\n", lambda line: line.replace(b'"at":"2026', b'"at":"2027'),
        lambda line: b"[" * 5000 + b"\n", lambda line: line.replace(b'"signature":"', b'"signature":"00'),
    ],
)  # fmt: skip
def test_a_spoilt_anchor_line_is_named(firm: rows.Firm, anchors: Path, spoil: Spoil):
    anchor(firm.business.id, real_now=T0)
    path = anchors / f"{firm.business.id}.jsonl"
    path.write_bytes(spoil(path.read_bytes()))
    [finding] = report().findings
    assert (finding.id, finding.what.en) == (
        f"{path.name}:1", "this line cannot be read, or its signature is wrong.",
    )  # fmt: skip


def test_an_anchor_signed_by_somebody_else_is_named(firm: rows.Firm, anchors: Path):
    anchor(firm.business.id, real_now=T0)
    (anchors.parent / "keys" / "anchor.1").write_bytes(secrets.token_bytes(32))
    with pytest.raises(KeyRefused, match=r"anchor\.1"):
        started_again()


def test_a_copy_of_the_anchors_kept_elsewhere_can_be_used(firm: rows.Firm, anchors: Path, tmp_path: Path):
    """The file beside the database could have been cut together with it."""
    anchor(firm.business.id, real_now=T0)
    anchors.rename(tmp_path / "elsewhere")
    cut(firm, after=5)
    mend_head(firm)
    assert faults() == []
    assert len(faults(anchors_dir=tmp_path / "elsewhere")) == 1


def test_many_faults_are_counted_and_not_all_kept(firm: rows.Firm, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("wakeel.flows.ledger_findings.MOST_KEPT", 3)
    run("UPDATE consent_event SET source = 'operator'")
    found = report()
    assert (len(found.findings), found.total) == (3, 8)
    assert found.summary.en.startswith("8 faults")


def test_findings_carry_nothing_personal(firm: rows.Firm):
    run("UPDATE consent_event SET source = 'operator'")
    ConsentStanding.objects.all().delete()
    said = " ".join(finding.in_words(language) for finding in report().findings for language in ("ar", "en"))
    assert "+966" not in said
    assert "مريم" not in said
    assert firm.business.id in said


# How somebody with the database, or with the keys too, would cover the traces.


def cut(firm: rows.Firm, *, after: int) -> None:
    gone = ConsentEventRow.objects.filter(business=firm.business, seq__gt=after)
    touched = set(ConsentPayload.objects.filter(event__in=gone).values_list("contact", flat=True))
    ConsentPayload.objects.filter(event__in=gone).delete()
    gone.delete()
    refresh_standing(touched, now=T0)


def mend_head(firm: rows.Firm) -> None:
    last = ConsentEventRow.objects.filter(business=firm.business).order_by("-seq")[0]
    LedgerHead.objects.filter(business=firm.business).update(last_seq=last.seq, last_mac=bytes(last.mac))


def rewrite_with_the_key(entry: ConsentEventRow, **values: str) -> None:
    """The operator of the deployment itself: has the chain key and computes everything anew."""
    from wakeel.domain.chain import row_mac
    from wakeel.store.entries import entry_of
    from wakeel.store.keyring import keyring

    for name, value in values.items():
        setattr(entry, name, value)
    before = ConsentEventRow.objects.get(business=entry.business_id, seq=entry.seq - 1)
    entry.mac = row_mac(keyring().chain[1], bytes(before.mac), entry_of(entry))
    entry.save()
    LedgerHead.objects.filter(business=entry.business_id).update(last_mac=entry.mac)
