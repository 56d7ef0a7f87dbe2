"""A house and a signed-in browser for page tests."""

import pytest
from django.core.cache import cache
from django.test import Client

from tests.web import rows


@pytest.fixture(autouse=True)
def _quick_passwords(settings) -> None:
    """The real hash is slow on purpose."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    cache.clear()


@pytest.fixture
def home(db: None) -> rows.House:
    return rows.house()


@pytest.fixture
def page(client: Client, home: rows.House) -> Client:
    """The operator's browser, in Arabic until it says otherwise; who sits there was asked a moment ago."""
    client.force_login(home.user)
    rows.prove(client, home.user)
    return client
