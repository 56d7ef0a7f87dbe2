"""The whole product on this machine for one test run: simulator, web and worker as processes, one database."""

import contextlib
import csv
import hashlib
import http.client
import io
import itertools
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import pytest

from tests.deployment import ON_POSTGRESQL, Deployment, end, free_port, make_deployment
from tests.screens import Screens
from wakeel.processes import bind_to_parent

Json = dict[str, Any]
T = TypeVar("T")

USERNAME, PASSWORD = "saud", "a long password for tests"
OPERATOR = "966500000001"
NUMBER_ID = "105500000000002"
PATIENCE_S = 12.0
UNDO_S = 60
POLL_S = 0.03
HERE = Path(__file__).parent
WEB = ("-m", "wakeel.web.serve")
WORKER = ("-m", "wakeel.worker.run")


@dataclass(frozen=True)
class Outgoing:
    """One row of the outbox."""

    id: str
    state: str
    status: str | None
    hold_code: str
    failure_code: int | None
    wamid: str | None


@dataclass(frozen=True)
class Phone:
    """One phone of the simulator. Directions as its owner sees them."""

    house: "House"
    wa_id: str

    def messages(self) -> list[Json]:
        phones = self.house.bench("GET", "/api/state")["phones"]
        return next(phone["messages"] for phone in phones if phone["wa_id"] == self.wa_id)

    def received(self) -> list[Json]:
        return [message for message in self.messages() if message["direction"] == "received"]

    def texts(self) -> list[str]:
        return [message["text"] for message in self.received() if message["type"] == "text"]

    def say(self, text: str, **more: Any) -> str:
        """Type a message; its wamid."""
        wamid: str = self.house.bench("POST", f"/api/phones/{self.wa_id}/text", {"text": text, **more})["wamid"]
        return wamid

    def tap(self, card: Json, title: str, **more: Any) -> str:
        """Tap the button with this title; the wamid of the tap."""
        button = next(button for button in card["buttons"] if button["title"] == title)
        return self.tap_id(card["wamid"], button["id"], **more)

    def tap_id(self, card_wamid: str, button_id: str, **more: Any) -> str:
        wish = {"wamid": card_wamid, "id": button_id, **more}
        wamid: str = self.house.bench("POST", f"/api/phones/{self.wa_id}/tap", wish)["wamid"]
        return wamid


@dataclass(frozen=True)
class Deal:
    """One opportunity with the person it is about; title and name occur nowhere else."""

    title: str
    name: str
    phone: Phone


