"""What each type of message may carry: everything good is taken, one fault at a time is refused with Meta's code."""

import json
from dataclasses import dataclass
from typing import Any

import pytest

from tests.simulator import payloads as p
from tests.simulator.payloads import EVERY, changed, mutants
from wakeel.simulator.bubbles.bubble import parts
from wakeel.simulator.checks.media import misfit
from wakeel.simulator.checks.message import check_message

LONG = "https://example.com/" + "a" * 10
HEADER = "template.components.0.parameters.0"


@pytest.mark.parametrize("name", EVERY)
def test_a_good_message_of_every_type_is_taken(name: str):
    """A limit that is one too tight would hide a right product behind a wrong stand-in."""
    assert check_message(EVERY[name]) is None


@pytest.mark.parametrize("emoji", ["👍", "❤️", "👨‍👩‍👧‍👦", "1️⃣", "ℹ️", "🇸🇦", ""])
def test_every_emoji_can_be_a_reaction(emoji: str):
    assert check_message(changed(p.REACTION, "reaction.emoji", emoji)) is None


@pytest.mark.parametrize("name", EVERY)
def test_a_key_that_meta_does_not_know_is_named(name: str):
    payload = EVERY[name]
    kind = payload["type"]
    place = f"{kind}.0.wat" if isinstance(payload[kind], list) else f"{kind}.wat"
    error = check_message(changed(payload, place, 1))
    assert error is not None
    assert (error.code, '"wat"' in error.details) == (100, True)


@pytest.mark.parametrize("name", EVERY)
def test_whatever_is_sent_is_refused_or_can_be_drawn(name: str):
    """A shape that nobody thought of must not break the chat it lies in."""
    for payload in mutants(EVERY[name]):
        if check_message(payload) is None:
            row = parts(payload, None, media=lambda _: None)
            assert row["unknown"] is None
            json.dumps(row)


