"""The worker, once per cell of the crash matrix: a fork of a process that has everything imported and nothing open.

One JSON line in, two out: `{"pid": …}` when the fork begins, `{"code": …}` when it has ended (-9: killed) or stands
still (STOPPED).

- `prepare`: one approved message to each of `addresses`, by the product's own approval, due when its cell begins;
- `cell`: the worker, killed `when` "before" or "after" the `nth` commit that moves one of `addresses` (`from` one state
  `to` another, both free if not said), or `looked` "after" the last look whether it was recalled, or `post` "before" or
  "after" its POST; stop: one comes between claim and POST;
- `pause`: as `cell`, but at its point it only stands still (SIGSTOP); `resume`, it believes that it stood for `stood_s`
  seconds, goes on and ends when nothing is left to do;
- `recover`: the worker, until nothing is left to do; then it is told to stop. webhooks: came meanwhile;
- `send_again`: a person says that the first of `addresses` got nothing.

graph: another address of Meta's, where nobody listens. shift: seconds by which its clock is ahead of the machine's.

The points are in Django's `commit` and in the client's `send`, whatever the product calls what stands around them.
"""

import contextlib
import gc
import importlib
import json
import os
import signal
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import django

Wishes = Mapping[str, Any]

IMPORTED = (
    "wakeel.worker.run", "wakeel.worker.dispatching", "wakeel.worker.decoding", "wakeel.worker.timers",
    "wakeel.worker.anchoring", "wakeel.worker.listing", "wakeel.whatsapp.client", "wakeel.flows.set_up", "tests.rows",
    "wakeel.flows.approve_draft", "phonenumbers.data.region_SA",
)  # fmt: skip
"""Once, and not again by every fork."""
QUIET_S, SOON = 0.03, timedelta(seconds=0.3)
GIVES_UP_S = 40.0
NEVER_KILLED, STOPPED = 3, 4
GRANTED_BEFORE, WROTE_BEFORE = timedelta(days=30), timedelta(hours=1)
NOT_YET = timedelta(hours=12)


def main() -> None:
    os.environ["WAKEEL_ROLE"] = "worker"
    django.setup()
    for name in IMPORTED:
        importlib.import_module(name)
    gc.freeze()
    print("ready", flush=True)
    for line in sys.stdin:
        wishes = json.loads(line)
        if wishes["do"] == "resume":
            pid = wishes["pid"]
            os.kill(pid, signal.SIGCONT)
        elif (pid := os.fork()) == 0:
            os._exit(_child(wishes))
        print(json.dumps({"pid": pid}), flush=True)
        _, status = os.waitpid(pid, os.WUNTRACED)
        code = STOPPED if os.WIFSTOPPED(status) else os.waitstatus_to_exitcode(status)
        print(json.dumps({"code": code}), flush=True)


def _child(wishes: Wishes) -> int:
    os.dup2(2, 1)  # the answers on stdout are the parent's
    try:
        _shift_clock(timedelta(seconds=wishes.get("shift", 0)))
        return VERBS[wishes["do"]](wishes)
    except BaseException:
        sys.excepthook(*sys.exc_info())
        return 1
    finally:
        sys.stderr.flush()


def _shift_clock(by: timedelta) -> None:
    """So much later than it is: a lease has ended, a back-off is over, and nobody waited."""
    clock: Any = importlib.import_module("wakeel.clock")
    real_now, boottime = clock.real_now, clock.boottime
    clock.real_now = lambda: real_now() + by
    clock.boottime = lambda: boottime() + by.total_seconds()


# What there is before a cell begins


def prepare(wishes: Wishes) -> int:
    from django.db import transaction

    from tests import rows
    from wakeel import clock, config
    from wakeel.flows.set_up import ensure_business
    from wakeel.store.models import Business, Operator, OutboxMessage, SendingNumber

    ensure_business(config.get())
    firm = rows.Firm(Business.objects.get(), SendingNumber.objects.get())
    now = clock.now()
    with transaction.atomic():
        operator = Operator.objects.first() or rows.operator(firm, last_inbound_at=now - WROTE_BEFORE)
        for address in wishes["addresses"]:
            _approve(firm, operator, address, now=now)
        OutboxMessage.objects.filter(address__in=wishes["addresses"]).update(due_at=now + NOT_YET)
    return 0


