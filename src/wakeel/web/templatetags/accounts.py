"""Words of the sign-in and settings pages: roles, browsers, and whether a passkey could work here."""

import ipaddress
from collections.abc import Collection
from urllib.parse import urlsplit

from django import template
from django.conf import settings
from django.http import HttpRequest
from django.template import Context
from django.utils.translation import gettext

from wakeel.domain.roles import ROLE_WORDS, Role
from wakeel.domain.words import Text
from wakeel.web.language import page_language

register = template.Library()

# The first sign that stands in what a browser calls itself: most call themselves Safari and Chrome too.
_BROWSERS = (
    ("Edg", "Edge"), ("OPR", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"), ("Chrom", "Chrome"), ("CriOS", "Chrome"), ("Safari", "Safari"),
)  # fmt: skip
_SYSTEMS = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)  # fmt: skip


@register.simple_tag(takes_context=True)
def passkeys_work(context: Context) -> bool:
    """Browsers give passkeys to host names over https and to `localhost`, never to bare addresses."""
    request: HttpRequest = context["request"]
    host = urlsplit(f"//{request.get_host()}").hostname or ""
    return host == "localhost" or (settings.SESSION_COOKIE_SECURE and not _is_address(host))


@register.filter
def browser_name(agent: str) -> str:
    """`Chrome · Windows`; what it calls itself is its own word and may be wrong."""
    found = [next((name for sign, name in table if sign in agent), "") for table in (_BROWSERS, _SYSTEMS)]
    return " · ".join(word for word in found if word) or gettext("unknown browser")


@register.filter
def role_words(roles: Collection[Role]) -> str:
    """In the order of the roles."""
    return Text.joined(ROLE_WORDS[role] for role in Role if role in roles).say(page_language())


@register.filter
def in_fours(secret: str) -> str:
    """A secret that somebody types over, in groups; apps leave the spaces out."""
    return " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
