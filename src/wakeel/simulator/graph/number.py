"""The sending number: its fields, its name, its registration. Sources: Meta, "Business phone numbers",
"Register", "Two-step verification", "WhatsApp Business Account to number current status", read 2026-11-22.
"""

import re
from typing import Any

from wakeel.simulator.account import health_word, limit_word, status_word, throughput_word
from wakeel.simulator.errors import MetaError
from wakeel.simulator.graph.calls import Answer, Call, Handler, Refused
from wakeel.simulator.graph.fields import told
from wakeel.simulator.graph.overrides import checked_callback
from wakeel.simulator.graph.paging import page
from wakeel.simulator.graph.refusals import needed, wrong
from wakeel.simulator.ids import country_code
from wakeel.simulator.switchboard import Switchboard

Json = dict[str, Any]

TYPE = "WhatsAppBusinessPhoneNumber"
USUAL = (
    "verified_name",
    "code_verification_status",
    "display_phone_number",
    "quality_rating",
    "platform_type",
    "throughput",
    "webhook_configuration",
    "id",
)
"""What is told when nobody asks for more."""
SUCCESS = Answer(200, {"success": True})
_PIN = re.compile(r"[0-9]{6}", re.ASCII)
_NAME_LIMIT = 512


class NumberCalls:
    """Answers for the number itself."""

    def __init__(self, board: Switchboard) -> None:
        self._board = board

    def handlers(self) -> dict[tuple[str, str, str], Handler]:
        """Kind of object, edge and method to handler."""
        return {
            ("number", "", "GET"): self.show,
            ("number", "", "POST"): self.change,
            ("number", "register", "POST"): self.register,
            ("number", "deregister", "POST"): self.deregister,
            ("number", "request_code", "POST"): self.verified_already,
            ("number", "verify_code", "POST"): self.verified_already,
            ("number", "settings", "GET"): self.settings,
            ("number", "settings", "POST"): self.change_settings,
            ("waba", "phone_numbers", "GET"): self.of_account,
        }

    def show(self, call: Call) -> Answer:
        """The fields that were asked for."""
        return Answer(200, told(number_node(self._board), call, type=TYPE, usual=USUAL))

    def of_account(self, call: Call) -> Answer:
        """The one number of the account, as a listing."""
        row = told(number_node(self._board), call, type=TYPE, usual=USUAL)
        return Answer(200, page([(row["id"], row)], call.query, address=call.address))

    async def change(self, call: Call) -> Answer:
        """Another display name, a PIN, or another address for webhooks."""
        account = self._board.account
        if "webhook_configuration" in call.params:
            account.number_callback = await checked_callback(call.params["webhook_configuration"])
            self._board.follow_account()
        if "new_display_name" in call.params:
            name = call.text("new_display_name").strip()
            if not 0 < len(name) <= _NAME_LIMIT:
                raise Refused(wrong("new_display_name", f"must have 1 to {_NAME_LIMIT} characters."))
            account.new_name = name
        if "pin" in call.params:
            account.pin = _pin(call)
        return SUCCESS

    def register(self, call: Call) -> Answer:
        """Put the number on the Cloud API; once two-step verification is on, only with its PIN."""
        if call.text("messaging_product") != "whatsapp":
            raise Refused(needed("messaging_product"))
        account, pin = self._board.account, _pin(call)
        if account.pin and account.pin != pin:
            raise Refused(MetaError(133005, "The PIN does not match the one of two-step verification."))
        account.pin, account.registered = pin, True
        return SUCCESS

    def deregister(self, _: Call) -> Answer:
        """Take the number off: nothing can be sent until it is registered again."""
        self._board.account.registered = False
        return SUCCESS

    def verified_already(self, _: Call) -> Answer:
        """The practice number is verified; Graph says so with 136024."""
        raise Refused(MetaError(136024, "The phone number is verified already."))

    def settings(self, call: Call) -> Answer:
        """What was set, and the storage."""
        usual: Json = {"calling": {"status": "DISABLED"}, "storage_configuration": {"status": "DEFAULT"}}
        node = usual | self._board.account.settings.get("number", {})
        node |= {"id": self._board.options.phone_number_id}
        return Answer(200, {k: v for k, v in told(node, call, type=TYPE, usual=node).items() if k != "id"})

    def change_settings(self, call: Call) -> Answer:
        """Keep what was given; it changes nothing else here."""
        settings = self._board.account.settings
        settings["number"] = settings.get("number", {}) | call.params
        return SUCCESS


def number_node(board: Switchboard) -> Json:
    """Every field of the number; None where Graph leaves it out."""
    account, rules, options = board.account, board.rules, board.options
    dial, can_send = country_code(options.display_phone), health_word(account, rules)
    callback = {"application": options.webhook_url}
    callback |= {"whatsapp_business_account": account.account_callback} if account.account_callback else {}
    callback |= {"phone_number": account.number_callback} if account.number_callback else {}
    return {
        "id": options.phone_number_id,
        "display_phone_number": options.display_phone,
        "verified_name": account.verified_name or board.business_name,
        "quality_rating": account.quality,
        "quality_score": {"score": account.quality},
        "status": status_word(account, rules),
        "name_status": account.name_status,
        "new_display_name": account.new_name or None,
        "new_name_status": "PENDING_REVIEW" if account.new_name else "NONE",
        "code_verification_status": "VERIFIED",
        "account_mode": "SANDBOX" if rules.test_numbers else "LIVE",
        "platform_type": "CLOUD_API",
        "throughput": {"level": throughput_word(rules)},
        "whatsapp_business_manager_messaging_limit": limit_word(rules),
        "messaging_limit_tier": limit_word(rules),
        "is_official_business_account": False,
        "is_on_biz_app": False,
        "is_pin_enabled": bool(account.pin),
        "is_preverified_number": False,
        "search_visibility": "NON_VISIBLE",
        "eligibility_for_api_business_global_search": "NON_ELIGIBLE_UNDEFINED_COUNTRY",
        "country_dial_code": dial,
        "webhook_configuration": callback,
        "last_onboarded_time": "2026-01-05T09:00:00+0000",
        "health_status": {
            "can_send_message": can_send,
            "entities": [
                {"entity_type": "PHONE_NUMBER", "id": options.phone_number_id, "can_send_message": can_send},
                {"entity_type": "WABA", "id": options.waba_id, "can_send_message": can_send},
            ],
        },
        "certificate": None,
        "new_certificate": None,
        "conversational_automation": None,
        "country_code": None,
        "username": None,
    }


def _pin(call: Call) -> str:
    pin = call.text("pin")
    if not pin:
        raise Refused(needed("pin"))
    if not _PIN.fullmatch(pin):
        raise Refused(wrong("pin", "must be 6 digits."))
    return pin
