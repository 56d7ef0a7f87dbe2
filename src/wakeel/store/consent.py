"""The ledger's verbs: append and read. Nothing here changes an entry."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from django.db import connection
from django.db.transaction import TransactionManagementError

from wakeel.domain.audit import Act, Action, Place
from wakeel.domain.chain import ZERO_MAC, row_mac
from wakeel.domain.consent import ConsentType
from wakeel.store import audit
from wakeel.store.entries import CHAIN, as_event, commitment, details_by_id, details_of, entry_of, subject_keys
from wakeel.store.ids import new_id
from wakeel.store.keyring import keyring
from wakeel.store.models import ConsentEventRow, ConsentPayload, EvidenceFile, LedgerHead, SubjectKey, Wording
from wakeel.store.standings import refresh_standing
from wakeel.store.subjects import touched_by

__all__ = [
    "NewFile", "append", "as_event", "details_by_id", "details_of", "find", "given", "of_same_happening", "recorded",
    "refresh_standing",
]  # fmt: skip

TEXT = "text"
"""What proof_ref says when the evidence is text in the payload."""


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file that proves a consent. media_type: found from the content, never from the name."""

    media_type: str
    data: bytes
    name: str = ""


PEOPLE = ("opr_", "user:")
"""How an actor begins who is one of us."""


def append(
    business_id: str,
    *,
    contact_id: str,
    type: ConsentType,
    address: str,
    at: datetime | None,
    recorded_at: datetime,
    source: str,
    actor: str,
    evidence: str = "",
    occurrence: str | None = None,
    wording: str = "",
    language: str = "",
    evidence_file: NewFile | None = None,
    details: Mapping[str, str] | None = None,
    wamid: str = "",
    **fields: object,
) -> ConsentEventRow:
    """Write one entry, inside the caller's transaction; the head row's lock makes `seq` gap-free.

    address, actor, evidence, wamid and details are sealed under the person's key; wording is kept once by its hash.
    address: `+digits` or a BSUID, `*` for the person as a whole. evidence: the text that proves it. occurrence: what
    makes this happening one happening, such as the message's wamid; if it is recorded for this contact already, that
    entry is returned and nothing is written. fields: the other columns of the row.
    """
    head = _lock(business_id)
    token = keyring().occurrence(occurrence) if occurrence else None
    standing = _standing(contact_id, token) if token else None
    if standing is not None:
        return standing
    subject_ref = keyring().subject_ref(contact_id)
    row = ConsentEventRow(
        business_id=business_id,
        seq=head.last_seq + 1,
        type=type.value,
        at=at,
        recorded_at=recorded_at,
        source=source,
        language=language,
        wording_sha256=_keep_wording(business_id, wording, language, now=recorded_at),
        subject_ref=subject_ref,
        epoch=keyring().chain_epoch,
        **fields,
    )
    key = _key_of(business_id, subject_ref)
    sealed_details = {"address": address, "actor": actor, "evidence": evidence, "wamid": wamid, **(details or {})}
    if evidence_file is not None:
        row.proof_ref = _keep_file(business_id, contact_id, evidence_file, key=key, now=recorded_at)
        sealed_details |= {"evidence_name": evidence_file.name, "evidence_sha256": _hex(evidence_file.data)}
    elif evidence:
        row.proof_ref = TEXT
        sealed_details["evidence_sha256"] = _hex(evidence.encode())
    payload = ConsentPayload(
        event=row,
        business_id=business_id,
        contact_id=contact_id,
        address_token=keyring().address_token(address),
        occurrence=token,
        sealed=keyring().seal(key, _canonical(sealed_details), place=row.id),
    )
    row.payload_commitment = commitment(
        payload.sealed, address_token=payload.address_token, occurrence=payload.occurrence
    )
    _chain(row, head)
    payload.save(force_insert=True)
    refresh_standing(touched_by(business_id, contact_id, address), now=recorded_at)
    if type is not ConsentType.IMPORT and actor.startswith(PEOPLE):
        after = {"entry": row.seq, "type": type.value}
        act = Act(actor, Action.CONSENT_RECORDED.value, contact_id, Place.SCREEN, recorded_at, after=after)
        audit.append(business_id, [act])
    return row


