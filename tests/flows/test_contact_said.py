"""What a contact says about being written to, through the webhook: stop, start, yes, no, help, and sentences."""

import itertools
from datetime import timedelta

import pytest
from django.db import OperationalError

from tests import rows
from tests.flows.one_webhook import route_inbound
from tests.flows.stage import Stage, words
from wakeel import clock
from wakeel.domain.consent import Category, Standing, state_of
from wakeel.domain.fixed_texts import CONSENTED_PURPOSES, FIXED_TEXTS, Intent
from wakeel.domain.stop_switches import Stop
from wakeel.flows import fixed_text
from wakeel.flows.withdraw_consent import EVERYTHING, OFFERS, withdraw
from wakeel.store import consent, subjects
from wakeel.store.models import ConsentEventRow, Contact, ContactAlias, InboxRow, OutboxMessage, Wording

AGREE, NO_THANKS = "OPT_IN_CONFIRM", "OPT_IN_DECLINE"


@pytest.fixture
def texts(stage: Stage) -> None:
    """An administrator has approved every fixed text."""
    for intent in Intent:
        fixed_text.approve(stage.firm.business.id, intent, by="admin", now=stage.now)


def said_to(contact: Contact) -> list[str]:
    """Intents of what left to the contact, in order."""
    left = OutboxMessage.objects.filter(contact=contact, attempts__outcome="accepted").exclude(intent="")
    return list(left.order_by("attempts__id").values_list("intent", flat=True))


def entries(kind: str | None = None) -> list[ConsentEventRow]:
    found = ConsentEventRow.objects.order_by("seq")
    return list(found.filter(type=kind) if kind else found)


def standing(
    contact: Contact, category: str, stage: Stage, *, purpose: str = "offers", permanent: bool = False
) -> Standing:
    asked = subjects.read([contact.id])[contact.id]
    return state_of(
        asked.events, category=category, purpose=purpose, subject=asked.subject, as_of=stage.now, permanent=permanent
    ).standing


def question(contact: Contact) -> OutboxMessage:
    return OutboxMessage.objects.filter(contact=contact, intent=Intent.OPT_IN_QUESTION.value).latest("created_at")


# the one confirmation of a stop


def test_a_stop_is_confirmed_once_and_never_stops_its_own_confirmation(stage: Stage, texts: None):
    message = stage.approved()
    assert message.contact
    stage.says("إيقاف", by=message.contact)
    stage.deliver()
    assert said_to(message.contact) == ["opt_out_confirmation"]
    [told] = stage.to_contacts()
    assert "أفق" in told
    assert "ابدأ" in told
    message.refresh_from_db()
    assert message.state == "suppressed"


def test_a_stop_repeated_within_the_hour_is_recorded_and_not_confirmed_again(stage: Stage, texts: None):
    contact = rows.contact(stage.firm)
    stage.says("إيقاف", by=contact)
    stage.deliver()
    stage.wait(minutes=50)
    stage.says("قلت لكم إيقاف", by=contact)
    stage.says("STOP", by=contact)
    stage.deliver()
    assert said_to(contact) == ["opt_out_confirmation"]
    stage.wait(minutes=11)
    stage.says("STOP", by=contact)
    stage.deliver()
    assert said_to(contact) == ["opt_out_confirmation"] * 2


def test_stopping_offers_is_confirmed_in_its_own_words(stage: Stage, texts: None):
    contact = rows.contact(stage.firm)
    stage.says("إيقاف العروض", by=contact)
    stage.deliver()
    assert said_to(contact) == ["offers_stopped"]
    assert [row.categories for row in entries("withdraw")] == [["marketing"]]


@pytest.mark.parametrize(("text", "language"), [("STOP", "en"), ("قف", "ar"), ("stop من فضلك", "ar"), ("Arrêt", "en")])
def test_the_confirmation_is_english_only_for_words_without_an_arabic_letter(
    stage: Stage, texts: None, text: str, language: str
):
    contact = rows.contact(stage.firm)
    stage.says(text, by=contact)
    stage.deliver()
    assert stage.to_contacts() == [
        FIXED_TEXTS[Intent.OPT_OUT_CONFIRMATION].say(language, business="أفق", notice_url=None)
    ]


def test_a_stop_that_arrives_ten_minutes_late_is_kept_and_not_talked_about(stage: Stage, texts: None):
    """Five minutes is the longest an answer may take (reference 3.5)."""
    contact = rows.contact(stage.firm)
    stage.says("إيقاف", by=contact, sent_at=stage.now - 10 * rows.MINUTE)
    stage.deliver()
    assert entries("withdraw")
    assert not OutboxMessage.objects.filter(contact=contact).exists()