def _approve(firm: Any, operator: Any, address: str, *, now: Any) -> None:
    """A contact whose window is open, who agreed, and one message to them that a person approved."""
    from tests import rows
    from wakeel.flows.approve_draft import approve
    from wakeel.flows.effects import Effects
    from wakeel.flows.preview_draft import previews
    from wakeel.store.drafts import Queued
    from wakeel.store.models import Draft, DraftVersion

    contact = rows.contact(firm, "", phone=address, last_inbound_at=now - WROTE_BEFORE)
    rows.grant(contact, at=now - GRANTED_BEFORE)
    matter = rows.opportunity(firm, contact, key=address, state="drafting", owner=operator)
    same = {"business": firm.business, "created_at": now}
    draft = Draft.objects.create(
        opportunity=matter, contact=contact, number=firm.number, category="marketing", purpose="offers", **same
    )
    DraftVersion.objects.create(draft=draft, number=1, text=rows.DRAFT_TEXT, **same)
    effects, seen = Effects(), previews([draft.id], now=now)[draft.id]
    reply = approve(draft, operator, seen, queued=Queued(), effects=effects, via="screen", now=now)
    effects.carry_out(now=now)
    assert reply.carried_out, reply


# The worker


def cell(wishes: Wishes) -> int:
    """Ends only by its fault point; a point that is never reached is the test's fault."""
    _begin(wishes)
    threading.Timer(GIVES_UP_S, os._exit, [NEVER_KILLED]).start()
    _work()
    return NEVER_KILLED


def pause(wishes: Wishes) -> int:
    _begin(wishes)
    threading.Thread(target=_stop_when_quiet, daemon=True).start()
    return _work()


def _begin(wishes: Wishes) -> None:
    """Its messages are due, its point is armed."""
    from django.db import connections

    from wakeel import clock, config
    from wakeel.store.models import OutboxMessage

    due = OutboxMessage.objects.filter(address__in=wishes["addresses"], state="pending")
    due.update(due_at=clock.now())
    connections.close_all()
    if "graph" in wishes:
        os.environ["WHATSAPP_GRAPH_URL"] = wishes["graph"]
        config.get.cache_clear()
    Point(wishes).arm()


def recover(wishes: Wishes) -> int:
    for body in wishes.get("webhooks", []):
        _store(body)
    if "from" in wishes:
        Point(wishes).arm()
    threading.Thread(target=_stop_when_quiet, daemon=True).start()
    return _work()


def send_again(wishes: Wishes) -> int:
    from wakeel import clock
    from wakeel.flows.settle_message import settle
    from wakeel.store.models import Operator, OutboxMessage

    message = OutboxMessage.objects.get(address=wishes["addresses"][0])
    reply = settle(Operator.objects.get().id, message.id, "send_again", tap_key=message.id, now=clock.now())
    return 0 if reply.carried_out else 1


def _work() -> int:
    code: int = importlib.import_module("wakeel.worker.run").main()
    return code


def _store(body: str) -> None:
    """A webhook that was answered with 200."""
    import hashlib

    from django.db import connections

    from wakeel import clock
    from wakeel.store.models import InboxRow

    raw = body.encode()
    InboxRow.objects.create(digest=hashlib.sha256(raw).digest(), body=raw, received_at=clock.real_now())
    connections.close_all()


def _stop_when_quiet() -> None:
    """Twice in a row nothing is due, leaving or undecoded; what backs off is for the next worker, later."""
    from django.db import connections

    from wakeel import clock
    from wakeel.store.models import InboxRow, OutboxMessage

    ends, quiet = time.monotonic() + GIVES_UP_S, 0
    while quiet < 2 or signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
        if time.monotonic() > ends:
            os._exit(NEVER_KILLED)
        time.sleep(QUIET_S)
        soon = clock.now() + SOON
        busy = (
            OutboxMessage.objects.filter(state="sending").exists()
            or OutboxMessage.objects.filter(state="pending", due_at__lte=soon).exists()
            or InboxRow.objects.filter(state="received").exists()
        )
        quiet = 0 if busy else quiet + 1
    connections.close_all()
    os.kill(os.getpid(), signal.SIGTERM)


# Where it dies


