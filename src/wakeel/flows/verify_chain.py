"""One chain against its key, its head and its anchors. The same for every chain; which rows it has is the caller's."""

from dataclasses import InitVar, dataclass, field
from pathlib import Path

from wakeel.domain.anchors import Anchor, BadAnchor, anchor_from
from wakeel.domain.chain import Row, Walk
from wakeel.flows import ledger_findings as say
from wakeel.flows.ledger_findings import Findings
from wakeel.store import anchor_file
from wakeel.store.keyring import is_signed, keyring


@dataclass(frozen=True, slots=True)
class Placed:
    """An anchor and where it stands in its file."""

    anchor: Anchor
    place: str


@dataclass(slots=True)
class ChainCheck:
    """Feed it every row in the order of seq, then call `finish`. anchors: how many lines were compared.

    start: the row before the first that it is fed, None to begin with the first of all.
    """

    business: str
    chain: str
    findings: Findings
    start: InitVar[Row | None] = None
    anchors: int = 0
    _walk: Walk = field(init=False)
    _due: dict[int, list[Placed]] = field(default_factory=dict)
    _agreed: int = 0
    _parted: bool = False

    def __post_init__(self, start: Row | None) -> None:
        keys = keyring().chain
        self._walk = Walk(keys, last_seq=start.seq, last_mac=start.mac) if start else Walk(keys)

    def read_anchors(self, folder: Path) -> None:
        """Take the lines of this chain; every line must be readable and bear our signature."""
        path = anchor_file.path_of(folder, self.business)
        for number, line in anchor_file.lines(path):
            place = f"{path.name}:{number}"
            try:
                found, signature = anchor_from(line)
            except BadAnchor:
                self.findings.add(say.anchor_unreadable(self.business, place))
                continue
            if found.business != self.business or not _is_ours(found, signature):
                self.findings.add(say.anchor_unreadable(self.business, place))
            elif found.chain == self.chain:
                self.anchors += 1
                self._due.setdefault(found.last_seq, []).append(Placed(found, place))

    @property
    def last_seq(self) -> int:
        return self._walk.last_seq

    def step(self, row: Row) -> None:
        """One row."""
        for broken in self._walk.step(row):
            self.findings.add(say.of_break(self.business, broken))
        for due in self._due.pop(row.seq, ()):
            self._compare(due, row)

    def finish(self, *, head_seq: int | None, head_mac: bytes) -> None:
        """The head row, and the anchors that no row answered."""
        walk = self._walk
        if head_seq is None and walk.last_seq == 0 and not self._due:
            return
        if head_seq != walk.last_seq or head_mac != walk.last_mac:
            self.findings.add(say.head_differs(self.business, seq=walk.last_seq, head_seq=head_seq))
        for seq in sorted(self._due):
            for due in self._due[seq]:
                if seq > walk.last_seq:
                    self.findings.add(say.anchor_beyond(self.business, due.place, last=walk.last_seq, seq=seq))
                else:
                    self._part(due)

    def _compare(self, due: Placed, row: Row) -> None:
        tree, anchor = self._walk.tree, due.anchor
        same = (
            anchor.root == tree.root().hex()
            and anchor.size == tree.size
            and anchor.first_seq == 1
            and anchor.last_mac == row.mac.hex()
        )
        if same:
            self._agreed = row.seq
        else:
            self._part(due)

    def _part(self, due: Placed) -> None:
        """The first line that disagrees says between which rows to look; after it every line must disagree."""
        if not self._parted:
            self._parted = True
            seq = due.anchor.last_seq
            self.findings.add(say.anchor_differs(self.business, due.place, after=self._agreed, seq=seq))


def has_anchors_of_ours(folder: Path, business_id: str) -> bool:
    """Whether this deployment once anchored a ledger in the file of that business."""
    for _, line in anchor_file.lines(anchor_file.path_of(folder, business_id)):
        try:
            found, signature = anchor_from(line)
        except BadAnchor:
            continue
        if _is_ours(found, signature):
            return True
    return False


def _is_ours(found: Anchor, signature: str) -> bool:
    ours = found.public_key == keyring().public_key
    return ours and is_signed(found.signed_bytes(), public_key=found.public_key, signature=signature)
