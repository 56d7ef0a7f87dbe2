"""Everything that happened to one message, in order, without names, numbers or texts. Reads only.

Ordered by when it became known here, in business time: an answer is dated by its attempt's claim and how long it took,
because attempts run on real time and practice runs ahead of it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from django.db.models import Q

from wakeel.domain.answers import SCOPE_WORDS
from wakeel.domain.outbox import UNCLAIMED
from wakeel.domain.prices import category_words, type_words
from wakeel.domain.statuses import MessageStatus
from wakeel.domain.stop_switches import Scope
from wakeel.domain.words import Text
from wakeel.flows.reply import Value, state_words
from wakeel.store.models import (
    Approval,
    Attempt,
    Decision,
    DraftVersion,
    InboundMessage,
    OutboxMessage,
    StatusEvent,
    StopEvent,
)
from wakeel.whatsapp.errors import reason


class What(StrEnum):
    """In the order of cause and effect, for what happened at one instant."""

    VERSION = "version"
    DECISION = "decision"
    VERDICT = "verdict"
    APPROVAL = "approval"
    REVOKED = "approval_revoked"
    QUEUED = "queued"
    WROTE = "contact_wrote"
    STOPPED = "stop_pressed"
    RELEASED = "stop_released"
    RECALLED = "recalled"
    ATTEMPT = "attempt"
    ANSWER = "answer"
    STATUS = "status"
    SETTLED = "settled"
    INCIDENT = "incident"


_PLACE = {what: place for place, what in enumerate(What)}


@dataclass(frozen=True, slots=True)
class Happening:
    """at: when we knew of it. words with values: what to say. facts: the same for programs, stored words unchanged,
    instants as they are."""

    at: datetime
    what: What
    words: Text
    values: dict[str, Value] = field(default_factory=dict)
    facts: dict[str, object] = field(default_factory=dict)


def in_order(happenings: Iterable[Happening]) -> tuple[Happening, ...]:
    return tuple(sorted(happenings, key=lambda one: (one.at, _PLACE[one.what])))


def life(message: OutboxMessage) -> Iterator[Happening]:
    """All but the verdicts, in no order."""
    yield _queued(message)
    if message.draft_id is not None:
        yield from _of_draft(message)
    attempts = list(message.attempts.order_by("number"))
    statuses = list(StatusEvent.objects.filter(attempt__in=attempts).order_by("id"))
    for attempt in attempts:
        yield from _of_attempt(attempt)
    yield from map(_status, statuses)
    yield from _incidents(message, attempts, statuses)
    yield from _holds(message, attempts)


_QUEUED = Text("دخلت صندوق الصادر", "queued")
_MACHINE = Text("آليًا", "the machine")
_VERSION = Text("النسخة {version} من المسودة، كتبها: {by}", "draft version {version}, by {by}")
_APPROVED = Text(
    "اعتماد النسخة {version}: {by}، {via}. البصمة {digest}، الموافقة {grant}، ينتهي {until}",
    "version {version} approved by {by}, {via}: digest {digest}, consent {grant}, until {until}",
)
_REVOKED = Text("سقط اعتماد النسخة {version}", "the approval of version {version} was taken back")
_DECIDED = Text("قرار «{action}»: {by}، {via} ({answer})", "decision “{action}” by {by}, {via} ({answer})")
_NOTHING_DONE = Text(
    "قرار «{action}»: {by}، {via}. لم يتغيّر شيء ({answer})",
    "decision “{action}” by {by}, {via}: nothing changed ({answer})",
)
_ACTIONS = {
    "approve": Text("اعتماد", "approve"),
    "edit": Text("تعديل", "edit"),
    "cancel": Text("إلغاء", "cancel"),
    "text": Text("نص جديد", "new text"),
    "it_arrived": Text("وصلت", "it arrived"),
    "send_again": Text("لم تصل: إرسال من جديد", "it did not arrive: send again"),
    "retry": Text("إعادة المحاولة", "try again"),
    "give_up": Text("إغلاق دون إرسال", "give up"),
    "stop_retry": Text("إيقاف المحاولات", "stop retrying"),
}
_VIA = {"phone": Text("من الجوال", "on the phone"), "screen": Text("من الشاشة", "on the screen")}


def _queued(message: OutboxMessage) -> Happening:
    facts = _facts(request_key=message.request_key, digest=message.digest, version=message.draft_version)
    return Happening(message.created_at, What.QUEUED, _QUEUED, {}, facts)


def _of_draft(message: OutboxMessage) -> Iterator[Happening]:
    versions = DraftVersion.objects.filter(draft=message.draft_id, number__lte=message.draft_version or 0)
    for version in versions.order_by("number"):
        by = version.author_id or _MACHINE
        said: dict[str, Value] = {"version": version.number, "by": by}
        yield Happening(
            version.created_at, What.VERSION, _VERSION, said, _facts(version=version.number, by=version.author_id)
        )
    for row in Approval.objects.filter(draft=message.draft_id, version=message.draft_version or 0):
        said = {
            "version": row.version, "by": row.operator_id, "via": _VIA[row.via], "digest": row.digest,
            "grant": row.grant_id or "—", "until": row.expires_at,
        }  # fmt: skip
        facts = _facts(
            approval=row.id, version=row.version, by=row.operator_id, via=row.via, digest=row.digest,
            grant_id=row.grant_id, expires_at=row.expires_at, is_of_this_message=row.digest == message.digest,
        )  # fmt: skip
        yield Happening(row.approved_at, What.APPROVAL, _APPROVED, said, facts)
        if row.revoked_at is not None:
            yield Happening(row.revoked_at, What.REVOKED, _REVOKED, {"version": row.version}, _facts(approval=row.id))
    for decision in Decision.objects.filter(draft=message.draft_id).order_by("id"):
        words = _DECIDED if decision.carried_out else _NOTHING_DONE
        said = {
            "action": _ACTIONS.get(decision.action, decision.action),
            "by": decision.operator_id,
            "via": _VIA[decision.via],
            "answer": decision.answer,
        }
        facts = _facts(
            action=decision.action, by=decision.operator_id, via=decision.via, version=decision.version,
            answer=decision.answer, carried_out=decision.carried_out,
        )  # fmt: skip
        yield Happening(decision.at, What.DECISION, words, said, facts)


_ATTEMPT = Text("المحاولة {number}: {id}", "attempt {number}: {id}")
_ANSWERED = Text(
    "جواب المحاولة {number}: {outcome}{http}{wamid}{code}", "attempt {number}: {outcome}{http}{wamid}{code}"
)
_HTTP = Text("، HTTP {status}", ", HTTP {status}")
_WAMID = Text("، {wamid}", ", {wamid}")
_NOT_SENT = Text("لم يُكتب الطلب أصلًا", "the request was never written")
_SETTLED = Text("حسم المحاولة {number}: {by}", "attempt {number} settled by {by}")
_FAILURE = Text("، {code}: {why}", ", {code}: {why}")


def _of_attempt(attempt: Attempt) -> Iterator[Happening]:
    facts = _facts(attempt=attempt.id, number=attempt.number, request_key=attempt.request_key)
    yield Happening(attempt.claimed_at, What.ATTEMPT, _ATTEMPT, {"number": attempt.number, "id": attempt.id}, facts)
    if attempt.ended_at is None:
        return
    answered_at = attempt.claimed_at + (attempt.ended_at - attempt.started_at)
    outcome = (
        _NOT_SENT if attempt.outcome == "not_sent" else state_words(_SAID_AS.get(attempt.outcome, attempt.outcome))
    )
    said: dict[str, Value] = {
        "number": attempt.number,
        "outcome": outcome,
        "http": _with(_HTTP, status=attempt.http_status) if attempt.http_status else "",
        "wamid": _with(_WAMID, wamid=attempt.wamid) if attempt.wamid else "",
        "code": _failure(attempt.failure_code, attempt.details if attempt.outcome == "failed" else ""),
    }
    facts = _facts(
        attempt=attempt.id, number=attempt.number, outcome=attempt.outcome, http_status=attempt.http_status,
        wamid=attempt.wamid, message_status=attempt.message_status or None, failure_code=attempt.failure_code,
        took_s=(attempt.ended_at - attempt.started_at).total_seconds(),
    )  # fmt: skip
    yield Happening(answered_at, What.ANSWER, _ANSWERED, said, facts)
    if attempt.settled_by:
        said = {"number": attempt.number, "by": attempt.settled_by}
        yield Happening(answered_at, What.SETTLED, _SETTLED, said, _facts(attempt=attempt.id, by=attempt.settled_by))


_SAID_AS = {"accepted": "sent"}


def _failure(code: int | None, details: str) -> Value:
    """Meta's code or our own client's word, and what it means; details of Meta's are outside text and stay away."""
    if code is None and not details:
        return ""
    why = reason(code, details=details)
    shown = code if code is not None else details
    return Text(*(_FAILURE.say(language, code=shown, why=why.say(language)) for language in ("ar", "en")))


