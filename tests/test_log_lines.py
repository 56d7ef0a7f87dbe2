"""What a database error repeats of a row never reaches a log."""

import logging
import sys

import pytest

from wakeel.log_lines import LogLine

UNIQUE = (
    'duplicate key value violates unique constraint "contact_alias_current_once"\n'
    "DETAIL:  Key (business_id, value)=(biz_1, +966509722233) already exists.\n"
)
CHECK = (
    'new row for relation "opportunity" violates check constraint "opportunity_state"\n'
    "DETAIL:  Failing row contains (opp_1, +966509722233, مريم\nسطر ثانٍ, wrong).\n"
    "CONTEXT:  some function\n"
)


def refuse(message: str) -> None:
    raise RuntimeError(message)


def give_up(message: str) -> None:
    try:
        refuse(message)
    except RuntimeError as first:
        raise LookupError("what came of it") from first


def written(message: str, *, again: bool = False) -> str:
    try:
        (give_up if again else refuse)(message)
    except Exception:
        found = logging.LogRecord("wakeel", logging.ERROR, __file__, 1, "the loop failed", None, sys.exc_info())
    return LogLine("%(levelname)s %(message)s").format(found)


@pytest.mark.parametrize("message", [UNIQUE, CHECK])
@pytest.mark.parametrize("again", [False, True])
def test_the_row_is_left_out_and_the_rest_stays(message: str, again: bool):
    line = written(message, again=again)
    assert "966509722233" not in line
    assert "مريم" not in line
    assert "سطر ثانٍ" not in line
    assert message.splitlines()[0] in line
    assert line.startswith("ERROR the loop failed\nTraceback")
    assert ("what came of it" in line) is again


def test_the_products_logging_uses_it():
    from wakeel.settings import LOGGING

    assert LOGGING["formatters"]["line"]["class"] == "wakeel.log_lines.LogLine"
