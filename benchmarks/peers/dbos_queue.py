"""DBOS as its documentation starts a durable queue: `dbos_queue.py DATABASE_URL WORKFLOWS`, in its own environment.

The workflows do nothing. All of them are enqueued first, one after the other by its client and without anybody to run
them; then it is launched and looks at its queue twenty times a second. One JSON line: how long enqueueing took, how
long all of them then took to run, and the CPU of this process for each.
"""

import json
import sys
import time

from dbos import DBOS, DBOSClient, DBOSConfig  # type: ignore[import-not-found]

QUEUE = "sends"
LOOK_S, PATIENCE_S = 0.05, 300.0


def main(url: str, count: int) -> None:
    config: DBOSConfig = {"name": "benchmark", "system_database_url": url, "log_level": "ERROR"}

    def launch() -> None:
        DBOS(config=config)
        DBOS.launch()
        DBOS.register_queue(QUEUE, polling_interval_sec=LOOK_S)

    @DBOS.workflow(name="nothing")  # type: ignore[misc]
    def nothing() -> None:
        """No step, no result."""

    launch()
    DBOS.destroy()
    client = DBOSClient(system_database_url=url)
    begun, cpu = time.monotonic(), time.process_time()
    for _ in range(count):
        client.enqueue({"queue_name": QUEUE, "workflow_name": "nothing"})
    enqueue_s, enqueue_cpu_s = time.monotonic() - begun, time.process_time() - cpu
    begun, cpu = time.monotonic(), time.process_time()
    launch()
    while DBOS.list_workflows(status=["ENQUEUED", "PENDING"], limit=1):
        if time.monotonic() - begun > PATIENCE_S:
            raise SystemExit(f"{count} workflows did not run in {PATIENCE_S} s")
        time.sleep(LOOK_S)
    run_s, run_cpu_s = time.monotonic() - begun, time.process_time() - cpu
    succeeded = len(client.list_workflows(status="SUCCESS"))
    if succeeded != count:
        raise SystemExit(f"{succeeded} of {count} workflows succeeded")
    told = {"enqueue_s": enqueue_s, "enqueue_cpu_s": enqueue_cpu_s, "run_s": run_s, "run_cpu_s": run_cpu_s}
    print(json.dumps({name: round(seconds, 3) for name, seconds in told.items()}), flush=True)
    DBOS.destroy()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
