"""How often whole numbers are tried by whoever sees masked ones: the digits that a mask hides are few."""

from allauth.core.internal import ratelimit
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from wakeel.store.screens.seat import Seat
from wakeel.web.sight import sight_of

ACTION = "whole_numbers"
RATES = {ACTION: "20/10m/user,200/d/user"}
"""Of one login, wherever it asks. Four hidden digits are 10,000 tries: fifty days of them."""
SLOWED = _("Too many numbers were tried. Try again in ten minutes.")


def is_too_much(request: HttpRequest, seat: Seat) -> bool:
    """Count one more; True if it must wait. The counts are in the database, as those of wrong passwords."""
    if sight_of(seat).sees_all:
        return False
    return not ratelimit.consume(request, app="wakeel", action=ACTION, config=RATES, limit_get=True)
