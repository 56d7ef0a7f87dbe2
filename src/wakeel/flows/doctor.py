"""What `wakeel doctor` finds in settings and rows. Nothing is changed; what asks other machines is the command's."""

import shutil
import stat
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from django.db import DatabaseError, connection

from wakeel.config import Config
from wakeel.domain.checkup import Check, Finding, Grade, Values
from wakeel.domain.checkup_account import judge_brief_template
from wakeel.domain.checkup_house import (
    OperatorFacts,
    judge_disk,
    judge_last_webhook,
    judge_operators,
    judge_worker,
)
from wakeel.domain.gate import is_window_open
from wakeel.domain.text import one_line
from wakeel.domain.words import Language, Text
from wakeel.flows import ready_templates
from wakeel.flows.reply import local_time
from wakeel.store import businesses, operators, schema
from wakeel.store.models import SendingNumber
from wakeel.store.screens import health, switches
from wakeel.whatsapp.mode import Mode

BRIEF = "operator_brief"
"""Our name of the template that asks an operator to open their window."""
_OTHERS_MAY_READ = stat.S_IRWXG | stat.S_IRWXO


def look_at_settings(config: Config, *, files: Sequence[Path]) -> list[Finding]:
    """Settings that can be used: mode, and who may read the secrets. files: every file a setting came from."""
    open_files = [path.name for path in files if path.is_file() and path.stat().st_mode & _OTHERS_MAY_READ]
    values: Values = {"files": ", ".join(sorted(open_files)), "n": len(files)}
    secrets = (
        Finding(Check.SECRET_FILES, Grade.WARN, _OPEN_FILES, _CLOSE_FILES, values)
        if open_files
        else Finding(Check.SECRET_FILES, Grade.OK, _CLOSED_FILES, values=values)
    )
    return [Finding(Check.SETTINGS, Grade.OK, _READ), secrets, _mode(config)]


def _mode(config: Config) -> Finding:
    match config.mode:
        case Mode.LIVE:
            return Finding(Check.MODE, Grade.OK, _LIVE)
        case Mode.PRACTICE:
            return Finding(Check.MODE, Grade.OK, _PRACTICE)
        case _:
            return Finding(Check.MODE, Grade.WARN, _DRY, _TURN_ON)


def look_at_rows(config: Config, *, now: datetime, real_now: datetime) -> list[Finding]:
    """Database, worker, inbox, stop switches, operators and webhooks; one line says so if nothing can be read."""
    if config.sqlite_path is not None and not config.sqlite_path.exists():
        # Only asking would make an empty file.
        return [Finding(Check.DATABASE, Grade.FAIL, _NO_FILE, _MIGRATE)]
    try:
        if behind := schema.unapplied():
            return [Finding(Check.DATABASE, Grade.FAIL, _BEHIND, _MIGRATE, {"n": len(behind)})]
        found = [Finding(Check.DATABASE, Grade.OK, _ANSWERS, values={"engine": schema.engine()})]
        found += [judge_disk(shutil.disk_usage(config.data_dir).free // 2**20)] if config.data_dir.is_dir() else []
        ready = health.readiness(real_now=real_now)
        found += judge_worker(ready.worker_age_s, waiting_s=ready.oldest_waiting_s)
        number = businesses.route(config.phone_number_id, None)
        return found + (_of_business(number, now=now, real_now=real_now) if number else [_no_number(config)])
    except DatabaseError as fault:
        values: Values = {"engine": connection.vendor, "fault": type(fault).__name__}
        return [Finding(Check.DATABASE, Grade.FAIL, _SILENT, _START_DATABASE, values)]


def _no_number(config: Config) -> Finding:
    what, advice = (_NOT_SET_UP, _MIGRATE) if config.phone_number_id else (_NO_NUMBER, _SET_NUMBER)
    return Finding(Check.OPERATORS, Grade.FAIL, what, advice)


def _of_business(number: SendingNumber, *, now: datetime, real_now: datetime) -> list[Finding]:
    people = [
        OperatorFacts(name=one_line(row.name), window_is_open=is_window_open(row.last_inbound_at, now=now))
        for row in operators.active(number.business_id)
    ]
    return [
        _stops(number.business_id),
        judge_operators(people),
        judge_last_webhook(number.webhook_seen_at, real_now=real_now),
        judge_brief_template([language.value for language in Language if _has_brief(number, language)]),
    ]


def _has_brief(number: SendingNumber, language: Language) -> bool:
    found = ready_templates.ready(number.business_id, BRIEF, language=language.value, waba_id=number.waba_id)
    return found is not None


def _stops(business_id: str) -> Finding:
    pressed = switches.read(business_id).on
    if not pressed:
        return Finding(Check.STOPS, Grade.OK, _NO_STOPS)
    first = min(pressed, key=lambda line: line.pressed_at)
    at = Text(local_time(first.pressed_at, "ar"), local_time(first.pressed_at, "en"))
    return Finding(Check.STOPS, Grade.WARN, _STOPPED, _RELEASE, {"n": len(pressed), "t": at})


_READ = Text("كلها مقروءة.", "All of them can be used.")
_OPEN_FILES = Text("يقرؤها غير الخدمة: {files}.", "Others may read: {files}.")
_CLOSE_FILES = Text("chmod 600 على هذه الملفات.", "chmod 600 these files.")
_CLOSED_FILES = Text("لا يقرؤها غير صاحبها ({n}).", "Only their owner reads them ({n}).")
_LIVE = Text("إرسال فعلي.", "Live: people are written to.")
_PRACTICE = Text("تدريب: كل شيء يُرسل إلى المحاكي.", "Practice: everything goes to the simulator.")
_DRY = Text("الإرسال الفعلي متوقف: لا يُرسل شيء.", "Live sending is off: nothing is sent.")
_TURN_ON = Text(
    "حين يسلم كل ما يلي اضبط WHATSAPP_ALLOW_LIVE_SEND=true وأعد التشغيل.",
    "Once everything below is well, set WHATSAPP_ALLOW_LIVE_SEND=true and start again.",
)
_ANSWERS = Text("{engine}، بهذا الإصدار.", "{engine}, at this version.")
_NO_FILE = Text("لا قاعدة بيانات بعد.", "There is none yet.")
_SILENT = Text("{engine} لا تجيب ({fault}).", "{engine} does not answer ({fault}).")
_START_DATABASE = Text("شغّل الخادم وراجع DATABASE_URL.", "Start the server and look at DATABASE_URL.")
_BEHIND = Text("ينقصها {n} من خطوات الترحيل.", "{n} migrations are missing.")
_MIGRATE = Text("شغّل wakeel migrate.", "Run wakeel migrate.")
_NO_NUMBER = Text("لم يُحدد رقم الإرسال.", "No sending number is set.")
_SET_NUMBER = Text("اضبط WHATSAPP_PHONE_NUMBER_ID.", "Set WHATSAPP_PHONE_NUMBER_ID.")
_NOT_SET_UP = Text("رقم الإرسال غير مسجّل في قاعدة البيانات.", "The sending number is not in the database.")
_NO_STOPS = Text("لا إيقاف.", "None is on.")
_STOPPED = Text("{n} مفتاح إيقاف منذ {t}.", "{n} on, since {t}.")
_RELEASE = Text("يستأنف المسؤول الإرسال من صفحة الصحة.", "An administrator resumes sending on the health page.")
