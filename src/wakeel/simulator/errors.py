"""Meta's error bodies. Source: Meta, "Error codes", read 2026-11-22; HTTP statuses as seen in the wild."""

from dataclasses import dataclass
from typing import Any

from wakeel.simulator.ids import new_trace_id

TITLES = {
    100: "Invalid parameter",
    130429: "Rate limit hit",
    131000: "Something went wrong",
    131008: "Required parameter is missing",
    131009: "Parameter value is not valid",
    131021: "Recipient cannot be sender",
    131026: "Message undeliverable",
    131047: "Re-engagement message",
    131048: "Spam rate limit hit",
    131049: "This message was not delivered to maintain healthy ecosystem engagement.",
    131056: "Pair rate limit hit",
    132001: "Template name does not exist in the translation",
}

HTTP_STATUS = {2: 503, 190: 401, 368: 403, 130429: 429, 131000: 500, 131031: 403, 132001: 404}
"""Where it is not 400. Meta: branch on the code, the HTTP status is informative only."""

DETAILS_131047 = "More than 24 hours have passed since the recipient last wrote to this number."


@dataclass(frozen=True, slots=True)
class MetaError:
    """A refusal as Meta words it. details: for `error_data.details`; subcode: Graph-level errors only."""

    code: int
    details: str
    type: str = "OAuthException"
    subcode: int | None = None
    message: str | None = None

    @property
    def http_status(self) -> int:
        """The HTTP status this code usually comes with."""
        return HTTP_STATUS.get(self.code, 400)

    def body(self) -> dict[str, Any]:
        """The whole answer."""
        error: dict[str, Any] = {"message": self.message or f"(#{self.code}) {title(self.code)}"}
        error |= {"type": self.type, "code": self.code}
        if self.subcode is not None:
            error["error_subcode"] = self.subcode
        error["error_data"] = {"messaging_product": "whatsapp", "details": self.details}
        return {"error": error | {"fbtrace_id": new_trace_id()}}


def title(code: int) -> str:
    """The short text of a code; a neutral one for codes this stand-in has no text for."""
    return TITLES.get(code, f"Error {code}")


def missing(name: str) -> MetaError:
    """A required parameter is not there."""
    return MetaError(131008, f"The parameter {name} is required.")


def invalid(details: str) -> MetaError:
    """A parameter is there, its value breaks a rule."""
    return MetaError(131009, details)


def malformed(details: str) -> MetaError:
    """A parameter has the wrong shape or a name Meta does not know."""
    return MetaError(100, details)


NO_TOKEN = MetaError(
    190, "An access token is required to request this resource.", message="Invalid OAuth access token - cannot be read"
)
"""A token is missing or empty. Source: Graph API error handling, read 2026-11-22."""


def no_such_object(object_id: str) -> MetaError:
    """The sending number is not ours: Graph answers 100 with subcode 33."""
    return MetaError(
        100,
        "The business phone number does not exist or was removed.",
        type="GraphMethodException",
        subcode=33,
        message=f"Unsupported post request. Object with ID '{object_id}' does not exist or cannot be loaded",
    )
