"""Which answers were said while the tests ran, over all processes of a run: a sentence that nothing ever says is none.

`tests/conftest.py` calls these. Only a run of all tests on SQLite can know; on every other run nothing is demanded.
"""

import os
from typing import Any

import pytest

SAID: set[str] = set()
"""Codes of the answers that were put into words in this process, or in one of its workers."""
NOT_CAUSED_YET = frozenset({
    "already_theirs", "approved_dry", "brief_off", "cannot_merge", "identity_confirmed", "meeting_cancelled",
    "meeting_closed", "meeting_no_time", "meeting_not_removed", "meeting_retried", "merged_before", "no_choices",
    "no_number_to_move", "no_such_contact", "no_taking_back", "not_merged", "nothing_to_lift", "number_taken",
    "remind_for_reply", "stop_stands", "suppressed_before", "template_gone", "time_zone_cleared",
})  # fmt: skip
"""Answers that no test causes in its own process; a flow gives each (`tests/flows/test_catalogue.py`). It only gets
shorter: a new answer comes with the test that causes it."""
_KEY = "wakeel_said"


def listen() -> None:
    """From now on every reply that is put into words is noted."""
    from wakeel.flows.reply import Reply

    say = Reply.say

    def heard(self: Reply, language: str) -> str:
        SAID.add(self.code.value)
        return say(self, language)

    Reply.say = heard  # type: ignore[method-assign]


def hand_over(config: Any) -> None:
    """A worker of xdist gives what it heard to the process that started it."""
    output = getattr(config, "workeroutput", None)
    if output is not None:
        output[_KEY] = sorted(SAID)


def take_over(node: Any) -> None:
    """What one worker heard."""
    SAID.update(getattr(node, "workeroutput", {}).get(_KEY, []))


def unsaid(session: pytest.Session) -> list[str]:
    """Answers that no test of a whole run ever caused; empty for every other run."""
    config = session.config
    is_whole = "tests" in {str(arg).rstrip("/") for arg in config.args} and not (
        config.option.keyword or config.option.markexpr or config.option.deselect or os.environ.get("WAKEEL_TEST_DB")
    )
    if not is_whole or hasattr(config, "workerinput") or session.testsfailed:
        return []
    from wakeel.domain.answers import AnswerCode

    return sorted({code.value for code in AnswerCode} - SAID - NOT_CAUSED_YET)
