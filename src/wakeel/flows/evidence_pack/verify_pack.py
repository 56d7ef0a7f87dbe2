# ruff: noqa: T201 - a program for people: it prints
"""Check an evidence pack of Wakeel: `python verify_pack.py [FOLDER] [--public-key HEX] [--anchors FILE]`.

It needs Python 3.11 or later and the package `cryptography`, nothing of Wakeel and no network. What it does, for each
entry in pack.json:

  entry     canonical JSON: sorted keys, no spaces, UTF-8
  leaf      SHA-256(0x00 || MAC || entry); the MAC is the entry's code in the keyed chain of the business
  root      leaf and inclusion proof lead to the root of a Merkle tree: node = SHA-256(0x01 || left || right)
  anchor    the root stands in a statement (the anchor) signed with Ed25519
  payload   SHA-256(address token, line feed, occurrence, line feed, sealed bytes) is what the entry commits to;
            AES-256-GCM with the person's key, the entry's id as associated data, opens it to the words shown
  wording   SHA-256 of the words that were shown to the person is what the entry names
  evidence  SHA-256 of the file or text is what the opened payload names

Exit code 0: everything fits. 1: something was changed, and it says what. 2: the pack cannot be read.
"""

import argparse
import base64
import hashlib
import json
import sys
from pathlib import Path
from typing import Any

try:
    from cryptography.exceptions import InvalidSignature, InvalidTag
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM
except ImportError:
    sys.exit("verify_pack.py needs the Python package cryptography: pip install cryptography")

Json = dict[str, Any]
FORMAT = "wakeel-evidence-pack/1"
NONCE = 12


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def canonical(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def root_of(leaf: bytes, index: int, size: int, proof: list[bytes]) -> bytes | None:
    """The root that a leaf and its inclusion proof lead to (RFC 9162, 2.1.3.2); None if it cannot be one."""
    place, last, found = index, size - 1, leaf
    if not 0 <= index < size:
        return None
    for sibling in proof:
        if last == 0:
            return None
        if place % 2 == 1 or place == last:
            found = hashlib.sha256(b"\x01" + sibling + found).digest()
            while place % 2 == 0 and place != 0:
                place, last = place // 2, last // 2
        else:
            found = hashlib.sha256(b"\x01" + found + sibling).digest()
        place, last = place // 2, last // 2
    return found if last == 0 else None


def anchor_faults(anchor: Json, public_key: str, known: list[Json]) -> list[str]:
    """What is wrong with the anchor. public_key: as the business published it, '' if you do not have it."""
    signed = {name: value for name, value in anchor.items() if name != "signature"}
    faults = []
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(anchor["public_key"]))
        key.verify(bytes.fromhex(anchor["signature"]), canonical(signed))
    except (InvalidSignature, ValueError, KeyError, TypeError):
        faults.append("the signature does not belong to this anchor")
    if public_key and anchor.get("public_key") != public_key.lower():
        faults.append("it was signed with another key than the one you gave")
    same = [one for one in known if one.get("size") == anchor.get("size")]
    if known and not any(one.get("root") == anchor.get("root") for one in same):
        faults.append("the anchors you keep do not have it: another root, or no anchor of this size")
    return faults


def entry_faults(item: Json, pack: Json, folder: Path) -> list[str]:
    """What is wrong with one entry."""
    entry, anchor, faults = json.loads(item["entry"]), pack["anchor"], []
    if canonical(entry) != item["entry"].encode():
        faults.append("the entry is not in its canonical form")
    if (entry["business"], entry["chain"]) != (anchor["business"], anchor["chain"]):
        faults.append("the entry belongs to another ledger")
    if entry["seq"] != item["index"] + 1 or entry["subject_ref"] not in pack["subject_refs"]:
        faults.append("the entry is not this person's, or not in its place")
    leaf = hashlib.sha256(b"\x00" + bytes.fromhex(item["mac"]) + item["entry"].encode()).digest()
    root = root_of(leaf, item["index"], anchor["size"], [bytes.fromhex(node) for node in item["proof"]])
    if root is None or root.hex() != anchor["root"]:
        faults.append("the entry does not lead to the anchored root: it, its MAC or its proof was changed")
    wording = entry["wording_sha256"]
    is_gone = item["payload"] is None and is_erased(entry, pack) and wording not in pack["wordings"]
    if wording and not is_gone and sha256(pack["wordings"].get(wording, "").encode()) != wording:
        faults.append("the words that were shown are missing or were changed")
    return faults + payload_faults(item["payload"], entry, pack, folder)


