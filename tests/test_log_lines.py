"""What a database error repeats of a row, and a request of a link or a search, never reaches a log."""

import logging
import sys

import pytest

from wakeel.log_lines import CutPaths, LogLine

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
    assert LOGGING["filters"]["paths"]["()"] == "wakeel.log_lines.CutPaths"
    assert LOGGING["handlers"]["stderr"]["filters"] == ["paths"]


@pytest.mark.parametrize("name", ["django.request", "django.security.csrf", "django.server"])
@pytest.mark.parametrize(
    ("path", "left"),
    [
        ("/invitation/tok_SECRET/", "/invitation/***"),
        ("/invitation/a SECRET\n/b?x=SECRET", "/invitation/***"),
        ("/m/SECRET?next=SECRET", "/m/***"),
        ("/contacts/?q=SECRET 0501234567", "/contacts/"),
        ("/contacts/con_1/", "/contacts/con_1/"),
    ],
)
def test_a_link_that_opens_something_and_a_search_are_cut_from_a_logged_path(name: str, path: str, left: str):
    record = logging.LogRecord(name, logging.WARNING, __file__, 1, "%s: %s", ("Not Found", path), None)
    assert CutPaths().filter(record)
    assert LogLine("%(message)s").format(record) == f"Not Found: {left}"


def test_our_own_lines_stay_as_they_are():
    record = logging.LogRecord("wakeel.worker", logging.INFO, __file__, 1, "GET /m/x?y took %d s", (3,), None)
    assert CutPaths().filter(record)
    assert record.getMessage() == "GET /m/x?y took 3 s"
