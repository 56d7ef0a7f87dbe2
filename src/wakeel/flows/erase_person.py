"""Destroy what is held on one person: keys, payloads, words, numbers, raw items. The ledger's chain stays whole.

What stays: that something happened and when, under ids nobody can read, and one keyed token per address, so that an
import cannot bring the person back. Source: reference "consent and contactability", section 4.4; PDPL implementing
regulation, article 8, by the reference 1.1; read 2026-11-22.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db import transaction

from wakeel.domain.audit import Action
from wakeel.domain.consent import ConsentType
from wakeel.domain.drafts import DraftState
from wakeel.domain.opportunities import OpportunityState
from wakeel.domain.outbox import OutboxState
from wakeel.domain.reasons import ReasonCode
from wakeel.domain.rights import ErasureReason, RequestState
from wakeel.domain.suppression import SuppressionCause
from wakeel.domain.traces import Traces
from wakeel.domain.words import Text
from wakeel.flows import audit, gather_notices
from wakeel.flows.decide_draft import cancel_draft
from wakeel.flows.drop_meeting import drop_meeting
from wakeel.store import cards, consent, decisions, erasure, meetings, operators, raw_bodies, search_words, suppressions
from wakeel.store import outbox as outbox_verbs
from wakeel.store.compact import compact
from wakeel.store.keyring import keyring
from wakeel.store.models import (
    ConsentPayload,
    Contact,
    Draft,
    InboxRow,
    Opportunity,
    OutboxMessage,
    RightsRequest,
)
from wakeel.store.retry import whole_transaction
from wakeel.whatsapp.forget import OVERWRITTEN, forget


class Hindrance(StrEnum):
    """Why nothing was destroyed."""

    NO_SUCH_CONTACT = "no_such_contact"
    ALREADY = "already"
    LEGAL = "legal"
    HELD = "held"
    LEAVING = "leaving"
    UNREAD = "unread"
    SEALED = "sealed"


HINDRANCE_WORDS: dict[Hindrance, Text] = {
    Hindrance.NO_SUCH_CONTACT: Text("جهة الاتصال غير موجودة.", "There is no such contact."),
    Hindrance.ALREADY: Text("أُتلفت بيانات هذا الشخص من قبل.", "This person's data was destroyed before."),
    Hindrance.LEGAL: Text(
        "بيانات هذا الشخص محفوظة لسبب نظامي قائم. يُرفع السبب أولًا، ويُبلَّغ الشخص بالتأجيل.",
        "This person's data is kept for a legal reason that still stands. Lift it first; tell the person meanwhile.",
    ),
    Hindrance.HELD: Text(
        "على أحد طلبات هذا الشخص حجز نظامي. يُرفع الحجز أولًا، ويُبلَّغ الشخص بالتأجيل.",
        "A request of this person is under a legal hold. Release the hold first, and tell the person meanwhile.",
    ),
    Hindrance.LEAVING: Text(
        "رسالة إلى هذا الشخص في طريقها الآن أو لم تتأكد نتيجتها. تُسوّى أولًا من «تحتاج إصلاح»، ثم يُعاد الإتلاف.",
        "A message to this person is leaving now or its outcome is unknown. Settle it under “Needs fixing” first.",
    ),
    Hindrance.UNREAD: Text(
        "وصل إشعار عن هذا الشخص ولم يُقرأ بعد. يُعاد الإتلاف بعد لحظات.",
        "A notice about this person has arrived and is not read yet. Try again in a moment.",
    ),
    Hindrance.SEALED: Text(
        "لا يُفتح أحد الإشعارات المحفوظة لغياب مفتاحه، وقد يكون فيه ذكر لهذا الشخص. يُعاد ملف المفتاح إلى مكانه أولًا.",
        "A kept notice cannot be opened without its key, and may name this person. Put the key file back first.",
    ),
}


@dataclass(frozen=True, slots=True)
class Erased:
    """contact_ids: the record and those merged with it. bodies: how many raw bodies were rewritten, overwritten: how
    many of them whole. compacted: False if SQLite's free pages still hold old bytes; run `wakeel compact`.
    """

    contact_ids: tuple[str, ...]
    bodies: int
    overwritten: int
    compacted: bool


@dataclass(frozen=True, slots=True)
class RefusedErasure:
    """Nothing was changed."""

    why: Hindrance

    @property
    def reason(self) -> Text:
        return HINDRANCE_WORDS[self.why]


def erase(contact_id: str, *, by: str, reason: ErasureReason, now: datetime) -> Erased | RefusedErasure:
    """Destroy one person's data, with every record merged into theirs. by: the web account's id, as text.

    The raw inbox is searched before the transaction, which then looks only at what came since. Afterwards, outside of
    it, SQLite's file is written anew, so that no free page and no WAL frame keeps the old bytes.
    """
    done_to = raw_bodies.last_id()
    try:
        found = raw_bodies.holding(_traces(erasure.group_of(contact_id)).search)
        answer = _erase(contact_id, found, done_to, by=by, reason=reason, now=now)
    except raw_bodies.StaysSealed:
        return RefusedErasure(Hindrance.SEALED)
    if isinstance(answer, RefusedErasure):
        return answer
    ids, rewritten, overwritten = answer
    return Erased(ids, rewritten, overwritten, compact())


@whole_transaction
def _erase(
    contact_id: str, found: list[int], searched_to: int, *, by: str, reason: ErasureReason, now: datetime
) -> RefusedErasure | tuple[tuple[str, ...], int, int]:
    with transaction.atomic():
        group = erasure.lock_group(contact_id)
        erasure.lock_messages(group)
        traces = _traces(group)
        bodies = [*found, *raw_bodies.holding(traces.search, after=searched_to)]
        why = hindrance(group) or (Hindrance.UNREAD if raw_bodies.is_being_read(bodies) else None)
        if why is not None:
            return RefusedErasure(why)
        _close_what_lives(group, now=now)
        _write_ledger(group, traces, by=by, reason=reason, now=now)
        erasure.destroy_proofs(group)
        noted = search_words.last_due()
        erasure.overwrite(group, traces, now=now)
        rewritten = [_without(row, traces) for row in raw_bodies.read(bodies)]
        _leave_tokens(group, traces, by=by, reason=reason, now=now)
        _close_requests(group, by=by, now=now)
        erasure.empty_contacts(group, now=now)
        search_words.catch_up(after=noted)
        search_words.forget([contact.id for contact in group])
        for contact in group:
            audit.note(
                contact.business_id, by=by, action=Action.PERSON_ERASED, subject=contact.id,
                after={"reason": reason.value}, now=now,
            )  # fmt: skip
        return tuple(contact.id for contact in group), len(rewritten), sum(rewritten)


def hindrance(group: list[Contact]) -> Hindrance | None:
    """What stands against destroying this person's data now; None if nothing does."""
    if not group:
        return Hindrance.NO_SUCH_CONTACT
    if group[0].erased_at is not None:
        return Hindrance.ALREADY
    if suppressions.standing([contact.id for contact in group], SuppressionCause.LEGAL):
        return Hindrance.LEGAL
    requests = RightsRequest.objects.filter(contact__in=group, state=RequestState.OPEN)
    if requests.exclude(held_because="").exists():
        return Hindrance.HELD
    to_them = OutboxMessage.objects.filter(contact__in=group, state__in=[OutboxState.SENDING, OutboxState.UNKNOWN])
    if to_them.exists() or erasure.spoken_of(group).filter(state=OutboxState.SENDING).exists():
        return Hindrance.LEAVING
    return None


