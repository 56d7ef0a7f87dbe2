"""What reaches an operator's phone at once: few messages after a closed window, few approvals, answers first."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from tests import rows
from tests.flows.brief_stage import set_window
from tests.flows.stage import Stage
from wakeel import config
from wakeel.domain.answers import AnswerCode
from wakeel.domain.cards import TEXT_LIMIT
from wakeel.domain.outbox import Lane
from wakeel.domain.rights import ErasureReason
from wakeel.domain.stop_switches import Stop
from wakeel.domain.text import measure
from wakeel.flows import release_stop, stop_sending
from wakeel.flows.erase_person import erase
from wakeel.flows.gather_notices import notify
from wakeel.flows.reply import Reply
from wakeel.flows.tell_operator import message_to, tell
from wakeel.store import erasure, outbox
from wakeel.store.models import Contact, Mention, OutboxMessage, Prompt
from wakeel.whatsapp.cards import text_part

SATURDAY = datetime(2026, 11, 28, 9, tzinfo=UTC)


def notices(stage: Stage, people: list[Contact], *, text: str = "x") -> None:
    for number, contact in enumerate(people):
        reply = Reply(AnswerCode.MAYBE_STOP, {"name": contact.name, "text": text, "steps": ""})
        tell(stage.operator, reply, key=f"n{number}", now=stage.now, about=contact)


def people(stage: Stage, *names: str) -> list[Contact]:
    return [rows.contact(stage.firm, name, phone=f"+96650972223{place}") for place, name in enumerate(names)]


def test_notices_that_waited_for_the_window_come_as_one_message_and_before_the_answer(stage: Stage):
    set_window(stage.operator, wrote_at=SATURDAY - timedelta(days=2))
    stage.now = SATURDAY
    notices(stage, people(stage, "مريم", "خالد", "نورة"))
    assert stage.deliver() == []
    stage.says("صباح الخير")
    whole, answer = [one.body["text"]["body"] for one in stage.deliver()]
    assert [name in whole for name in ("مريم", "خالد", "نورة")] == [True] * 3
    assert "لا بطاقات" in answer or answer


def test_erasing_one_of_those_named_finds_the_whole(stage: Stage):
    set_window(stage.operator, wrote_at=SATURDAY - timedelta(days=2))
    stage.now = SATURDAY
    known = people(stage, "مريم", "خالد")
    notices(stage, known)
    stage.says("صباح الخير")
    stage.deliver()
    whole = OutboxMessage.objects.get(request_key__startswith="gathered:")
    assert all(whole in erasure.spoken_of([contact]) for contact in known)
    assert Mention.objects.filter(message=whole).count() == 2


def test_long_ones_make_several_messages_within_the_limit_and_none_is_lost(stage: Stage):
    set_window(stage.operator, wrote_at=SATURDAY - timedelta(days=2))
    stage.now = SATURDAY
    known = people(stage, "أ", "ب", "ج", "د", "ه")
    notices(stage, known, text="ن" * 1_200)
    stage.says("صباح الخير")
    texts = [one.body["text"]["body"] for one in stage.deliver()]
    assert all(measure(text) <= TEXT_LIMIT for text in texts)
    assert sum(text.count("ن" * 1_200) for text in texts) == len(known)
    assert len(texts) == 3


def test_while_a_window_is_closed_notices_stay_apart(stage: Stage):
    """Erasing one of those named must not take the others' news back."""
    set_window(stage.operator, wrote_at=SATURDAY - timedelta(days=2))
    stage.now = SATURDAY
    for contact in people(stage, "مريم", "خالد"):
        notify(stage.operator, Reply(AnswerCode.CAME_BACK, {"name": contact.name}), key=contact.id, now=stage.now)
    assert not OutboxMessage.objects.filter(request_key__startswith="gathered:").exists()


def test_notices_of_one_moment_leave_together_and_answers_stay_apart(stage: Stage):
    """The first that is on the wire is not waited for, and no words are said twice."""
    tell(stage.operator, Reply(AnswerCode.NOTHING_OPEN), key="tap", now=stage.now)
    known = people(stage, "مريم", "خالد", "نورة", "هند")
    first, *others = [Reply(AnswerCode.CAME_BACK, {"name": contact.name}) for contact in known]
    notify(stage.operator, first, key="n0", about=known[0], now=stage.now)
    answer, alone = stage_texts(stage)
    for number, (contact, reply) in enumerate(zip(known[1:], others, strict=True), start=1):
        for _ in range(2):
            notify(stage.operator, reply, key=f"n{number}", about=contact, now=stage.now)
    [together] = stage_texts(stage)
    assert "مريم" in alone
    assert "مريم" not in answer
    assert [together.count(name) for name in ("مريم", "خالد", "نورة", "هند")] == [0, 1, 1, 1]
    whole = OutboxMessage.objects.get(state="accepted", request_key__startswith="gathered:")
    assert all(whole in erasure.spoken_of([contact]) for contact in known[1:])