WRONG: list[tuple[Any, int, str]] = [
    (changed(p.IMAGE, "image.link", None), 100, "Either one of media ID or link"),
    (changed(p.IMAGE, "image.id", "1"), 100, "Either one of media ID or link"),
    (changed(p.IMAGE, "image.link", "ftp://example.com/a"), 100, "not a valid URI"),
    (changed(p.IMAGE, "image.link", "https://exa mple.com"), 100, "not a valid URI"),
    (changed(p.IMAGE, "image.link", "https://[a"), 100, "not a valid URI"),
    (changed(p.IMAGE, "image.caption", "س" * 1025), 131009, "caption"),
    (changed(p.AUDIO, "audio.caption", "نص"), 100, "caption"),
    (changed(p.AUDIO, "audio.voice", "yes"), 100, "voice"),
    (changed(p.STICKER, "sticker.caption", "نص"), 100, "caption"),
    (changed(p.LOCATION, "location.latitude", None), 131008, "latitude"),
    (changed(p.LOCATION, "location.latitude", 90.1), 131009, "latitude"),
    (changed(p.LOCATION, "location.longitude", "شرق"), 100, "longitude"),
    (changed(p.LOCATION, "location.longitude", "nan"), 131009, "longitude"),
    (changed(p.LOCATION, "location.name", 5), 100, "name"),
    (changed(p.CONTACTS, "contacts", []), 131009, "contacts"),
    (changed(p.CONTACTS, "contacts", {}), 100, "array"),
    (changed(p.CONTACTS, "contacts.0.name", None), 131008, "name"),
    (changed(p.CONTACTS, "contacts.0.name.formatted_name", None), 131008, "formatted_name"),
    (changed(p.CONTACTS, "contacts.0.name.first_name", None), 131008, "first_name"),
    (changed(p.CONTACTS, "contacts.0.phones.0.phone", None), 131008, "phone"),
    (changed(p.CONTACTS, "contacts.0.phones.0.phone", 5), 100, "phone"),
    (changed(p.CONTACTS, "contacts.0.emails.0.email", ""), 131008, "email"),
    (changed(p.CONTACTS, "contacts.0.urls.0.url", "example"), 100, "URI"),
    (changed(p.CONTACTS, "contacts.0.addresses.0.planet", "م"), 100, "planet"),
    (changed(p.CONTACTS, "contacts.0.org.boss", "م"), 100, "boss"),
    (changed(p.CONTACTS, "contacts.0.birthday", "28/2/1990"), 131009, "birthday"),
    (changed(p.REACTION, "reaction.message_id", "A"), 131009, "message_id"),
    (changed(p.REACTION, "reaction.emoji", None), 131008, "emoji"),
    (changed(p.REACTION, "reaction.emoji", "ok"), 131009, "emoji"),
    (changed(p.REACTION, "reaction.emoji", 5), 100, "emoji"),
    (changed(p.BUTTONS, "interactive.header", {"type": "location", "location": {}}), 100, "header.type"),
    (changed(p.BUTTONS, "interactive.header", {"type": "image", "image": {}}), 100, "media ID or link"),
    (
        changed(p.BUTTONS, "interactive.header", {"type": "image", "image": {"link": p.LINK, "caption": "س"}}),
        100,
        "caption",
    ),
    (changed(p.CTA_URL, "interactive.action.name", "cta"), 100, "cta_url"),
    (changed(p.CTA_URL, "interactive.action.parameters", None), 131008, "parameters"),
    (changed(p.CTA_URL, "interactive.action.parameters.display_text", "س" * 21), 131009, "display_text"),
    (changed(p.CTA_URL, "interactive.action.parameters.url", "example.com"), 100, "URI"),
    (changed(p.FLOW, "interactive.action.parameters.flow_message_version", "2"), 100, "flow_message_version"),
    (changed(p.FLOW, "interactive.action.parameters.flow_cta", "س" * 31), 131009, "flow_cta"),
    (changed(p.FLOW, "interactive.action.parameters.flow_name", "نموذج"), 131009, "flow_name"),
    (changed(p.FLOW, "interactive.action.parameters.flow_id", None), 131009, "flow_id"),
    (changed(p.FLOW, "interactive.action.parameters.mode", "test"), 100, "mode"),
    (changed(p.FLOW, "interactive.action.parameters.flow_action_payload", {"data": {}}), 131009, "data"),
    (changed(p.PRODUCT, "interactive.action.product_retailer_id", None), 131008, "product_retailer_id"),
    (changed(p.PRODUCT, "interactive.header", {"type": "text", "text": "س"}), 131009, "header"),
    (changed(p.PRODUCT_LIST, "interactive.header", None), 131008, "header"),
    (
        changed(p.PRODUCT_LIST, "interactive.action.sections.0.product_items", p.ITEMS * 16),
        131009,
        "Max allowed product items: 30",
    ),
    (changed(p.CATALOG, "interactive.action.name", "catalog"), 100, "catalog_message"),
    (changed(p.LOCATION_REQUEST, "interactive.action.name", "location"), 100, "send_location"),
    (changed(p.LOCATION_REQUEST, "interactive.body", None), 131008, "body"),
    (changed(p.ADDRESS, "interactive.action.parameters.country", "SG"), 100, "country"),
    (changed(p.NUMBER_REQUEST, "interactive.action.parameters", {}), 100, "parameters"),
    (changed(p.VOICE_CALL, "interactive.action.parameters.ttl_minutes", 43_201), 131009, "ttl_minutes"),
    (changed(p.CAROUSEL, "interactive.action.cards", [p.card(0, p.quick("a"))]), 131009, "cards"),
    (changed(p.CAROUSEL, "interactive.action.cards.1.card_index", 5), 131009, "card_index"),
    (changed(p.CAROUSEL, "interactive.action.cards.1.header", None), 131008, "header"),
    (changed(p.CAROUSEL, "interactive.action.cards.1.body.text", "س" * 161), 131009, "body"),
    (
        changed(p.CAROUSEL, "interactive.action.cards.1.action", p.named("cta_url", display_text="س", url=LONG)),
        131009,
        "same",
    ),
    (changed(p.CAROUSEL, "interactive.action.cards.1.action", p.quick("a", "b", "c", "d")), 131009, "buttons"),
    (changed(p.TEMPLATE, "template.name", "س" * 513), 131009, "name"),
    (changed(p.TEMPLATE, "template.language.policy", "fallback"), 100, "policy"),
    (changed(p.TEMPLATE, "template.components.0.type", "foot"), 100, "type is unknown"),
    (changed(p.TEMPLATE, f"{HEADER}.image.caption", "نص"), 100, "caption"),
    (changed(p.TEMPLATE, f"{HEADER}.type", "payload"), 131009, "payload"),
    (changed(p.TEMPLATE, "template.components.1.parameters.0.text", None), 131008, "missing text value"),
    (changed(p.TEMPLATE, "template.components.1.parameters.1.currency.code", "ريال"), 131009, "currency.code"),
    (changed(p.TEMPLATE, "template.components.1.parameters.1.currency.amount_1000", None), 131008, "amount_1000"),
    (changed(p.TEMPLATE, "template.components.1.parameters.2.date_time", {}), 131008, "fallback_value"),
    (changed(p.TEMPLATE, "template.components.2.sub_type", None), 131008, "sub_type"),
    (changed(p.TEMPLATE, "template.components.2.index", 10), 131009, "index"),
    (changed(p.TEMPLATE, "template.components.2.parameters.0.payload", "x" * 257), 131009, "payload"),
    (changed(p.TEMPLATE, "template.components.3.parameters", []), 131009, "parameters"),
    (p.template({"type": "carousel", "cards": [{"card_index": 0, "components": [{"type": "carousel"}]}]}), 100, "type"),
    (p.template({"type": "limited_time_offer", "parameters": [{"type": "limited_time_offer"}]}), 131008, "offer"),
]


