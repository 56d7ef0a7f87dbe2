"""Stop words: matched on the whole message after folding, so that "إلغاء الموعد" never opts anybody out.

Source: reference "consent and contactability", sections 6.1 to 6.3 (normative), read 2026-11-22. Folded text is for
matching only; it is never stored or shown.
"""

import re
import unicodedata
from enum import StrEnum


class KeywordAction(StrEnum):
    NONE = "none"
    WITHDRAW_ALL = "withdraw_all"
    WITHDRAW_MARKETING = "withdraw_marketing"


_MARKS = re.compile("[\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed]")
_FOLDS = str.maketrans({
    **dict.fromkeys("أإآٱ", "ا"), **dict.fromkeys("ىیےئ", "ي"), "ؤ": "و", **dict.fromkeys("ةۃہھۀ", "ه"), "ک": "ك",
    "ء": None,
})  # fmt: skip
_STRETCHED = re.compile(r"(\w)\1{2,}")


def fold(text: str) -> str:
    """The text with spelling differences removed: one string for every way to write the same words."""
    text = unicodedata.normalize("NFKC", text)
    text = "".join(c for c in text if unicodedata.category(c) != "Cf").casefold()
    text = _without_latin_marks(_MARKS.sub("", text)).translate(_FOLDS)
    text = "".join(_folded_character(c) for c in text)
    return " ".join(_STRETCHED.sub(r"\1", text).split())


def _without_latin_marks(text: str) -> str:
    """arrêt → arret; marks of other scripts carry vowels and stay."""
    kept: list[str] = []
    after_latin = False
    for c in unicodedata.normalize("NFD", text):
        if unicodedata.combining(c):
            if not after_latin:
                kept.append(c)
            continue
        after_latin = "a" <= c <= "z"
        kept.append(c)
    return unicodedata.normalize("NFC", "".join(kept))


def _folded_character(c: str) -> str:
    category = unicodedata.category(c)
    if category == "Nd":
        return str(unicodedata.digit(c))
    return " " if category[0] in "PSCZ" else c


def _folded(words: str) -> frozenset[str]:
    return frozenset(fold(entry) for entry in words.split("·"))


_POLITE = _folded(
    "please·pls·plz·thanks·thank you·svp·s il vous plait·merci·من فضلك·من فضلكم·لو سمحت·لو سمحتوا·لو سمحتم·رجاء·الرجاء·"
    "ارجوكم·شكرا·مشكورين·يا جماعه"
)
_HARD = _folded(
    "stop·stop all·stopall·unsubscribe·unsub·opt out·optout·revoke·remove me·stop messages·stop texting·"
    "no more messages·arret·arreter·arretez·desabonner·se desabonner·desabonnement·desinscrire·desinscription·"
    "قف·توقف·توقفوا·أوقف·أوقفوا·إيقاف·إيقاف الرسائل·أوقف الرسائل·أوقفوا الرسائل·إلغاء الاشتراك·الغاء اشتراك·"
    "ألغ الاشتراك·ألغوا الاشتراك·لا ترسل·لا ترسلوا·لا تراسلني·لا تراسلوني·لا تراسلونا·"
    "وقف·وقفوا·وقفو·وقف الرسايل·وقفوا الرسايل·وقفو الرسايل·لا ترسلون·لا عاد ترسلون·شيلوني·شيلني·شيلوا رقمي·"
    "بطلوا رسايل·ما ابي رسايل·مابي رسايل·ما ابغى رسايل·ما أبغى رسائل·بلاش رسايل·مش عايز رسايل·مش عاوز رسايل·"
    "متبعتوش·ما تبعتوش·متبعتليش·الغي الاشتراك·ما تبعتوا·لا تبعتوا·ما تبعتولي·ما بدي رسائل·مابدي رسائل"
)
_SCOPED = _folded(
    "stop offers·stop promotions·stop promos·stop marketing·stop ads·no offers·إيقاف العروض·أوقف العروض·"
    "أوقفوا العروض·وقف العروض·وقفوا العروض·إيقاف الإعلانات·وقفوا الإعلانات·بلاش عروض·بلاش إعلانات·ما ابي عروض·"
    "ما ابغى عروض·arret pub·stop pub"
)
STOP_ALL = _folded("أوقف الكل·اوقفوا الكل·إيقاف الكل·stop everything")
"""An operator's kill switch, typed."""


def match(text: str) -> KeywordAction:
    """What a contact's whole message says about being written to."""
    folded = _without_courtesy(fold(text))
    if folded in _SCOPED:
        return KeywordAction.WITHDRAW_MARKETING
    return KeywordAction.WITHDRAW_ALL if folded in _HARD else KeywordAction.NONE


def _without_courtesy(folded: str) -> str:
    shorter = True
    while shorter:
        shorter = False
        for polite in _POLITE:
            stripped = folded.removeprefix(polite + " ").removesuffix(" " + polite)
            if stripped != folded:
                folded, shorter = stripped, True
    return folded
