"""The next text of an operator becomes the next version, and is shown for approval. Walk 2."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from wakeel.domain.answers import AnswerCode
from wakeel.domain.drafts import LIVING, MAX_TEXT, DraftState, TextRefused, refuse_text
from wakeel.domain.operator_texts import is_opt_out_word
from wakeel.domain.outbox import OutboxState
from wakeel.domain.statuses import MessageStatus
from wakeel.domain.template_texts import BODY_LIMIT
from wakeel.domain.text import measure, one_line, plain
from wakeel.domain.version_notes import notes_on
from wakeel.flows.complete_text import Completed, complete
from wakeel.flows.decide_draft import take_back_approval
from wakeel.flows.invitation import INVITATION_LIMIT
from wakeel.flows.no_operator import no_operator
from wakeel.flows.reply import Reply, Value, state_words
from wakeel.flows.reword_invitation import keep_times, reworded
from wakeel.flows.show_card import show_draft
from wakeel.flows.tell_others import tell_others
from wakeel.store import cards, decisions, drafts
from wakeel.store import outbox as outbox_verbs
from wakeel.store.draft_risk import risk_of_text
from wakeel.store.models import Draft, Operator, OutboxMessage
from wakeel.store.retry import whole_transaction


@whole_transaction
def submit_text(
    operator_id: str,
    draft_id: str,
    text: str,
    *,
    tap_key: str,
    via: str,
    now: datetime,
    shown_version: int | None = None,
) -> Reply:
    """Make `text` the next version of a draft, taking back an unsent approved one. A marketing text that lacks the
    sender's name or the way to stop gets it, and the answer says so.

    shown_version: the version the writer saw; another current one is a conflict and nothing is written. None: do not
    compare (on the phone the operator was asked for exactly this draft).
    """
    with transaction.atomic():
        operator = decisions.lock_operator(operator_id)
        draft = drafts.lock(draft_id)
        if draft is None or draft.business_id != operator.business_id:
            return Reply(AnswerCode.UNKNOWN_BUTTON)
        if (no_more := no_operator(operator)) is not None:
            return no_more
        if decisions.was_taken(operator.business_id, tap_key):
            return Reply(AnswerCode.ALREADY_DECIDED, {"state": state_words(draft.state)})
        new = reworded(operator, draft, text, now=now)
        if new is not None and new.refused is not None:
            return new.refused
        whole = complete(plain(text, keep_newlines=True), category=draft.category, business_name=draft.business.name)
        if new is not None:
            whole = Completed(new.text, new.note)
        refused = _refuse(text) or _refuse_length(whole.text)
        if refused is not None:
            return refused
        if shown_version is not None and shown_version != draft.version:
            return Reply(AnswerCode.STALE)
        reply = next_version(operator, draft, whole, now=now)
        if reply.carried_out:
            if new is not None:
                keep_times(draft, new)
            written = decisions.record(
                operator, opportunity=draft.opportunity, draft=draft, action="text", via=via, tap_key=tap_key,
                reply=reply.code, carried_out=True, now=now,
            )  # fmt: skip
            tell_others([written], now=now)
        return reply


def next_version(
    operator: Operator, draft: Draft, whole: Completed, *, now: datetime, template: Mapping[str, Any] | None = None,
    category: str = "",
) -> Reply:  # fmt: skip
    """Make a text the current version and show it for approval, inside the caller's transaction, the draft locked.

    template: of a text that goes out as an approved template. category: another one from this version on, '' for the
    same; the caller made sure that it is not a lower one.
    """
    if draft.state not in LIVING:
        return Reply(AnswerCode.DRAFT_CLOSED, {"state": state_words(draft.state)})
    if not take_back_approval(draft, code=None, now=now):
        return Reply(AnswerCode.ALREADY_LEFT)
    _leave_the_desk(draft)
    notes = notes_on(whole.text, before=drafts.text_of(draft), limit=_limit_of(draft, template))
    version = draft.version + 1
    drafts.add_version(draft, number=version, text=whole.text, author=operator, template=template, now=now)
    if draft.state != DraftState.EDITING:
        drafts.move(draft, to=DraftState.EDITING, come_from=[DraftState(draft.state)])
    drafts.move(
        draft, to=DraftState.AWAITING_APPROVAL, come_from=[DraftState.EDITING], version=version, editor=None,
        edit_asked_at=None, category=category or draft.category,
        risk=risk_of_text(draft, whole.text, is_template=template is not None, category=category, now=now).value,
    )  # fmt: skip
    cards.close(now=now, draft=draft)
    cards.take_back_unsent(now=now, draft=draft)
    show_draft(operator, draft, now=now)
    said: dict[str, Value] = {"version": version, "added": whole.added, "notes": notes}
    return Reply(AnswerCode.NEW_VERSION, said, carried_out=True)


def _limit_of(draft: Draft, template: Mapping[str, Any] | None) -> int:
    if template is not None:
        return BODY_LIMIT
    return MAX_TEXT if draft.meeting_id is None else INVITATION_LIMIT


def _leave_the_desk(draft: Draft) -> None:
    """A failure of the replaced version is history, whether it was refused or reported later: the new text counts."""
    failed = Q(state=OutboxState.FAILED) | Q(state=OutboxState.ACCEPTED, status=MessageStatus.FAILED)
    for message in OutboxMessage.objects.filter(failed, draft=draft):
        outbox_verbs.settle_attempt(message, settled_by="new_version")


def _refuse(text: str) -> Reply | None:
    refused = _refuse_length(plain(text, keep_newlines=True))
    if refused is None and is_opt_out_word(text):
        return Reply(AnswerCode.OPT_OUT_WORD, {"word": one_line(text)})
    return refused


def _refuse_length(text: str) -> Reply | None:
    match refuse_text(text):
        case TextRefused.EMPTY:
            return Reply(AnswerCode.TEXT_EMPTY)
        case TextRefused.TOO_LONG:
            return Reply(AnswerCode.TEXT_TOO_LONG, {"limit": MAX_TEXT, "length": measure(text)})
        case None:
            return None
