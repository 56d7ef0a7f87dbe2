"""The audit log: acts appended to a chain of their own, with the mechanism and the keys of the consent ledger."""

from collections.abc import Iterator, Sequence

from django.db import connection
from django.db.transaction import TransactionManagementError

from wakeel.domain import chain
from wakeel.domain.audit import Act, written
from wakeel.store.insert_rows import insert_rows
from wakeel.store.keyring import keyring
from wakeel.store.models import AuditEntry, LedgerHead

CHAIN = "audit"
ENTRY_FIELDS = ("seq", "at", "by", "place", "action", "subject", "before", "after", "epoch")
"""Every column but the MAC itself; `business` and the chain's name stand beside them in the entry."""
PAGE = 1000


def append(business_id: str, acts: Sequence[Act]) -> None:
    """Write these in this order, inside the caller's transaction and as late in it as can be: until it ends nobody else
    appends for this business.
    """
    if not acts:
        return
    if not connection.in_atomic_block:
        raise TransactionManagementError("an act is written in the transaction of what was done")
    head, keys = _lock(business_id), keyring()
    epoch, seq, mac = keys.chain_epoch, head.last_seq, bytes(head.last_mac)
    key, rows = keys.chain[epoch], []
    for act in acts:
        seq += 1
        row = AuditEntry(
            business_id=business_id, seq=seq, at=act.at, by=act.by[:150], place=act.place.value, action=act.action,
            subject=act.subject[:160], before=written(act.before), after=written(act.after), epoch=epoch,
        )  # fmt: skip
        row.mac = mac = chain.row_mac(key, mac, entry_of(row))
        rows.append(row)
    insert_rows(rows)
    LedgerHead.objects.filter(pk=head.pk).update(last_seq=seq, last_mac=mac)


def entry_of(row: AuditEntry) -> bytes:
    """The canonical JSON that the row's MAC covers."""
    fields: dict[str, chain.Plain] = {name: getattr(row, name) for name in ENTRY_FIELDS}
    return chain.entry_bytes({**fields, "business": row.business_id, "chain": CHAIN})


def link_of(row: AuditEntry) -> chain.Row:
    """The row as a link of the chain."""
    return chain.Row(seq=row.seq, id=str(row.pk), epoch=row.epoch, mac=bytes(row.mac), entry=entry_of(row))


def pages(business_id: str, *, after: int = 0) -> Iterator[list[AuditEntry]]:
    """The whole log in the order of seq, a page at a time: memory does not grow with it."""
    rows = AuditEntry.objects.filter(business_id=business_id).order_by("seq", "id")
    page = list(rows.filter(seq__gt=after)[:PAGE])
    while page:
        yield page
        page = list(rows.filter(seq__gt=page[-1].seq)[:PAGE])


def link(business_id: str, seq: int) -> chain.Row | None:
    """One link of the chain; None if there is no such entry."""
    row = AuditEntry.objects.filter(business_id=business_id, seq=seq).first()
    return link_of(row) if row else None


def head(business_id: str) -> LedgerHead | None:
    """None before the first act."""
    return LedgerHead.objects.filter(business_id=business_id, chain=CHAIN).first()


def _lock(business_id: str) -> LedgerHead:
    """The end of the chain, locked until the caller's transaction ends."""
    heads = LedgerHead.objects.select_for_update().filter(business_id=business_id, chain=CHAIN)
    found = heads.first()
    if found is None:
        first = LedgerHead(business_id=business_id, chain=CHAIN, last_mac=chain.ZERO_MAC)
        LedgerHead.objects.bulk_create([first], ignore_conflicts=True)
        found = heads.get()
    return found