def _let_the_others_finish_writing() -> None:
    """Another loop of this worker may hold SQLite's only lock for writers at this moment: to stand still with it keeps
    everybody out, which is not what the points are about."""
    from wakeel import config
    from wakeel.store.sqlite.driver import Database

    path = config.get().sqlite_path
    if path is not None:
        with contextlib.closing(Database.connect(path, timeout=GIVES_UP_S, isolation_level=None)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("ROLLBACK")


class Point:
    """One place in the life of some messages. post: "before" or "after" `send`, "" for a commit."""

    def __init__(self, wishes: Wishes) -> None:
        self._addresses: Sequence[str] = wishes["addresses"]
        self._when: str = wishes.get("when", "")
        self._from, self._to = wishes.get("from"), wishes.get("to")
        self._left = int(wishes.get("nth", 1))
        self._post: str = wishes.get("post", "")
        self._looked: str = wishes.get("looked", "")
        self._stop_comes = bool(wishes.get("stop"))
        self._stood_s: float | None = wishes["stood_s"] if wishes["do"] == "pause" else None
        self._kept: dict[str, str] = {}
        self._one_at_a_time = threading.Lock()

    def arm(self) -> None:
        from django.db import connections

        from wakeel.store.models import OutboxMessage

        ours = OutboxMessage.objects.filter(address__in=self._addresses)
        self._kept = dict(ours.values_list("address", "state"))
        connections.close_all()
        self._arm_commit()
        self._arm_look()
        self._arm_send()

    def _arm_commit(self) -> None:
        base: Any = importlib.import_module("django.db.backends.base.base")
        commit, point = base.BaseDatabaseWrapper.commit, self

        def commit_or_die(connection: Any) -> None:
            # What another thread read before this commit would look like a move back after it.
            with point._one_at_a_time:
                found = point._states(connection)
                is_here = point._is_at(found)
                if is_here and point._when == "before":
                    point._strike()
                commit(connection)
                point._left -= point._moves(found)
                point._kept |= found
                recalls = point._stop_comes and "sending" in found.values()
                point._stop_comes = point._stop_comes and not recalls
            # Without that lock: who stands still waits for the others' commits, and they wait for the lock.
            if is_here and point._when == "after":
                point._strike()
            if recalls:
                stop = threading.Thread(target=point._recall)
                stop.start()
                stop.join()

        base.BaseDatabaseWrapper.commit = commit_or_die

    def _is_at(self, found: Mapping[str, str]) -> bool:
        return self._left == 1 and self._moves(found)

    def _moves(self, found: Mapping[str, str]) -> bool:
        """True if the commit at hand makes one of the moves that are waited for."""
        pairs = [(self._kept[address], state) for address, state in found.items() if self._kept[address] != state]
        return any(old == (self._from or old) and new == (self._to or new) for old, new in pairs)

    def _states(self, connection: Any) -> dict[str, str]:
        """As this transaction sees them."""
        with connection.cursor() as cursor:
            marks = ", ".join(["%s"] * len(self._addresses))
            cursor.execute(f"SELECT address, state FROM outbox WHERE address IN ({marks})", list(self._addresses))
            return dict(cursor.fetchall())

    def _recall(self) -> None:
        """As a stop switch or a withdrawal does it, on a connection of its own."""
        from django.db import connections
        from django.db.models import F

        from wakeel.store.models import OutboxMessage

        OutboxMessage.objects.filter(address__in=self._addresses).update(recalled_at=F("updated_at"))
        connections.close_all()

    def _strike(self) -> None:
        if self._stood_s is None:
            os.kill(os.getpid(), signal.SIGKILL)
        else:
            _let_the_others_finish_writing()
            os.kill(os.getpid(), signal.SIGSTOP)
            _shift_clock(timedelta(seconds=self._stood_s))
            self._left, self._post, self._looked = 0, "", ""

    def _arm_look(self) -> None:
        """After the last look whether somebody called the message back."""
        dispatch: Any = importlib.import_module("wakeel.flows.dispatch_outbox")
        recalled = dispatch.recalled

        def look_and_strike(claimed: Any, *arguments: Any, **named: Any) -> Any:
            found = recalled(claimed, *arguments, **named)
            if self._looked and claimed:
                self._strike()
            return found

        dispatch.recalled = look_and_strike

    def _arm_send(self) -> None:
        client: Any = importlib.import_module("wakeel.whatsapp.client")
        send, point = client.CloudApi.send, self

        async def send_or_die(api: Any, phone_number_id: str, body: Any, **named: Any) -> Any:
            ours = str(body.get("to")) in point._addresses
            if ours and point._post == "before":
                point._strike()
            outcome = await send(api, phone_number_id, body, **named)
            if ours and point._post == "after":
                point._strike()
            return outcome

        client.CloudApi.send = send_or_die


VERBS = {"prepare": prepare, "cell": cell, "pause": pause, "recover": recover, "send_again": send_again}


if __name__ == "__main__":
    main()
