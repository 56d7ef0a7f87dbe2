"""The decode loop itself: it takes what comes, in order, and ends when it is told to."""

import asyncio
import json
from collections.abc import Callable

from tests import rows
from tests.flows.test_withdrawal_race import patiently
from wakeel import clock
from wakeel.store.models import InboundMessage, InboxRow
from wakeel.worker.database import DatabaseThread
from wakeel.worker.decoding import decode_inbox


def arrive(*wamids: str) -> None:
    """One webhook each, a text of one and the same person."""
    for wamid in wamids:
        message = {
            "from": "966509722233", "id": wamid, "timestamp": str(int(clock.real_now().timestamp())), "type": "text",
            "text": {"body": "السلام عليكم"},
        }  # fmt: skip
        value = {
            "messaging_product": "whatsapp",
            "metadata": {"phone_number_id": rows.NUMBER_ID},
            "messages": [message],
        }
        entry = {"id": rows.WABA_ID, "changes": [{"field": "messages", "value": value}]}
        body = json.dumps({"object": "whatsapp_business_account", "entry": [entry]}).encode()
        InboxRow.objects.create(digest=wamid.encode().ljust(32), body=body, received_at=clock.real_now())


def kept() -> list[str]:
    return list(InboundMessage.objects.order_by("id").values_list("wamid", flat=True))


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not await asyncio.to_thread(patiently, true):
            await asyncio.sleep(0.02)


async def test_it_carries_out_what_comes_in_order_and_ends_when_told(transactional_db: None):
    await asyncio.to_thread(rows.firm)
    await asyncio.to_thread(arrive, "wamid.1", "wamid.2")
    stop, database = asyncio.Event(), DatabaseThread()
    running = asyncio.create_task(decode_inbox(database, stop))
    await until(lambda: kept() == ["wamid.1", "wamid.2"])
    await asyncio.to_thread(patiently, lambda: arrive("wamid.3"))
    await until(lambda: kept() == ["wamid.1", "wamid.2", "wamid.3"])
    stop.set()
    await asyncio.wait_for(running, 5)
    await database.close()
    assert await asyncio.to_thread(lambda: set(InboxRow.objects.values_list("state", flat=True))) == {"done"}
