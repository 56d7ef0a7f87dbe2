"""What Meta says of token, number, account and templates, judged. Sources: reference WA 5, 7 and 8; Meta, "Phone
number", "Health status", "Debug token", read 2026-11-23."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from wakeel.domain.checkup import Check, Finding, Grade, Values
from wakeel.domain.platform_words import QUALITY_WORDS
from wakeel.domain.sending_limits import UnknownLimit, people_a_day
from wakeel.domain.templates import ListedTemplate, may_be_sent
from wakeel.domain.words import Text

SCOPES = ("whatsapp_business_management", "whatsapp_business_messaging")
"""What the token must be allowed: reading the account, and sending."""
WARN_BEFORE = timedelta(days=14)
NAMED = 5
"""So many templates are named in one line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenFacts:
    """What `debug_token` says. expires_at: None for never. waba_ids: accounts it may manage, () if that is not said."""

    is_valid: bool
    app_id: str = ""
    kind: str = ""
    scopes: tuple[str, ...] = ()
    waba_ids: tuple[str, ...] = ()
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberFacts:
    """Our number in Meta's words; '' for what it left out. can_send: AVAILABLE, LIMITED or BLOCKED.

    callbacks: where its webhooks go, the number's own address before the account's before the app's.
    """

    phone: str = ""
    name: str = ""
    name_status: str = ""
    status: str = ""
    verification: str = ""
    quality: str = ""
    limit: str = ""
    throughput: str = ""
    can_send: str = ""
    callbacks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """One app that hears of the account. callback: the account's own address for it, '' for the app's."""

    app_id: str
    name: str = ""
    callback: str = ""


def judge_token(facts: TokenFacts, *, waba_id: str, now: datetime) -> Finding:
    """Valid, for long enough, and allowed to do what we do."""
    values: dict[str, str | int | Text] = {"kind": facts.kind or "—", "app": facts.app_id or "—"}
    if not facts.is_valid or (facts.expires_at is not None and facts.expires_at <= now):
        return Finding(Check.TOKEN, Grade.FAIL, _TOKEN_INVALID, _NEW_TOKEN, values)
    if missing := [scope for scope in SCOPES if scope not in facts.scopes]:
        values["scopes"] = ", ".join(missing)
        return Finding(Check.TOKEN, Grade.FAIL, _TOKEN_SCOPES, _NEW_TOKEN, values)
    if waba_id and facts.waba_ids and waba_id not in facts.waba_ids:
        return Finding(Check.TOKEN, Grade.FAIL, _TOKEN_ASSET, _GIVE_ASSET, values)
    if facts.expires_at is None:
        return Finding(Check.TOKEN, Grade.OK, _TOKEN_FINE, values=values)
    values["until"] = facts.expires_at.strftime("%Y-%m-%d")
    if facts.expires_at - now <= WARN_BEFORE:
        return Finding(Check.TOKEN, Grade.WARN, _TOKEN_ENDS, _NEW_TOKEN, values)
    return Finding(Check.TOKEN, Grade.OK, _TOKEN_UNTIL, values=values)


def judge_number(facts: NumberFacts) -> list[Finding]:
    """Whether it may send, how people rate it, and to how many it may write."""
    return [_number(facts), _quality(facts), _limit(facts)]


def _number(facts: NumberFacts) -> Finding:
    values = {
        "name": facts.name or "—", "status": facts.status or "—", "name_status": facts.name_status or "—",
        "can_send": facts.can_send or "—",
    }  # fmt: skip
    if facts.can_send == "BLOCKED" or facts.status in _OUT_OF_USE:
        return Finding(Check.NUMBER, Grade.FAIL, _NUMBER_BLOCKED, _IN_MANAGER, values)
    if facts.verification and facts.verification != "VERIFIED":
        return Finding(Check.NUMBER, Grade.FAIL, _NUMBER_UNVERIFIED, _VERIFY, values)
    if facts.can_send == "LIMITED" or (facts.status and facts.status != "CONNECTED"):
        return Finding(Check.NUMBER, Grade.WARN, _NUMBER_LIMITED, _IN_MANAGER, values)
    if facts.name_status and facts.name_status not in _NAME_FINE:
        return Finding(Check.NUMBER, Grade.WARN, _NAME_OPEN, _IN_MANAGER, values)
    return Finding(Check.NUMBER, Grade.OK, _NUMBER_FINE, values=values)


