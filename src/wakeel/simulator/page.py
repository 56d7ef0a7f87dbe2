"""The phones page: one document in two languages, its style and its script."""

import html
import json
import re
from pathlib import Path

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from wakeel.simulator.switchboard import Switchboard

FILES = Path(__file__).with_name("static")
DIRECTIONS = {"ar": "rtl", "en": "ltr"}
PLACE = re.compile(r"\{\{(\w+)\}\}")


class Page:
    """Fills the document with the words of one language. Raises KeyError when a word is missing."""

    def __init__(self, board: Switchboard) -> None:
        self._document = (FILES / "phones.html").read_text(encoding="utf-8")
        self._words: dict[str, dict[str, str]] = json.loads((FILES / "words.json").read_text(encoding="utf-8"))
        self._product_url = board.options.product_url

    def routes(self) -> list[BaseRoute]:
        """The page at / and its files."""
        return [
            Route("/", self.show, methods=["GET"]),
            Route("/favicon.ico", _no_icon, methods=["GET"]),
            Mount("/static", StaticFiles(directory=FILES)),
        ]

    async def show(self, request: Request) -> Response:
        """Arabic unless ?lang=en."""
        language = request.query_params.get("lang", "ar")
        if language not in DIRECTIONS:
            return RedirectResponse("/")
        return HTMLResponse(self.render(language))

    def render(self, language: str) -> str:
        """The document in a language; every word is escaped."""
        words = self._words[language] | {"lang": language, "dir": DIRECTIONS[language]}
        words |= {"product_url": self._product_url or "", "product_hidden": "" if self._product_url else "hidden"}
        return PLACE.sub(lambda place: html.escape(words[place[1]]), self._document)


async def _no_icon(_: Request) -> Response:
    return Response(status_code=204)
