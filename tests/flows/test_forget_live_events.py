"""Changes go after a while, a little at a time, and the newest stays to say how far a page has come."""

import pytest

from tests import rows
from wakeel.flows import forget_live_events
from wakeel.flows.forget_live_events import OldLiveEvents
from wakeel.store import live_events
from wakeel.store.models import LiveEvent

pytestmark = pytest.mark.django_db


def test_what_was_there_a_quarter_of_an_hour_ago_goes_in_chunks_and_the_newest_stays(monkeypatch):
    business = rows.firm().business
    now = 0.0
    monkeypatch.setattr(forget_live_events, "CHUNK", 4)
    monkeypatch.setattr(forget_live_events.time, "monotonic", lambda: now)
    old = OldLiveEvents()

    def happen(count: int) -> None:
        LiveEvent.objects.bulk_create(
            LiveEvent(business=business, noun="stop", subject="", news="moved") for _ in range(count)
        )

    happen(10)
    first = live_events.newest()
    assert old.forget_some() == 0
    now = forget_live_events.KEPT_S
    happen(3)
    gone = []
    while chunk := old.forget_some():
        gone.append(chunk)
    assert max(gone) <= forget_live_events.CHUNK
    assert list(LiveEvent.objects.order_by("pk").values_list("pk", flat=True)) == [first + 1, first + 2, first + 3]
    now = 3 * forget_live_events.KEPT_S
    while old.forget_some():
        pass
    assert live_events.newest() == first + 3
