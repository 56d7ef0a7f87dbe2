"""A number or a word in place of a button: which question on the phone it answers, and the tap it stands for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from wakeel.domain.buttons import ButtonReply, parse_button_id
from wakeel.domain.events import TextReceived
from wakeel.domain.keywords import fold
from wakeel.domain.operator_texts import LATE_AFTER, choice_of, command_of
from wakeel.flows.answer_prompt import answer_prompt
from wakeel.flows.answered import Answered
from wakeel.flows.invitation import of_its_draft
from wakeel.flows.operators_tapped import shown_instead
from wakeel.flows.reply import Reply
from wakeel.flows.take_decision import take_decision
from wakeel.store import cards, decisions, prompts, questions
from wakeel.store.models import Card, Draft, Operator, OutboxMessage, Prompt, Showing
from wakeel.whatsapp.choices import Choice, choices_of


@dataclass(frozen=True, slots=True)
class Question:
    """A message with buttons or rows on the operator's phone: the showing of a card, or another question."""

    asked: Showing | Prompt

    @property
    def choices(self) -> tuple[Choice, ...]:
        return choices_of(self.asked.outbox.body)

    @property
    def prompt(self) -> Prompt | None:
        return self.asked if isinstance(self.asked, Prompt) else None

    @property
    def card(self) -> Card | None:
        return self.asked.card if isinstance(self.asked, Showing) else None

    @property
    def draft(self) -> Draft | None:
        """Of an approval card."""
        return self.card.draft if self.card is not None else None

    def chosen(self, text: str) -> ButtonReply | None:
        """The button that these words name: by its place, its title or a command word; None if they name none."""
        choices, number, command = self.choices, choice_of(text), command_of(text)
        if number is not None:
            return parse_button_id(choices[number - 1].id) if number <= len(choices) else None
        word = fold(text)
        titled = [parse_button_id(one.id) for one in choices if word and fold(one.title) == word]
        if command is not None and not titled:
            titled = [button for one in choices if (button := parse_button_id(one.id)).action == command[1]]
        return titled[0] if len(titled) == 1 else None


def quoted(operator: Operator, wamid: str) -> Question | None:
    """What a message with this wamid asked this operator; None if it asked nothing."""
    found = (
        questions.quoted(operator, wamid)
        or prompts.shown_as(operator.business_id, wamid, operator=operator)
        or questions.answered(operator, wamid)
    )
    return Question(found) if found is not None else None


def open_now(operator: Operator, *, at: datetime) -> list[Question]:
    """What waits for this operator's answer and has reached the phone, cards first. Other questions are asked in
    passing: they count for as long as a tap counts."""
    shown: list[Showing | Prompt] = [*questions.seen(cards.open_cards(operator))]
    return [Question(one) for one in (*shown, *prompts.asked_since(operator, at - LATE_AFTER))]


def only_one(open_questions: Sequence[Question], text: str) -> tuple[Question, ButtonReply] | None:
    """The one open question that a typed answer can only belong to, with the button it names; None if that is not sure.

    A number needs one open question in all, a word exactly one that has it; and one on a card counts only while no
    other card is open (design section 4).
    """
    named = [(one, button) for one in open_questions if (button := one.chosen(text)) is not None]
    if len(named) != 1:
        return None
    question, _ = named[0]
    rivals = len(open_questions) if choice_of(text) is not None else sum(one.card is not None for one in open_questions)
    is_sure = rivals == 1 or (question.card is None and choice_of(text) is None)
    return named[0] if is_sure else None


def choose(
    question: Question, button: ButtonReply, event: TextReceived, operator: Operator, *, now: datetime
) -> Reply | None:
    """Carry out the tap that was typed; None when what it queued is itself the answer."""
    if isinstance(question.asked, Prompt):
        answered = Answered(decisions.lock_operator(operator.id), button, question.asked, event.wamid, "phone")
        return answer_prompt(answered, sent_at=event.sent_at, now=now)
    button = of_its_draft(button, question.asked, None, business_id=operator.business_id)
    instead = shown_instead(operator, question.asked, button, sent_at=event.sent_at, now=now)
    return instead or decide(operator, button, question.asked.card.digest, event, now=now)


def decide(operator: Operator, button: ButtonReply, digest: str, event: TextReceived, *, now: datetime) -> Reply:
    """digest: of what the operator saw."""
    return take_decision(operator.id, button, shown_digest=digest, tap_key=event.wamid, via="phone", now=now)


def unsent(operator: Operator, text: str) -> list[tuple[OutboxMessage, ButtonReply]]:
    """What this operator approved that has not left, with the button that «إلغاء» or «تعديل» typed now stands for."""
    command = command_of(text)
    if command is None or command[1] not in {"cancel", "edit"}:
        return []
    return [
        (message, ButtonReply(command[0], command[1], message.draft_id))
        for message in questions.unsent_approvals(operator)
    ]
