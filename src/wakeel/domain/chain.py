"""A keyed hash chain over rows, and a Merkle tree over the chain, for any append-only table.

    entry    = canonical JSON of the row: sorted keys, no spaces, UTF-8, no floats, times as UTC with microseconds
    row_mac  = HMAC-SHA-256(key, row_mac of the row before || entry); 32 zero bytes before the first row
    leaf     = SHA-256(0x00 || row_mac || entry)
    node     = SHA-256(0x01 || left || right)

The chain needs the key; it finds a row that was changed, removed or put in by somebody who has the database without
it. The tree needs none: a leaf holds the entry beside its MAC, so whoever has an anchored root, an entry, its MAC and
the inclusion proof can check that very entry with SHA-256 alone. The tree has the shape of RFC 6962, section 2.1.
Source: reference "consent and contactability", sections 4.1 and 4.2 (normative), read 2026-11-22.
"""

import hmac
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from hashlib import sha256

ZERO_MAC = bytes(32)

Plain = str | int | bool | datetime | list[str] | None
"""What an entry may hold; a float would be written differently by different programs."""


class NotCanonical(TypeError):
    """A value that has no canonical form. name: of the field."""

    def __init__(self, name: str) -> None:
        super().__init__(f"the field {name} has no canonical form")
        self.name = name


def entry_bytes(fields: Mapping[str, Plain]) -> bytes:
    """The canonical JSON of one row's fields. Raises NotCanonical for floats, naive times and other kinds."""
    plain = {name: value if type(value) in _AS_IS else _plain(name, value) for name, value in fields.items()}
    return _ENCODER.encode(plain).encode()


_ENCODER = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":"))
_AS_IS = frozenset({str, int, bool, type(None)})


def _plain(name: str, value: Plain) -> str | int | list[str] | None:
    if value is None or isinstance(value, str | int):
        return value
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, list) and all(isinstance(word, str) for word in value):
        return value
    raise NotCanonical(name)


def row_mac(key: bytes, before: bytes, entry: bytes) -> bytes:
    """The MAC of a row. before: the MAC of the row before it, ZERO_MAC for the first."""
    return hmac.digest(key, before + entry, "sha256")


def leaf(mac: bytes, entry: bytes) -> bytes:
    """The row's leaf in the tree."""
    return sha256(b"\x00" + mac + entry).digest()


def node(left: bytes, right: bytes) -> bytes:
    """The parent of two nodes."""
    return sha256(b"\x01" + left + right).digest()


class Tree:
    """A Merkle tree that grows leaf by leaf and keeps one hash a level, whatever its size.

    watch: indices (from 0) of leaves whose inclusion proofs will be wanted; they must be named before they are added.
    """

    def __init__(self, watch: Collection[int] = ()) -> None:
        self.size = 0
        self._watch = frozenset(watch)
        self._peaks: list[tuple[int, bytes, tuple[int, ...]]] = []
        self._proofs: dict[int, tuple[bytes, ...]] = {}

    def add(self, new: bytes) -> None:
        """Append one leaf."""
        level, hashed = 0, new
        below: tuple[int, ...] = (self.size,) if self.size in self._watch else ()
        for index in below:
            self._proofs[index] = ()
        while self._peaks and self._peaks[-1][0] == level:
            _, left, watched = self._peaks.pop()
            self._extend(self._proofs, watched, hashed)
            self._extend(self._proofs, below, left)
            level, hashed, below = level + 1, node(left, hashed), watched + below
        self._peaks.append((level, hashed, below))
        self.size += 1

    def root(self) -> bytes:
        """The root over all leaves so far; SHA-256 of nothing for an empty tree."""
        return self._fold({})

    def proof(self, index: int) -> tuple[bytes, ...]:
        """The inclusion proof of a watched leaf in the tree as it is now, from the leaf's sibling up.

        Raises KeyError for a leaf that is not watched or not there yet.
        """
        proofs = {index: self._proofs[index]}
        self._fold(proofs)
        return proofs[index]

    def _fold(self, proofs: dict[int, tuple[bytes, ...]]) -> bytes:
        """Join the peaks from the right. proofs: extended by what joins the watched leaves in it to the root."""
        if not self._peaks:
            return sha256().digest()
        _, hashed, below = self._peaks[-1]
        for _, left, watched in reversed(self._peaks[:-1]):
            self._extend(proofs, watched, hashed)
            self._extend(proofs, below, left)
            hashed, below = node(left, hashed), watched + below
        return hashed

    @property
    def peaks(self) -> tuple[bytes, ...]:
        """The roots of the perfect trees that this one consists of, the largest first; enough to go on from here."""
        return tuple(hashed for _, hashed, _ in self._peaks)

    @classmethod
    def resumed(cls, size: int, peaks: Iterable[bytes]) -> "Tree":
        """A tree as it was at `size` leaves. Raises ValueError if these cannot be its peaks."""
        levels = [level for level in range(size.bit_length() - 1, -1, -1) if size >> level & 1]
        tree = cls()
        tree.size = size
        tree._peaks = [(level, hashed, ()) for level, hashed in zip(levels, peaks, strict=True)]
        return tree

    @staticmethod
    def _extend(proofs: dict[int, tuple[bytes, ...]], indices: Iterable[int], sibling: bytes) -> None:
        for index in indices:
            if index in proofs:
                proofs[index] = (*proofs[index], sibling)


