"""Meta's decisions about templates: each changes the template and is told by its webhook.

Sources: Meta, "message_template_status_update", "message_template_quality_update", "template_category_update" and
"Template pausing", read 2026-11-22.
"""

import time
from typing import Any, Protocol

from wakeel.simulator import envelopes
from wakeel.simulator.bell import Bell
from wakeel.simulator.durations import DAY_S, HOUR_S
from wakeel.simulator.envelopes import Sender
from wakeel.simulator.practice_clock import PracticeClock
from wakeel.simulator.templates import Template, Templates
from wakeel.simulator.webhooks import Postman

Json = dict[str, Any]

PAUSES_S = {"FIRST_PAUSE": 3 * HOUR_S, "SECOND_PAUSE": 6 * HOUR_S}
"""Pauses that end by themselves; every other one ends by hand."""
REASONS = {"REJECTED": "INVALID_FORMAT"}
"""Why, when nobody said."""


class Board(Protocol):
    """What this needs of the switchboard."""

    @property
    def templates(self) -> Templates: ...
    @property
    def clock(self) -> PracticeClock: ...
    @property
    def sender(self) -> Sender: ...
    @property
    def postman(self) -> Postman: ...
    @property
    def bell(self) -> Bell: ...


class TemplateNews:
    """Decides and tells. at: business time in Unix seconds that a webhook is dated, None for now."""

    def __init__(self, board: Board) -> None:
        self._board = board

    def happened(
        self, template: Template, event: str, *, reason: str = "", title: str = "", at: int | None = None
    ) -> None:
        """One event of Meta's. reason, title: '' for the usual one."""
        reason = reason or REASONS.get(event, "NONE")
        value: Json = {"event": event} | template.named()
        value |= {"message_template_category": template.category, "reason": reason}
        if title:
            value["other_info"] = {"title": title, "description": "Set on the phones page."}
        if event == "DISABLED":
            value["disable_info"] = {"disable_date": str(int(self._board.clock.now()))}
        if event == "REJECTED":
            advice = "Read the guidelines for templates and send it again."
            value["rejection_info"] = {"reason": reason, "recommendation": advice}
        self._board.templates.happened(template, event, reason=reason)
        if event == "PAUSED" and title in PAUSES_S:
            template.paused_until = self._board.clock.now() + PAUSES_S[title]
        self._tell("message_template_status_update", value, at=at)

    def rated(self, template: Template, quality: str, *, at: int | None = None) -> None:
        """People like it better or worse."""
        value = {"previous_quality_score": template.quality, "new_quality_score": quality}
        template.quality, template.quality_at = quality, self._board.clock.now()
        self._tell("message_template_quality_update", template.named() | value, at=at)

    def recategorised(
        self, template: Template, category: str, *, announced: bool = False, at: int | None = None
    ) -> None:
        """Another category, now or (announced) with a day's notice."""
        if announced:
            template.correct_category = category
            value: Json = {"new_category": template.category, "correct_category": category}
            value |= {"category_update_timestamp": int(self._board.clock.now()) + DAY_S}
        else:
            value = {"previous_category": template.category, "new_category": category}
            template.previous_category, template.category = template.category, category
            template.correct_category = ""
        self._tell("template_category_update", template.named() | value, at=at)

    def edited(self, template: Template, *, at: int | None = None) -> None:
        """The business replaced its components."""
        value: Json = template.named() | {"message_template_element": template.body}
        header, footer = template.component("HEADER"), template.component("FOOTER")
        value |= {"message_template_title": header["text"]} if "text" in header else {}
        value |= {"message_template_footer": footer["text"]} if "text" in footer else {}
        if buttons := template.component("BUTTONS").get("buttons"):
            value["message_template_buttons"] = [_button(button) for button in buttons]
        self._tell("message_template_components_update", value, at=at)

    def work(self) -> None:
        """Decide what is due: reviews that took long enough, pauses that are over."""
        for template in list(self._board.templates.rows):
            if template.review_at is not None and template.review_at <= time.time():
                self.happened(template, "APPROVED")
            elif template.paused_until is not None and template.paused_until <= self._board.clock.now():
                self.happened(template, "APPROVED", title="UNPAUSE")

    def _tell(self, field: str, value: Json, *, at: int | None) -> None:
        dated = int(self._board.clock.now()) if at is None else at
        self._board.postman.post(envelopes.management(self._board.sender, field, value, at=dated))
        self._board.bell.ring()


def _button(button: Json) -> Json:
    """A button as the webhook names it."""
    row: Json = {"message_template_button_type": button["type"]}
    row |= {"message_template_button_text": button["text"]} if "text" in button else {}
    row |= {"message_template_button_url": button["url"]} if "url" in button else {}
    return row | ({"message_template_button_phone_number": button["phone_number"]} if "phone_number" in button else {})
