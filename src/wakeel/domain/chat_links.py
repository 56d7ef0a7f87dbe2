"""Links that open a chat with our number on the other person's phone, with words they may change before sending."""

from urllib.parse import quote

from wakeel.domain.words import Text

START_WORD = "ابدأ"
"""What a person sends to hear from us again; nobody else can send it for them."""


def chat_link(our_phone: str, words: str) -> str:
    """our_phone: digits. Source: WhatsApp's click to chat, `https://wa.me/<digits>?text=`, read 2026-11-22."""
    return f"https://wa.me/{our_phone}?text={quote(words)}"


def start_link(our_phone: str) -> str:
    """The chat with «ابدأ» written already; '' without a number of ours."""
    return chat_link(our_phone, START_WORD) if our_phone else ""


def how_to_reopen(our_phone: str) -> Text:
    """What an operator can tell a person who asked us to stop and wants to come back. our_phone: digits or ''."""
    link = f": {start_link(our_phone)}" if our_phone else "."
    return Text.both(lambda language: _ONLY_THEY.say(language, link=link))


_ONLY_THEY = Text(
    "طلب إيقاف الرسائل، ولا يعيد فتحها إلا هو: يرسل كلمة «ابدأ» إلى رقمنا ثم يؤكد{link}",
    "They asked us to stop, and only they can reopen it: they send «ابدأ» to our number and then confirm{link}",
)
