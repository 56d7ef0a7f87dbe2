"""A stage for every flow test: one business, one enrolled operator, one clock."""

from collections.abc import Callable, Iterator

import pytest

from tests import rows
from tests.flows.stage import Stage
from wakeel import clock, config


@pytest.fixture
def stage(db: None, monkeypatch: pytest.MonkeyPatch) -> Stage:
    firm = rows.firm()
    made = Stage(firm, rows.operator(firm))
    monkeypatch.setattr(clock, "real_now", lambda: made.now)
    return made


@pytest.fixture
def dry(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], None]]:
    """Call it to go dry: Meta's own host and the flag off."""

    def go() -> None:
        monkeypatch.setenv("WHATSAPP_GRAPH_URL", "https://graph.facebook.com")
        config.get.cache_clear()

    yield go
    monkeypatch.undo()
    config.get.cache_clear()
