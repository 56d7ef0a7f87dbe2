"""Scripts: what a person answers, and that nothing about it is left to chance."""

import asyncio
from typing import Any

import pytest

from tests.simulator.conftest import CONTACT, Simulator, eventually
from wakeel.domain.keywords import match
from wakeel.simulator.personas import Persona, Reads, Reply
from wakeel.simulator.players import Players
from wakeel.simulator.script_book import BUILT_IN
from wakeel.simulator.scripts import Dialect, Rule, Script, ScriptFault, Turn, answer, script_from
from wakeel.simulator.world import Direction, Message, Phone

Json = dict[str, Any]
SCRIPTS = {script.name: script for script in BUILT_IN}
OFFER = [{"id": "yes", "title": "مهتم"}, {"id": "stop", "title": "إيقاف العروض"}]


def turn(*, seed: int = 1, number: int = 0, speaks: Dialect = Dialect.GULF) -> Turn:
    return Turn(seed=seed, wa_id=CONTACT, number=number, speaks=speaks)


def test_every_script_promised_on_the_page_is_there_in_both_languages():
    assert {"asks_price", "agrees", "declines", "stops", "silent"} <= set(SCRIPTS)
    assert all(script.ar and script.en for script in BUILT_IN)


@pytest.mark.parametrize("script", [script for script in BUILT_IN if script.rules], ids=lambda script: script.name)
@pytest.mark.parametrize("speaks", Dialect)
def test_a_script_has_words_in_every_dialect(script: Script, speaks: Dialect):
    for rule in script.rules:
        assert turn(speaks=speaks).one_of(rule.says)
    assert not script.first or turn(speaks=speaks).one_of(script.first)


def test_a_script_taps_the_button_that_means_what_it_wants():
    for name, wanted in (("agrees", "yes"), ("stops", "stop")):
        found = answer(SCRIPTS[name], "عرض جديد", OFFER, spent=(), turn=turn())
        assert found is not None
        assert found.choice is not None
        assert found.choice["id"] == wanted
    said = answer(SCRIPTS["declines"], "عرض جديد", OFFER, spent=(), turn=turn())
    assert said is not None
    assert said.choice is None
    assert said.text


def test_an_answer_follows_from_what_was_written_and_is_given_once():
    asks = SCRIPTS["asks_price"]
    first = answer(asks, "كيف نساعدك؟", [], spent=(), turn=turn())
    assert first is not None
    then = answer(asks, "السّعر ٥٠٠ ريال", [], spent=(first.rule,), turn=turn(number=1))
    assert then is not None
    assert then.rule != first.rule
    assert answer(asks, "السعر ٥٠٠ ريال", [], spent=(first.rule, then.rule), turn=turn(number=2)) is None


@pytest.mark.parametrize("speaks", Dialect)
def test_only_who_wants_to_stop_says_what_the_product_takes_for_a_stop(speaks: Dialect):
    """Else a rehearsal would seem to lose people who only said no."""
    wanted = {"stops": [True], "returns": [True, False]}
    for script in BUILT_IN:
        lines = [rule.says for rule in script.rules]
        for line, stops in zip(lines, wanted.get(script.name, [False] * len(lines)), strict=True):
            for text in line.get(speaks) or line[None]:
                assert match(text).withdraws == stops, text


def test_silence_is_never_broken():
    assert answer(SCRIPTS["silent"], "هل من أحد؟", OFFER, spent=(), turn=turn()) is None


def test_the_same_seed_says_the_same_and_another_one_something_else():
    lines = SCRIPTS["stops"].rules[0].says
    assert {turn(seed=7).one_of(lines) for _ in range(5)} == {turn(seed=7).one_of(lines)}
    assert len({turn(seed=seed).one_of(lines) for seed in range(40)}) == len(lines[None])


@pytest.mark.parametrize("text", ["الأسعار", "أرجو السِّعر", "what is the PRICE"])
def test_spelling_does_not_hide_a_word(text: str):
    rule = Rule(contains=("سعر", "اسعار", "price"), says={None: ("نعم",)})
    assert answer(Script("x", "x", "x", rules=(rule,)), text, [], spent=(), turn=turn())


@pytest.mark.parametrize(
    ("row", "word"),
    [
        ({}, "name"),
        ({"name": "x", "colour": "red"}, "colour"),
        ({"name": "x", "rules": [{"contains": "a"}]}, "tap or say"),
        ({"name": "x", "rules": [{"says": 5}]}, "says"),
        ({"name": "x", "rules": [{"says": "a", "after_s": -1}]}, "after_s"),
        ({"name": "x", "rules": [{"says": "a", "again": 1}]}, "again"),
        ({"name": "x", "rules": [{"says": "a", "when": "b"}]}, "when"),
        ({"name": "x", "rules": "a"}, "rules"),
    ],
)
def test_a_mistake_in_a_script_names_its_field(row: object, word: str):
    with pytest.raises(ScriptFault, match=word):
        script_from(row)


class Thumbs:
    """Keeps what was written and tapped."""

    def __init__(self) -> None:
        self.did: list[object] = []

    def write(self, _: Phone, text: str) -> Message:
        self.did.append(text)
        return a_message(text)

    def tap(self, _: Phone, card: str, content: Json) -> Message:
        self.did.append((card, content))
        return a_message("")


def a_message(text: str, *, kind: str = "text") -> Message:
    return Message("wamid.1", Direction.RECEIVED, 0.0, kind, text=text)


