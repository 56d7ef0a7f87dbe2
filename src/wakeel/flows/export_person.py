"""Everything that is held on one person, as JSON for machines and a page for people: the right of access and copy.

Not in it: other people's data, keys, and tokens that say nothing to the person. Source: PDPL article 4 by the
reference "consent and contactability", section 1.1, read 2026-11-22.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from wakeel.domain.audit import Action
from wakeel.domain.consent import Category, ConsentType
from wakeel.domain.consent_words import CATEGORY_WORDS, TYPE_WORDS, source_words
from wakeel.domain.rights import (
    CAME_BY_WORDS,
    REQUEST_STATE_WORDS,
    RIGHT_WORDS,
    CameBy,
    ExportReason,
    RequestState,
    Right,
)
from wakeel.domain.suppression import CAUSE_WORDS, SuppressionCause
from wakeel.domain.words import Text
from wakeel.flows import audit
from wakeel.flows.export_labels import HEADINGS, LABELS, LEAD, TITLE
from wakeel.flows.printed_page import Record, Section, Value, printed_page
from wakeel.flows.reply import reason_words, state_words
from wakeel.store import consent, contacts, erasure
from wakeel.store.gate_facts import body_words
from wakeel.store.messages import ECHO
from wakeel.store.models import (
    Attempt,
    ConsentEventRow,
    Contact,
    ContactAlias,
    Decision,
    DraftVersion,
    EvidenceFile,
    InboundMessage,
    Opportunity,
    OutboxMessage,
    RightsRequest,
    StatusEvent,
    Suppression,
    VerdictRow,
    Wording,
)


@dataclass(frozen=True, slots=True)
class PersonExport:
    """contact_id: of the record that speaks for the person. sections: name → records, as in both files."""

    contact_id: str
    made_at: datetime
    sections: Mapping[str, Sequence[Record]]

    def files(self) -> dict[str, bytes]:
        """File name → contents."""
        return {"person.json": self._json(), "person.html": self._html()}

    def _json(self) -> bytes:
        document = {"made_at": self.made_at, "contact": self.contact_id, **self.sections}
        return json.dumps(document, ensure_ascii=False, indent=2, default=_plain).encode()

    def _html(self) -> bytes:
        sections = [Section(HEADINGS[name], records) for name, records in self.sections.items()]
        return printed_page(TITLE, sections, labels=LABELS, lead=LEAD)


def hand_out(business_id: str, contact_id: str, *, by: str, reason: ExportReason, now: datetime) -> PersonExport | None:
    """The same for a person of ours who hands it out; the audit log keeps that, and why."""
    found = export_person(business_id, contact_id, now=now)
    if found is not None:
        after = {"reason": reason.value}
        audit.note(business_id, by=by, action=Action.PERSON_EXPORTED, subject=contact_id, after=after, now=now)
    return found


def export_person(business_id: str, contact_id: str, *, now: datetime) -> PersonExport | None:
    """None if this business has no such contact, or the person's data was destroyed. Reads only."""
    contact = Contact.objects.filter(business_id=business_id, pk=contact_id, erased_at=None).first()
    if contact is None:
        return None
    ids = contacts.group_of(contact)
    group = sorted(Contact.objects.filter(pk__in=ids), key=lambda row: row.id != ids[0])
    sections = {
        "profile": [_profile(row) for row in group],
        "addresses": list(_addresses(ids)),
        "ledger": list(ledger_records(ids)),
        "evidence": list(_evidence(ids)),
        "received": list(_received(ids)),
        "sent": list(_sent(ids)),
        "echoed": list(_echoed(ids)),
        "opportunities": list(_opportunities(ids)),
        "drafts": list(_drafts(ids)),
        "decisions": list(_decisions(ids)),
        "verdicts": list(_verdicts(ids)),
        "notices": list(_notices(group)),
        "suppressions": list(_suppressions(ids)),
        "requests": list(_requests(ids)),
    }
    return PersonExport(ids[0], now, sections)


