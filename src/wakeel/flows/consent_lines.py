"""One row of a consent file: what it says, or everything that is wrong with it."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

from wakeel.domain.answers import PURPOSE_WORDS
from wakeel.domain.consent import Category
from wakeel.domain.consent_sources import GRANTABLE, IMPORT_FILE, IMPORT_SOURCES, STOPPABLE, default_end
from wakeel.domain.consent_words import CATEGORY_WORDS, SOURCE_WORDS
from wakeel.domain.keywords import fold
from wakeel.domain.text import plain
from wakeel.domain.words import Text
from wakeel.flows.phone_cells import PhoneCell, read_cell
from wakeel.flows.table_file import Row, as_time
from wakeel.flows.table_report import Fault

COLUMNS: dict[str, tuple[str, ...]] = {
    "phone": ("الجوال", "رقم الجوال", "mobile"),
    "name": ("الاسم", "contact name"),
    "categories": ("الأنواع", "النوع", "category"),
    "purpose": ("الغرض",),
    "happened_at": ("وقت الموافقة", "تاريخ الموافقة", "date"),
    "wording": ("نص الموافقة", "الصيغة"),
    "evidence": ("الدليل", "proof"),
    "collected_directly": ("من الشخص مباشرة", "collected directly"),
    "kind": ("القيد", "نوع القيد", "entry"),
    "expires_at": ("تنتهي في", "تاريخ الانتهاء", "expires on"),
    "language": ("اللغة", "لغة النص"),
    "notice_version": ("إصدار إشعار الخصوصية", "notice"),
    "source": ("المصدر", "طريقة الموافقة", "how"),
    "address_type": ("نوع العنوان",),
    "needs_confirmation": ("تحتاج تأكيدًا", "needs confirmation"),
}
REQUIRED = frozenset({
    "phone", "categories", "purpose", "happened_at", "wording", "evidence", "collected_directly",
})  # fmt: skip

LONGEST = {"name": 200, "wording": 4_000, "evidence": 4_000, "notice_version": 40}
EVERYTHING = "all"
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z]{2,4})?", re.ASCII)
_BSUID = re.compile(r"[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}", re.ASCII)
"""Reference "consent and contactability", section 7, read 2026-11-22."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentLine:
    """address: `+` and digits, or a BSUID; number: how the phone was read, None for a BSUID. at: None only for a
    withdrawal without a time. purposes: None for a withdrawal of all of them.
    """

    row: Row
    withdraws: bool
    address: str
    number: PhoneCell | None
    name: str
    categories: tuple[str, ...]
    purposes: tuple[str, ...] | None
    at: datetime | None
    wording: str
    evidence: str
    collected_directly: bool
    expires_at: datetime | None
    language: str
    notice_version: str
    source: str
    needs_confirmation: bool

    @property
    def occurrence(self) -> str:
        """The natural key: the same row of the same file again is the same happening (reference 3.6)."""
        at = self.at.astimezone(UTC).isoformat() if self.at else ""
        scope = ",".join(self.categories), ",".join(self.purposes or ("*",))
        kind = "withdraw" if self.withdraws else "import"
        return "|".join([kind, self.address, *scope, at, sha256(self.evidence.encode()).hexdigest()])

    def covers(self, other: "ConsentLine") -> bool:
        """Whether this withdrawal takes away something that the other line would grant."""
        kinds = set(self.categories) & set(other.categories)
        return bool(kinds) and (self.purposes is None or bool(set(self.purposes) & set(other.purposes or ())))


