"""Who is who when numbers and ids change, through the webhook: people are found by ids and never by a name. Design 5.

The bodies are those of `tests/samples/whatsapp/identity_*.json`; every arrival in another order ends the same.
"""

import hashlib
import itertools
import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests import rows
from tests.flows.one_webhook import route_inbound
from tests.flows.stage import Stage
from tests.whatsapp.sample_values import SAMPLES
from wakeel.domain.consent import Standing, state_of
from wakeel.domain.rights import ErasureReason
from wakeel.domain.suppression import SuppressionCause
from wakeel.flows import erase_person
from wakeel.flows.confirm_identity import confirm_identity
from wakeel.flows.merge_contacts import merge_contacts, unmerge_contact
from wakeel.flows.suppress_contact import suppress_contact
from wakeel.store import contacts, person_facts
from wakeel.store.models import (
    Contact,
    ContactAlias,
    InboundMessage,
    InboxRow,
    Operator,
    OutboxMessage,
)
from wakeel.store.screens import contact as screen
from wakeel.store.screens.people import BLIND

FIRST = datetime(2026, 11, 22, 8, tzinfo=UTC)
"""The samples count their minutes from here, an hour before the tests' own time."""


def sample(name: str) -> list[Any]:
    """The entries of one sample, one for each of its items."""
    body = json.loads((SAMPLES / f"identity_{name}.json").read_bytes())
    return [body["entry"][0] | {"changes": [change]} for change in body["entry"][0]["changes"]]


def arrive(stage: Stage, *entries: Any) -> None:
    """One webhook after the other."""
    for entry in entries:
        body = json.dumps({"object": "whatsapp_business_account", "entry": [entry]}).encode()
        row = InboxRow.objects.create(digest=hashlib.sha256(body).digest(), body=body, received_at=stage.now)
        stage.wait(seconds=1)
        assert route_inbound(row.id, now=stage.now)
        row.refresh_from_db()
        assert (row.state, row.errors) == ("done", [])


def person(value: str) -> Contact:
    """Whoever has this address now."""
    return ContactAlias.objects.select_related("contact").get(value=value, valid_to=None).contact


def people() -> int:
    return Contact.objects.filter(merged_into=None).count()


def standing(contact: Contact, category: str, stage: Stage) -> Standing:
    facts = person_facts.people([contact.id])[contact.id]
    return state_of(
        facts.events, category=category, purpose="offers", subject=facts.subject, as_of=stage.now
    ).standing  # fmt: skip


def aliases() -> dict[str, tuple[datetime, datetime | None]]:
    return {row.value: (row.valid_from, row.valid_to) for row in ContactAlias.objects.all()}


def wrote(minute: int, phone: str | None, bsuid: str | None, text: str = "مرحبا") -> Any:
    """One more item, in the manner of the samples."""
    who = {name: value for name, value in {"from": phone, "from_user_id": bsuid}.items() if value}
    stamp = str(int((FIRST + timedelta(minutes=minute)).timestamp()))
    message = who | {"id": f"wamid.X{minute}.{bsuid or phone}", "timestamp": stamp, "type": "text"}
    value = {"metadata": {"phone_number_id": rows.NUMBER_ID}, "messages": [message | {"text": {"body": text}}]}
    return {"id": rows.WABA_ID, "changes": [{"field": "messages", "value": {"messaging_product": "whatsapp"} | value}]}


# ids alone


def test_without_a_phone_the_bsuid_is_the_person_whatever_the_username(stage: Stage):
    arrive(stage, *sample("phone_absent"))
    contact = Contact.objects.get()
    assert contacts.address_of(contact.id) == "SA.60100000000000000001"
    assert InboundMessage.objects.filter(contact=contact).count() == 2
    assert contact.last_inbound_at == FIRST + 2 * rows.MINUTE


def test_two_people_of_one_name_stay_two(stage: Stage):
    arrive(stage, *sample("phone_absent"), wrote(5, "966505560009", "SA.60900000000000000001"))
    Contact.objects.update(name="سلمى")
    arrive(stage, *sample("recycled_number"))
    assert people() == 4


# a changed number


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))), ids=str)
@pytest.mark.parametrize("name", ["number_changed", "ids_changed"])
def test_whoever_changes_the_number_stays_one_person_in_any_order(stage: Stage, name: str, order: Sequence[int]):
    entries = sample(name)
    arrive(stage, *(entries[place] for place in order))
    assert people() == 1
    contact = Contact.objects.get(merged_into=None)
    changed_at = FIRST + 5 * rows.MINUTE
    if name == "number_changed":
        assert aliases() == {
            "+966505560002": (FIRST + rows.MINUTE, changed_at),
            "SA.60200000000000000001": (FIRST + rows.MINUTE, changed_at),
            "+966505560092": (changed_at, None),
            "SA.60200000000000000002": (changed_at, None),
        }
        assert contacts.address_of(contact.id) == "+966505560092"
    else:
        assert contacts.address_of(contact.id) == "SA.60300000000000000002"
    contact.refresh_from_db()
    assert contact.last_inbound_at == FIRST + 9 * rows.MINUTE
    assert not contact.identity_hold


