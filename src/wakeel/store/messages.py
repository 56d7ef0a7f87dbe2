"""Inbound messages, each kept once by its wamid."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from wakeel.domain.events import ButtonTapped, IdentityChanged, MessageEchoed, OtherMessage, TextReceived
from wakeel.domain.message_kinds import ANY_KIND, VOICE, kind_words
from wakeel.domain.words import Text
from wakeel.store.compiled import Compiled
from wakeel.store.erased_ids import either
from wakeel.store.insert_new import insert_new
from wakeel.store.insert_rows import insert_rows
from wakeel.store.models import Contact, InboundMessage, Operator

Said = ButtonTapped | TextReceived | OtherMessage
ECHO = "echo"
"""Kind of a row that the person did not write."""


def keep(
    business_id: str, event: Said, *, contact: Contact | None, operator: Operator | None, now: datetime
) -> InboundMessage | None:
    """Store one message; None if this wamid was stored before, whatever else came with it."""
    row = InboundMessage(
        business_id=business_id, wamid=event.wamid[:200], contact=contact, operator=operator, recorded_at=now,
        **_values_of(event),
    )  # fmt: skip
    same = InboundMessage.objects.filter(business_id=business_id, wamid=row.wamid)
    return row if insert_new(row, same=same) else None


def keep_all(business_id: str, said: Sequence[tuple[Said, str]], *, now: datetime) -> None:
    """Store many messages, each with its contact's id; what was stored before stays as it is."""
    rows = [
        InboundMessage(
            business_id=business_id,
            wamid=event.wamid[:200],
            contact_id=contact_id,
            recorded_at=now,
            **_values_of(event),
        )
        for event, contact_id in said
    ]
    insert_rows(rows, once="business_id, wamid")


def keep_handled(business_id: str, said: Sequence[tuple[Said, Operator, str]], *, now: datetime) -> None:
    """Store messages of operators, each with the word for what was done. Raises IntegrityError if one was stored."""
    insert_rows([
        InboundMessage(
            business_id=business_id, wamid=event.wamid[:200], operator=operator, handled=handled[:40], recorded_at=now,
            **_values_of(event),
        )
        for event, operator, handled in said
    ])  # fmt: skip


def kept_among(business_id: str, wamids: Collection[str]) -> set[str]:
    """Those of these messages that were stored before; also of somebody whose data was destroyed since."""
    spelled = {kept: wamid for wamid in wamids for kept in either(wamid[:200])}
    return {spelled[kept] for (kept,) in _KEPT(business=business_id, wamids=list(spelled))} if spelled else set()


_KEPT = Compiled(
    lambda business, wamids: InboundMessage.objects.filter(business=business, wamid__in=wamids).values_list("wamid")
)


def _values_of(event: Said) -> dict[str, Any]:
    """What a message says beside its key, by column."""
    return {
        "kind": kind_of(event),
        "text": words_of(event),
        "content": _content_of(event),
        "button_id": (event.reply.raw_id or "")[:256] if isinstance(event, ButtonTapped) else "",
        "context_wamid": (event.context_wamid or "")[:200],
        "sent_at": event.sent_at,
    }


def _content_of(event: Said) -> dict[str, Any]:
    """What it holds besides words, by the names of `domain.message_contents`; {} for nothing.

    referral, product, forwarded: beside the content, where the message has them.
    """
    found = asdict(event.content) if isinstance(event, OtherMessage) and event.content is not None else {}
    if event.referral is not None:
        found["referral"] = asdict(event.referral)
    if event.product is not None:
        found["product"] = asdict(event.product)
    if event.is_forwarded:
        found["forwarded"] = True
    return found


def keep_system(
    business_id: str, event: IdentityChanged, *, operator_id: str | None, contact: Contact | None, now: datetime
) -> bool:
    """Store one system message; False if it was stored before."""
    if was_kept(business_id, event.wamid):
        return False
    _, made = InboundMessage.objects.get_or_create(
        business_id=business_id,
        wamid=event.wamid[:200],
        defaults={
            "contact": contact,
            "operator_id": operator_id,
            "kind": "system",
            "text": event.kind,
            "handled": "identity",
            "sent_at": event.sent_at,
            "recorded_at": now,
        },
    )
    return made


def keep_echo(business_id: str, event: MessageEchoed, *, contact: Contact | None, now: datetime) -> None:
    """Store once what somebody of the business wrote to a contact in the WhatsApp Business app."""
    InboundMessage.objects.get_or_create(
        business_id=business_id,
        wamid=event.wamid[:200],
        defaults={
            "contact": contact,
            "kind": ECHO,
            "text": event.text,
            "handled": "echo",
            "sent_at": event.sent_at,
            "recorded_at": now,
        },
    )


def attach(business_id: str, wamid: str, contact: Contact) -> None:
    """Say whom a system message was about, once that is known."""
    InboundMessage.objects.filter(business_id=business_id, wamid=wamid[:200]).update(contact=contact)


def keep_code(business_id: str, event: TextReceived, *, now: datetime) -> None:
    """Remember that a code came in, without the code."""
    InboundMessage.objects.create(
        business_id=business_id,
        wamid=event.wamid[:200],
        kind="code",
        handled="code",
        sent_at=event.sent_at,
        recorded_at=now,
    )


def was_kept(business_id: str, wamid: str) -> bool:
    """True also for a message of somebody whose data was destroyed since: its repetition must not bring it back."""
    return InboundMessage.objects.filter(business_id=business_id, wamid__in=either(wamid[:200])).exists()


def note(row: InboundMessage, handled: str) -> None:
    """Remember in one word what was done."""
    InboundMessage.objects.filter(pk=row.pk).update(handled=handled[:40])


def kind_of(event: Said) -> str:
    match event:
        case ButtonTapped():
            return "button"
        case TextReceived():
            return "text"
        case OtherMessage():
            return event.type[:20]


def words_of(event: Said) -> str:
    match event:
        case ButtonTapped():
            return event.title
        case TextReceived():
            return event.text
        case OtherMessage():
            return event.caption or ""


def kept_kind(kind: str, content: Mapping[str, Any]) -> Text:
    """What kind of message was kept, in words."""
    return kind_words(VOICE if content.get("is_voice") is True else kind)


def as_said(words: str, kind: Text) -> Text:
    """What operators are shown of a message: its words, and what it is if it is more than words."""
    if words and kind == ANY_KIND:
        return Text(words, words)
    behind = f": {words}" if words else ""
    return Text(f"📎 {kind.ar}{behind}", f"📎 {kind.en}{behind}")


def since(contact_id: str, at: datetime, *, but: Collection[str]) -> list[Text]:
    """What a person said since then, as it was kept, the oldest first; but: messages that are left out."""
    rows = InboundMessage.objects.filter(contact=contact_id, recorded_at__gte=at).exclude(kind=ECHO)
    rows = rows.exclude(wamid__in=[wamid[:200] for wamid in but]).order_by("sent_at", "id")
    found = rows.values_list("text", "kind", "content")[:MOST_TOGETHER]
    return [as_said(text, kept_kind(kind, content)) for text, kind, content in found]


MOST_TOGETHER = 20
