"""A phone becomes an operator: a code from the screen, sent from the phone, confirmed with the password. Design 5."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from wakeel import clock, config
from wakeel.domain.answers import AnswerCode
from wakeel.domain.audit import Action
from wakeel.domain.events import Sender
from wakeel.domain.recognition import (
    CODE_ALPHABET,
    CODE_LENGTH,
    CODE_LIFE,
    WRONG_CODES_PER_BUSINESS,
    WRONG_CODES_PER_SENDER,
    WRONG_CODES_WITHIN,
    EnrolmentState,
    OperatorState,
    looks_like_code,
)
from wakeel.domain.roles import Act, may
from wakeel.domain.text import isolate
from wakeel.domain.words import Text
from wakeel.flows import audit
from wakeel.flows.deactivate_operator import take_up_unowned
from wakeel.flows.reply import Reply
from wakeel.flows.show_card import fill_cards
from wakeel.flows.tell_operator import tell
from wakeel.store import operators, roles, votes
from wakeel.store.models import Enrolment, Operator, WrongCode
from wakeel.store.retry import whole_transaction


@dataclass(frozen=True, slots=True)
class IssuedCode:
    """code: shown once to the signed-in person. expires_at: real time. display_phone: where to send it, digits."""

    code: str
    expires_at: datetime
    display_phone: str


class CannotEnrol(Exception):
    """There is no business with a sending number yet, or the confirmation does not fit; text says what to do."""

    def __init__(self, text: Text) -> None:
        self.text = text
        super().__init__(text.en)


def issue_code(user_id: int) -> IssuedCode:
    """A new code for this account; any earlier one is void."""
    with transaction.atomic():
        number = operators.only_number()
        if number is None:
            raise CannotEnrol(_NO_NUMBER)
        Enrolment.objects.filter(user_id=user_id, state__in=_OPEN).update(state=EnrolmentState.VOID)
        code = "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))
        expires_at = clock.real_now() + CODE_LIFE
        Enrolment.objects.create(
            business_id=number.business_id,
            number=number,
            user_id=user_id,
            code_hash=_keyed(code),
            expires_at=expires_at,
        )
        return IssuedCode(code, expires_at, number.display_phone)


def take_code(
    business_id: str, text: str, sender: Sender, *, sent_at: datetime, now: datetime, is_contact: bool = False
) -> bool:
    """True if a stranger's text was a code we wait for; wrong ones are counted. Inside the caller's transaction.

    is_contact: we know this sender as a contact, whose words are never swallowed as a wrong code.

    The phone is told nothing before the person confirmed on the screen.
    """
    code = looks_like_code(text)
    real_now = clock.real_now()
    if code is None or not operators.expects_code(business_id, real_now=real_now):
        return False
    if _is_throttled(business_id, sender, real_now=real_now):
        return not is_contact
    rows = Enrolment.objects.filter(
        business_id=business_id, state=EnrolmentState.ISSUED, code_hash=_keyed(code), expires_at__gt=real_now
    )
    matched = rows.update(
        state=EnrolmentState.MATCHED, sender_wa_id=sender.wa_id, sender_bsuid=sender.bsuid,
        sender_name=(sender.name or "")[:200], sender_wrote_at=sent_at,
    )  # fmt: skip
    if not matched:
        _count_wrong(business_id, sender, now=now, real_now=real_now)
    return bool(matched) or not is_contact


@whole_transaction
def confirm(user_id: int, *, name: str, now: datetime) -> Operator:
    """The signed-in person confirmed with the password: bind the phone to the account. Raises CannotEnrol.

    The caller checked the password. Brings the first cards.
    """
    with transaction.atomic():
        rows = Enrolment.objects.select_for_update(of=("self",)).filter(user_id=user_id, state=EnrolmentState.MATCHED)
        enrolment = rows.filter(expires_at__gt=clock.real_now()).order_by("-expires_at").first()
        if enrolment is None:
            raise CannotEnrol(_NO_CODE)
        if not may(roles.of(enrolment.business_id, user_id), Act.DECIDE):
            raise CannotEnrol(_DECIDES_NOTHING)
        if operators.is_contact(enrolment):
            raise CannotEnrol(_IS_CONTACT)
        if operators.is_taken(enrolment):
            raise CannotEnrol(_IS_TAKEN)
        operators.release_address(enrolment, now=now)
        operator = operators.enrol(enrolment, name=name, now=now)
        enrolment.state = EnrolmentState.CONFIRMED
        enrolment.save(update_fields=["state"])
        # What waited for an earlier phone of this account never goes there.
        operators.take_back_cards(operator.id, now=now)
        tell(operator, Reply(AnswerCode.WELCOME, {"name": isolate(name)}), key=f"welcome:{operator.id}", now=now)
        take_up_unowned(operator, now=now)
        fill_cards(operator, now=now)
        audit.note(operator.business_id, by=str(user_id), action=Action.PHONE_LINKED, subject=operator.id, now=now)
        return operator


def suspend(operator_id: str, *, now: datetime) -> None:
    """The identity behind this enrolment is not sure any more: it decides nothing until it is enrolled again."""
    if Operator.objects.filter(pk=operator_id, state=OperatorState.ACTIVE).update(state=OperatorState.SUSPENDED):
        operators.take_back_cards(operator_id, now=now)
        votes.withdraw(operator_id)


_NO_NUMBER = Text("لا يوجد رقم إرسال بعد.", "There is no sending number yet.")
_NO_CODE = Text("لم يصل رمز صالح بعد. اطلب رمزًا جديدًا.", "No valid code arrived. Ask for a new one.")
_DECIDES_NOTHING = Text(
    "هذا الحساب لا يقرّر شيئًا، فلا يحتاج إلى هاتف. يمنح المدير دور المشغّل أولًا.",
    "This login decides nothing and needs no phone. An administrator makes it an operator first.",
)
_IS_CONTACT = Text(
    "هذا الرقم مسجّل كجهة اتصال، ولا يكون مشغّلًا في الوقت نفسه.",
    "This number belongs to a contact; it cannot be an operator as well.",
)
_IS_TAKEN = Text("هذا الهاتف مربوط بحساب آخر.", "This phone is linked to another account.")
_FROM_ONE = Text("من هاتف واحد", "from one phone")
_FROM_SEVERAL = Text("من هواتف مختلفة", "from several phones")
_OPEN = [EnrolmentState.ISSUED.value, EnrolmentState.MATCHED.value]


def _keyed(text: str) -> str:
    """Codes and numbers are kept only as keyed hashes."""
    key = config.get().secret_key.encode()
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def _sender_hash(sender: Sender) -> str:
    return _keyed(f"sender:{sender.bsuid or sender.wa_id}")


def _recent(business_id: str, *, real_now: datetime) -> QuerySet[WrongCode]:
    return WrongCode.objects.filter(business_id=business_id, at__gt=real_now - WRONG_CODES_WITHIN)


def _is_throttled(business_id: str, sender: Sender, *, real_now: datetime) -> bool:
    recent = _recent(business_id, real_now=real_now)
    by_sender = recent.filter(sender_hash=_sender_hash(sender)).count()
    return by_sender >= WRONG_CODES_PER_SENDER or recent.count() >= WRONG_CODES_PER_BUSINESS


def _count_wrong(business_id: str, sender: Sender, *, now: datetime, real_now: datetime) -> None:
    WrongCode.objects.create(business_id=business_id, sender_hash=_sender_hash(sender), at=real_now)
    if not _is_throttled(business_id, sender, real_now=real_now):
        return
    from_all = _recent(business_id, real_now=real_now).count() >= WRONG_CODES_PER_BUSINESS
    source = _FROM_SEVERAL if from_all else _FROM_ONE
    hour = real_now.replace(minute=0, second=0, microsecond=0).isoformat()
    for operator in operators.active(business_id):
        key = f"wrong-codes:{hour}:{from_all}:{operator.id}"
        tell(operator, Reply(AnswerCode.WRONG_CODES, {"source": source}), key=key, now=now)
