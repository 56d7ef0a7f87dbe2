"""Which rules hold and how strictly. The defaults are those of a new business account.

Sources: whatsapp-cloud-api.md sections 5.1 and 5.3–5.6 and 6, read 2026-11-22; "invented" where Meta gives no number.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from typing import Any

TEST_NUMBERS = 5
"""Recipients of a test number. Source: Meta, "Get started", read 2026-11-22."""


class RuleMistake(Exception):
    """A rule was asked for in a way that makes no sense; the message names the field."""


class Standing(StrEnum):
    """How the account stands with Meta, and what every send is refused with."""

    ACTIVE = "active"
    RESTRICTED = "restricted"  # 368: for a violation of policy
    LOCKED = "locked"  # 131031
    UNPAID = "unpaid"  # 131042, as a failed status: no valid way to pay
    TOKEN_EXPIRED = "token_expired"  # noqa: S105  (190, on every call of the Graph API)


@dataclass(slots=True)
class Rules:
    """Every switch and every number.

    window: 131047 outside the customer service window. templates: 132000, 132001, 132007, 132012, 132015 and their kin.
    pair_rate: 131056, one message per `pair_every_s` to one person, with a burst of `pair_burst` on credit.
    throughput: 130429, `throughput_per_s` messages a second. messaging_limit: 131048 from the next person on, once
    `messaging_limit_people` were reached outside their window within 24 hours. pacing: beyond `pacing_after` sends a
    marketing template that is not green is held for `pacing_hold_s`, then released, or dropped (132015) if it is red.
    marketing_cap: 131049, `marketing_cap_per_day` marketing templates in 24 hours to a person who does not answer.
    opt_out: 131050 after the person stopped marketing. test_numbers: 131030 outside `test_number_list` (digits).
    account: see Standing. All times are business time.
    """

    window: bool = True
    templates: bool = True
    pair_rate: bool = True
    throughput: bool = True
    messaging_limit: bool = True
    pacing: bool = True
    marketing_cap: bool = True
    opt_out: bool = True
    test_numbers: bool = False
    pair_every_s: float = 6.0
    pair_burst: int = 45
    throughput_per_s: int = 80
    messaging_limit_people: int = 250
    pacing_after: int = 100  # invented: Meta's threshold is undisclosed
    pacing_hold_s: float = 1_800.0  # 99 % leave within about an hour
    marketing_cap_per_day: int = 2  # invented: Meta's cap adapts and is undisclosed
    test_number_list: tuple[str, ...] = ()
    account: Standing = Standing.ACTIVE

    def change(self, wish: Mapping[str, Any]) -> None:
        """Replace the fields that are given, keep the others. Raises RuleMistake and then changes nothing."""
        fresh = {name: _checked(name, value) for name, value in wish.items()}
        for name, value in fresh.items():
            setattr(self, name, value)

    def row(self) -> dict[str, Any]:
        """As the bench shows them."""
        return asdict(self) | {"test_number_list": list(self.test_number_list)}


def wish_of(words: Iterable[str]) -> dict[str, Any]:
    """The wish of the command line: NAME=on, off, a number, a word or numbers with commas. Raises RuleMistake."""
    wish = {}
    for word in words:
        name, separator, value = word.partition("=")
        if not separator:
            raise RuleMistake(f"{word} must be NAME=VALUE, such as pair_rate=off")
        wish[name] = _value(name, value)
    Rules().change(wish)
    return wish


def _value(name: str, text: str) -> Any:
    if text in {"on", "off"}:
        return text == "on"
    if name == "test_number_list":
        return [each for each in text.split(",") if each]
    try:
        return json.loads(text)
    except ValueError:
        return text


SWITCHES = tuple(field.name for field in fields(Rules) if field.type == "bool" or field.type is bool)
_WHOLE = {"pair_burst": 1, "throughput_per_s": 1, "messaging_limit_people": 0, "pacing_after": 0}
_WHOLE |= {"marketing_cap_per_day": 0}
_SECONDS = {"pair_every_s", "pacing_hold_s"}


def _checked(name: str, value: object) -> Any:
    if name in SWITCHES:
        if not isinstance(value, bool):
            raise RuleMistake(f"{name} must be true or false")
        return value
    if name in _WHOLE:
        if not isinstance(value, int) or isinstance(value, bool) or value < _WHOLE[name]:
            raise RuleMistake(f"{name} must be a whole number from {_WHOLE[name]} up")
        return value
    if name in _SECONDS:
        if not isinstance(value, int | float) or isinstance(value, bool) or value < 0:
            raise RuleMistake(f"{name} must be seconds from 0 up")
        return float(value)
    if name == "test_number_list":
        return _numbers(value)
    if name == "account":
        return _account(value)
    raise RuleMistake(f"unknown rule {name}; there are {', '.join(field.name for field in fields(Rules))}")


def _numbers(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise RuleMistake("test_number_list must be a list of phone numbers")
    digits = tuple(each.strip().removeprefix("+") for each in value)
    if len(digits) > TEST_NUMBERS or not all(each.isascii() and each.isdigit() for each in digits):
        raise RuleMistake(f"test_number_list must hold at most {TEST_NUMBERS} numbers, digits only")
    return digits


def _account(value: object) -> Standing:
    try:
        return Standing(str(value))
    except ValueError:
        raise RuleMistake(f"account must be one of {', '.join(Standing)}") from None
