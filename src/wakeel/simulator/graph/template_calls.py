"""Templates: list, make, change, delete. Source: Meta, "Template fundamentals", "Template pausing", read 2026-11-22."""

import re
import time
from typing import Any

from wakeel.simulator.durations import DAY_S, HOUR_S
from wakeel.simulator.errors import MetaError
from wakeel.simulator.graph.calls import Answer, Call, Handler, Refused
from wakeel.simulator.graph.fields import told
from wakeel.simulator.graph.number import SUCCESS
from wakeel.simulator.graph.paging import page
from wakeel.simulator.graph.refusals import needed, wrong
from wakeel.simulator.graph.template_checks import FORMATS, check_category, check_name, checked_components
from wakeel.simulator.graph.template_faults import BEING_DELETED, EXISTS, NOT_FOUND, TOO_MANY, fault
from wakeel.simulator.graph.template_filters import chosen, one_or_many
from wakeel.simulator.ids import new_object_id
from wakeel.simulator.switchboard import Switchboard
from wakeel.simulator.templates import Template

Json = dict[str, Any]

TYPE = "WhatsAppMessageTemplate"
USUAL = ("name", "parameter_format", "components", "language", "status", "category", "id")
"""What is told when nobody asks for more."""
ABSENT = (
    "message_send_ttl_seconds",
    "correct_category",
    "previous_category",
    "library_template_name",
    "cta_url_link_tracking_opted_out",
    "sub_category",
    "degrees_of_freedom_spec",
)
"""Fields that Graph knows and leaves out of templates without them."""
MOST = 250
"""Templates of an account that is not verified."""
MOST_AN_HOUR = 100
EDITABLE = frozenset({"APPROVED", "REJECTED", "PAUSED"})
EDITS = {1: DAY_S, 10: 30 * DAY_S}
"""Edits of an approved template, by the time in which they count."""
AT_ONCE = 100
"""Ids of one call."""
PROMOTION = re.compile(r"عرض خاص|عروض|خصم|تخفيض|مجان|\boffers?\b|\bdiscounts?\b|\bsale\b|\bpromo|\bfree\b|% ?off", re.I)
"""What makes this stand-in's reviewer call a utility template marketing, as Meta does since 2025-04-09."""


