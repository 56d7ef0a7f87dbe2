"""Write to the consent ledger, and let everything that follows from it happen in the same commit. Walk 4."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from wakeel.domain.answers import AnswerCode
from wakeel.domain.consent import Category, ConsentType, Standing, state_of
from wakeel.domain.drafts import DraftState
from wakeel.domain.keywords import KeywordAction
from wakeel.domain.outbox import OutboxState
from wakeel.domain.reasons import REASONS, ReasonCode
from wakeel.domain.text import one_line
from wakeel.domain.words import Text
from wakeel.flows import preview_draft
from wakeel.flows.ask_again import ask_again
from wakeel.flows.put_down_draft import put_down
from wakeel.flows.reply import Reply, Value, reason_words
from wakeel.flows.show_card import show_draft
from wakeel.flows.tell_operator import tell
from wakeel.store import consent, drafts, gate_facts
from wakeel.store import outbox as outbox_verbs
from wakeel.store.contacts import address_of
from wakeel.store.models import Approval, Contact, Draft, Operator, OutboxMessage
from wakeel.store.retry import whole_transaction

_SCOPE: dict[KeywordAction, tuple[Category, ...]] = {
    KeywordAction.WITHDRAW_ALL: (Category.MARKETING, Category.UTILITY),
    KeywordAction.WITHDRAW_MARKETING: (Category.MARKETING,),
}
"""A typed STOP ends both kinds of message we start (reference 3.2)."""

GRANTABLE = (Category.MARKETING, Category.UTILITY)


@dataclass(frozen=True, slots=True)
class Recorded:
    """The ledger entry's id."""

    event_id: str


@dataclass(frozen=True, slots=True)
class RefusedConsent:
    """field: the input to mend, '' if none can. reason: what is wrong and what to do."""

    field: str
    reason: Text


def withdraw_by_keyword(
    contact: Contact, action: KeywordAction, *, said_at: datetime, source: str, wamid: str, text: str, now: datetime
) -> None:
    """A contact asked to stop: ledger entry and suppression of everything pending, inside the caller's transaction.

    source: keyword, whatsapp_button, whatsapp_user_preferences or whatsapp_error_131050.
    """
    scope = _SCOPE[action]
    consent.append(
        contact.business_id,
        contact_id=contact.id,
        type=ConsentType.WITHDRAW,
        address=address_of(contact.id) or "",
        at=said_at,
        recorded_at=now,
        source=source,
        actor="contact",
        evidence=text,
        categories=[category.value for category in scope],
        clock="whatsapp",
        wamid=wamid,
    )
    suppress(contact, scope, now=now)


def resume_by_preference(contact: Contact, *, at: datetime, key: str, now: datetime) -> None:
    """WhatsApp's own switch was turned on again: lifts only what that switch had stopped."""
    consent.append(
        contact.business_id, contact_id=contact.id, type=ConsentType.RESUME, address=address_of(contact.id) or "",
        at=at, recorded_at=now, source="whatsapp_user_preferences", actor="contact",
        categories=[Category.MARKETING.value], clock="whatsapp", wamid=key,
    )  # fmt: skip


def suppress(contact: Contact, categories: Iterable[Category], *, now: datetime) -> None:
    """Take back everything unsent in these categories, recall what is leaving, and tell whoever approved it."""
    rows = OutboxMessage.objects.filter(contact=contact, category__in=[category.value for category in categories])
    taken = list(rows.filter(state__in=[OutboxState.PENDING, OutboxState.HELD]).select_related("draft__opportunity"))
    outbox_verbs.take_back(rows, code=ReasonCode.OPTED_OUT, now=now)
    outbox_verbs.recall(rows, now=now)
    for message in taken:
        approval = Approval.objects.filter(draft=message.draft, revoked_at=None).select_related("operator").first()
        if approval is None or message.draft is None:
            continue
        put_down(message.draft, now=now)
        reason = Text(*(reason_words(ReasonCode.OPTED_OUT, {"t": now}, language) for language in ("ar", "en")))
        values: dict[str, Value] = {"name": one_line(contact.name), "reason": reason}
        tell(approval.operator, Reply(AnswerCode.LEFT_WITHOUT, values), key=f"opted-out:{message.id}", now=now)


@whole_transaction
def record_by_operator(
    operator_id: str,
    contact_id: str,
    *,
    categories: Iterable[str],
    purpose: str,
    happened_at: datetime,
    source: str,
    wording: str,
    evidence: str,
    now: datetime,
) -> Recorded | RefusedConsent:
    """An operator enters a consent that the person gave directly, with evidence.

    Against a standing withdrawal nothing can be entered: only the person reopens (design section 6).
    """
    with transaction.atomic():
        operator = Operator.objects.get(pk=operator_id)
        contact = Contact.objects.filter(business_id=operator.business_id, pk=contact_id).first()
        if contact is None:
            return RefusedConsent("contact", Text("جهة الاتصال غير موجودة.", "There is no such contact."))
        return grant(
            contact, categories=categories, purpose=purpose, happened_at=happened_at, source=source, wording=wording,
            evidence=evidence, actor=operator.id, type=ConsentType.GRANT, now=now,
        )  # fmt: skip


