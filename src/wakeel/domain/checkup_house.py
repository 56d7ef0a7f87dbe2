"""What is found on our own side: database, worker, clock, webhook; judged from plain facts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus

from wakeel.domain.checkup import Check, Finding, Grade, Values
from wakeel.domain.words import Text

CLOCK_WARN, CLOCK_FAIL = timedelta(seconds=10), timedelta(seconds=60)
"""A window is closed 120 s early (design, gate): a clock that is wrong by a minute has used half of that."""
WORKER_ALIVE = timedelta(seconds=30)
BACKLOG_WARN = timedelta(seconds=30)
DISK_WARN_MB, DISK_FAIL_MB = 2_000, 200
HOURS_FROM = 120
"""So many minutes and more are told in hours."""
SLOW_MS = 1_000
"""Meta asks for less than one in a hundred answers above a second (reference WA 3.2)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Knock:
    """What our webhook's address answered. fault: unreachable, timeout or certificate; '' if it answered.

    believes_anybody: it repeats the challenge for a wrong verify token too. signed, forged: HTTP status of a webhook
    with the right and with a wrong signature.
    """

    url: str
    fault: str = ""
    repeats_challenge: bool = False
    believes_anybody: bool = False
    signed: int = 0
    forged: int = 0
    took_ms: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatorFacts:
    """One active operator's phone."""

    name: str
    window_is_open: bool


def judge_faults(faults: Sequence[str]) -> list[Finding]:
    """One line a fault of the settings, each in the settings' own words; nothing else can be looked at then."""
    return [Finding(Check.SETTINGS, Grade.FAIL, _FAULT, _CORRECT, {"fault": fault}) for fault in faults]


def judge_clock(meta_at: datetime | None, *, real_now: datetime, offset: timedelta) -> Finding:
    """Our clock beside Meta's. meta_at: None if nobody told the time. offset: how far practice time is ahead."""
    if offset:
        hours = round(offset / timedelta(hours=1), 1)
        return Finding(Check.CLOCK, Grade.OK, _PRACTICE_CLOCK, values={"hours": str(hours)})
    if meta_at is None:
        return Finding(Check.CLOCK, Grade.SKIPPED, _NO_CLOCK)
    apart = abs(real_now - meta_at)
    grade = Grade.FAIL if apart > CLOCK_FAIL else Grade.WARN if apart > CLOCK_WARN else Grade.OK
    advice = None if grade is Grade.OK else _SET_CLOCK
    return Finding(Check.CLOCK, grade, _CLOCK, advice, {"s": round(apart.total_seconds())})


def judge_worker(age_s: float | None, *, waiting_s: float | None) -> list[Finding]:
    """age_s: of its last sign of life, None if it never ran. waiting_s: of the oldest unread webhook, None if none."""
    if age_s is None or age_s > WORKER_ALIVE.total_seconds():
        what = _NEVER_WORKED if age_s is None else _WORKER_SILENT
        worker = Finding(Check.WORKER, Grade.FAIL, what, _START_WORKER, {"s": round(age_s or 0)})
    else:
        worker = Finding(Check.WORKER, Grade.OK, _WORKS, values={"s": round(age_s)})
    if waiting_s is not None and waiting_s > BACKLOG_WARN.total_seconds():
        return [worker, Finding(Check.INBOX, Grade.WARN, _BACKLOG, _BACKLOG_WHY, {"s": round(waiting_s)})]
    return [worker, Finding(Check.INBOX, Grade.OK, _NO_BACKLOG)]


def judge_disk(free_mb: int) -> Finding:
    """Room where the data is."""
    grade = Grade.FAIL if free_mb < DISK_FAIL_MB else Grade.WARN if free_mb < DISK_WARN_MB else Grade.OK
    return Finding(Check.DISK, grade, _DISK, None if grade is Grade.OK else _MAKE_ROOM, {"mb": free_mb})


def judge_operators(operators: Sequence[OperatorFacts]) -> Finding:
    """Somebody must be there to decide, and reachable."""
    if not operators:
        return Finding(Check.OPERATORS, Grade.FAIL, _NOBODY, _ENROL)
    closed = [one.name for one in operators if not one.window_is_open]
    values: Values = {"n": len(operators), "names": ", ".join(closed)}
    if closed:
        return Finding(Check.OPERATORS, Grade.WARN, _CLOSED_WINDOWS, _WRITE_A_WORD, values)
    return Finding(Check.OPERATORS, Grade.OK, _OPERATORS, values=values)