def test_an_unapproved_text_waits_for_the_administrator_and_leaves_once_approved(stage: Stage):
    contact = rows.contact(stage.firm)
    stage.says("مساعدة", by=contact)
    stage.deliver()
    held = OutboxMessage.objects.get(contact=contact)
    assert (held.state, held.hold_code) == ("held", "APPROVAL_MISSING")
    fixed_text.approve(stage.firm.business.id, Intent.HELP, by="admin", now=stage.now)
    stage.deliver()
    assert said_to(contact) == ["help"]


def test_an_approval_of_another_wording_lets_nothing_go(stage: Stage, texts: None):
    """The approval is bound to the words: a business with another name says something else."""
    stage.firm.business.name = "بيان"
    stage.firm.business.save()
    contact = rows.contact(stage.firm)
    stage.says("help", by=contact)
    stage.deliver()
    assert said_to(contact) == []
    assert len(fixed_text.waiting(stage.firm.business.id)) == 2 * len(Intent)


def test_what_an_administrator_did_not_read_is_not_approved(stage: Stage):
    shown = {version.content_hash for version in fixed_text.versions(stage.firm.business.id)}
    assert not fixed_text.approve(stage.firm.business.id, Intent.HELP, by="admin", now=stage.now, shown=shown)
    assert len(fixed_text.waiting(stage.firm.business.id)) == 2 * len(Intent)


def test_contact_replied_leaves_fixed_texts_alone(stage: Stage):
    contact = rows.contact(stage.firm)
    stage.says("مساعدة", by=contact)
    stage.says("هل من أحد؟", by=contact)
    assert OutboxMessage.objects.get(contact=contact).state == "pending"


def test_a_pressed_stop_switch_keeps_the_text_and_releasing_decides_about_it(stage: Stage, texts: None):
    from wakeel.flows import release_stop, stop_sending

    contact = rows.contact(stage.firm)
    for send, left in ((False, []), (True, ["help"])):
        stop_sending.press(stage.firm.business.id, "7", now=stage.now)
        stage.wait(hours=2)
        stage.says("مساعدة", by=contact)
        stage.deliver()
        assert said_to(contact) == []
        release_stop.release_stop(Stop.of_business(stage.firm.business.id), send=send, now=stage.now)
        stage.deliver()
        assert said_to(contact) == left


# who is meant, and by what


@pytest.mark.parametrize(
    ("text", "categories"),
    [("إيقاف الرسائل", ["marketing", "utility"]), ("Stop promotions", ["marketing"])],
)
@pytest.mark.parametrize("shape", ["template", "reply"])
def test_a_button_that_comes_back_with_its_own_words_is_typed_text(
    stage: Stage, text: str, categories: list[str], shape: str
):
    """Design 4: a quick reply made without a payload, in a template or under somebody else's message."""
    contact = rows.contact(stage.firm)
    reply = {"type": "button_reply", "button_reply": {"id": text, "title": text}}
    button = (
        {"type": "button", "button": {"payload": text, "text": text}}
        if shape == "template"
        else {"type": "interactive", "interactive": reply}
    )
    head = {"id": stage.new_wamid(), "timestamp": str(int(stage.now.timestamp()))}
    stage.webhook({"messages": [stage.sender_of(contact) | head | button]})
    [entry] = entries()
    assert (entry.categories, entry.source) == (categories, "keyword")


def test_a_stop_under_a_picture_is_a_stop(stage: Stage):
    contact = rows.contact(stage.firm)
    head = {"id": stage.new_wamid(), "timestamp": str(int(stage.now.timestamp())), "type": "image"}
    stage.webhook({"messages": [stage.sender_of(contact) | head | {"image": {"id": "1", "caption": "إيقاف"}}]})
    assert [row.categories for row in entries("withdraw")] == [["marketing", "utility"]]


def test_a_cancel_after_an_offer_ends_offers_and_without_one_asks_a_person(stage: Stage):
    message = stage.sent()
    assert message.contact
    stage.wait(hours=70)
    stage.says("إلغاء", by=message.contact)
    assert [row.categories for row in entries("withdraw")] == [["marketing"]]
    other = rows.contact(stage.firm, "هند", phone="+966509722244")
    stage.says("إلغاء", by=other)
    assert len(entries("withdraw")) == 1
    assert any("هند" in told and "قد يكون" in told for told in stage.told())


