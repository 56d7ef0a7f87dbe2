"""Held to the card limits for any input: a day with words that fit nowhere, in names, titles, texts and replies.

Every message that is queued for an operator on the way is measured here, by the limits as Meta gives them and not by
the code that makes cards (reference WA 1.3 and 1.5).
"""

from typing import Any

import pytest

from tests import rows
from tests.flows.brief_stage import approve_template
from tests.flows.stage import Stage
from tests.flows.test_meetings import answers, planned
from wakeel.domain.prompts import PromptKind
from wakeel.domain.risk import Risk
from wakeel.flows.assign import assign
from wakeel.flows.remind import remind_and_expire
from wakeel.flows.send_brief import send_due
from wakeel.flows.wake_snoozed import wake_due
from wakeel.store.models import Business, Draft, Operator, Opportunity, OutboxMessage, Prompt

WORDS = {
    "long": "نصٌّ طويل " * 500,
    "one word": "س" * 5_000,
    "torn": "\u202eabc\u2066 \u2067نص\u202b\n\n\r\n\t\u2028{name} {0} {} {{t}} %s *ع* ```x``` <b>&amp;</b> | ———" * 40,
    "clusters": ("\U0001f468\u200d\U0001f469\u200d\U0001f467" + "ن" + "\u0301\u064b" * 9) * 150,
    "nothing to see": "\u200b\u200f\u2060 \ufeff",
}
"""Each by what is wrong with it."""


def width(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def fits(body: dict[str, Any]) -> None:
    """Whether Meta would take it, and nothing in it turns the reading of what comes behind."""
    match body["type"]:
        case "text":
            shown = [(body["text"]["body"], 4096)]
        case "template":
            values = [one for part in body["template"]["components"] for one in part["parameters"] if "text" in one]
            shown = [(one["text"], 1024) for one in values]
            assert not [one for one in values if "\n" in one["text"] or "\t" in one["text"] or "     " in one["text"]]
        case _:
            shown = list(_interactive(body["interactive"]))
    for text, limit in shown:
        assert 1 <= width(text.strip()) <= width(text) <= limit, (limit, width(text), text[:80])
        assert not set(text) & set("\u202a\u202b\u202c\u202d\u202e"), "turns the line around"
        begun = sum(map(text.count, "\u2066\u2067\u2068"))
        assert begun == text.count("\u2069"), "what is isolated does not end"


def _interactive(card: dict[str, Any]) -> Any:
    yield card["body"]["text"], 1024
    yield from ((card[name]["text"], 60) for name in ("header", "footer") if name in card)
    action = card["action"]
    replies = [button["reply"] for button in action.get("buttons", [])]
    found = [row for section in action.get("sections", []) for row in section["rows"]]
    assert len(replies) <= 3
    assert len(found) <= 10
    for chosen in (replies, found):
        assert len({one["title"] for one in chosen}) == len({one["id"] for one in chosen}) == len(chosen)
    yield from ((one["title"], 20) for one in replies)
    yield from ((one["id"], 256) for one in replies)
    for row in found:
        yield from ((row["title"], 24), (row["id"], 200), (row.get("description", "—"), 72))


@pytest.mark.parametrize(("what", "language"), [*((what, "ar") for what in WORDS), ("one word", "en")])
def test_whatever_people_are_called_and_write_every_message_of_a_day_fits(stage: Stage, what: str, language: str):
    words = WORDS[what]
    other = rows.operator(stage.firm, words[:110], wa_id="966500000002", bsuid="SA.operator2", language=language)
    Operator.objects.filter(pk=stage.operator.pk).update(language=language, name=words[:120])
    stage.operator.refresh_from_db()
    approve_template(stage)
    day = _Day(stage, words)
    day.meet()
    Business.objects.update(quorum_from=Risk.HIGH.value)
    day.decide()
    day.type()
    assert assign(stage.operator.id, day.first, to=other.id, tap_key="over", now=stage.now).carried_out
    stage.deliver()
    for _ in range(5):
        stage.wait(hours=9)
        wake_due(now=stage.now)
        remind_and_expire(now=stage.now)
        send_due(now=stage.now)
        stage.deliver()
    stage.says("أوقف الكل")
    queued = list(OutboxMessage.objects.filter(audience="operator"))
    for message in queued:
        fits(message.body)
    kinds = {message.body["type"] for message in queued}
    assert kinds == {"text", "interactive", "template"}
    assert set(Prompt.objects.values_list("kind", flat=True)) == set(PromptKind)
    assert len(queued) > 30


class _Day:
    """first: the opportunity that was decided first."""

    def __init__(self, stage: Stage, words: str) -> None:
        self.stage, self.words = stage, words
        self.first = self.deal(1)

    def deal(self, n: int, **fields: Any) -> str:
        made = self.stage.person(
            key=f"k{n}", phone=f"+96650972230{n}", title=f"ع{self.words * 3}"[:300], name=self.words[:200], **fields
        )
        made.contact.organisation = self.words[:200]
        made.contact.save()
        made.summary, made.value = self.words, self.words[:60]
        made.save()
        return made.id

    def decide(self) -> None:
        """All three cards: one accepted, put off and taken up, one skipped with a reason, one answered."""
        stage = self.stage
        skipped = self.deal(2)
        stage.show_cards()
        stage.tap(f"opp:{self.first}:accept")
        stage.deliver()
        stage.tap(f"opp:{skipped}:skip")
        stage.deliver()
        stage.choose(f"skp:{skipped}:1")
        draft = Draft.objects.get(opportunity=self.first)
        stage.tap(f"msg:{draft.id}:edit")
        stage.says(self.words)
        stage.says("نص قصير يصلح: هل يناسبك اتصال غدًا؟ لإيقاف الرسائل أرسل: إيقاف")
        stage.deliver()
        stage.tap(f"msg:{draft.id}:approve")
        stage.wait(seconds=11)
        stage.deliver()
        stage.says(self.words, by=draft.contact)
        stage.wait(minutes=1)
        stage.deliver()
        stage.choose(f"thr:{draft.contact_id}:done")
        stage.deliver()
        later = self.deal(3)
        stage.show_cards()
        stage.tap(f"opp:{later}:accept")
        stage.deliver()
        stage.choose(f"opp:{later}:snooze")
        stage.deliver()
        stage.choose(f"snz:{later}:hour")

    def type(self) -> None:
        """What an operator writes by themselves."""
        self.stage.accepted(Opportunity.objects.get(pk=self.deal(4)))
        for text in (
            self.words, f"فرصة: {self.words}", f"عدّل: {self.words}", "اعتمد الكل", "ما رأيك؟",
            f"فرصة: {self.words[:60]}, +966509722399, {self.words[:200]}",
        ):  # fmt: skip
            self.stage.says(text)
            self.stage.deliver()

    def meet(self) -> None:
        """The contact wants another time, and an operator is asked for one."""
        stage = self.stage
        meeting = planned(stage, Opportunity.objects.get(pk=self.deal(5)))
        assert stage.tap(f"mtg:{meeting.id}:approve").code == "approved"
        stage.wait(seconds=11)
        stage.deliver()
        assert answers(stage, meeting, "other")
