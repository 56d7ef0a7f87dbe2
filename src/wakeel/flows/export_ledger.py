"""The evidence pack of one person: every ledger entry with what proves it, for somebody who has no access to us.

What is in it and how it is checked: docs/how-to/evidence-pack.md, and `verify_pack.py`, which is written beside it.
Source: reference "consent and contactability", section 4.2 ("what auditors accept" in 4.3), read 2026-11-22.
"""

import base64
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from importlib.resources import files
from typing import Any

from wakeel.domain import chain
from wakeel.domain.anchors import Anchor
from wakeel.domain.words import Text
from wakeel.flows import evidence_pack
from wakeel.flows.anchor_ledger import anchor as make_anchor
from wakeel.flows.export_labels import HEADINGS, LABELS, PACK_LEAD, PACK_TITLE
from wakeel.flows.export_person import ledger_records
from wakeel.flows.printed_page import Record, Section, printed_page
from wakeel.store import contacts, ledger_rows
from wakeel.store.entries import entry_of, link_of, subject_keys
from wakeel.store.keyring import keyring
from wakeel.store.models import Business, ConsentEventRow, ConsentPayload, Contact, EvidenceFile, Wording

FORMAT = "wakeel-evidence-pack/1"
_ENDINGS = {
    "image/png": "png", "image/jpeg": "jpg", "image/webp": "webp", "application/pdf": "pdf", "text/plain": "txt",
    "audio/ogg": "ogg", "audio/mpeg": "mp3", "audio/mp4": "m4a",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Pack:
    """files: path inside the pack → contents. entries: how many ledger entries are proven."""

    contact_id: str
    entries: int
    files: dict[str, bytes]


def export_ledger(business_id: str, contact_id: str, *, now: datetime, real_now: datetime) -> Pack | None:
    """None if this business has no such contact, or nothing is in the ledger about them. Anchors the ledger first.

    Of somebody whose data was destroyed the entries are there without their contents. Raises KeyRefused, CannotOpen.
    """
    contact = Contact.objects.filter(business_id=business_id, pk=contact_id).first()
    if contact is None:
        return None
    group = contacts.group_of(contact)
    refs = [keyring().subject_ref(pk) for pk in group]
    rows = list(ConsentEventRow.objects.filter(business_id=business_id, subject_ref__in=refs).order_by("seq"))
    anchor = make_anchor(business_id, real_now=real_now) if rows else None
    if anchor is None:
        return None
    keys = subject_keys(refs)
    held = _files(rows, keys)
    page = _page(Business.objects.get(pk=business_id), contact, group, anchor, now=now)
    document = {
        "format": FORMAT,
        "business": business_id,
        "contact": contact.id,
        "made_at": now.isoformat(),
        "anchor": json.loads(_line(anchor)),
        "subject_refs": refs,
        "subject_keys": {ref: key.hex() for ref, key in keys.items()},
        "wordings": {row.sha256: row.text for row in _wordings(rows)},
        "files": {row_id: {"path": path, "media_type": kind} for row_id, (path, kind, _) in held.items()},
        "entries": _entries(rows, anchor, keys),
        "page_sha256": sha256(page).hexdigest(),
    }
    resources = files(evidence_pack)
    return Pack(
        contact.id,
        len(rows),
        {
            "pack.json": json.dumps(document, ensure_ascii=False, indent=1).encode(),
            "page.html": page,
            "README.txt": resources.joinpath("README.txt").read_bytes(),
            "verify_pack.py": resources.joinpath("verify_pack.py").read_bytes(),
            **{path: data for path, _, data in held.values()},
        },
    )


def _entries(rows: Sequence[ConsentEventRow], anchor: Anchor, keys: dict[str, bytes]) -> list[dict[str, Any]]:
    """Each entry as it is chained, its place in the tree, and its payload: sealed, and opened."""
    payloads = {row.event_id: row for row in ConsentPayload.objects.filter(event__in=[row.id for row in rows])}
    tree = _tree(anchor, watch=[row.seq - 1 for row in rows])
    return [
        {
            "entry": entry_of(row).decode(),
            "mac": bytes(row.mac).hex(),
            "index": row.seq - 1,
            "proof": [node.hex() for node in tree.proof(row.seq - 1)],
            "payload": _payload(payloads[row.id], keys[row.subject_ref]) if row.id in payloads else None,
        }
        for row in rows
    ]


def _payload(row: ConsentPayload, key: bytes) -> dict[str, str]:
    sealed = bytes(row.sealed)
    return {
        "address_token": row.address_token,
        "occurrence": row.occurrence or "",
        "sealed": base64.b64encode(sealed).decode(),
        "opened": keyring().open(key, sealed, place=row.event_id).decode(),
    }


def _tree(anchor: Anchor, *, watch: Iterable[int]) -> chain.Tree:
    tree = chain.Tree(watch=frozenset(watch))
    for page in ledger_rows.pages(anchor.business, until=anchor.last_seq):
        for row in page:
            link = link_of(row)
            tree.add(chain.leaf(link.mac, link.entry))
    return tree


def _files(rows: Sequence[ConsentEventRow], keys: dict[str, bytes]) -> dict[str, tuple[str, str, bytes]]:
    """Evidence files by their row's id: path in the pack, media type, contents."""
    owners = {row.proof_ref: row.subject_ref for row in rows}
    found = {}
    for file in EvidenceFile.objects.filter(pk__in=owners):
        data = keyring().open(keys[owners[file.id]], bytes(file.sealed), place=file.id)
        found[file.id] = (f"files/{file.id}.{_ENDINGS.get(file.media_type, 'bin')}", file.media_type, data)
    return found


def _wordings(rows: Sequence[ConsentEventRow]) -> list[Wording]:
    hashes = {row.wording_sha256 for row in rows if row.wording_sha256}
    return list(Wording.objects.filter(business_id=rows[0].business_id, sha256__in=hashes).order_by("sha256"))


def _line(anchor: Anchor) -> bytes:
    return anchor.line(keyring().sign(anchor.signed_bytes()))


def _page(business: Business, contact: Contact, group: list[str], anchor: Anchor, *, now: datetime) -> bytes:
    person: Record = {
        "id": contact.id,
        "name": contact.name,
        "organisation": contact.organisation,
        "business": business.name,
        "made_at": now,
        "erased_at": contact.erased_at,
    }
    proof: Record = {
        "size": anchor.size, "root": anchor.root, "anchored_at": anchor.at, "public_key": anchor.public_key,
        "last_mac": anchor.last_mac,
    }  # fmt: skip
    sections = [
        Section(HEADINGS["profile"], [person]),
        Section(HEADINGS["ledger"], list(ledger_records(group))),
        Section(Text("تثبيت السجل", "The anchor of the ledger"), [proof]),
    ]
    return printed_page(PACK_TITLE, sections, labels=LABELS, lead=PACK_LEAD)