def test_a_cancel_three_days_after_the_offer_is_a_question_for_a_person(stage: Stage):
    message = stage.sent()
    assert message.contact
    stage.wait(hours=73)
    stage.says("إلغاء", by=message.contact)
    assert not entries("withdraw")


def test_a_stop_silences_every_record_of_the_person(stage: Stage):
    """A merged record with another number: its approved message does not leave either."""
    message = stage.approved()
    assert message.contact
    other = rows.contact(stage.firm, "مريم ق.", phone="+966509722299")
    Contact.objects.filter(pk=message.contact_id).update(merged_into=other)
    stage.says("إيقاف", by=other)
    message.refresh_from_db()
    assert (message.state, message.hold_code) == ("suppressed", "OPTED_OUT")


def test_the_twin_of_a_number_is_the_same_person(stage: Stage):
    """Brazil: the webhook writes the number without its ninth digit (reference P028)."""
    opportunity = stage.person(phone="+5582999448232")
    message = stage.approved(opportunity)
    stage.says("pare, por favor: STOP", by=opportunity.contact, sender={"from": "558299448232"})
    stage.says("STOP", by=opportunity.contact, sender={"from": "558299448232"})
    message.refresh_from_db()
    assert message.state == "suppressed"
    assert Contact.objects.count() == 1


@pytest.mark.parametrize(("scope", "state"), [(OFFERS, "pending"), (EVERYTHING, "suppressed")])
def test_an_approved_answer_is_taken_back_by_a_full_stop_only(stage: Stage, scope: tuple[Category, ...], state: str):
    """After a full stop nothing is answered before they write again (reference 3.5)."""
    message = stage.approved()
    assert message.contact
    OutboxMessage.objects.filter(pk=message.pk).update(category="service")
    withdraw([message.contact], scope, at=stage.now, source="keyword", occurrence="x", evidence="x", now=stage.now)
    message.refresh_from_db()
    assert message.state == state


# sentences that ask to stop


SENTENCE = "الرجاء التوقف عن إرسال الرسائل"


def test_a_sentence_ends_offers_at_once_and_goes_to_a_person(stage: Stage):
    message = stage.approved()
    assert message.contact
    stage.says(SENTENCE, by=message.contact)
    message.refresh_from_db()
    assert (message.state, message.hold_code) == ("suppressed", "OPTED_OUT")
    [entry] = entries("withdraw")
    assert (entry.source, entry.categories) == ("inferred_text", ["marketing"])
    assert consent.details_of(entry)["evidence"] == SENTENCE
    [notice] = [told for told in stage.told() if SENTENCE in told]
    assert f"/contacts/{message.contact_id}/" in notice
    assert standing(message.contact, "utility", stage) is Standing.ACTIVE


def test_without_an_owner_every_active_operator_hears_of_the_sentence(stage: Stage):
    second = rows.operator(stage.firm, "نورة", wa_id="966500000002", bsuid="SA.operator2")
    stage.says(SENTENCE, by=rows.contact(stage.firm))
    assert all(any(SENTENCE in told for told in stage.told(who)) for who in (stage.operator, second))


def test_a_doubt_stops_nothing_by_itself_and_says_so(stage: Stage):
    message = stage.approved()
    assert message.contact
    assert stage.says("لا شكراً", by=message.contact).code == "review"
    message.refresh_from_db()
    assert (message.state, message.hold_code) == ("held", "CONTACT_REPLIED")
    assert not entries("withdraw")
    assert any("لم يُوقف شيء" in told for told in stage.told())


# start, yes and no


def test_start_is_answered_with_the_question_and_grants_nothing(stage: Stage, texts: None):
    contact = rows.contact(stage.firm)
    stage.says("ابدأ", by=contact)
    stage.deliver()
    assert said_to(contact) == ["opt_in_question"]
    asked = words(question(contact).body)
    assert all(word in asked for word in ("أفق", "واتساب", "العروض", "الأسبوع", "إيقاف"))
    assert not entries()


def test_start_right_after_stop_is_answered(stage: Stage, texts: None):
    """Whoever stopped by mistake says so at once: WhatsApp's clock stamps both words."""
    contact = rows.contact(stage.firm)
    stage.says("إيقاف", by=contact)
    stage.deliver()
    stage.wait(seconds=8)
    stage.says("ابدأ", by=contact)
    stage.deliver()
    assert said_to(contact) == ["opt_out_confirmation", "opt_in_question"]


