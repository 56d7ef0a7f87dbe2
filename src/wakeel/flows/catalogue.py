"""Every sentence that an operator can receive on WhatsApp, Arabic and English side by side. The page made of it is
docs/reference/sentences.md.

Nothing is written here a second time: the sentences are read from the modules they stand in, so that none can be left
out. Modules whose words stand on pages, in files, in a terminal or in messages to contacts are named with the place.
"""

import ast
import importlib
import inspect
import pkgutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from types import ModuleType
from typing import Final, TypeGuard

import wakeel.domain
import wakeel.flows
from wakeel.domain.answers import ANSWERS
from wakeel.domain.words import Text

_TERMINAL, _PAGES, _FILES, _CONTACTS = "a terminal", "pages", "files and reports", "messages to contacts"
ELSEWHERE: Final[Mapping[str, str]] = {
    "wakeel.domain.audit_words": _PAGES,
    "wakeel.domain.checkup": _TERMINAL,
    "wakeel.domain.checkup_account": _TERMINAL,
    "wakeel.domain.checkup_house": _TERMINAL,
    "wakeel.domain.checkup_refusals": _TERMINAL,
    "wakeel.domain.drafting": _CONTACTS,
    "wakeel.domain.fixed_texts": _CONTACTS,
    "wakeel.domain.graph_versions": _TERMINAL,
    "wakeel.domain.imports": _PAGES,
    "wakeel.domain.prices": _PAGES,
    "wakeel.domain.receipts": _FILES,
    "wakeel.domain.rights": _PAGES,
    "wakeel.domain.roles": _PAGES,
    "wakeel.domain.template_faults": _PAGES,
    "wakeel.flows.both_calendars": _CONTACTS,
    "wakeel.flows.calendar_file": _CONTACTS,
    "wakeel.flows.check_audit": _TERMINAL,
    "wakeel.flows.complete_text": _CONTACTS,
    "wakeel.flows.consent_file": _FILES,
    "wakeel.flows.consent_lines": _PAGES,
    "wakeel.flows.consent_proof": _PAGES,
    "wakeel.flows.correct_name": _PAGES,
    "wakeel.flows.csv_file": _FILES,
    "wakeel.flows.doctor": _TERMINAL,
    "wakeel.flows.doctor_account": _TERMINAL,
    "wakeel.flows.erase_person": _PAGES,
    "wakeel.flows.explain_message": _TERMINAL,
    "wakeel.flows.export_labels": _FILES,
    "wakeel.flows.export_ledger": _FILES,
    "wakeel.flows.import_columns": _PAGES,
    "wakeel.flows.import_consents": _FILES,
    "wakeel.flows.import_opportunities": _FILES,
    "wakeel.flows.invitation": _CONTACTS,
    "wakeel.flows.ledger_findings": _TERMINAL,
    "wakeel.flows.lift_erasure": _PAGES,
    "wakeel.flows.mail_meeting": _CONTACTS,
    "wakeel.flows.may_contact": _TERMINAL,
    "wakeel.flows.message_life": _PAGES,
    "wakeel.flows.pending_import": _PAGES,
    "wakeel.flows.phone_cells": _FILES,
    "wakeel.flows.printed_page": _FILES,
    "wakeel.flows.record_consent": _PAGES,
    "wakeel.flows.record_wish": _PAGES,
    "wakeel.flows.reveal_phone": _PAGES,
    "wakeel.flows.rights_requests": _PAGES,
    "wakeel.flows.settle_item": _PAGES,
    "wakeel.flows.table_file": _FILES,
    "wakeel.flows.template_lines": _TERMINAL,
    "wakeel.flows.undo_import": _PAGES,
    "wakeel.flows.unread_items": _PAGES,
    "wakeel.flows.verify_ledger": _TERMINAL,
    "wakeel.flows.xlsx_archive": _FILES,
    "wakeel.flows.xlsx_file": _FILES,
}
"""Where the words of these modules stand instead."""

