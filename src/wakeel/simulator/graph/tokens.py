"""What an access token may do. Source: Meta, "Debug token" and "Permissions", read 2026-11-23."""

from wakeel.simulator.graph.calls import Answer, Call, Handler, Refused
from wakeel.simulator.graph.refusals import needed
from wakeel.simulator.graph.subscriptions import APP_ID
from wakeel.simulator.switchboard import Switchboard

SCOPES = ("whatsapp_business_management", "whatsapp_business_messaging", "public_profile")


class TokenCalls:
    """Answers for `debug_token`: every token is a system user's that never ends, until all of them expire."""

    def __init__(self, board: Switchboard) -> None:
        self._board = board

    def handlers(self) -> dict[tuple[str, str, str], Handler]:
        """Kind of object, edge and method to handler."""
        return {("token", "", "GET"): self.show}

    def show(self, call: Call) -> Answer:
        """What is known of `input_token`."""
        if not call.text("input_token"):
            raise Refused(needed("input_token"))
        waba_id = self._board.options.waba_id
        granular = [{"scope": scope, "target_ids": [waba_id]} for scope in SCOPES[:2]]
        data = {
            "app_id": APP_ID,
            "type": "SYSTEM_USER",
            "application": self._board.business_name,
            "data_access_expires_at": 0,
            "expires_at": 0,
            "is_valid": True,
            "issued_at": 1_767_603_600,
            "scopes": list(SCOPES),
            "granular_scopes": granular,
            "user_id": "122100000000000001",
        }
        return Answer(200, {"data": data})