def read_line(row: Row, *, now: datetime) -> ConsentLine | list[Fault]:
    """The row as it would be recorded, or every fault of it."""
    reader = _Reader(row)
    withdraws = reader.one_of("kind", _KINDS, default="grant") == "withdraw"
    number = reader.address()
    at = reader.time("happened_at", not_after=now)
    source = reader.one_of("source", _SOURCES, default=IMPORT_FILE)
    language = reader.language()
    reader.limits()
    if not row.values["evidence"]:
        reader.refuse("evidence", _NEEDED["evidence"])
    if withdraws:
        named = reader.words("categories", _WITHDRAWN)
        categories = named if named and EVERYTHING not in named else STOPPABLE
        purposes = reader.words("purpose", _PURPOSES) or None
        direct, confirm, expires_at = False, False, None
    else:
        categories = reader.needed_words("categories", _CATEGORIES)
        purposes = reader.needed_words("purpose", _PURPOSES)
        direct = reader.directly(categories)
        confirm = reader.one_of("needs_confirmation", _YES_NO, default="no") == "yes"
        expires_at = reader.end(at, now=now)
        if not row.values["wording"]:
            reader.refuse("wording", _NEEDED["wording"])
        if not row.values["happened_at"]:
            reader.refuse("happened_at", _NEEDED["happened_at"])
    if reader.faults or number is None:
        return reader.faults
    values = row.values
    return ConsentLine(
        row=row,
        withdraws=withdraws,
        address=number.address if isinstance(number, PhoneCell) else number,
        number=number if isinstance(number, PhoneCell) else None,
        name=values.get("name", ""),
        categories=tuple(sorted(categories)),
        purposes=tuple(sorted(purposes)) if purposes is not None else None,
        at=at,
        wording=values["wording"],
        evidence=values["evidence"],
        collected_directly=direct,
        expires_at=expires_at,
        language=language,
        notice_version=values.get("notice_version", ""),
        source=source,
        needs_confirmation=confirm,
    )


class _Reader:
    """Reads the cells of one row and remembers what is wrong with each; a column is refused once."""

    def __init__(self, row: Row) -> None:
        self.row = row
        self._refused: dict[str, Text] = {}

    @property
    def faults(self) -> list[Fault]:
        return [self.row.fault(column, why) for column, why in self._refused.items()]

    def refuse(self, column: str, why: Text) -> None:
        self._refused.setdefault(column, why)

    def value(self, column: str) -> str:
        return self.row.values.get(column, "")

    def one_of(self, column: str, words: Mapping[str, str], *, default: str) -> str:
        """A word of ours; the default if the file has no such column. An empty cell in a column that is there says
        nothing, and nothing is guessed for `kind`."""
        said = self.value(column)
        if not said and (column not in self.row.headers or column != "kind"):
            return default
        found = words.get(fold(said))
        if found is None:
            self.refuse(column, _choose(words))
        return found or default

    def words(self, column: str, words: Mapping[str, str]) -> tuple[str, ...]:
        """Several words of ours, separated by commas; () for an empty cell."""
        said = [part.strip() for part in self.value(column).replace("،", ",").split(",") if part.strip()]
        found = {words.get(fold(part)) for part in said}
        if None in found:
            self.refuse(column, _choose(words))
        return tuple(word for word in found if word)

    def needed_words(self, column: str, words: Mapping[str, str]) -> tuple[str, ...]:
        found = self.words(column, words)
        if not found:
            self.refuse(column, _choose(words))
        return found

    def address(self) -> PhoneCell | str | None:
        if self.one_of("address_type", _ADDRESS_TYPES, default="phone") == "bsuid":
            said = self.value("phone")
            if _BSUID.fullmatch(said):
                return said
            self.refuse("phone", _NO_BSUID)
            return None
        number = read_cell(self.value("phone"))
        if isinstance(number, Text):
            self.refuse("phone", number)
            return None
        return number

    def time(self, column: str, *, not_after: datetime) -> datetime | None:
        at = self._time(column)
        if at is not None and at > not_after:
            self.refuse(column, Text("في المستقبل.", "In the future."))
        return at

    def end(self, at: datetime | None, *, now: datetime) -> datetime | None:
        """When the consent ends: as the file says, else 24 months after it was given."""
        end = self._time("expires_at") or (default_end(at) if at else None)
        if end is None or at is None:
            return None
        if end <= at:
            self.refuse("expires_at", Text("قبل وقت الموافقة.", "Before the consent was given."))
        elif end <= now:
            self.refuse("expires_at" if self.value("expires_at") else "happened_at", _ENDED)
        return end

    def _time(self, column: str) -> datetime | None:
        said = self.value(column)
        if not said:
            return None
        try:
            return as_time(said)
        except ValueError:
            self.refuse(column, Text("وقت مثل 2026-06-01T10:00.", "A time like 2026-06-01T10:00."))
            return None

    def directly(self, categories: Iterable[str]) -> bool:
        """What somebody else collected never allows marketing; an order update it may (PDPL articles 25 and 26)."""
        said = _YES_NO.get(fold(self.value("collected_directly")))
        if said == "yes":
            return True
        if said is None or Category.MARKETING in categories:
            self.refuse("collected_directly", _NOT_DIRECT)
        return False

    def language(self) -> str:
        said = self.value("language")
        found = _LANGUAGES.get(fold(said), said)
        if found and not _LANGUAGE.fullmatch(found):
            self.refuse("language", Text("رمز لغة مثل ar أو en.", "A language code such as ar or en."))
        return found

    def limits(self) -> None:
        for column, limit in LONGEST.items():
            said = self.value(column)
            # As typed and as kept: normal form makes some letters longer.
            if max(len(said), len(plain(said, keep_newlines=True))) > limit:
                self.refuse(column, Text(f"أطول من {limit:,} حرف.", f"Longer than {limit:,} characters."))