def _quality(facts: NumberFacts) -> Finding:
    values: Values = {"word": facts.quality or "—", "quality": QUALITY_WORDS.get(facts.quality, Text("—", "—"))}
    match facts.quality:
        case "RED":
            return Finding(Check.QUALITY, Grade.FAIL, _QUALITY, _QUALITY_LOW, values)
        case "YELLOW":
            return Finding(Check.QUALITY, Grade.WARN, _QUALITY, _QUALITY_LOW, values)
        case _:
            return Finding(Check.QUALITY, Grade.OK, _QUALITY, values=values)


def _limit(facts: NumberFacts) -> Finding:
    speed = facts.throughput or "—"
    if not facts.limit:
        return Finding(Check.LIMIT, Grade.WARN, _LIMIT_UNKNOWN, _IN_MANAGER, {"word": "—", "speed": speed})
    values: Values = {"word": facts.limit, "speed": speed}
    try:
        people = people_a_day(facts.limit)
    except UnknownLimit:
        return Finding(Check.LIMIT, Grade.WARN, _LIMIT_UNKNOWN, _IN_MANAGER, values)
    if people is None:
        return Finding(Check.LIMIT, Grade.OK, _NO_LIMIT, values=values)
    return Finding(Check.LIMIT, Grade.OK, _LIMIT, values={**values, "n": people})


def judge_subscription(
    apps: Sequence[Subscription], *, app_id: str, callbacks: Sequence[str], ours: str, waba_id: str
) -> Finding:
    """Whether our app hears of the account, at our address. app_id: of the token, '' if unknown. ours: the address that
    Meta should post to, '' if none is set."""
    mine = [app for app in apps if not app_id or app.app_id == app_id]
    if not mine:
        found = ", ".join(app.name or app.app_id for app in apps) or "—"
        return Finding(Check.SUBSCRIPTION, Grade.FAIL, _NOT_SUBSCRIBED, _SUBSCRIBE, {"apps": found, "waba_id": waba_id})
    values = {"app": mine[0].name or mine[0].app_id, "ours": ours}
    known = next(iter(callbacks), mine[0].callback)
    if ours and known and known != ours:
        return Finding(Check.SUBSCRIPTION, Grade.FAIL, _ELSEWHERE, _CALLBACK, values | {"theirs": known})
    return Finding(Check.SUBSCRIPTION, Grade.OK, _SUBSCRIBED, values=values)


def judge_templates(templates: Sequence[ListedTemplate]) -> Finding:
    """How many may be sent; those that may not are named."""
    if not templates:
        return Finding(Check.TEMPLATES, Grade.WARN, _NO_TEMPLATES, _PUSH)
    sendable = [one for one in templates if may_be_sent(one.status)]
    others = [one for one in templates if not may_be_sent(one.status)]
    values: dict[str, str | int | Text] = {"n": len(sendable), "all": len(templates)}
    if not others:
        return Finding(Check.TEMPLATES, Grade.OK, _TEMPLATES_FINE, values=values)
    values["named"] = ", ".join(f"{one.name} ({one.language}) {one.status}" for one in others[:NAMED])
    values["named"] = f"{values['named']} …" if len(others) > NAMED else values["named"]
    stopped = any(one.status in _TEMPLATE_STOPPED for one in others)
    return Finding(Check.TEMPLATES, Grade.WARN if stopped or not sendable else Grade.OK, _TEMPLATES, _TEMPLATE, values)


def judge_brief_template(languages: Sequence[str]) -> Finding:
    """Whether an operator whose window is closed can be reached. languages: in which the brief may be sent."""
    if not languages:
        return Finding(Check.BRIEF_TEMPLATE, Grade.WARN, _NO_BRIEF, _PUSH)
    return Finding(Check.BRIEF_TEMPLATE, Grade.OK, _BRIEF, values={"languages": ", ".join(languages)})


_OUT_OF_USE = frozenset({"BANNED", "DISCONNECTED", "DELETED", "MIGRATED", "UNVERIFIED"})
_NAME_FINE = frozenset({"APPROVED", "AVAILABLE_WITHOUT_REVIEW", "NONE"})
_TEMPLATE_STOPPED = frozenset({"PAUSED", "DISABLED", "REJECTED", "LIMIT_EXCEEDED"})

