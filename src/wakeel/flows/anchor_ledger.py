"""Write down, outside the database, how the ledger stands: once a day, at a clean stop, before every export.

No network call is made here; the worker posts what `unposted` names.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from wakeel import config
from wakeel.domain import chain
from wakeel.domain.anchors import Anchor, BadAnchor, anchor_from
from wakeel.store import anchor_file, ledger_rows
from wakeel.store.entries import CHAIN, link_of
from wakeel.store.keyring import is_signed, keyring
from wakeel.store.models import Business, ConsentEventRow, LedgerHead


@dataclass(frozen=True, slots=True)
class Unposted:
    """One anchor that the outside address has not accepted yet. line: the JSON as it stands in the file."""

    path: Path
    size: int
    line: bytes


def anchor(business_id: str, *, real_now: datetime) -> Anchor | None:
    """Append an anchor if the ledger grew since the last one; the anchor that stands then, None for an empty ledger.

    Raises KeyRefused, OSError if the file cannot be written.
    """
    head = ledger_rows.head(business_id, CHAIN)
    if head is None or head.last_seq == 0:
        return None
    path = _path(business_id)
    with anchor_file.alone(path):
        last = _last(path)
        if last is not None and (last.last_seq, last.last_mac) == (head.last_seq, bytes(head.last_mac).hex()):
            return last
        made = _made(head, last, real_now=real_now)
        anchor_file.append(path, made.line(keyring().sign(made.signed_bytes())))
    return made


def anchor_all(*, real_now: datetime) -> None:
    """Every business's ledger."""
    for business_id in _businesses():
        anchor(business_id, real_now=real_now)


def anchor_daily(*, real_now: datetime) -> None:
    """Every ledger whose last anchor is of an earlier day, by the calendar of the deployment's zone."""
    zone = ZoneInfo(config.get().time_zone)
    for business_id in _businesses():
        last = _last(_path(business_id))
        if last is None or last.at.astimezone(zone).date() < real_now.astimezone(zone).date():
            anchor(business_id, real_now=real_now)


def unposted() -> Iterator[Unposted]:
    """What the outside address has not accepted yet, the oldest of each business first."""
    for business_id in _businesses():
        path = _path(business_id)
        done = anchor_file.posted(path)
        for _, line in anchor_file.lines(path):
            try:
                made, _ = anchor_from(line)
            except BadAnchor:
                continue
            if made.size > done:
                yield Unposted(path, made.size, line)


def note_posted(accepted: Unposted) -> None:
    """The outside address has it."""
    anchor_file.mark_posted(accepted.path, accepted.size)


def _made(head: LedgerHead, last: Anchor | None, *, real_now: datetime) -> Anchor:
    tree = _tree(head, last)
    for page in ledger_rows.pages(head.business_id, after=tree.size, until=head.last_seq):
        for row in page:
            link = link_of(row)
            tree.add(chain.leaf(link.mac, link.entry))
    return Anchor(
        business=head.business_id,
        chain=CHAIN,
        size=tree.size,
        root=tree.root().hex(),
        peaks=tuple(peak.hex() for peak in tree.peaks),
        first_seq=1,
        last_seq=head.last_seq,
        last_mac=bytes(head.last_mac).hex(),
        at=real_now,
        epoch=keyring().chain_epoch,
        public_key=keyring().public_key,
    )


def _tree(head: LedgerHead, last: Anchor | None) -> chain.Tree:
    """Where the last anchor ended, if the ledger still has that row; else from the first row on."""
    if last is None or last.size != last.last_seq or last.last_seq > head.last_seq:
        return chain.Tree()
    rows = ConsentEventRow.objects.filter(business_id=head.business_id, seq=last.last_seq)
    mac = rows.values_list("mac", flat=True).first()
    if mac is None or bytes(mac).hex() != last.last_mac:
        return chain.Tree()
    try:
        return last.tree()
    except ValueError:
        return chain.Tree()


def _last(path: Path) -> Anchor | None:
    """The newest anchor of this chain that we signed; what cannot be read is `ledger-verify`'s to tell."""
    for line in anchor_file.last_lines(path):
        try:
            found, signature = anchor_from(line)
        except BadAnchor:
            continue
        ours = found.public_key == keyring().public_key
        if ours and found.chain == CHAIN and _signed(found, signature):
            return found
    return None


def _signed(found: Anchor, signature: str) -> bool:
    return is_signed(found.signed_bytes(), public_key=found.public_key, signature=signature)


def _path(business_id: str) -> Path:
    return anchor_file.path_of(config.get().anchors_dir, business_id)


def _businesses() -> list[str]:
    return list(Business.objects.order_by("created_at").values_list("id", flat=True))