def test_a_consent_that_waits_for_their_yes_is_asked_about_once_and_confirmed(stage: Stage, texts: None):
    """Somebody else may have typed the number: the first word from it brings the question (reference 3.3)."""
    contact = rows.contact(stage.firm)
    grant = rows.grant(contact, purposes=["surveys"], needs_confirmation=True)
    assert standing(contact, "marketing", stage, purpose="surveys") is Standing.PENDING
    stage.says("كم سعر الباقة؟", by=contact)
    stage.deliver()
    stage.wait(hours=2)
    stage.says("هل من جديد؟", by=contact)
    stage.deliver()
    assert said_to(contact) == ["opt_in_question"]
    stage.says("نعم", by=contact)
    confirm = ConsentEventRow.objects.get(type="confirm")
    assert (confirm.grant_id, confirm.clock) == (grant.id, "whatsapp")
    assert standing(contact, "marketing", stage, purpose="surveys") is Standing.ACTIVE


@pytest.mark.parametrize("how", ["button", "نعم", "موافق"])
def test_a_yes_is_a_consent_on_exactly_the_words_they_read(stage: Stage, texts: None, how: str):
    contact = rows.contact(stage.firm)
    stage.says("ابدأ", by=contact)
    stage.deliver()
    stage.wait(minutes=2)
    if how == "button":
        stage.tap(AGREE, by=contact, on=question(contact).wamid)
    else:
        stage.says(how, by=contact)
    [entry] = entries()
    assert (entry.type, entry.source, entry.clock) == ("grant", "keyword_start_confirmed", "whatsapp")
    assert (entry.method, entry.language, entry.explicit, entry.at) == ("electronic", "ar", True, stage.now)
    assert (entry.categories, entry.purposes) == (["marketing", "utility"], list(CONSENTED_PURPOSES))
    assert Wording.objects.get(sha256=entry.wording_sha256).text == words(question(contact).body)
    stage.deliver()
    assert said_to(contact) == ["opt_in_question", "opt_in_confirmed"]
    assert standing(contact, "marketing", stage) is Standing.ACTIVE


def test_after_a_stop_only_the_persons_own_yes_reopens_and_the_operator_hears_of_it(stage: Stage, texts: None):
    draft = stage.accepted()
    contact = draft.contact
    stage.says("إيقاف", by=contact)
    stage.deliver()
    assert stage.tap(f"msg:{draft.id}:approve").code == "stale"
    stage.deliver()
    assert stage.tap(f"msg:{draft.id}:approve").code == "refused"
    stage.wait(minutes=3)
    stage.says("ابدأ", by=contact)
    stage.deliver()
    assert standing(contact, "marketing", stage) is Standing.OPTED_OUT
    stage.wait(minutes=1)
    before = len(stage.showings())
    stage.tap(AGREE, by=contact, on=question(contact).wamid)
    stage.deliver()
    [entry] = entries("re_permission")
    assert entry.categories == ["marketing", "utility"]
    assert standing(contact, "marketing", stage, permanent=True) is Standing.ACTIVE
    assert any("عاد" in told for told in stage.told())
    assert len(stage.showings()) > before
    assert stage.tap(f"msg:{draft.id}:approve").code.startswith("approved")


def test_a_re_permission_covers_what_was_withdrawn_and_no_more(stage: Stage, texts: None):
    contact = rows.contact(stage.firm)
    stage.says("إيقاف العروض", by=contact)
    stage.wait(minutes=3)
    stage.says("START", by=contact)
    stage.deliver()
    stage.says("yes", by=contact)
    [entry] = entries("re_permission")
    assert (entry.categories, entry.language) == (["marketing"], "en")


@pytest.mark.parametrize("hours", [23.9, 24.0, 30.0])
def test_a_yes_counts_for_a_day(stage: Stage, texts: None, hours: float):
    contact = rows.contact(stage.firm)
    stage.says("ابدأ", by=contact)
    stage.deliver()
    stage.wait(hours=hours)
    stage.tap(AGREE, by=contact, on=question(contact).wamid)
    assert bool(entries("grant")) is (hours < 24)
    stage.deliver()
    asked = said_to(contact).count("opt_in_question")
    assert asked == (1 if hours < 24 else 2), "too late: asked again"


def test_a_yes_without_a_question_is_asked_about_and_a_typed_one_is_small_talk(stage: Stage, texts: None):
    contact = rows.contact(stage.firm)
    stage.says("نعم", by=contact)
    stage.deliver()
    assert said_to(contact) == []
    stage.tap(AGREE, by=contact, on=None)
    stage.deliver()
    assert said_to(contact) == ["opt_in_question"]
    assert not entries()


