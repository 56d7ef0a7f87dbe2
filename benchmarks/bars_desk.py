"""The desk that the bars look at: practice data, the web process and the worker, and people signed in before it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from benchmarks.bars_population import Practice
from benchmarks.ingest_deployment import SQLITE, Deployment, deployed
from wakeel.rehearsal.screens import Screens

NOWHERE = "http://127.0.0.1:9"
"""Practice: what leaves goes to a port of this machine where nobody listens."""
UNDO_S = 5


@dataclass(frozen=True, slots=True)
class Desk:
    """One desk under measure."""

    deployment: Deployment
    practice: Practice

    @property
    def base(self) -> str:
        return f"http://localhost:{self.deployment.ports['web']}"

    def somebody(self, number: int = 0) -> Screens:
        """One of the two people, signed in."""
        return Screens(self.deployment.ports["web"], dict(self.practice.cookies[number]))

    def pages(self) -> list[str]:
        """The addresses that answer with a page of their own."""
        screens, found = self.somebody(), []
        for _, path in self.practice.places:
            page = screens.get(path)
            if page.status == 200 and page.url == path and page.raw.startswith("<!doctype html>"):
                found.append(path)
        return found


@contextmanager
def open_desk(database: str = SQLITE) -> Iterator[Desk]:
    """On SQLite, as a newcomer has it, unless said otherwise."""
    settings = {
        "WHATSAPP_GRAPH_URL": NOWHERE, "WAKEEL_SIMULATOR_URL": NOWHERE, "WAKEEL_UNDO_SECONDS": str(UNDO_S),
        "WHATSAPP_ACCESS_TOKEN": "practice",
    }  # fmt: skip
    with deployed(database, **settings) as deployment:
        filled = deployment.run("-m", "benchmarks.bars_population")
        deployment.start("web", "worker")
        yield Desk(deployment, Practice(**json.loads(filled.splitlines()[-1])))
