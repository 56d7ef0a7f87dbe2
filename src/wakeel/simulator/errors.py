"""Meta's error bodies. Source: Meta, "Error codes", read 2026-11-22; HTTP statuses as seen in the wild."""

from dataclasses import dataclass
from typing import Any

from wakeel.simulator.ids import new_trace_id

TITLES = {
    0: "AuthException",
    1: "API Unknown",
    2: "API Service",
    3: "API Method",
    4: "API Too Many Calls",
    10: "Permission Denied",
    100: "Invalid parameter",
    190: "Access token has expired",
    368: "Temporarily blocked for policies violations",
    80007: "Rate limit issues",
    130403: "User is blocked",
    130429: "Rate limit hit",
    130472: "User's number is part of an experiment",
    130497: "Business account is restricted from messaging users in this country.",
    131000: "Something went wrong",
    131005: "Access denied",
    131008: "Required parameter is missing",
    131009: "Parameter value is not valid",
    131016: "Service unavailable",
    131021: "Recipient cannot be sender",
    131026: "Message undeliverable",
    131030: "Recipient phone number not in allowed list",
    131031: "Account has been locked",
    131037: "WhatsApp provided number needs display name approval before message can be sent.",
    131042: "Business eligibility payment issue",
    131045: "Incorrect certificate",
    131047: "Re-engagement message",
    131048: "Spam rate limit hit",
    131049: "This message was not delivered to maintain healthy ecosystem engagement.",
    131050: "User has stopped receiving marketing messages from this business",
    131051: "Unsupported message type",
    131052: "Media download error",
    131053: "Media upload error",
    131055: "Method not allowed",
    131056: "Pair rate limit hit",
    131057: "Account in maintenance mode",
    131062: "Business-scoped user id is not supported for this message",
    131063: "Marketing templates are disabled on Cloud API",
    131064: "Account has reached a limit after template category misuse",
    131215: "Groups are not available",
    132000: "Number of parameters does not match the expected number of params",
    132001: "Template name does not exist in the translation",
    132005: "Translated text too long",
    132007: "Template format character policy violated",
    132008: "Parameter value does not match",
    132012: "Parameter format does not match format in the created template",
    132015: "Template is paused",
    132016: "Template is disabled",
    132018: "There's an issue with the parameters in your template",
    132068: "Flow is in blocked state",
    132069: "Flow is in throttled state",
    133004: "Server temporarily unavailable",
    133010: "Phone number not registered",
    134100: "Only marketing messages are supported",
    135000: "Generic user error",
    137000: "Recipient identity key hash mismatch",
    139200: "Direct Send access is blocked",
}

HTTP_STATUS = {
    0: 401,
    2: 503,
    10: 403,
    190: 401,
    368: 403,
    130429: 429,
    131000: 500,
    131005: 403,
    131016: 503,
    131031: 403,
    131045: 500,
    131057: 500,
    132001: 404,
    133004: 503,
}
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
    """A parameter has the wrong shape or a name Meta does not know; Graph says so in the message as well."""
    return MetaError(100, details, message=f"(#100) {details}")


def required(name: str) -> MetaError:
    """A parameter of the request itself is not there: Graph stops before WhatsApp looks at the message."""
    return malformed(f"The parameter {name} is required.")


NO_GROUPS = MetaError(131215, "This business phone number has no groups; this stand-in does not play them.")
"""An answer of the groups API, which is not played. Source: pywa 4.5, errors."""

NO_DIRECT_SEND = MetaError(100, "Direct Send is not enabled for this WhatsApp Business Account.")
"""A `category` outside a template asks for it. Source: Meta, "Direct Send API reference", read 2026-11-22."""


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