def ledger_records(contact_ids: Sequence[str]) -> Iterator[Record]:
    """Every ledger entry of these contacts with its opened payload, the oldest first."""
    rows = list(
        ConsentEventRow.objects.filter(payload__contact__in=contact_ids).select_related("payload").order_by("seq")
    )
    opened = consent.details_by_id(rows)
    hashes = {row.wording_sha256 for row in rows}
    wordings = {row.sha256: row.text for row in Wording.objects.filter(sha256__in=hashes)}
    for row in rows:
        yield {
            "seq": row.seq,
            "id": row.id,
            "type": TYPE_WORDS[ConsentType(row.type)],
            "happened_at": row.at,
            "recorded_at": row.recorded_at,
            "categories": [_category(word) for word in row.categories],
            "purposes": row.purposes,
            "source": source_words(row.source),
            "method": row.method,
            "lawful_basis": row.lawful_basis,
            "collected_directly": row.collected_directly,
            "expires_at": row.expires_at,
            "wording": wordings.get(row.wording_sha256, ""),
            "notice_version": row.notice_version,
            **{name: value for name, value in sorted(opened.get(row.id, {}).items())},
        }


def _category(word: str) -> Value:
    return CATEGORY_WORDS[Category(word)] if word in set(Category) else word


def _profile(contact: Contact) -> Record:
    return {
        "id": contact.id,
        "name": contact.name,
        "organisation": contact.organisation,
        "created_at": contact.created_at,
        "last_inbound_at": contact.last_inbound_at,
        "gave_number": contact.gave_number,
        "time_zone": contact.time_zone,
        "paused_until": contact.paused_until,
        "identity_hold": contact.identity_hold,
        "identity_doubt": contact.identity_doubt,
        "referred_at": contact.referred_at,
        "free_until": contact.free_until,
    }


def _addresses(ids: Sequence[str]) -> Iterator[Record]:
    for row in ContactAlias.objects.filter(contact__in=ids).order_by("valid_from", "id"):
        yield {"kind": row.kind, "value": row.value, "valid_from": row.valid_from, "valid_to": row.valid_to}


def _evidence(ids: Sequence[str]) -> Iterator[Record]:
    """Files by their hash; the hash is sealed with the entry that rests on the file."""
    rows = list(EvidenceFile.objects.filter(contact__in=ids).order_by("created_at", "id"))
    entries = {
        row.proof_ref: row for row in ConsentEventRow.objects.filter(proof_ref__in=[row.id for row in rows])
    }  # fmt: skip
    opened = consent.details_by_id(entries.values())
    for row in rows:
        details = opened.get(entries[row.id].id, {}) if row.id in entries else {}
        yield {
            "id": row.id,
            "media_type": row.media_type,
            "created_at": row.created_at,
            "evidence_name": details.get("evidence_name", ""),
            "evidence_sha256": details.get("evidence_sha256", ""),
        }


def _received(ids: Sequence[str]) -> Iterator[Record]:
    rows = InboundMessage.objects.filter(contact__in=ids).exclude(kind=ECHO).prefetch_related("media")
    for row in rows.order_by("sent_at", "id"):
        yield {
            "sent_at": row.sent_at,
            "kind": row.kind,
            "text": row.text,
            "content": [
                f"{name}: {_leaf(value)}" for name, value in sorted(row.content.items()) if value not in ("", None)
            ],
            "wamid": row.wamid,
            "files": [
                f"{file.mime_type} {file.bytes} sha256 {file.sha256}"
                for file in row.media.all()
                if file.state == "kept"
            ],
        }