@pytest.mark.parametrize(("payload", "code", "word"), WRONG)
def test_a_broken_rule_gets_metas_code_and_names_the_place(payload: object, code: int, word: str):
    error = check_message(payload)
    assert error is not None
    assert error.code == code
    assert word in error.details


@dataclass(frozen=True)
class File:
    mime: str
    filename: str | None = None
    size: int = 5


def test_an_upload_is_known_or_refused_wherever_it_is_named():
    """Wording as seen in the wild: products look for it."""
    known = {"1": File("image/png")}
    by_id = changed(changed(p.IMAGE, "image.link", None), "image.id", "1")
    in_header = changed(p.TEMPLATE, f"{HEADER}.image", {"id": "1"})
    for payload, way in (
        (by_id, "image['id']"),
        (in_header, "template['components'][0]['parameters'][0]['image']['id']"),
    ):
        assert check_message(payload, media=known.get) is None
        error = check_message(payload, media=lambda _: None)
        assert error is not None
        assert error.body()["error"]["message"] == (
            f"(#100) Param {way} is not a valid whatsapp business account media attachment ID"
        )


def test_a_file_of_the_wrong_kind_is_found_after_the_yes():
    """131053 comes by webhook; a document may be anything."""
    wav = {"1": File("audio/wav")}.get
    assert "audio/wav" in (misfit("audio", {"id": "1"}, wav) or "")
    assert misfit("document", {"id": "1"}, wav) is None
    assert misfit("image", {"link": p.LINK}, wav) is None
    assert misfit("audio", {"id": "2"}, {"2": File("audio/OGG; codecs=opus")}.get) is None


def test_marketing_messages_have_an_envelope_of_their_own():
    marketing = p.template() | {"message_activity_sharing": True, "product_policy": "STRICT"}
    assert check_message(marketing, marketing=True) is None
    assert check_message(marketing) is not None
    assert check_message(p.template() | {"context": {"message_id": "wamid.A"}}, marketing=True) is not None
