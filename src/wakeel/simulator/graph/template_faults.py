"""Refusals of template calls: code 100 with a subcode and words that a person may be shown.

Subcodes: Meta, "Error codes" (template creation), read 2026-11-22; None where Meta names none.
"""

from wakeel.simulator.graph.calls import Refused
from wakeel.simulator.graph.refusals import GraphError

EXISTS = 2388024
BEING_DELETED = 2388023
TOO_MANY = 2388019
TOO_LONG = 2388040
NOT_FOUND = 2593002


def fault(title: str, advice: str, *, subcode: int | None = None) -> GraphError:
    """A refusal of a template."""
    return GraphError(100, "Invalid parameter", subcode=subcode, title=title, advice=advice)


def check_length(text: str, limit: int, what: str) -> None:
    """Raises Refused for a text of more UTF-16 units than the limit."""
    if len(text.encode("utf-16-le", "surrogatepass")) // 2 > limit:
        advice = f"{what} is longer than {limit} characters."
        raise Refused(fault("Character limit exceeded", advice, subcode=TOO_LONG))
