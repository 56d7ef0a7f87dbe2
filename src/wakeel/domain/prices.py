"""What Meta says it charges a message as. Rates are never known here: only Meta's invoice holds them.

Source: reference WA 3.6 and 5.2, read 2026-11-22: `pricing` comes with `sent` and with exactly one of delivered and
read; what is charged is what was delivered; `billable` is going away, type and category stay.
"""

from collections.abc import Mapping

from wakeel.domain.words import Text

PRICED = frozenset({"delivered", "read"})
"""Statuses whose pricing is counted: a message that was only sent costs nothing yet."""

FREE_SERVICE_A_MONTH = 1_000
"""Free-form messages of one number that cost nothing, since 2026-10-01 (reference WA 5.2); cards to operators count."""
SERVICE = "service"
_FREE = "free_"
TYPE_WORDS: Mapping[str, Text] = {
    "regular": Text("بمقابل", "charged"),
    "free_customer_service": Text("مجانية: رد في نافذة الخدمة", "free: answer in the service window"),
    "free_entry_point": Text("مجانية: محادثة من إعلان أو صفحة", "free: came from an ad or a page"),
    "free_group_customer_service": Text("مجانية: رد في مجموعة", "free: answer in a group"),
}
CATEGORY_WORDS: Mapping[str, Text] = {
    "marketing": Text("تسويق", "marketing"),
    "marketing_lite": Text("تسويق (واجهة التسويق)", "marketing (marketing interface)"),
    "utility": Text("خدمات وتحديثات", "utility"),
    "service": Text("ردود ومحادثة", "service"),
    "authentication": Text("رموز تحقق", "authentication"),
    "authentication-international": Text("رموز تحقق دولية", "authentication, international"),
    "referral_conversion": Text("من إعلان أو صفحة", "from an ad or a page"),
}


def is_free(pricing_type: str) -> bool:
    """True for the types that Meta calls free."""
    return pricing_type.startswith(_FREE)


def type_words(pricing_type: str) -> Text:
    """The word itself for one that nobody knows."""
    return TYPE_WORDS.get(pricing_type, Text(pricing_type, pricing_type))


def category_words(category: str) -> Text:
    return CATEGORY_WORDS.get(category, Text(category, category))