@pytest.mark.parametrize(("script", "answers"), [("declines", 1), ("returns", 2), ("silent", 0), (None, 0)])
def test_nobody_answers_for_ever(script: str | None, answers: int):
    """Two automatic parties would talk without end."""
    hands, phone = Thumbs(), Phone(persona=Persona(wa_id="1", bsuid="SA.1", name="أ"), bsuid="SA.1")
    players = Players(hands, scripts=(), pace=0.0)
    players.begin(phone, script, first=True)
    for text in ("عرض", "عرض آخر", "أما زلت هنا؟"):
        asyncio.run(players.saw(phone, a_message(text)))
    asyncio.run(players.saw(phone, a_message("👍", kind="reaction")))
    assert len(hands.did) == answers


def test_a_phone_that_is_off_answers_nothing():
    off = Persona(wa_id="1", bsuid="SA.1", name="أ", reads=Reads.OFF, replies=(Reply("عرض", "نعم", 0.0),))
    hands, phone = Thumbs(), Phone(persona=off, bsuid="SA.1")
    asyncio.run(Players(hands, scripts=(), pace=0.0).saw(phone, a_message("عرض")))
    phone.change(reads=Reads.DELIVERED)
    asyncio.run(Players(hands, scripts=(), pace=0.0).saw(phone, a_message("عرض")))
    assert hands.did == ["نعم"]


def own_texts(simulator: Simulator, wa_id: str = CONTACT) -> list[str]:
    return [row["text"] for row in simulator.phone(wa_id)["messages"] if row["direction"] == "sent"]


def send(simulator: Simulator, wa_id: str, text: str) -> None:
    payload = {"messaging_product": "whatsapp", "to": f"+{wa_id}", "type": "text", "text": {"body": text}}
    assert simulator.send(payload)[0] == 200


def test_a_rule_is_used_up_unless_it_says_again():
    row = {"name": "delivery", "rules": [{"contains": "توصيل", "says": "ممتاز", "after_s": 1, "again": True}]}
    mine = script_from(row)
    assert mine.ar == mine.en == "delivery"
    assert mine.rules == (Rule(contains=("توصيل",), says={None: ("ممتاز",)}, after_s=1.0, again=True),)


def test_a_person_played_by_a_script_asks_and_answers_through_real_webhooks(simulator: Simulator):
    wa_id = "966501119961"
    simulator.post("/api/phones", {"wa_id": wa_id, "name": "James", "speaks": "english"})
    simulator.post(f"/api/phones/{wa_id}/script", {"script": "asks_price"})
    [asked] = own_texts(simulator, wa_id)
    assert asked.isascii()
    send(simulator, wa_id, "The price is 500 SAR.")
    eventually(lambda: len(own_texts(simulator, wa_id)) == 2)
    simulator.receiver.message(simulator.phone(wa_id)["messages"][-1]["wamid"])
    simulator.post(f"/api/phones/{wa_id}/script", {"script": None})
    assert simulator.phone(wa_id)["script"] is None


def test_a_script_taps_cards_and_templates_as_a_thumb_does(simulator: Simulator):
    wa_id = "966501119963"
    simulator.post("/api/phones", {"wa_id": wa_id, "name": "سامي", "script": "declines"})
    simulator.open_window(wa_id)
    buttons = [{"type": "reply", "reply": {"id": word, "title": word}} for word in ("مناسب", "ليس الآن")]
    interactive = {"type": "button", "body": {"text": "يناسبك؟"}, "action": {"buttons": buttons}}
    frame = {"messaging_product": "whatsapp", "to": f"+{wa_id}"}
    status, answer = simulator.send(frame | {"type": "interactive", "interactive": interactive})
    assert status == 200
    eventually(lambda: own_texts(simulator, wa_id)[1:] == ["ليس الآن"])
    tapped = simulator.receiver.message(simulator.phone(wa_id)["messages"][-1]["wamid"])
    assert tapped["interactive"]["button_reply"]["id"] == "ليس الآن"
    assert tapped["context"]["id"] == answer["messages"][0]["id"]
    simulator.post(f"/api/phones/{wa_id}/script", {"script": "agrees"})
    language = {"name": "meeting_reminder", "language": {"code": "ar"}}
    body = {"type": "body", "parameters": [{"type": "text", "text": word} for word in ("غداً", "سعود")]}
    assert simulator.send(frame | {"type": "template", "template": language | {"components": [body]}})[0] == 200
    eventually(lambda: own_texts(simulator, wa_id)[2:] == ["تأكيد"])
    quick = simulator.receiver.message(simulator.phone(wa_id)["messages"][-1]["wamid"])
    assert quick["button"] == {"payload": "تأكيد", "text": "تأكيد"}


def test_the_seed_stands_in_the_state_and_decides_again(simulator: Simulator):
    wa_id = "966501119962"
    simulator.post("/api/phones", {"wa_id": wa_id, "name": "سامي"})
    said = []
    for seed in (5, 5, 6, 7, 8):
        assert simulator.post("/api/scripts", {"seed": seed}) == {"seed": seed}
        assert simulator.state()["script_seed"] == seed
        simulator.post(f"/api/phones/{wa_id}/script", {"script": "agrees", "first": True})
        said.append(own_texts(simulator, wa_id)[-1])
    assert said[0] == said[1]
    assert len(set(said)) > 1
