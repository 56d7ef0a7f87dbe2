"""News of a message to somebody whose data was destroyed since: the body it came in must not name them again."""

from collections.abc import Sequence

from wakeel.domain.events import StatusReceived
from wakeel.domain.traces import Traces
from wakeel.store import raw_bodies
from wakeel.whatsapp.forget import forget


def forget_late_news(row_id: int, news: Sequence[StatusReceived]) -> None:
    """Rewrite one raw body without these items, inside the caller's transaction. news: [] changes nothing."""
    if not news:
        return
    phones = {f"+{event.recipient_wa_id}" for event in news if event.recipient_wa_id}
    bsuids = {str(event.recipient_bsuid) for event in news if event.recipient_bsuid}
    traces = Traces(addresses=frozenset(phones | bsuids), wamids=frozenset(str(event.wamid) for event in news))
    for row in raw_bodies.read([row_id]):
        raw_bodies.rewrite(row, forget(raw_bodies.opened(row), traces), errors=row.errors)
