"""Why a message left or did not: its whole life, every verdict given again from what is kept. Reads only."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from wakeel import config
from wakeel.domain.answers import PURPOSE_WORDS
from wakeel.domain.consent import Category
from wakeel.domain.consent_words import CATEGORY_WORDS
from wakeel.domain.gate import decide, preview
from wakeel.domain.gate_json import request_from
from wakeel.domain.gate_request import Verdict
from wakeel.domain.outbox import OutboxState
from wakeel.domain.policy import policy_from
from wakeel.domain.statuses import MessageStatus
from wakeel.domain.words import Text
from wakeel.flows.message_life import Happening, What, in_order, life
from wakeel.flows.reply import Value, reason_words, state_words
from wakeel.flows.tell_operator import NOTICE
from wakeel.store import person_facts
from wakeel.store.models import Attempt, OutboxMessage, PolicyRow, VerdictRow


@dataclass(frozen=True, slots=True)
class Replayed:
    """One stored verdict. again: the verdict given anew from the stored request, policy and ledger; None if something
    of it is gone (the person was erased). differences: field names in which the two differ."""

    row: VerdictRow
    again: Verdict | None
    differences: tuple[str, ...]

    @property
    def is_same(self) -> bool:
        return self.again is not None and not self.differences


@dataclass(frozen=True, slots=True)
class Explanation:
    """One message with its verdicts and attempts, oldest first."""

    message: OutboxMessage
    verdicts: tuple[Replayed, ...]
    attempts: tuple[Attempt, ...]

    @property
    def is_proven(self) -> bool:
        """Every verdict comes out again as it was stored."""
        return all(verdict.is_same for verdict in self.verdicts)


def explain(name: str) -> Explanation | None:
    """name: id of the outbox message, of its draft (the newest message of it), or a wamid; None if there is none."""
    rows = OutboxMessage.objects.select_related("draft", "contact")
    message = (
        rows.filter(pk=name).first()
        or rows.filter(wamid=name).first()
        or rows.filter(draft=name).order_by("-created_at", "-id").first()
    )
    if message is None:
        return None
    found = VerdictRow.objects.filter(outbox=message)
    if message.draft_id:
        found |= _planned(message)
    return Explanation(
        message,
        tuple(_replayed(row) for row in found.order_by("at", "id")),
        tuple(message.attempts.order_by("number")),
    )


def _planned(message: OutboxMessage) -> QuerySet[VerdictRow]:
    """What was said when it was approved, and when it was released after a reply; not what led to its successor."""
    rows = VerdictRow.objects.filter(draft=message.draft_id, phase="plan")
    later = OutboxMessage.objects.filter(draft=message.draft_id, id__gt=message.id).order_by("id").first()
    return rows if later is None else rows.filter(at__lt=later.created_at)


def _replayed(row: VerdictRow) -> Replayed:
    policy = PolicyRow.objects.filter(pk=row.policy_version).first()
    if policy is None or not row.request:
        return Replayed(row, None, ())
    rules = policy_from(policy.document)
    # Read first without the ledger, to learn about whom it must be asked.
    subject = request_from(row.request, events=(), policy=rules).recipient.subject
    events = person_facts.entries_of(row.business_id, subject, until_seq=row.ledger_seq)
    request = request_from(row.request, events=events, policy=rules)
    again = preview(request, now=row.at) if row.phase == "plan" else decide(request, now=row.at)
    return Replayed(row, again, tuple(_differences(row, again)))


def _differences(row: VerdictRow, again: Verdict) -> Iterator[str]:
    pairs = {
        "answer": (row.answer, again.answer.value),
        "code": (row.code, again.code.value),
        "all_codes": (row.all_codes, [code.value for code in again.all_codes]),
        "next_allowed_at": (row.next_allowed_at, again.next_allowed_at),
        "grant_id": (row.grant_id, again.grant_id),
        "policy_version": (row.policy_version, again.policy_version),
    }
    return (name for name, (stored, now) in pairs.items() if stored != now)


def happenings(found: Explanation) -> tuple[Happening, ...]:
    """Its whole life with the verdicts in their places."""
    told = (_verdict(one) for one in found.verdicts)
    return in_order([*life(found.message), *told])


def in_words(found: Explanation, *, language: str) -> Iterator[str]:
    """One line each, without names, numbers or texts: what it is now, then everything in order, by our clock."""
    yield _head(found.message, language)
    for one in happenings(found):
        values = {name: _said(value, language) for name, value in one.values.items()}
        yield f"  {_moment(one.at)}  {one.words.say(language, **values)}"


def as_document(found: Explanation) -> dict[str, object]:
    """The same for programs; times carry the offset of the business's zone."""
    message = found.message
    life_of_it = [_written({"at": one.at, "what": one.what.value, **one.facts}) for one in happenings(found)]
    return {
        "message": message.id, "draft": message.draft_id, "version": message.draft_version, "state": message.state,
        "hold_code": message.hold_code or None, "status": message.status, "category": message.category,
        "purpose": message.purpose or None, "intent": message.intent or None, "digest": message.digest,
        "wamid": message.wamid, "attempts": message.fence, "is_proven": found.is_proven, "life": life_of_it,
    }  # fmt: skip


