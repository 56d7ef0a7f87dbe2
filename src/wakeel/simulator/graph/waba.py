"""The WhatsApp Business Account. Source: Meta, "WhatsApp Business Account" reference, read 2026-11-22."""

import hashlib
from typing import Any

from wakeel.simulator.account import health_word
from wakeel.simulator.graph.calls import Answer, Call, Handler
from wakeel.simulator.graph.fields import told
from wakeel.simulator.graph.subscriptions import subscribed_apps
from wakeel.simulator.rules.book import Standing
from wakeel.simulator.switchboard import Switchboard

Json = dict[str, Any]

TYPE = "WhatsAppBusinessAccount"
USUAL = ("id", "name", "timezone_id", "message_template_namespace")
CHANGED = frozenset({"is_enabled_for_insights", "disable_marketing_messages_on_cloud_api"})
"""What a business can set."""


class WabaCalls:
    """Answers for the account itself."""

    def __init__(self, board: Switchboard) -> None:
        self._board = board

    def handlers(self) -> dict[tuple[str, str, str], Handler]:
        """Kind of object, edge and method to handler."""
        return {("waba", "", "GET"): self.show, ("waba", "", "POST"): self.change}

    def show(self, call: Call) -> Answer:
        """The fields that were asked for."""
        return Answer(200, told(self._node(), call, type=TYPE, usual=USUAL))

    def change(self, call: Call) -> Answer:
        """Keep a setting; none of them changes anything else here."""
        kept = {name: call.flag(name, default=False) for name in call.params if name in CHANGED}
        settings = self._board.account.settings
        settings["waba"] = settings.get("waba", {}) | kept
        return Answer(200, {"id": self._board.options.waba_id})

    def _node(self) -> Json:
        board = self._board
        can_send = health_word(board.account, board.rules)
        locked = board.rules.account is Standing.LOCKED
        return {
            "id": board.options.waba_id,
            "name": board.business_name,
            "timezone_id": "0",
            "currency": "SAR",
            "country": "SA",
            "message_template_namespace": hashlib.sha256(board.options.waba_id.encode()).hexdigest()[:32],
            "account_review_status": "APPROVED",
            "business_verification_status": "not_verified",
            "ownership_type": "SELF",
            "status": "BANNED" if locked else "ACTIVE",
            "owner_business_info": {"id": "3" + board.options.waba_id[1:], "name": board.business_name},
            "on_behalf_of_business_info": None,
            "primary_funding_id": None,
            "health_status": {
                "can_send_message": can_send,
                "entities": [{"entity_type": "WABA", "id": board.options.waba_id, "can_send_message": can_send}],
            },
            "subscribed_apps": {"data": subscribed_apps(board)},
            "marketing_messages_lite_api_status": "ONBOARDED",
            "marketing_messages_onboarding_status": "ONBOARDED",
            "is_enabled_for_insights": False,
            "disable_marketing_messages_on_cloud_api": False,
        } | board.account.settings.get("waba", {})
