"""The operator's screens as a browser without scripts sees them: pages, forms, cookies."""

import html
import http.client
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlencode, urlsplit


@dataclass(frozen=True)
class Form:
    """One form of a page with the fields it would send."""

    action: str
    fields: dict[str, str]


@dataclass(frozen=True)
class Page:
    """One answer after redirects. url: path of the last request. raw: the HTML; text: the same without entities."""

    status: int
    url: str
    raw: str
    text: str
    forms: tuple[Form, ...]

    def form(self, action: str, **fields: str) -> Form:
        """The form that posts to a path ending in `action` and has these fields."""
        for form in self.forms:
            if form.action.endswith(action) and fields.items() <= form.fields.items():
                return form
        raise AssertionError(
            f"{self.url} ({self.status}) has no form {action} {fields}: {[f.action for f in self.forms]}"
        )


class _Forms(HTMLParser):
    def __init__(self, url: str) -> None:
        super().__init__()
        self.url = url
        self.forms: list[Form] = []
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form":
            self._inside = True
            self.forms.append(Form(given.get("action") or self.url, {}))
        elif self._inside and tag in {"input", "textarea"} and given.get("name"):
            self.forms[-1].fields[given["name"] or ""] = given.get("value") or ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False


@dataclass
class Screens:
    """One browser. port: of the web process."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, path: str) -> Page:
        return self._ask("GET", path, None)

    def send(self, form: Form, **filled: str) -> Page:
        """Post a form with what a person filled in."""
        return self._ask("POST", form.action, {**form.fields, **filled})

    def log_in(self, username: str, password: str) -> None:
        page = self.send(self.get("/login/").form("/login/"), username=username, password=password)
        assert page.url != "/login/", page.text

    def _ask(self, method: str, path: str, fields: dict[str, str] | None) -> Page:
        for _ in range(5):
            status, headers, text = self._once(method, path, fields)
            if status not in {301, 302, 303}:
                found = _Forms(path)
                found.feed(text)
                return Page(status, path, text, html.unescape(text), tuple(found.forms))
            parts = urlsplit(headers["Location"])
            method, path, fields = "GET", parts.path + (f"?{parts.query}" if parts.query else ""), None
        raise AssertionError(f"{path} goes round in circles")

    def _once(self, method: str, path: str, fields: dict[str, str] | None) -> tuple[int, http.client.HTTPMessage, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=15)
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
