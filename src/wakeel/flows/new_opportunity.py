"""An operator makes an opportunity by hand, typed or on its page: contact, opportunity, card. Walk 5.

A typed number is no consent and makes nobody known: the gate says what must come first.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime

from django.db import transaction

from wakeel.domain.addresses import canonical
from wakeel.domain.answers import AnswerCode
from wakeel.domain.consent import Category
from wakeel.domain.drafts import TextRefused, refuse_text
from wakeel.domain.new_opportunity import EXAMPLE, TypedOpportunity
from wakeel.domain.opportunities import ALLOWED, OPEN_STATES, OpportunityState, Source
from wakeel.domain.reasons import Answer
from wakeel.domain.team import TeamChange
from wakeel.domain.text import bare_line, isolate, mask_phone, one_line, plain
from wakeel.domain.words import Language, Text
from wakeel.flows.gather_notices import notify
from wakeel.flows.import_opportunities import PURPOSES
from wakeel.flows.may_contact import may_contact
from wakeel.flows.no_operator import no_operator
from wakeel.flows.phone_cells import PhoneCell, read_cell
from wakeel.flows.reply import Reply, Value, state_words
from wakeel.flows.show_card import show_opportunity
from wakeel.store import contacts, decisions, operators, team
from wakeel.store.keepers import other_keeper
from wakeel.store.models import Contact, Operator, Opportunity
from wakeel.store.retry import whole_transaction
from wakeel.store.suppressions import ErasedPeople

ACTION = "new"
LONGEST = {"title": 300, "name": 200, "company": 200, "summary": 4_000, "value": 60}
"""As for imported ones."""
FIELD_WORDS: dict[str, Text] = {
    "name": Text("الاسم", "name"), "phone": Text("الرقم", "number"), "title": Text("العنوان", "title"),
    "company": Text("المنشأة", "organisation"), "summary": Text("الخلاصة", "summary"),
    "value": Text("القيمة", "value"), "purpose": Text("الغرض", "purpose"), "message": Text("النص", "message"),
}  # fmt: skip

_MISSING = Text("مطلوب.", "Required.")
_TOO_LONG = Text("أطول من {limit} حرف.", "Longer than {limit} characters.")
_MESSAGE_TOO_LONG = Text("أطول من 3,500 حرف.", "Longer than 3,500 characters.")
_PURPOSE = Text("واحد من: عروض، تحديثات الطلبات، مواعيد.", "One of: offers, order updates, meetings.")
_AN_OPERATOR = Text("هذا رقم مشغّل لديكم.", "This is one of your operators' numbers.")
_ERASED = Text(
    "أُتلفت بيانات صاحب هذا الرقم بطلبه، فلا تُسجَّل عنه فرصة.",
    "The data of whoever has this number was destroyed at their request; no opportunity is recorded about them.",
)
_NOTED = Text(" الرقم {phone}: {note}.", " The number {phone}: {note}.")
_FIRST = Text("\nقبل مراسلته: {reason} {changes}", "\nBefore writing to them: {reason} {changes}")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewOpportunity:
    """As a person wrote it, '' for nothing. purpose: one of PURPOSES. message: the first text, '' for the usual one.
    contact_id: somebody known whom it is about, then neither number nor name is asked for.
    """

    phone: str
    title: str
    name: str = ""
    company: str = ""
    summary: str = ""
    value: str = ""
    purpose: str = "offers"
    message: str = ""
    contact_id: str = ""


@dataclass(frozen=True, slots=True)
class Made:
    """What is said. opportunity_id: the new one, or the one that was there; None with faults, which are by field."""

    reply: Reply
    opportunity_id: str | None = None
    faults: Mapping[str, Text] = field(default_factory=dict)


def make_typed(operator: Operator, typed: TypedOpportunity, *, tap_key: str, now: datetime) -> Reply:
    """The same from one message on the phone; with nothing but the word, how it is written."""
    if typed == TypedOpportunity():
        return Reply(AnswerCode.OPP_HOW, {"example": EXAMPLE})
    asked = NewOpportunity(phone=typed.phone, title=typed.title, name=typed.name)
    return make(operator.id, asked, tap_key=tap_key, via="phone", now=now).reply


@whole_transaction
def make(operator_id: str, asked: NewOpportunity, *, tap_key: str, via: str, now: datetime) -> Made:
    """Record it and bring its card to the operator; with any fault nothing is written.

    The same person and title as one that is not closed is that one: nothing is written, its card comes again. About a
    colleague's person it is the colleague's, who is told: else making one would be the way to somebody's number.
    """
    with transaction.atomic():
        operator = decisions.lock_operator(operator_id)
        if (no_more := no_operator(operator)) is not None:
            return Made(no_more)
        taken = decisions.taken_among(operator.business_id, [tap_key]).get(tap_key)
        if taken is not None:
            return _made_before(taken.opportunity)
        known = contacts.lock(operator.business_id, asked.contact_id) if asked.contact_id else None
        if known is None and asked.contact_id:
            return Made(Reply(AnswerCode.NO_SUCH_CONTACT))
        tidy = _tidy(asked)
        cell, faults = _check(operator.business_id, tidy, is_known=known is not None)
        if faults:
            return Made(Reply(AnswerCode.OPP_FAULTS, _fault_words(faults)), faults=faults)
        contact = known or _contact(operator.business_id, tidy, cell, now=now)
        made = _write(operator, tidy, contact, cell, tap_key=tap_key, now=now)
        decisions.record(
            operator, opportunity=made.opportunity, action=ACTION, via=via, tap_key=tap_key, reply=made.reply.code,
            carried_out=made.reply.carried_out, now=now,
        )  # fmt: skip
        if made.keeper is not None:
            _tell(made.keeper, operator, made.opportunity, now=now)
        if made.opportunity.state in OPEN_STATES:
            show_opportunity(made.keeper or operator, made.opportunity, now=now)
        return Made(made.reply, made.opportunity.id)


@dataclass(frozen=True, slots=True)
class _Written:
    """keeper: the colleague whose it is from the beginning, None for nobody's."""

    opportunity: Opportunity
    reply: Reply
    keeper: Operator | None = None


