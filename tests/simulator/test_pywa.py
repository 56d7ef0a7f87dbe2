"""Another project's client drives the stand-in: pywa, with nothing replaced but the base URL of its session."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from pywa import WhatsApp, errors, types
from pywa.types.templates import (
    BodyText,
    Buttons,
    HeaderImage,
    QuickReplyButton,
    Template,
    TemplateCategory,
    TemplateLanguage,
    TemplateStatus,
)
from pywa.types.templates import ParamFormat as Format

from tests.simulator.conftest import CONTACT, HIDDEN, NUMBER_ID, SECRET, Json, Simulator, eventually

WABA_ID = "215500000000001"
TO = f"+{CONTACT}"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)
CHOICES = [types.Button(title="نعم", callback_data="yes"), types.Button(title="لا", callback_data="no")]


@pytest.fixture
def wa(simulator: Simulator) -> Iterator[WhatsApp]:
    """pywa as its documentation starts it; only then is its session sent to the stand-in."""
    with httpx.Client(timeout=5, trust_env=False) as session:
        client = WhatsApp(
            phone_id=NUMBER_ID,
            token="practice",
            session=session,
            server=None,
            verify_token="verify",
            app_secret=SECRET.decode(),
            waba_id=WABA_ID,
        )
        session.base_url = httpx.URL(f"http://127.0.0.1:{simulator.port}/v25.0")
        simulator.open_window()
        yield client


class Heard:
    """What pywa's handlers were called with, once the webhooks of the receiver are fed to it."""

    def __init__(self, wa: WhatsApp, simulator: Simulator) -> None:
        self.wa = wa
        self.simulator = simulator
        self.updates: list[Any] = []
        self._fed = len(simulator.receiver.came)
        for listen in (
            wa.on_message,
            wa.on_callback_button,
            wa.on_callback_selection,
            wa.on_message_status,
            wa.on_template_status_update,
        ):
            listen(lambda _, update: self.updates.append(update))

    def feed(self) -> None:
        """Everything that came since, its signature checked by pywa's own validator."""
        for headers, body in self.simulator.receiver.came[self._fed :]:
            assert self.wa.webhook_update_validator(body, headers["x-hub-signature-256"]) is None
            assert self.wa.webhook_update_handler(body) == ("ok", 200)
            self._fed += 1

    def one(self, kind: type, **about: object) -> Any:
        """The first update of a kind with these attributes."""

        def look() -> Any:
            self.feed()
            for update in self.updates:
                if type(update) is kind and all(getattr(update, name) == value for name, value in about.items()):
                    return update
            return None

        return eventually(look)


@pytest.fixture
def heard(wa: WhatsApp, simulator: Simulator) -> Heard:
    return Heard(wa, simulator)


def newest(simulator: Simulator) -> Json:
    return simulator.phone(CONTACT)["messages"][-1]


def test_text_is_sent_and_its_statuses_come_back(wa: WhatsApp, simulator: Simulator, heard: Heard):
    sent = wa.send_message(TO, "أهلاً بك", tracker="att_9")
    assert newest(simulator) | {"text": "", "status": ""} == newest(simulator) | {
        "wamid": sent.id,
        "text": "",
        "status": "",
    }
    assert newest(simulator)["text"] == "أهلاً بك"
    for status in (types.MessageStatusType.SENT, types.MessageStatusType.DELIVERED, types.MessageStatusType.READ):
        told = heard.one(types.MessageStatus, id=sent.id, status=status)
        assert told.from_user.wa_id == CONTACT
        assert told.tracker == "att_9"


def test_buttons_are_tapped_and_the_tap_is_heard(wa: WhatsApp, simulator: Simulator, heard: Heard):
    sent = wa.send_message(TO, "هل نبدأ؟", header="سؤال", footer="مكتب", buttons=CHOICES)
    assert [button["title"] for button in newest(simulator)["buttons"]] == ["نعم", "لا"]
    simulator.post(f"/api/phones/{CONTACT}/tap", {"wamid": sent.id, "id": "yes"})
    tap = heard.one(types.CallbackButton, data="yes")
    assert (tap.title, tap.reply_to_message.id) == ("نعم", sent.id)


def test_a_list_is_shown_and_its_choice_is_heard(wa: WhatsApp, simulator: Simulator, heard: Heard):
    rows = [types.SectionRow(title="الأحد", callback_data="sun", description="صباحًا")]
    menu = types.SectionList(button_title="اختر", sections=[types.Section(title="أيام", rows=rows)])
    sent = wa.send_message(TO, "متى؟", buttons=menu)
    assert newest(simulator)["list"]["button"] == "اختر"
    simulator.post(f"/api/phones/{CONTACT}/tap", {"wamid": sent.id, "id": "sun"})
    choice = heard.one(types.CallbackSelection, data="sun")
    assert (choice.title, choice.description) == ("الأحد", "صباحًا")


