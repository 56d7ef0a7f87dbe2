"""Which column of a file is which of ours: guessed by its header, chosen by a person, remembered for the next file."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from django.db import transaction

from wakeel.domain.imports import ImportKind
from wakeel.domain.keywords import fold
from wakeel.domain.words import Text
from wakeel.flows import consent_lines, import_opportunities
from wakeel.flows.table_file import Beginning, Glance, beginning, spelled
from wakeel.store import import_runs

COLUMN_WORDS: dict[ImportKind, dict[str, Text]] = {
    ImportKind.OPPORTUNITIES: {
        "title": Text("الفرصة", "Opportunity"),
        "phone": Text("الجوال", "Phone"),
        "name": Text("الاسم", "Name"),
        "company": Text("الشركة", "Company"),
        "summary": Text("الخلاصة", "Summary"),
        "value": Text("القيمة", "Value"),
        "score": Text("الدرجة", "Score"),
        "purpose": Text("الغرض", "Purpose"),
        "message": Text("نص الرسالة", "Text of the message"),
        "expires_on": Text("تنتهي في", "Ends on"),
        "key": Text("المعرّف", "Key"),
    },
    ImportKind.CONSENTS: {
        "phone": Text("الجوال", "Phone"),
        "name": Text("الاسم", "Name"),
        "categories": Text("الأنواع", "Kinds of message"),
        "purpose": Text("الغرض", "Purpose"),
        "happened_at": Text("وقت الموافقة", "When they agreed"),
        "wording": Text("نص الموافقة", "Wording"),
        "evidence": Text("الدليل", "Evidence"),
        "collected_directly": Text("من الشخص مباشرة", "Collected directly"),
        "kind": Text("القيد", "Entry"),
        "expires_at": Text("تنتهي في", "Ends on"),
        "language": Text("اللغة", "Language"),
        "notice_version": Text("إصدار إشعار الخصوصية", "Version of the privacy notice"),
        "source": Text("المصدر", "How they agreed"),
        "address_type": Text("نوع العنوان", "Type of address"),
        "needs_confirmation": Text("تحتاج تأكيدًا", "Needs confirmation"),
    },
}
_NAMES = {
    ImportKind.OPPORTUNITIES: import_opportunities.COLUMNS,
    ImportKind.CONSENTS: consent_lines.COLUMNS,
}
REQUIRED = {
    ImportKind.OPPORTUNITIES: import_opportunities.REQUIRED,
    ImportKind.CONSENTS: consent_lines.REQUIRED,
}
_FORBIDDEN: dict[ImportKind, Mapping[str, Text]] = {
    ImportKind.OPPORTUNITIES: {fold(way): why for way, why in import_opportunities.FORBIDDEN.items()},
    ImportKind.CONSENTS: {},
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a file. samples: its first cells. chosen: ours, '' to leave it out. warning: why its header may not
    be what it seems, None for most.
    """

    header: str
    samples: tuple[str, ...]
    chosen: str
    warning: Text | None = None


def columns_of(business_id: str, kind: ImportKind, file: Glance) -> list[Column] | None:
    """Every column that has a header, as remembered, else as its header reads; None if this is no table."""
    found = beginning(file)
    if found is None:
        return None
    chosen = chosen_for(business_id, kind, found.headers) or _guessed(kind, found)
    return [
        Column(header, samples, chosen.get(header, ""), _FORBIDDEN[kind].get(fold(header.replace("_", " "))))
        for header, samples in zip(found.headers, found.samples, strict=True)
        if header
    ]


def chosen_for(business_id: str, kind: ImportKind, headers: Sequence[str]) -> dict[str, str]:
    """What a person chose for exactly these headers; {} if nobody was asked."""
    return import_runs.remembered(business_id, kind=kind.value, headers=_digest(headers))


def chosen_in(business_id: str, kind: ImportKind, file: Glance) -> dict[str, str]:
    """The same for the headers of a file."""
    found = beginning(file)
    return {} if found is None else chosen_for(business_id, kind, found.headers)


def must_be_asked(business_id: str, kind: ImportKind, file: Glance) -> bool:
    """Some header says nothing to us, or a column that must be there is not: a person has to match them."""
    found = beginning(file)
    if found is None or not any(found.headers) or chosen_for(business_id, kind, found.headers):
        return False
    read = [spelled(header, _NAMES[kind]) for header in found.headers if header]
    return None in read or not REQUIRED[kind] <= set(read)


def choose(business_id: str, kind: ImportKind, file: Glance, chosen: Mapping[str, str], *, now: datetime) -> list[Text]:
    """Remember the choice for files with these headers; what is wrong with it otherwise, and nothing is kept.

    chosen: header → our column, '' to leave it out; headers the file has not are ignored.
    """
    found = beginning(file)
    if found is None:
        return [Text("لا يمكن قراءة الملف.", "The file cannot be read.")]
    words = COLUMN_WORDS[kind]
    kept = {header: chosen.get(header, "") for header in found.headers if header}
    picked = [name for name in kept.values() if name]
    wrong = [_missing(words[name]) for name in words if name in REQUIRED[kind] and name not in picked]
    wrong += [_twice(words[name]) for name in words if picked.count(name) > 1]
    if not wrong and set(picked) <= words.keys():
        with transaction.atomic():
            import_runs.remember(business_id, kind=kind.value, headers=_digest(found.headers), chosen=kept, now=now)
    return wrong


def _guessed(kind: ImportKind, found: Beginning) -> dict[str, str]:
    """By what a header is spelled like, else by the longest of our words in it; a column of ours is given once."""
    guesses: dict[str, str] = {}
    for header in found.headers:
        name = spelled(header, _NAMES[kind])
        if header and name is not None and name not in guesses.values():
            guesses[header] = name
    for header in found.headers:
        said = f" {fold(header.replace('_', ' '))} "
        fitting = [
            (len(way), name)
            for name, ways in _NAMES[kind].items()
            if name not in guesses.values()
            for way in (name, *ways)
            if f" {fold(way.replace('_', ' '))} " in said
        ]
        if header and header not in guesses and fitting and fold(header.replace("_", " ")) not in _FORBIDDEN[kind]:
            guesses[header] = max(fitting)[1]
    return guesses


def _digest(headers: Sequence[str]) -> str:
    return sha256(json.dumps(list(headers), ensure_ascii=False).encode()).hexdigest()


def _missing(column: Text) -> Text:
    return Text(f"لا بد من عمود «{column.ar}».", f"One column must be “{column.en}”.")


def _twice(column: Text) -> Text:
    return Text(f"«{column.ar}» لعمود واحد فقط.", f"“{column.en}” is for one column only.")