def _made_before(opportunity: Opportunity | None) -> Made:
    state = opportunity.state if opportunity is not None else "expired"
    reply = Reply(AnswerCode.ALREADY_DECIDED, {"state": state_words(state)})
    return Made(reply, opportunity.id if opportunity is not None else None)


def _tidy(asked: NewOpportunity) -> NewOpportunity:
    """One line each, without signs that turn text around; summary and message keep their line breaks."""
    values = {one.name: str(getattr(asked, one.name)) for one in fields(asked)}
    long = {"summary", "message"}
    return NewOpportunity(**{
        name: plain(value, keep_newlines=True).strip() if name in long else bare_line(value)
        for name, value in values.items()
    })  # fmt: skip


def _check(business_id: str, asked: NewOpportunity, *, is_known: bool) -> tuple[PhoneCell | None, dict[str, Text]]:
    """is_known: whom it is about was chosen, and no number is asked for. Without one there is a fault, else a cell."""
    faults = {name: why for name, find in _RULES.items() if (why := find(getattr(asked, name))) is not None}
    if is_known:
        return None, {name: faults[name] for name in FIELD_WORDS if name in faults}
    cell = read_cell(asked.phone) if asked.phone else _MISSING
    if isinstance(cell, PhoneCell):
        refused = _refuse(business_id, cell.address)
        if refused is None and not asked.name and contacts.find(business_id, cell.address) is None:
            faults["name"] = _MISSING
        cell = refused or cell
    if isinstance(cell, Text):
        faults["phone"] = cell
        return None, {name: faults[name] for name in FIELD_WORDS if name in faults}
    return cell, {name: faults[name] for name in FIELD_WORDS if name in faults}


def _refuse(business_id: str, address: str) -> Text | None:
    if canonical(address) in operators.addresses(business_id):
        return _AN_OPERATOR
    return _ERASED if ErasedPeople(business_id).has(address) else None


def _at_most(name: str) -> Callable[[str], Text | None]:
    limit = LONGEST[name]
    too_long = Text.both(lambda language: _TOO_LONG.say(language, limit=f"{limit:,}"))
    return lambda value: too_long if len(value) > limit else None


def _title(value: str) -> Text | None:
    return _at_most("title")(value) if value else _MISSING


_RULES: dict[str, Callable[[str], Text | None]] = {
    "title": _title,
    **{name: _at_most(name) for name in LONGEST if name != "title"},
    "purpose": lambda value: None if value in PURPOSES else _PURPOSE,
    "message": lambda value: _MESSAGE_TOO_LONG if refuse_text(value) is TextRefused.TOO_LONG else None,
}