class TemplateCalls:
    """Answers for templates."""

    def __init__(self, board: Switchboard) -> None:
        self._board = board
        self._made: list[float] = []

    def handlers(self) -> dict[tuple[str, str, str], Handler]:
        """Kind of object, edge and method to handler."""
        return {
            ("waba", "message_templates", "GET"): self.show_all,
            ("waba", "message_templates", "POST"): self.create,
            ("waba", "message_templates", "DELETE"): self.delete,
            ("template", "", "GET"): self.show,
            ("template", "", "POST"): self.edit,
            ("template", "", "DELETE"): self.delete_one,
            ("template", "unpause", "POST"): self.unpause,
        }

    def show_all(self, call: Call) -> Answer:
        """One page of those that pass the filters, with a summary if it was asked for."""
        rows = chosen(self._board.templates.rows, call.query)
        told_rows = [(str(row.id), told(_node(row), call, type=TYPE, usual=USUAL)) for row in rows]
        body = page(told_rows, call.query, address=call.address)
        if "summary" in call.query:
            body["summary"] = {
                "total_count": len(rows),
                "message_template_count": len(self._board.templates.rows),
                "message_template_limit": MOST,
                "are_translations_complete": False,
            }
        return Answer(200, body)

    def show(self, call: Call) -> Answer:
        """One template."""
        return Answer(200, told(_node(self._template(call)), call, type=TYPE, usual=USUAL))

    def create(self, call: Call) -> Answer:
        """A new one, in review."""
        name, language = call.text("name"), call.text("language")
        check_name(name, language)
        category, ttl_s = call.text("category").upper(), call.params.get("message_send_ttl_seconds")
        check_category(category, ttl_s)
        style = call.text("parameter_format").upper() or "POSITIONAL"
        if style not in FORMATS:
            raise Refused(wrong("parameter_format", f"must be one of {{{', '.join(sorted(FORMATS))}}}"))
        components = checked_components(call.params.get("components"), category=category, style=style)
        self._check_room(name, language)
        template = Template(
            id=int(new_object_id()),
            name=name,
            language=language,
            category=_judged(category, components),
            components=components,
            status="PENDING",
            parameter_format=style,
            ttl_s=ttl_s,
        )
        self._board.templates.keep(template)
        self._made.append(self._board.clock.now())
        self._review(template)
        return Answer(200, {"id": str(template.id), "status": template.status, "category": template.category})

    def edit(self, call: Call) -> Answer:
        """Replace its components, its category or its time to live; it is reviewed again."""
        template = self._template(call)
        self._check_edits(template)
        category = call.text("category").upper() or template.category
        if template.status == "APPROVED" and category != template.category:
            raise Refused(fault("Category cannot be changed", "The category of an approved template stays."))
        ttl_s = call.params.get("message_send_ttl_seconds", template.ttl_s)
        check_category(category, ttl_s)
        if not call.params.keys() & {"components", "category", "message_send_ttl_seconds"}:
            raise Refused(needed("components"))
        components = template.components
        if "components" in call.params:
            given, style = call.params["components"], template.parameter_format
            components = checked_components(given, category=category, style=style)
        if template.status == "APPROVED":
            template.edits.append(self._board.clock.now())
        template.components, template.ttl_s = components, ttl_s
        template.category = _judged(category, components)
        self._board.templates.happened(template, "PENDING", reason="NONE")
        self._board.template_news.edited(template)
        self._review(template)
        row = {"success": True, "id": str(template.id), "name": template.name, "category": template.category}
        return Answer(200, row)

    def unpause(self, call: Call) -> Answer:
        """End a pause that does not end by itself."""
        template = self._template(call)
        if template.status != "PAUSED":
            return Answer(200, {"success": False, "reason": "The template is not paused."})
        if template.paused_until is not None:
            return Answer(200, {"success": False, "reason": "The pause ends by itself."})
        self._board.template_news.happened(template, "APPROVED", title="UNPAUSE")
        return SUCCESS

    def delete_one(self, call: Call) -> Answer:
        """Delete the template of an id."""
        return self._bury([self._template(call)])

    def delete(self, call: Call) -> Answer:
        """Delete by name in all languages, by name and hsm_id, or by up to 100 hsm_ids."""
        ids = one_or_many(call.params.get("hsm_ids"))
        if len(ids) > AT_ONCE:
            raise Refused(wrong("hsm_ids", f"must have at most {AT_ONCE} elements."))
        name, hsm_id = call.text("name"), call.text("hsm_id")
        if not ids and not name:
            raise Refused(needed("name"))
        rows = [
            row
            for row in self._board.templates.rows
            if (str(row.id) in ids if ids else row.name == name and hsm_id in {"", str(row.id)})
        ]
        return self._bury(rows)

    def _bury(self, rows: list[Template]) -> Answer:
        if not rows:
            raise Refused(fault("Message Template Not Found", "There is no such template.", subcode=NOT_FOUND))
        if any(row.status == "DISABLED" for row in rows):
            raise Refused(fault("Message template is disabled", "A disabled template cannot be deleted."))
        for row in rows:
            was_approved = row.status == "APPROVED"
            self._board.template_news.happened(row, "DELETED")
            if was_approved:
                self._board.templates.block(row, now=self._board.clock.now())
        return SUCCESS

    def _check_room(self, name: str, language: str) -> None:
        """Raises Refused when there is no room for one more, at all or for this name."""
        templates, now = self._board.templates, self._board.clock.now()
        if templates.find(name, language):
            advice = (
                f"There is already {language} content for this template. You can create a new template and try again."
            )
            raise Refused(fault("Content in This Language Already Exists", advice, subcode=EXISTS))
        if templates.is_blocked(name, language, now=now):
            advice = "Its name can be used again 30 days after it was deleted."
            raise Refused(fault("Message Template Language Is Being Deleted", advice, subcode=BEING_DELETED))
        if len(templates.rows) >= MOST:
            raise Refused(fault("Template Limit Exceeded", f"The account has {MOST} templates.", subcode=TOO_MANY))
        self._made = [at for at in self._made if now - at < HOUR_S]
        if len(self._made) >= MOST_AN_HOUR:
            raise Refused(MetaError(80007, f"{MOST_AN_HOUR} templates were created in the last hour."))

    def _check_edits(self, template: Template) -> None:
        if template.status not in EDITABLE:
            why = "Only approved, rejected and paused templates can be edited."
            raise Refused(fault("Message template cannot be edited", why))
        now = self._board.clock.now()
        for most, within_s in EDITS.items():
            if template.status == "APPROVED" and sum(now - at < within_s for at in template.edits) >= most:
                why = "An approved template can be edited once in 24 hours and 10 times in 30 days."
                raise Refused(fault("Message template was edited already", why))

    def _review(self, template: Template) -> None:
        """Begin a review; with nobody to review it stays as it is."""
        review_s = self._board.review_s
        template.review_at = None if review_s is None else time.time() + review_s

    def _template(self, call: Call) -> Template:
        template = self._board.templates.by_id(call.object_id)
        if template is None:
            raise KeyError(call.object_id)
        return template


def _judged(category: str, components: list[Json]) -> str:
    texts = " ".join(str(part.get("text", "")) for part in components)
    return "MARKETING" if category == "UTILITY" and PROMOTION.search(texts) else category


def _node(template: Template) -> Json:
    return dict.fromkeys(ABSENT) | template.row()
