"""The account's message templates: what there is, how Meta lists it, and what Meta's decisions do to it. Pure state.

Sources: Meta, "Template fundamentals", "Template components" and "message_template_status_update", read 2026-11-22.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from wakeel.simulator.errors import MetaError
from wakeel.simulator.filling import fill
from wakeel.simulator.ids import new_object_id
from wakeel.simulator.world import TTL_S

Json = dict[str, Any]

STATUS_AFTER = {"REINSTATED": "APPROVED", "FLAGGED": "APPROVED", "LOCKED": "APPROVED", "UNARCHIVED": "APPROVED"}
"""How a listing calls a template after an event that is no status of its own."""
REFUSED_WITH = {"PAUSED": (132015, "is paused"), "DISABLED": (132016, "is disabled")}
AUTHENTICATION_TTL_S = 600
"""Of a code whose template names no time to live. Source: Meta, "Time-to-live", read 2026-11-22."""
NAME_BLOCKED_S = 30 * 24 * 3600
"""The name of a deleted template that was approved cannot be used again in that language."""
_WORD = re.compile(r"[A-Z_]{3,40}", re.ASCII)


@dataclass(slots=True)
class Template:
    """One template in one language.

    components: as Meta has them, types in capitals. quality: GREEN, YELLOW, RED, UNKNOWN.
    correct_category: announced, '' for none; previous_category: before the last change, '' for none.
    parameter_format: POSITIONAL or NAMED. ttl_s: message_send_ttl_seconds, None when the template names none.
    quality_at: business time since when it has this quality. edits: business times of those while it was approved.
    review_at: real time in Unix seconds at which Meta decides; None when nobody will unless by hand.
    paused_until: business time; None when the pause ends by hand.
    """

    id: int
    name: str
    language: str
    category: str
    components: list[Json]
    status: str = "APPROVED"
    quality: str = "UNKNOWN"
    quality_at: float = 1_767_225_600.0
    rejected_reason: str = "NONE"
    correct_category: str = ""
    previous_category: str = ""
    parameter_format: str = "POSITIONAL"
    ttl_s: int | None = None
    review_at: float | None = None
    paused_until: float | None = None
    edits: list[float] = field(default_factory=list)

    @property
    def body(self) -> str:
        """The text with its places."""
        return str(self.component("BODY").get("text", ""))

    def component(self, kind: str) -> Json:
        """The component of a type; empty when the template has none."""
        return next((part for part in self.components if part["type"] == kind), {})

    def row(self) -> Json:
        """As a listing has it."""
        row: Json = {
            "id": str(self.id),
            "name": self.name,
            "language": self.language,
            "status": self.status,
            "category": self.category,
            "parameter_format": self.parameter_format,
            "quality_score": {"score": self.quality, "date": int(self.quality_at)},
            "rejected_reason": self.rejected_reason,
            "components": self.components,
        }
        row |= {"correct_category": self.correct_category} if self.correct_category else {}
        row |= {"previous_category": self.previous_category} if self.previous_category else {}
        return row | ({"message_send_ttl_seconds": self.ttl_s} if self.ttl_s is not None else {})

    def named(self) -> Json:
        """As webhooks name it."""
        return {
            "message_template_id": self.id,
            "message_template_name": self.name,
            "message_template_language": self.language,
        }


@dataclass(slots=True)
class Grave:
    """A name that cannot be used in a language. until: business time."""

    name: str
    language: str
    until: float


@dataclass(slots=True)
class TemplateBook:
    """Everything that outlives the process."""

    rows: list[Template]
    graves: list[Grave] = field(default_factory=list)


def plain(number: int, name: str, language: str, category: str, body: str, *replies: str, **more: Any) -> Template:
    """A template of a body and quick replies."""
    values = len(set(re.findall(r"\{\{(\d+)\}\}", body)))
    part: Json = {"type": "BODY", "text": body}
    part |= {"example": {"body_text": [[f"{n + 1}" for n in range(values)]]}} if values else {}
    buttons = [{"type": "QUICK_REPLY", "text": text} for text in replies]
    components = [part, *([{"type": "BUTTONS", "buttons": buttons}] if buttons else [])]
    return Template(number, name, language, category, components, **more)


def examples() -> list[Template]:
    """What the practice account has: one of each kind that the product may use, one in review, one rejected."""
    return [
        plain(
            900100000000001, "operator_brief", "ar", "UTILITY", "صباح الخير {{1}}، لديك {{2}} بانتظار قرارك.",
            "الفرص", "الموافقات", "لاحقاً", quality="GREEN",
        ),
        plain(
            900100000000002, "opportunity_follow_up", "ar", "MARKETING",
            "أهلًا {{1}}، معك {{2}}. هل يناسبك اتصال قصير؟ لإيقاف الرسائل أرسل: إيقاف",
            "مهتم", "إيقاف العروض", quality="GREEN",
        ),
        plain(
            900100000000003, "meeting_reminder", "ar", "UTILITY", "تذكير بموعدك {{1}} مع {{2}}.",
            "تأكيد", "وقت آخر",
        ),
        plain(900100000000004, "meeting_reminder", "en", "UTILITY", "A reminder of your meeting {{1}} with {{2}}."),
        plain(900100000000005, "season_offer", "ar", "MARKETING", "عرض خاص لك يا {{1}}.", status="PENDING"),
        plain(
            900100000000006, "prize_draw", "ar", "MARKETING", "ربحت معنا! اضغط هنا.",
            status="REJECTED", rejected_reason="SCAM",
        ),
    ]  # fmt: skip


class Templates:
    """All templates of the account, in the order they were made."""

    def __init__(self, past: TemplateBook | None = None) -> None:
        """past: what the last process left; None for the practice account's own."""
        self.book = past or TemplateBook(examples())

    @property
    def rows(self) -> list[Template]:
        """Every template that was not deleted."""
        return self.book.rows

    def reset(self) -> None:
        """Back to the practice account's own."""
        self.book = TemplateBook(examples())

    def find(self, name: str, language: str) -> Template | None:
        """The template of a name in a language."""
        return next((row for row in self.rows if (row.name, row.language) == (name, language)), None)

    def by_id(self, template_id: str) -> Template | None:
        """The template of an id."""
        return next((row for row in self.rows if str(row.id) == template_id), None)

    def add(self, name: str, language: str, *, category: str = "UTILITY", body: str = "نص {{1}}.") -> Template:
        """A new one of a body only, in review until somebody decides."""
        return self.keep(plain(int(new_object_id()), name, language, category, body, status="PENDING"))

    def keep(self, template: Template) -> Template:
        """Put a new one behind the others."""
        self.rows.append(template)
        return template

    def happened(self, template: Template, event: str, *, reason: str) -> None:
        """Meta decided something about a template."""
        template.status = STATUS_AFTER.get(event, event)
        template.rejected_reason = reason if event == "REJECTED" else "NONE"
        template.review_at = None
        if event != "PAUSED":
            template.paused_until = None
        if event == "DELETED":
            self.rows.remove(template)

    def block(self, template: Template, *, now: float) -> None:
        """Keep the name of a deleted template from being used again for a while."""
        self.book.graves.append(Grave(template.name, template.language, now + NAME_BLOCKED_S))

    def is_blocked(self, name: str, language: str, *, now: float) -> bool:
        """True while the name of a deleted template cannot be used again."""
        return any((old.name, old.language) == (name, language) and now < old.until for old in self.book.graves)

    def unusable(self, name: str, language: str) -> MetaError | None:
        """Why no message can be made of a template now; None if it can.

        Source: Meta, "Error codes" and "Template pausing", read 2026-11-22.
        """
        found = self.find(name, language)
        if found is not None and found.status in REFUSED_WITH:
            code, why = REFUSED_WITH[found.status]
            return MetaError(code, f"template name ({name}) {why}")
        if found is None or found.status != "APPROVED":
            return MetaError(132001, f"template name ({name}) does not exist in {language}")
        return None

    def judge(self, sent: Json) -> MetaError | None:
        """Why a message with this `template` part (its shape was checked) is refused; None if it is taken.

        Source: Meta, "Error codes" and "Template pausing", read 2026-11-22.
        """
        name, language = sent["name"], sent["language"]["code"]
        if error := self.unusable(name, language):
            return error
        found = self.find(name, language)
        filled = fill(found, sent) if found else None
        return filled if isinstance(filled, MetaError) else None

    def ttl_s(self, sent: Json) -> int:
        """How long Meta tries to deliver a message of this `template` part. Source: Meta, "Time-to-live"."""
        found = self.find(sent["name"], sent["language"]["code"])
        if found is None or found.ttl_s is None:
            return AUTHENTICATION_TTL_S if found and found.category == "AUTHENTICATION" else TTL_S
        return found.ttl_s if found.ttl_s > 0 else TTL_S  # -1 stands for the longest

    def filled(self, sent: Json) -> Json | None:
        """The template as a message with this `template` part shows it; None when there is nothing to show."""
        found = self.find(sent["name"], sent["language"]["code"])
        filled = fill(found, sent) if found else None
        return None if isinstance(filled, MetaError) else filled


def labels(components: Iterable[Json]) -> list[str]:
    """The texts of all buttons."""
    return [str(button.get("text", "")) for part in components for button in part.get("buttons", [])]


def is_word(text: str) -> bool:
    """True for what may be a status of Meta's: capitals and underscores."""
    return _WORD.fullmatch(text) is not None
