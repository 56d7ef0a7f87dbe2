"""Arabic unless the person chose otherwise; a browser's own preference is not a choice."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from wakeel.domain.words import Language
from wakeel.store.screens.seat import Seat


class ChosenLanguage:
    """Activates the language in the cookie that the language switch writes, else Arabic, until the seat is known."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        with translation.override(language), timezone.override(None):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", request.LANGUAGE_CODE)
        return response


def as_chosen(request: HttpRequest, seat: Seat) -> None:
    """From here on the page is in this person's language, digits and time zone; `ChosenLanguage` ends it."""
    request.digits = seat.digits  # type: ignore[attr-defined]
    if seat.language:
        translation.activate(seat.language)
        request.LANGUAGE_CODE = seat.language
    if seat.time_zone:
        timezone.activate(ZoneInfo(seat.time_zone))


def page_language() -> Language:
    """The language of the page that is drawn now, for words that are not in the catalogues."""
    return Language.EN if (translation.get_language() or "").startswith("en") else Language.AR