def test_a_notice_without_ids_ends_the_former_bsuid_too(stage: Stage):
    """WhatsApp gives a new one with a new number: the first message from there is theirs."""
    arrive(stage, *sample("number_changed_without_ids"))
    assert people() == 1
    assert person("SA.60400000000000000002") == person("+966505560094")


@pytest.mark.parametrize("stop", [wrote(3, "966505560002", "SA.60200000000000000001", "إيقاف"),
                                  wrote(10, "966505560092", "SA.60200000000000000002", "إيقاف")],
                         ids=["from the old number", "from the new one"])  # fmt: skip
@pytest.mark.parametrize("is_late", [False, True], ids=["before the notice", "after it"])
def test_a_stop_from_either_identity_counts_for_the_person(stage: Stage, stop: Any, is_late: bool):
    known = rows.contact(stage.firm, "سلمى", phone="+966505560002", bsuid=None)
    rows.grant(known)
    before, notice, after = sample("number_changed")
    arrive(stage, before, *([notice, after, stop] if is_late else [stop, after, notice]))
    now = person("+966505560092")
    assert standing(now, "utility", stage) is Standing.OPTED_OUT
    assert standing(known, "utility", stage) is Standing.OPTED_OUT


def test_consent_to_updates_follows_and_offers_do_not_when_the_notice_comes_last(stage: Stage):
    known = rows.contact(stage.firm, "سلمى", phone="+966505560002", bsuid=None)
    rows.grant(known)
    before, notice, after = sample("number_changed")
    arrive(stage, after, before, notice)
    now = person("+966505560092")
    assert standing(now, "utility", stage) is Standing.ACTIVE
    assert standing(now, "marketing", stage) is Standing.NONE


def test_drafts_of_the_older_record_can_be_sent_to_the_new_number(stage: Stage):
    """The person has two records until the notice comes; what is approved afterwards reaches them."""
    opportunity = stage.person(name="سلمى", phone="+966505560002")
    before, notice, after = sample("number_changed")
    arrive(stage, after, before, notice)
    rows.grant(Contact.objects.get(pk=opportunity.contact_id))
    stage.approved(opportunity)
    stage.wait(seconds=11)
    assert [one.body["to"] for one in stage.deliver() if one.outbox_id] == ["+966505560092"]


def test_what_was_approved_for_the_old_number_is_held_and_not_sent_to_the_new_one(stage: Stage):
    opportunity = stage.person(name="سلمى", phone="+966505560002")
    message = stage.approved(opportunity)
    arrive(stage, sample("number_changed")[1])
    stage.wait(seconds=11)
    stage.deliver()
    message.refresh_from_db()
    assert (message.state, message.hold_code) == ("held", "IDENTITY_HOLD")
    assert stage.to_contacts() == []


def test_the_new_number_of_another_person_is_not_given_away_and_both_wait_for_somebody_to_look(stage: Stage):
    """Only a list knows the other one: nobody can say whether they are the same person."""
    other = rows.contact(stage.firm, "مريم", phone="+966505560092", last_inbound_at=None)
    arrive(stage, *sample("number_changed")[:2])
    changed = ContactAlias.objects.get(value="SA.60200000000000000002").contact
    assert person("+966505560092") == other
    for contact in (other, changed):
        contact.refresh_from_db()
        assert (contact.identity_hold, contact.identity_doubt) == (True, "number_shared")
    assert sum(told.count("راجع هوية") for told in stage.told()) == 2


def test_whoever_had_the_number_with_another_id_lost_it_to_the_person_of_the_notice(stage: Stage):
    other = rows.contact(stage.firm, "مريم", phone="+966505560092", bsuid="SA.had.it.before")
    arrive(stage, *sample("number_changed"))
    assert person("+966505560092") == person("SA.60200000000000000002") != other
    assert contacts.address_of(other.id) == "SA.had.it.before"
    assert not Contact.objects.filter(identity_hold=True).exists()


def test_records_joined_by_a_notice_can_be_taken_apart(stage: Stage):
    before, notice, after = sample("number_changed")
    arrive(stage, after, before, notice)
    joined = Contact.objects.get(merged_into__isnull=False)
    assert unmerge_contact(stage.operator.id, joined.id, now=stage.now).carried_out
    assert people() == 2


