"""What a draft is right now: the request as it would be sent, its digest, and what the gate would say. Reads only."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from wakeel import config
from wakeel.domain.drafts import DraftState, FinalRequest, OutboxPhase, digest
from wakeel.domain.gate import deciding_grant
from wakeel.domain.gate import preview as gate_preview
from wakeel.domain.gate_request import GateRequest, TemplateFacts, Verdict
from wakeel.domain.template_payloads import refuse_payloads
from wakeel.domain.template_texts import filled, refuse_values, rendered
from wakeel.domain.text import mask_phone
from wakeel.flows import policies
from wakeel.flows.invitation import invitation_part
from wakeel.store import drafts, gate_facts, template_facts
from wakeel.store.claims import Approved
from wakeel.store.compiled import Compiled
from wakeel.store.contacts import addresses_of
from wakeel.store.gate_facts import Written
from wakeel.store.models import Draft, DraftVersion
from wakeel.store.template_facts import Known
from wakeel.whatsapp.cards import text_part
from wakeel.whatsapp.mode import Mode
from wakeel.whatsapp.payloads import message_body
from wakeel.whatsapp.template_body import template_part


@dataclass(frozen=True, slots=True)
class Preview:
    """text: the current version. body: None without an address. digest: what an approval would be bound to.

    asked_digest: of what a card or page asks about; other than `digest` while a reply of the contact waits to be read,
    so that nobody says "send as it is" on a card or page older than that reply. verdict: as if approved now.
    grant_id: the consent it rests on. request: what the gate read. buttons: labels under a template, which the contact
    sees below the text. written_by: the model that wrote the text, '' for none.
    """

    text: str
    address: str | None
    body: Mapping[str, Any] | None
    digest: str
    asked_digest: str
    verdict: Verdict
    grant_id: str | None
    request: GateRequest
    buttons: tuple[str, ...] = ()
    written_by: str = ""

    @property
    def masked_number(self) -> str:
        """What a person is shown of the address; '' for one that is no phone number, or none."""
        return mask_phone(self.address[1:]) if self.address is not None and self.address.startswith("+") else ""


def previews(draft_ids: Collection[str], *, now: datetime) -> dict[str, Preview]:
    """Look at several drafts at once, by id, in a handful of queries; ids of nobody's draft are left out."""
    return of_all(_whole(ids=draft_ids), now=now)


def of(draft: Draft, *, now: datetime) -> Preview:
    """Look at one draft without changing it."""
    return of_all([draft], now=now)[draft.id]


def of_all(rows: Sequence[Draft], *, now: datetime) -> dict[str, Preview]:
    """The same for drafts that the caller has read, with number, business and opportunity; by id."""
    if not rows:
        return {}
    written = _written(rows)
    requests = gate_facts.of_drafts(written, live_send=sends_live(), policy=policies.current(), now=now)
    return {one.draft.id: _preview(one, requests[one.draft.id], now=now) for one in written}


def _written(rows: Sequence[Draft]) -> list[Written]:
    found = _versions(drafts=[draft.id for draft in rows], numbers={draft.version for draft in rows})
    versions = {(version.draft_id, version.number): version for version in found}
    templates = _templates(rows, versions)
    addresses = addresses_of({draft.contact_id for draft in rows})
    written = []
    for draft in rows:
        version, address = versions[draft.id, draft.version], addresses[draft.contact_id]
        known = templates.get(draft.id)
        part, template = _part(version, known, meeting_id=draft.meeting_id)
        body = message_body(part, address=address) if address and part else {}
        buttons = known.text.buttons if known is not None and known.text is not None else ()
        written.append(Written(draft, version.text, body, address, template, buttons, version.written_by))
    return written


@Compiled
def _whole(*, ids: Any) -> QuerySet[Draft]:
    return Draft.objects.select_related("number__business", "opportunity").filter(pk__in=ids)


@Compiled
def _versions(*, drafts: Any, numbers: Any) -> QuerySet[DraftVersion]:
    return DraftVersion.objects.filter(draft__in=drafts, number__in=numbers)


def _templates(rows: Sequence[Draft], versions: Mapping[tuple[str, int], DraftVersion]) -> dict[str, Known | None]:
    """What is known of the templates of those drafts that go out as one, by draft id; one query."""
    keys = {
        draft.id: template_facts.key_of(draft.number, named["name"], named["language"])
        for draft in rows
        if (named := versions[draft.id, draft.version].template) is not None
    }
    known = template_facts.read(keys.values())
    return {draft_id: known.get(key) for draft_id, key in keys.items()}


def _part(
    version: DraftVersion, known: Known | None, *, meeting_id: str | None
) -> tuple[Mapping[str, Any], TemplateFacts | None]:
    """What would be POSTed of a version, and its template as the gate asks, None for free text.

    {} and facts that hold it if the template is gone, or does not say any more what was shown as this version.
    """
    if version.template is None:
        return (invitation_part(meeting_id, version.text) if meeting_id else text_part(version.text)), None
    if known is None or known.text is None:
        return {}, template_facts.MISSING
    values, payloads = version.template["values"], version.template.get("payloads", ())
    refused = refuse_values(known.text, values) or (refuse_payloads(known.text, payloads) if payloads else None)
    if refused is not None or rendered(known.text, values) != version.text:
        return {}, replace(known.facts, status=template_facts.CHANGED)
    return template_part(known.text, values, payloads), known.facts


def _preview(one: Written, request: GateRequest, *, now: datetime) -> Preview:
    draft, body = one.draft, one.body or None
    grant_id = deciding_grant(request, now=now)
    current = digest(final_request(draft, body=one.body, grant_id=grant_id, template=one.template))
    request = replace(request, current_digest=current)
    asked = _asked(draft, current, request.recipient.last_inbound_at)
    verdict = gate_preview(request, now=now)
    return Preview(one.text, one.address, body, current, asked, verdict, grant_id, request, one.buttons, one.written_by)


def _asked(draft: Draft, current: str, last_inbound_at: datetime | None) -> str:
    if draft.meeting is not None and draft.meeting.attendees:
        # Whom the calendar file is mailed to is asked about too.
        current = hashlib.sha256("\n".join([current, *draft.meeting.attendees]).encode()).hexdigest()
    message = drafts.message_of(draft) if draft.state == DraftState.APPROVED else None
    if message is None or drafts.phase_of(message) is not OutboxPhase.HELD_BY_REPLY:
        return current
    return hashlib.sha256(f"{current}\n{message.hold_code}\n{last_inbound_at}".encode()).hexdigest()


def final_request(
    draft: Draft | Approved, *, body: Mapping[str, Any], grant_id: str | None, template: TemplateFacts | None
) -> FinalRequest:
    """template: what is known of the one that the body names; None for free text."""
    named = filled(body)
    return FinalRequest(
        body=body,
        phone_number_id=draft.number_id,
        contact_id=draft.contact_id,
        category=draft.category,
        purpose=draft.purpose,
        grant_id=grant_id,
        template=None
        if named is None or template is None
        else {
            "name": named.name,
            "language": named.language,
            "category": template.category,
            "components": template.components,
        },
    )


def sends_live() -> bool:
    """The gate's `live_send` fact: true in live and practice mode, where messages are really posted."""
    return config.get().mode is not Mode.DRY
