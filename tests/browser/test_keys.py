"""keys.js on a page of buttons that note who clicked them: no house, no server, only the keyboard."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

import wakeel

pytestmark = pytest.mark.browser

KEYS = Path(wakeel.__file__).parent / "web" / "static" / "web" / "keys.js"
PAGE = """
<nav class="nav"><a href="/failures/">F</a><a href="/help/">?</a></nav>
<ol class="rows"><li class="row current"><a href="#one">1</a></li><li class="row"><a href="#two">2</a></li></ol>
<button data-key="A">approve</button> <button data-key="Shift+X">cancel</button>
<details class="menu"><summary data-key="X">skip</summary><form><button data-key="1">why</button></form></details>
<input id="search" data-key="/">
<details class="rewrite" open><form><textarea data-leave="leave?">old</textarea>
<button name="approve" value="1" data-key="Ctrl+Enter">keep</button></form></details>
"""


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context()
    page = context.new_page()
    page.set_content(PAGE)
    page.add_script_tag(path=KEYS)
    page.evaluate(
        """() => { window.clicked = [];
        document.addEventListener("click", (event) => {
          if (event.target.matches("a, form button, body > button")) event.preventDefault();
          clicked.push(event.target.dataset.key ?? event.target.getAttribute("href"));
        }); }"""
    )
    yield page
    context.close()


Typed = Callable[..., list[str]]


@pytest.fixture
def typed(page: Page) -> Typed:
    """Press keys; what was clicked by them."""

    def typed(*keys: str) -> list[str]:
        page.evaluate("clicked.length = 0")
        for key in keys:
            page.keyboard.press(key)
        clicked: list[str] = page.evaluate("clicked")
        return clicked

    return typed


def on_arabic_layout(page: Page, letter: str, code: str) -> list[str]:
    event = f"new KeyboardEvent('keydown', {{key: '{letter}', code: '{code}', bubbles: true, cancelable: true}})"
    clicked: list[str] = page.evaluate(
        f"() => {{ clicked.length = 0; document.body.dispatchEvent({event}); return clicked; }}"
    )
    return clicked


def test_a_letter_clicks_its_button_in_either_layout_and_nothing_with_control_or_alt(page: Page, typed: Typed):
    assert typed("a") == ["A"]
    assert on_arabic_layout(page, "ش", "KeyA") == ["A"]
    assert typed("Control+a", "Alt+a", "Meta+a") == []
    assert typed("Shift+X") == ["Shift+X"]
    assert typed("g", "f") == ["/failures/"]
    assert typed("?") == ["/help/"]


def test_a_digit_chooses_only_in_the_menu_that_is_open(page: Page, typed: Typed):
    """What a closed menu holds has a place on the page; its first choice must not be taken by a stray digit."""
    assert typed("1") == []
    assert typed("x", "1") == ["X", "1"]
    assert typed("Escape", "1") == []
    assert page.evaluate("document.activeElement.dataset.key") == "X"


def test_nothing_is_decided_while_typing_and_what_was_typed_is_asked_about(page: Page, typed: Typed):
    assert typed("/") == []
    assert page.evaluate("document.activeElement.id") == "search"
    assert typed("a", "x", "1") == []
    page.locator("textarea").focus()
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    assert typed("a", "Escape") == []
    assert asked == ["leave?"]
    assert typed("Control+Enter") == ["Ctrl+Enter"]


def test_a_key_on_another_row_opens_that_row_and_decides_nothing(page: Page, typed: Typed):
    """What is decided is what stands open beside the list."""
    page.locator(".row a").nth(0).focus()
    assert typed("j") == []
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#two"
    assert typed("a") == ["#two"]
    assert typed("k", "a") == ["A"]
