"""What `ledger-verify` can find, in words for people: which row, what is wrong, what to do. Nothing personal."""

from dataclasses import dataclass, field

from wakeel.domain.chain import Break, Broken
from wakeel.domain.words import Text

MOST_KEPT = 200
"""Findings kept with their words; beyond it they are only counted, so that memory does not grow with the damage."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """business: its id. seq: of the row, None where no row is meant. id: of the row, or the anchor file's line."""

    business: str
    what: Text
    todo: Text
    seq: int | None = None
    id: str = ""

    def in_words(self, language: str) -> str:
        """One line: where, what, what to do."""
        place = [self.business, f"#{self.seq}" if self.seq is not None else "", self.id]
        return f"{' '.join(filter(None, place))}: {self.what.say(language)} {self.todo.say(language)}"


@dataclass(slots=True)
class Findings:
    """Collected while walking; `total` counts all of them."""

    kept: list[Finding] = field(default_factory=list)
    total: int = 0

    def add(self, finding: Finding) -> None:
        self.total += 1
        if len(self.kept) < MOST_KEPT:
            self.kept.append(finding)


_RESTORE = Text(
    "قارن بآخر نسخة احتياطية سليمة، واعرف من عدّل القاعدة.",
    "Compare with the last good backup, and find out who edited the database.",
)
_REFRESH = Text(
    "احسبها من جديد بالأمر wakeel ledger-verify --refresh-standings",
    "Compute it again: wakeel ledger-verify --refresh-standings.",
)
_KEYS = Text("أعد ملف المفتاح من نسختك الاحتياطية.", "Put the key file back from your backup.")

_BREAKS: dict[Break, tuple[Text, Text]] = {
    Break.CHANGED: (
        Text("عُدّل هذا القيد أو أُضيف يدويًا.", "this entry was changed, or put in by hand."),
        _RESTORE,
    ),
    Break.REPEATED: (Text("قيد ثانٍ بالرقم نفسه.", "a second entry has the same number."), _RESTORE),
    Break.REORDERED: (Text("هذا القيد ليس في ترتيبه.", "this entry is not in its place."), _RESTORE),
    Break.NO_KEY: (Text("مفتاح هذه الحقبة غير موجود.", "the chain key of its epoch is not here."), _KEYS),
}


def of_break(business: str, broken: Broken) -> Finding:
    """A fault of the chain."""
    if broken.kind is Break.MISSING:
        numbers = f"{broken.seq}–{broken.until}" if broken.until > broken.seq else str(broken.seq)
        what = Text(f"القيود {numbers} محذوفة.", f"entries {numbers} are gone; this is what stands after them.")
        return Finding(business=business, seq=broken.seq, id=broken.id, what=what, todo=_RESTORE)
    what, todo = _BREAKS[broken.kind]
    return Finding(business=business, seq=broken.seq, id=broken.id, what=what, todo=todo)


def head_differs(business: str, *, seq: int, head_seq: int | None) -> Finding:
    """The head row and the last entry disagree. head_seq: None without a head row."""
    if head_seq is None:
        what = Text("رأس السجل مفقود.", "the ledger's head row is gone.")
    elif head_seq > seq:
        what = Text(
            f"آخر السجل محذوف: آخر قيد {seq} ورأسه يذكر {head_seq}.",
            f"the end was cut off: the last entry is {seq}, the head says {head_seq}.",
        )
    elif head_seq < seq:
        what = Text(f"بعد رأس السجل ({head_seq}) قيود.", f"entries stand after the head ({head_seq}).")
    else:
        what = Text("رأس السجل لا يطابق آخر قيد.", "the head does not match the last entry.")
    return Finding(business=business, seq=seq, what=what, todo=_RESTORE)


def beside(business: str, seq: int, row_id: str, what: Text) -> Finding:
    """Something beside an entry is not what the entry says."""
    return Finding(business=business, seq=seq, id=row_id, what=what, todo=_RESTORE)


