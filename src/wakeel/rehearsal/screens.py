"""The operator's screens as a browser without scripts sees them: pages, forms, buttons, cookies."""

import html
import http.client
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlencode, urlsplit

ANSWERS_WITHIN_S = 15.0
REDIRECTS = 5
PROOF = "/prove/"
"""Where the product asks once more who sits there."""


class NotOnThePage(Exception):
    """A page has no such form or button; the message lists what it has."""


@dataclass(frozen=True, slots=True)
class Button:
    """One button of a form. words: what stands on it; name, value: what it adds to the form, '' if nothing."""

    words: str
    name: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """One form of a page with the fields it would send. What only a script could fill in is not there."""

    action: str
    fields: dict[str, str]
    buttons: tuple[Button, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """One answer after redirects. url: path of the last request. raw: the HTML; text: the same without entities."""

    status: int
    url: str
    raw: str
    text: str
    forms: tuple[Form, ...]

    def form(self, action: str, **fields: str) -> Form:
        """The first form that posts to a path ending in `action` and has these fields. Raises NotOnThePage."""
        for form in self.forms:
            if form.action.endswith(action) and fields.items() <= form.fields.items():
                return form
        raise NotOnThePage(
            f"{self.url} ({self.status}) has no form {action} {fields}: {[form.action for form in self.forms]}"
        )

    def button(self, words: str, *, action: str = "") -> tuple[Form, Button]:
        """The first button with these words, and its form; action: how the form's path ends. Raises NotOnThePage."""
        pairs = [(form, button) for form in self.forms for button in form.buttons if form.action.endswith(action)]
        for form, button in pairs:
            if button.words == words:
                return form, button
        there = ", ".join(dict.fromkeys(button.words for _, button in pairs))
        raise NotOnThePage(f"{self.url} ({self.status}) has no button «{words}»: {there}")


class _Forms(HTMLParser):
    def __init__(self, url: str) -> None:
        super().__init__()
        self.url = url
        self.forms: list[Form] = []
        self._inside = False
        self._button: tuple[str, str] | None = None
        self._in_key = False
        self._words: list[str] = []
        self._area = self._choice = ""
        self._buttons: list[list[Button]] = []

    def found(self) -> tuple[Form, ...]:
        pairs = zip(self.forms, self._buttons, strict=True)
        return tuple(Form(form.action, form.fields, tuple(buttons)) for form, buttons in pairs)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "kbd":
            self._in_key = True
        elif tag == "form":
            self._inside = True
            self.forms.append(Form(given.get("action") or self.url, {}))
            self._buttons.append([])
        elif self._inside:
            self._control(tag, given)

    def _control(self, tag: str, given: dict[str, str]) -> None:
        name = given.get("name", "")
        match tag:
            case "button":
                self._button, self._words = (name, given.get("value", "")), []
            case "input" if given.get("type") in {"checkbox", "radio"}:
                if name and "checked" in given:
                    self.forms[-1].fields[name] = given.get("value", "on")
            case "input" if name:
                self.forms[-1].fields[name] = given.get("value", "")
            case "textarea" if name:
                self._area, self.forms[-1].fields[name] = name, ""
            case "select":
                self._choice = name
            case "option" if self._choice and ("selected" in given or self._choice not in self.forms[-1].fields):
                self.forms[-1].fields[self._choice] = given.get("value", "")

    def handle_data(self, data: str) -> None:
        if self._button is not None:
            # The key that presses it stands on it, but is not its name.
            self._words += [] if self._in_key else [data]
        elif self._area:
            self.forms[-1].fields[self._area] += data

    def handle_endtag(self, tag: str) -> None:
        match tag:
            case "kbd":
                self._in_key = False
            case "form":
                self._inside = False
            case "button" if self._button is not None:
                words = " ".join("".join(self._words).split())
                self._buttons[-1].append(Button(words, *self._button))
                self._button = None
            case "textarea":
                self._area = ""
            case "select":
                self._choice = ""


def forms_in(raw: str, *, url: str) -> tuple[Form, ...]:
    """The forms of a page or of a piece of one. url: of the page, for a form that posts to where it stands."""
    found = _Forms(url)
    found.feed(raw)
    return found.found()


@dataclass(slots=True)
class Screens:
    """One browser. port: of the web process. One thread at a time."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, path: str) -> Page:
        """A page, wherever it redirects to. Raises OSError or http.client.HTTPException while nobody answers."""
        return self._ask("GET", path, None)

    def send(self, form: Form, **filled: str) -> Page:
        """Post a form with what a person filled in. password: typed when the product asks for it before it goes on."""
        page = self._ask("POST", form.action, {**form.fields, **filled})
        if page.url.startswith(PROOF) and "password" in filled and not form.action.startswith(PROOF):
            return self._prove(page, filled["password"], action=form.action)
        return page

    def _prove(self, page: Page, password: str, *, action: str) -> Page:
        """What was sent, sent again after the proof. Raises NotOnThePage if the password is refused."""
        [asked] = [form for form in page.forms if "password" in form.fields]
        return self.send(self.send(asked, password=password).form(action))

    def press(self, page: Page, words: str, *, action: str = "", **filled: str) -> Page:
        """Press the button with these words, its form filled in. Raises NotOnThePage."""
        form, button = page.button(words, action=action)
        return self.send(form, **({button.name: button.value} if button.name else {}), **filled)

    def log_in(self, username: str, password: str) -> None:
        """Raises NotOnThePage if the log-in is refused."""
        page = self.send(self.get("/login/").form("/login/"), username=username, password=password)
        if page.url == "/login/":
            raise NotOnThePage(f"{username} was not let in")

    def _ask(self, method: str, path: str, fields: dict[str, str] | None) -> Page:
        for _ in range(REDIRECTS):
            status, headers, text = self._once(method, path, fields)
            if status not in {301, 302, 303}:
                return Page(status, path, text, html.unescape(text), forms_in(text, url=path))
            parts = urlsplit(headers["Location"])
            method, path, fields = "GET", parts.path + (f"?{parts.query}" if parts.query else ""), None
        raise NotOnThePage(f"{path} goes round in circles")

    def _once(self, method: str, path: str, fields: dict[str, str] | None) -> tuple[int, http.client.HTTPMessage, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=ANSWERS_WITHIN_S)
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if fields is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            connection.request(method, path, body=urlencode(fields) if fields is not None else None, headers=headers)
            answer = connection.getresponse()
            for cookie in answer.headers.get_all("Set-Cookie") or []:
                name, _, value = cookie.split(";")[0].partition("=")
                self.cookies[name] = value
            return answer.status, answer.headers, answer.read().decode()
        finally:
            connection.close()
