"""What Meta decides about templates, said by hand.

    GET  /api/templates             every template as a listing has it
    POST /api/templates             {name, language?, event?, reason?, title?, quality?, category?, announced?, at?}:
                                    make it if it is new (in review), change it, and tell the product by the webhook of
                                    that change. announced: the category comes tomorrow. A pause titled FIRST_PAUSE or
                                    SECOND_PAUSE ends by itself after 3 or 6 hours of business time
    POST /api/review                {seconds: number | null} -> {seconds}: how long a review takes from now on, in real
                                    seconds; null leaves every decision to this page

`at`: Unix seconds that the webhook is dated, now without it.
"""

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response

from wakeel.simulator.bodies import EscapedJson
from wakeel.simulator.switchboard import Switchboard
from wakeel.simulator.templates import is_word
from wakeel.simulator.wishes import Json, Mistake, given, number


class TemplateBench:
    """Changes templates, and tells the product."""

    def __init__(self, board: Switchboard) -> None:
        self._board = board

    def posts(self) -> dict[str, Callable[[Request, Json], Awaitable[Json]]]:
        """Path to verb."""
        return {"/api/templates": self._template, "/api/review": self._review}

    async def list(self, _: Request) -> Response:
        """Every template."""
        return EscapedJson([template.row() for template in self._board.templates.rows])

    async def _template(self, _: Request, wish: Json) -> Json:
        name, language = given(wish, "name", str), given(wish, "language", str, default="ar")
        event = given(wish, "event", str, default="")
        if event and not is_word(event):
            raise Mistake("event must be one of Meta's words, such as PAUSED")
        at = given(wish, "at", int, default=None)
        templates, news = self._board.templates, self._board.template_news
        template = templates.find(name, language) or templates.add(name, language)
        if event:
            reason, title = given(wish, "reason", str, default=""), given(wish, "title", str, default="")
            news.happened(template, event, reason=reason, title=title, at=at)
        if quality := given(wish, "quality", str, default=""):
            news.rated(template, quality, at=at)
        if category := given(wish, "category", str, default=""):
            announced = given(wish, "announced", bool, default=False)
            news.recategorised(template, category, announced=announced, at=at)
        return template.row()

    async def _review(self, _: Request, wish: Json) -> Json:
        seconds = number(wish, "seconds")
        if seconds is not None and seconds < 0:
            raise Mistake("seconds must be 0 or more, or null")
        self._board.review_s = seconds
        return {"seconds": seconds}
