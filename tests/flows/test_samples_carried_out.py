"""Every sample of the decoder goes through the whole way: no value of Meta's is too long, too odd or too new for it."""

import hashlib
from datetime import datetime
from pathlib import Path

import pytest

from tests import rows
from tests.flows.one_webhook import route_inbound
from wakeel import clock
from wakeel.store.models import InboundMessage, InboxRow, PlatformEventRow, StatusEvent, Template

SAMPLES = Path(__file__).parent.parent / "samples" / "whatsapp"
SEEN_ONLY = {"unrecognised"}
UNREADABLE = {"user_changed_user_id_from_nobody"}


def carried_out(path: Path, *, now: datetime) -> InboxRow:
    body = path.read_bytes()
    row, _ = InboxRow.objects.get_or_create(
        digest=hashlib.sha256(body).digest(), defaults={"body": body, "received_at": now}
    )
    InboxRow.objects.filter(pk=row.pk).update(state="received")
    assert route_inbound(row.pk, now=now)
    row.refresh_from_db()
    return row


def counts() -> list[int]:
    return [model.objects.count() for model in (InboundMessage, StatusEvent, PlatformEventRow, Template)]


def test_every_sample_is_carried_out_and_its_repetition_changes_nothing(db, monkeypatch: pytest.MonkeyPatch):
    rows.firm()
    monkeypatch.setattr(clock, "real_now", lambda: rows.T0)
    once, twice = _carry_out_all(), _carry_out_all()
    assert all(once)
    assert twice == once


def _carry_out_all() -> list[int]:
    for path in sorted(SAMPLES.glob("*.json")):
        row = carried_out(path, now=rows.T0)
        kinds = {note["kind"] for note in row.errors}
        assert kinds <= ({"malformed"} if path.stem in UNREADABLE else SEEN_ONLY), (path.stem, row.errors)
    return counts()