def recorded(contact_id: str, occurrence: str) -> ConsentEventRow | None:
    """The entry of this happening, if it was recorded for this contact."""
    return _standing(contact_id, keyring().occurrence(occurrence))


def find(business_id: str, event_id: str) -> ConsentEventRow | None:
    """One entry of this business whose payload still stands; None without one, or after erasure."""
    rows = ConsentEventRow.objects.filter(business=business_id, pk=event_id, payload__isnull=False)
    return rows.select_related("payload__contact").first()


def of_same_happening(entry: ConsentEventRow) -> list[ConsentEventRow]:
    """This entry, and those written for other people from the same message."""
    rows = ConsentEventRow.objects.filter(business=entry.business_id, type=entry.type, source=entry.source)
    rows = rows.filter(payload__occurrence=entry.payload.occurrence, payload__occurrence__isnull=False)
    return list(rows.select_related("payload__contact").order_by("seq"))


def given(contact_id: str, *, source: str, after: datetime) -> list[ConsentEventRow]:
    """Grants of this contact from one source that happened after a moment, the oldest first."""
    kinds = [ConsentType.GRANT.value, ConsentType.RE_PERMISSION.value]
    rows = ConsentEventRow.objects.filter(payload__contact=contact_id, source=source, type__in=kinds, at__gt=after)
    return list(rows.select_related("payload").order_by("seq"))


def _standing(contact_id: str, token: str) -> ConsentEventRow | None:
    return (
        ConsentEventRow.objects.filter(payload__contact=contact_id, payload__occurrence=token)
        .select_related("payload")
        .first()
    )


def _lock(business_id: str) -> LedgerHead:
    """The end of the chain, locked until the caller's transaction ends."""
    if not connection.in_atomic_block:
        raise TransactionManagementError("an entry is appended inside a transaction, with what follows from it")
    heads = LedgerHead.objects.select_for_update().filter(business_id=business_id, chain=CHAIN)
    head = heads.first()
    if head is None:
        first = LedgerHead(business_id=business_id, chain=CHAIN, last_mac=ZERO_MAC)
        LedgerHead.objects.bulk_create([first], ignore_conflicts=True)
        head = heads.get()
    return head


def _chain(row: ConsentEventRow, head: LedgerHead) -> None:
    row.mac = row_mac(keyring().chain[row.epoch], bytes(head.last_mac), entry_of(row))
    row.save(force_insert=True)
    LedgerHead.objects.filter(pk=head.pk).update(last_seq=row.seq, last_mac=row.mac)


def _key_of(business_id: str, subject_ref: str) -> bytes:
    """The person's key, made at their first entry.

    In the place of one that does not open a new one is made: a stop is recorded whatever happened to the table, and
    `ledger-verify` names what the new key does not open.
    """
    key = subject_keys([subject_ref]).get(subject_ref)
    if key is None:
        key = secrets.token_bytes(32)
        wrapped = {"epoch": max(keyring().field), "wrapped": keyring().seal_field(key, place=subject_ref)}
        SubjectKey.objects.update_or_create(business_id=business_id, subject_ref=subject_ref, defaults=wrapped)
    return key


def _keep_wording(business_id: str, text: str, language: str, *, now: datetime) -> str:
    if not text:
        return ""
    digest = _hex(text.encode())
    row = Wording(business_id=business_id, sha256=digest, text=text, language=language, first_used_at=now)
    Wording.objects.bulk_create([row], ignore_conflicts=True)
    return digest


def _keep_file(business_id: str, contact_id: str, file: NewFile, *, key: bytes, now: datetime) -> str:
    file_id = new_id("evf")
    EvidenceFile.objects.create(
        id=file_id,
        business_id=business_id,
        contact_id=contact_id,
        media_type=file.media_type,
        sealed=keyring().seal(key, file.data, place=file_id),
        created_at=now,
    )
    return file_id


def _canonical(values: Mapping[str, str]) -> bytes:
    written = {name: value for name, value in values.items() if value}
    return json.dumps(written, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def _hex(data: bytes) -> str:
    return sha256(data).hexdigest()