def test_a_yes_to_a_question_that_never_left_is_no_consent(stage: Stage):
    """Unapproved, it is held: they cannot have read it."""
    contact = rows.contact(stage.firm)
    stage.says("ابدأ", by=contact)
    stage.deliver()
    stage.says("نعم", by=contact)
    assert not entries()


@pytest.mark.parametrize("how", ["button", "لا شكرًا", "no"])
def test_a_no_is_recorded_and_ends_the_question(stage: Stage, texts: None, how: str):
    contact = rows.contact(stage.firm)
    stage.says("ابدأ", by=contact)
    stage.deliver()
    if how == "button":
        stage.tap(NO_THANKS, by=contact, on=question(contact).wamid)
    else:
        stage.says(how, by=contact)
    stage.says("نعم", by=contact)
    assert [row.type for row in entries()] == ["refuse"]
    contact.refresh_from_db()
    assert contact.expecting == ""


def test_a_stop_beats_the_question_that_waits(stage: Stage, texts: None):
    """ "OK" after the confirmation of a stop must not bring them back."""
    contact = rows.contact(stage.firm)
    stage.says("ابدأ", by=contact)
    stage.deliver()
    stage.wait(minutes=1)
    stage.says("توقف", by=contact)
    stage.deliver()
    stage.wait(minutes=1)
    stage.says("تمام", by=contact)
    assert [row.type for row in entries()] == ["withdraw"]


def test_a_question_that_has_not_left_is_taken_back_by_a_stop(stage: Stage):
    contact = rows.contact(stage.firm)
    stage.says("ابدأ", by=contact)
    stage.says("إيقاف العروض", by=contact)
    assert question(contact).state == "suppressed"


STOP, START, YES, RESUME = "stop", "start", "yes", "resume"
TIMES = {STOP: 0, START: 3, YES: 5, RESUME: 6}
"""Minutes: the order in which the person did it."""
ORDERS = [order for order in itertools.permutations(TIMES) if order.index(START) < order.index(YES)]
"""A yes to our question cannot reach us before the START that made us ask."""


def happen(stage: Stage, contact: Contact, what: str, at: dict[str, float], begun: object) -> None:
    when = begun + timedelta(minutes=at[what])  # type: ignore[operator]
    match what:
        case "stop":
            stage.says("إيقاف", by=contact, sent_at=when)
        case "start":
            stage.says("ابدأ", by=contact, sent_at=when)
            stage.deliver()
        case "yes":
            asked = OutboxMessage.objects.filter(contact=contact, intent=Intent.OPT_IN_QUESTION.value).first()
            stage.tap(AGREE, by=contact, on=asked.wamid if asked else None, sent_at=when)
        case _:
            who = {"wa_id": stage.sender_of(contact)["from"]}
            item = who | {"category": "marketing_messages", "value": "resume", "timestamp": int(when.timestamp())}
            stage.webhook({"contacts": [who], "user_preferences": [item]}, kind="user_preferences")


@pytest.mark.parametrize("order", ORDERS, ids=" ".join)
def test_stop_start_yes_and_resume_end_the_same_in_any_order_of_arrival(
    stage: Stage, texts: None, order: tuple[str, ...]
):
    contact = rows.contact(stage.firm)
    begun = stage.now
    stage.wait(minutes=10)
    for what in order:
        happen(stage, contact, what, TIMES, begun)
        stage.wait(seconds=1)
    assert standing(contact, "marketing", stage) is Standing.ACTIVE
    assert standing(contact, "utility", stage) is Standing.ACTIVE


@pytest.mark.parametrize(
    "order", [order for order in itertools.permutations([STOP, START, YES]) if order.index(START) < order.index(YES)],
    ids=" ".join,
)  # fmt: skip
def test_a_stop_between_question_and_yes_wins_in_any_order_of_arrival(
    stage: Stage, texts: None, order: tuple[str, ...]
):
    contact = rows.contact(stage.firm)
    rows.grant(contact)
    begun = stage.now
    stage.wait(minutes=10)
    for what in order:
        happen(stage, contact, what, {START: 0, STOP: 3, YES: 6}, begun)
        stage.wait(seconds=1)
    assert standing(contact, "marketing", stage) is Standing.OPTED_OUT
    assert standing(contact, "utility", stage) is Standing.OPTED_OUT


