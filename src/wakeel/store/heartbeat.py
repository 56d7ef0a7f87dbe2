"""Signs of life."""

from datetime import datetime

from wakeel.store.models import Heartbeat


def beat(role: str, *, pid: int, started_at: datetime, real_now: datetime) -> None:
    Heartbeat.objects.update_or_create(role=role, defaults={"pid": pid, "started_at": started_at, "at": real_now})
