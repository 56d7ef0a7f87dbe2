"""What a person of the business says about a sentence that we took for a stop: it is confirmed or cancelled."""

import pytest

from tests import rows
from tests.flows.stage import Stage
from wakeel.domain.consent import Standing, state_of
from wakeel.flows.decide_stop import StopScope, cancel_inferred, confirm_stop
from wakeel.store import consent, subjects
from wakeel.store.models import ConsentEventRow, Contact, Operator

SENTENCE = "وقفوا هذي الرسايل لو تكرمتم"


def standing(contact: Contact, category: str, stage: Stage) -> Standing:
    asked = subjects.read([contact.id])[contact.id]
    return state_of(
        asked.events, category=category, purpose="offers", subject=asked.subject, as_of=stage.now
    ).standing  # fmt: skip


@pytest.fixture
def person(stage: Stage) -> Contact:
    """Somebody with a consent."""
    contact = rows.contact(stage.firm)
    rows.grant(contact)
    return contact


@pytest.fixture
def guess(stage: Stage, person: Contact) -> ConsentEventRow:
    stage.says(SENTENCE, by=person)
    stage.wait(minutes=3)
    return ConsentEventRow.objects.get(source="inferred_text")


def test_a_cancelled_guess_gives_back_what_it_took(stage: Stage, person: Contact, guess: ConsentEventRow):
    assert standing(person, "marketing", stage) is Standing.OPTED_OUT
    reply = cancel_inferred(stage.operator.id, guess.id, reason="سأل عن رسائل البنك", now=stage.now)
    assert (reply.code, reply.carried_out) == ("stop_cancelled", True)
    assert standing(person, "marketing", stage) is Standing.ACTIVE
    lifted = ConsentEventRow.objects.get(type="resume")
    assert (lifted.withdraw_id, lifted.source) == (guess.id, "operator")
    assert consent.details_of(lifted)["evidence"] == "سأل عن رسائل البنك"
    assert consent.details_of(lifted)["actor"] == stage.operator.id


def test_without_a_reason_nothing_is_cancelled(stage: Stage, person: Contact, guess: ConsentEventRow):
    assert cancel_inferred(stage.operator.id, guess.id, reason=" \u200f", now=stage.now).code == "reason_missing"
    assert standing(person, "marketing", stage) is Standing.OPTED_OUT


def test_a_typed_stop_is_never_cancelled(stage: Stage, person: Contact):
    stage.says("إيقاف", by=person)
    entry = ConsentEventRow.objects.get(type="withdraw")
    assert cancel_inferred(stage.operator.id, entry.id, reason="خطأ", now=stage.now).code == "stop_stands"
    assert not ConsentEventRow.objects.filter(type="resume").exists()


def test_a_confirmed_guess_ends_what_they_meant_as_of_their_sentence(
    stage: Stage, person: Contact, guess: ConsentEventRow
):
    reply = confirm_stop(stage.operator.id, guess.id, scope=StopScope.ALL, now=stage.now)
    assert reply.carried_out
    entry = ConsentEventRow.objects.latest("seq")
    assert (entry.source, entry.categories, entry.at) == ("user_request", ["marketing", "utility"], guess.at)
    assert consent.details_of(entry)["evidence"] == SENTENCE
    assert standing(person, "utility", stage) is Standing.OPTED_OUT
    cancel_inferred(stage.operator.id, guess.id, reason="خطأ", now=stage.now)
    assert standing(person, "marketing", stage) is Standing.OPTED_OUT, "their own wish stands beside the guess"


def test_deciding_twice_writes_once(stage: Stage, person: Contact, guess: ConsentEventRow):
    for _ in range(2):
        confirm_stop(stage.operator.id, guess.id, scope=StopScope.MARKETING, now=stage.now)
    assert ConsentEventRow.objects.filter(source="user_request").count() == 1
    for _ in range(2):
        cancel_inferred(stage.operator.id, guess.id, reason="خطأ", now=stage.now)
    assert ConsentEventRow.objects.filter(type="resume").count() == 1


def test_a_cancelled_guess_shows_the_draft_again_and_lets_it_be_approved(stage: Stage):
    draft = stage.accepted()
    stage.says(SENTENCE, by=draft.contact)
    stage.deliver()
    assert stage.tap(f"msg:{draft.id}:approve").code == "stale"
    stage.deliver()
    assert stage.tap(f"msg:{draft.id}:approve").code == "refused"
    guess = ConsentEventRow.objects.get(source="inferred_text")
    before = len(stage.showings())
    cancel_inferred(stage.operator.id, guess.id, reason="ليس طلبًا", now=stage.now)
    stage.deliver()
    assert len(stage.showings()) == before + 1
    assert stage.tap(f"msg:{draft.id}:approve").code.startswith("approved")


def test_nobody_decides_about_another_business(stage: Stage, guess: ConsentEventRow, person: Contact):
    other = rows.firm("بيان", phone_number_id="105500000000003")
    stranger: Operator = rows.operator(other, "هدى", wa_id="966500000009", bsuid="SA.other")
    assert cancel_inferred(stranger.id, guess.id, reason="x", now=stage.now).code == "stop_stands"
    assert confirm_stop(stranger.id, guess.id, scope=StopScope.ALL, now=stage.now).code == "stop_stands"
    assert ConsentEventRow.objects.filter(type="withdraw").count() == 1
