"""What the demo does with the product itself, each step in a process of its own: `prepare` before the start, `welcome`
after it. The console script sets Django up and calls them.

Both can be repeated: a second `make demo` goes on where the first one stopped.
"""

import os
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from wakeel import clock, config
from wakeel.config import Config
from wakeel.domain.fixed_texts import Intent
from wakeel.flows import fixed_text
from wakeel.flows.set_up import DatabaseTooOld, create_login, ensure_business, migrate
from wakeel.rehearsal import opening
from wakeel.rehearsal.bench import Bench
from wakeel.rehearsal.clerk_verbs import REFUSALS, ClerkHere
from wakeel.rehearsal.crew import Crew
from wakeel.rehearsal.databases import SQLITE_FILE, RehearsalDatabase
from wakeel.rehearsal.household import OPERATOR_NAME, UP, UP_SIMULATOR, USERNAME, Household, answers
from wakeel.rehearsal.places import Places
from wakeel.rehearsal.run import BROKEN
from wakeel.rehearsal.screens import Screens
from wakeel.rehearsal.stage import Unmet
from wakeel.store import operators

PATIENCE_S = 30.0
POLL_S = 0.3


class StepFailed(Exception):
    """The demo cannot go on; the message says at what."""


def prepare() -> None:
    """Database, business and log-in; before anything runs, so that no first message finds nobody at home."""
    settings = config.get()
    try:
        migrate(verbosity=0)
    except DatabaseTooOld as too_old:
        raise StepFailed(str(too_old)) from None
    business_id = ensure_business(settings)
    create_login(business_id, USERNAME, _password(), name=OPERATOR_NAME, is_admin=True)
    for intent in Intent:
        fixed_text.approve(business_id, intent, by=USERNAME, now=clock.now())


def welcome() -> str:
    """Once both servers answer: play the scenario of the demo; returns where everything is.

    A day later the phones' windows are closed: whoever writes first does so again, and the operator's cards wait for
    the person's own first word, as they would for real.
    """
    settings = config.get()
    home = _household(settings)
    for port, path in ((home.places.web_port, UP), (home.places.simulator_port, UP_SIMULATOR)):
        _until(partial(answers, port, path), what=f"http://127.0.0.1:{port} did not answer")
    if operators.active(ensure_business(settings)):
        home.bench("POST", "/api/opening", {})
    else:
        _open(home)
    home.bench("POST", "/api/scenario", {})  # what is recorded begins with whoever looks at the phones
    # By name, not by number: passkeys belong to a name.
    web, phones = (f"http://localhost:{port}" for port in (home.places.web_port, home.places.simulator_port))
    return f"""
  Wakeel, practice mode: nothing leaves this machine.

  phones    {phones}/
  screens   {web}/
  log in    {USERNAME}  {_password()}
  health    {web}/health/   (for machines: {web}/healthz, {web}/readyz)

  Ctrl-C stops everything; the next `make demo` goes on from here.
"""


def _open(home: Household) -> None:
    try:
        home.screens.log_in(USERNAME, _password())
        opening.as_the_demo(home, Path(os.environ["WAKEEL_DEMO_EXAMPLES"]))
    except Unmet as unmet:
        seen = "\n".join(unmet.seen)
        raise StepFailed(f"the demo could not begin, missing: {unmet.expected.en}\n{seen}") from None
    except (*BROKEN, *REFUSALS, ValueError) as broken:
        raise StepFailed(f"the demo could not begin: {broken}") from None


def _household(settings: Config) -> Household:
    """What runs already under the demo's supervisor; its processes are not ours to start or kill."""
    folder, simulator_port = settings.data_dir, urlsplit(settings.simulator_url or "").port or 0
    places = Places(folder, settings.port, simulator_port)
    path = folder / SQLITE_FILE
    return Household(
        places, RehearsalDatabase(f"sqlite:///{path}", path), Crew(folder, os.environ), Bench(simulator_port),
        Screens(places.web_port), ClerkHere(),
    )  # fmt: skip


def _until(true: Callable[[], bool], *, what: str) -> None:
    end = time.monotonic() + PATIENCE_S
    while not true():
        if time.monotonic() > end:
            raise StepFailed(f"{what} within {PATIENCE_S:.0f} s: see the lines above")
        time.sleep(POLL_S)


def _password() -> str:
    return Path(os.environ["WAKEEL_PASSWORD_FILE"]).read_text(encoding="ascii").strip()
