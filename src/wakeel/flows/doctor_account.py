"""What `wakeel doctor` makes of Meta's answers about token, number, subscriptions and templates."""

from datetime import datetime

from wakeel.domain.checkup import Check, Finding, Grade
from wakeel.domain.checkup_account import (
    judge_number,
    judge_subscription,
    judge_templates,
    judge_token,
)
from wakeel.domain.checkup_refusals import REFUSALS
from wakeel.domain.words import Text
from wakeel.whatsapp.account_check import AccountChecked
from wakeel.whatsapp.listing import CannotRead


def judge_account(
    checked: AccountChecked | CannotRead | None, *, waba_id: str, ours: str, now: datetime
) -> list[Finding]:
    """The lines about what was read. checked: a refusal if nothing could be asked, None without a token.

    ours: as for `judge_subscription`.
    """
    if checked is None:
        return [Finding(Check.TOKEN, Grade.SKIPPED, _NO_TOKEN, _SET_TOKEN)]
    if isinstance(checked, CannotRead):
        return [_refused(Check.TOKEN, checked)]
    parts = (checked.token, checked.number, checked.apps, checked.templates)
    if isinstance(checked.token, CannotRead) and all(_is_same(checked.token, part) for part in parts):
        return [_refused(Check.TOKEN, checked.token)]
    return [*_token_and_number(checked, waba_id=waba_id, now=now), *_of_account(checked, waba_id=waba_id, ours=ours)]


def _token_and_number(checked: AccountChecked, *, waba_id: str, now: datetime) -> list[Finding]:
    token, number = checked.token, checked.number
    return [
        _refused(Check.TOKEN, token) if isinstance(token, CannotRead) else judge_token(token, waba_id=waba_id, now=now),
        *([_refused(Check.NUMBER, number)] if isinstance(number, CannotRead) else judge_number(number)),
    ]


def _of_account(checked: AccountChecked, *, waba_id: str, ours: str) -> list[Finding]:
    apps, templates = checked.apps, checked.templates
    app_id = "" if isinstance(checked.token, CannotRead) else checked.token.app_id
    callbacks = () if isinstance(checked.number, CannotRead) else checked.number.callbacks
    return [
        _refused(Check.SUBSCRIPTION, apps)
        if isinstance(apps, CannotRead)
        else judge_subscription(apps, app_id=app_id, callbacks=callbacks, ours=ours, waba_id=waba_id),
        _refused(Check.TEMPLATES, templates) if isinstance(templates, CannotRead) else judge_templates(templates),
    ]


def _is_same(first: CannotRead, part: object) -> bool:
    """One line is enough for what keeps Meta from telling anything."""
    return isinstance(part, CannotRead) and part.why == first.why


def _refused(check: Check, cannot: CannotRead) -> Finding:
    found = REFUSALS[cannot.why]
    values = {"about": cannot.object_id, "code": "—" if cannot.code is None else cannot.code}
    return Finding(check, Grade.FAIL, found.what, found.advice, values)


_NO_TOKEN = Text("لا رمز وصول: لم تُسأل ميتا عن شيء.", "There is no access token: Meta was asked nothing.")
_SET_TOKEN = Text(
    "اضبط WHATSAPP_ACCESS_TOKEN وWHATSAPP_WABA_ID وWHATSAPP_PHONE_NUMBER_ID.",
    "Set WHATSAPP_ACCESS_TOKEN, WHATSAPP_WABA_ID and WHATSAPP_PHONE_NUMBER_ID.",
)
