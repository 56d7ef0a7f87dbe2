"""How consents reach us, in the ledger's words: what can be agreed to and stopped, where, how, for how long.

Sources: reference "consent and contactability", 1.5 (life of a consent), 3.2 (sources); PDPL implementing regulation,
article 11 (written, oral or electronic), by the same reference, section 1.1; read 2026-11-22.
"""

import calendar
from datetime import datetime
from enum import StrEnum

from wakeel.domain.consent import Category

GRANTABLE = (Category.MARKETING, Category.UTILITY)
"""What a person can be asked for, and a file or an operator can say that they agreed to."""
STOPPABLE = (Category.AUTHENTICATION, Category.MARKETING, Category.UTILITY)
"""What a stop of everything ends: every kind of message that we start."""

LIFE_MONTHS = 24
"""How long a consent is relied on unless its wording says otherwise."""
_MONTHS_A_YEAR = 12


class Method(StrEnum):
    WRITTEN = "written"
    ORAL = "oral"
    ELECTRONIC = "electronic"


METHOD_OF: dict[str, Method] = {
    "web_form": Method.ELECTRONIC,
    "whatsapp_flow": Method.ELECTRONIC,
    "whatsapp_button": Method.ELECTRONIC,
    "keyword": Method.ELECTRONIC,
    "qr_chat": Method.ELECTRONIC,
    "ivr": Method.ELECTRONIC,
    "user_request": Method.ELECTRONIC,
    "phone_call": Method.ORAL,
    "in_person": Method.ORAL,
    "paper": Method.WRITTEN,
}
"""Of an imported file nothing is known but what it says."""

GRANT_SOURCES = ("in_person", "phone_call", "paper", "web_form", "qr_chat", "ivr", "user_request")
"""Where a consent that an operator enters may have been given."""
WITHDRAWAL_SOURCES = ("phone_call", "in_person", "paper", "user_request")
"""Where a person may have told somebody that they want no more messages."""
IMPORT_SOURCES = frozenset(METHOD_OF)
IMPORT_FILE = "import_file"
"""The source of a row that does not say where the person agreed."""


def method_of(source: str) -> str:
    """written, oral or electronic; '' if the source does not say."""
    return METHOD_OF.get(source, "")


def default_end(agreed_at: datetime) -> datetime:
    """When a consent given then ends if its wording names no other end: the same day 24 months later."""
    months = agreed_at.month - 1 + LIFE_MONTHS
    year, month = agreed_at.year + months // _MONTHS_A_YEAR, months % _MONTHS_A_YEAR + 1
    day = min(agreed_at.day, calendar.monthrange(year, month)[1])
    return agreed_at.replace(year=year, month=month, day=day)