def _spelled(words: Mapping[str, Iterable[str]]) -> dict[str, str]:
    return {fold(way): word for word, ways in words.items() for way in (word, *ways)}


def _choose(words: Mapping[str, str]) -> Text:
    """Every word that would be understood, once each."""
    choices = list(dict.fromkeys(words.values()))
    return Text(f"واحد من: {'، '.join(choices)}.", f"One of: {', '.join(choices)}.")


_KINDS = _spelled({"grant": ("موافقة", "consent"), "withdraw": ("إيقاف", "سحب", "stop", "opt-out", "opt out")})
_CATEGORIES = _spelled({word.value: (CATEGORY_WORDS[word].ar, CATEGORY_WORDS[word].en) for word in GRANTABLE})
_WITHDRAWN = {**_CATEGORIES, **_spelled({EVERYTHING: ("الكل", "everything", "*")})}
_PURPOSES = _spelled({purpose: (words.ar, words.en) for purpose, words in PURPOSE_WORDS.items()})
_SOURCES = _spelled({source: (SOURCE_WORDS[source].ar, SOURCE_WORDS[source].en) for source in IMPORT_SOURCES})
_ADDRESS_TYPES = _spelled({"phone": ("جوال", "رقم", "mobile"), "bsuid": ("معرف واتساب", "معرّف واتساب")})
_YES_NO = _spelled({"yes": ("true", "نعم", "1"), "no": ("false", "لا", "0")})
_LANGUAGES = _spelled({"ar": ("العربية", "عربي", "arabic"), "en": ("الإنجليزية", "إنجليزي", "english")})

_NEEDED = {
    "wording": Text("اكتب نص الموافقة كما عُرض عليه.", "Write the exact words they agreed to."),
    "evidence": Text("اذكر الدليل: أين هو، ومن حضر.", "Name the evidence: where it is kept, who was there."),
    "happened_at": Text("لا موافقة دون وقتها.", "A consent needs its time."),
}
_ENDED = Text(
    "انتهت هذه الموافقة (24 شهرًا ما لم يذكر نصها غير ذلك في expires_at).",
    "This consent has ended (24 months, unless its wording says otherwise in expires_at).",
)
_NO_BSUID = Text("ليس معرّف واتساب مثل SA.1A2b3C.", "Not a WhatsApp identifier such as SA.1A2b3C.")
_NOT_DIRECT = Text(
    "الموافقة التي لم تؤخذ من الشخص مباشرة لا تسمح بالتسويق. اكتب «نعم» فقط إن أُخذت منه مباشرة.",
    "A consent that was not given to you directly does not allow marketing. Write “yes” only if it was.",
)
