"""Several drafts at once: «اعتمد الكل» lists what would leave, asks once, and approves each against its own digest."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from wakeel import config
from wakeel.domain.answers import AnswerCode
from wakeel.domain.buttons import ButtonKind
from wakeel.domain.card_buttons import buttons_about
from wakeel.domain.cards import BODY_LIMIT, ButtonCard
from wakeel.domain.outbox import Lane
from wakeel.domain.prompts import BatchState, PromptKind
from wakeel.domain.text import name_line, one_line, shorten
from wakeel.domain.words import Language, Text
from wakeel.flows import preview_draft
from wakeel.flows.answered import Answered
from wakeel.flows.ask_operator import ask
from wakeel.flows.decide_draft import DraftTap, decide_drafts
from wakeel.flows.effects import Effects
from wakeel.flows.preview_draft import Preview
from wakeel.flows.reply import Reply, state_words, verdict_words
from wakeel.flows.show_card import show_drafts
from wakeel.store import batches, decisions, drafts, mentions, prompts
from wakeel.store.models import Batch, Draft, Operator
from wakeel.whatsapp.cards import button_card_part

MOST = 7
"""Drafts of one list: so many lines fit on a card with what is said beside them."""
APART_SHOWN = 2
_NAME, _WORDS, _WHY, _OUTCOME = 30, 50, 80, 400

_HEADER = Text("اعتماد عدة رسائل", "Approve several messages")
_ACTIONS = (("approve", Text("اعتماد الكل", "Approve all")), ("cancel", Text("إلغاء", "Cancel")))
_ASKS = Text("يُعتمد بضغطة واحدة كل نص كما وصلتك بطاقته:", "One tap approves each text as its card came to you:")
_LINE = Text("{n}. إلى {name}: {words}", "{n}. To {name}: {words}")
_APART = Text("لا يُعتمد معها:", "Not among them:")
_WHY_NOT = Text("- {name}: {why}", "- {name}: {why}")
_APART_MORE = Text("- وغيرها: {n}", "- and {n} more")
_REST = Text("وتبقى بعدها: {n}", "Left for afterwards: {n}")
_CHANGED = Text("تغيّر ما وراء بطاقته، وتصلك من جديد", "what is behind its card changed; it comes again")
_LEAVE = Text(
    "اعتُمدت، وتخرج بعد {seconds} ث، وإلغاء أو تعديل يوقفانها قبل ذلك: {names}.",
    "Approved; they leave in {seconds} s, Cancel or Edit stop them before: {names}.",
)
_OTHER = Text("• {name}: {words}", "• {name}: {words}")


@dataclass(frozen=True, slots=True)
class _Listed:
    """A draft that waits on this phone. why_not: None if اعتماد would be carried out."""

    draft: Draft
    seen: Preview
    why_not: Text | None

    @property
    def name(self) -> str:
        return name_line(self.draft.contact.name, limit=_NAME)


def offer(operator: Operator, *, key: str, now: datetime) -> Reply | None:
    """Ask once for everything that waits for this operator and whose card they have; None when the question is queued,
    else why there is nothing to ask. Inside the caller's transaction; key: what brought it, such as a wamid.

    What the gate would refuse stands apart with the reason; what changed behind its card is shown again.
    """
    shown = batches.on_phone(operator)
    previews = preview_draft.of_all([card.draft for card in shown], now=now)
    waiting = [
        _Listed(card.draft, seen, _why_not(seen, is_current=card.digest == seen.asked_digest))
        for card in shown
        for seen in [previews[card.draft.id]]
    ]
    changed = [one.draft for one in waiting if one.why_not is _CHANGED]
    show_drafts([(operator, draft) for draft in changed], now=now)
    fit, apart = [one for one in waiting if one.why_not is None], [one for one in waiting if one.why_not is not None]
    if not fit:
        names = [one.draft.contact_id for one in apart]
        return Reply(
            AnswerCode.BATCH_NOTHING, {"apart": Text.both(lambda language: _below(apart, language))}, names=names
        )
    batch = batches.keep(operator, [_entry(one) for one in fit[:MOST]], now=now)
    # Tapped all the same, an earlier list still approves what it named.
    prompts.close_of(operator, PromptKind.BATCH, now=now)
    part = button_card_part(_card(batch, fit, apart, language=operator.language))
    prompt = ask(
        operator, PromptKind.BATCH, subject=batch.id, part=part, key=key, now=now, digest=_digest(batch),
        lane=Lane.ANSWER,
    )  # fmt: skip
    if prompt is not None:
        mentions.note(prompt.outbox, [one.draft.contact_id for one in waiting])
    return None


def decide(answered: Answered, now: datetime) -> Reply:
    """Approve everything on a list, or nothing of it; each draft is answered for itself."""
    operator = answered.operator
    batch = batches.lock(operator, answered.subject)
    if batch is None:
        return Reply(AnswerCode.UNKNOWN_BUTTON)
    if batch.state != BatchState.OPEN:
        return Reply(AnswerCode.ALREADY_DECIDED, {"state": state_words(batch.state)})
    is_approved = answered.button.action == "approve"
    reply = _approve(answered, batch, now=now) if is_approved else Reply(AnswerCode.BATCH_CANCELLED, carried_out=True)
    batches.close(batch, BatchState.APPROVED if is_approved else BatchState.CANCELLED)
    prompts.close(batch.business_id, batch.id, now=now)
    decisions.record(
        operator, action=f"all_{answered.button.action}", via=answered.via, tap_key=answered.tap_key, reply=reply.code,
        carried_out=reply.carried_out, now=now,
    )  # fmt: skip
    return reply


def _approve(answered: Answered, batch: Batch, *, now: datetime) -> Reply:
    listed = [(entry["id"], entry["digest"]) for entry in batch.drafts]
    return approve_each(answered.operator, listed, tap_key=answered.tap_key, via=answered.via, now=now)


def approve_each(
    operator: Operator, listed: Sequence[tuple[str, str]], *, tap_key: str, via: str, now: datetime
) -> Reply:
    """Approve every draft of a list against its own digest, inside the caller's transaction; what became of each.

    operator: locked. listed: ids with the digests that were seen; drafts of another business are left out.
    """
    found = drafts.lock_all([draft_id for draft_id, _ in listed])
    taps = [
        DraftTap(operator, found[draft_id], "approve", digest, f"{tap_key}:{n}", via)
        for n, (draft_id, digest) in enumerate(listed, 1)
        if draft_id in found and found[draft_id].business_id == operator.business_id
    ]
    effects = Effects()
    replies = decide_drafts(taps, effects=effects, now=now)
    effects.carry_out(now=now)
    ended = list(zip((tap.draft for tap in taps), replies, strict=True))
    is_any = any(reply.carried_out for reply in replies)
    return Reply(
        AnswerCode.BATCH_DONE,
        {"each": Text.both(lambda language: _ends(ended, language))},
        carried_out=is_any,
        names=[draft.contact_id for draft, _ in ended],
    )


def _why_not(seen: Preview, *, is_current: bool) -> Text | None:
    if not is_current:
        return _CHANGED
    if seen.verdict.may_be_approved:
        return None
    return Text.both(lambda language: verdict_words(seen.verdict, language))


def _entry(one: _Listed) -> dict[str, Any]:
    return {"id": one.draft.id, "version": one.draft.version, "digest": one.seen.asked_digest}


def _digest(batch: Batch) -> str:
    return hashlib.sha256(json.dumps(batch.drafts, sort_keys=True).encode()).hexdigest()


def _card(batch: Batch, fit: Sequence[_Listed], apart: Sequence[_Listed], *, language: str) -> ButtonCard:
    lines = [
        _LINE.say(language, n=n, name=one.name, words=one_line(one.seen.text, limit=_WORDS))
        for n, one in enumerate(fit[:MOST], 1)
    ]
    rest = [_REST.say(language, n=len(fit) - MOST)] if len(fit) > MOST else []
    body = "\n".join([_ASKS.say(language), *lines, *rest]) + _below(apart, language)
    return ButtonCard(
        body=shorten(body, limit=BODY_LIMIT),
        buttons=buttons_about(batch.id, ButtonKind.BATCH, _ACTIONS, language=language),
        header=_HEADER.say(language),
    )


def _below(apart: Sequence[_Listed], language: str) -> str:
    """What cannot be approved along with the others, each with why; '' if there is nothing of the kind."""
    lines = [
        _WHY_NOT.say(language, name=one.name, why=shorten(one.why_not.say(language), limit=_WHY))
        for one in apart[:APART_SHOWN]
        if one.why_not is not None
    ]
    rest = [_APART_MORE.say(language, n=len(apart) - APART_SHOWN)] if len(apart) > APART_SHOWN else []
    return "\n" + "\n".join([_APART.say(language), *lines, *rest]) if apart else ""


def _ends(ended: Iterable[tuple[Draft, Reply]], language: str) -> str:
    """What became of each; those that leave soon in one line."""
    pairs = [(name_line(draft.contact.name, limit=_NAME), reply) for draft, reply in ended]
    leaving = [name for name, reply in pairs if reply.code is AnswerCode.APPROVED]
    between = "، " if language == Language.AR else ", "
    lines = [_LEAVE.say(language, seconds=config.get().undo_seconds, names=between.join(leaving))] if leaving else []
    lines += [
        _OTHER.say(language, name=name, words=shorten(reply.say(language), limit=_OUTCOME))
        for name, reply in pairs
        if reply.code is not AnswerCode.APPROVED
    ]
    return "\n".join(lines)