def test_somebody_who_left_is_not_asked_by_a_start_that_is_older_than_their_stop(stage: Stage, texts: None):
    contact = rows.contact(stage.firm)
    stage.says("إيقاف", by=contact)
    stage.says("ابدأ", by=contact, sent_at=stage.now - 5 * rows.MINUTE)
    stage.deliver()
    assert said_to(contact) == ["opt_out_confirmation"]
    assert not OutboxMessage.objects.filter(intent=Intent.OPT_IN_QUESTION.value).exists()
    contact.refresh_from_db()
    assert contact.expecting == ""


# what cannot be stopped any more, and what must not get lost


def test_a_stop_that_arrives_late_names_what_was_sent_before_we_knew(stage: Stage):
    """Reference 3.6, first row: later sends are counted by the time of the stop, not of its arrival."""
    message = stage.sent()
    assert message.contact
    stage.wait(minutes=5)
    stage.says("إيقاف", by=message.contact, sent_at=stage.now - 6 * rows.MINUTE)
    assert any("وصل طلبه متأخرًا" in told and ": 1" in told for told in stage.told())
    assert entries("withdraw")[0].at == stage.now - 6 * rows.MINUTE


def test_what_whatsapp_has_and_did_not_deliver_is_said_to_be_beyond_reach(stage: Stage):
    message = stage.sent()
    assert message.contact
    stage.wait(minutes=1)
    stage.says("إيقاف", by=message.contact)
    assert any("لا يمكن سحبها: 1" in told for told in stage.told())


def test_what_was_delivered_is_not_said_to_be_on_its_way(stage: Stage):
    message = stage.sent()
    assert message.contact
    stage.status(message.wamid or "", "delivered")
    stage.wait(minutes=1)
    stage.says("إيقاف", by=message.contact)
    assert not any("لا يمكن سحبها" in told for told in stage.told())


def test_a_message_that_left_although_it_was_recalled_is_told(stage: Stage):
    message = stage.approved()
    assert message.contact
    stage.wait(seconds=11)
    [claimed] = stage.claim()
    stage.says("إيقاف", by=message.contact)
    stage.record(claimed)
    assert any("فلم يمكن سحبها" in told for told in stage.told())


def test_a_fault_of_the_database_inside_a_withdrawal_leaves_nothing_half_done(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
):
    """The row stays `received`, counts its tries, and the stop is written when the database answers again."""
    message = stage.approved()
    assert message.contact
    body = b'{"object": "whatsapp_business_account", "entry": [{"id": "%s", "changes": [{"field": "messages", "value": {"messaging_product": "whatsapp", "metadata": {"phone_number_id": "%s"}, "messages": [{"from": "966509722233", "id": "wamid.LOST", "timestamp": "%d", "type": "text", "text": {"body": "STOP"}}]}}]}]}' % (  # noqa: E501
        rows.WABA_ID.encode(), rows.NUMBER_ID.encode(), int(stage.now.timestamp()),
    )  # fmt: skip
    row = InboxRow.objects.create(digest=b"d" * 32, body=body, received_at=clock.real_now())
    with monkeypatch.context() as broken:
        broken.setattr(consent, "refresh_standing", _fails)
        assert not route_inbound(row.id, now=stage.now)
    row.refresh_from_db()
    message.refresh_from_db()
    assert (row.state, row.attempts) == ("received", 1)
    assert message.state == "pending"
    assert not entries("withdraw")
    stage.wait(seconds=10)
    assert route_inbound(row.id, now=stage.now)
    message.refresh_from_db()
    assert message.state == "suppressed"
    assert len(entries("withdraw")) == 1


def _fails(*_: object, **__: object) -> None:
    raise OperationalError("disk I/O error")


def test_an_operators_own_stop_word_is_never_an_opt_out(stage: Stage):
    for text in ("إلغاء", "STOP", "ابدأ", SENTENCE):
        stage.says(text)
    assert not entries()
    assert not ContactAlias.objects.filter(value=f"+{stage.operator.wa_id}").exists()


def test_every_answer_that_names_a_person_can_be_found_with_them(stage: Stage, texts: None):
    """Erasing a person overwrites what operators were told about them."""
    message = stage.approved()
    assert message.contact
    stage.says(SENTENCE, by=message.contact)
    stage.says("إيقاف", by=message.contact)
    about_nobody = OutboxMessage.objects.filter(audience="operator", about=None)
    assert not [words(row.body) for row in about_nobody if "مريم" in str(row.body) or SENTENCE in str(row.body)]