@dataclass
class House:
    """Everything runs; `operator` is enrolled. Taps and texts go through the simulator, rows are only read."""

    deployment: Deployment
    simulator_port: int
    screens: Screens
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    # Processes

    def start(self, name: str, *argv: str) -> None:
        """Start `python argv…`; stdout and stderr go to `<name>.log` in the data folder."""
        with self.log(name).open("ab") as log:
            self.processes[name] = subprocess.Popen(
                [sys.executable, *argv], env=self.deployment.environ, cwd=self.deployment.folder, stdout=log, stderr=log,
                stdin=subprocess.PIPE, preexec_fn=partial(bind_to_parent, os.getpid()),
            )  # fmt: skip

    def start_worker(self, *argv: str, name: str = "worker") -> None:
        """A worker, ready; `argv` instead of the plain one."""
        before = self.said(name).count("worker ready")
        self.start(name, *(argv or WORKER))
        self.until(lambda: self.said(name).count("worker ready") > before)

    def start_web(self, *argv: str) -> None:
        self.start("web", *(argv or WEB))
        self.until(self._web_answers)

    def stop(self, name: str) -> int:
        """Ask it to end; the exit code."""
        return end(self.processes.pop(name))

    def kill(self, name: str) -> None:
        process = self.processes.pop(name)
        process.kill()
        process.wait()

    def wait_for_end(self, name: str) -> int:
        """The exit code of a process that ends by itself (-9: killed)."""
        code = self.processes[name].wait(PATIENCE_S)
        del self.processes[name]
        return code

    def close(self) -> None:
        for process in self.processes.values():
            process.terminate()
        for process in self.processes.values():
            with contextlib.suppress(subprocess.TimeoutExpired):
                end(process)

    def log(self, name: str) -> Path:
        return self.deployment.folder / f"{name}.log"

    def said(self, name: str) -> str:
        return self.log(name).read_text() if self.log(name).exists() else ""

    def _web_answers(self) -> bool:
        try:
            return self.deployment.request("GET", "/healthz")[0] == 200
        except (OSError, http.client.HTTPException):
            return False

    # The simulator and the database

    def bench(self, method: str, path: str, wish: Json | None = None) -> Any:
        """A call of the simulator's bench that must succeed."""
        connection = http.client.HTTPConnection("127.0.0.1", self.simulator_port, timeout=15)
        with contextlib.closing(connection):
            body = None if wish is None else json.dumps(wish)
            connection.request(method, path, body=body, headers={"Content-Type": "application/json"} if body else {})
            answer = connection.getresponse()
            found = json.loads(answer.read())
        assert answer.status == 200, found
        return found

    def faults(self, **wish: Any) -> None:
        self.bench("POST", "/api/faults", wish)

    def sent_to(self, phone: Phone) -> list[str]:
        """Texts WhatsApp accepted for this phone, in order."""
        rows = self.bench("GET", "/api/sent")
        return [row["payload"]["text"]["body"] for row in rows if row["to"] == phone.wa_id]

    def posts(self) -> int:
        """How many requests reached /messages, accepted or not."""
        return sum(row["towards"] == "simulator" for row in self.bench("GET", "/api/wire"))

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        return self.deployment.query(sql)

    def has_stored(self, body: str) -> bool:
        """True if exactly these bytes are in the raw inbox."""
        digest = hashlib.sha256(body.encode()).hexdigest()
        wanted = f"decode('{digest}', 'hex')" if ON_POSTGRESQL else f"x'{digest}'"
        return bool(self.rows(f"SELECT 1 FROM inbox WHERE digest = {wanted}"))

    def outgoing(self, phone: Phone) -> list[Outgoing]:
        """Every message that was ever to leave for this contact, oldest first."""
        columns = "id, state, status, hold_code, failure_code, wamid"
        sql = f"SELECT {columns} FROM outbox WHERE address = '+{phone.wa_id}' AND audience = 'contact' ORDER BY created_at"
        return [Outgoing(*row) for row in self.rows(sql)]

    def last(self, phone: Phone) -> Outgoing | None:
        found = self.outgoing(phone)
        return found[-1] if found else None

    def until(self, look: Callable[[], T], *, within_s: float = PATIENCE_S) -> T:
        """The first true answer of `look`; fails with what the processes said when there is none in time."""
        ends = time.monotonic() + within_s
        while time.monotonic() < ends:
            if found := look():
                return found
            time.sleep(POLL_S)
        logs = "".join(f"--- {path.name}\n{path.read_text()[-1500:]}" for path in self.deployment.folder.glob("*.log"))
        pytest.fail(f"it did not happen within {within_s} s\n{logs}")

    def until_quiet(self) -> None:
        """Return when no webhook is under way or undecoded and nothing is about to leave."""
        self.until(self._is_quiet)

    def _is_quiet(self) -> bool:
        if self.bench("GET", "/api/state")["webhook"]["waiting"]:
            return False
        waiting = "SELECT (SELECT count(*) FROM inbox WHERE state = 'received')"
        leaving = "(SELECT count(*) FROM outbox WHERE state IN ('pending', 'sending') AND audience = 'operator')"
        return self.rows(f"{waiting} + {leaving}")[0][0] == 0

    # People and opportunities

    @property
    def operator(self) -> Phone:
        return Phone(self, OPERATOR)

    def clerk(self, verb: str, **given: Any) -> Any:
        """One command of the console script."""
        process = self.processes["clerk"]
        assert process.stdin is not None
        answered = len(self.said("clerk").splitlines())
        process.stdin.write(json.dumps({"verb": verb, **given}).encode() + b"\n")
        process.stdin.flush()
        return json.loads(self.until(lambda: self.said("clerk").splitlines()[answered:])[0])

    def person(self, **more: Any) -> Phone:
        """Somebody new with a phone."""
        wa_id = f"9665055{next(self.numbers):05d}"
        self.bench("POST", "/api/phones", {"wa_id": wa_id, **more})
        return Phone(self, wa_id)

    def deals(self, number: int, *, agreed: bool = True, wrote: bool = True, **columns: str) -> list[Deal]:
        """New opportunities, imported in one file, each about a new person.

        wrote: the person's window is open. agreed: their consent to offers was recorded. columns: of the file.
        """
        deals = []
        for serial in itertools.islice(self.numbers, number):
            phone = self.person(name=f"ليلى {serial:04d}")
            deals.append(Deal(f"عرض رقم {serial:04d}", f"ليلى {serial:04d}", phone))
        if wrote:
            self._let_them_write(deals)
        if agreed:
            self.agree(deals)
        rows = [{"title": d.title, "phone": f"+{d.phone.wa_id}", "name": d.name, "key": d.title, **columns} for d in deals]
        self.import_rows("opportunities", rows)
        return deals

    def deal(self, *, agreed: bool = True, wrote: bool = True, **columns: str) -> Deal:
        return self.deals(1, agreed=agreed, wrote=wrote, **columns)[0]

    def _let_them_write(self, deals: Sequence[Deal]) -> None:
        written = [deal.phone.say("السلام عليكم، أرسلوا التفاصيل") for deal in deals]
        for wamid in written:
            self.until(lambda wamid=wamid: self.rows(f"SELECT 1 FROM inbound_message WHERE wamid = '{wamid}'"))

    def agree(self, deals: Sequence[Deal]) -> None:
        consent = {
            "categories": "marketing", "purpose": "offers", "happened_at": "2026-06-01T10:00",
            "wording": "أوافق على استلام العروض", "evidence": "نموذج ورقي", "collected_directly": "نعم",
        }  # fmt: skip
        self.import_rows("consents", [{"phone": f"+{d.phone.wa_id}", "name": d.name, **consent} for d in deals])

    def import_rows(self, kind: str, rows: Sequence[dict[str, str]]) -> None:
        report = self.clerk(kind, text=as_csv(rows))
        assert not report["faults"], report

    # What the operator sees and does

    def card(self, deal: Deal, *, after: int = 0) -> Json:
        """The newest opportunity card of this deal on the operator's phone; after: how many there were before."""
        return self._newest(deal.title, "opp:", after=after)

    def approval(self, deal: Deal, *, after: int = 0) -> Json:
        """The newest approval card of this deal."""
        return self._newest(deal.name, "msg:", after=after)

    def _newest(self, words: str, button: str, *, after: int) -> Json:
        return self.until(lambda: self.shown(words, button)[after:])[-1]

    def shown(self, words: str, button: str) -> list[Json]:
        """Cards on the operator's phone with these words, whose buttons begin so."""
        cards = [message for message in self.operator.received() if message["buttons"]]
        return [card for card in cards if words in card["text"] and card["buttons"][0]["id"].startswith(button)]

    def answer(self, wamid: str) -> str:
        """What the operator was told about one tap or text, as it stands on the phone."""
        sql = f"SELECT wamid FROM outbox WHERE request_key = 'answer:{wamid}' AND state = 'accepted'"
        [[told]] = self.until(lambda: self.rows(sql))
        return next(message["text"] for message in self.operator.received() if message["wamid"] == told)

    def decide(self, card: Json, title: str, **more: Any) -> str:
        """Tap and read the answer."""
        return self.answer(self.operator.tap(card, title, **more))

    def draft(self, deal: Deal) -> Json:
        """From the opportunity card to its approval card, by رسالة."""
        assert "هذه مسودة الرسالة" in self.decide(self.card(deal), "رسالة")
        return self.approval(deal)

    def approve(self, deal: Deal) -> str:
        """The whole way to اعتماد; the answer."""
        return self.decide(self.draft(deal), "اعتماد")

    def until_left(self, phone: Phone, *, state: str = "accepted") -> Outgoing:
        """The newest message to this contact, once it is in `state`."""

        def look() -> Outgoing | None:
            found = self.last(phone)
            return found if found and found.state == state else None

        return self.until(look)

    def pass_undo(self) -> None:
        """The undo grace is over: business time goes on, nobody waits."""
        self.advance(UNDO_S + 1)

    def advance(self, seconds: float) -> None:
        self.bench("POST", "/api/clock", {"advance_s": int(seconds)})

    def now(self) -> int:
        """Business time in Unix seconds."""
        return int(self.bench("GET", "/api/state")["clock"]["now"])

    def clear(self) -> None:
        """Nothing is open on the operator's phone: what earlier tests left is skipped."""
        self.faults(next_sends=[], duplicate_webhooks=False, hold_statuses=False, hold_webhooks=False)
        if not self._operator_can_be_reached():
            self.operator.say("أهلاً")
        for _ in range(30):
            self.until_quiet()
            open_cards = self.rows(
                "SELECT s.wamid, c.opportunity_id FROM card c JOIN showing s ON s.card_id = c.id "
                "WHERE c.closed_at IS NULL AND c.kind = 'opportunity' AND s.wamid IS NOT NULL"
            )
            if not open_cards:
                return
            for wamid, opportunity_id in open_cards:
                self.operator.tap_id(wamid, f"opp:{opportunity_id}:skip", title="تخطي")
        pytest.fail("the operator's phone never became empty")

    def _operator_can_be_reached(self) -> bool:
        phones = self.bench("GET", "/api/state")["phones"]
        until = next(phone["window_open_until"] for phone in phones if phone["wa_id"] == OPERATOR)
        return until is not None and until > self.now() + 3600

    def item_page(self, deal: Deal) -> Any:
        """The page of this deal."""
        [[opportunity_id]] = self.rows(f"SELECT id FROM opportunity WHERE title = '{deal.title}'")
        return self.screens.get(f"/i/{opportunity_id}/")

    def enrol(self, phone: Phone) -> None:
        """Log-in, code, code from the phone, password: as a person links a phone."""
        page = self.screens.send(self.screens.get("/operators/enrol/").form("/operators/enrol/code/"))
        code = page.text.split('class="enrol-code"><bdi dir="ltr">')[1].split("<")[0]
        phone.say(code)
        matched = self.until(lambda: self._matched())
        self.screens.send(matched.form("/operators/enrol/confirm/"), password=PASSWORD)
        self.until(lambda: self.rows(f"SELECT 1 FROM operator WHERE state = 'active' AND wa_id = '{phone.wa_id}'"))

    def _matched(self) -> Any:
        page = self.screens.get("/operators/enrol/")
        return page if any(form.action.endswith("/confirm/") for form in page.forms) else None


