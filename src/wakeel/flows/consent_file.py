"""A consent file that was read, held against the ledger: what each row would do now, and why it may not.

An import is our claim about the past: it never reopens what a person closed, and it brings nobody back whose data was
destroyed. Source: reference "consent and contactability", sections 3.4 and 3.6 (normative), read 2026-11-22.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256

from wakeel.domain.addresses import canonical
from wakeel.domain.chat_links import how_to_reopen
from wakeel.domain.consent import Standing
from wakeel.domain.content import names_sender
from wakeel.domain.words import Text
from wakeel.flows.consent_lines import COLUMNS, REQUIRED, ConsentLine, read_line
from wakeel.flows.known_people import KnownPeople
from wakeel.flows.phone_cells import Numbers
from wakeel.flows.table_file import Glance, read
from wakeel.flows.table_lines import MAX_ROWS
from wakeel.flows.table_report import Fault
from wakeel.store import businesses
from wakeel.store.models import Contact

READ_AT_ONCE = 500


class Outcome(StrEnum):
    GRANT = "grant"
    WITHDRAWAL = "withdrawal"
    UNCHANGED = "unchanged"  # the ledger says exactly this already


@dataclass(frozen=True, slots=True)
class Planned:
    """What one row would do now. contact: None for somebody new."""

    line: ConsentLine
    outcome: Outcome
    contact: Contact | None


class ConsentFile:
    """A file that was read, with what its own rows say about each other."""

    def __init__(
        self,
        business_id: str,
        data: bytes | Glance,
        *,
        now: datetime,
        most_rows: int = MAX_ROWS,
        chosen: Mapping[str, str] | None = None,
    ) -> None:
        table = read(data, names=COLUMNS, required=REQUIRED, forbidden={}, most_rows=most_rows, chosen=chosen)
        self.faults, self.is_cut = table.faults, table.is_cut
        self.sha256 = sha256(data.data if isinstance(data, Glance) else data).hexdigest()
        self.now = now
        self.lines: list[ConsentLine] = []
        self.numbers = Numbers()
        self.conflicts = 0
        for row in table.rows:
            line = read_line(row, now=now)
            if isinstance(line, ConsentLine):
                self.lines.append(line)
                if line.number is not None:
                    self.numbers.count(line.number)
            else:
                self.faults += line
        self._people = KnownPeople(business_id)
        self._business_name = businesses.name_of(business_id)
        self._reopening = how_to_reopen(businesses.our_phone(business_id))
        self._stops: dict[str, list[ConsentLine]] = {}
        for line in self.lines:
            if line.withdraws:
                self._stops.setdefault(canonical(line.address), []).append(line)
        self._taken: set[tuple[str, str]] = set()

    @property
    def warnings(self) -> list[Text]:
        grants = [line for line in self.lines if not line.withdraws]
        others = sum(not line.collected_directly for line in grants)
        nameless = {
            words for words in {line.wording for line in grants} if not names_sender(words, self._business_name)
        }
        unnamed = sum(line.wording in nameless for line in grants)
        return [
            *self.numbers.warnings(),
            *([_not_from_them(others)] if others else []),
            *([_does_not_name_us(unnamed)] if unnamed else []),
        ]

    def forget(self) -> None:
        """Begin again from the first row."""
        self._taken, self.conflicts = set(), 0

    def plan(self) -> Iterator[Planned | Fault]:
        """Every row, in file order, as the database is now."""
        for start in range(0, len(self.lines), READ_AT_ONCE):
            yield from self.decide(self.lines[start : start + READ_AT_ONCE])

    def decide(self, lines: list[ConsentLine]) -> list[Planned | Fault]:
        """What these rows would do now; the database is asked once for all of them."""
        self._people.look_up(line.address for line in lines)
        recorded = self._people.recorded((line.address, line.occurrence) for line in lines)
        return [self._decide(line, recorded) for line in lines]

    def _decide(self, line: ConsentLine, recorded: set[tuple[str, str]]) -> Planned | Fault:
        if self._people.is_operator(line.address):
            return line.row.fault("phone", _OPERATOR)
        contact = self._people.contact(line.address)
        if (line.address, line.occurrence) in recorded or (line.address, line.occurrence) in self._taken:
            return Planned(line, Outcome.UNCHANGED, contact)
        why = self._conflict(line)
        if why is not None:
            self.conflicts += 1
            return line.row.fault("phone", why)
        self._taken.add((line.address, line.occurrence))
        return Planned(line, Outcome.WITHDRAWAL if line.withdraws else Outcome.GRANT, contact)

    def _conflict(self, line: ConsentLine) -> Text | None:
        if self._people.is_erased(line.address):
            return _ERASED
        if line.withdraws:
            return None
        for stop in self._stops.get(canonical(line.address), ()):
            if stop.covers(line):
                return _stopped_in_line(stop.row.line)
        for category in line.categories:
            for purpose in line.purposes or ():
                state = self._people.state(line.address, category=category, purpose=purpose, now=self.now)
                if state.standing is Standing.OPTED_OUT:
                    return self._reopening
                if state.withdrawn_at is not None:
                    return _CAME_BACK
        return None


def _stopped_in_line(number: int) -> Text:
    return Text(
        f"السطر {number} من الملف نفسه يسجّل طلب إيقاف من هذا الشخص.",
        f"Line {number} of this very file says that this person asked to stop.",
    )


def _not_from_them(number: int) -> Text:
    return Text(
        f"بيانات لم تُجمع من أصحابها مباشرة: {number}. يُبلَّغ أصحابها خلال 30 يومًا، مع ذكر المصدر.",
        f"The data of {number} rows was not collected from the people themselves: tell them within 30 days, "
        "naming its source.",
    )


def _does_not_name_us(number: int) -> Text:
    return Text(
        f"نصوص موافقة لا تذكر اسم المنشأة كما يطلب واتساب: {number}.",
        f"{number} wordings do not name your business, as WhatsApp asks for.",
    )


_OPERATOR = Text("هذا رقم مشغّل لديكم.", "This is one of your operators' numbers.")
_ERASED = Text(
    "أُتلفت بيانات هذا الشخص بطلبه، فلا يُسجَّل عنه شيء من ملف.",
    "This person's data was destroyed at their request; nothing is recorded about them from a file.",
)
_CAME_BACK = Text(
    "طلب هذا الشخص الإيقاف ثم عاد بنفسه. موافقته في السجل، ولا يضيف إليها الملف شيئًا.",
    "This person asked us to stop and came back by themselves. Their consent is on file; this one adds nothing.",
)