def payload_faults(payload: Json | None, entry: Json, pack: Json, folder: Path) -> list[str]:
    """What is wrong with what is personal about an entry; nothing is there after the person's data was destroyed."""
    if payload is None:
        return [] if is_erased(entry, pack) else ["its contents are missing"]
    sealed = base64.b64decode(payload["sealed"])
    committed = sha256(f"{payload['address_token']}\n{payload['occurrence']}\n".encode() + sealed)
    if committed != entry["payload_commitment"]:
        return ["the sealed contents are not those the entry commits to"]
    try:
        key = AESGCM(bytes.fromhex(pack["subject_keys"][entry["subject_ref"]]))
        opened = key.decrypt(sealed[:NONCE], sealed[NONCE:], entry["id"].encode()).decode()
    except (InvalidTag, ValueError, KeyError):
        return ["the person's key does not open the contents"]
    faults = [] if opened == payload["opened"] else ["the opened contents were changed"]
    return faults + evidence_faults(json.loads(opened), entry["proof_ref"], pack, folder)


def evidence_faults(opened: Json, proof_ref: str, pack: Json, folder: Path) -> list[str]:
    if not proof_ref:
        return []
    if proof_ref == "text":
        evidence = opened.get("evidence", "").encode()
    else:
        path = folder / pack["files"].get(proof_ref, {}).get("path", "missing")
        if not path.is_file() or folder not in path.resolve().parents:
            return [f"the evidence file {proof_ref} is missing"]
        evidence = path.read_bytes()
    return [] if sha256(evidence) == opened.get("evidence_sha256") else ["the evidence was changed"]


def is_erased(entry: Json, pack: Json) -> bool:
    """Whether an `erase` entry of the same person stands at or after this one."""
    found = (json.loads(item["entry"]) for item in pack["entries"])
    return any(
        one["type"] == "erase" and one["subject_ref"] == entry["subject_ref"] and one["seq"] >= entry["seq"]
        for one in found
    )


def main() -> int:
    parser = argparse.ArgumentParser(description="Check an evidence pack.")
    parser.add_argument("folder", nargs="?", type=Path, default=Path(__file__).parent)
    parser.add_argument("--public-key", default="", help="the anchor key as the business published it, in hex")
    parser.add_argument("--anchors", type=Path, help="anchors that you keep, one JSON line each")
    given = parser.parse_args()
    folder = given.folder.resolve()
    try:
        pack = json.loads((folder / "pack.json").read_bytes())
        known = [json.loads(line) for line in given.anchors.read_bytes().splitlines()] if given.anchors else []
        if pack["format"] != FORMAT:
            print(f"this is no pack of the format {FORMAT}", file=sys.stderr)
            return 2
        faults = report(pack, folder, given.public_key, known)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as fault:
        print(f"the pack cannot be read: {type(fault).__name__} {fault}", file=sys.stderr)
        return 2
    print(f"{len(pack['entries'])} entries, {faults} faults")
    return 1 if faults else 0


def report(pack: Json, folder: Path, public_key: str, known: list[Json]) -> int:
    """Print a line for the anchor, each entry and the page; returns how many faults there are."""
    anchor, total = pack["anchor"], 0
    checks = [(f"anchor of {anchor['size']} entries, {anchor['at']}", anchor_faults(anchor, public_key, known))]
    for item in pack["entries"]:
        entry = json.loads(item["entry"])
        checks.append((f"#{entry['seq']} {entry['type']} {entry['recorded_at']}", entry_faults(item, pack, folder)))
    page = folder / "page.html"
    same = page.is_file() and sha256(page.read_bytes()) == pack["page_sha256"]
    checks.append(("page.html", [] if same else ["it is not the page that was made with this pack"]))
    for what, faults in checks:
        print(f"{what}: {'; '.join(faults) or 'OK'}")
        total += len(faults)
    print(f"signed with the key {anchor['public_key']}{'' if public_key else ' - compare it with the published one'}")
    return total


if __name__ == "__main__":
    sys.exit(main())
