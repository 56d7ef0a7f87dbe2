"""The worker process with a stop-watch: CPU of every verb that it runs on a database thread.

    python -m benchmarks.send_worker FILE

The worker is the product's own, from start to stop. When it was told to stop it writes one JSON object to FILE: by verb
the calls and the CPU seconds of the thread they ran on.
"""

import functools
import json
import os
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import django


def main() -> int:
    os.environ["WAKEEL_ROLE"] = "worker"
    django.setup()
    costs: dict[str, list[float]] = defaultdict(lambda: [0, 0.0])
    watch(costs)
    from wakeel.worker.run import main as work

    try:
        return work()
    finally:
        told = {name: {"calls": int(calls), "cpu_s": round(cpu_s, 4)} for name, (calls, cpu_s) in costs.items()}
        Path(sys.argv[1]).write_text(json.dumps(told))


def watch(costs: dict[str, list[float]]) -> None:
    """Every verb from now on adds its cost to `costs`, by its name: calls, seconds."""
    from wakeel.worker.database import DatabaseThread

    def timed(verb: Callable[..., Any]) -> Callable[..., Any]:
        name = getattr(verb, "__name__", type(verb).__name__)

        @functools.wraps(verb)
        def run(*arguments: Any, **named: Any) -> Any:
            begun = time.thread_time()
            try:
                return verb(*arguments, **named)
            finally:
                cost = costs[name]
                cost[0] += 1
                cost[1] += time.thread_time() - begun

        return run

    plain, polite = DatabaseThread.run, DatabaseThread.write

    async def run(self: Any, verb: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        return await plain(self, timed(verb), *arguments, **named)

    async def write(self: Any, verb: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        return await polite(self, timed(verb), *arguments, **named)

    DatabaseThread.run, DatabaseThread.write = run, write  # type: ignore[method-assign]


if __name__ == "__main__":
    sys.exit(main())
