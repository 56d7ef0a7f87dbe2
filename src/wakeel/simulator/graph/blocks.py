"""People the business does not want to hear from. Source: Meta, "Block users", read 2026-11-23."""

from typing import Any

from wakeel.simulator.errors import MetaError, title
from wakeel.simulator.graph.calls import Answer, Call, Handler, Refused
from wakeel.simulator.graph.paging import page
from wakeel.simulator.graph.refusals import needed, wrong
from wakeel.simulator.switchboard import Recipient, Switchboard
from wakeel.simulator.world import Phone

Json = dict[str, Any]

MOST = 1_000
"""People of one call."""
PARENT = ".ENT."
"""Stands in the ids of people that several portfolios share; they cannot be blocked by it."""


class BlockCalls:
    """Answers for `block_users`."""

    def __init__(self, board: Switchboard) -> None:
        self._board = board

    def handlers(self) -> dict[tuple[str, str, str], Handler]:
        """Kind of object, edge and method to handler."""
        return {
            ("number", "block_users", "GET"): self.show,
            ("number", "block_users", "POST"): self.block,
            ("number", "block_users", "DELETE"): self.unblock,
        }

    def show(self, call: Call) -> Answer:
        """Who is blocked, a page at a time."""
        blocked = [phone for phone in self._board.world.phones.values() if phone.blocked]
        rows = [(phone.bsuid, {"messaging_product": "whatsapp"} | _address(phone)) for phone in blocked]
        return Answer(200, page(rows, call.query, address=call.address))

    def block(self, call: Call) -> Answer:
        """Each person by themselves: only who wrote in the last 24 hours can be blocked."""
        return self._each(call, blocked=True)

    def unblock(self, call: Call) -> Answer:
        """Let people write again."""
        return self._each(call, blocked=False)

    def _each(self, call: Call, *, blocked: bool) -> Answer:
        done: list[Json] = []
        failed: list[Json] = []
        for asked in _people(call):
            row: Json = {"input": asked.get("user") or asked["user_id"]}
            recipient = self._recipient(asked)
            error = self._objection(asked, recipient, blocked=blocked)
            if error is None and recipient.phone is not None:
                recipient.phone.blocked = blocked
                row |= {"wa_id": recipient.wa_id} if recipient.wa_id else {"user_id": recipient.bsuid}
                done.append(row)
            elif error is not None:
                wrong_with = {"message": title(error.code), "code": error.code}
                failed.append(row | {"errors": [wrong_with | {"error_data": {"details": error.details}}]})
        body: Json = {"messaging_product": "whatsapp", "block_users": {}}
        body["block_users"] |= {"added_users" if blocked else "removed_users": done} if done else {}
        if not failed:
            return Answer(200, body)
        body["block_users"]["failed_users"] = failed
        details = "Failed to block some users, see the block_users response list for details"
        return Answer(400, body | MetaError(139100, details).body())

    def _recipient(self, asked: Json) -> Recipient:
        """The phone number wins when both are given."""
        return self._board.recipient({"to": asked["user"]} if "user" in asked else {"recipient": asked["user_id"]})

    def _objection(self, asked: Json, recipient: Recipient, *, blocked: bool) -> MetaError | None:
        if recipient.wa_id == self._board.options.display_phone:
            return MetaError(131021, "The business cannot block itself.")
        if PARENT in asked.get("user_id", "") and "user" not in asked:
            return MetaError(131062, "A parent business-scoped user id cannot be used here.")
        phone = recipient.phone
        if phone is None or (blocked and not phone.blocked and not phone.window_is_open(now=self._board.clock.now())):
            return MetaError(131047, "User has not messaged in the last 24 hours")
        return None


def _people(call: Call) -> list[Json]:
    """Whom the call names. Raises Refused."""
    if call.text("messaging_product") != "whatsapp":
        raise Refused(needed("messaging_product"))
    people = call.params.get("block_users")
    if not isinstance(people, list) or not people:
        raise Refused(needed("block_users"))
    if len(people) > MOST:
        raise Refused(MetaError(130429, f"At most {MOST} users can be named in one request."))
    for asked in people:
        if not isinstance(asked, dict) or not (asked.keys() & {"user", "user_id"}):
            raise Refused(needed("block_users[].user"))
        if not all(isinstance(asked.get(name, ""), str) for name in ("user", "user_id")):
            raise Refused(wrong("block_users[].user", "must be a string."))
    return people


def _address(phone: Phone) -> Json:
    return {"user_id": phone.bsuid} if phone.persona.hide_phone else {"wa_id": phone.wa_id}
