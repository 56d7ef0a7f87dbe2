"""Rows for page tests, written as the flows would leave them. Only tests write rows outside `store`."""

import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from django.contrib.auth.models import User
from django.test import Client

from wakeel import clock
from wakeel.domain.consent import ConsentType
from wakeel.domain.drafts import DraftState
from wakeel.flows import preview_draft
from wakeel.flows.preview_opportunity import asked_digest
from wakeel.store import consent, drafts
from wakeel.store.models import (
    Approval,
    Attempt,
    Business,
    Contact,
    ContactAlias,
    Draft,
    Operator,
    Opportunity,
    OutboxMessage,
    RoleGrant,
    SendingNumber,
)
from wakeel.whatsapp.cards import text_part
from wakeel.whatsapp.payloads import message_body

TEXT = "أهلًا مريم، معك أفق. هل يناسبك اتصال قصير غدًا؟\nلإيقاف الرسائل أرسل: إيقاف"
PASSWORD = "a long enough test password"

HOSTILE = {
    "script": "<script>alert(1)</script>",
    "quotes": "\"'><img src=x onerror=alert(1)>",
    "rlo": "abc\u202egnp.exe\u2069",
    "long": "س" * 5000,
    "formula": '=HYPERLINK("http://evil.example","x")',
}


def now() -> datetime:
    return clock.now()


@dataclass(frozen=True)
class House:
    """One business with a number, a login and an enrolled operator whose window is open."""

    business: Business
    number: SendingNumber
    user: User
    operator: Operator


def house(name: str = "أفق", *, phone_number_id: str = "105500000000002", username: str = "sara") -> House:
    business = Business.objects.create(name=name, created_at=now())
    number = SendingNumber.objects.create(
        phone_number_id=phone_number_id, business=business, waba_id="215500000000001", display_phone="966110000001"
    )
    user = User.objects.create_user(username, password=PASSWORD, first_name="سارة")
    RoleGrant.objects.create(business=business, user=user, role="operator", at=now())
    operator = Operator.objects.create(
        business=business,
        number=number,
        user=user,
        name="سارة",
        wa_id=f"9665000{phone_number_id[-5:]}",
        bsuid=f"SA.{username}",
        last_inbound_at=now() - timedelta(minutes=5),
        enrolled_at=now(),
    )
    return House(business, number, user, operator)


def prove(client: Client, user: User) -> None:
    """This browser's person gave the password again just now."""
    session = client.session
    proof = {"method": "password", "at": time.time(), "reauthenticated": True}
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [proof]
    session[f"{AUTHENTICATION_METHODS_SESSION_KEY}_user"] = str(user.pk)
    session.save()


def may_be(home: House, *roles: str, user: User | None = None) -> User:
    """The login of the house, or another one, has these roles and no others."""
    whose = user or home.user
    RoleGrant.objects.filter(user=whose).delete()
    RoleGrant.objects.bulk_create(RoleGrant(business=home.business, user=whose, role=role, at=now()) for role in roles)
    return whose


def colleague(home: House, name: str = "فهد", *, username: str = "fahd") -> Operator:
    """Another operator of the same house, with a login and a linked phone."""
    user = User.objects.create_user(username, password=PASSWORD, first_name=name)
    may_be(home, "operator", user=user)
    return Operator.objects.create(
        business=home.business,
        number=home.number,
        user=user,
        name=name,
        wa_id="966500000077",
        bsuid=f"SA.{username}",
        last_inbound_at=now(),
        enrolled_at=now(),
    )


def contact(
    home: House,
    name: str = "مريم القحطاني",
    *,
    phone: str = "+966509722233",
    organisation: str = "شركة أفق",
    wrote_ago: timedelta | None = timedelta(hours=1),
) -> Contact:
    row = Contact.objects.create(
        business=home.business,
        name=name[:200],
        organisation=organisation[:200],
        created_at=now(),
        last_inbound_at=now() - wrote_ago if wrote_ago is not None else None,
    )
    ContactAlias.objects.create(
        business=home.business, contact=row, kind="phone", value=phone, valid_from=now() - timedelta(days=3)
    )
    return row


