"""What a draft is right now: the request as it would be sent, its digest, and what the gate would say. Reads only."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from wakeel import config
from wakeel.domain.drafts import DraftState, FinalRequest, OutboxPhase, digest
from wakeel.domain.gate import deciding_grant
from wakeel.domain.gate import preview as gate_preview
from wakeel.domain.gate_request import GateRequest, Verdict
from wakeel.flows import policies
from wakeel.store import drafts, gate_facts
from wakeel.store.contacts import addresses_of
from wakeel.store.gate_facts import Written
from wakeel.store.models import Draft, DraftVersion
from wakeel.whatsapp.cards import text_part
from wakeel.whatsapp.mode import Mode
from wakeel.whatsapp.payloads import message_body


@dataclass(frozen=True, slots=True)
class Preview:
    """text: the current version. body: None without an address. digest: what an approval would be bound to.

    asked_digest: of what a card or page asks about; other than `digest` while a reply of the contact waits to be read,
    so that nobody says "send as it is" on a card or page older than that reply. verdict: as if approved now.
    grant_id: the consent it rests on. request: what the gate read.
    """

    text: str
    address: str | None
    body: Mapping[str, Any] | None
    digest: str
    asked_digest: str
    verdict: Verdict
    grant_id: str | None
    request: GateRequest


def preview(draft_id: str, *, now: datetime) -> Preview:
    """Look at a draft without changing it. Raises Draft.DoesNotExist."""
    return of(Draft.objects.select_related("number__business", "opportunity").get(pk=draft_id), now=now)


def previews(draft_ids: Collection[str], *, now: datetime) -> dict[str, Preview]:
    """Look at several drafts at once, by id, in a handful of queries; ids of nobody's draft are left out."""
    rows = Draft.objects.select_related("number__business", "opportunity").filter(pk__in=draft_ids)
    return _of(list(rows), now=now)


def of(draft: Draft, *, now: datetime) -> Preview:
    return _of([draft], now=now)[draft.id]


def _of(rows: Sequence[Draft], *, now: datetime) -> dict[str, Preview]:
    written = _written(rows)
    requests = gate_facts.of_drafts(written, live_send=sends_live(), policy=policies.current(), now=now)
    return {one.draft.id: _preview(one, requests[one.draft.id], now=now) for one in written}


def _written(rows: Sequence[Draft]) -> list[Written]:
    versions = DraftVersion.objects.filter(draft__in=rows, number__in={draft.version for draft in rows})
    texts = {(version.draft_id, version.number): version.text for version in versions}
    addresses = addresses_of({draft.contact_id for draft in rows})
    found = []
    for draft in rows:
        text, address = texts[draft.id, draft.version], addresses[draft.contact_id]
        body = message_body(text_part(text), address=address) if address else {}
        found.append(Written(draft, text, body, address))
    return found


def _preview(one: Written, request: GateRequest, *, now: datetime) -> Preview:
    draft, body = one.draft, one.body or None
    grant_id = deciding_grant(request, now=now)
    current = digest(final_request(draft, body=one.body, grant_id=grant_id))
    request = replace(request, current_digest=current)
    asked = _asked(draft, current, request.recipient.last_inbound_at)
    return Preview(one.text, one.address, body, current, asked, gate_preview(request, now=now), grant_id, request)


def _asked(draft: Draft, current: str, last_inbound_at: datetime | None) -> str:
    message = drafts.message_of(draft) if draft.state == DraftState.APPROVED else None
    if message is None or drafts.phase_of(message) is not OutboxPhase.HELD_BY_REPLY:
        return current
    return hashlib.sha256(f"{current}\n{message.hold_code}\n{last_inbound_at}".encode()).hexdigest()


def final_request(draft: Draft, *, body: Mapping[str, Any], grant_id: str | None) -> FinalRequest:
    return FinalRequest(
        body=body,
        phone_number_id=draft.number_id,
        contact_id=draft.contact_id,
        category=draft.category,
        purpose=draft.purpose,
        grant_id=grant_id,
    )


def sends_live() -> bool:
    """The gate's `live_send` fact: true in live and practice mode, where messages are really posted."""
    return config.get().mode is not Mode.DRY
