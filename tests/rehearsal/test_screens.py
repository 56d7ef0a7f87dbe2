"""A page as a browser without scripts would post it: what is filled in, what is chosen, which button is pressed."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

import pytest

from wakeel.rehearsal.screens import NotOnThePage, Screens

PAGE = """<form method="post" action="/stop/"><input type="hidden" name="key" value="k1">
<input type="checkbox" name="sure" value="yes" checked><input type="checkbox" name="all" value="yes">
<select name="why"><option value="a">A</option><option value="b" selected>B</option></select>
<textarea name="note">شكرًا &amp; أهلًا</textarea>
<button name="scope" value="all"> نعم،
  أوقف الكل </button><button>لا</button></form>"""


class Product(BaseHTTPRequestHandler):
    posted: dict[str, list[str]]

    def do_GET(self) -> None:
        self._answer(200, PAGE)

    def do_POST(self) -> None:
        type(self).posted = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        self.send_response(302)
        self.send_header("Location", "/done/?n=1")
        self.send_header("Set-Cookie", "seen=1; Path=/")
        self.end_headers()

    def _answer(self, status: int, text: str) -> None:
        self.send_response(status)
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def screens() -> Iterator[Screens]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Product)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield Screens(server.server_port)
    server.shutdown()


def test_a_pressed_button_posts_its_form_as_a_browser_would(screens: Screens):
    page = screens.press(screens.get("/"), "نعم، أوقف الكل", note="انتهى")
    assert Product.posted == {"key": ["k1"], "sure": ["yes"], "why": ["b"], "note": ["انتهى"], "scope": ["all"]}
    assert (page.status, page.url) == (200, "/done/?n=1")
    assert screens.cookies == {"seen": "1"}


def test_a_form_is_found_by_its_path_and_fields_and_keeps_what_was_typed(screens: Screens):
    form = screens.get("/").form("/stop/", why="b")
    assert form.fields["note"] == "شكرًا & أهلًا"


def test_a_button_that_is_not_there_is_told_with_those_that_are(screens: Screens):
    with pytest.raises(NotOnThePage, match="لا"):
        screens.press(screens.get("/"), "احذف")