def _leaf(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _echoed(ids: Sequence[str]) -> Iterator[Record]:
    """What somebody of the business wrote to them in the WhatsApp Business app."""
    for row in InboundMessage.objects.filter(contact__in=ids, kind=ECHO).order_by("sent_at", "id"):
        yield {"sent_at": row.sent_at, "text": row.text, "wamid": row.wamid}


def _sent(ids: Sequence[str]) -> Iterator[Record]:
    rows = OutboxMessage.objects.filter(contact__in=ids).order_by("created_at", "id")
    for row in rows:
        news = StatusEvent.objects.filter(attempt__outbox=row).order_by("at", "id")
        tries = Attempt.objects.filter(outbox=row).order_by("number")
        yield {
            "created_at": row.created_at,
            "text": body_words(row.body),
            "address": row.address,
            "category": _category(row.category),
            "purpose": row.purpose,
            "state": state_words(row.state),
            "left_at": [attempt.started_at for attempt in tries if attempt.wamid],
            "statuses": [f"{status.status} {status.at.isoformat()}" for status in news],
            "wamid": row.wamid,
        }


def _opportunities(ids: Sequence[str]) -> Iterator[Record]:
    for row in Opportunity.objects.filter(contact__in=ids).order_by("created_at", "id"):
        yield {
            "id": row.id,
            "key": row.external_key,
            "title": row.title,
            "summary": row.summary,
            "value": row.value,
            "score": row.score,
            "purpose": row.purpose,
            "state": state_words(row.state),
            "draft_text": row.draft_text,
            "created_at": row.created_at,
        }


def _drafts(ids: Sequence[str]) -> Iterator[Record]:
    rows = DraftVersion.objects.filter(draft__contact__in=ids).select_related("draft")
    for row in rows.order_by("draft__created_at", "draft", "number"):
        yield {
            "id": row.draft_id,
            "version": row.number,
            "text": row.text,
            "category": _category(row.draft.category),
            "state": state_words(row.draft.state),
            "created_at": row.created_at,
        }


def _decisions(ids: Sequence[str]) -> Iterator[Record]:
    mine = Q(opportunity__contact__in=ids) | Q(draft__contact__in=ids)
    for row in Decision.objects.filter(mine).order_by("at", "id"):
        yield {
            "at": row.at, "action": row.action, "operator": row.operator_id, "via": row.via,
            "carried_out": row.carried_out,
        }  # fmt: skip


def _verdicts(ids: Sequence[str]) -> Iterator[Record]:
    mine = Q(draft__contact__in=ids) | Q(outbox__contact__in=ids)
    for row in VerdictRow.objects.filter(mine).order_by("at", "id"):
        yield {
            "at": row.at,
            "phase": row.phase,
            "answer": row.answer,
            "code": row.code,
            "sentence": Text(*(reason_words(row.code, row.facts, language) for language in ("ar", "en"))),
        }


def _notices(group: list[Contact]) -> Iterator[Record]:
    """What operators were told and asked about the person."""
    for row in erasure.spoken_of(group).order_by("created_at", "id"):
        yield {"created_at": row.created_at, "text": body_words(row.body)}


def _suppressions(ids: Sequence[str]) -> Iterator[Record]:
    for row in Suppression.objects.filter(contact__in=ids).order_by("created_at", "id"):
        yield {
            "cause": CAUSE_WORDS[SuppressionCause(row.cause)],
            "note": row.note,
            "created_at": row.created_at,
            "lifted_at": row.lifted_at,
        }


def _requests(ids: Sequence[str]) -> Iterator[Record]:
    for row in RightsRequest.objects.filter(contact__in=ids).order_by("received_at", "id"):
        yield {
            "right": RIGHT_WORDS[Right(row.right)],
            "came_by": CAME_BY_WORDS[CameBy(row.came_by)],
            "words": row.words,
            "received_at": row.received_at,
            "due_at": row.extended_until or row.due_at,
            "extension_reason": row.extension_reason,
            "state": REQUEST_STATE_WORDS[RequestState(row.state)],
            "answer": row.answer,
            "closed_at": row.closed_at,
        }


def _plain(value: Any) -> Any:
    """What JSON has no form for: times in ISO, words by language."""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Text):
        return {"ar": value.ar, "en": value.en}
    raise TypeError(type(value).__name__)
