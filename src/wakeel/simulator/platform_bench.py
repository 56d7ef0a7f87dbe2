"""What Meta says of the account and its templates, said by hand: the bench's verbs for it.

    GET  /api/templates             every template as a listing has it
    POST /api/templates             {name, language?, event?, reason?, title?, quality?, category?, announced?}: make it
                                    if it is new, change it, and tell the product by the webhook of that change.
                                    announced: the category comes tomorrow
    POST /api/account               {event, restriction?, days?, ban_state?, at?}: one `account_update`
    POST /api/platform              {field, value, at?}: any other webhook of management, its value as given

`at`: Unix seconds that the webhook is dated, now without it.
"""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import Response

from wakeel.simulator import envelopes
from wakeel.simulator.bodies import EscapedJson
from wakeel.simulator.switchboard import Switchboard
from wakeel.simulator.templates import Template, is_word
from wakeel.simulator.wishes import Json, Mistake, given

DAY_S = 86_400


class PlatformBench:
    """Changes templates and account, and tells the product."""

    def __init__(self, board: Switchboard) -> None:
        self._board = board

    def posts(self) -> dict[str, Callable[[Request, Json], Awaitable[Json]]]:
        """Path to verb."""
        return {"/api/templates": self._template, "/api/account": self._account, "/api/platform": self._platform}

    async def list(self, _: Request) -> Response:
        return EscapedJson([template.row() for template in self._board.templates.rows])

    async def _template(self, _: Request, wish: Json) -> Json:
        name, language = given(wish, "name", str), given(wish, "language", str, default="ar")
        templates = self._board.templates
        template = templates.find(name, language) or templates.add(name, language)
        if event := given(wish, "event", str, default=""):
            self._happened(template, event, wish)
        if quality := given(wish, "quality", str, default=""):
            value = {"previous_quality_score": template.quality, "new_quality_score": quality}
            template.quality = quality
            self._tell("message_template_quality_update", template.named() | value, wish)
        if category := given(wish, "category", str, default=""):
            self._recategorise(template, category, wish)
        return template.row()

    def _happened(self, template: Template, event: str, wish: Json) -> None:
        if not is_word(event):
            raise Mistake("event must be one of Meta's words, such as PAUSED")
        reason, title = given(wish, "reason", str, default="NONE"), given(wish, "title", str, default="")
        value: Json = {"event": event} | template.named()
        value |= {"message_template_category": template.category, "reason": reason}
        if title:
            value["other_info"] = {"title": title, "description": "Set on the phones page."}
        if event == "DISABLED":
            value["disable_info"] = {"disable_date": str(int(self._board.clock.now()))}
        self._board.templates.happened(template, event, reason=reason)
        self._tell("message_template_status_update", value, wish)

    def _recategorise(self, template: Template, category: str, wish: Json) -> None:
        if given(wish, "announced", bool, default=False):
            template.correct_category = category
            value: Json = {"new_category": template.category, "correct_category": category}
            value |= {"category_update_timestamp": int(self._board.clock.now()) + DAY_S}
        else:
            value = {"previous_category": template.category, "new_category": category}
            template.category, template.correct_category = category, ""
        self._tell("template_category_update", template.named() | value, wish)

    async def _account(self, _: Request, wish: Json) -> Json:
        event = given(wish, "event", str)
        value: Json = {"event": event}
        if restriction := given(wish, "restriction", str, default=""):
            row: Json = {"restriction_type": restriction}
            if days := given(wish, "days", int, default=0):
                row["expiration"] = int(self._board.clock.now()) + days * DAY_S
            value["restriction_info"] = [row]
        if ban_state := given(wish, "ban_state", str, default=""):
            value["ban_info"] = {"waba_ban_state": ban_state, "waba_ban_date": _today(self._board.clock.now())}
        if event == "ACCOUNT_VIOLATION":
            value["violation_info"] = {"violation_type": "SPAM"}
        self._tell("account_update", value, wish)
        return value

    async def _platform(self, _: Request, wish: Json) -> Json:
        value: Json = given(wish, "value", dict)
        self._tell(given(wish, "field", str), value, wish)
        return value

    def _tell(self, field: str, value: Json, wish: Json) -> None:
        at = given(wish, "at", int, default=int(self._board.clock.now()))
        self._board.postman.post(envelopes.management(self._board.sender, field, value, at=at))
        self._board.bell.ring()


def _today(at: float) -> str:
    """As Meta writes the day of a ban."""
    return datetime.fromtimestamp(at, UTC).strftime("%B %d, %Y")