_IN_MANAGER = Text("انظر السبب والخطوات في مدير واتساب.", "WhatsApp Manager says why and what to do.")
_NEW_TOKEN = Text(
    "أنشئ رمزًا لمستخدم نظام بالصلاحيتين whatsapp_business_management وwhatsapp_business_messaging، "
    "واضبط WHATSAPP_ACCESS_TOKEN.",
    "Make a system user's token with whatsapp_business_management and whatsapp_business_messaging, and set "
    "WHATSAPP_ACCESS_TOKEN.",
)
_GIVE_ASSET = Text(
    "أضف الحساب إلى مستخدم النظام في إعدادات المنشأة، أو صحّح WHATSAPP_WABA_ID.",
    "Give the system user this account in the business settings, or correct WHATSAPP_WABA_ID.",
)
_TOKEN_INVALID = Text("الرمز غير صالح أو انتهى.", "It is not valid, or has expired.")
_TOKEN_SCOPES = Text("تنقصه صلاحيات: {scopes}.", "It lacks: {scopes}.")
_TOKEN_ASSET = Text("لا يصل إلى الحساب WHATSAPP_WABA_ID.", "It does not reach the account WHATSAPP_WABA_ID.")
_TOKEN_FINE = Text("صالح بلا موعد انتهاء ({kind}، التطبيق {app}).", "Valid without an end ({kind}, app {app}).")
_TOKEN_UNTIL = Text("صالح حتى {until} ({kind}، التطبيق {app}).", "Valid until {until} ({kind}, app {app}).")
_TOKEN_ENDS = Text("ينتهي في {until} ({kind}، التطبيق {app}).", "It ends on {until} ({kind}, app {app}).")

_NUMBER_FINE = Text("{name}: {status}، والإرسال {can_send}.", "{name}: {status}, sending {can_send}.")
_NUMBER_BLOCKED = Text("{name}: {status}، والإرسال محجوب ({can_send}).", "{name}: {status}, may not send ({can_send}).")
_NUMBER_LIMITED = Text("{name}: {status}، والإرسال مقيّد ({can_send}).", "{name}: {status}, limited ({can_send}).")
_NUMBER_UNVERIFIED = Text("لم يُتحقق من ملكية الرقم بعد.", "The number is not verified yet.")
_VERIFY = Text("أكمل التحقق من الرقم في مدير واتساب وسجّله.", "Verify and register it in WhatsApp Manager.")
_NAME_OPEN = Text("الاسم الظاهر لم يُعتمد بعد ({name_status}).", "The display name is not approved ({name_status}).")

_QUALITY = Text("{quality} [{word}].", "{quality} [{word}].")
_QUALITY_LOW = Text(
    "خفّف العروض، وراجع من حظر أو أبلغ؛ قد تخفض ميتا الحد أو توقف القوالب.",
    "Send fewer offers and look at who blocked or reported; Meta may lower the limit or pause templates.",
)
_LIMIT = Text("{n} شخص جديد في 24 ساعة [{word}]، والسرعة {speed}.", "{n} new people in 24 h [{word}], speed {speed}.")
_NO_LIMIT = Text("بلا حد [{word}]، والسرعة {speed}.", "Unlimited [{word}], speed {speed}.")
_LIMIT_UNKNOWN = Text("الحد غير معروف [{word}].", "The limit is not known [{word}].")

_SUBSCRIBED = Text("التطبيق {app} مشترك في الحساب.", "The app {app} is subscribed to the account.")
_NOT_SUBSCRIBED = Text("تطبيقنا غير مشترك في الحساب؛ المشترك: {apps}.", "Our app is not subscribed, but {apps}.")
_SUBSCRIBE = Text(
    "أرسل POST /{waba_id}/subscribed_apps مرة واحدة؛ الخطوات في docs/go-live.ar.md.",
    "POST /{waba_id}/subscribed_apps once; the steps are in docs/go-live.md.",
)
_ELSEWHERE = Text("إشعارات ميتا تذهب إلى {theirs}.", "Meta posts to {theirs}.")
_CALLBACK = Text(
    "اضبط عنوان الاستقبال في لوحة التطبيق على {ours}.", "Set the callback URL in the App Dashboard to {ours}."
)

_TEMPLATES_FINE = Text("{n} صالحة للإرسال.", "{n} may be sent.")
_TEMPLATES = Text("{n} من {all} صالحة للإرسال؛ غيرها: {named}.", "{n} of {all} may be sent; the others: {named}.")
_TEMPLATE = Text("انظر أسبابها في صفحة القوالب أو مدير واتساب.", "The templates page and WhatsApp Manager say why.")
_NO_TEMPLATES = Text(
    "لا قوالب في الحساب: خارج نافذة 24 ساعة لا يمكن إرسال شيء.",
    "The account has none: outside the 24-hour window nothing can be sent.",
)
_PUSH = Text("شغّل wakeel templates push وانتظر اعتماد ميتا.", "Run wakeel templates push and wait for Meta's approval.")
_BRIEF = Text("معتمد ({languages}).", "Approved ({languages}).")
_NO_BRIEF = Text(
    "لا قالب معتمد لموجز المشغّل: من سكت 24 ساعة لا تصله بطاقات.",
    "No approved brief for operators: whoever was silent for 24 hours gets no cards.",
)
