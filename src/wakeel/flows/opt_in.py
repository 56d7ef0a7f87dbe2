"""A contact wants to hear from us: the question is asked, and only a yes to it is a consent. Walk 4; reference 3.3.

START alone grants nothing. The wording of the grant is the question exactly as it stood on their phone.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from wakeel.domain.answers import AnswerCode
from wakeel.domain.consent import Category, ConsentEvent, ConsentState, ConsentType, Standing, unconfirmed
from wakeel.domain.events import ButtonTapped
from wakeel.domain.fixed_texts import CONSENTED_PURPOSES, FIXED_TEXTS, Intent
from wakeel.domain.gate import is_window_open
from wakeel.domain.keywords import OPTIN_CONFIRM
from wakeel.domain.opt_in import is_waited_for, language_of
from wakeel.domain.outbox import OutboxState
from wakeel.domain.words import Language
from wakeel.flows import policies
from wakeel.flows.carry_consents import carry_late
from wakeel.flows.fixed_text import say
from wakeel.flows.show_cured import show_what_is_cured
from wakeel.flows.tell_owners import tell_owners
from wakeel.store import consent, contacts, messages, subjects
from wakeel.store.gate_facts import body_words
from wakeel.store.messages import Said
from wakeel.store.models import Contact, OutboxMessage, SendingNumber

_MAY_HAVE_ARRIVED = (OutboxState.SENDING.value, OutboxState.UNKNOWN.value, OutboxState.ACCEPTED.value)
_KINDS = (Category.MARKETING, Category.UTILITY)
_SOURCE = "keyword_start_confirmed"
_ASKED_AT = "asked_at"


def ask_for_consent(contact: Contact, event: Said, number: SendingNumber, *, now: datetime) -> None:
    """Send the question and wait for its answer, inside the caller's transaction, which has locked the contact.

    Not to somebody who stopped after they wrote this, and not once their window is closed again. Asked a moment ago,
    it stands on their phone and is waited for anew.
    """
    said_at = min(event.sent_at, now)
    states = _states(contact, now=now)
    stopped_later = [s for s in states.values() if s.withdrawn_at is not None and s.withdrawn_at >= said_at]
    if stopped_later or not is_window_open(said_at, now=now):
        return
    contacts.ask(contact, OPTIN_CONFIRM, at=said_at)
    language = language_of(messages.words_of(event))
    say(contact, Intent.OPT_IN_QUESTION, number=number, key=event.wamid, language=language, now=now)


def ask_if_unconfirmed(contact: Contact, event: Said, number: SendingNumber, *, now: datetime) -> None:
    """A consent waits for a yes from this number, and they wrote: ask, once (reference 3.3)."""
    group = contacts.group_of(contact)
    asked_before = OutboxMessage.objects.filter(contact__in=group, intent=Intent.OPT_IN_QUESTION.value)
    if _unconfirmed(contact) and not asked_before.exists():
        ask_for_consent(contact, event, number, now=now)


def is_asked(contact: Contact, *, at: datetime) -> bool:
    """Whether an answer of that moment would answer the question."""
    return contact.expecting == OPTIN_CONFIRM and is_waited_for(contact.expecting_since, answered_at=at)


def take_yes(contact: Contact, event: Said, number: SendingNumber, *, now: datetime) -> bool:
    """Write the consent; False, and the question once more, if no question of ours was waiting for an answer.

    Against a standing withdrawal it is the person's own re-permission, for what they had withdrawn.
    """
    said_at = min(event.sent_at, now)
    question = _question(contact, event) if is_asked(contact, at=said_at) else None
    if question is None:
        ask_for_consent(contact, event, number, now=now)
        return False
    withdrawn = {kind for (kind, _), state in _states(contact, now=now).items() if _is_out(state, said_at)}
    _append(
        contact, event, type=ConsentType.RE_PERMISSION if withdrawn else ConsentType.GRANT,
        kinds=sorted(withdrawn) or list(_KINDS), question=question, at=said_at, now=now,
    )  # fmt: skip
    for grant in _unconfirmed(contact):
        _confirm(contact, grant, event, at=said_at, now=now)
    carry_late(contact, said_at=said_at, key=event.wamid, now=now)
    contacts.forget_question([contact.id], asked_until=said_at)
    language = _language_of(question)
    say(contact, Intent.OPT_IN_CONFIRMED, number=number, key=event.wamid, language=language, now=now)
    if withdrawn:
        tell_owners(contact, AnswerCode.CAME_BACK, {}, key=f"came-back:{event.wamid}", now=now)
    show_what_is_cured(contact, now=now)
    return True


def _unconfirmed(contact: Contact) -> tuple[ConsentEvent, ...]:
    asked = subjects.read([contact.id])[contact.id]
    return unconfirmed(asked.events, subject=asked.subject)


def _confirm(contact: Contact, grant: ConsentEvent, event: Said, *, at: datetime, now: datetime) -> None:
    consent.append(
        contact.business_id,
        contact_id=contact.id,
        type=ConsentType.CONFIRM,
        address=contacts.address_at(contact.id, at) or "",
        at=at,
        recorded_at=now,
        source=_SOURCE,
        actor="contact",
        evidence=messages.words_of(event),
        occurrence=f"confirm:{grant.id}",
        wamid=event.wamid,
        grant_id=grant.id,
        categories=sorted(grant.categories),
        purposes=sorted(grant.purposes or ()),
        explicit=True,
        collected_directly=True,
        method="electronic",
        clock="whatsapp",
    )


def take_no(contact: Contact, event: Said, *, now: datetime) -> None:
    """Asked, and refused: recorded, and not waited for any more. It changes nothing that stands."""
    said_at = min(event.sent_at, now)
    question = _question(contact, event) if is_asked(contact, at=said_at) else None
    if question is None:
        return
    _append(contact, event, type=ConsentType.REFUSE, kinds=list(_KINDS), question=question, at=said_at, now=now)
    contacts.forget_question([contact.id], asked_until=said_at)


def withdraw_answers(
    people: Iterable[Contact], kinds: Collection[Category], *, stopped_at: datetime, evidence: str, now: datetime
) -> None:
    """A stop that comes to light late may lie between our question and their yes: it ended the question, so that yes
    was none. It is withdrawn as of its own instant, as if everything had arrived in order."""
    for contact in people:
        for row in consent.given(contact.id, source=_SOURCE, after=stopped_at):
            asked_at = consent.details_of(row).get(_ASKED_AT)
            if asked_at is None or datetime.fromisoformat(asked_at) > stopped_at:
                continue
            consent.append(
                contact.business_id,
                contact_id=contact.id,
                type=ConsentType.WITHDRAW,
                address=contacts.address_at(contact.id, row.at) or "",
                at=row.at,
                recorded_at=now,
                source="keyword",
                actor="contact",
                evidence=evidence,
                occurrence=f"answer-after-stop:{row.id}",
                details={"grant": row.id},
                categories=sorted(kind.value for kind in kinds),
                clock="whatsapp",
            )


def _append(
    contact: Contact, event: Said, *, type: ConsentType, kinds: list[Category], question: OutboxMessage, at: datetime,
    now: datetime,
) -> None:  # fmt: skip
    typed = "whatsapp_button" if isinstance(event, ButtonTapped) else "keyword"
    asked_at = contact.expecting_since
    consent.append(
        contact.business_id,
        contact_id=contact.id,
        type=type,
        address=contacts.address_at(contact.id, at) or "",
        at=at,
        recorded_at=now,
        source=typed if type is ConsentType.REFUSE else _SOURCE,
        actor="contact",
        evidence=messages.words_of(event),
        occurrence=f"opt-in:{event.wamid}",
        wamid=event.wamid,
        wording=body_words(question.body),
        language=_language_of(question).value,
        details={"question": question.wamid or question.id, _ASKED_AT: asked_at.isoformat() if asked_at else ""},
        categories=[kind.value for kind in kinds],
        purposes=list(CONSENTED_PURPOSES),
        explicit=type is not ConsentType.REFUSE,
        collected_directly=True,
        method="electronic",
        clock="whatsapp",
    )


def _question(contact: Contact, event: Said) -> OutboxMessage | None:
    """The question they answer: the one they tapped on, else the last that may have reached them."""
    group = contacts.group_of(contact)
    rows = OutboxMessage.objects.filter(contact__in=group, intent=Intent.OPT_IN_QUESTION.value)
    quoted = rows.filter(wamid=event.context_wamid).first() if event.context_wamid else None
    return quoted or rows.filter(state__in=_MAY_HAVE_ARRIVED).order_by("-created_at", "-id").first()


def _language_of(question: OutboxMessage) -> Language:
    """By the buttons that stood under it."""
    title = FIXED_TEXTS[Intent.OPT_IN_QUESTION].choices[0].title
    return Language.EN if _titles(question.body)[:1] == [title.en] else Language.AR


def _titles(body: Mapping[str, Any]) -> list[str]:
    buttons = body.get("interactive", {}).get("action", {}).get("buttons", [])
    return [button["reply"]["title"] for button in buttons]


def _is_out(state: ConsentState, at: datetime) -> bool:
    return state.standing is Standing.OPTED_OUT and (state.withdrawn_at is None or state.withdrawn_at < at)


def _states(contact: Contact, *, now: datetime) -> dict[tuple[Category, str], ConsentState]:
    """Where they stand, for everything the question names."""
    asked, policy = subjects.read([contact.id])[contact.id], policies.current()
    return {
        (kind, purpose): asked.state(kind, purpose, policy=policy, as_of=now)
        for kind in _KINDS
        for purpose in CONSENTED_PURPOSES
    }
