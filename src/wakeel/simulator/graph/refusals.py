"""How Graph itself refuses, before or beside the messages: wrong paths, ids, fields, parameters.

Sources: Meta, "Graph API: handle errors", and answers of the live API as developers quoted them, read 2026-11-23.
"""

from dataclasses import dataclass
from typing import Any, Protocol

from wakeel.simulator.ids import new_trace_id

NO_SUCH_ALIAS = 803
UNKNOWN_PATH = 2500
INVALID = 100
_READ_MORE = "Please read the Graph API documentation at https://developers.facebook.com/docs/graph-api"


class Refusal(Protocol):
    """What can be answered instead of what was asked for."""

    @property
    def http_status(self) -> int:
        """The HTTP status it comes with."""

    def body(self) -> dict[str, Any]:
        """The whole answer."""


@dataclass(frozen=True, slots=True)
class GraphError:
    """A refusal without `error_data`. title and advice: what a person may be shown, '' for none."""

    code: int
    message: str
    type: str = "OAuthException"
    subcode: int | None = None
    title: str = ""
    advice: str = ""
    http_status: int = 400

    def body(self) -> dict[str, Any]:
        """The whole answer."""
        error: dict[str, Any] = {"message": self.message, "type": self.type, "code": self.code}
        if self.subcode is not None:
            error["error_subcode"] = self.subcode
        if self.title:
            error |= {"is_transient": False, "error_user_title": self.title, "error_user_msg": self.advice}
        return {"error": error | {"fbtrace_id": new_trace_id()}}


def no_such_object(method: str, object_id: str) -> GraphError:
    """The id names nothing that this token could see, or nothing that knows this method."""
    if method == "GET" and not object_id.isdecimal():
        message = f"(#{NO_SUCH_ALIAS}) Some of the aliases you requested do not exist: {object_id}"
        return GraphError(NO_SUCH_ALIAS, message, http_status=404)
    message = (
        f"Unsupported {method.lower()} request. Object with ID '{object_id}' does not exist, cannot be loaded due to "
        f"missing permissions, or does not support this operation. {_READ_MORE}"
    )
    return GraphError(INVALID, message, type="GraphMethodException", subcode=33)


def unknown_path(*parts: str) -> GraphError:
    """The path leads nowhere, whatever the method."""
    return GraphError(UNKNOWN_PATH, f"Unknown path components: /{'/'.join(parts)}")


def no_such_field(field: str, node: str) -> GraphError:
    """A field, or an edge that was read, is not part of the object."""
    return GraphError(INVALID, f"(#{INVALID}) Tried accessing nonexisting field ({field}) on node type ({node})")


def needed(name: str) -> GraphError:
    """A parameter is not there."""
    return GraphError(INVALID, f"(#{INVALID}) The parameter {name} is required.")


def wrong(name: str, why: str) -> GraphError:
    """A parameter is there and cannot be used. why: what it must be."""
    return GraphError(INVALID, f"(#{INVALID}) Param {name} {why}")