def _with(text: Text, **values: object) -> Text:
    return Text(text.say("ar", **values), text.say("en", **values))


_STATUS = Text("حالة من واتساب: {status}، بتاريخ {at}{code}{price}", "status {status}, dated {at}{code}{price}")
_PRICE = Text("، تُحتسب {category}، {kind}", ", charged as {category}, {kind}")


def _status(row: StatusEvent) -> Happening:
    price: Value = ""
    if row.pricing_category or row.pricing_type:
        category, kind = category_words(row.pricing_category), type_words(row.pricing_type)
        said_so = (_PRICE.say(lang, category=category.say(lang), kind=kind.say(lang)) for lang in ("ar", "en"))
        price = Text(*said_so)
    said: dict[str, Value] = {
        "status": state_words(row.status), "at": row.at, "code": _failure(row.failure_code, ""), "price": price,
    }  # fmt: skip
    facts = _facts(
        status=row.status, dated_at=row.at, wamid=row.wamid, failure_code=row.failure_code,
        pricing_category=row.pricing_category or None, pricing_type=row.pricing_type or None,
    )  # fmt: skip
    return Happening(row.recorded_at, What.STATUS, _STATUS, said, facts)


_ARRIVED_AFTER_ALL = Text(
    "واقعة: عُدّت المحاولة {number} غير واصلة ثم ثبت أن واتساب أخذها، فقد تكون وصلت مرتين",
    "incident: attempt {number} was taken as not arrived, and WhatsApp had it after all; it may have arrived twice",
)
_FAILED_AND_ARRIVED = Text(
    "واقعة: أُبلغ عن فشل المحاولة {number} ثم ثبت وصولها",
    "incident: attempt {number} was reported failed and arrived after all",
)
_LEFT_ANYWAY = Text("واقعة: خرجت رغم طلب إيقافها", "incident: it left although it was recalled")


