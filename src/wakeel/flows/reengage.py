"""Outside the window an approved template reaches them: it becomes the next version, and asks for approval. Walk 3."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from wakeel.domain.answers import AnswerCode
from wakeel.domain.template_texts import BODY_LIMIT, refuse_values, rendered, tidy_values
from wakeel.flows.complete_text import NOTHING_ADDED, Completed
from wakeel.flows.edit_draft import next_version
from wakeel.flows.fitting_templates import fitting
from wakeel.flows.no_operator import no_operator
from wakeel.flows.reply import Reply, state_words
from wakeel.flows.tell_others import tell_others
from wakeel.store import decisions, drafts
from wakeel.store.retry import whole_transaction

ACTION = "use_template"


@whole_transaction
def reengage(
    operator_id: str, draft_id: str, row_id: int, values: Mapping[str, str], *, shown_version: int | None,
    tap_key: str, now: datetime,
) -> Reply:  # fmt: skip
    """Make an approved template with these values the next version of a draft; nothing is sent before it is approved.

    shown_version: the version the operator saw; another current one is a conflict and nothing is written.
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
        if shown_version != draft.version:
            return Reply(AnswerCode.STALE)
        chosen = next((one for one in fitting([draft], now=now)[draft.id] if one.row_id == row_id), None)
        if chosen is None:
            return Reply(AnswerCode.TEMPLATE_GONE)
        given = tidy_values(chosen.template, values)
        if refuse_values(chosen.template, given) is not None:
            return Reply(AnswerCode.TEMPLATE_VALUES, {"limit": BODY_LIMIT})
        whole = Completed(rendered(chosen.template, given), NOTHING_ADDED)
        named = {
            "name": chosen.template.name, "language": chosen.template.language, "values": given,
            "payloads": list(chosen.payloads),
        }  # fmt: skip
        reply = next_version(operator, draft, whole, template=named, category=chosen.category, now=now)
        if reply.carried_out:
            chose = decisions.record(
                operator, opportunity=draft.opportunity, draft=draft, action=ACTION, via="screen", tap_key=tap_key,
                reply=reply.code, carried_out=True, now=now,
            )  # fmt: skip
            tell_others([chose], now=now)
        return reply
