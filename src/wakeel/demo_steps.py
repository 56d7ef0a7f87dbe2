"""What the demo does with the product itself, each step in a process of its own: `prepare` before the start, `welcome`
after it. The console script sets Django up and calls them.

Both can be repeated: a second `make demo` goes on where the first one stopped.
"""

import json
import os
import time
import tomllib
import urllib.request
from collections.abc import Callable
from functools import partial
from pathlib import Path

from django.contrib.auth.models import User

from wakeel import clock, config
from wakeel.domain.fixed_texts import Intent
from wakeel.domain.ids import BusinessId
from wakeel.flows import fixed_text
from wakeel.flows.enrol_operator import CannotEnrol, confirm, issue_code
from wakeel.flows.import_consents import import_consents
from wakeel.flows.import_opportunities import import_opportunities
from wakeel.flows.set_up import DatabaseTooOld, create_login, ensure_business, migrate
from wakeel.store import inbox, operators

USERNAME = "operator"
IMPORTED = "imported"
PATIENCE_S = 30.0
POLL_S = 0.3


class StepFailed(Exception):
    """The demo cannot go on; the message says at what."""


def prepare() -> None:
    """Database, business, samples and log-in; before anything runs, so that no first message finds nobody at home."""
    settings = config.get()
    try:
        migrate(verbosity=0)
    except DatabaseTooOld as too_old:
        raise StepFailed(str(too_old)) from None
    business_id = ensure_business(settings)
    create_login(USERNAME, _password(), name=_operator()["name"], is_admin=True)
    for intent in Intent:
        fixed_text.approve(business_id, intent, by=USERNAME, now=clock.now())
    done = settings.data_dir / IMPORTED
    if not done.exists():
        _import_samples(business_id)
        done.touch()


def _import_samples(business_id: BusinessId) -> None:
    for run, name in ((import_opportunities, "opportunities.csv"), (import_consents, "consents.csv")):
        report = run(business_id, (_examples() / name).read_bytes(), accept_valid=False, now=clock.now())
        if report.faults:
            first = report.faults[0]
            raise StepFailed(f"{name}, line {first.line}, column {first.column}: {first.reason.en}")


def welcome() -> str:
    """Once both servers answer: enrol the operator's phone as a person would; returns where everything is."""
    settings = config.get()
    web = f"http://127.0.0.1:{settings.port}"
    phones = settings.simulator_url or ""
    for url in (f"{web}/healthz", f"{phones}/api/state"):
        _until(partial(_answers, url), what=f"{url} did not answer")
    _until(partial(_all_read, phones), what="the personas' first messages were not read")
    _enrol(phones)
    _post(f"{phones}/api/scenario", {})  # what is recorded begins with whoever looks at the phones
    return f"""
  Wakeel, practice mode: nothing leaves this machine.

  phones    {phones}/
  screens   {web}/
  log in    {USERNAME}  {_password()}
  health    {web}/health/   (for machines: {web}/healthz, {web}/readyz)

  Ctrl-C stops everything; the next `make demo` goes on from here.
"""


def _enrol(phones: str) -> None:
    """A code from the product, sent from the phone, confirmed; nothing if this account's phone is enrolled already.

    A day later the phone's window is closed: the cards wait for the person's own first word, as they would for real.
    """
    if operators.active(ensure_business(config.get())):
        return
    phone = _operator()
    user_id = User.objects.get(username=USERNAME).pk
    _post(f"{phones}/api/phones/{phone['wa_id']}/text", {"text": issue_code(user_id).code})

    def confirmed() -> bool:
        try:
            confirm(user_id, name=phone["name"], now=clock.now())
        except CannotEnrol:
            return False  # the code is still on its way through webhook, inbox and worker
        return True

    _until(confirmed, what="the operator's phone could not be enrolled")


def _all_read(phones: str) -> bool:
    """True once everything the personas wrote is decoded: the first cards tell open windows from closed ones."""
    with _direct.open(f"{phones}/api/state", timeout=5) as answer:
        undelivered: int = json.load(answer)["webhook"]["waiting"]
    return undelivered == 0 and not inbox.waiting(real_now=clock.real_now(), limit=1)


def _until(true: Callable[[], bool], *, what: str) -> None:
    end = time.monotonic() + PATIENCE_S
    while not true():
        if time.monotonic() > end:
            raise StepFailed(f"{what} within {PATIENCE_S:.0f} s: see the lines above")
        time.sleep(POLL_S)


def _answers(url: str) -> bool:
    try:
        with _direct.open(url, timeout=2):
            return True
    except OSError:
        return False


def _post(url: str, body: dict[str, str]) -> None:
    request = urllib.request.Request(url, json.dumps(body).encode(), {"Content-Type": "application/json"})  # noqa: S310
    with _direct.open(request, timeout=5):
        pass


# Proxies of the environment are for the network; these two servers are on this machine.
_direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def _operator() -> dict[str, str]:
    """The first persona that decides."""
    personas = tomllib.loads((_examples() / "personas.toml").read_text(encoding="utf-8"))
    return next(phone for phone in personas["phones"] if phone.get("role") == "operator")


def _examples() -> Path:
    return Path(os.environ["WAKEEL_DEMO_EXAMPLES"])


def _password() -> str:
    return Path(os.environ["WAKEEL_PASSWORD_FILE"]).read_text(encoding="ascii").strip()