def test_a_flood_of_notices_is_three_messages_in_a_minute_and_none_is_lost(stage: Stage):
    """One every two seconds: two at once, the rest together, half a minute after the first; then it begins anew."""
    known = people(stage, *(f"جهة{number}" for number in range(10)))
    texts: list[str] = []
    for number, contact in enumerate(known):
        notify(stage.operator, Reply(AnswerCode.CAME_BACK, {"name": contact.name}), key=f"n{number}", now=stage.now)
        texts += stage_texts(stage)
        stage.wait(seconds=2)
    assert len(texts) == 2
    tell(stage.operator, Reply(AnswerCode.NOTHING_OPEN), key="tap", now=stage.now)
    assert len(stage_texts(stage)) == 1, "no answer waits with them"
    stage.wait(seconds=10)
    texts += stage_texts(stage)
    assert [sum(text.count(contact.name) for text in texts) for contact in known] == [1] * 10
    assert len(texts) == 3
    stage.wait(seconds=30)
    notify(stage.operator, Reply(AnswerCode.CAME_BACK, {"name": "سارة"}), key="next", now=stage.now)
    assert len(stage_texts(stage)) == 1


@pytest.fixture
def two_cards(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("WAKEEL_OPEN_CARDS", "2")
    config.get.cache_clear()
    yield
    monkeypatch.undo()
    config.get.cache_clear()


@pytest.mark.usefixtures("two_cards")
def test_a_setting_says_how_many_cards_are_open_at_once(stage: Stage):
    """Of opportunities, and of approvals that are asked for."""
    made = [stage.person(key=f"k{number}", phone=f"+96650972223{number}") for number in range(4)]
    stage.show_cards()
    assert stage.open_cards() == 2
    for one in made:
        stage.accepted(one)
    assert stage.tap("brief:show_pending").code == "brief_pending"
    assert len([one for one in stage.deliver() if ":approve" in str(one.body)]) == 2


def test_erasing_one_of_those_named_together_keeps_the_others_news(stage: Stage):
    """Once what was put together was taken back whole, and nobody heard of the others."""
    known = people(stage, "مريم", "خالد", "نورة", "هند")
    for number, contact in enumerate(known):
        notify(
            stage.operator, Reply(AnswerCode.CAME_BACK, {"name": contact.name}), key=f"n{number}", about=contact,
            now=stage.now,
        )  # fmt: skip
    for gone in (known[1], known[3]):
        erase(gone.id, by="7", reason=ErasureReason.ON_REQUEST, now=stage.now)
    [whole] = stage_texts(stage)
    assert [name in whole for name in ("مريم", "خالد", "نورة", "هند")] == [True, False, True, False]
    said = OutboxMessage.objects.get(state="accepted", body__text__body=whole)
    assert set(Mention.objects.filter(message=said).values_list("contact_id", flat=True)) == {known[0].id, known[2].id}


def stage_texts(stage: Stage) -> list[str]:
    return [one.body["text"]["body"] for one in stage.deliver()]


def test_answers_overtake_cards(stage: Stage):
    for number in range(3):
        part = text_part(f"بطاقة {number}")
        card = message_to(stage.operator, part, lane=Lane.CARD, key=f"c{number}", now=stage.now)
        outbox.enqueue_all([card] if card else [])
    tell(stage.operator, Reply(AnswerCode.NOTHING_OPEN), key="a", now=stage.now)
    assert "بطاقة" not in stage.deliver()[0].body["text"]["body"]


def test_what_a_released_switch_asks_again_comes_three_at_a_time_with_one_count_of_the_rest(stage: Stage):
    """Five were approved and held; nobody wants five cards at once that they did not ask for."""
    for number in range(5):
        stage.approved(stage.person(key=f"k{number}", phone=f"+96650972223{number}"))
    stop_sending.press(stage.firm.business.id, stage.operator.id, now=stage.now)
    stop = Stop.of_business(stage.firm.business.id)
    release_stop.release_stop(stop, send=False, now=stage.now)
    shown = [one for one in stage.deliver() if ":approve" in str(one.body)]
    assert len(shown) == 3
    stage.wait(seconds=21)
    [count] = stage.deliver()
    assert "رسائل تنتظر اعتمادك: 5. على هاتفك منها: 3." in count.body["interactive"]["body"]["text"]
    for one in shown:
        draft_id = str(one.body["interactive"]["action"]["buttons"][0]["reply"]["id"]).split(":")[1]
        assert stage.tap(f"msg:{draft_id}:cancel").code == "cancelled"
    stage.deliver()
    more = Prompt.objects.get(subject__startswith="more_").outbox.wamid
    assert stage.tap("brief:show_pending", on=more).code == "brief_pending"
    assert len([one for one in stage.deliver() if ":approve" in str(one.body)]) == 2
