"""What we can hand to a person about a consent they gave: a receipt in Kantara's shape, a record in that of
ISO/IEC TS 27560, and a few sentences in Arabic and English.

Sources: Kantara Consent Receipt 1.1.0 and ISO/IEC TS 27560:2023 (seen through an open implementation), by the
reference "consent and contactability", section 3.1, read 2026-11-22. Neither shape is a certificate of conformity.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from wakeel.domain.answers import PURPOSE_WORDS
from wakeel.domain.chat_links import chat_link
from wakeel.domain.consent import Category, Standing
from wakeel.domain.consent_words import CATEGORY_WORDS, source_words
from wakeel.domain.text import PDI, isolate
from wakeel.domain.words import Text

KANTARA_VERSION = "KI-CR-v1.1.0"
RECORD_SCHEMA = "ISO/IEC TS 27560:2023"
STOP_WORD = "إيقاف"
JURISDICTION = "SA"

STATES: dict[Standing, str] = {
    Standing.ACTIVE: "given",
    Standing.PENDING: "requested",
    Standing.EXPIRED: "expired",
    Standing.OPTED_OUT: "withdrawn",
    Standing.NONE: "invalidated",
}
"""The vocabulary's word for how a consent stands now."""

WITHDRAWAL = Text(
    "بإرسال كلمة «إيقاف» إلى رقمنا على واتساب في أي وقت، أو بإخبارنا بأي طريقة أخرى. الإيقاف فوري وبلا مقابل.",
    "Send the word «إيقاف» or STOP to our WhatsApp number at any time, or tell us in any other way. "
    "It takes effect at once and costs nothing.",
)
_LRI = "\u2066"
"""Opens an isolate that runs from left to right: numbers and ids stay in order among Arabic words (reference 8)."""
_DATA = ("WhatsApp number", "name")


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """One grant as it was recorded. standing: now, for its first category and purpose. controller: the business's name;
    our_phone: digits, '' without a number. person: the address as the reader may see it. ends_at: None without an end.
    """

    id: str
    seq: int
    recorded_at: datetime
    given_at: datetime
    ends_at: datetime | None
    standing: Standing
    controller: str
    our_phone: str
    person: str
    categories: tuple[str, ...]
    purposes: tuple[str, ...]
    source: str
    method: str
    wording: str
    language: str
    notice_version: str
    lawful_basis: str


def to_receipt(receipt: Receipt) -> Mapping[str, object]:
    """JSON in the shape of a Kantara consent receipt; times as it wants them, whole seconds since 1970."""
    kinds = [CATEGORY_WORDS[Category(word)].en for word in receipt.categories]
    return {
        "version": KANTARA_VERSION,
        "jurisdiction": JURISDICTION,
        "consentTimestamp": int(receipt.given_at.timestamp()),
        "collectionMethod": _method(receipt).en,
        "consentReceiptID": receipt.id,
        "language": receipt.language,
        "piiPrincipalId": receipt.person,
        "piiControllers": [
            {"piiController": receipt.controller, "onBehalf": False, "phone": _with_plus(receipt.our_phone)}
        ],
        "policyUrl": receipt.notice_version,
        "services": [
            {
                "service": "WhatsApp messages",
                "purposes": [
                    {
                        "purpose": _purpose(purpose).en,
                        "purposeCategory": kinds,
                        "consentType": "EXPLICIT",
                        "piiCategory": list(_DATA),
                        "primaryPurpose": True,
                        "termination": receipt.ends_at.isoformat() if receipt.ends_at else WITHDRAWAL.en,
                        "thirdPartyDisclosure": True,
                        "thirdPartyName": "Meta Platforms (WhatsApp Business Platform)",
                    }
                    for purpose in receipt.purposes
                ],
            }
        ],
        "sensitive": False,
        "spiCat": [],
    }


