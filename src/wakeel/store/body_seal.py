"""How a raw webhook body is kept: AES-256-GCM with the deployment's `field` key, bound to the digest of the row.

Importable without `django.setup()`: the inbox writer seals before Django is asked. `store.keyring` makes and checks
the keys; rows say with `key_epoch` which one was used.
"""

import os
from collections.abc import Mapping

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE_BYTES = 12


class DoesNotOpen(Exception):
    """The bytes were not sealed with this key for this digest, or were changed since."""


class BodySeal:
    """Seals with the newest key and opens with all. field: the `field` keys by epoch, at least one; 32 bytes each."""

    __slots__ = ("_keys", "epoch")

    def __init__(self, field: Mapping[int, bytes]) -> None:
        self._keys = {epoch: AESGCM(key) for epoch, key in field.items()}
        self.epoch = max(field)

    def seal(self, body: bytes, digest: bytes) -> bytes:
        """Nonce and ciphertext, for a row of `epoch`; put beside another digest it does not open."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._keys[self.epoch].encrypt(nonce, body, digest)

    def has(self, epoch: int) -> bool:
        return epoch in self._keys

    def open(self, sealed: bytes, digest: bytes, *, epoch: int) -> bytes:
        """What `seal` was given. Raises DoesNotOpen; `epoch` must be one of the keys."""
        try:
            return self._keys[epoch].decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], digest)
        except (InvalidTag, ValueError):
            raise DoesNotOpen from None
