"""A whole Wakeel of its own for one rehearsal: folder, secrets, ports, database, simulator, web, worker, an operator.

    with blank(folder / "blank") as empty, household(folder / "home", empty=empty) as home:
        home.add_phone("966505500001", name="ليلى")
        home.bench.say("966505500001", "السلام عليكم")                   # the simulator's bench (see `bench.Bench`)
        home.take_in("opportunities", [{"title": "…", "phone": "+966505500001", "name": "ليلى", "key": "1"}])
        card = home.until(lambda: home.bench.received(home.operator), what="no card came")[-1]
        home.bench.tap(home.operator, card["wamid"], card["buttons"][0]["id"])
        home.screens.press(home.screens.get("/"), "قبول")   # the screens, logged in (see `screens.Screens`)
        home.rows("SELECT state FROM outbox WHERE address = ?", ["+966505500001"])     # the database, read
        home.crew.kill("worker"); home.crew.start("worker")              # "web", "worker", "ingest", "simulator"
        home.advance(3600); home.until_quiet()

Several may stand side by side. Everything listens on 127.0.0.1, ends with the block or with this process, and leaves
its logs in the folder. The environment's own settings are not read; nothing can leave the machine.
"""

import contextlib
import csv
import http.client
import io
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from wakeel.rehearsal.bench import Bench
from wakeel.rehearsal.clerk_line import Clerk, ClerkLine
from wakeel.rehearsal.crew import Crew, Part
from wakeel.rehearsal.databases import Blank, RehearsalDatabase, Row, copied
from wakeel.rehearsal.places import (
    LOG_IN,
    Places,
    cleaned,
    environment,
    make_secrets,
    simulator_arguments,
)
from wakeel.rehearsal.ports import free_port
from wakeel.rehearsal.screens import Screens
from wakeel.rehearsal.under_way import LEAVING_TO_OPERATORS, RECEIVED, counts

T = TypeVar("T")

OPERATOR, OPERATOR_NAME = "966500000001", "سعود"
USERNAME = "operator"
OPEN_HOURS = Path(__file__).with_name("open_hours.toml")
PATIENCE_S, POLL_S = 30.0, 0.03
UP, UP_SIMULATOR = "/healthz", "/api/state"


class NotInTime(Exception):
    """What was waited for did not happen; the message says what, and ends with what the processes said last."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """What is special about one household.

    settings: environment variables on top of the usual ones. policy: the sending policy it goes by, `OPEN_HOURS` or
    None for the one that ships. ingest: webhooks go to a process of their own. personas: who holds phones besides the
    operator. arguments: more options of `wakeel simulator`. entry: the module that runs instead of the plain one, by
    process name. enrolled: False leaves the operator's phone for the rehearsal itself.
    """

    settings: Mapping[str, str] = field(default_factory=dict)
    policy: Path | None = OPEN_HOURS
    ingest: bool = False
    personas: Path | None = None
    arguments: Sequence[str] = ("--fast-statuses", "--quiet-personas")
    entry: Mapping[str, Sequence[str]] = field(default_factory=dict)
    enrolled: bool = True


PLAIN = Wishes()


@dataclass(slots=True)
class Household:
    """What runs. Taps and texts go through the simulator, decisions through phone and screens, rows are only read."""

    places: Places
    database: RehearsalDatabase
    crew: Crew
    bench: Bench
    screens: Screens
    clerk: Clerk
    operator: str = OPERATOR
    _browsers: dict[str, Screens] = field(default_factory=dict)

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[Row]:
        """Rows of the product's database; `?` marks a parameter."""
        return self.database.rows(sql, parameters)

    @property
    def password(self) -> str:
        """Of the log-in `USERNAME`."""
        return self.places.secret(LOG_IN).read_text(encoding="ascii").strip()

    def add_phone(self, wa_id: str, **more: Any) -> str:
        """Somebody new with a phone; more: as in the personas file. Returns wa_id."""
        self.bench("POST", "/api/phones", {"wa_id": wa_id, **more})
        return wa_id

    def enrol(self, wa_id: str, *, username: str = USERNAME, name: str = OPERATOR_NAME) -> None:
        """A code from the product, sent from the phone, confirmed: as a person links a phone."""
        self.bench.say(wa_id, self.clerk("issue_code", username=username))
        self.until(lambda: self.clerk("confirm", username=username, name=name), what="the phone was not enrolled")

    def join(self, wa_id: str, *, name: str, supervises: bool = False) -> str:
        """One more operator: a log-in of their own, no administrator's, and the phone linked to it. Returns its name,
        `operator` and the phone's digits."""
        username = f"operator{wa_id}"
        self.clerk("create_login", username=username, password=self.password, name=name, is_admin=False)
        if supervises:
            self.clerk("supervise", username=username)
        self.enrol(wa_id, username=username, name=name)
        return username

    def screens_of(self, username: str) -> Screens:
        """The screens as this log-in sees them, in a browser of its own. Raises NotOnThePage if it is refused."""
        if username == USERNAME:
            return self.screens
        if username not in self._browsers:
            browser = Screens(self.places.web_port)
            browser.log_in(username, self.password)
            self._browsers[username] = browser
        return self._browsers[username]

    def take_in(self, kind: str, rows: Sequence[Mapping[str, str]]) -> int:
        """Import a file of `opportunities` or `consents`; how many were new. Raises ValueError for a bad row."""
        report = self.clerk(kind, text=as_csv(rows))
        if report["faults"]:
            raise ValueError(f"{kind}: {report['faults']}")
        return int(report["imported"])

    def command(self, *argv: str) -> subprocess.CompletedProcess[str]:
        """Run `wakeel argv…` in this household to its end; slow, see `clerk` for what is asked often."""
        command = [sys.executable, "-m", "wakeel.cli", *argv]
        return subprocess.run(command, env=dict(self.crew.environ), check=False, capture_output=True, text=True)  # noqa: S603

    def now(self) -> int:
        """Business time in Unix seconds."""
        return int(self.bench("GET", "/api/state?phone=")["clock"]["now"])

    def advance(self, seconds: int) -> None:
        """Business time goes on; nobody waits."""
        self.bench("POST", "/api/clock", {"advance_s": seconds})

    def until(self, look: Callable[[], T | None], *, what: str, within_s: float = PATIENCE_S) -> T:
        """The first true answer of `look`. Raises NotInTime."""
        ends = time.monotonic() + within_s
        while True:
            if found := look():
                return found
            if time.monotonic() > ends:
                raise NotInTime(f"{what} within {within_s:g} s\n{self.last_words()}")
            time.sleep(POLL_S)

    def until_quiet(self, *, within_s: float = PATIENCE_S) -> None:
        """Return when no webhook is under way or undecoded and nothing is about to leave to an operator."""
        self.until(self.is_quiet, what="it did not become quiet", within_s=within_s)

    def is_quiet(self) -> bool:
        if self.bench("GET", "/api/state?phone=")["webhook"]["waiting"]:
            return False
        return not any(counts(self.database, RECEIVED, LEAVING_TO_OPERATORS))

    def stands(self) -> bool:
        """True if every process runs and those with a port answer: another rehearsal may begin."""
        if set(self.crew.running) != set(self.crew.parts) or self.crew.fallen() or not self.clerk.is_there():
            return False
        ports = (self.places.web_port, self.places.ingest_port)
        return answers(self.places.simulator_port, UP_SIMULATOR) and all(answers(port, UP) for port in ports if port)

    def last_words(self, *, letters: int = 1500) -> str:
        """The end of every process's log."""
        logs = sorted(self.places.folder.glob("*.log"))
        return "".join(f"--- {path.name}\n{path.read_text(errors='replace')[-letters:]}" for path in logs)


