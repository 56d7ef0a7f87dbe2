"""What a draft is right now: the request as it would be sent, its digest, and what the gate would say. Reads only."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from wakeel import config
from wakeel.domain.drafts import FinalRequest, digest
from wakeel.domain.gate import GateRequest, Verdict, deciding_grant
from wakeel.domain.gate import preview as gate_preview
from wakeel.store import gate_facts
from wakeel.store.contacts import address_of
from wakeel.store.models import Draft, DraftVersion
from wakeel.whatsapp.cards import text_part
from wakeel.whatsapp.mode import Mode
from wakeel.whatsapp.payloads import message_body


@dataclass(frozen=True, slots=True)
class Preview:
    """text: the current version. body: None without an address. digest: what an approval would be bound to.

    verdict: as if approved now. grant_id: the consent it rests on. request: what the gate read.
    """

    text: str
    address: str | None
    body: Mapping[str, Any] | None
    digest: str
    verdict: Verdict
    grant_id: str | None
    request: GateRequest


def preview(draft_id: str, *, now: datetime) -> Preview:
    """Look at a draft without changing it. Raises Draft.DoesNotExist."""
    return of(Draft.objects.select_related("number").get(pk=draft_id), now=now)


def of(draft: Draft, *, now: datetime) -> Preview:
    text = DraftVersion.objects.get(draft=draft, number=draft.version).text
    address = address_of(draft.contact_id)
    body = message_body(text_part(text), address=address) if address else None
    request = gate_facts.of_draft(draft, address=address, live_send=sends_live())
    grant_id = deciding_grant(request, now=now)
    current = digest(final_request(draft, body=body or {}, grant_id=grant_id))
    request = replace(request, current_digest=current)
    return Preview(text, address, body, current, gate_preview(request, now=now), grant_id, request)


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
