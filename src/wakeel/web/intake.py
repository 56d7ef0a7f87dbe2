"""What `web` and `ingest` have in common: the webhook with its writer, counters and secrets, started and stopped."""

import asyncio
import json
import logging
import os
from collections.abc import Mapping
from contextlib import suppress

from django.db import DatabaseError, connection

from wakeel.config import Config
from wakeel.store.body_seal import BodySeal
from wakeel.store.inbox_writer import open_inbox
from wakeel.web.counters import Counters
from wakeel.web.secret_files import SecretFiles
from wakeel.web.webhook import Answer, Webhook

log = logging.getLogger(__name__)


class Intake:
    """Of one process and one loop. seal: what bodies are kept with."""

    def __init__(self, config: Config, seal: BodySeal) -> None:
        self._writer = open_inbox(config, seal)
        self._counters = Counters(self._keep)
        self._keeping: set[asyncio.Future[None]] = set()
        self._files = SecretFiles(config)
        self.webhook = Webhook(secrets=self._files.secrets, writer=self._writer, counters=self._counters)
        self._watching: asyncio.Task[None]

    async def start(self) -> None:
        """Before the server takes its first request."""
        await self._writer.start()
        self._watching = asyncio.create_task(self._files.watch(), name="secret-files")

    async def stop(self) -> None:
        """After the server answered its last request: nothing acknowledged is lost."""
        await self._writer.stop()
        self._counters.flush()
        await asyncio.gather(*self._keeping)
        self._watching.cancel()
        with suppress(asyncio.CancelledError):
            await self._watching

    def _keep(self, counts: Mapping[str, int]) -> None:
        """On a thread of its own: the loop answers WhatsApp meanwhile."""
        kept = asyncio.get_running_loop().run_in_executor(None, _note, counts)
        self._keeping.add(kept)
        kept.add_done_callback(self._keeping.discard)

    def health(self) -> Answer:
        """This process answers, and what its webhook did. Asks no database: `/readyz` does."""
        said = {"status": "ok", "pid": os.getpid(), "webhook": self._counters.as_json()}
        if self._files.unusable:
            said["unusable_files"] = self._files.unusable
        headers = (("content-type", "application/json"), ("cache-control", "no-store"))
        return Answer(200, json.dumps(said).encode(), headers)


def _note(counts: Mapping[str, int]) -> None:
    from wakeel.flows.note_webhook import note_webhook  # noqa: PLC0415  (needs Django set up)

    try:
        note_webhook(counts)
    except DatabaseError as fault:
        # The health page says less; what was stored and refused does not change by it.
        log.warning("what the webhook refused is not kept (%s)", type(fault).__name__)
    finally:
        connection.close()
