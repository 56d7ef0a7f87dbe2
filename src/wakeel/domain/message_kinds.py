"""What kind of message came, in words, for those who are shown it without its words. Types: reference WA 3.4."""

from wakeel.domain.words import Text

VOICE = "voice"
"""Ours: Meta's `audio` of a voice note."""
ANY_KIND = Text("رسالة دون نص", "a message without text")

KIND_WORDS: dict[str, Text] = {
    "image": Text("صورة", "a picture"),
    "video": Text("مقطع فيديو", "a video"),
    VOICE: Text("رسالة صوتية", "a voice message"),
    "audio": Text("ملف صوتي", "an audio file"),
    "document": Text("مستند", "a document"),
    "sticker": Text("ملصق", "a sticker"),
    "location": Text("موقع", "a location"),
    "contacts": Text("بطاقة جهة اتصال", "a contact card"),
    "order": Text("طلب من الكتالوج", "an order from the catalogue"),
    "nfm_reply": Text("نموذج معبّأ", "a completed form"),
    "reaction": Text("تفاعل على رسالة", "a reaction to a message"),
    "edit": Text("تعديل لرسالة سابقة", "a change to an earlier message"),
    "revoke": Text("حذف لرسالة سابقة", "a deletion of an earlier message"),
    "unsupported": Text("رسالة من نوع لا يتيحه واتساب للمنشآت", "a message WhatsApp does not show to businesses"),
}


def kind_words(kind: str) -> Text:
    """The kind in words; a type that nobody has told us of is a message without text."""
    return KIND_WORDS.get(kind, ANY_KIND)