def grant(
    contact: Contact,
    *,
    categories: Iterable[str],
    purpose: str,
    happened_at: datetime,
    source: str,
    wording: str,
    evidence: str,
    actor: str,
    type: ConsentType,
    now: datetime,
) -> Recorded | RefusedConsent:
    """Append a grant or an import, inside the caller's transaction, and show again what it cures.

    The same entry once more, by a second click or the same file, is the entry that stands already.
    """
    wanted = sorted(set(categories))
    refused = _refuse(contact, wanted, purpose, happened_at, wording, evidence, now=now)
    if refused is not None:
        return refused
    same = consent.same_entry(
        contact.id, type=type, at=happened_at, evidence=evidence.strip(), categories=wanted, purposes=[purpose]
    )
    if same is not None:
        return Recorded(same.id)
    row = consent.append(
        contact.business_id,
        contact_id=contact.id,
        type=type,
        address=address_of(contact.id) or "",
        at=happened_at,
        recorded_at=now,
        source=source,
        actor=actor,
        evidence=evidence.strip(),
        categories=wanted,
        purposes=[purpose],
        explicit=True,
        collected_directly=True,
        wording=wording.strip(),
        language="ar",
        clock="paper" if type is ConsentType.GRANT else "import",
    )
    show_what_is_cured(contact, now=now)
    return Recorded(row.id)


def _refuse(
    contact: Contact,
    categories: list[str],
    purpose: str,
    happened_at: datetime,
    wording: str,
    evidence: str,
    *,
    now: datetime,
) -> RefusedConsent | None:
    if address_of(contact.id) is None:
        return RefusedConsent("contact", REASONS[ReasonCode.RECIPIENT_INVALID].text)
    if not categories or not set(categories) <= {category.value for category in GRANTABLE}:
        return RefusedConsent(
            "categories",
            Text("اختر نوعًا واحدًا على الأقل: marketing أو utility.", "Choose at least one kind: marketing, utility."),
        )
    for name, text in (("purpose", purpose), ("wording", wording), ("evidence", evidence)):
        if not text.strip():
            return RefusedConsent(name, _MISSING[name])
    if happened_at.tzinfo is None or happened_at > now:
        return RefusedConsent(
            "happened_at", Text("وقت الموافقة غير صالح أو في المستقبل.", "The time is invalid or in the future.")
        )
    return _refuse_reopening(contact, categories, purpose, now=now)


_MISSING = {
    "purpose": Text("اذكر الغرض.", "Name the purpose."),
    "wording": Text("اكتب نص الموافقة كما عُرض عليه.", "Write the exact words they agreed to."),
    "evidence": Text("اذكر الدليل: كيف وأين وافق.", "Name the evidence: how and where they agreed."),
}


def _refuse_reopening(contact: Contact, categories: list[str], purpose: str, *, now: datetime) -> RefusedConsent | None:
    found = gate_facts.people([contact.id])
    subject = found.recipient(contact.id, None).subject
    for category in categories:
        state = state_of(found.events[contact.id], category=category, purpose=purpose, subject=subject, as_of=now)
        if state.standing is Standing.OPTED_OUT:
            return RefusedConsent(
                "contact",
                Text(
                    "طلب هذا الشخص إيقاف الرسائل، ولا يعيد فتحها إلا هو بنفسه. لم يُسجَّل شيء.",
                    "This person asked us to stop, and only they can reopen it. Nothing was recorded.",
                ),
            )
    return None


def show_what_is_cured(contact: Contact, *, now: datetime) -> None:
    """Something changed for this person: what an operator could not approve before is shown once more if it can be now.

    An approved, unsent message whose consent changed is asked again: its digest is another one now.
    """
    for draft in Draft.objects.filter(contact=contact).select_related("opportunity__owner", "contact", "number"):
        owner = draft.opportunity.owner
        if owner is None:
            continue
        if draft.state == DraftState.AWAITING_APPROVAL and draft.reshow_when_cured:
            if preview_draft.of(draft, now=now).verdict.may_be_approved:
                show_draft(owner, draft, now=now)
        elif draft.state == DraftState.APPROVED:
            _ask_again_if_drifted(draft, now=now)


def _ask_again_if_drifted(draft: Draft, *, now: datetime) -> None:
    approval = drafts.standing_approval(draft)
    if approval is None or approval.digest == preview_draft.of(draft, now=now).digest:
        return
    for message in OutboxMessage.objects.filter(draft=draft, state__in=[OutboxState.PENDING, OutboxState.HELD]):
        ask_again(message, now=now)
