"""Says what is wrong with the buttons of a template. Source: Meta, "Template components", read 2026-11-22."""

from collections import Counter
from itertools import groupby
from typing import Any

from wakeel.simulator.graph.calls import Refused
from wakeel.simulator.graph.refusals import needed, wrong
from wakeel.simulator.graph.template_faults import check_length, fault

Json = dict[str, Any]

MOST = 10
MOST_OF = {"QUICK_REPLY": 10, "URL": 2, "PHONE_NUMBER": 1, "COPY_CODE": 1}
"""Of each kind; of the kinds that are not here, one."""
LABEL = 25
URL = 2000
PHONE = 20
CODE = 15
KINDS = frozenset([*MOST_OF, "OTP", "FLOW", "CATALOG", "MPM", "SPM", "VOICE_CALL", "REQUEST_CONTACT_INFO"])
UNLABELLED = frozenset({"COPY_CODE", "OTP", "REQUEST_CONTACT_INFO"})
"""Their label is WhatsApp's own, or has a default."""


def check_buttons(part: Json) -> None:
    """Raises Refused for the first fault."""
    buttons = part.get("buttons")
    if not isinstance(buttons, list) or not buttons:
        raise Refused(needed("components[].buttons"))
    if len(buttons) > MOST:
        raise Refused(fault("Too many buttons", f"A template has at most {MOST} buttons."))
    for button in buttons:
        _button(button)
    _check_kinds([button["type"] for button in buttons])
    labels = [button["text"] for button in buttons if button.get("text")]
    if len(set(labels)) < len(labels):
        raise Refused(fault("Button labels are equal", "Each button needs a label of its own."))


def _check_kinds(kinds: list[str]) -> None:
    for kind, count in Counter(kinds).items():
        if count > MOST_OF.get(kind, 1):
            raise Refused(fault("Too many buttons", f"A template has at most {MOST_OF.get(kind, 1)} of {kind}."))
    groups = [reply for reply, _ in groupby(kind == "QUICK_REPLY" for kind in kinds)]
    if groups.count(True) > 1 or groups == [False, True, False]:
        raise Refused(fault("Buttons are not grouped", "Quick replies stand together, before or behind all others."))


def _button(button: object) -> None:
    if not isinstance(button, dict) or button.get("type") not in KINDS:
        raise Refused(wrong("components[].buttons[].type", f"must be one of {{{', '.join(sorted(KINDS))}}}"))
    kind, label = button["type"], button.get("text")
    if kind not in UNLABELLED and not (isinstance(label, str) and label.strip()):
        raise Refused(needed("components[].buttons[].text"))
    if isinstance(label, str):
        check_length(label, LABEL, "A button label")
        if "{{" in label:
            raise Refused(fault("Button label format is incorrect", "A label has no variables."))
    if kind == "URL":
        _url(button)
    elif kind == "PHONE_NUMBER":
        check_length(_given(button, "phone_number"), PHONE, "A phone number")
    elif kind == "COPY_CODE":
        example = button.get("example")
        check_length(str(example[0] if isinstance(example, list) and example else example or ""), CODE, "A code")


def _url(button: Json) -> None:
    url = _given(button, "url")
    check_length(url, URL, "A URL")
    if not url.startswith(("http://", "https://")):
        raise Refused(wrong("components[].buttons[].url", "must be a URL."))
    if "{{" not in url:
        return
    if url.count("{{") > 1 or not url.endswith("{{1}}"):
        raise Refused(fault("Button URL format is incorrect", "One variable, {{1}}, at the end of the URL."))
    if not button.get("example"):
        raise Refused(needed("components[].buttons[].example"))


def _given(button: Json, name: str) -> str:
    value = button.get(name)
    if not isinstance(value, str) or not value.strip():
        raise Refused(needed(f"components[].buttons[].{name}"))
    return value
