"""What a card and a page say about a text that two people must approve."""

from collections.abc import Iterable

from wakeel.domain.risk import needs_two
from wakeel.domain.words import Text
from wakeel.store import votes
from wakeel.store.models import Draft

_TWO = Text("يلزم اعتماد شخصين.", "Two people must approve.")
_ONE_MORE = Text("يلزم اعتماد شخصين، واعتمدها: {names}", "Two people must approve; so far: {names}")


def quorum_line(draft: Draft, *, digest: str, language: str) -> str:
    """'' for a text that one person approves. digest: of what is asked now."""
    if not needs_two(draft.risk, quorum_from=draft.number.business.quorum_from):
        return ""
    return quorum_words((one.name for one in votes.voters(draft, digest=digest)), language=language)


def quorum_words(names: Iterable[str], *, language: str) -> str:
    """names: of those who approved it; none yet is said too."""
    joined = "، ".join(names)
    return _ONE_MORE.say(language, names=joined) if joined else _TWO.say(language)
