"""The words of the STOP/START matcher, as people write them; `domain.keywords` folds and matches them.

Source: reference "consent and contactability", section 6.3 (normative), read 2026-11-22. The English set follows the
defaults of messaging providers, قف and إيقاف come from Saudi operators; every other entry is our own compilation and
is still to be read by native speakers of each dialect. "·" separates entries.
"""

from enum import StrEnum


class WordList(StrEnum):
    """What an entry means. Up to HELP it is compared with the whole message; the others are looked for inside it."""

    HARD = "hard"  # stop everything
    SCOPED = "scoped"  # stop offers
    SOFT = "soft"  # "cancel": may mean an order as well
    DECLINE = "decline"
    START = "start"
    YES = "yes"
    HELP = "help"
    NEGATION = "negation"
    STOP_VERB = "stop_verb"
    MESSAGE_NOUN = "message_noun"
    PHRASE = "phrase"


WORDS: dict[WordList, str] = {
    WordList.HARD: (
        "stop·stop all·stopall·unsubscribe·unsub·opt out·optout·revoke·remove me·stop messages·stop texting·"
        "no more messages·"
        "arret·arreter·arretez·desabonner·se desabonner·desabonnement·desinscrire·desinscription·"
        # Standard Arabic
        "قف·توقف·توقفوا·أوقف·أوقفوا·إيقاف·إيقاف الرسائل·أوقف الرسائل·أوقفوا الرسائل·إلغاء الاشتراك·الغاء اشتراك·"
        "ألغ الاشتراك·ألغوا الاشتراك·لا ترسل·لا ترسلوا·لا تراسلني·لا تراسلوني·لا تراسلونا·"
        # Gulf
        "وقف·وقفوا·وقفو·وقف الرسايل·وقفوا الرسايل·وقفو الرسايل·لا ترسلون·لا عاد ترسلون·شيلوني·شيلني·شيلوا رقمي·"
        "بطلوا رسايل·ما ابي رسايل·مابي رسايل·ما ابغى رسايل·ما أبغى رسائل·"
        # Egypt
        "بلاش رسايل·مش عايز رسايل·مش عاوز رسايل·متبعتوش·ما تبعتوش·متبعتليش·الغي الاشتراك·"
        # Levant
        "ما تبعتوا·لا تبعتوا·ما تبعتولي·ما بدي رسائل·مابدي رسائل·"
        # Urdu, Hindi, and both in Latin letters
        "بند کریں·بند کرو·بند کر دیں·روکیں·میسج بند کریں·پیغام نہ بھیجیں·میسج نہ بھیجیں·"
        "बंद करो·बंद करें·बंद कर दो·रोकें·रोको·मैसेज बंद करें·संदेश मत भेजो·मैसेज मत भेजो·"
        "band karo·band karen·band kar do·message band karo·mat bhejo·message mat bhejo"
    ),
    WordList.SCOPED: (
        "stop offers·stop promotions·stop promos·stop marketing·stop ads·no offers·إيقاف العروض·أوقف العروض·"
        "أوقفوا العروض·وقف العروض·وقفوا العروض·إيقاف الإعلانات·وقفوا الإعلانات·بلاش عروض·بلاش إعلانات·ما ابي عروض·"
        "ما ابغى عروض·arret pub·stop pub"
    ),
    WordList.SOFT: "cancel·end·quit·annuler·fin·إلغاء·ألغ·الغي·إنهاء·خلاص·كفاية·كفى·يكفي·بس·बंद·بند",
    WordList.DECLINE: ("no·no thanks·not interested·non·non merci·لا·لا شكرا·غير مهتم·مو مهتم·مش مهتم·ما يهمني"),
    WordList.START: (
        "start·unstop·subscribe·resume·opt in·optin·ابدأ·ابدا·بدء·اشترك·اشتراك·تفعيل·استئناف·رجعوا الرسائل·commencer·"
        "reprendre·s abonner·شروع·شروع کریں·शुरू·शुरू करें·शुरू करो"
    ),
    WordList.YES: ("yes·ok·okay·y·نعم·أيوه·ايوا·إي·اي نعم·موافق·موافقة·أوافق·تمام·oui·d accord·ہاں·جی ہاں·हाँ·हां"),
    WordList.HELP: "help·info·مساعدة·المساعدة·aide·مدد·मदद",
    WordList.NEGATION: (
        "don t stop·do not stop·dont stop·never stop·لا توقف·لا توقفوا·لا توقفون·لا تلغي·لا تلغوا·ما ابي اوقف·"
        "n arretez pas"
    ),
    WordList.STOP_VERB: "قف·وقف·وقفوا·وقفو·أوقف·أوقفوا·إيقاف·توقف·توقفوا·التوقف·بطلوا·كفوا·إلغاء·الغي·ألغوا",
    WordList.MESSAGE_NOUN: (
        "رسالة·رسائل·الرسالة·الرسائل·رسائلكم·رسايلكم·عروض·العروض·عروضكم·إعلانات·الإعلانات·إعلاناتكم·مراسلتي"
    ),
    WordList.PHRASE: (
        "stop sending·stop messaging·stop texting·do not message·don t message·do not contact·don t contact·"
        "do not send·don t send me·remove me from·take me off·unsubscribe me·delete my number·remove my number·"
        "never message me·لا ترسل·لا ترسلوا·لا ترسلون·لا تراسلوني·لا تراسلني·لا تراسلونا·وقفوا الرسايل·وقفو الرسايل·"
        "وقف الرسايل·أوقفوا الرسائل·إيقاف الرسائل·احذفوا رقمي·احذف رقمي·امسحوا رقمي·امسح رقمي·شيلوا رقمي·شيلوني·"
        "ما ابي رسايل·ما ابغى رسايل·مش عايز رسايل·متبعتوش·ما تبعتوش·ما بدي رسائل·إلغاء الاشتراك·إلغاء اشتراكي·"
        "الغي اشتراكي·ازعجتونا·mat bhejo·band karo·مت بھیجو·मत भेजो·ne m envoyez plus·ne plus recevoir·me desabonner"
    ),
}

POLITE = (
    "please·pls·plz·thanks·thank you·svp·s il vous plait·merci·من فضلك·من فضلكم·لو سمحت·لو سمحتوا·لو سمحتم·رجاء·الرجاء·"
    "ارجوكم·شكرا·مشكورين·يا جماعه·پلیز·براہ کرم·कृपया·प्लीज"
)
"""Courtesy around a request; taken off both ends before comparing."""

STOP_ALL_WORDS = "أوقف الكل·اوقفوا الكل·إيقاف الكل·stop everything"

STOP_SIGNS = frozenset("🛑⛔🚫🔕")
"""A message of nothing else asks for a look by a person."""
