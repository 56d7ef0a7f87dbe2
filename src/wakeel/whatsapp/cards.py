"""Cards as the `type` + `interactive` part of a /messages payload, and what a tap on them means.

Usable in any Python program, without Django and without settings:

    from wakeel.whatsapp.cards import approval_card, opportunity_card, parse_button_reply
"""

from collections.abc import Iterable, Mapping
from typing import Any

from wakeel.domain.buttons import ButtonKind, ButtonReply, button_id, parse_button_id
from wakeel.domain.cards import (
    BODY_LIMIT,
    TEXT_LIMIT,
    Button,
    ButtonCard,
    CardInvalid,
    CardTooLong,
    ListCard,
    check_text,
)
from wakeel.domain.ids import BUTTON_SAFE_ID
from wakeel.domain.text import measure, one_line, shorten

__all__ = [
    "CardInvalid",
    "CardTooLong",
    "approval_card",
    "button_card_part",
    "list_card_part",
    "opportunity_card",
    "parse_button_reply",
    "text_part",
]

REASONS_SHOWN = 5
NOTE_LIMIT = 300
"""A note is our own sentence with values in it, so it may be longer than a line of outside text."""
CONSENT_LIMIT = 120

_OPPORTUNITY_ACTIONS = (("accept", "قبول"), ("skip", "تخطي"), ("draft", "رسالة"))
_DRAFT_ACTIONS = (("approve", "اعتماد"), ("edit", "تعديل"), ("cancel", "إلغاء"))
_SEND_AS_IT_IS = "أرسل كما هي"
_OPPORTUNITY_LINES = (
    ("title", "الفرصة"),
    ("contact_name", "جهة الاتصال"),
    ("company", "الشركة"),
    ("value", "القيمة المتوقعة"),
    ("summary", "الخلاصة"),
    ("window", "نافذة الرد"),
)
_SUBJECT_KEYS = {
    ButtonKind.OPPORTUNITY: "opportunity_id",
    ButtonKind.SKIP_REASON: "opportunity_id",
    ButtonKind.SNOOZE: "opportunity_id",
    ButtonKind.MESSAGE_DRAFT: "draft_id",
    ButtonKind.MEETING: "meeting_id",
    ButtonKind.THREAD: "contact_id",
    ButtonKind.BATCH: "batch_id",
}


def opportunity_card(opportunity: Mapping[str, Any]) -> dict[str, Any]:
    """The card of one opportunity with قبول · تخطي · رسالة.

    opportunity: id and title are required; contact_name, company, summary, value, window (texts) and score_reasons
    (a list of texts) may be missing, None or empty. Whatever they contain, the card keeps Meta's limits: each is
    shown as one isolated line of at most 60 characters behind an Arabic label of ours.
    Raises CardInvalid, naming the field, if id or title is missing or a value is not text.
    """
    _required(opportunity, "title")
    lines = [_line(label, _optional(opportunity, key)) for key, label in _OPPORTUNITY_LINES]
    lines.extend(_reason_lines(opportunity.get("score_reasons")))
    body = "\n".join(line for line in lines if line)
    subject_id = _safe_id(opportunity)
    return button_card_part(
        ButtonCard(
            body=shorten(body, limit=BODY_LIMIT),
            buttons=tuple(
                Button(button_id(ButtonKind.OPPORTUNITY, action, subject_id=subject_id), title)
                for action, title in _OPPORTUNITY_ACTIONS
            ),
            header="فرصة تنتظر قرارك",
        )
    )


def approval_card(draft: Mapping[str, Any]) -> dict[str, Any]:
    """The card that asks for اعتماد · تعديل · إلغاء of exactly one text.

    draft: id and text are required. Optional: contact_name, to (already masked), version (text or number), written_by
    (the language model that wrote the text), consent (what it rests on), quorum (that two people must approve it, and
    who did), note (why it would not leave at once), reply (what the contact wrote since the approval, shown first as
    one line), as_it_is (true after such a reply: the first button reads أرسل كما هي and still means approve),
    meeting_id (of an invitation: the buttons then carry the meeting, and mean the same), mailed_to (who gets its
    calendar file by e-mail), buttons (labels that the contact sees under a template).
    The text stands whole and unchanged at the end of the body; with `quoted` true it was sent before as a message of
    its own, exactly as the contact will see it, and the card only points to it.
    Raises CardTooLong if facts and text exceed the body: send the text first, then the card with `quoted`.
    Raises CardInvalid, naming the field, if id or text is missing or a value is not text.
    """
    text = _required(draft, "text")
    check_text("text", text, limit=TEXT_LIMIT)
    facts = [
        _line("كتب لك", _optional(draft, "reply")),
        _line("إلى", _optional(draft, "contact_name")),
        _line("الرقم", _optional(draft, "to")),
        _line("النسخة", _optional(draft, "version")),
        _line("كتبها نموذج", _optional(draft, "written_by")),
        _line("الموافقة", _optional(draft, "consent"), limit=CONSENT_LIMIT),
        _line("الاعتماد", _optional(draft, "quorum"), limit=CONSENT_LIMIT),
        _line("ملف التقويم بالبريد إلى", _optional(draft, "mailed_to"), limit=CONSENT_LIMIT),
        _line("تنبيه", _optional(draft, "note"), limit=NOTE_LIMIT),
        _line("قالب معتمد بأزرار", _optional(draft, "buttons"), limit=CONSENT_LIMIT),
        *(_pointer_to(text) if draft.get("quoted") else ("نص الرسالة كما سيصل:", text)),
    ]
    kind, subject_id, header = _asks_about(draft)
    return button_card_part(
        ButtonCard(
            body="\n".join(fact for fact in facts if fact),
            buttons=tuple(
                Button(button_id(kind, action, subject_id=subject_id), title) for action, title in _draft_buttons(draft)
            ),
            header=header,
        )
    )