def _traces(group: list[Contact]) -> Traces:
    """Addresses that are an operator's or another person's by now are left to them; their wamids tell the items."""
    values = erasure.addresses_of(group)
    others = erasure.owned_by_others(group, values)
    own = {
        value for value in values
        if value not in others and not operators.is_operator_address(group[0].business_id, value)
    }  # fmt: skip
    return Traces(
        addresses=frozenset(own),
        spellings=frozenset(filter(None, map(search_words.national, own))),
        wamids=erasure.wamids_of(group),
        quoted=erasure.quoted_by_operators(group),
    )


def _close_what_lives(group: list[Contact], *, now: datetime) -> None:
    """Nothing leaves any more, and nobody is asked about them, before a word is overwritten."""
    for draft in Draft.objects.filter(contact__in=group).exclude(state=DraftState.CANCELLED).select_related(
        "opportunity", "contact", "number"
    ):  # fmt: skip
        cancel_draft(draft, now=now)
    for meeting in meetings.of_contacts([contact.pk for contact in group]):
        drop_meeting(meeting, now=now)
    unsent = OutboxMessage.objects.filter(contact__in=group) | erasure.spoken_of(group)
    for opportunity in Opportunity.objects.filter(contact__in=group):
        cards.close(now=now, opportunity=opportunity)
        for state in _TO_AN_END.get(OpportunityState(opportunity.state), ()):
            decisions.move_opportunity(opportunity, to=state, come_from=list(OpportunityState), now=now)
    gather_notices.keep_others(erasure.spoken_of(group), now=now)
    outbox_verbs.take_back(unsent, code=ReasonCode.SUPPRESSED, now=now)


