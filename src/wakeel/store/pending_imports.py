"""Uploaded files that wait for "import": sealed, one for each account, gone within the hour."""

from datetime import datetime, timedelta

from wakeel.store.ids import new_id
from wakeel.store.keyring import keyring
from wakeel.store.models import PendingImport

LIFE = timedelta(hours=1)


def keep(business_id: str, user_id: int, *, kind: str, name: str, data: bytes, real_now: datetime) -> str:
    """The new file's id; the one that this account had uploaded before is gone."""
    PendingImport.objects.filter(business_id=business_id, user_id=user_id).delete()
    import_id = new_id("imp")
    PendingImport.objects.create(
        id=import_id, business_id=business_id, user_id=user_id, kind=kind, name=name[:200],
        sealed=keyring().seal_field(data, place=import_id), created_at=real_now,
    )  # fmt: skip
    return import_id


def find(business_id: str, user_id: int, import_id: str, *, real_now: datetime) -> PendingImport | None:
    """Only for the account that uploaded it, and only within its hour."""
    rows = PendingImport.objects.filter(pk=import_id, business_id=business_id, user_id=user_id)
    return rows.filter(created_at__gt=real_now - LIFE).first()


def contents(row: PendingImport) -> bytes:
    return keyring().open_field(bytes(row.sealed), place=row.id)


def drop(import_id: str) -> bool:
    """True for whoever took it away; False if somebody was first."""
    return PendingImport.objects.filter(pk=import_id).delete()[0] == 1


def drop_old(*, real_now: datetime) -> int:
    """How many were too old."""
    return PendingImport.objects.filter(created_at__lte=real_now - LIFE).delete()[0]
