"""May I write to this person now? The gate's answer in words, before anybody writes a text."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from tests import rows
from tests.flows.stage import Stage
from wakeel import config
from wakeel.domain.consent import ConsentType
from wakeel.domain.suppression import SuppressionCause
from wakeel.flows.may_contact import ask, may_contact
from wakeel.flows.phone_numbers import BadNumber
from wakeel.flows.verdict_line import Line
from wakeel.store import suppressions
from wakeel.store.keyring import keyring
from wakeel.store.models import Contact, OutboxMessage

NIGHT = datetime(2026, 11, 22, 19, 30, tzinfo=UTC)
"""22:30 in Riyadh: too late for offers and for updates, not for an answer."""


def lines(person: Contact, *, now: datetime = rows.T0, purpose: str | None = None) -> dict[str, Line]:
    return {line.category.value: line for line in may_contact(person.id, now=now, purpose=purpose)}


def codes(person: Contact, *, now: datetime = rows.T0) -> dict[str, str]:
    return {category: line.verdict.code.value for category, line in lines(person, now=now).items()}


def test_one_line_each_names_the_consent_it_rests_on(stage: Stage):
    person = rows.contact(stage.firm)
    entry = rows.grant(person)
    found = lines(person)
    assert list(found) == ["service", "utility", "marketing"]
    assert {line.verdict.code.value for line in found.values()} == {"OK"}
    assert found["service"].basis is None
    assert found["marketing"].basis
    assert found["marketing"].basis.grant_id == entry.id
    said = found["marketing"].say("en")
    assert said == (
        "Marketing (offers): yes, now. Ready to send now. [OK] Consent: offers, since 23 October 2026, website form."
    )
    assert "الموافقة: عروض، منذ 23 أكتوبر 2026، نموذج الموقع" in found["marketing"].say("ar")


def test_without_a_consent_an_answer_may_go_and_the_step_is_named(stage: Stage):
    person = rows.contact(stage.firm)
    assert codes(person) == {"service": "OK", "utility": "NO_CONSENT", "marketing": "NO_CONSENT"}
    said = lines(person)["utility"].say("en")
    assert said.startswith("Updates (order updates): not yet. No consent for this purpose (order updates).")
    assert said.endswith("What would change it: Record consent.")


def test_after_a_stop_only_the_person_can_change_it(stage: Stage):
    person = rows.contact(stage.firm, last_inbound_at=rows.T0 - 2 * rows.HOUR)
    rows.grant(person)
    rows.withdrawal(person)
    assert set(codes(person).values()) == {"OPTED_OUT"}
    line = lines(person)["marketing"]
    assert line.say("en").count("22 November 2026, 11:00 AM") == 1
    assert line.answer("ar") == "لا"
    assert line.basis is None


@pytest.fixture
def shipped(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The policy that ships, with its hours; the suite's own is open day and night."""
    monkeypatch.delenv("WAKEEL_POLICY_FILE")
    config.get.cache_clear()
    yield
    monkeypatch.undo()
    config.get.cache_clear()


@pytest.mark.usefixtures("shipped")
def test_a_wait_names_the_first_lawful_moment(stage: Stage):
    person = rows.contact(stage.firm, last_inbound_at=NIGHT - rows.HOUR)
    rows.grant(person)
    found = lines(person, now=NIGHT)
    assert found["service"].verdict.code.value == "OK"
    line = found["marketing"]
    assert (line.verdict.code.value, line.answer("en")) == ("QUIET_HOURS", "later, by itself")
    assert line.verdict.next_allowed_at == datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
    assert line.earliest("en") == "Earliest: 23 November 2026, 9:00 AM."
    assert line.changes("en") == ""


@pytest.mark.usefixtures("shipped")
def test_where_the_clocks_differ_both_are_told(stage: Stage):
    """At 20:30 in Riyadh it is 21:30 in Dubai: by our clock it would still go."""
    person = rows.contact(stage.firm, last_inbound_at=NIGHT - 3 * rows.HOUR)
    Contact.objects.filter(pk=person.pk).update(time_zone="Asia/Dubai")
    rows.grant(person)
    line = lines(person, now=NIGHT - 2 * rows.HOUR)["marketing"]
    assert line.verdict.code.value == "QUIET_HOURS"
    assert line.earliest("en") == ("Earliest: 23 November 2026, 9:00 AM (Dubai time), 23 November 2026, 8:00 AM here.")
    assert "(بتوقيت دبي)، أي" in line.earliest("ar")
    assert "(Dubai time)" in line.reason("en")