def test_a_template_is_made_approved_sent_and_tapped(wa: WhatsApp, simulator: Simulator, heard: Heard):
    simulator.post("/api/review", {"seconds": 0})
    body = BodyText("أهلًا {{name}} وسهلًا بك معنا.", name="منى")
    replies = Buttons(buttons=[QuickReplyButton(text="مهتم")])
    made = wa.create_template(
        Template(
            name="pywa_hello",
            language=TemplateLanguage.ARABIC,
            category=TemplateCategory.UTILITY,
            parameter_format=Format.NAMED,
            components=[body, replies],
        )
    )
    assert made.status == TemplateStatus.PENDING
    heard.one(types.templates.TemplateStatusUpdate, template_name="pywa_hello", new_status=TemplateStatus.APPROVED)
    [listed] = wa.get_templates(name="pywa_hello", statuses=[TemplateStatus.APPROVED])
    assert (listed.id, listed.parameter_format) == (made.id, Format.NAMED)
    sent = wa.send_template(
        TO,
        name="pywa_hello",
        language=TemplateLanguage.ARABIC,
        params=[body.params(name="سارة"), replies.buttons[0].params(callback_data="hello:yes", index=0)],
    )
    assert newest(simulator)["text"] == "أهلًا سارة وسهلًا بك معنا."
    simulator.post(f"/api/phones/{CONTACT}/tap", {"wamid": sent.id, "id": "hello:yes"})
    tap = heard.one(types.CallbackButton, data="hello:yes")
    assert (tap.title, tap.is_quick_reply) == ("مهتم", True)
    assert wa.delete_template("pywa_hello").success


def test_media_goes_up_is_sent_comes_down_and_is_deleted(wa: WhatsApp, simulator: Simulator, tmp_path):
    media = wa.upload_media(PNG, mime_type="image/png", filename="a.png")
    wa.send_image(TO, media.id, caption="الكتالوج")
    assert newest(simulator)["media"]["mime"] == "image/png"
    assert newest(simulator)["text"] == "الكتالوج"
    wa.send_document(TO, PNG, filename="عرض.pdf", mime_type="application/pdf")
    assert newest(simulator)["media"]["filename"] == "عرض.pdf"
    about = wa.get_media_url(media.id)
    assert (about.mime_type, about.file_size) == ("image/png", len(PNG))
    assert wa.get_media_bytes(about.url) == PNG
    assert wa.delete_media(media.id).success
    with pytest.raises(errors.WhatsAppError, match="does not exist"):
        wa.get_media_url(media.id)


def test_a_picture_from_a_phone_is_fetched_by_its_webhook(wa: WhatsApp, simulator: Simulator, heard: Heard):
    simulator.post(f"/api/phones/{CONTACT}/send", {"type": "image", "caption": "انظر"})
    message = heard.one(types.Message, caption="انظر")
    assert message.image.mime_type == "image/jpeg"
    assert message.image.get_bytes().startswith(b"\xff\xd8")


def test_reactions_hang_on_their_message_both_ways(wa: WhatsApp, simulator: Simulator, heard: Heard):
    theirs = simulator.open_window()
    wa.send_reaction(TO, "👍", theirs)
    mine = wa.send_message(TO, "شكرًا")

    def bubble() -> Json:
        return next(row for row in simulator.phone(CONTACT)["messages"] if row["wamid"] == theirs)

    assert bubble()["reactions"] == [{"by": "business", "emoji": "👍"}]
    wa.remove_reaction(TO, theirs)
    assert bubble()["reactions"] == []
    simulator.post(f"/api/phones/{CONTACT}/send", {"type": "reaction", "wamid": mine.id, "emoji": "❤️"})
    message = heard.one(types.Message, type=types.MessageType.REACTION)
    assert (message.reaction.message_id, message.reaction.emoji) == (mine.id, "❤️")


def test_a_message_is_marked_as_read_and_typing_is_shown(wa: WhatsApp, simulator: Simulator):
    theirs = simulator.open_window()
    assert wa.mark_message_as_read(theirs).success
    assert wa.indicate_typing(theirs).success
    assert simulator.phone(CONTACT)["typing_until"] is not None


