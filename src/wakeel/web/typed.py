"""What somebody wrote into a form that could not be taken: it is shown again, so that nothing typed is lost."""

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest
from django.http.multipartparser import MultiPartParserError
from django.http.request import UnreadablePostError

TYPED = ("text", "summary", "reason", "note", "words", "evidence", "wording", "body", "title", "value")
"""Names of fields that hold what somebody wrote: shown again, to be copied. No other is: some are secrets."""
LONGEST_TYPED = 20_000
_UNREADABLE = (UnreadablePostError, MultiPartParserError, RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)


def typed_in(request: HttpRequest) -> tuple[str, ...]:
    """What was written into the form that got no answer, the longest first; nothing for a form that cannot be read."""
    try:
        found = [value for name in TYPED for value in request.POST.getlist(name) if value.strip()]
    except _UNREADABLE:
        return ()
    return tuple(sorted((value[:LONGEST_TYPED] for value in found), key=len, reverse=True))