def judge_last_webhook(seen_at: datetime | None, *, real_now: datetime) -> Finding:
    """seen_at: real time of the last one about our number; None for never."""
    if seen_at is None:
        return Finding(Check.LAST_WEBHOOK, Grade.WARN, _NEVER_SEEN, _WRITE_TO_NUMBER)
    minutes = round((real_now - seen_at) / timedelta(minutes=1))
    if minutes < HOURS_FROM:
        return Finding(Check.LAST_WEBHOOK, Grade.OK, _SEEN_LATELY, values={"minutes": minutes})
    return Finding(Check.LAST_WEBHOOK, Grade.OK, _SEEN, values={"hours": round(minutes / 60)})


def judge_knock(knock: Knock, *, is_public: bool) -> list[Finding]:
    """Two lines: whether the address is ours and reachable, and whether it believes signed webhooks only.

    is_public: False if only the address on this machine is known, although Meta should reach it.
    """
    if knock.fault:
        what = _FAULTS[knock.fault]
        found = Finding(Check.WEBHOOK, Grade.FAIL, what, _REACH, {"url": knock.url})
        return [found, Finding(Check.SIGNATURE, Grade.SKIPPED, _NOT_REACHED)]
    return [_address(knock, is_public=is_public), _signature(knock)]


def _address(knock: Knock, *, is_public: bool) -> Finding:
    values: Values = {"url": knock.url, "ms": knock.took_ms}
    if not knock.repeats_challenge:
        return Finding(Check.WEBHOOK, Grade.FAIL, _NO_CHALLENGE, _SAME_TOKEN, values)
    if knock.believes_anybody:
        return Finding(Check.WEBHOOK, Grade.FAIL, _ANY_TOKEN, _WHO_ANSWERS, values)
    if not is_public:
        return Finding(Check.WEBHOOK, Grade.WARN, _WEBHOOK, _SAY_ADDRESS, values)
    if knock.took_ms > SLOW_MS:
        return Finding(Check.WEBHOOK, Grade.WARN, _WEBHOOK, _SLOW, values)
    return Finding(Check.WEBHOOK, Grade.OK, _WEBHOOK, values=values)


def _signature(knock: Knock) -> Finding:
    values: Values = {"signed": knock.signed, "forged": knock.forged}
    if knock.forged == HTTPStatus.OK:
        return Finding(Check.SIGNATURE, Grade.FAIL, _BELIEVES_FORGED, _WHO_ANSWERS, values)
    if knock.signed == HTTPStatus.UNAUTHORIZED:
        return Finding(Check.SIGNATURE, Grade.FAIL, _SIGNED_REFUSED, _SAME_SECRET, values)
    if knock.signed != HTTPStatus.OK:
        return Finding(Check.SIGNATURE, Grade.FAIL, _SIGNED_LOST, _PROXY, values)
    return Finding(Check.SIGNATURE, Grade.OK, _SIGNATURE, values=values)


_FAULT = Text("إعداد لا يصلح: {fault}", "{fault}")
_CORRECT = Text(
    "صحّحه في البيئة أو في ملفه وأعد الفحص؛ معاني الإعدادات في docs/reference/settings.md.",
    "Correct it in the environment or its file and run this again; docs/reference/settings.md explains each.",
)
_PRACTICE_CLOCK = Text("وقت التدريب متقدم {hours} ساعة.", "Practice time is {hours} h ahead.")
_CLOCK = Text("الفرق عن ساعة ميتا: {s} ث.", "{s} s from Meta's clock.")
_NO_CLOCK = Text("لم يخبرنا أحد بالوقت.", "Nobody told the time.")
_SET_CLOCK = Text("اضبط ساعة الجهاز بخادم وقت (NTP).", "Set the machine's clock by a time server (NTP).")

_WORKS = Text("يعمل، وآخر إشارة منه قبل {s} ث.", "Runs; last sign of life {s} s ago.")
_WORKER_SILENT = Text("صامت منذ {s} ث: لا يُقرأ وارد ولا يخرج شيء.", "Silent for {s} s: nothing is read or sent.")
_NEVER_WORKED = Text("لم يعمل بعد: لا يُقرأ وارد ولا يخرج شيء.", "Never ran: nothing is read or sent.")
_START_WORKER = Text("شغّل wakeel serve، وانظر سجله إن توقف.", "Start wakeel serve; its log says why it stopped.")
_NO_BACKLOG = Text("لا شيء ينتظر القراءة.", "Nothing waits to be read.")
_BACKLOG = Text("أقدم إشعار لم يُقرأ منذ {s} ث.", "The oldest webhook has waited {s} s to be read.")
_BACKLOG_WHY = Text(
    "الإرسال إلى جهات الاتصال متوقف حتى يُقرأ؛ انظر صفحة الإشعارات.",
    "Messages to contacts pause until it is read; see /webhooks/.",
)

