"""What a household's clerk can do; needs Django. Each verb is one flow, as the console script or a screen calls it."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.models import User

from wakeel import clock, config
from wakeel.domain.fixed_texts import Intent
from wakeel.domain.ids import BusinessId
from wakeel.domain.roles import Role
from wakeel.flows import fixed_text
from wakeel.flows.enrol_operator import CannotEnrol, confirm, issue_code
from wakeel.flows.import_consents import import_consents
from wakeel.flows.import_opportunities import import_opportunities
from wakeel.flows.may_contact import ask
from wakeel.flows.people_of_business import set_roles
from wakeel.flows.phone_numbers import BadNumber
from wakeel.flows.set_up import BadLogin, create_login, ensure_business

REFUSALS = (CannotEnrol, BadLogin, BadNumber)


class ClerkHere:
    """The clerk of a process that has Django set up itself."""

    def __init__(self) -> None:
        self._verbs = verbs()

    def __call__(self, verb: str, **given: Any) -> Any:
        """The answer of one verb. Raises what the product raises."""
        return self._verbs[verb](**given)

    def wait_ready(self) -> None:
        return

    def is_there(self) -> bool:
        return True

    def close(self) -> None:
        return


def verbs() -> dict[str, Callable[..., Any]]:
    """By name; makes the business on first use."""
    business_id = ensure_business(config.get())
    return {
        "create_login": lambda username, password, name, is_admin: create_login(
            business_id, username, password, name=name, is_admin=is_admin
        ),
        "supervise": lambda username: _supervise(business_id, username),
        "approve_texts": lambda by, intents=None: _approve(business_id, by=by, intents=intents),
        "issue_code": lambda username: issue_code(_account(username)).code,
        "confirm": lambda username, name: _confirm(username, name=name),
        "opportunities": lambda text: _import(import_opportunities, business_id, text),
        "consents": lambda text: _import(import_consents, business_id, text),
        "may_contact": lambda who, purpose=None: ask(business_id, who, now=clock.now(), purpose=purpose).as_document(),
    }


def _supervise(business_id: BusinessId, username: str) -> None:
    account = _account(username)
    set_roles(business_id, account, {Role.OPERATOR, Role.SUPERVISOR}, by=username, by_user_id=account, now=clock.now())


def _approve(business_id: BusinessId, *, by: str, intents: list[str] | None) -> None:
    for intent in Intent if intents is None else [Intent(name) for name in intents]:
        fixed_text.approve(business_id, intent, by=by, now=clock.now())


def _account(username: str) -> int:
    return int(User.objects.values_list("pk", flat=True).get(username=username))


def _confirm(username: str, *, name: str) -> bool:
    """False while the code is still on its way through webhook, inbox and worker."""
    try:
        confirm(_account(username), name=name, now=clock.now())
    except CannotEnrol:
        return False
    return True


def _import(run: Callable[..., Any], business_id: BusinessId, text: str) -> dict[str, Any]:
    """As `wakeel import-…` without --accept-valid: one bad row, and nothing is imported."""
    report = run(business_id, text.encode(), accept_valid=False, now=clock.now())
    faults = [{"line": one.line, "column": one.column, "reason": one.reason.en} for one in report.faults]
    return {"imported": report.imported, "faults": faults}