def _written(facts: dict[str, object]) -> dict[str, object]:
    return {name: _local(one).isoformat() if isinstance(one, datetime) else one for name, one in facts.items()}


def _head(message: OutboxMessage, language: str) -> str:
    """Its id, what it is now, since what it is held for or when it may leave, and what kind of message it is."""
    said = [message.id, state_words("sent" if message.state == OutboxState.ACCEPTED else message.state).say(language)]
    if message.status not in {None, MessageStatus.ACCEPTED, MessageStatus.SENT}:
        said.append(state_words(message.status or "").say(language))
    if message.hold_code:
        said.append(message.hold_code)
    if message.state == OutboxState.PENDING:
        said.append(_FROM.say(language, t=_moment(message.due_at)))
    said.append(CATEGORY_WORDS[Category(message.category)].say(language))
    if message.purpose == NOTICE:
        said.append(_NOTICE.say(language))
    elif message.purpose:
        said.append(PURPOSE_WORDS.get(message.purpose, Text(message.purpose, message.purpose)).say(language))
    return "  ".join(said)


_NOTICE = Text("تنبيه للمشغّل", "notice to an operator")
_FROM = Text("لا تخرج قبل {t}", "not before {t}")
_PHASES = {
    "plan": Text("الفحص عند الاعتماد", "gate, when approving"),
    "claim": Text("الفحص عند الخروج", "gate, when leaving"),
}
_LINE = Text(
    "{phase}: {answer} {code}{until}: {reason} [السجل {seq}، السياسة {policy}، الموافقة {grant}]. {replay}",
    "{phase}: {answer} {code}{until}: {reason} [ledger {seq}, policy {policy}, grant {grant}] – {replay}",
)
_SAME = Text("أُعيد الحكم فكان نفسه", "replayed, the same")
_GONE = Text("تتعذّر إعادة الحكم: مُحي ما بُني عليه", "cannot be given again: what it rested on was erased")
_DIFFERS = Text("أُعيد الحكم فاختلف في: {names}", "REPLAY DIFFERS in {names}")


def _verdict(verdict: Replayed) -> Happening:
    row = verdict.row
    values: dict[str, Value] = {
        "phase": _PHASES[row.phase], "answer": row.answer.upper(), "code": row.code, "seq": row.ledger_seq,
        "until": f" → {_moment(row.next_allowed_at)}" if row.next_allowed_at else "",
        "reason": Text(*(_plain(reason_words(row.code, row.facts, language)) for language in ("ar", "en"))),
        "policy": row.policy_version, "grant": row.grant_id or "—", "replay": _replay_words(verdict),
    }  # fmt: skip
    facts: dict[str, object] = {
        "phase": row.phase, "answer": row.answer, "code": row.code, "all_codes": row.all_codes,
        "next_allowed_at": row.next_allowed_at, "grant_id": row.grant_id,
        "policy_version": row.policy_version, "ledger_seq": row.ledger_seq, "is_same_again": verdict.is_same,
        "differences": list(verdict.differences),
    }  # fmt: skip
    return Happening(row.at, What.VERDICT, _LINE, values, facts)


def _replay_words(verdict: Replayed) -> Text:
    if verdict.again is None:
        return _GONE
    if not verdict.differences:
        return _SAME
    return Text(*(_DIFFERS.say(language, names=", ".join(verdict.differences)) for language in ("ar", "en")))


def _plain(words: str) -> str:
    """Braces of outside words are not values of ours."""
    return words.replace("{", "{{").replace("}", "}}")


def _said(value: Value, language: str) -> object:
    if isinstance(value, datetime):
        return _moment(value)
    return value.say(language) if isinstance(value, Text) else value


def _local(at: datetime) -> datetime:
    return at.astimezone(ZoneInfo(config.get().time_zone))


def _moment(at: datetime) -> str:
    """To the second, by the business's clock, with its offset."""
    return _local(at).isoformat(sep=" ", timespec="seconds")