@contextlib.contextmanager
def household(folder: Path, *, empty: Blank, wishes: Wishes = PLAIN) -> Iterator[Household]:
    """A household in this folder, everything running, the operator enrolled and logged in.

    empty: what `databases.blank` gave; its kind decides where the rows are. Raises DidNotStart, NotInTime.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    places = Places(folder, free_port(), free_port(), free_port() if wishes.ingest else None)
    make_secrets(places)
    if wishes.policy is not None:
        shutil.copy(wishes.policy, places.policy)
    with copied(empty, folder) as database:
        home = _home(places, database, wishes)
        try:
            home.crew.start(*home.crew.parts)
            home.clerk.wait_ready()
            _settle_in(home, wishes)
            yield home
        finally:
            home.crew.close()
            home.clerk.close()


def _home(places: Places, database: RehearsalDatabase, wishes: Wishes) -> Household:
    told = environment(places) | {"WAKEEL_LOG_LEVEL": "INFO", "DATABASE_URL": database.url} | dict(wishes.settings)
    if wishes.policy is None:
        del told["WAKEEL_POLICY_FILE"]
    crew = Crew(places.folder, cleaned(os.environ) | told)
    crew.parts.update(_parts(places, crew, wishes))
    # It makes the business while the others start; it is asked when all of them stand.
    clerk = ClerkLine(places.folder, crew.environ)
    return Household(places, database, crew, Bench(places.simulator_port), Screens(places.web_port), clerk)


def _parts(places: Places, crew: Crew, wishes: Wishes) -> dict[str, Part]:
    plain: dict[str, Sequence[str]] = {
        "simulator": _simulator(places, wishes),
        "web": ("-m", "wakeel.web.serve"),
        "worker": ("-m", "wakeel.worker.run"),
    }
    if places.ingest_port is not None:
        plain["ingest"] = ("-m", "wakeel.web.ingest")
    ports = {"simulator": places.simulator_port, "web": places.web_port, "ingest": places.ingest_port}
    paths = {"simulator": UP_SIMULATOR}

    def ready(name: str) -> Callable[[], bool]:
        port = ports.get(name)
        return _worker_ready(crew) if port is None else lambda: answers(port, paths.get(name, UP))

    return {name: Part(wishes.entry.get(name, argv), ready(name)) for name, argv in plain.items()}


def _simulator(places: Places, wishes: Wishes) -> list[str]:
    personas = ["--personas", str(wishes.personas)] if wishes.personas else []
    return ["-m", "wakeel.cli", "simulator", *simulator_arguments(places), *personas, *wishes.arguments]


def _worker_ready(crew: Crew) -> Callable[[], bool]:
    """It says so once a start: it is up when it has said it as often as it was started."""
    said = 0

    def look() -> bool:
        nonlocal said
        if crew.said("worker").count("worker ready") == said:
            return False
        said += 1
        return True

    return look


def _settle_in(home: Household, wishes: Wishes) -> None:
    home.clerk("create_login", username=USERNAME, password=home.password, name=OPERATOR_NAME, is_admin=True)
    home.clerk("approve_texts", by=USERNAME)
    home.screens.log_in(USERNAME, home.password)
    if OPERATOR not in {phone["wa_id"] for phone in home.bench.state()["phones"]}:
        home.add_phone(OPERATOR, role="operator", name=OPERATOR_NAME)
    if wishes.enrolled:
        home.enrol(OPERATOR)


def answers(port: int, path: str) -> bool:
    """True if an HTTP server of ours answers there with 200."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    return answer.status == http.client.OK


def as_csv(rows: Sequence[Mapping[str, str]]) -> str:
    """A file to import; the columns are those of the first row."""
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()