def as_csv(rows: Sequence[dict[str, str]]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


@contextlib.contextmanager
def open_house(folder: Path, *, enrolled: bool = True, **settings: str) -> Iterator[House]:
    """A house on the database of this run. settings: environment variables beside the usual ones."""
    port = free_port()
    usual = {
        "WHATSAPP_GRAPH_URL": f"http://127.0.0.1:{port}", "WAKEEL_SIMULATOR_URL": f"http://127.0.0.1:{port}",
        "WAKEEL_UNDO_SECONDS": str(UNDO_S), "WAKEEL_LOG_LEVEL": "DEBUG", "WAKEEL_BUSINESS_NAME": "مكتب وكيل",
        "PYTHONPATH": str(HERE.parent),
    }  # fmt: skip
    with make_deployment(folder, **{**usual, **settings}) as deployment:
        house = House(deployment, port, Screens(deployment.port))
        try:
            _start_all(house, folder)
            house.clerk("create_login", username=USERNAME, password=PASSWORD, name="سعود", is_admin=True)
            house.screens.log_in(USERNAME, PASSWORD)
            house.bench("POST", "/api/phones", {"wa_id": OPERATOR, "role": "operator", "name": "سعود"})
            if enrolled:
                house.enrol(house.operator)
            yield house
        finally:
            house.close()


def _start_all(house: House, folder: Path) -> None:
    """All at once: an interpreter's start is most of the time."""
    secret = folder / "app-secret"
    secret.write_text("test_app_secret\n")
    house.start(
        "simulator", "-m", "wakeel.cli", "simulator", "--port", str(house.simulator_port),
        "--webhook-url", f"http://127.0.0.1:{house.deployment.port}/webhook", "--app-secret-file", str(secret),
        "--data-dir", str(folder), "--fast-statuses", "--quiet-personas",
    )  # fmt: skip
    house.start("clerk", str(HERE / "clerk.py"))
    house.start("web", *WEB)
    house.start("worker", *WORKER)
    for name, word in (("simulator", "simulator ready"), ("clerk", "clerk ready"), ("worker", "worker ready")):
        house.until(lambda name=name, word=word: word in house.said(name), within_s=30)
    house.until(house._web_answers, within_s=30)
