"""Debian's Chromium on the real processes; the console must stay empty."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.house import PASSWORD, USERNAME, House, open_house


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A short undo grace: a person watches here, nobody turns the clock."""
    with open_house(tmp_path_factory.mktemp("house"), WAKEEL_UNDO_SECONDS="1") as house:
        yield house


@pytest.fixture
def open_page(chromium: Browser) -> Iterator[Callable[..., Page]]:
    """A page in a browser of its own; at the end nothing may have been complained about."""
    contexts: list[Any] = []
    complaints: list[str] = []

    def one(url: str, **options: Any) -> Page:
        defaults = {"locale": "ar", "timezone_id": "Asia/Riyadh", "viewport": {"width": 1280, "height": 860}}
        context = chromium.new_context(**{**defaults, **options})
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda said: complaints.append(said.text) if said.type in {"error", "warning"} else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("response", lambda answer: complaints.append(answer.url) if answer.status >= 400 else None)
        page.goto(url)
        return page

    yield one
    for context in contexts:
        context.close()
    assert complaints == []


def sign_in(page: Page) -> None:
    """Log in as the operator and wait for the queue."""
    page.locator("input[name=username]").fill(USERNAME)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("input[name=password]").press("Enter")
    page.locator("nav").first.wait_for()
