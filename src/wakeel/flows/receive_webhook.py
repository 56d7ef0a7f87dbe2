"""Put raw bodies into the inbox as the webhook does: for replay and for tests."""

import asyncio

from wakeel import clock, config
from wakeel.store.inbox_writer import open_inbox


def receive_webhook(*bodies: bytes) -> None:
    """Store bodies durably, once each. Their signatures were checked before, or they came out of our own inbox."""
    asyncio.run(_put(bodies))


async def _put(bodies: tuple[bytes, ...]) -> None:
    writer = open_inbox(config.get())
    await writer.start()
    try:
        await asyncio.gather(*(writer.put(body, received_at=clock.real_now()) for body in bodies))
    finally:
        await writer.stop()