def test_a_bar_by_hand_goes_along_and_does_not_stay_with_the_number(stage: Stage):
    known = rows.contact(stage.firm, "سلمى", phone="+966505560002", bsuid=None)
    suppress_contact(stage.operator.id, known.id, cause=SuppressionCause.COMPLAINT, note="شكوى", now=stage.now)
    before, notice, after = sample("number_changed")
    arrive(stage, before, after, notice, wrote(20, "966505560002", "SA.next.owner"))
    barred, next_owner = person("+966505560092"), person("+966505560002")
    found = person_facts.people([barred.id, known.id, next_owner.id])
    assert found[barred.id].suppression == found[known.id].suppression == "complaint"
    assert found[next_owner.id].suppression is None


@pytest.mark.parametrize("order", [(1, 2), (2, 1)], ids=["the notice first", "the new number first"])
def test_an_erasure_stands_at_the_new_number_and_brings_nobody_back(stage: Stage, order: Sequence[int]):
    known = rows.contact(stage.firm, "سلمى", phone="+966505560002", bsuid="SA.60200000000000000001")
    erase_person.erase(known.id, by="admin", reason=ErasureReason.ON_REQUEST, now=stage.now)
    entries = sample("number_changed")
    arrive(stage, *(entries[place] for place in order))
    assert set(aliases()) == {"+966505560092", "SA.60200000000000000002"}, "only what they wrote from since"
    assert person_facts.people([person("+966505560092").id]).popitem()[1].suppression == "erased"


# a former id that nobody had


def test_an_unknown_former_id_is_a_question_to_the_operators_asked_once(stage: Stage):
    arrive(stage, *sample("former_unknown"))
    contact = person("+966505560095")
    assert contact.identity_hold
    [told] = [words for words in stage.told() if "راجع هوية" in words]
    assert "سلمى" in told
    assert f"/contacts/{contact.id}/" in told
    page = screen.read(stage.firm.business.id, contact.id, sight=BLIND, now=stage.now)
    assert page is not None
    assert page.identity_doubt is not None
    assert "غيّر رقمه" in page.identity_doubt.ar
    assert confirm_identity(stage.operator.id, contact.id, now=stage.now).carried_out
    contact.refresh_from_db()
    assert (contact.identity_hold, contact.identity_doubt) == (False, "")


def test_nothing_approved_leaves_before_the_question_is_answered(stage: Stage):
    opportunity = stage.person(name="سلمى", phone="+966505560095", bsuid="SA.60500000000000000002")
    message = stage.approved(opportunity)
    arrive(stage, sample("former_unknown")[1])
    stage.wait(seconds=11)
    stage.deliver()
    message.refresh_from_db()
    assert (message.state, message.hold_code) == ("held", "IDENTITY_HOLD")


def test_words_from_the_former_id_that_come_late_answer_the_question(stage: Stage):
    arrive(stage, *sample("former_unknown"), wrote(0, None, "SA.60500000000000000001", "إيقاف"))
    contact = person("+966505560095")
    assert people() == 1
    assert not contact.identity_hold
    rows.grant(contact, at=FIRST - rows.DAY)
    assert standing(contact, "marketing", stage) is Standing.OPTED_OUT


# two records that turn out to be one


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))), ids=str)
def test_a_message_with_both_ids_proves_that_two_records_are_one_person(stage: Stage, order: Sequence[int]):
    entries = sample("two_records")
    arrive(stage, *(entries[place] for place in order))
    assert people() == 1
    assert person("+966505560006") == person("SA.60600000000000000001")
    assert person("+966505560006").last_inbound_at == FIRST + 9 * rows.MINUTE


def test_a_stop_of_one_record_takes_back_what_waits_for_the_other(stage: Stage):
    opportunity = stage.person(name="سلمى", phone="+966505560006")
    message = stage.approved(opportunity)
    arrive(stage, wrote(2, None, "SA.60600000000000000001", "إيقاف"), sample("two_records")[2])
    message.refresh_from_db()
    assert (message.state, message.hold_code) == ("suppressed", "OPTED_OUT")
    assert any("لشخص واحد" in told for told in stage.told())


def test_what_is_approved_for_the_joined_record_still_leaves(stage: Stage):
    """Whichever of the two records speaks for both, the address is theirs."""
    arrive(stage, sample("two_records")[0])
    opportunity = stage.person(name="سلمى", phone="+966505560006")
    Contact.objects.filter(pk=opportunity.contact_id).update(created_at=stage.now)
    arrive(stage, sample("two_records")[2])
    stage.approved(opportunity)
    stage.wait(seconds=11)
    assert len(stage.to_contacts()) + len(stage.deliver()) == 1
    assert OutboxMessage.objects.get(draft__opportunity=opportunity).state == "accepted"