_DISK = Text("المساحة الحرة {mb} م.ب.", "{mb} MB free.")
_MAKE_ROOM = Text("وسّع القرص: بلا مساحة لا يُحفظ إشعار.", "Make room: without it no webhook is kept.")

_OPERATORS = Text("{n} مسجّل، ونوافذهم مفتوحة.", "{n} enrolled, windows open.")
_NOBODY = Text("لا هاتف مسجّل: لا أحد يتلقى البطاقات.", "No phone is enrolled: nobody gets cards.")
_ENROL = Text("سجّل الدخول واربط هاتفك من صفحة «هاتفي».", "Log in and link a phone on “My phone”.")
_CLOSED_WINDOWS = Text("{n} مسجّل؛ نافذة 24 ساعة مغلقة لدى: {names}.", "{n} enrolled; 24-hour window closed: {names}.")
_WRITE_A_WORD = Text("تُفتح بأي كلمة يكتبونها إلى الرقم.", "Any word they write to the number opens it.")

_NEVER_SEEN = Text("لم يصل إشعار عن رقمنا بعد.", "None about our number has come yet.")
_SEEN = Text("قبل {hours} ساعة.", "{hours} h ago.")
_SEEN_LATELY = Text("قبل {minutes} دقيقة.", "{minutes} min ago.")
_WRITE_TO_NUMBER = Text("اكتب أي كلمة إلى الرقم من هاتفك وأعد الفحص.", "Write any word to the number, then run this.")

_WEBHOOK = Text("{url} يعيد كلمة التحقق خلال {ms} ms.", "{url} repeats the challenge within {ms} ms.")
_SLOW = Text("تتوقع ميتا أقل من ثانية.", "Meta expects less than a second.")
_SAY_ADDRESS = Text(
    "اضبط WAKEEL_PUBLIC_URL: لم يُجرَّب إلا العنوان على هذا الجهاز.",
    "Set WAKEEL_PUBLIC_URL: only the address on this machine was tried.",
)
_NO_CHALLENGE = Text("{url} لا يعيد كلمة التحقق.", "{url} does not repeat the challenge.")
_SAME_TOKEN = Text(
    "تأكد أن العنوان يصل إلى هذا التشغيل وأن WHATSAPP_VERIFY_TOKEN واحد فيه وهنا.",
    "See that the address reaches this deployment, and that it has the same WHATSAPP_VERIFY_TOKEN.",
)
_ANY_TOKEN = Text("{url} يقبل أي كلمة تحقق.", "{url} accepts any verify token.")
_WHO_ANSWERS = Text("غيرُ وكيل يجيب هناك؛ راجع الوسيط (proxy).", "Something else answers there; look at the proxy.")
_REACH = Text(
    "تأكد من تشغيل wakeel serve ومن الوسيط والشهادة العامة؛ عنوان ميتا هو WAKEEL_PUBLIC_URL/webhook.",
    "See that wakeel serve runs, and the proxy with its public certificate; Meta's address is "
    "WAKEEL_PUBLIC_URL/webhook.",
)
_FAULTS = {
    "unreachable": Text("{url} لا يجيب.", "{url} does not answer."),
    "timeout": Text("{url} لم يجب في الوقت.", "{url} did not answer in time."),
    "certificate": Text("لا شهادة مقبولة لدى {url}.", "{url} has no certificate that Meta would take."),
}
_NOT_REACHED = Text("لم نصل إلى العنوان.", "The address was not reached.")
_SIGNATURE = Text(
    "الموقّع يُقبل ({signed}) والمزوّر يُرد ({forged}).", "Signed is taken ({signed}), forged is refused ({forged})."
)
_BELIEVES_FORGED = Text("توقيع مزوّر قُبل ({forged}).", "A forged signature was taken ({forged}).")
_SIGNED_REFUSED = Text("توقيعنا رُد ({signed}).", "Our signature was refused ({signed}).")
_SAME_SECRET = Text(
    "WHATSAPP_APP_SECRET هناك غيره هنا؛ أعد تشغيل wakeel serve بعد تغييره.",
    "WHATSAPP_APP_SECRET differs there; start wakeel serve again after a change.",
)
_SIGNED_LOST = Text("إشعار موقّع لم يُحفظ ({signed}).", "A signed webhook was not stored ({signed}).")
_PROXY = Text(
    "على الوسيط أن يمرر POST كما هو حتى 3 م.ب؛ وانظر قاعدة البيانات.",
    "The proxy must hand on POST unchanged up to 3 MB; see the database line too.",
)
