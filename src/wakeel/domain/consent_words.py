"""The ledger's words in both languages: kinds of entry and of message, where an entry came from, how it stands."""

from wakeel.domain.consent import Category, ConsentType, Standing
from wakeel.domain.rights import ERASURE_WORDS
from wakeel.domain.words import Text

TYPE_WORDS: dict[ConsentType, Text] = {
    ConsentType.GRANT: Text("موافقة مسجّلة", "Consent recorded"),
    ConsentType.CONFIRM: Text("تأكيد الموافقة", "Consent confirmed"),
    ConsentType.RENEW: Text("تجديد الموافقة", "Consent renewed"),
    ConsentType.RE_PERMISSION: Text("عودة وموافقة جديدة منه", "They came back and agreed again"),
    ConsentType.IMPORT: Text("موافقة مسجّلة من ملف", "Consent recorded from a file"),
    ConsentType.WITHDRAW: Text("طلب الإيقاف", "Asked us to stop"),
    ConsentType.RESUME: Text("استئناف الرسائل", "Messages turned on again"),
    ConsentType.EXPIRE: Text("انتهاء الموافقة", "The consent ended"),
    ConsentType.REFUSE: Text("رفض عند السؤال", "Asked, and refused"),
    ConsentType.CORRECT: Text("تصحيح قيد سابق", "Note on an earlier entry"),
    ConsentType.ERASE: Text("إتلاف البيانات", "Data destroyed"),
}

CATEGORY_WORDS: dict[Category, Text] = {
    Category.SERVICE: Text("الرد على رسالته", "Answer to them"),
    Category.UTILITY: Text("تحديثات", "Updates"),
    Category.MARKETING: Text("تسويق", "Marketing"),
    Category.AUTHENTICATION: Text("رموز التحقق", "One-time codes"),
}

USUAL_PURPOSES: dict[Category, str] = {Category.MARKETING: "offers", Category.UTILITY: "order_updates"}
"""What is asked for where the ledger names no purpose of that category."""

STANDING_WORDS: dict[Standing, Text] = {
    Standing.ACTIVE: Text("سارية", "on file"),
    Standing.OPTED_OUT: Text("مسحوبة", "withdrawn"),
    Standing.NONE: Text("لا توجد", "none on file"),
    Standing.EXPIRED: Text("منتهية", "ended"),
    Standing.PENDING: Text("لم تُؤكَّد بعد", "not confirmed yet"),
}

SOURCE_WORDS: dict[str, Text] = {
    "web_form": Text("نموذج الموقع", "website form"),
    "whatsapp_flow": Text("نموذج داخل واتساب", "form inside WhatsApp"),
    "whatsapp_button": Text("زر في واتساب", "WhatsApp button"),
    "keyword": Text("كلمة كتبها", "word they typed"),
    "keyword_start_confirmed": Text("كلمة كتبها ثم أكّدها", "word they typed and confirmed"),
    "qr_chat": Text("محادثة بدأها هو", "chat that they started"),
    "ivr": Text("رد آلي على مكالمة", "automatic answer on a call"),
    "phone_call": Text("مكالمة هاتفية", "phone call"),
    "in_person": Text("حضوريًا", "in person"),
    "paper": Text("نموذج ورقي", "paper form"),
    "import_file": Text("ملف مستورد", "imported file"),
    "api": Text("نظام آخر", "another system"),
    "user_request": Text("طلب منه", "their request"),
    "whatsapp_user_preferences": Text("إعدادات واتساب عنده", "their WhatsApp settings"),
    "whatsapp_error_131050": Text("إشعار من واتساب بالإيقاف", "WhatsApp's notice of a stop"),
    "inferred_text": Text("فُهم من رسالته", "understood from their message"),
    "operator": Text("أدخله مشغّل", "entered by an operator"),
    "number_change": Text("غيّر رقمه", "they changed their number"),
    "rights_request": Text("طلب بشأن بياناته", "a request about their data"),
    **{reason.value: words for reason, words in ERASURE_WORDS.items()},
}
"""Words for sources, as a grant or withdrawal names them (reference 3.2)."""


def source_words(source: str) -> Text:
    """The words of a source; the stored word itself if a later version wrote it."""
    return SOURCE_WORDS.get(source, Text(source, source))