def _write(
    operator: Operator, asked: NewOpportunity, contact: Contact, cell: PhoneCell | None, *, tap_key: str, now: datetime
) -> _Written:
    known = _known(contact, asked.title)
    if known is not None:
        values: dict[str, Value] = {"title": one_line(known.title), "state": state_words(known.state)}
        return _Written(known, Reply(AnswerCode.OPP_KNOWN, values))
    keeper = other_keeper(contact.id, contacts.group_of(contact), but=operator.id)
    opportunity = Opportunity.objects.create(
        business_id=operator.business_id,
        owner=keeper,
        external_key=f"hand:{hashlib.sha256(tap_key.encode()).hexdigest()[:32]}",
        contact=contact,
        title=asked.title,
        summary=asked.summary,
        value=asked.value,
        purpose=asked.purpose,
        draft_text=asked.message,
        source=Source.MANUAL.value,
        created_at=now,
        updated_at=now,
    )
    values = {
        "title": one_line(asked.title),
        "name": one_line(contact.name),
        "noted": _noted(cell),
        "consent": _consent(contact, asked.purpose, now=now),
    }
    if keeper is not None:
        values["who"] = isolate(keeper.name)
    code = AnswerCode.OPP_MADE if keeper is None else AnswerCode.OPP_MADE_FOR
    return _Written(opportunity, Reply(code, values, carried_out=True), keeper)


def _tell(keeper: Operator, maker: Operator, opportunity: Opportunity, *, now: datetime) -> None:
    said = Reply(AnswerCode.GIVEN_TO_YOU, {"title": one_line(opportunity.title), "who": isolate(maker.name)})
    notify(keeper, said, key=f"made:{opportunity.id}", now=now, about=opportunity.contact)
    team.note(
        maker.business_id, TeamChange.GIVEN, by=maker.name, operator=keeper, before={"owner": None},
        after={"opportunity": opportunity.id}, now=now,
    )  # fmt: skip


def _contact(business_id: str, asked: NewOpportunity, cell: PhoneCell | None, *, now: datetime) -> Contact:
    """Who has this number; a person we know keeps the name we know them by."""
    assert cell is not None  # noqa: S101 - without a number there was a fault
    address, contact = cell.address, contacts.find(business_id, cell.address)
    if contact is None:
        contact = Contact.objects.create(
            business_id=business_id, name=asked.name, organisation=asked.company, created_at=now
        )
        contacts.open_alias(contact, contacts.PHONE, address, now=now)
        return contact
    blank = {"name": asked.name, "organisation": asked.company}
    filled = [name for name, value in blank.items() if value and not getattr(contact, name)]
    for name in filled:
        setattr(contact, name, blank[name])
    if filled:
        contact.save(update_fields=filled)
    return contact


def _known(contact: Contact, title: str) -> Opportunity | None:
    """The same, still going on."""
    going_on = [state.value for state in OpportunityState if ALLOWED[state]]
    rows = Opportunity.objects.filter(contact__in=contacts.group_of(contact), title=title, state__in=going_on)
    return rows.select_related("contact").order_by("-created_at", "-id").first()


def _noted(cell: PhoneCell | None) -> Text:
    note = cell.note_words if cell is not None else None
    if cell is None or note is None:
        return Text("", "")
    phone = mask_phone(cell.address)
    return Text.both(lambda language: _NOTED.say(language, phone=phone, note=note.say(language)))


def _consent(contact: Contact, purpose: str, *, now: datetime) -> Text:
    """What stands between this person and a first message from us; '' if nothing does."""
    lines = may_contact(contact.id, now=now, purpose=purpose)
    line = next(line for line in lines if line.category is Category.MARKETING)
    if line.verdict.answer in {Answer.ALLOW, Answer.SIMULATE, Answer.DEFER}:
        return Text("", "")
    said = (_FIRST.say(language, reason=line.reason(language), changes=line.changes(language)) for language in Language)
    return Text.literal(*(words.rstrip() for words in said))


def _fault_words(faults: Mapping[str, Text]) -> dict[str, Value]:
    said = (
        "".join(f"\n• {FIELD_WORDS[name].say(language)}: {why.say(language)}" for name, why in faults.items())
        for language in Language
    )
    return {"faults": Text.literal(*said), "example": EXAMPLE}
