"""Newest database or a copy: what the database and the file beside it say together."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wakeel.domain.runs import DOUBTFUL, WHAT_HAPPENED, WHAT_TO_DO, Mark, RunFile, RunFinding, judge

NO_FILE, GARBAGE = RunFile(is_there=False), RunFile(is_there=True)


def file(number: int, database: str = "a") -> RunFile:
    return RunFile(is_there=True, mark=Mark(database, number))


@pytest.mark.parametrize(
    ("kept", "found", "finding"),
    [
        (None, NO_FILE, RunFinding.FIRST),
        (None, file(9), RunFinding.BEHIND),
        (None, GARBAGE, RunFinding.UNREADABLE),
        (Mark("a", 5), file(5), RunFinding.SAME),
        (Mark("a", 6), file(5), RunFinding.SAME),
        (Mark("a", 4), file(5), RunFinding.BEHIND),
        (Mark("a", 4), NO_FILE, RunFinding.MISSING),
        (Mark("a", 4), GARBAGE, RunFinding.UNREADABLE),
        (Mark("a", 4), file(5, "b"), RunFinding.OTHER),
    ],
)
def test_what_a_start_finds(kept: Mark | None, found: RunFile, finding: RunFinding):
    assert judge(kept, found, has_messages=True, has_company=False) is finding


def test_an_empty_database_is_a_first_start_whatever_lies_in_its_folder():
    """Nothing can be sent twice from it; a test or a demo that begins anew is left alone."""
    for found in (NO_FILE, GARBAGE, file(9)):
        assert judge(None, found, has_messages=False, has_company=False) is RunFinding.FIRST


@settings(max_examples=60)
@given(st.integers(1, 9), st.sampled_from([NO_FILE, GARBAGE, file(3), file(12), file(3, "b")]))
def test_company_excuses_a_missing_file_and_never_a_newer_one(number: int, found: RunFile):
    """A further host has no file yet; but a file that has seen more than the database is proof."""
    finding = judge(Mark("a", number), found, has_messages=True, has_company=True)
    is_newer = found.mark is not None and found.mark.database == "a" and found.mark.number > number
    assert (finding in DOUBTFUL) is is_newer


def test_every_doubt_is_told_with_what_to_do():
    assert set(WHAT_HAPPENED) == set(WHAT_TO_DO) == DOUBTFUL | {RunFinding.UNWRITABLE}
