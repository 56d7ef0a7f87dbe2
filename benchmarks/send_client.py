"""The product's HTTP client without a database: as many messages as told, as many at once as the worker has.

    python -m benchmarks.send_client --port N --messages N

One JSON line: seconds, and the CPU of this process meanwhile. The bodies are as long as `send_population`'s. This is
the most that claim, journal and record may be added to.
"""

import argparse
import asyncio
import json
import sys
import time
from itertools import count

from benchmarks.ingest_bodies import NUMBER_ID
from benchmarks.send_population import TEXT, phone_of
from wakeel.processes import leave_alone_what_is_loaded
from wakeel.whatsapp.cards import text_part
from wakeel.whatsapp.client import Accepted, ApiOptions, CloudApi
from wakeel.whatsapp.payloads import message_body

AT_ONCE = 128


async def post(port: int, messages: int) -> dict[str, float]:
    phones = [phone_of("z", serial) for serial in range(messages)]
    bodies = [message_body(text_part(TEXT.format(name=f"عميل {phone}")), address=phone) for phone in phones]
    options = ApiOptions(graph_url=f"http://127.0.0.1:{port}", version="v26.0", token="", allow_live_send=False)
    turn = count()
    async with CloudApi(options) as api:

        async def go_on() -> None:
            while (place := next(turn)) < messages:
                outcome = await api.send(NUMBER_ID, bodies[place], attempt_id=f"att_{place:020d}")
                if not isinstance(outcome, Accepted):
                    raise SystemExit(f"not accepted: {outcome}")

        leave_alone_what_is_loaded()  # as the worker does
        begun, cpu = time.monotonic(), time.process_time()
        await asyncio.gather(*(go_on() for _ in range(AT_ONCE)))
        return {"seconds": round(time.monotonic() - begun, 3), "cpu_s": round(time.process_time() - cpu, 3)}


def main() -> int:
    parser = argparse.ArgumentParser(description="Messages without a database.")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--messages", type=int, required=True)
    given = parser.parse_args()
    print(json.dumps({"messages": given.messages, **asyncio.run(post(given.port, given.messages))}), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
