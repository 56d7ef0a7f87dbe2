"""Somebody writes a text and approves it with the same key: for words of which they have read every one."""

from datetime import datetime

from django.db import transaction

from wakeel.domain.answers import AnswerCode
from wakeel.domain.buttons import parse_button_id
from wakeel.domain.text import plain
from wakeel.flows import preview_draft
from wakeel.flows.edit_draft import submit_text
from wakeel.flows.reply import Reply
from wakeel.flows.take_decision import take_decision
from wakeel.store import drafts
from wakeel.store.retry import whole_transaction


@whole_transaction
def approve_own_words(
    operator_id: str, draft_id: str, text: str, *, tap_key: str, now: datetime, shown_version: int | None
) -> Reply:
    """Keep the text as the next version and approve exactly it. Arguments: as for `submit_text`.

    Where a line had to be added to it, or it cannot be approved now, it is kept and waits to be read.
    """
    with transaction.atomic():
        written = submit_text(
            operator_id, draft_id, text, tap_key=tap_key, via="screen", now=now, shown_version=shown_version
        )
        draft = drafts.lock(draft_id)
        if written.code is not AnswerCode.NEW_VERSION or draft is None:
            return written
        seen = preview_draft.of(draft, now=now)
        may_be_approved = seen.verdict.may_be_approved or seen.verdict.is_only_stopped
        if seen.text != plain(text, keep_newlines=True) or not may_be_approved:
            return written
        return take_decision(
            operator_id, parse_button_id(f"msg:{draft_id}:approve"), shown_digest=seen.asked_digest,
            tap_key=f"{tap_key}:approve", via="screen", now=now,
        )  # fmt: skip