def test_records_that_an_operator_merged_are_found_by_either_id_and_not_merged_again(stage: Stage):
    arrive(stage, *sample("two_records")[:2])
    first, second = Contact.objects.order_by("created_at")
    assert merge_contacts(stage.operator.id, first.id, second.id, now=stage.now).carried_out
    arrive(stage, sample("two_records")[2])
    assert people() == 1
    assert not any("لشخص واحد" in told for told in stage.told())


# a number that changed hands


@pytest.mark.parametrize("order", [(0, 1), (1, 0)], ids=str)
def test_a_phone_with_another_bsuid_is_a_new_person_and_the_old_one_keeps_the_rest(stage: Stage, order: Sequence[int]):
    entries = sample("recycled_number")
    arrive(stage, *(entries[place] for place in order))
    former, owner = person("SA.60700000000000000001"), person("SA.60700000000000000002")
    assert person("+966505560007") == owner != former
    assert contacts.address_of(former.id) == "SA.60700000000000000001"
    assert (former.last_inbound_at, owner.last_inbound_at) == (FIRST + rows.MINUTE, FIRST + 9 * rows.MINUTE)


def test_nothing_approved_for_the_former_owner_reaches_the_number(stage: Stage):
    opportunity = stage.person(name="سلمى", phone="+966505560007", bsuid="SA.60700000000000000001")
    message = stage.approved(opportunity)
    arrive(stage, sample("recycled_number")[1])
    stage.wait(seconds=11)
    stage.deliver()
    message.refresh_from_db()
    assert (message.state, message.hold_code) == ("held", "IDENTITY_HOLD")
    assert stage.to_contacts() == []


def test_words_of_the_former_owner_that_come_late_open_no_window_of_the_new_one(stage: Stage):
    late = wrote(3, "966505560007", "SA.60700000000000000001", "إيقاف العروض")
    arrive(stage, *sample("recycled_number"), late)
    former, owner = person("SA.60700000000000000001"), person("SA.60700000000000000002")
    assert (former.last_inbound_at, owner.last_inbound_at) == (FIRST + 3 * rows.MINUTE, FIRST + 9 * rows.MINUTE)


def test_words_of_the_former_owner_that_come_late_hold_nothing_that_waits_for_the_new_one(stage: Stage):
    arrive(stage, *sample("recycled_number"))
    owner = person("+966505560007")
    rows.grant(owner)
    message = stage.approved(rows.opportunity(stage.firm, owner))
    arrive(stage, wrote(3, "966505560007", "SA.60700000000000000001", "هل من جديد؟"))
    message.refresh_from_db()
    assert (message.state, message.hold_code) == ("pending", "")


# operators


def test_a_notice_that_names_ids_only_suspends_the_operator(stage: Stage):
    entry = sample("ids_changed")[1]
    entry["changes"][0]["value"]["messages"][0]["system"]["previous_user_id"] = stage.operator.bsuid
    arrive(stage, entry)
    stage.operator.refresh_from_db()
    assert stage.operator.state == "suspended"
    assert not Contact.objects.exists()


def test_an_operators_number_that_somebody_else_got_suspends_the_operator(stage: Stage):
    """Cards would go to a stranger; the stranger gets neither the number nor the seat."""
    operator = rows.operator(stage.firm, "نورة", wa_id="966505560092", bsuid="SA.operator2")
    arrive(stage, *sample("number_changed")[:2])
    operator.refresh_from_db()
    assert operator.state == "suspended"
    assert not ContactAlias.objects.filter(value="+966505560092").exists()


def test_an_id_that_turns_out_to_be_an_operators_is_no_contacts_any_more(stage: Stage):
    """The notice named ids that nobody knew; then the operator's phone shows the new one."""
    operator = rows.operator(stage.firm, "نورة", wa_id="966505560093", bsuid=None)
    arrive(stage, sample("ids_changed")[1])
    arrive(stage, wrote(20, "966505560093", "SA.60300000000000000002"))
    operator.refresh_from_db()
    assert operator.bsuid == "SA.60300000000000000002"
    assert not ContactAlias.objects.filter(value=operator.bsuid, valid_to=None).exists()


def test_somebody_who_enrolled_after_their_change_of_number_stays_enrolled(stage: Stage):
    """The notice is older than the code that they sent from the new phone."""
    operator = rows.operator(stage.firm, "نورة", wa_id="966505560092", bsuid="SA.60200000000000000002")
    Operator.objects.filter(pk=operator.pk).update(enrolled_at=FIRST + rows.HOUR)
    arrive(stage, sample("number_changed")[1])
    operator.refresh_from_db()
    assert operator.state == "active"
