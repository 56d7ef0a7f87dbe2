"""Anchors: signed statements of how a chain stood, kept where the database's administrator alone cannot rewrite them.

One anchor is one line of canonical JSON. The signature (Ed25519) covers the canonical JSON of all other fields, so
that anybody with the public key can check it. Source: reference "consent and contactability", section 4.2 (normative),
read 2026-11-22.
"""

import json
import re
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from wakeel.domain.chain import Tree, entry_bytes

_HASH = re.compile(r"[0-9a-f]{64}", re.ASCII)
LONGEST_LINE = 8192
"""Bytes. A line of a tree with 2^40 leaves has about 3,500."""


class BadAnchor(ValueError):
    """The line is no anchor."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """size: rows of the chain then, `first_seq` (1) to `last_seq`. root: of the Merkle tree over them; peaks: the
    roots of its perfect subtrees, the largest first, from which the next anchor goes on. last_mac: of the last row.
    at: real time. epoch: of the chain key then. public_key: whose signature it bears. Hashes and keys in hex.
    """

    business: str
    chain: str
    size: int
    root: str
    peaks: tuple[str, ...]
    first_seq: int
    last_seq: int
    last_mac: str
    at: datetime
    epoch: int
    public_key: str

    def signed_bytes(self) -> bytes:
        """What the signature covers."""
        return entry_bytes({**asdict(self), "peaks": list(self.peaks)})

    def line(self, signature: str) -> bytes:
        """The whole anchor without a line feed; `signature` in hex."""
        return entry_bytes({**asdict(self), "peaks": list(self.peaks), "signature": signature})

    def tree(self) -> Tree:
        """The tree as it was then. Raises ValueError if peaks, size and root do not belong together."""
        tree = Tree.resumed(self.size, [bytes.fromhex(peak) for peak in self.peaks])
        if tree.root().hex() != self.root:
            raise BadAnchor
        return tree


def anchor_from(line: bytes) -> tuple[Anchor, str]:
    """An anchor and its signature from one line. Raises BadAnchor."""
    if len(line) > LONGEST_LINE:
        raise BadAnchor
    try:
        values: dict[str, Any] = dict(json.loads(line))
        signature = str(values.pop("signature"))
        anchor = Anchor(**{**values, "at": datetime.fromisoformat(values["at"]), "peaks": tuple(values["peaks"])})
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise BadAnchor from None
    hashes = (anchor.root, anchor.last_mac, anchor.public_key, *anchor.peaks)
    numbers = (anchor.size, anchor.first_seq, anchor.last_seq, anchor.epoch)
    words = (anchor.business, anchor.chain, signature)
    if (
        not all(isinstance(word, str) for word in (*words, *hashes))
        or not all(_HASH.fullmatch(word) for word in hashes)
        or not all(type(number) is int and number >= 0 for number in numbers)
        or anchor.at.tzinfo is None
    ):
        raise BadAnchor
    return anchor, signature
