"""What Django logs of a refused request holds no token and no search."""

import io
import logging
from logging.config import DictConfigurator

import pytest

from tests.web import rows
from wakeel import settings


@pytest.fixture
def log():
    """What the product's own handler writes."""
    made = DictConfigurator(settings.LOGGING)
    handler = logging.StreamHandler(io.StringIO())
    for name in settings.LOGGING["handlers"]["stderr"].get("filters", []):
        handler.addFilter(made.configure_filter(dict(settings.LOGGING["filters"][name])))
    logger = logging.getLogger("django.request")
    logger.addHandler(handler)
    yield handler.stream
    logger.removeHandler(handler)


def test_a_refused_invitation_leaves_no_token_in_the_log(page, client, home, log):
    rows.may_be(home, "admin")
    html = page.post("/settings/people/invite/", {"roles": ["operator"]}).content.decode()
    token = html.split("/invitation/")[1].split("/")[0]
    page.logout()
    assert client.post(f"/invitation/{token}/?q=0501234567", {"username": ""}).status_code == 422
    assert client.get("/invitation/nobody-knows-it/?q=0501234567").status_code == 404
    assert client.get("/nowhere/?q=0501234567").status_code == 404
    lines = log.getvalue()
    assert lines.count("/invitation/***") == 2
    assert "/nowhere/" in lines
    for secret in (token, "nobody-knows-it", "0501234567", "q="):
        assert secret not in lines