def _incidents(message: OutboxMessage, attempts: list[Attempt], statuses: list[StatusEvent]) -> Iterator[Happening]:
    """What a person should know when they ask whether it arrived, and how often."""
    arrived = {MessageStatus.DELIVERED, MessageStatus.READ}
    for attempt in attempts:
        news = [row for row in statuses if row.attempt_id == attempt.id]
        said: dict[str, Value] = {"number": attempt.number}
        if attempt.number < message.fence and attempt.settled_by and attempt.wamid and news:
            yield Happening(news[0].recorded_at, What.INCIDENT, _ARRIVED_AFTER_ALL, said, _facts(attempt=attempt.id))
        if any(row.status == MessageStatus.FAILED for row in news):
            for row in [row for row in news if row.status in arrived][:1]:
                yield Happening(row.recorded_at, What.INCIDENT, _FAILED_AND_ARRIVED, said, _facts(attempt=attempt.id))
    last = attempts[-1] if attempts else None
    if message.recalled_at is not None and last is not None and last.outcome == "accepted":
        yield Happening(max(message.recalled_at, last.claimed_at), What.INCIDENT, _LEFT_ANYWAY)


_STOPPED = Text("مفتاح الإيقاف: {scope}، ضغطه {by}{reason}", "stop switch pressed for {scope} by {by}{reason}")
_RELEASED = Text("استئناف الإرسال: {scope}، {by}، {how}", "stop switch released for {scope} by {by}: {how}")
_SEND = Text("يخرج ما لم يتغيّر", "what is unchanged leaves")
_ASK = Text("يُسأل عن كل رسالة من جديد", "every message is asked again")
_RECALLED = Text("طُلب إيقافها وهي في طريقها", "recalled while it was leaving")
_WROTE = Text("كتبت جهة الاتصال", "the contact wrote")


def _holds(message: OutboxMessage, attempts: list[Attempt]) -> Iterator[Happening]:
    """Switches that covered it and words of its contact, from its approval until it left or was taken back."""
    ends = message.updated_at
    if attempts and message.state not in UNCLAIMED:
        ends = attempts[-1].claimed_at
    during = {"at__gte": message.created_at} | ({} if message.state in UNCLAIMED else {"at__lte": ends})
    ours = (
        Q(scope=Scope.EVERYWHERE)
        | Q(scope=Scope.BUSINESS, target=message.business_id)
        | Q(scope=Scope.NUMBER, target=message.number_id)
    )
    yield from map(_stop, StopEvent.objects.filter(ours, **during).order_by("id"))
    if message.recalled_at is not None:
        yield Happening(message.recalled_at, What.RECALLED, _RECALLED)
    if message.contact_id is not None:
        wrote = InboundMessage.objects.filter(contact=message.contact_id, recorded_at__gte=message.created_at)
        for row in wrote.filter(recorded_at__lte=ends).order_by("id"):
            yield Happening(row.recorded_at, What.WROTE, _WROTE, {}, _facts(wamid=row.wamid, handled=row.handled))


def _stop(row: StopEvent) -> Happening:
    said: dict[str, Value] = {"scope": SCOPE_WORDS[row.scope], "by": row.by or "—"}
    facts = _facts(scope=row.scope, by=row.by, reason=row.reason or None, send=row.send)
    if row.kind == StopEvent.Kind.PRESSED:
        said["reason"] = f" ({row.reason})" if row.reason else ""
        return Happening(row.at, What.STOPPED, _STOPPED, said, facts)
    return Happening(row.at, What.RELEASED, _RELEASED, {**said, "how": _SEND if row.send else _ASK}, facts)


def _facts(**named: object) -> dict[str, object]:
    """Without what is not known."""
    return {name: value for name, value in named.items() if value is not None}