def root(leaves: Iterable[bytes]) -> bytes:
    """The root over these leaves."""
    tree = Tree()
    for one in leaves:
        tree.add(one)
    return tree.root()


class Break(StrEnum):
    """What is wrong with a row, or with the place where one should be."""

    CHANGED = "changed"  # its entry, its MAC or its place was changed, or it was put in by hand
    MISSING = "missing"  # rows from `seq` to `until` are gone
    REPEATED = "repeated"  # a second row with the same seq
    REORDERED = "reordered"  # it came after a row with a higher seq
    NO_KEY = "no_key"  # it names a key epoch that is not here


@dataclass(frozen=True, slots=True)
class Row:
    """One row as it stands in the table. id: how people find it."""

    seq: int
    id: str
    epoch: int
    mac: bytes
    entry: bytes


@dataclass(frozen=True, slots=True)
class Broken:
    """One fault. seq, id: of the row; for missing rows the first of them, and id is the row found instead."""

    kind: Break
    seq: int
    id: str
    until: int = 0


_REMEMBERED = 8


class Walk:
    """Walks along a chain in the order of seq and says what is wrong with each row; memory does not grow.

    After a broken row the walk goes on from what that row says, from what it should say, and from the row before it,
    so that one changed or inserted row is one fault. last_seq, last_mac: of the row walked last; given at the start,
    the walk goes on from that row and believes it. tree: over all rows walked.
    """

    def __init__(self, keys: Mapping[int, bytes], *, last_seq: int = 0, last_mac: bytes = ZERO_MAC) -> None:
        self._keys = keys
        self._before: list[bytes] = [last_mac]
        self.last_seq = last_seq
        self.last_mac = last_mac
        self.tree = Tree()

    def step(self, row: Row) -> list[Broken]:
        """The faults at this row, none if it stands where and as it was written."""
        self.tree.add(leaf(row.mac, row.entry))
        broken = self._placed(row)
        if row.epoch not in self._keys:
            broken.append(Broken(Break.NO_KEY, row.seq, row.id))
            self._before = [row.mac]
        elif any(fault.kind is Break.MISSING for fault in broken):
            self._before = [row.mac]  # its predecessor is gone: nothing is left to check it against
        else:
            broken += self._chained(row)
        self.last_seq, self.last_mac = max(self.last_seq, row.seq), row.mac
        return broken

    def _placed(self, row: Row) -> list[Broken]:
        if row.seq == self.last_seq + 1:
            return []
        if row.seq > self.last_seq:
            return [Broken(Break.MISSING, self.last_seq + 1, row.id, until=row.seq - 1)]
        kind = Break.REPEATED if row.seq == self.last_seq else Break.REORDERED
        return [Broken(kind, row.seq, row.id)]

    def _chained(self, row: Row) -> list[Broken]:
        wanted = [row_mac(self._keys[row.epoch], before, row.entry) for before in self._before]
        if any(hmac.compare_digest(mac, row.mac) for mac in wanted):
            self._before = [row.mac]
            return []
        first, *others = [*self._before, *wanted, row.mac]
        self._before = [first, *others[-_REMEMBERED:]]
        return [Broken(Break.CHANGED, row.seq, row.id)]
