"""Ledger rows as others need them: the event that decides, the entry that is chained, the payload opened."""

import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from hashlib import sha256

from wakeel.domain import chain
from wakeel.domain.consent import ConsentEvent, ConsentType
from wakeel.store.keyring import CannotOpen, keyring
from wakeel.store.models import ConsentEventRow, ConsentPayload, SubjectKey, Wording

CHAIN = "consent"
ENTRY_FIELDS = (
    "id", "seq", "type", "at", "recorded_at", "clock", "channel", "categories", "purposes", "explicit",
    "needs_confirmation", "expires_at", "grant_id", "withdraw_id", "source", "method", "collected_directly",
    "lawful_basis", "wording_sha256", "language", "notice_version", "proof_ref", "subject_ref", "payload_commitment",
    "epoch",
)  # fmt: skip
"""Every column but the MAC itself; `business` and the chain's name stand beside them in the entry."""


def entry_of(row: ConsentEventRow) -> bytes:
    """The canonical JSON that the row's MAC covers."""
    fields: dict[str, chain.Plain] = {name: getattr(row, name) for name in ENTRY_FIELDS}
    return chain.entry_bytes({**fields, "business": row.business_id, "chain": CHAIN})


def link_of(row: ConsentEventRow) -> chain.Row:
    """The row as a link of the chain."""
    return chain.Row(seq=row.seq, id=row.id, epoch=row.epoch, mac=bytes(row.mac), entry=entry_of(row))


def commitment(sealed: bytes | memoryview, *, address_token: str, occurrence: str | None) -> str:
    """What the entry says about its payload: SHA-256 (hex) of address token, occurrence and sealed bytes.

    The first two end with a line feed each; a missing occurrence is an empty line.
    """
    return sha256(f"{address_token}\n{occurrence or ''}\n".encode() + bytes(sealed)).hexdigest()


def as_event(row: ConsentEventRow) -> ConsentEvent:
    """For `domain.consent`; the row's payload must still be there. contact: the id, address: the token."""
    payload = row.payload
    return ConsentEvent(
        id=row.id,
        type=ConsentType(row.type),
        at=row.at,
        recorded_at=row.recorded_at,
        contact=payload.contact_id,
        address=payload.address_token,
        channel=row.channel,
        categories=frozenset(row.categories),
        purposes=None if row.purposes is None else frozenset(row.purposes),
        explicit=row.explicit,
        needs_confirmation=row.needs_confirmation,
        expires_at=row.expires_at,
        grant_id=row.grant_id,
        withdraw_id=row.withdraw_id,
        source=row.source,
        collected_directly=row.collected_directly,
        proof_ref=row.proof_ref or None,
        clock=row.clock,
    )


def details_of(row: ConsentEventRow) -> Mapping[str, str]:
    """What was sealed with this entry: address, actor, evidence, evidence_sha256, wamid, note …; {} after erasure."""
    return details_by_id([row]).get(row.id, {})


def details_by_id(rows: Iterable[ConsentEventRow]) -> dict[str, Mapping[str, str]]:
    """The opened payloads of these entries by the entry's id, in two queries.

    Absent: those of erased people, and what cannot be opened, which `ledger-verify` names.
    """
    refs = {row.id: row.subject_ref for row in rows}
    keys = subject_keys(set(refs.values()))
    sealed = ConsentPayload.objects.filter(event__in=list(refs)).values_list("event", "sealed")
    found = {}
    for event_id, content in sealed:
        key = keys.get(refs[event_id])
        if key is not None:
            with suppress(CannotOpen):
                found[event_id] = opened(key, bytes(content), place=event_id)
    return found


def wordings_of(rows: Iterable[ConsentEventRow]) -> dict[str, str]:
    """The exact words these entries were given on, by their hash."""
    found = {row.wording_sha256: row.business_id for row in rows if row.wording_sha256}
    texts = Wording.objects.filter(business__in=set(found.values()), sha256__in=list(found))
    return dict(texts.values_list("sha256", "text"))


def opened(key: bytes, sealed: bytes, *, place: str) -> Mapping[str, str]:
    """One payload's fields. Raises CannotOpen."""
    values: dict[str, str] = json.loads(keyring().open(key, sealed, place=place))
    return values


def subject_keys(subject_refs: Iterable[str]) -> dict[str, bytes]:
    """The unwrapped keys of these people; absent after erasure, and where the wrapped key does not open.

    Raises KeyRefused if the `field` key that wraps one of them is not here.
    """
    found = {}
    for row in SubjectKey.objects.filter(subject_ref__in=list(subject_refs)):
        with suppress(CannotOpen):
            found[row.subject_ref] = keyring().open_field(bytes(row.wrapped), place=row.subject_ref)
    return found
