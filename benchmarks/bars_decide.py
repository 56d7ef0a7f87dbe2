"""The bars about deciding, over HTTP as a browser without scripts does it: how long, taken back, two at once."""

import threading
import time
from dataclasses import dataclass

from benchmarks.bars_desk import UNDO_S, Desk
from benchmarks.ingest_figures import centile
from wakeel.rehearsal.screens import Form, Page, Screens


@dataclass(frozen=True, slots=True)
class Undone:
    """approve_p95_ms: of one approval with the page it ends on. suppressed: messages taken back. left: messages that
    were tried to send all the same."""

    approve_p95_ms: float
    approved: int
    suppressed: int
    left: int


@dataclass(frozen=True, slots=True)
class AtOnce:
    """pairs: two people who decided at the same time. one_won: exactly one approval. told: the other was told."""

    pairs: int
    one_won: int
    told: int


def approve_and_undo(desk: Desk) -> Undone:
    """Approve, then take back, every draft of the desk; then wait until every hold would have ended."""
    screens = desk.somebody()
    drafts = desk.practice.drafts
    took: list[float] = []
    for draft, opportunity in drafts:
        form = screens.get(f"/i/{opportunity}/").form(f"/d/{draft}/approve/")
        started = time.perf_counter()
        screens.send(form)
        took.append(time.perf_counter() - started)
        screens.send(screens.get(f"/i/{opportunity}/").form(f"/d/{draft}/cancel/"))
    time.sleep(UNDO_S + 2)
    these = ", ".join(f"'{draft}'" for draft, _ in drafts)
    outbox = f"outbox WHERE draft_id IN ({these})"
    [[approved]] = desk.deployment.query(f"SELECT count(*) FROM {outbox}")
    [[suppressed]] = desk.deployment.query(f"SELECT count(*) FROM {outbox} AND state = 'suppressed'")
    [[left]] = desk.deployment.query(f"SELECT count(*) FROM attempt WHERE outbox_id IN (SELECT id FROM {outbox})")
    return Undone(round(centile(sorted(took), 0.95) * 1000, 1), approved, suppressed, left)


def decide_at_once(desk: Desk) -> AtOnce:
    """Two people approve the same draft at the same moment, every draft of the desk."""
    people = (desk.somebody(0), desk.somebody(1))
    won = told = 0
    drafts = desk.practice.drafts
    for draft, opportunity in drafts:
        forms = [screens.get(f"/i/{opportunity}/").form(f"/d/{draft}/approve/") for screens in people]
        answers = _at_once(people, forms)
        [[approvals]] = desk.deployment.query(f"SELECT count(*) FROM approval WHERE draft_id = '{draft}'")
        won += approvals == 1
        told += len({answer.text for answer in answers}) == 2
    return AtOnce(len(drafts), won, told)


def _at_once(people: tuple[Screens, Screens], forms: list[Form]) -> list[Page]:
    """Both are sent when both are ready; the pages they end on."""
    ready, answers = threading.Barrier(2), [None, None]

    def one(place: int) -> None:
        ready.wait()
        answers[place] = people[place].send(forms[place])  # type: ignore[call-overload]

    threads = [threading.Thread(target=one, args=(place,)) for place in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [answer for answer in answers if answer is not None]
