"""What people see of the business. Source: Meta, "Business profiles", read 2026-11-22."""

from typing import Any

from wakeel.simulator.graph.calls import Answer, Call, Handler, Refused
from wakeel.simulator.graph.fields import names
from wakeel.simulator.graph.number import SUCCESS, TYPE
from wakeel.simulator.graph.refusals import needed, no_such_field, wrong
from wakeel.simulator.graph.uploads import UploadCalls
from wakeel.simulator.switchboard import Switchboard

Json = dict[str, Any]

LIMITS = {"about": 139, "address": 256, "description": 512, "email": 128}
"""Longest text of each."""
WEBSITES = 2
WEBSITE = 256
VERTICALS = frozenset(
    [
        "OTHER", "AUTO", "BEAUTY", "APPAREL", "EDU", "ENTERTAIN", "EVENT_PLAN", "FINANCE", "GROCERY", "GOVT", "HOTEL",
        "HEALTH", "NONPROFIT", "PROF_SERVICES", "RETAIL", "TRAVEL", "RESTAURANT", "ALCOHOL", "ONLINE_GAMBLING",
        "PHYSICAL_GAMBLING", "OTC_DRUGS", "MATRIMONY_SERVICE", "UNDEFINED", "NOT_A_BIZ",
    ]
)  # fmt: skip
FIELDS = frozenset([*LIMITS, "websites", "vertical", "profile_picture_url", "messaging_product", "id"])


class ProfileCalls:
    """Answers for `whatsapp_business_profile`."""

    def __init__(self, board: Switchboard, uploads: UploadCalls) -> None:
        self._board = board
        self._uploads = uploads

    def handlers(self) -> dict[tuple[str, str, str], Handler]:
        """Kind of object, edge and method to handler."""
        edge = "whatsapp_business_profile"
        return {("number", edge, "GET"): self.show, ("number", edge, "POST"): self.change}

    def show(self, call: Call) -> Answer:
        """The fields that were asked for, or all; what was never set is left out."""
        profile: Json = {"messaging_product": "whatsapp", "vertical": "UNDEFINED"} | self._board.account.profile
        wanted = names(call.query.get("fields", "")) or sorted(FIELDS)
        for name in wanted:
            if name not in FIELDS:
                raise Refused(no_such_field(name, TYPE))
        row = {name: profile[name] for name in [*wanted, "messaging_product"] if name in profile}
        return Answer(200, {"data": [row]})

    def change(self, call: Call) -> Answer:
        """Set what is given; all of it or nothing."""
        if call.text("messaging_product") != "whatsapp":
            raise Refused(needed("messaging_product"))
        fresh: Json = {}
        for name, limit in LIMITS.items():
            if name in call.params:
                fresh[name] = _short(call, name, limit)
        if "vertical" in call.params:
            fresh["vertical"] = call.text("vertical")
            if fresh["vertical"] not in VERTICALS:
                raise Refused(wrong("vertical", f"must be one of {{{', '.join(sorted(VERTICALS))}}}"))
        if "websites" in call.params:
            fresh["websites"] = _websites(call.params["websites"])
        if "profile_picture_handle" in call.params:
            fresh["profile_picture_url"] = self._uploads.picture_url(call.text("profile_picture_handle"))
        self._board.account.profile |= fresh
        return SUCCESS


def _short(call: Call, name: str, limit: int) -> str:
    text = call.text(name)
    if len(text) > limit or (name == "about" and not text):
        raise Refused(wrong(name, f"must be at most {limit} characters long."))
    return text


def _websites(given: Any) -> list[str]:
    sites = given if isinstance(given, list) else [given]
    if len(sites) > WEBSITES:
        raise Refused(wrong("websites", f"must have at most {WEBSITES} elements."))
    for site in sites:
        if not isinstance(site, str) or not site.startswith(("http://", "https://")) or len(site) > WEBSITE:
            raise Refused(wrong("websites", f"must be URLs of at most {WEBSITE} characters."))
    return sites