def to_27560(receipt: Receipt) -> Mapping[str, object]:
    """The mandatory fields of a consent record: header, processing, parties, events."""
    lasts = (receipt.ends_at - receipt.given_at).days if receipt.ends_at else None
    return {
        "record_header": {
            "schema_version": RECORD_SCHEMA,
            "record_id": f"{receipt.id}:{receipt.seq}",
            "receipt_id": receipt.id,
            "pii_principal_id": receipt.person,
        },
        "pii_processing": {
            "privacy_notice": receipt.notice_version,
            "language": receipt.language,
            "consent_text": receipt.wording,
            "lawful_basis": receipt.lawful_basis,
            "purposes": [
                {"purpose": purpose, "description": _purpose(purpose).en, "categories": list(receipt.categories)}
                for purpose in receipt.purposes
            ],
            "pii_information": list(_DATA),
            "pii_controllers": ["controller"],
            "storage_locations": ["systems of the controller"],
            "retention_period": "until withdrawal or expiry, evidence for five years after last reliance",
            "jurisdiction": JURISDICTION,
            "recipient_third_parties": ["Meta Platforms (WhatsApp Business Platform)"],
            "withdrawal_method": WITHDRAWAL.en,
        },
        "party_identification": [
            {
                "party_id": "controller",
                "party_type": "pii_controller",
                "party_name": receipt.controller,
                "party_contact": _with_plus(receipt.our_phone),
            }
        ],
        "events": [
            {
                "event_time": receipt.given_at.isoformat(),
                "validity_duration": f"P{lasts}D" if lasts is not None else "no fixed end",
                "entity_id": receipt.person,
                "event_type": "explicit",
                "event_state": STATES[receipt.standing],
            }
        ],
    }


def in_words(receipt: Receipt, *, given_on: Text, ends_on: Text | None) -> Text:
    """A short text to hand over. given_on, ends_on: the dates as the reader's language writes them."""
    kinds = [CATEGORY_WORDS[Category(word)] for word in receipt.categories]
    aims = [_purpose(word) for word in receipt.purposes]
    method, sender, wording = _method(receipt), isolate(receipt.controller), isolate(receipt.wording)
    person, number = f"{_LRI}{receipt.person}{PDI}", f"{_LRI}{receipt.id}{PDI}"
    ar = [
        f"إيصال موافقة – {sender}",
        f"سُجّلت في {given_on.ar} ({method.ar}) موافقتك على أن تراسلك {sender} على واتساب على الرقم {person}.",
        f"نوع الرسائل: {'، '.join(kind.ar for kind in kinds)}. الغرض: {'، '.join(aim.ar for aim in aims)}.",
        f"نص الموافقة: «{wording}»",
        f"تنتهي هذه الموافقة في {ends_on.ar}." if ends_on else "لا تاريخ محددًا لانتهاء هذه الموافقة.",
        f"للإيقاف: {WITHDRAWAL.ar}",
        f"رقم الإيصال: {number}",
    ]
    en = [
        f"Consent receipt – {sender}",
        f"On {given_on.en} ({method.en}) you agreed that {sender} may write to you on WhatsApp at {person}.",
        f"Kinds of message: {', '.join(kind.en for kind in kinds)}. Purpose: {', '.join(aim.en for aim in aims)}.",
        f"The words you agreed to: “{wording}”",
        f"This consent ends on {ends_on.en}." if ends_on else "This consent has no fixed end.",
        f"To stop: {WITHDRAWAL.en}",
        f"Receipt number: {number}",
    ]
    link = chat_link(receipt.our_phone, STOP_WORD) if receipt.our_phone else ""
    return Text("\n".join([*ar, *([link] if link else [])]), "\n".join([*en, *([link] if link else [])]))


def _method(receipt: Receipt) -> Text:
    return source_words(receipt.source)


def _purpose(word: str) -> Text:
    return PURPOSE_WORDS.get(word, Text(word, word))


def _with_plus(digits: str) -> str:
    return f"+{digits}" if digits else ""
