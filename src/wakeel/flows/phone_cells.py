"""Numbers in the cells of a file: what was read, what had to be assumed, and whether a column is written in one style.

Source: reference "consent and contactability", section 7 (normative), read 2026-11-22.
"""

import re
from collections import Counter
from dataclasses import dataclass, field

from babel import Locale

from wakeel import config
from wakeel.domain.words import Text
from wakeel.flows.phone_numbers import NumberNote, NumberStatus, read_number

_EXPONENT = re.compile(r"\d+([.,٫]\d+)?[eE]\+?\d+")

WHY_NOT: dict[NumberStatus, Text] = {
    NumberStatus.MULTIPLE: Text("أكثر من رقم في الخلية. اكتب رقمًا واحدًا.", "More than one number. Write one."),
    NumberStatus.INVALID: Text(
        "رقم غير صالح. اكتبه مع رمز الدولة، مثل \u2066+966\u2069.", "Not a valid number. Write it with +country code."
    ),
    NumberStatus.NEEDS_REGION: Text(
        "رقم دون رمز الدولة. اكتبه مع الرمز، مثل \u2066+966\u2069.",
        "No country code. Write the number with one, such as +966.",
    ),
}
_SHORTENED = Text(
    "اختصر Excel هذا الرقم فضاعت خاناته. اجعل العمود نصًا واكتب الرقم من جديد.",
    "Excel has shortened this number and its digits are lost. Format the column as text and write it again.",
)


@dataclass(frozen=True, slots=True)
class PhoneCell:
    """address: `+` and digits. note: what was assumed, None if the cell said it all."""

    address: str
    note: NumberNote | None
    is_mobile: bool

    @property
    def note_words(self) -> Text | None:
        """What was assumed, for the row it is about."""
        if self.note is NumberNote.ASSUMED_REGION:
            country = region_words(config.get().default_region)
            return Text(f"بلا رمز دولة: قُرئ من {country.ar}", f"no country code: read as of {country.en}")
        if self.note is NumberNote.ASSUMED_INTERNATIONAL:
            return Text("قُرئ كأن أوله +", "read as if it began with +")
        return None if self.is_mobile else Text("ليس جوالًا", "not a mobile number")


def read_cell(value: str) -> PhoneCell | Text:
    """One number, or why there is none."""
    if _EXPONENT.fullmatch(value.strip()):
        return _SHORTENED
    number = read_number(value, region=config.get().default_region)
    if number.e164 is None:
        return WHY_NOT[number.status]
    return PhoneCell(number.e164, number.note, is_mobile=number.status is NumberStatus.OK)


@dataclass(slots=True)
class Numbers:
    """Counts what was assumed in one column, for the questions a person must answer before importing."""

    _seen: Counter[NumberNote | None] = field(default_factory=Counter)
    _not_mobile: int = 0

    def count(self, cell: PhoneCell) -> None:
        self._seen[cell.note] += 1
        self._not_mobile += not cell.is_mobile

    @property
    def assumed(self) -> int:
        return sum(number for note, number in self._seen.items() if note is not None)

    def warnings(self) -> list[Text]:
        """Each sentence names a number of rows and what to look at."""
        said = []
        if number := self._seen[NumberNote.ASSUMED_REGION]:
            said.append(_in_region(number))
        if number := self._seen[NumberNote.ASSUMED_INTERNATIONAL]:
            said.append(
                Text(
                    f"عدد الأرقام التي لا تصح محليًا فقُرئت كأن أولها +: {number}.",
                    f"{number} numbers are not valid here and were read as if they began with +.",
                )
            )
        if len(self._seen) > 1:
            said.append(_MIXED)
        if self._not_mobile:
            said.append(
                Text(
                    f"أرقام ليست جوالات، وقد تكون لحسابات أعمال: {self._not_mobile}.",
                    f"{self._not_mobile} numbers are not mobiles; business accounts may use such numbers.",
                )
            )
        return said


_MIXED = Text(
    "أرقام العمود مكتوبة بأكثر من طريقة. راجعها: قد يكون بعضها من بلد آخر.",
    "The numbers of this column are written in more than one way. Look at them: some may be of another country.",
)


def region_words(region: str) -> Text:
    """The country's name in both languages."""
    return Text(*(str(Locale(language).territories.get(region, region)) for language in ("ar", "en")))


def _in_region(number: int) -> Text:
    country = region_words(config.get().default_region)
    return Text(
        f"أرقام بلا رمز دولة قُرئت على أنها من {country.ar}: {number}.",
        f"{number} numbers had no country code and were read as numbers of {country.en}.",
    )