def opportunity(
    home: House, person: Contact, *, key: str = "k-1", title: str = "متابعة بعد العرض", **fields: Any
) -> Opportunity:
    values = {"summary": "طلب عرض سعر لأربعين رخصة", "value": "36,000 ر.س", "score": 84, **fields}
    return Opportunity.objects.create(
        business=home.business,
        contact=person,
        external_key=key,
        title=title[:300],
        created_at=now(),
        updated_at=now(),
        **values,
    )


def agreed(home: House, person: Contact, *, ago: timedelta = timedelta(days=10)) -> None:
    """A marketing consent with evidence."""
    consent.append(
        home.business.id,
        contact_id=person.id,
        type=ConsentType.GRANT,
        address=person.aliases.get().value,
        at=now() - ago,
        recorded_at=now() - ago,
        source="web_form",
        actor=home.operator.id,
        evidence="نموذج الموقع",
        categories=["marketing", "utility"],
        purposes=["offers"],
        explicit=True,
        collected_directly=True,
        wording="أوافق على تلقي العروض",
    )


def opted_out(home: House, person: Contact) -> None:
    consent.append(
        home.business.id,
        contact_id=person.id,
        type=ConsentType.WITHDRAW,
        address=person.aliases.get().value,
        at=now() - timedelta(hours=2),
        recorded_at=now() - timedelta(hours=2),
        source="keyword",
        actor="contact",
        evidence="إيقاف",
        categories=["marketing", "utility"],
        clock="whatsapp",
    )


def draft(home: House, deal: Opportunity, *, text: str = TEXT) -> Draft:
    """Owned by the operator and waiting for approval."""
    Opportunity.objects.filter(pk=deal.pk).update(state="accepted", owner=home.operator)
    made = drafts.made(deal, number=home.number, category="marketing", now=now())
    drafts.create_all([(made, text)], now=now())
    return made


def message(home: House, of: Draft, *, state: str = "pending", due_in_s: float = 10, **fields: Any) -> OutboxMessage:
    """The approved draft's message in any state."""
    seen = preview_draft.of(of, now=now())
    Draft.objects.filter(pk=of.pk).update(state=DraftState.APPROVED.value)
    Approval.objects.create(
        business=home.business,
        draft=of,
        version=of.version,
        digest=seen.digest,
        operator=home.operator,
        via="screen",
        approved_at=now(),
        expires_at=now() + timedelta(hours=24),
    )
    values = {
        "hold_code": "",
        "address": seen.address or "",
        "created_at": now(),
        "updated_at": now(),
        "lease_until": now() if state == "sending" else None,
        "failed_at": now() if fields.get("status") == "failed" else None,
        **fields,
    }
    return OutboxMessage.objects.create(
        business=home.business,
        number=home.number,
        audience="contact",
        contact=of.contact,
        draft=of,
        draft_version=of.version,
        lane=2,
        body=dict(seen.body or message_body(text_part(seen.text), address="+9665")),
        digest=seen.digest,
        category=of.category,
        purpose=of.purpose,
        request_key=f"{of.id}:{of.version}:1",
        state=state,
        due_at=now() + timedelta(seconds=due_in_s),
        **values,
    )


def attempt(
    of: OutboxMessage, *, outcome: str = "failed", started_ago: timedelta = timedelta(0), **fields: Any
) -> Attempt:
    OutboxMessage.objects.filter(pk=of.pk).update(fence=1)
    return Attempt.objects.create(
        business=of.business,
        outbox=of,
        number=1,
        request_key=f"{of.request_key}:1",
        outcome=outcome,
        claimed_at=now() - started_ago,
        started_at=now() - started_ago,
        **fields,
    )


def digest_of(subject: Draft | Opportunity) -> str:
    """What a page would put into its form."""
    return preview_draft.of(subject, now=now()).digest if isinstance(subject, Draft) else asked_digest(subject.id)
