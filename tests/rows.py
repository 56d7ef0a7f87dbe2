"""Rows for tests of `store` and `flows`: a business with its people, as imports and webhooks would leave them."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.contrib.auth.models import User

from wakeel.domain.consent import ConsentType
from wakeel.store import consent, contacts
from wakeel.store.models import Business, ConsentEventRow, Contact, Operator, Opportunity, RoleGrant, SendingNumber

T0 = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
NUMBER_ID, WABA_ID = "105500000000002", "215500000000001"
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
DRAFT_TEXT = "أهلًا مريم، معك أفق. هل يناسبك اتصال قصير غدًا؟\nلإيقاف الرسائل أرسل: إيقاف"
ADDED_LINES = "\n\nالمرسل: أفق\nلإيقاف الرسائل أرسل: إيقاف"
"""What a marketing text that names neither the sender nor the way to stop gets."""


@dataclass(frozen=True)
class Firm:
    business: Business
    number: SendingNumber


def firm(name: str = "أفق", *, phone_number_id: str = NUMBER_ID, waba_id: str = WABA_ID) -> Firm:
    business = Business.objects.create(name=name, created_at=T0)
    number = SendingNumber.objects.create(
        phone_number_id=phone_number_id, business=business, waba_id=waba_id, display_phone="966110000001"
    )
    return Firm(business, number)


def user(username: str = "sara") -> User:
    """Without a password: hashing one takes longer than the rest of a test."""
    return User.objects.create(username=username, first_name=username)


def operator(
    of: Firm, name: str = "سارة", *, wa_id: str | None = "966500000001", bsuid: str | None = "SA.operator1",
    last_inbound_at: datetime | None = T0 - MINUTE, **fields: Any,
) -> Operator:  # fmt: skip
    """Enrolled, with an open window unless `last_inbound_at` says otherwise."""
    login = user(f"{name}-{wa_id}")
    RoleGrant.objects.create(business=of.business, user=login, role="operator", at=T0)
    return Operator.objects.create(
        business=of.business, number=of.number, user=login, name=name, wa_id=wa_id, bsuid=bsuid,
        last_inbound_at=last_inbound_at, enrolled_at=T0 - DAY, **fields,
    )  # fmt: skip


def contact(
    of: Firm, name: str = "مريم", *, phone: str | None = "+966509722233", bsuid: str | None = None,
    last_inbound_at: datetime | None = T0 - HOUR,
) -> Contact:  # fmt: skip
    """Somebody who wrote an hour ago, unless `last_inbound_at` says otherwise."""
    row = Contact.objects.create(business=of.business, name=name, created_at=T0 - DAY, last_inbound_at=last_inbound_at)
    for kind, value in ((contacts.PHONE, phone), (contacts.BSUID, bsuid)):
        if value:
            contacts.open_alias(row, kind, value, now=T0 - DAY)
    return row


def grant(to: Contact, *, at: datetime = T0 - 30 * DAY, **fields: Any) -> ConsentEventRow:
    """A marketing and utility consent for offers, given directly, with evidence."""
    values = {
        "type": ConsentType.GRANT, "source": "web_form", "actor": "opr_test", "evidence": "نموذج الموقع رقم 17",
        "categories": ["marketing", "utility"], "purposes": ["offers"], "explicit": True, "collected_directly": True,
        "clock": "server", **fields,
    }  # fmt: skip
    return _entry(to, at, values)


def withdrawal(of: Contact, *, at: datetime = T0 - HOUR, **fields: Any) -> ConsentEventRow:
    """A typed STOP: both kinds of message we start."""
    values = {
        "type": ConsentType.WITHDRAW, "source": "keyword", "actor": "contact", "evidence": "إيقاف",
        "categories": ["marketing", "utility"], "clock": "whatsapp", **fields,
    }  # fmt: skip
    return _entry(of, at, values)


def _entry(whose: Contact, at: datetime, values: dict[str, Any]) -> ConsentEventRow:
    address = contacts.address_of(whose.id) or ""
    values = {"at": at, "recorded_at": at, "address": address, **values}
    return consent.append(whose.business_id, contact_id=whose.id, **values)


def opportunity(of: Firm, about: Contact, *, key: str = "k1", title: str = "تجديد العقد", **fields: Any) -> Opportunity:
    values = {"draft_text": DRAFT_TEXT, "score": 50, "created_at": T0 - HOUR, "updated_at": T0 - HOUR, **fields}
    return Opportunity.objects.create(business=of.business, contact=about, external_key=key, title=title, **values)
