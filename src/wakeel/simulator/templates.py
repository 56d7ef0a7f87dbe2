"""The account's message templates, as Meta lists them and changes them. Source: Meta, "Template fundamentals" and
"message_template_status_update", read 2026-11-22.
"""

import re
from dataclasses import dataclass, field
from typing import Any

from wakeel.simulator.errors import MetaError

Json = dict[str, Any]

PAGE = 25
"""Rows of a page when the caller names no limit."""
STATUS_AFTER = {"REINSTATED": "APPROVED", "FLAGGED": "APPROVED", "LOCKED": "APPROVED", "UNARCHIVED": "APPROVED"}
"""How a listing calls a template after an event that is no status of its own."""
BODY_LIMIT = 1024  # "Template components"
REFUSED_WITH = {"PAUSED": (132015, "is paused"), "DISABLED": (132016, "is disabled")}
_VARIABLE = re.compile(r"\{\{\s*(\w{1,60})\s*\}\}", re.ASCII)
_BREAKS = re.compile(r"[\n\r\t]| {5,}")
_WORD = re.compile(r"[A-Z_]{3,40}", re.ASCII)


@dataclass(slots=True)
class Template:
    """One template in one language. quality: GREEN, YELLOW, RED, UNKNOWN. correct_category: announced, '' for none."""

    id: int
    name: str
    language: str
    category: str
    body: str
    status: str = "APPROVED"
    quality: str = "UNKNOWN"
    rejected_reason: str = "NONE"
    correct_category: str = ""
    buttons: tuple[str, ...] = ()

    def row(self) -> Json:
        """As a listing has it."""
        components: list[Json] = [{"type": "BODY", "text": self.body}]
        if self.buttons:
            replies = [{"type": "QUICK_REPLY", "text": text} for text in self.buttons]
            components.append({"type": "BUTTONS", "buttons": replies})
        row = {
            "id": str(self.id),
            "name": self.name,
            "language": self.language,
            "status": self.status,
            "category": self.category,
            "quality_score": {"score": self.quality},
            "rejected_reason": self.rejected_reason,
            "components": components,
        }
        return row | ({"correct_category": self.correct_category} if self.correct_category else {})

    def named(self) -> Json:
        """As webhooks name it."""
        return {
            "message_template_id": self.id,
            "message_template_name": self.name,
            "message_template_language": self.language,
        }


def examples() -> list[Template]:
    """What the practice account has: one of each kind that the product may use, one in review, one rejected."""
    return [
        Template(
            900100000000001, "operator_brief", "ar", "UTILITY", "صباح الخير {{1}}، لديك {{2}} بانتظار قرارك.",
            quality="GREEN", buttons=("الفرص", "الموافقات", "لاحقاً"),
        ),
        Template(
            900100000000002, "opportunity_follow_up", "ar", "MARKETING",
            "أهلًا {{1}}، معك {{2}}. هل يناسبك اتصال قصير؟ لإيقاف الرسائل أرسل: إيقاف", quality="GREEN",
            buttons=("مهتم", "إيقاف العروض"),
        ),
        Template(
            900100000000003, "meeting_reminder", "ar", "UTILITY", "تذكير بموعدك {{1}} مع {{2}}.",
            buttons=("تأكيد", "وقت آخر"),
        ),
        Template(900100000000004, "meeting_reminder", "en", "UTILITY", "A reminder of your meeting {{1}} with {{2}}."),
        Template(900100000000005, "season_offer", "ar", "MARKETING", "عرض خاص لك يا {{1}}.", status="PENDING"),
        Template(
            900100000000006, "prize_draw", "ar", "MARKETING", "ربحت معنا! اضغط هنا.", status="REJECTED",
            rejected_reason="SCAM",
        ),
    ]  # fmt: skip


@dataclass(slots=True)
class Templates:
    """All templates of the account, in the order they were made."""

    rows: list[Template] = field(default_factory=examples)

    def page(self, *, limit: int, after: str) -> tuple[list[Template], str, bool]:
        """Rows behind the cursor `after` ('' for the first page), the cursor of their end, and whether more follow."""
        start = int(after) if after.isascii() and after.isdecimal() else 0
        found = self.rows[start : start + limit]
        end = start + len(found)
        return found, str(end), end < len(self.rows)

    def judge(self, sent: Json) -> MetaError | None:
        """Why a message with this `template` part (its shape was checked) is refused; None if it is taken.

        Source: Meta, "Error codes" and "Template pausing", read 2026-11-22.
        """
        name, language = sent["name"], sent["language"]["code"]
        found = self.find(name, language)
        if found is not None and found.status in REFUSED_WITH:
            code, why = REFUSED_WITH[found.status]
            return MetaError(code, f"template name ({name}) {why}")
        if found is None or found.status != "APPROVED":
            return MetaError(132001, f"template name ({name}) does not exist in {language}")
        given, asked = len(_parameters(sent)), len(set(_VARIABLE.findall(found.body)))
        if given != asked:
            why = f"body: number of localizable_params ({given}) does not match the expected number of params ({asked})"
            return MetaError(132000, why)
        if any(_BREAKS.search(value) for value in _parameters(sent)):
            return MetaError(132018, "Param text cannot have new-line/tab characters or more than 4 consecutive spaces")
        if len(self.words(sent).encode("utf-16-le")) // 2 > BODY_LIMIT:
            return MetaError(132005, "Translated text too long")
        return None

    def words(self, sent: Json) -> str:
        """What the person reads of a template message that was taken."""
        found = self.find(sent["name"], sent["language"]["code"])
        values = iter(_parameters(sent))
        places: Json = {}
        for name in _VARIABLE.findall(found.body if found else ""):
            places.setdefault(name, next(values, ""))
        return _VARIABLE.sub(lambda place: str(places[place[1]]), found.body) if found else ""

    def find(self, name: str, language: str) -> Template | None:
        return next((row for row in self.rows if (row.name, row.language) == (name, language)), None)

    def add(self, name: str, language: str, *, category: str = "UTILITY", body: str = "نص {{1}}.") -> Template:
        """A new one, in review."""
        template = Template(900200000000000 + len(self.rows), name, language, category, body, status="PENDING")
        self.rows.append(template)
        return template

    def happened(self, template: Template, event: str, *, reason: str) -> None:
        """Meta decided something about a template."""
        template.status = STATUS_AFTER.get(event, event)
        template.rejected_reason = reason if event == "REJECTED" else "NONE"
        if event == "DELETED":
            self.rows.remove(template)


def _parameters(sent: Json) -> list[str]:
    """The values for the body, in the order in which they were given."""
    parts = [part for part in sent.get("components", []) if str(part.get("type", "")).lower() == "body"]
    return [str(given.get("text", "")) for part in parts for given in part.get("parameters", [])]


def is_word(text: str) -> bool:
    """True for what may be a status of Meta's: capitals and underscores."""
    return _WORD.fullmatch(text) is not None
