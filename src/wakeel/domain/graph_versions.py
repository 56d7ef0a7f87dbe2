"""How long Meta answers a version of its Graph API. Source: reference WA 2.5, read 2026-11-22."""

from collections.abc import Mapping
from datetime import date, timedelta

from wakeel.domain.checkup import Check, Finding, Grade
from wakeel.domain.words import Text

USABLE_UNTIL: Mapping[str, date | None] = {
    "v20.0": date(2026, 9, 24),
    "v21.0": date(2027, 1, 21),
    "v22.0": date(2027, 5, 20),
    "v23.0": date(2027, 10, 8),
    "v24.0": date(2028, 2, 18),
    "v25.0": date(2028, 7, 29),
    "v26.0": None,
}
"""The last day of each version; None where Meta has not said it yet."""
NEWEST = "v26.0"
WARN_BEFORE = timedelta(days=90)

_FINE = Text("{version}، وموعد انتهائه {until}.", "{version}, answered until {until}.")
_NO_END = Text("{version}، ولم يُعلن موعد انتهائه.", "{version}, no end announced.")
_ENDS = Text("{version} ينتهي في {until}.", "{version} ends on {until}.")
_ENDED = Text("{version} انتهى في {until}، وقد لا يُجاب.", "{version} ended on {until}; it may not be answered.")
_UNKNOWN = Text("{version} غير معروف لهذا الإصدار من وكيل.", "{version} is not known to this version of Wakeel.")
_MOVE = Text(
    "اضبط WHATSAPP_GRAPH_VERSION={newest} بعد تجربته.", "Set WHATSAPP_GRAPH_VERSION={newest} once it was tried."
)
_LOOK = Text(
    "ابحث عن موعد انتهائه في سجل تغييرات Graph لدى ميتا.", "Look up in Meta's Graph API changelog when it ends."
)


def judge_version(version: str, *, today: date) -> Finding:
    """Whether Meta still answers `version` today, and for how long."""
    values = {"version": version, "newest": NEWEST}
    until = USABLE_UNTIL.get(version)
    if until is None:
        known = version in USABLE_UNTIL
        if known:
            return Finding(Check.VERSION, Grade.OK, _NO_END, values=values)
        old = _number(version) < min(map(_number, USABLE_UNTIL))
        return Finding(Check.VERSION, Grade.FAIL if old else Grade.WARN, _UNKNOWN, _MOVE if old else _LOOK, values)
    values["until"] = until.isoformat()
    if today > until:
        return Finding(Check.VERSION, Grade.FAIL, _ENDED, _MOVE, values)
    if until - today <= WARN_BEFORE:
        return Finding(Check.VERSION, Grade.WARN, _ENDS, _MOVE, values)
    return Finding(Check.VERSION, Grade.OK, _FINE, values=values)


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.removeprefix("v").split("."))
