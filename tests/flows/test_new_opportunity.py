"""An opportunity made by hand: typed on the phone or on its page. A typed number is no consent."""

from dataclasses import replace

from tests.flows.stage import Stage
from wakeel.domain.rights import ErasureReason
from wakeel.flows.erase_person import Erased, erase
from wakeel.flows.new_opportunity import Made, NewOpportunity, make
from wakeel.store import contacts
from wakeel.store.models import (
    Card,
    ConsentEventRow,
    Contact,
    Decision,
    InboundMessage,
    Operator,
    Opportunity,
    OutboxMessage,
)

TYPED = "فرصة: سعد العتيبي، 0501234567، تجديد عقد الصيانة"
ASKED = NewOpportunity(phone="+966501234567", title="تجديد", name="سعد")


def by_page(stage: Stage, asked: NewOpportunity = ASKED, *, key: str = "form-1") -> Made:
    return make(stage.operator.id, asked, tap_key=key, via="screen", now=stage.now)


def test_one_message_makes_person_opportunity_and_card(stage: Stage):
    answer = stage.says(TYPED)
    assert answer.code == "opp_made"
    assert "تجديد عقد الصيانة" in answer.text
    made = Opportunity.objects.get()
    assert (made.title, made.source, made.purpose, made.owner) == ("تجديد عقد الصيانة", "manual", "offers", None)
    assert made.contact.name == "سعد العتيبي"
    assert contacts.address_of(made.contact_id) == "+966501234567"
    stage.deliver()
    assert stage.tap(f"opp:{made.id}:accept").code == "accepted"


def test_the_number_is_no_consent_and_the_answer_says_what_comes_first(stage: Stage):
    answer = stage.says(TYPED)
    assert "قبل مراسلته:" in answer.text
    assert not ConsentEventRow.objects.exists()
    stage.deliver()
    made = Opportunity.objects.get()
    stage.tap(f"opp:{made.id}:accept")
    stage.deliver()
    assert stage.tap(f"msg:{made.drafts.get().id}:approve").code == "refused"
    assert stage.to_contacts() == []


def test_a_number_without_a_country_says_how_it_was_read(stage: Stage):
    """Read of another country it would be somebody else; the phone does not show it whole."""
    answer = stage.says(TYPED)
    assert "بلا رمز دولة" in answer.text
    assert "0501234567" not in answer.text


def test_a_person_we_know_keeps_name_and_consent(stage: Stage):
    known = stage.person(name="مريم", phone="+966501234567", title="قديمة").contact
    answer = stage.says(TYPED)
    assert answer.code == "opp_made"
    assert "قبل مراسلته" not in answer.text
    assert Contact.objects.get() == known
    known.refresh_from_db()
    assert known.name == "مريم"
    assert Opportunity.objects.filter(contact=known).count() == 2


def test_the_same_again_is_the_one_that_is_there(stage: Stage):
    stage.says(TYPED)
    stage.deliver()
    answer = stage.says(TYPED)
    assert answer.code == "opp_known"
    assert Opportunity.objects.count() == 1
    Opportunity.objects.update(state="skipped")
    assert stage.says(TYPED).code == "opp_made", "what was closed may come up again"


FAULTY = {
    "فرصة: سعد، 12345678، تجديد": ["الرقم"],
    "فرصة: 0501234567، تجديد": ["الاسم"],
    "فرصة: سعد، 0501234567": ["العنوان"],
    "فرصة: سعد": ["الرقم", "العنوان"],
    "فرصة: " + "س" * 201 + "، 0501234567، " + "ع" * 301: ["الاسم", "العنوان"],
    "فرصة: زميل، +966500000001، تجديد": ["الرقم"],
}
"""What is typed, and the fields it is refused for; the last number is the operator's own."""


def test_every_fault_is_told_by_field_and_nothing_is_written(stage: Stage):
    for typed, named in FAULTY.items():
        answer = stage.says(typed)
        assert answer.code == "opp_faults"
        faulty = [line.removeprefix("• ").partition(":")[0] for line in answer.text.split("\n") if line.startswith("•")]
        assert faulty == named
        assert "فرصة: سعد العتيبي" in answer.text, "and how it is written"
    assert not Opportunity.objects.exists()
    assert not Contact.objects.exists()


def test_the_bare_word_says_how_it_is_written(stage: Stage):
    assert stage.says("فرصة").code == "opp_how"


def test_while_a_text_is_awaited_only_a_whole_opportunity_is_one(stage: Stage):
    """«فرصة: خصم» is how an offer may begin."""
    draft = stage.accepted()
    stage.tap(f"msg:{draft.id}:edit")
    assert stage.says("فرصة: خصم 20% هذا الأسبوع").code == "new_version"
    stage.tap(f"msg:{draft.id}:edit")
    assert stage.says(TYPED).code == "opp_made"
    draft.refresh_from_db()
    assert draft.version == 2


def test_a_form_posted_twice_makes_one(stage: Stage):
    first, second = by_page(stage), by_page(stage)
    assert (first.reply.code, second.reply.code) == ("opp_made", "already_decided")
    assert first.opportunity_id == second.opportunity_id == Opportunity.objects.get().id
    assert Decision.objects.get().action == "new"


def test_what_else_the_page_asks_for_is_kept(stage: Stage):
    by_page(
        stage, replace(ASKED, company="أفق\u202e", summary="سطر\nآخر", value="10", purpose="meetings", message="أهلًا")
    )
    made = Opportunity.objects.get()
    assert (made.summary, made.value, made.purpose, made.draft_text) == ("سطر\nآخر", "10", "meetings", "أهلًا")
    assert made.contact.organisation == "أفق"
    assert set(by_page(stage, replace(ASKED, purpose="x", message="س" * 3501), key="2").faults) == {
        "purpose",
        "message",
    }


def test_nobody_who_was_erased_comes_back_by_hand_and_the_typed_words_go_too(stage: Stage):
    stage.says(TYPED)
    stage.deliver()
    stage.wait(days=1)
    person = Contact.objects.get()
    assert isinstance(erase(person.id, by="7", reason=ErasureReason.ON_REQUEST, now=stage.now), Erased)
    assert not InboundMessage.objects.filter(text__contains="سعد").exists()
    assert not [row.pk for row in OutboxMessage.objects.all() if "سعد" in str(row.body)]
    answer = stage.says("فرصة: هو، +966501234567، تجديد")
    assert (answer.code, "أُتلفت" in answer.text) == ("opp_faults", True)


def test_who_left_the_team_a_moment_ago_makes_none(stage: Stage):
    """Its card would lie on a phone that nobody answers from any more."""
    Operator.objects.update(state="inactive")
    made = by_page(stage)
    assert (made.reply.code, made.opportunity_id) == ("left_team", None)
    assert not Opportunity.objects.exists()
    assert not Card.objects.exists()
