"""The deployment's keys and what is made with them: tokens of addresses, references to people, sealed bytes.

Never a bare hash of a phone number: all Saudi mobile numbers can be tried in about a minute. Every token is an
HMAC-SHA-256 with the `pepper`, and each kind of token has its own prefix, so that none can stand for another.
A key that is missing, or other than the one the database knows, is refused and never silently made again.
Source: reference "consent and contactability", sections 4.2 and 4.4; design section 8; read 2026-11-22.
"""

import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from wakeel.domain.addresses import canonical
from wakeel.store import key_files
from wakeel.store.key_files import KeyRefused
from wakeel.store.models import KeyCheck, LedgerHead

NONCE_BYTES = 12
_EPOCH_BYTES = 2


class CannotOpen(Exception):
    """The bytes were not sealed with this key, for this place, or were changed since."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Keyring:
    """All keys of this deployment. chain, field: by epoch; the highest is used for what is new. anchor: an Ed25519
    private seed.
    """

    chain: Mapping[int, bytes]
    field: Mapping[int, bytes]
    pepper: bytes
    anchor: bytes

    @property
    def chain_epoch(self) -> int:
        """The epoch that new ledger rows are chained with."""
        return max(self.chain)

    def address_token(self, value: str) -> str:
        """64 hex letters that stand for `+digits`, its twins, or a BSUID; '' for no address."""
        return self._token("address", canonical(value)) if value else ""

    def subject_ref(self, contact_id: str) -> str:
        """What the ledger calls a person; nobody can get back from it to the contact without the pepper."""
        return self._token("subject", contact_id)

    def occurrence(self, text: str) -> str:
        """The token of one happening, such as one inbound message."""
        return self._token("occurrence", text)

    def seal(self, key: bytes, plaintext: bytes, *, place: str = "") -> bytes:
        """Nonce and AES-256-GCM. place: the row's id; sealed bytes moved to another row cannot be opened there."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        return nonce + AESGCM(key).encrypt(nonce, plaintext, place.encode())

    def open(self, key: bytes, sealed: bytes, *, place: str = "") -> bytes:
        """What `seal` was given. Raises CannotOpen."""
        try:
            return AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], place.encode())
        except (InvalidTag, ValueError):
            raise CannotOpen from None

    def seal_field(self, plaintext: bytes, *, place: str = "") -> bytes:
        """Sealed with the newest `field` key, its epoch in front."""
        epoch = max(self.field)
        return epoch.to_bytes(_EPOCH_BYTES) + self.seal(self.field[epoch], plaintext, place=place)

    def open_field(self, sealed: bytes, *, place: str = "") -> bytes:
        """What `seal_field` was given. Raises CannotOpen, KeyRefused if that epoch's key is not here."""
        epoch = int.from_bytes(sealed[:_EPOCH_BYTES])
        if epoch not in self.field:
            raise KeyRefused(f"field.{epoch}", "is needed and not here", "put the file from your backup there")
        return self.open(self.field[epoch], sealed[_EPOCH_BYTES:], place=place)

    @property
    def public_key(self) -> str:
        """Of the anchors' signatures: 64 hex letters, for everybody."""
        return Ed25519PrivateKey.from_private_bytes(self.anchor).public_key().public_bytes_raw().hex()

    def sign(self, message: bytes) -> str:
        """The Ed25519 signature of an anchor, in hex."""
        return Ed25519PrivateKey.from_private_bytes(self.anchor).sign(message).hex()

    def _token(self, kind: str, text: str) -> str:
        return hmac.digest(self.pepper, f"{kind}:{text}".encode(), "sha256").hex()


def is_signed(message: bytes, *, public_key: str, signature: str) -> bool:
    """True if whoever has the private key of `public_key` signed exactly these bytes."""
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key)).verify(bytes.fromhex(signature), message)
    except (InvalidSignature, ValueError):
        return False
    return True


@cache
def keyring() -> Keyring:
    """The keys of this process, read once and held against the database. Raises KeyRefused.

    `keyring.cache_clear()` is for tests and after a change of the folder.
    """
    folder = settings.DEPLOYMENT().keys_dir
    # The database first: another process makes its files before it registers them.
    known, has_entries = _known(), LedgerHead.objects.filter(last_seq__gt=0).exists()
    keys = key_files.read(folder)
    _refuse_lost(keys, known)
    if has_entries and not known:
        _refuse_incomplete(keys)
    for kind in key_files.KINDS:
        if not any(name.startswith(f"{kind}.") for name in keys):
            keys[f"{kind}.1"] = key_files.make(folder, f"{kind}.1")
    ring = _ring(keys)
    _register(keys)
    return ring


def check_value(name: str, key: bytes) -> str:
    """What the database remembers of a key; says nothing about the key."""
    return hmac.new(key, f"wakeel key check {name}".encode(), sha256).hexdigest()


def _ring(keys: Mapping[str, bytes]) -> Keyring:
    by_kind: dict[str, dict[int, bytes]] = {kind: {} for kind in key_files.KINDS}
    for name, key in keys.items():
        by_kind[name.partition(".")[0]][key_files.epoch_of(name)] = key
    for kind in ("pepper", "anchor"):
        if list(by_kind[kind]) != [1]:
            raise KeyRefused(f"{kind}.2", "cannot be used", f"a deployment keeps its one {kind} key; remove the file")
    return Keyring(
        chain=by_kind["chain"], field=by_kind["field"], pepper=by_kind["pepper"][1], anchor=by_kind["anchor"][1]
    )


_REMEDY = "put it back from your backup of WAKEEL_KEYS_DIR; nothing is written to the ledger without it"


def _known() -> dict[str, str]:
    """The keys this database was written with: name → check value."""
    return dict(KeyCheck.objects.values_list("name", "check_value"))


def _refuse_lost(keys: Mapping[str, bytes], known: Mapping[str, str]) -> None:
    """A database that was written with keys, and a folder without them: nothing is made, a person must look."""
    for name, value in sorted(known.items()):
        if name not in keys:
            raise KeyRefused(name, "is missing", _REMEDY)
        if not hmac.compare_digest(check_value(name, keys[name]), value):
            raise KeyRefused(name, "is not the one this database was written with", _REMEDY)


def _refuse_incomplete(keys: Mapping[str, bytes]) -> None:
    """The ledger has entries, and somebody emptied the list of known keys: what is missing was there once."""
    for kind in sorted(key_files.KINDS, key=lambda kind: kind != "chain"):
        if not any(name.startswith(f"{kind}.") for name in keys):
            raise KeyRefused(f"{kind}.1", "is missing", _REMEDY)


def _register(keys: Mapping[str, bytes]) -> None:
    known = _known()
    fresh = [KeyCheck(name=name, check_value=check_value(name, key)) for name, key in keys.items() if name not in known]
    if fresh:
        KeyCheck.objects.bulk_create(fresh, ignore_conflicts=True)
        # Another process may have registered first: then its keys are the ones that count.
        _refuse_lost(keys, _known())