PAYLOAD_GONE = Text("محتوى القيد محذوف بلا قيد إتلاف.", "its payload is gone, and no erase entry says why.")
PAYLOAD_CHANGED = Text("محتوى القيد عُدّل أو بُدّل.", "its payload was changed or exchanged.")
PAYLOAD_CLOSED = Text(
    "محتوى القيد لا يُفتح بمفتاح صاحبه.", "its payload does not open with the person's key; the key is another one."
)
PAYLOAD_OF_OTHER = Text("محتوى القيد منسوب إلى شخص آخر.", "its payload was given to another person.")
WORDING_GONE = Text("نص الموافقة محذوف.", "the wording it names is gone.")
WORDING_CHANGED = Text("نص الموافقة عُدّل.", "the wording it names was changed.")
FILE_GONE = Text("ملف الدليل محذوف.", "its evidence file is gone.")
FILE_CHANGED = Text("ملف الدليل عُدّل.", "its evidence file was changed.")


def keys_gone(business: str, count: int) -> Finding:
    """Payloads are there and cannot be opened."""
    what = Text(
        f"مفاتيح {count} من الأشخاص مفقودة، فلا يُقرأ محتوى قيودهم.",
        f"the keys of {count} people are missing; what is sealed under them cannot be read.",
    )
    todo = Text("أعد جدول subject_key من نسخته.", "Restore the table subject_key from its own backup.")
    return Finding(business=business, what=what, todo=todo)


def standing_differs(business: str, contact_id: str) -> Finding:
    """The cache of one person is not what the ledger says."""
    what = Text("حالة الموافقة المخزنة لا تطابق السجل.", "the stored consent standing is not what the ledger says.")
    return Finding(business=business, id=contact_id, what=what, todo=_REFRESH)


def anchor_unreadable(business: str, place: str) -> Finding:
    """A line of the anchor file that is none of ours."""
    what = Text("سطر لا يُقرأ أو توقيعه غير صحيح.", "this line cannot be read, or its signature is wrong.")
    todo = Text("قارن بالنسخة المحفوظة خارج الجهاز.", "Compare with the copy that is kept elsewhere.")
    return Finding(business=business, id=place, what=what, todo=todo)


def anchor_differs(business: str, place: str, *, after: int, seq: int) -> Finding:
    """The ledger up to `seq` is not the one that was anchored; up to `after` it is."""
    span = f"{after + 1}–{seq}" if seq > after + 1 else str(seq)
    what = Text(
        f"القيود {span} ليست كما كانت يوم تثبيتها.",
        f"entries {span} are not what they were when this line was written.",
    )
    return Finding(business=business, seq=seq, id=place, what=what, todo=_RESTORE)


def read_beyond(business: str, *, last: int, seq: int) -> Finding:
    """The gate decided on entries that are not there any more."""
    what = Text(
        f"حُذف آخر السجل: قُرئ حتى {seq} وآخر قيد الآن {last}.",
        f"the end was cut off: entries up to {seq} were read once, the last one now is {last}.",
    )
    return Finding(business=business, seq=last, what=what, todo=_RESTORE)


def business_gone(business: str, place: str) -> Finding:
    """Anchors of ours for a ledger that the database knows nothing of."""
    what = Text(
        "ثُبّت هذا السجل من قبل، ومنشأته ليست في القاعدة.",
        "this ledger was anchored, and its business is not in the database.",
    )
    return Finding(business=business, id=place, what=what, todo=_RESTORE)


def anchor_beyond(business: str, place: str, *, last: int, seq: int) -> Finding:
    """The ledger is shorter than it was."""
    what = Text(
        f"حُذف آخر السجل: ثُبّت حتى {seq} وآخر قيد الآن {last}.",
        f"the end was cut off: entries up to {seq} were anchored, the last one now is {last}.",
    )
    return Finding(business=business, seq=seq, id=place, what=what, todo=_RESTORE)