def test_a_person_without_a_number_is_known_by_their_bsuid(wa: WhatsApp, simulator: Simulator, heard: Heard):
    simulator.open_window(HIDDEN)
    bsuid = simulator.phone(HIDDEN)["bsuid"]

    def said() -> Any:
        heard.feed()
        return next((u for u in heard.updates if isinstance(u, types.Message) and u.from_user.bsuid == bsuid), None)

    message = eventually(said)
    assert message.from_user.wa_id is None
    sent = message.reply_text("أهلاً")
    assert simulator.phone(HIDDEN)["messages"][-1]["wamid"] == sent.id


def test_number_profile_and_blocks_are_read_and_changed(wa: WhatsApp, simulator: Simulator):
    number = wa.get_business_phone_number()
    assert (number.id, number.quality_rating, number.status) == (NUMBER_ID, "GREEN", "CONNECTED")
    assert [row.id for row in wa.get_business_phone_numbers()] == [NUMBER_ID]
    assert wa.get_business_account().id == WABA_ID
    wa.update_business_profile(about="نرد خلال ساعة", industry=types.Industry.PROF_SERVICES)
    assert wa.get_business_profile().about == "نرد خلال ساعة"
    blocked = wa.block_users([TO])
    assert [user.wa_id for user in blocked.added_users] == [CONTACT]
    assert wa.api.get_blocked_users(NUMBER_ID)["data"][0]["wa_id"] == CONTACT
    assert [user.wa_id for user in wa.unblock_users([TO]).removed_users] == [CONTACT]


@pytest.mark.parametrize(
    ("code", "error"),
    [
        (131056, errors.TooManyMessages),
        (130429, errors.RateLimitHit),
        (131047, errors.ReEngagementMessage),
        (190, errors.ExpiredAccessToken),
        (368, errors.TemporarilyBlocked),
    ],
)
def test_an_error_reaches_the_client_as_its_own_class(
    wa: WhatsApp, simulator: Simulator, code: int, error: type[errors.WhatsAppError]
):
    simulator.post("/api/faults", {"next_sends": [{"kind": "refuse", "code": code}]})
    with pytest.raises(error) as caught:
        wa.send_message(TO, "أهلاً")
    assert (caught.value.code, bool(caught.value.details), bool(caught.value.fbtrace_id)) == (code, True, True)


def test_a_closed_window_is_an_error_of_its_own(wa: WhatsApp, simulator: Simulator):
    simulator.post("/api/clock", {"advance_s": 24 * 3600})
    with pytest.raises(errors.ReEngagementMessage):
        wa.send_message(TO, "أهلاً")


@pytest.mark.parametrize(
    ("send", "details"),
    [
        (lambda wa: wa.send_message(TO, "م" * 4097), "4096"),
        (lambda wa: wa.send_message(TO, "م" * 1025, buttons=CHOICES), "1024"),
        (lambda wa: wa.send_message(TO, "؟", buttons=CHOICES * 2), "buttons"),
        (lambda wa: wa.send_message(TO, "؟", buttons=[CHOICES[0], CHOICES[0]]), "Duplicated"),
        (lambda wa: wa.send_message(TO, "؟", buttons=[types.Button(title="م" * 21, callback_data="x")]), "20"),
        (lambda wa: wa.send_message(TO, "؟", header="م" * 61, buttons=CHOICES), "60"),
        (lambda wa: wa.send_image(TO, "1234567890123456"), "not a valid whatsapp business account media"),
        (lambda wa: wa.send_message("966110000001000000000000000000000000", "أهلاً"), "phone number"),
    ],
    ids=["long text", "long body", "four buttons", "equal buttons", "long title", "long header", "no such file", "to"],
)
def test_what_pywa_lets_through_and_meta_refuses_is_refused_with_the_reason(wa: WhatsApp, send: Any, details: str):
    with pytest.raises(errors.WhatsAppError) as caught:
        send(wa)
    assert caught.value.code in {100, 131008, 131009}
    assert details in f"{caught.value.message} {caught.value.details}"


def test_a_template_with_too_few_values_or_no_sample_is_refused(wa: WhatsApp):
    with pytest.raises(errors.WhatsAppError) as caught:
        wa.send_template(TO, name="meeting_reminder", language=TemplateLanguage.ARABIC, params=[])
    assert caught.value.code == 132000
    parts = [HeaderImage(example="4::a"), BodyText("{{1}} أهلًا بك معنا اليوم.", "منى")]
    with pytest.raises(errors.WhatsAppError) as caught:
        wa.create_template(
            Template(name="x", language=TemplateLanguage.ARABIC, category=TemplateCategory.UTILITY, components=parts)
        )
    assert caught.value.subcode == 2388299
