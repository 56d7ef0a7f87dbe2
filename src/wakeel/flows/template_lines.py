"""What is known of our templates and numbers, as lines for a terminal. Meta's own words stay."""

from collections.abc import Iterator
from datetime import datetime

from wakeel.domain.reason_values import STATUS_WORDS
from wakeel.domain.words import Language, Text
from wakeel.flows.ready_templates import ready
from wakeel.flows.reply import local_time
from wakeel.flows.starter_templates import OPERATOR_BRIEF
from wakeel.store import businesses, template_texts, templates
from wakeel.store.models import SendingNumber, Template, TemplateText

_NONE = Text("لا قوالب محفوظة بعد: شغّل wakeel templates pull", "no templates yet: run wakeel templates pull")
_NUMBER = Text("رقم الإرسال {id}: {facts}", "Sending number {id}: {facts}")
_QUALITY = Text("الجودة {word}", "quality {word}")
_LIMIT = Text("حد المراسلة اليومي {n}", "{n} people a day")
_SPEED = Text("{n} رسالة في الثانية", "{n} messages a second")
_STATE = Text("حالة الحساب {word}", "account {word}")
_UNTIL = Text("حتى {t}", "until {t}")
_FROM = Text("اعتبارًا من {t}", "from {t}")
_PENDING = Text("يصبح {word}", "becomes {word}")
_ONLY_HERE = Text("محفوظ هنا ولم يُرسل إلى واتساب للمراجعة", "written here, not submitted to WhatsApp")
_ASKED = Text("بانتظار إرساله إلى واتساب للمراجعة", "waits to be submitted to WhatsApp")
_REFUSED = Text("لم يقبله واتساب: {words}", "WhatsApp did not take it: {words}")
_NO_BRIEF = Text(
    "لا قالب معتمد لموجز المشغّل: من أغلق واتساب نافذته لا تصله بطاقات. أرسل القوالب الجاهزة: wakeel templates push",
    "no approved operator brief: no card reaches an operator whose window is closed. Submit the ready ones: "
    "wakeel templates push",
)
_PULLED = Text("آخر قراءة {t}", "read {t}")


def template_lines(business_id: str, *, language: str) -> Iterator[str]:
    """One line a number, then one a template, by name; then our own versions that are not at WhatsApp."""
    for number in businesses.numbers_of(business_id):
        yield _NUMBER.say(language, id=number.phone_number_id, facts=", ".join(_facts(number, language)) or "—")
        rows = templates.of_account(business_id, number.waba_id)
        yield from (_line(row, language) for row in rows)
        if not rows:
            yield _NONE.say(language)
    yield from (_own_line(row, language) for row in template_texts.newest(business_id) if row.submitted_at is None)
    if not any(ready(business_id, OPERATOR_BRIEF, language=each) for each in Language):
        yield _NO_BRIEF.say(language)


def _own_line(row: TemplateText, language: str) -> str:
    """Of a version that is not at WhatsApp."""
    if row.refused:
        said = _REFUSED.say(language, words=row.refused)
    else:
        said = (_ONLY_HERE if row.asked_at is None else _ASKED).say(language)
    return f"{row.meta_name} ({row.language})  {said}"


def _facts(number: SendingNumber, language: str) -> Iterator[str]:
    if number.quality:
        yield _QUALITY.say(language, word=number.quality)
    if number.messaging_limit is not None:
        yield _LIMIT.say(language, n=number.messaging_limit)
    if number.throughput_mps is not None:
        yield _SPEED.say(language, n=number.throughput_mps)
    if number.account_state:
        yield _STATE.say(language, word=_named(number.account_state, language))
        yield from _until(number.account_until, language)


def _line(row: Template, language: str) -> str:
    parts = [f"{row.name} ({row.language})", _named(row.status, language) if row.status else "—"]
    parts += [word for word in (row.category, row.quality) if word]
    parts += _until(row.paused_until, language)
    if row.pending_category and row.pending_category != row.category:
        parts.append(_PENDING.say(language, word=row.pending_category))
        if row.pending_category_at is not None:
            parts.append(_FROM.say(language, t=local_time(row.pending_category_at, language)))
    if row.pulled_at is not None:
        parts.append(_PULLED.say(language, t=local_time(row.pulled_at, language)))
    return "  ".join(parts)


def _until(at: datetime | None, language: str) -> list[str]:
    return [] if at is None else [_UNTIL.say(language, t=local_time(at, language))]


def _named(word: str, language: str) -> str:
    """In words, and Meta's word beside them."""
    said = STATUS_WORDS.get(word)
    return word if said is None else f"{said.say(language)} [{word}]"
