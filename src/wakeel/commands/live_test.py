"""`wakeel doctor --live-test`: both cards to one operator's own phone, and each tap as it arrives. Needs Django."""

import sys
import time
from collections.abc import Iterator
from datetime import datetime

from wakeel import clock
from wakeel.commands.start import EXIT_REFUSED, Refused, business
from wakeel.config import Config
from wakeel.domain.words import Text
from wakeel.flows import live_test
from wakeel.flows.live_test import BUTTONS, Phone, Seen
from wakeel.processes import EXIT_SETTINGS
from wakeel.store.screens import health
from wakeel.whatsapp.mode import Mode

POLL_S = 0.3
_CONFIRM = Text("أرسل", "send")


def run(config: Config, *, username: str, minutes: float, language: str) -> int:
    """0: all six buttons came back; 1: not all did, or it was not confirmed. Raises Refused if it cannot begin."""
    if config.mode is Mode.DRY:
        raise Refused(_FLAG.say(language), exit_code=EXIT_SETTINGS)
    business_id = business(config)
    phone = _whose(live_test.phones(business_id, username), language=language)
    if not health.readiness(real_now=clock.real_now()).is_ready:
        raise Refused(_NO_WORKER.say(language))
    if not _is_confirmed(phone, language=language):
        print(_NOT_CONFIRMED.say(language))
        return EXIT_REFUSED
    ends = time.monotonic() + 60 * minutes
    if not _window_opens(phone.operator_id, ends=ends, ours=config.display_phone, language=language):
        return EXIT_REFUSED
    test_id = live_test.begin(phone.operator_id, now=clock.now())
    try:
        seen = _watch(business_id, test_id, ends=ends, language=language)
    finally:
        live_test.end(business_id, test_id, now=clock.now())
    print((_WHOLE if seen.is_whole else _NOT_WHOLE).say(language, n=len(seen.tapped), all=BUTTONS))
    return 0 if seen.is_whole else EXIT_REFUSED


def _whose(found: list[Phone], *, language: str) -> Phone:
    if not found:
        raise Refused(_NOBODY.say(language))
    if len(found) > 1:
        names = ", ".join(one.username for one in found)
        raise Refused(_SEVERAL.say(language, names=names), exit_code=EXIT_SETTINGS)
    return found[0]


def _is_confirmed(phone: Phone, *, language: str) -> bool:
    said = {"name": phone.name, "phone": phone.masked or "—", "word": _CONFIRM.say(language)}
    print(_ASK.say(language, **said), flush=True)
    return sys.stdin.readline().strip() in {_CONFIRM.ar, _CONFIRM.en}


def _window_opens(operator_id: str, *, ends: float, ours: str, language: str) -> bool:
    """True once cards can reach the phone; asks for a word from it if they cannot."""
    if live_test.has_open_window(operator_id, now=clock.now()):
        return True
    print(_WRITE.say(language, phone=f"+{ours}" if ours else "—"), flush=True)
    while time.monotonic() < ends:
        if live_test.has_open_window(operator_id, now=clock.now()):
            return True
        time.sleep(POLL_S)
    print(_STAYED_CLOSED.say(language))
    return False


def _watch(business_id: str, test_id: str, *, ends: float, language: str) -> Seen:
    """Print news until every button came back, the time is over, or somebody presses Ctrl-C."""
    told: set[str] = set()
    began = clock.real_now()
    seen = live_test.look(business_id, test_id)
    try:
        while True:
            for line in _news(seen, began=began, language=language):
                if line.partition("\t")[0] not in told:
                    told.add(line.partition("\t")[0])
                    print(line.partition("\t")[2], flush=True)
            if seen.is_whole or time.monotonic() >= ends:
                return seen
            time.sleep(POLL_S)
            seen = live_test.look(business_id, test_id)
    except KeyboardInterrupt:
        return seen


def _news(seen: Seen, *, began: datetime, language: str) -> Iterator[str]:
    """Everything known, one line each: what makes the line new, a tab, and the line."""
    for place, card in enumerate(seen.cards, start=1):
        state = card.status or card.state
        why = f" ({card.failure_code})" if card.failure_code else ""
        words = _STATES[state].say(language) if state in _STATES else state
        yield f"card{place}{state}{why}\t{_CARD.say(language, place=place, state=f'{words}{why}')}"
    after = round((clock.real_now() - began).total_seconds(), 1)
    for place, title in enumerate(seen.tapped, start=1):
        yield f"tap{place}\t{_TAP.say(language, place=place, all=BUTTONS, title=title, s=after)}"


_FLAG = Text(
    "الإرسال الفعلي متوقف: اضبط WHATSAPP_ALLOW_LIVE_SEND=true وأعد تشغيل wakeel serve.",
    "live sending is off: set WHATSAPP_ALLOW_LIVE_SEND=true and start wakeel serve again",
)
_NOBODY = Text(
    "لا هاتف مسجّل لهذا: سجّل الدخول واربط هاتفك من صفحة «هاتفي».",
    "no such phone is enrolled: log in and link one on “My phone”",
)
_SEVERAL = Text(
    "عدة مشغّلين: اختر واحدًا بالخيار --operator ({names}).", "several operators: choose one by --operator ({names})"
)
_NO_WORKER = Text("عامل الإرسال لا يعمل: شغّل wakeel serve.", "the worker does not run: start wakeel serve")
_ASK = Text(
    "تُرسل بطاقتان إلى هاتف {name} ({phone}) ولا شيء إلى غيره. للمتابعة اكتب: {word}",
    "Two cards go to the phone of {name} ({phone}), and nothing to anybody else. To go on, type: {word}",
)
_NOT_CONFIRMED = Text("لم يُرسل شيء.", "Nothing was sent.")
_WRITE = Text(
    "نافذة 24 ساعة لهذا الهاتف مغلقة. اكتب منه أي كلمة إلى {phone}.",
    "This phone's 24-hour window is closed. Write any word from it to {phone}.",
)
_STAYED_CLOSED = Text("لم تصل رسالة من الهاتف؛ لم يُرسل شيء.", "No message came from the phone; nothing was sent.")
_STATES = {
    "pending": Text("تنتظر الإرسال", "queued"),
    "sending": Text("تُرسل", "leaving"),
    "accepted": Text("قبلها واتساب", "taken by WhatsApp"),
    "sent": Text("خرجت", "sent"),
    "delivered": Text("وصلت إلى الهاتف", "on the phone"),
    "read": Text("قُرئت", "read"),
    "failed": Text("لم تصل", "failed"),
}
_CARD = Text("البطاقة {place}: {state}", "Card {place}: {state}")
_TAP = Text("الضغطة {place} من {all}: {title} (بعد {s} ث)", "Tap {place} of {all}: {title} (after {s} s)")
_WHOLE = Text("وصلت الأزرار كلها: {n} من {all}.", "Every button came back: {n} of {all}.")
_NOT_WHOLE = Text(
    "وصل {n} من {all}. انظر wakeel doctor، وصفحة «ما تعثّر».",
    "{n} of {all} came back. See wakeel doctor, and the page “Needs fixing”.",
)
