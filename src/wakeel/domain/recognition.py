"""Who tapped? An operator is the enrolment whose bound BSUID wrote; a phone number alone proves little (design 5)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from wakeel.domain.events import Sender
from wakeel.domain.ids import Bsuid, OperatorId, WaId
from wakeel.domain.words import Text

CODE_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""32 signs without 0, O, 1 and I, which look alike on a phone."""
CODE_LENGTH = 8
CODE_LIFE = timedelta(minutes=10)
WRONG_CODES_PER_SENDER = 5
WRONG_CODES_PER_BUSINESS = 20
WRONG_CODES_WITHIN = timedelta(hours=1)


WAY_BACK = "way_back"
"""The purpose of the one message that somebody gets who is no operator now: how to become one again."""


class OperatorState(StrEnum):
    ACTIVE = "active"
    SUSPENDED = "suspended"  # identity changed: taps are answered "enrol again", nothing else is done
    INACTIVE = "inactive"  # left the team: their taps decide nothing, and only that is said to them


class EnrolmentState(StrEnum):
    ISSUED = "issued"  # the code is shown on the signed-in person's screen
    MATCHED = "matched"  # it came back from a phone; the person confirms with the password
    CONFIRMED = "confirmed"
    VOID = "void"  # expired, refused or replaced by a newer code


class IdentityDoubt(StrEnum):
    """Why nothing goes to a contact before somebody made sure who they are."""

    KEY_CHANGED = "key_changed"  # WhatsApp told that the identity key behind the number is another one
    FORMER_UNKNOWN = "former_unknown"  # they changed their number, and we never knew them under the former one
    NUMBER_SHARED = "number_shared"  # somebody got a number that another contact of ours has
    NUMBER_CORRECTED = "number_corrected"  # an operator wrote down another number


DOUBT_WORDS: dict[IdentityDoubt, Text] = {
    IdentityDoubt.KEY_CHANGED: Text(
        "تغيّر جهاز صاحب هذا الرقم أو حسابه في واتساب.", "The phone or the account behind this number is another one."
    ),
    IdentityDoubt.FORMER_UNKNOWN: Text(
        "أبلغ واتساب بأن صاحب هذا السجل غيّر رقمه، ولم يكن معروفًا هنا برقمه السابق. إن كان له سجل آخر فيُضمّ السجلان.",
        "WhatsApp says that they changed their number, and who they were before is not known here. If they have "
        "another record, merge the two.",
    ),
    IdentityDoubt.NUMBER_SHARED: Text(
        "أبلغ واتساب بأن هذا الرقم صار لشخص غيّر رقمه، وهو مسجّل هنا لجهة اتصال أخرى.",
        "WhatsApp says that the number is now of somebody who changed theirs, and another contact has it here.",
    ),
    IdentityDoubt.NUMBER_CORRECTED: Text(
        "صُحّح الرقم يدويًا ولم يُتأكد بعد من صاحبه.", "The number was corrected by hand and nobody made sure of it yet."
    ),
}


@dataclass(frozen=True, slots=True)
class Enrolled:
    """What recognition needs to know of one operator; bsuid None until the first one is seen."""

    id: OperatorId
    state: OperatorState
    wa_id: WaId | None
    bsuid: Bsuid | None


class Recognition(StrEnum):
    OPERATOR = "operator"
    SUSPENDED = "suspended"  # enrolled once, not trusted now
    FORMER = "former"  # left the team
    SWAPPED = "swapped"  # the phone matches but the BSUID does not: suspend at once
    STRANGER = "stranger"


@dataclass(frozen=True, slots=True)
class Recognised:
    """who: what the sender is; operator_id: None for strangers; binds: a BSUID to bind for good, else None."""

    who: Recognition
    operator_id: OperatorId | None = None
    binds: Bsuid | None = None


def recognise(sender: Sender, operators: Iterable[Enrolled]) -> Recognised:
    """Say who wrote. The BSUID decides; the phone counts only while neither side has a BSUID to compare."""
    enrolled = list(operators)
    if sender.bsuid is not None:
        for operator in enrolled:
            if operator.bsuid == sender.bsuid:
                return _standing_of(operator)
    if sender.wa_id is None:
        return Recognised(Recognition.STRANGER)
    same_phone = [operator for operator in enrolled if operator.wa_id == sender.wa_id]
    if not same_phone:
        return Recognised(Recognition.STRANGER)
    operator = same_phone[0]
    if operator.state is not OperatorState.ACTIVE:
        return _standing_of(operator)
    if operator.bsuid is None:
        return Recognised(Recognition.OPERATOR, operator.id, sender.bsuid)
    if sender.bsuid is None:
        # A bound enrolment is never driven by a phone number alone.
        return Recognised(Recognition.STRANGER)
    return Recognised(Recognition.SWAPPED, operator.id)


def _standing_of(operator: Enrolled) -> Recognised:
    return Recognised(_STANDINGS[operator.state], operator.id)


_STANDINGS = {
    OperatorState.ACTIVE: Recognition.OPERATOR,
    OperatorState.SUSPENDED: Recognition.SUSPENDED,
    OperatorState.INACTIVE: Recognition.FORMER,
}


def looks_like_code(text: str) -> str | None:
    """The code in canonical form if the whole message could be one, else None."""
    code = text.strip().upper().replace("-", "").replace(" ", "")
    return code if len(code) == CODE_LENGTH and all(c in CODE_ALPHABET for c in code) else None
