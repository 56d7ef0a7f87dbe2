"""The bench's verbs for what Meta says of account, number and messages, and for what the business does elsewhere.

    POST /api/account               {event, restriction?, days?, remediation?, ban_state?, violation?, tier?, category?,
                                    region?, at?}: one `account_update`
    POST /api/news                  {event, …, at?}: news by a short name -> {field, value}
        number_quality              {what?: THROUGHPUT_UPGRADE | ONBOARDING | …, limit?: "TIER_2K"}
        number_name                 {name, decision?, reason?}
        capability                  {limit?: 2000 | "TIER_2K", numbers?}
        account_alert               {type?, severity?, status?, description?}
        account_review              {decision?}
        security                    {what?: PIN_CHANGED | PIN_RESET_REQUEST | …}
        business_username           {username?, status?: approved | reserved | deleted}
        flow                        {old?, new?}
    POST /api/platform              {field, value, at?}: any change at all, its value as given
    POST /api/errors                {code, details?}: an error of the number that belongs to no message
    POST /api/phones/{wa_id}/echo   {text, timestamp?}: somebody of the business wrote to this person in the WhatsApp
                                    Business app on the same number -> {wamid}
    POST /api/phones/{wa_id}/contact_book  {action?: add | remove}: that app's contact book changed
    POST /api/statuses              {wamid, status, code?, details?, timestamp?, to?, callback?}: one status by hand,
                                    also out of its turn; to: the wa_id of a phone, for a wamid that nobody knows

`at`, `timestamp`: Unix seconds that the webhook is dated, now without it.
"""

from collections.abc import Awaitable, Callable

from starlette.requests import Request

from wakeel.simulator import envelopes
from wakeel.simulator.news import account_update, news
from wakeel.simulator.switchboard import Switchboard
from wakeel.simulator.wishes import Json, Mistake, given, one_of, phone_of, timestamp, words
from wakeel.simulator.world import Direction, Message, Phone

STATUSES = ("sent", "delivered", "read", "failed", "played", "warning", "deleted", "held_for_quality_assessment")
SOMETHING_WRONG = 131000
ITEM_UNAVAILABLE = 131053
USUAL_CODE = {"failed": SOMETHING_WRONG, "warning": ITEM_UNAVAILABLE}
"""Of the statuses that carry an error."""


class NewsBench:
    """Tells the product what it could not know by itself."""

    def __init__(self, board: Switchboard) -> None:
        self._board = board

    def posts(self) -> dict[str, Callable[[Request, Json], Awaitable[Json]]]:
        """Path to verb."""
        return {
            "/api/account": self._account,
            "/api/news": self._news,
            "/api/platform": self._platform,
            "/api/errors": self._errors,
            "/api/phones/{wa_id}/echo": self._echo,
            "/api/phones/{wa_id}/contact_book": self._contact_book,
            "/api/statuses": self._status,
        }

    async def _account(self, _: Request, wish: Json) -> Json:
        value = account_update(wish, now=self._board.clock.now())
        self._tell("account_update", value, wish)
        return value

    async def _news(self, _: Request, wish: Json) -> Json:
        field, value = news(wish, display_phone=self._board.options.display_phone)
        self._tell(field, value, wish)
        return {"field": field, "value": value}

    async def _platform(self, _: Request, wish: Json) -> Json:
        value: Json = given(wish, "value", dict)
        self._tell(given(wish, "field", str), value, wish)
        return value

    async def _errors(self, _: Request, wish: Json) -> Json:
        error = envelopes.error(given(wish, "code", int), details=words(wish, "details"))
        self._board.postman.post(envelopes.account_errors(self._board.sender, [error]))
        self._board.bell.ring()
        return error

    async def _echo(self, request: Request, wish: Json) -> Json:
        board, text = self._board, given(wish, "text", str)
        phone = phone_of(request, board.world)
        message = board.own(phone, kind="text", text=text, context_wamid=None, at=timestamp(wish))
        message.direction, message.status = Direction.RECEIVED, "delivered"
        board.world.keep(phone, message)
        board.postman.post(envelopes.echo(board.sender, phone, message, {"type": "text", "text": {"body": text}}))
        board.bell.ring()
        return {"wamid": message.wamid}

    async def _contact_book(self, request: Request, wish: Json) -> Json:
        phone = phone_of(request, self._board.world)
        person = {"full_name": phone.persona.name, "first_name": phone.persona.name.split()[0]}
        person |= {} if phone.persona.hide_phone else {"phone_number": phone.wa_id}
        at = int(self._board.clock.now())
        row = {"type": "contact", "contact": person, "action": words(wish, "action", default="add")}
        row["metadata"] = {"timestamp": str(at)}
        self._board.postman.post(envelopes.app_state(self._board.sender, [row], at=at))
        self._board.bell.ring()
        return row

    async def _status(self, _: Request, wish: Json) -> Json:
        wamid, status = given(wish, "wamid", str), one_of(wish, "status", STATUSES)
        phone, message = self._told(wamid, wish)
        asked = given(wish, "code", int, default=None)
        code = (asked or USUAL_CODE[status]) if status in USUAL_CODE else None
        details, at = words(wish, "details"), timestamp(wish)
        self._board.teller.report(phone, message, status, code=code, details=details, at=at)
        return {"wamid": wamid, "status": status}

    def _told(self, wamid: str, wish: Json) -> tuple[Phone, Message]:
        """The message a status is for: one that lies on a phone, or one that never was, to the phone `to`."""
        held = self._board.world.holding(wamid)
        if held is not None and held[1].direction is Direction.RECEIVED:
            return held
        phone = self._board.world.phones.get(words(wish, "to"))
        if held is not None or phone is None:
            raise Mistake("no message of the business has this wamid", status=404)
        payload = {"biz_opaque_callback_data": echoed} if (echoed := words(wish, "callback")) else None
        message = Message(
            wamid, Direction.RECEIVED, self._board.clock.now(), "text", payload=payload, status="accepted"
        )
        message.by_bsuid = phone.persona.hide_phone
        return phone, message

    def _tell(self, field: str, value: Json, wish: Json) -> None:
        at = given(wish, "at", int, default=int(self._board.clock.now()))
        self._board.postman.post(envelopes.management(self._board.sender, field, value, at=at))
        self._board.bell.ring()