def parse_button_reply(message: object) -> dict[str, str | None]:
    """What a tap means: `{"kind", "action", "raw_id"}` and the id it is about.

    message: one element of a webhook's `messages`, as Meta sends it. The id stands under opportunity_id, draft_id,
    meeting_id, contact_id or batch_id, whichever fits the kind. Never raises: a message without a button is kind
    `no_button_id`, an id that is not ours `unknown_button_id`; both have action None.
    """
    reply = parse_button_id(_raw_button_id(message))
    known: dict[str, str | None] = {"kind": reply.kind.value, "action": reply.action, "raw_id": reply.raw_id}
    return known | _subject(reply)


def button_card_part(card: ButtonCard) -> dict[str, Any]:
    """`type` + `interactive` of a message with reply buttons."""
    interactive: dict[str, Any] = {"type": "button", **_frame(card)}
    interactive["action"] = {
        "buttons": [{"type": "reply", "reply": {"id": button.id, "title": button.title}} for button in card.buttons]
    }
    return {"type": "interactive", "interactive": interactive}


def list_card_part(card: ListCard) -> dict[str, Any]:
    """`type` + `interactive` of a message with a list of rows."""
    rows = [
        {"id": row.id, "title": row.title} | ({"description": row.description} if row.description else {})
        for row in card.rows
    ]
    interactive: dict[str, Any] = {"type": "list", **_frame(card)}
    interactive["action"] = {
        "button": card.button,
        "sections": [{"title": card.section_title or card.button, "rows": rows}],
    }
    return {"type": "interactive", "interactive": interactive}


def text_part(text: str) -> dict[str, Any]:
    """`type` + `text` of a plain message, unchanged; links are not turned into previews.

    Raises CardInvalid for an empty text and CardTooLong above 4,096 characters.
    """
    check_text("text", text, limit=TEXT_LIMIT)
    return {"type": "text", "text": {"body": text, "preview_url": False}}


def _frame(card: ButtonCard | ListCard) -> dict[str, Any]:
    frame: dict[str, Any] = {"header": {"type": "text", "text": card.header}} if card.header else {}
    frame["body"] = {"text": card.body}
    if card.footer:
        frame["footer"] = {"text": card.footer}
    return frame


def _line(label: str, value: str, *, limit: int | None = None) -> str:
    """`label: value`, empty without a value: outside text never stands first on its line."""
    shown = one_line(value) if limit is None else one_line(value, limit=limit)
    return f"{label}: {shown}" if shown else ""


def _reason_lines(reasons: object) -> Iterable[str]:
    if reasons is None:
        return
    if isinstance(reasons, (str, bytes)) or not isinstance(reasons, Iterable):
        raise CardInvalid("score_reasons", "must be a list of texts")
    texts = list(reasons)
    if not all(isinstance(text, str) for text in texts):
        raise CardInvalid("score_reasons", "must be a list of texts")
    lines = [line for text in texts if (line := _line("سبب", text))]
    yield from lines[:REASONS_SHOWN]
    if len(lines) > REASONS_SHOWN:
        yield "بقية الأسباب في الشاشة"


def _draft_buttons(draft: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    (approve, _), *others = _DRAFT_ACTIONS
    return [(approve, _SEND_AS_IT_IS), *others] if draft.get("as_it_is") else _DRAFT_ACTIONS


def _asks_about(draft: Mapping[str, Any]) -> tuple[ButtonKind, str, str]:
    """What the buttons name, and the card's header."""
    draft_id = _safe_id(draft)
    if draft.get("meeting_id") is None:
        return ButtonKind.MESSAGE_DRAFT, draft_id, "رسالة تنتظر اعتمادك"
    return ButtonKind.MEETING, _safe_id({"id": draft["meeting_id"]}), "موعد ينتظر اعتمادك"


def _pointer_to(text: str) -> tuple[str, str, str]:
    return (
        "نص الرسالة كاملًا في الرسالة السابقة، كما سيصل.",
        f"عدد حروفه: {measure(text)}",
        _line("يبدأ بـ", text),
    )


def _safe_id(source: Mapping[str, Any]) -> str:
    value = _required(source, "id")
    if not BUTTON_SAFE_ID.fullmatch(value):
        raise CardInvalid("id", "must be 1 to 64 letters A-Z, digits, - or _")
    return value


def _required(source: Mapping[str, Any], key: str) -> str:
    value = _optional(source, key)
    if not one_line(value):
        raise CardInvalid(key, "is missing or empty")
    return value


def _optional(source: Mapping[str, Any], key: str) -> str:
    """The text under `key`, empty if there is none; a number is written out."""
    value = source.get(key)
    if value is None:
        return ""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if not isinstance(value, str):
        raise CardInvalid(key, "must be text")
    return value


def _raw_button_id(message: object) -> str | None:
    """The id of whatever was tapped; None for a message without one.

    A template's quick reply whose payload is its own label carries no id: it counts as typed text.
    """
    interactive = _member(message, "interactive")
    for key in ("button_reply", "list_reply"):
        if isinstance(found := _member(_member(interactive, key), "id"), str):
            return found
    button = _member(message, "button")
    payload, label = _member(button, "payload"), _member(button, "text")
    return payload if isinstance(payload, str) and payload != label else None


def _member(value: object, key: str) -> object:
    return value.get(key) if isinstance(value, Mapping) else None


def _subject(reply: ButtonReply) -> dict[str, str | None]:
    key = _SUBJECT_KEYS.get(reply.kind)
    return {key: reply.subject_id} if key else {}