def test_a_wait_that_ends_in_a_refusal_says_when_and_why(stage: Stage):
    """Paused for a week: by then the window is closed, so waiting alone does not help."""
    person = rows.contact(stage.firm)
    Contact.objects.filter(pk=person.pk).update(paused_until=rows.T0 + 7 * rows.DAY)
    line = lines(person)["service"]
    assert (line.verdict.code.value, line.earliest("en")) == ("WINDOW_CLOSED", "")
    assert line.reason("en").startswith("It could not go before 29 November 2026, 12:00 PM, and then: The reply window")
    assert "وعندها: نافذة الرد مغلقة" in line.reason("ar")
    assert line.changes("en") == "What would change it: Wait until they write (chat link)."


def test_a_refusal_has_no_earliest_moment(stage: Stage):
    person = rows.contact(stage.firm, last_inbound_at=rows.T0 - 2 * rows.DAY)
    rows.grant(person)
    line = lines(person)["marketing"]
    assert (line.verdict.code.value, line.earliest("en")) == ("WINDOW_CLOSED", "")
    assert line.consent("en").startswith("offers, since"), "the consent is there, the window is what is missing"


def test_every_purpose_that_the_ledger_names_gets_its_line(stage: Stage):
    person = rows.contact(stage.firm)
    rows.grant(person)
    rows.grant(person, purposes=["meetings"], categories=["marketing"], at=rows.T0 - 2 * rows.DAY)
    asked = [(line.category.value, line.purpose) for line in may_contact(person.id, now=rows.T0)]
    assert asked[1:] == [("utility", "offers"), ("marketing", "meetings"), ("marketing", "offers")]
    assert [line.purpose for line in may_contact(person.id, now=rows.T0, purpose="meetings")] == ["meetings"] * 3


def test_the_line_carries_what_is_needed_to_give_it_again(stage: Stage):
    person = rows.contact(stage.firm)
    entry = rows.grant(person)
    document = lines(person)["marketing"].as_document()
    assert document["ledger_seq"] == entry.seq
    assert len(document["policy_version"]) == 12
    assert document["consent"] == {
        "id": entry.id, "source": "web_form", "at": (rows.T0 - 30 * rows.DAY).isoformat(), "ends_at": None,
    }  # fmt: skip
    assert document["reason"]["ar"] == "جاهزة للإرسال الآن."


def test_in_dry_mode_the_answer_says_that_nothing_would_leave(stage: Stage, dry):
    dry()
    line = lines(rows.contact(stage.firm))["service"]
    assert (line.verdict.answer.value, line.answer("en")) == ("simulate", "yes, as a dry run")


def test_a_number_nobody_knows_is_never_written_to(stage: Stage):
    found = ask(stage.firm.business.id, "+966501112233", now=rows.T0)
    assert {line.verdict.code.value for line in found.lines} == {"UNKNOWN_CONTACT"}
    assert {line.answer("en") for line in found.lines} == {"no"}
    assert found.in_words("ar")[0] == "لا أحد مسجّلًا بهذا الرقم."
    assert found.as_document()["contact"] is None


def test_an_erased_person_is_still_recognised_by_the_number(stage: Stage):
    suppressions.add(
        stage.firm.business.id, cause=SuppressionCause.ERASED, actor="x", now=rows.T0,
        address_token=keyring().address_token("+966501112233"),
    )  # fmt: skip
    line = ask(stage.firm.business.id, "+966501112233", now=rows.T0).lines[0]
    assert "SUPPRESSED" in {code.value for code in line.verdict.all_codes}


def test_a_person_is_found_by_number_in_any_form_and_by_id(stage: Stage):
    person = rows.contact(stage.firm, phone="+966509722233")
    business_id = stage.firm.business.id
    for form in ("+966509722233", "0509722233", "٠٥٠٩٧٢٢٢٣٣", person.id):
        assert ask(business_id, form, now=rows.T0).contact_id == person.id
    with pytest.raises(BadNumber):
        ask(business_id, "12", now=rows.T0)
    other = rows.firm("بيان", phone_number_id="105500000000003").business
    assert ask(other.id, "+966509722233", now=rows.T0).contact_id is None
    with pytest.raises(BadNumber):
        ask(other.id, person.id, now=rows.T0)


def test_looking_writes_nothing(stage: Stage):
    person = rows.contact(stage.firm)
    rows.grant(person)
    lines(person)
    assert not OutboxMessage.objects.exists()


def test_a_consent_that_ends_says_when(stage: Stage):
    person = rows.contact(stage.firm)
    rows.grant(person, expires_at=rows.T0 + timedelta(days=3))
    assert lines(person)["marketing"].consent("en").endswith("website form, ends 25 November 2026")
    rows.grant(person, type=ConsentType.GRANT, at=rows.T0 - rows.DAY, expires_at=rows.T0 - rows.HOUR)
    assert lines(person)["marketing"].verdict.code.value == "CONSENT_EXPIRED"
