"""A marketing text names the sender and the way to stop; what it lacks is added before anybody approves it."""

from dataclasses import dataclass

from wakeel.domain.consent import Category
from wakeel.domain.content import Added, completed
from wakeel.domain.words import Text

_WORDS = {
    Added.SENDER: Text("اسم المنشأة", "the business's name"),
    Added.OPT_OUT: Text("طريقة إيقاف الرسائل", "the way to stop messages"),
}
NOTHING_ADDED = Text("", "")
_SAYS = Text(" أُضيف إلى النص: {parts}.", " Added to the text: {parts}.")


@dataclass(frozen=True, slots=True)
class Completed:
    """text: to be shown and approved as it stands. added: what the operator is told was added, after their answer."""

    text: str
    added: Text


def complete(text: str, *, category: str, business_name: str) -> Completed:
    """Only marketing is completed: an answer or an update needs neither line."""
    if category != Category.MARKETING:
        return Completed(text, NOTHING_ADDED)
    whole, added = completed(text, business_name=business_name)
    if not added:
        return Completed(text, NOTHING_ADDED)
    parts = [_WORDS[one] for one in added]
    ar, en = "، و".join(part.ar for part in parts), " and ".join(part.en for part in parts)
    return Completed(whole, Text(_SAYS.ar.format(parts=ar), _SAYS.en.format(parts=en)))
