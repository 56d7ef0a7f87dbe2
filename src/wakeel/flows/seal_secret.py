"""Secrets of second factors are kept sealed with the `field` key: a copy of the database opens no login."""

from base64 import b64decode, b64encode

from wakeel.store.key_files import KeyRefused
from wakeel.store.keyring import CannotOpen, keyring

_PLACE = "second-factor"


class SecretLost(Exception):
    """It was sealed with a key that is not here any more, or was changed since; the person needs a new one."""


def seal_secret(text: str) -> str:
    """As it is stored. Raises KeyRefused while a key of the deployment is missing."""
    return b64encode(keyring().seal_field(text.encode(), place=_PLACE)).decode()


def open_secret(sealed: str) -> str:
    """What `seal_secret` was given. Raises SecretLost."""
    try:
        return keyring().open_field(b64decode(sealed), place=_PLACE).decode()
    except (CannotOpen, KeyRefused, ValueError):
        raise SecretLost from None