_S = OpportunityState
_TO_AN_END: dict[OpportunityState, tuple[OpportunityState, ...]] = {
    _S.NEW: (_S.PRESENTED, _S.EXPIRED),
    _S.PRESENTED: (_S.EXPIRED,),
    _S.ACCEPTED: (_S.PRESENTED, _S.EXPIRED),
    _S.DRAFTING: (_S.PRESENTED, _S.EXPIRED),
    _S.SNOOZED: (_S.PRESENTED, _S.EXPIRED),
    _S.RESEARCHING: (_S.PRESENTED, _S.EXPIRED),
    _S.CONTACTED: (_S.LOST,),
    _S.REPLIED: (_S.LOST,),
}


def _write_ledger(group: list[Contact], traces: Traces, *, by: str, reason: ErasureReason, now: datetime) -> None:
    """One `erase` entry a record. Who shares an address with them keeps the withdrawals that were said from it."""
    _carry_withdrawals(group, traces, now=now)
    for contact in group:
        consent.append(
            contact.business_id, contact_id=contact.id, type=ConsentType.ERASE, address="*", at=now, recorded_at=now,
            source=reason.value, actor=f"user:{by}",
        )  # fmt: skip


def _carry_withdrawals(group: list[Contact], traces: Traces, *, now: datetime) -> None:
    """A withdrawal acts on the address, for whoever has it (reference 3.6): it must not vanish with its payload."""
    values = erasure.addresses_of(group)
    for value, owner_id in erasure.owned_by_others(group, values).items():
        said = ConsentPayload.objects.filter(
            contact__in=group, address_token=keyring().address_token(value), event__type=ConsentType.WITHDRAW.value
        )
        for payload in said.select_related("event").order_by("event__seq"):
            row = payload.event
            # Without a time it counts from when it was recorded; carried, it must not become newer than it is.
            at = row.at or row.recorded_at
            consent.append(
                row.business_id, contact_id=owner_id, type=ConsentType.WITHDRAW, address=value, at=at, recorded_at=now,
                source=row.source, actor="machine", occurrence=f"carried:{row.id}",
                categories=row.categories, purposes=row.purposes, channel=row.channel, clock=row.clock,
            )  # fmt: skip


def _without(row: InboxRow, traces: Traces) -> bool:
    """Rewrite one raw body; True if it had to be overwritten whole."""
    body = forget(raw_bodies.opened(row), traces)
    errors = [
        {**note, "error": traces.mask(str(note.get("error", ""))), "path": traces.mask(str(note.get("path", "")))}
        for note in row.errors
    ]
    raw_bodies.rewrite(row, body, errors=errors)
    return body == OVERWRITTEN


def _leave_tokens(group: list[Contact], traces: Traces, *, by: str, reason: ErasureReason, now: datetime) -> None:
    business_id = group[0].business_id
    for token in sorted({keyring().address_token(value) for value in traces.addresses}):
        suppressions.add(
            business_id, cause=SuppressionCause.ERASED, address_token=token, note=reason.value, actor=by, now=now
        )


def _close_requests(group: list[Contact], *, by: str, now: datetime) -> None:
    """Nothing else can be answered about a person who is gone; that destruction was asked for stays on record."""
    rows = RightsRequest.objects.filter(contact__in=group, state=RequestState.OPEN)
    rows.update(state=RequestState.DONE, closed_at=now, closed_by=by)
