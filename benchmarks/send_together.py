"""Everything at once: webhooks at Meta's rate come in and are processed while messages leave at 1,000 a second.

The same run as `ingest_stream` (ingest, web, worker, a person at the screens, all faults looked for), with one more
thing: approved messages fall due from its first second on, and the worker posts them to the fake.
"""

from typing import Any

from benchmarks.ingest import PAGES_PER_S, populate
from benchmarks.ingest_deployment import COMMANDS, Deployment
from benchmarks.ingest_figures import spread_ms
from benchmarks.ingest_processing import ARRIVALS_PER_S
from benchmarks.ingest_stream import amounts_of, stream
from benchmarks.send_fake import fake
from benchmarks.send_outcome import judged, messages
from benchmarks.send_population import beginning_of
from benchmarks.send_runs import busy_fake, claim_to_post_s, claims, faults, queue, release, until_gone

MARK = "t"
PEOPLE, REPLYING = 3000, 300
RELEASED_S = 2.0
"""So long making sixty thousand messages due takes at most."""


def together(
    deployment: Deployment, *, port: int, seconds: float, rate: float, webhooks: float = ARRIVALS_PER_S
) -> dict[str, Any]:
    """One run. rate: messages that fall due a second; webhooks: that come in. `faults` is empty for a good one."""
    amounts = amounts_of(webhooks, seconds)
    needs = {"messages": amounts.messages, "cards": amounts.taps, "on-screen": 30}
    population = populate(deployment, {**needs, "people": PEOPLE, "replying": REPLYING})
    count = round(rate * seconds)
    queue(deployment, count, mark=MARK, numbers=2)
    deployment.commands["worker"] = COMMANDS["worker"]
    began: list[float] = []
    with fake(port) as graph:
        before = graph.cpu_s()
        streamed = stream(
            deployment, population.take(amounts), run="B", rate=webhooks, seconds=seconds, pages=PAGES_PER_S,
            at_start=lambda: began.append(release(deployment, rate=rate, begins_in_s=RELEASED_S).timestamp()),
        )  # fmt: skip
        # What was still waiting when the stream's processes were stopped leaves now: it is late, not lost.
        deployment.start("worker")
        until_gone(deployment)
        deployment.stop("worker")
        fake_s, seen = graph.cpu_s() - before, graph.seen()
    to = beginning_of(MARK)
    ours = [one for one in seen if one.to.startswith(to)]
    found = judged(messages(deployment, to=to), ours)
    took = max((one.at for one in ours), default=began[0]) - began[0]
    return {
        "webhooks": streamed, "messages": count, "seconds": round(took, 2), "messages_per_s": round(count / took, 1),
        "webhook_p99_ms": streamed["p99_ms"],
        "claim_to_post": spread_ms(claim_to_post_s(claims(deployment, to=to), ours)),
        **found, "faults": [*faults(found, count=count), *streamed["faults"], *_lost(streamed["lost"])],
        "invalid": [*streamed["invalid"], *busy_fake(fake_s, took)],
    }  # fmt: skip


def _lost(webhooks: int) -> list[str]:
    return [f"{webhooks} webhooks were answered with 200 and not carried out"] if webhooks else []
