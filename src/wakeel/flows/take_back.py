"""What may not leave to a person any more is taken back at once, and whoever approved it is told."""

from collections.abc import Collection, Mapping
from datetime import datetime

from wakeel.domain.answers import AnswerCode
from wakeel.domain.outbox import UNCLAIMED, Audience
from wakeel.domain.reasons import Answer, ReasonCode
from wakeel.domain.text import one_line
from wakeel.domain.words import Text
from wakeel.flows import preview_draft
from wakeel.flows.ask_again import ask_again
from wakeel.flows.put_down_draft import put_down
from wakeel.flows.reply import Reply, reason_words
from wakeel.flows.tell_operator import tell
from wakeel.store import drafts
from wakeel.store import outbox as outbox_verbs
from wakeel.store.models import OutboxMessage


def take_back_all(contact_ids: Collection[str], *, code: ReasonCode, facts: dict[str, str], now: datetime) -> int:
    """Suppress everything unsent to these people and recall what is leaving, inside the caller's transaction.

    facts: what the words of `code` name. Returns how many were taken back. The rows are locked first: what a worker has
    claimed meanwhile is recalled.
    """
    unsent = _unsent(contact_ids)
    rows = OutboxMessage.objects.filter(contact__in=contact_ids, audience=Audience.CONTACT.value)
    outbox_verbs.recall(rows, now=now)
    return sum(take_back_one(message, code, facts, now=now) for message in unsent)


def take_back_refused(contact_ids: Collection[str], *, now: datetime) -> int:
    """Decide again about everything approved and unsent to these people, inside the caller's transaction.

    What the gate refuses for good is taken back; what would rest on another consent is asked again; what is leaving is
    recalled and decided again. Returns how many were taken back.
    """
    taken, unsent = 0, _unsent(contact_ids)
    rows = OutboxMessage.objects.filter(contact__in=contact_ids, audience=Audience.CONTACT.value)
    outbox_verbs.recall(rows, now=now)
    for message in unsent:
        draft = message.draft
        if draft is None:
            continue
        seen = preview_draft.of(draft, now=now)
        if seen.verdict.answer is Answer.BLOCK:
            taken += take_back_one(message, seen.verdict.code, dict(seen.verdict.facts), now=now)
        elif seen.digest != message.digest:
            taken += ask_again(message, now=now)
    return taken


def _unsent(contact_ids: Collection[str]) -> list[OutboxMessage]:
    rows = OutboxMessage.objects.filter(contact__in=contact_ids, audience=Audience.CONTACT.value, state__in=UNCLAIMED)
    return list(
        rows.select_related("contact", "draft__opportunity__owner", "draft__contact", "draft__number__business")
        .select_for_update(of=("self",))
        .order_by("id")
    )


def take_back_one(message: OutboxMessage, code: ReasonCode, facts: Mapping[str, object], *, now: datetime) -> bool:
    """True if nobody had claimed it; whoever approved it is told why. facts: what the words of `code` name."""
    if not outbox_verbs.take_back(OutboxMessage.objects.filter(pk=message.pk), code=code, now=now):
        return False
    draft = message.draft
    approval = drafts.standing_approval(draft) if draft is not None else None
    if draft is None or approval is None or draft.version != message.draft_version:
        return True
    put_down(draft, now=now)
    reason = Text.both(lambda language: reason_words(code, facts, language))
    said = Reply(AnswerCode.LEFT_WITHOUT, {"name": one_line(draft.contact.name), "reason": reason})
    tell(approval.operator, said, key=f"taken-back:{message.id}", now=now, about=draft.contact)
    return True