CARD_LABELS: Final[Mapping[str, str]] = {
    "قبول": "Accept",
    "تخطي": "Skip",
    "رسالة": "Message",
    "اعتماد": "Approve",
    "تعديل": "Edit",
    "إلغاء": "Cancel",
    "أرسل كما هي": "Send as it is",
    "الفرصة": "Opportunity",
    "جهة الاتصال": "Contact",
    "الشركة": "Company",
    "القيمة المتوقعة": "Expected value",
    "الخلاصة": "Summary",
    "نافذة الرد": "Reply window",
    "سبب": "Reason",
    "بقية الأسباب في الشاشة": "The other reasons are on the screen",
    "فرصة تنتظر قرارك": "An opportunity waits for your decision",
    "رسالة تنتظر اعتمادك": "A message waits for your approval",
    "كتب لك": "They wrote",
    "إلى": "To",
    "الرقم": "Number",
    "النسخة": "Version",
    "الموافقة": "Consent",
    "تنبيه": "Careful",
    "نص الرسالة كما سيصل:": "The text as it will arrive:",
    "نص الرسالة كاملًا في الرسالة السابقة، كما سيصل.": "The whole text, as it will arrive, is the message before.",
    "عدد حروفه: ": "Its characters: ",
    "يبدأ بـ": "It begins",
    "موعد ينتظر اعتمادك": "A meeting waits for your approval",
    "كتبها نموذج": "Written by a model",
    "الاعتماد": "Approval",
    "ملف التقويم بالبريد إلى": "The calendar file by e-mail to",
    "قالب معتمد بأزرار": "An approved template with buttons",
    "رسالة واردة: {words}": "A message came in: {words}",
    "من إعلان «{headline}»: {words}": "By the ad “{headline}”: {words}",
    "نص الإعلان: {body}": "The ad says: {body}",
}
"""What cards say in Arabic to every operator (design section 4), and what it means: labels of `whatsapp.cards`, and
the titles that `flows.new_person` gives."""
_OTHER_ROOMS: Final = ("wakeel.whatsapp.error_table",)
"""Modules outside of domain and flows whose words reach operators: why Meta refused a message."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """name: `answer:CODE`, `card:WORDS`, else the module and the constant it stands in."""

    name: str
    text: Text


def sentences() -> tuple[Sentence, ...]:
    """All of them, each once: answers first, then cards, then everything said inside of them, by module."""
    found = [Sentence(f"answer:{code.value}", text) for code, text in ANSWERS.items()]
    found += [Sentence(f"card:{ar}", Text(ar, en)) for ar, en in CARD_LABELS.items()]
    seen = {id(text) for text in ANSWERS.values()}
    for module in _modules():
        for name in _own_names(module):
            for place, text in _texts(getattr(module, name), name):
                if id(text) not in seen:
                    seen.add(id(text))
                    found.append(Sentence(f"{module.__name__.removeprefix('wakeel.')}.{place}", text))
    return tuple(found)


def _modules() -> Iterator[ModuleType]:
    for package in (wakeel.domain, wakeel.flows):
        for info in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
            if not info.ispkg and info.name not in ELSEWHERE and info.name != __name__:
                yield importlib.import_module(info.name)
    yield from map(importlib.import_module, _OTHER_ROOMS)


def _own_names(module: ModuleType) -> Iterator[str]:
    """The constants that this module makes, without those it imports."""
    for node in ast.parse(inspect.getsource(module)).body:
        targets = node.targets if isinstance(node, ast.Assign) else [node.target] if _is_constant(node) else []
        yield from (target.id for target in targets if isinstance(target, ast.Name))


def _is_constant(node: ast.stmt) -> TypeGuard[ast.AnnAssign]:
    return isinstance(node, ast.AnnAssign) and node.value is not None


def _texts(value: object, place: str) -> Iterator[tuple[str, Text]]:
    """Every Text in a constant, however deep, with where it stands."""
    if isinstance(value, Text):
        yield place, value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _texts(inner, f"{place}[{_named(key)}]")
    elif isinstance(value, tuple | list):
        for number, inner in enumerate(value):
            yield from _texts(inner, f"{place}[{number}]")
    elif is_dataclass(value) and not isinstance(value, type):
        for one in fields(value):
            yield from _texts(getattr(value, one.name), f"{place}.{one.name}")


def _named(key: object) -> str:
    return "·".join(map(str, key)) if isinstance(key, tuple) else str(key)
