"""Which app hears of the account, and where. Source: Meta, "Webhook overrides", read 2026-11-22."""

from typing import Any

from wakeel.simulator.graph.calls import Answer, Call, Handler
from wakeel.simulator.graph.number import SUCCESS
from wakeel.simulator.graph.overrides import checked_callback
from wakeel.simulator.switchboard import Switchboard

Json = dict[str, Any]

APP_ID = "1500000000000004"


class SubscriptionCalls:
    """Answers for `subscribed_apps`: there is one app, whose webhook the simulator was started with."""

    def __init__(self, board: Switchboard) -> None:
        self._board = board

    def handlers(self) -> dict[tuple[str, str, str], Handler]:
        """Kind of object, edge and method to handler."""
        return {
            ("waba", "subscribed_apps", "GET"): self.show,
            ("waba", "subscribed_apps", "POST"): self.subscribe,
            ("waba", "subscribed_apps", "DELETE"): self.unsubscribe,
        }

    def show(self, _: Call) -> Answer:
        """The app, with its other address if it has one; nothing after it was unsubscribed."""
        return Answer(200, {"data": subscribed_apps(self._board)})

    async def subscribe(self, call: Call) -> Answer:
        """Subscribe the app; an address is checked first, and none takes an earlier one away."""
        account = self._board.account
        account.account_callback = await checked_callback(call.params)
        account.subscribed = True
        self._board.follow_account()
        return SUCCESS

    def unsubscribe(self, _: Call) -> Answer:
        """From now on no webhook is made."""
        self._board.account.subscribed = False
        self._board.follow_account()
        return SUCCESS


def subscribed_apps(board: Switchboard) -> list[Json]:
    """As a listing has them."""
    if not board.account.subscribed:
        return []
    app = {"id": APP_ID, "name": board.business_name, "link": f"https://www.facebook.com/games/?app_id={APP_ID}"}
    callback = board.account.account_callback
    override = {"override_callback_uri": callback} if callback else {}
    return [{"whatsapp_business_api_data": app} | override]
