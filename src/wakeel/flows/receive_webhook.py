"""Put raw bodies into the inbox as the webhook does: for replay and for tests."""

import asyncio

from wakeel import clock, config
from wakeel.store import raw_bodies
from wakeel.store.body_seal import BodySeal
from wakeel.store.inbox_writer import open_inbox


def receive_webhook(*bodies: bytes) -> None:
    """Store bodies durably, once each. Their signatures were checked before, or they came out of our own inbox."""
    asyncio.run(_put(bodies, raw_bodies.seal()))


async def _put(bodies: tuple[bytes, ...], seal: BodySeal) -> None:
    writer = open_inbox(config.get(), seal)
    await writer.start()
    try:
        await asyncio.gather(*(writer.put(body, received_at=clock.real_now()) for body in bodies))
    finally:
        await writer.stop()
