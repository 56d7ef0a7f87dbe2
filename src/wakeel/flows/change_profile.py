"""One's own settings: the name, and how the screens are written."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import available_timezones

from django.contrib.auth.models import User
from django.db import transaction

from wakeel.domain.audit import Action, login
from wakeel.domain.digits import Digits
from wakeel.domain.words import Language
from wakeel.flows import audit
from wakeel.store import profiles
from wakeel.store.retry import whole_transaction


@dataclass(frozen=True, slots=True)
class Wanted:
    """name: as colleagues see it. time_zone: IANA, '' for the business's; a linked phone's hours go by it too."""

    name: str
    language: Language
    digits: Digits
    time_zone: str
    has_shortcuts: bool


@whole_transaction
def change_profile(business_id: str, user_id: int, wanted: Wanted, *, now: datetime) -> bool:
    """Keep all of it; False, and nothing is kept, if there is no such time zone."""
    if wanted.time_zone and wanted.time_zone not in available_timezones():
        return False
    with transaction.atomic():
        User.objects.filter(pk=user_id).update(first_name=wanted.name[:150], last_name="")
        profiles.name_operator(business_id, user_id, name=wanted.name, time_zone=wanted.time_zone)
        profiles.keep(
            business_id, user_id, language=wanted.language.value, digits=wanted.digits.value,
            time_zone=wanted.time_zone, has_shortcuts=wanted.has_shortcuts,
        )  # fmt: skip
        audit.note(
            business_id, by=login(user_id), action=Action.PROFILE_CHANGED, subject=login(user_id), now=now,
            after={"language": wanted.language.value, "digits": wanted.digits.value, "time_zone": wanted.time_zone},
        )  # fmt: skip
    return True


@whole_transaction
def set_language(business_id: str, user_id: int, language: str) -> None:
    """Of the screens only; a language we do not speak changes nothing."""
    if language in list(Language):
        with transaction.atomic():
            profiles.keep(business_id, user_id, language=language)
