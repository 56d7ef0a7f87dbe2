"""What was said while the tests ran, over all processes of a run: a sentence that nothing ever says is none.

An answer counts when a flow gives it, with values that it can be said with in both languages; a run of all tests on
SQLite that leaves one out fails. Any other sentence of the catalogue counts when code of the product puts it into words
(a test that reads out a table does not); of those the run tells which were never said. `tests/conftest.py` calls these.
"""

import os
import sys
from typing import Any

import pytest

ANSWERS: set[str] = set()
"""Codes of the answers that a flow gave in this process, or in one of its workers."""
WORDS: set[str] = set()
"""Names of the other sentences, as the catalogue names them."""
_heard: set[int] = set()
"""Ids of the texts; what a module holds stays where it is."""
_PRODUCT = f"{os.sep}src{os.sep}wakeel{os.sep}"
_KEY = "wakeel_said"


def listen() -> None:
    """From now on every answer that is given, and every text that is put into words, is noted."""
    from wakeel.domain.words import Text
    from wakeel.flows.reply import Reply

    make, say = Reply.__init__, Text.say
    seen: set[tuple[str, ...]] = set()

    def made(self: Reply, *args: Any, **fields: Any) -> None:
        make(self, *args, **fields)
        form = (self.code.value, *sorted(self.values))
        if form not in seen:
            seen.add(form)
            assert all(self.say(language) for language in ("ar", "en")), self.code
            ANSWERS.add(self.code.value)

    def said(self: Text, language: str, **values: object) -> str:
        if id(self) not in _heard and _PRODUCT in sys._getframe(1).f_code.co_filename:
            _heard.add(id(self))
        return say(self, language, **values)

    Reply.__init__ = made  # type: ignore[method-assign]
    Text.say = said  # type: ignore[method-assign]


def hand_over(config: Any) -> None:
    """A worker of xdist gives what it heard to the process that started it."""
    output = getattr(config, "workeroutput", None)
    if output is not None:
        output[_KEY] = [sorted(ANSWERS), sorted(_words_heard())]


def take_over(node: Any) -> None:
    """What one worker heard."""
    answers, words = getattr(node, "workeroutput", {}).get(_KEY, ([], []))
    ANSWERS.update(answers)
    WORDS.update(words)


def unsaid(session: pytest.Session) -> list[str]:
    """Answers that no test of a whole run ever caused; empty for every other run."""
    from wakeel.domain.answers import AnswerCode

    return sorted({code.value for code in AnswerCode} - ANSWERS) if _is_whole(session) else []


def silent(session: pytest.Session) -> list[str]:
    """Constants of whose words nothing was ever said in a whole run; a table counts as one."""
    from wakeel.flows.catalogue import sentences

    if not _is_whole(session):
        return []
    names = {one.name for one in sentences() if not one.name.startswith(("answer:", "card:"))}
    return sorted({_constant(name) for name in names} - {_constant(name) for name in WORDS | _words_heard()})


def _is_whole(session: pytest.Session) -> bool:
    config = session.config
    is_all = "tests" in {str(arg).rstrip("/") for arg in config.args} and not (
        config.option.keyword or config.option.markexpr or config.option.deselect or os.environ.get("WAKEEL_TEST_DB")
    )
    return is_all and not hasattr(config, "workerinput") and not session.testsfailed


def _constant(name: str) -> str:
    return ".".join(name.partition("[")[0].split(".")[:3])


def _words_heard() -> set[str]:
    from wakeel.flows.catalogue import sentences

    return {one.name for one in sentences() if id(one.text) in _heard}
