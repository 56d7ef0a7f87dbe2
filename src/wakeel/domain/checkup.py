"""What `wakeel doctor` finds: one line a check, how bad it is, and what to do about it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from wakeel.domain.words import Text


class Grade(StrEnum):
    """How a check ended."""

    OK = "ok"
    WARN = "warn"  # works, and will not for ever, or not for everything
    FAIL = "fail"  # does not work
    SKIPPED = "skipped"  # could not be looked at, because of another line or a setting


class Check(StrEnum):
    """What is looked at, in the order of the lines."""

    SETTINGS = "settings"
    SECRET_FILES = "secret_files"  # noqa: S105  (the name of a check)
    MODE = "mode"
    DATABASE = "database"
    DISK = "disk"
    WORKER = "worker"
    INBOX = "inbox"
    STOPS = "stops"
    OPERATORS = "operators"
    CLOCK = "clock"
    WEBHOOK = "webhook"
    SIGNATURE = "signature"
    LAST_WEBHOOK = "last_webhook"
    VERSION = "version"
    TOKEN = "token"  # noqa: S105  (the name of a check)
    NUMBER = "number"
    QUALITY = "quality"
    LIMIT = "limit"
    SUBSCRIPTION = "subscription"
    TEMPLATES = "templates"
    BRIEF_TEMPLATE = "brief_template"


NAMES: Mapping[Check, Text] = {
    Check.SETTINGS: Text("الإعدادات", "Settings"),
    Check.SECRET_FILES: Text("ملفات الأسرار", "Secret files"),
    Check.MODE: Text("وضع الإرسال", "Mode"),
    Check.DATABASE: Text("قاعدة البيانات", "Database"),
    Check.DISK: Text("القرص", "Disk"),
    Check.WORKER: Text("عامل الإرسال", "Worker"),
    Check.INBOX: Text("الوارد", "Inbox"),
    Check.STOPS: Text("مفاتيح الإيقاف", "Stop switches"),
    Check.OPERATORS: Text("المشغّلون", "Operators"),
    Check.CLOCK: Text("الساعة", "Clock"),
    Check.WEBHOOK: Text("عنوان الاستقبال", "Webhook"),
    Check.SIGNATURE: Text("توقيع الاستقبال", "Webhook signature"),
    Check.LAST_WEBHOOK: Text("آخر إشعار", "Last webhook"),
    Check.VERSION: Text("إصدار Graph", "Graph version"),
    Check.TOKEN: Text("رمز الوصول", "Access token"),
    Check.NUMBER: Text("رقم الإرسال", "Sending number"),
    Check.QUALITY: Text("جودة الرقم", "Quality"),
    Check.LIMIT: Text("حد المراسلة", "Messaging limit"),
    Check.SUBSCRIPTION: Text("الاشتراك", "Subscription"),
    Check.TEMPLATES: Text("القوالب", "Templates"),
    Check.BRIEF_TEMPLATE: Text("قالب الموجز", "Brief template"),
}

GRADE_WORDS: Mapping[Grade, Text] = {
    Grade.OK: Text("سليم", "ok"),
    Grade.WARN: Text("تنبيه", "warn"),
    Grade.FAIL: Text("خلل", "FAIL"),
    Grade.SKIPPED: Text("لم يُفحص", "skipped"),
}

SUMMARY = Text(
    "سليم: {ok}، تنبيه: {warn}، خلل: {fail}، لم يُفحص: {skipped}.",
    "{ok} ok, {warn} to look at, {fail} failed, {skipped} not checked.",
)


Values = Mapping[str, str | int | Text]


@dataclass(frozen=True, slots=True)
class Finding:
    """One line. what: what was found; advice: what to do, None where nothing is to be done. values: for both texts."""

    check: Check
    grade: Grade
    what: Text
    advice: Text | None = None
    values: Values = field(default_factory=dict)

    def lines(self, language: str) -> list[str]:
        """The line, and what to do below it."""
        values = {name: v.say(language) if isinstance(v, Text) else v for name, v in self.values.items()}
        head = f"{GRADE_WORDS[self.grade].say(language)} · {NAMES[self.check].say(language)}: "
        said = [head + self.what.say(language, **values)]
        if self.advice is not None:
            said.append(f"    → {self.advice.say(language, **values)}")
        return said


def worst(findings: Iterable[Finding]) -> Grade:
    """FAIL before WARN before OK; what was skipped counts for nothing."""
    grades = {finding.grade for finding in findings}
    return next((grade for grade in (Grade.FAIL, Grade.WARN) if grade in grades), Grade.OK)


def summary(findings: Iterable[Finding], language: str) -> str:
    """How many lines ended how."""
    grades = [finding.grade for finding in findings]
    return SUMMARY.say(language, **{grade.value: grades.count(grade) for grade in Grade})
