"""The signature and the bytes it stands for."""

import json

import pytest

from wakeel.simulator.carrier import sign
from wakeel.simulator.envelopes import serialise

SECRET = b"test_app_secret"


@pytest.mark.parametrize(
    ("body", "digest"),
    [
        (
            b'{"object":"whatsapp_business_account","entry":[]}',
            "dec6a680679a968e7e0319355b23599cbfc54502c0784668e9618baa0c633756",
        ),
        (
            rb'{"text":{"body":"\u0646\u0639\u0645"}}',
            "6cf05c3a13d6e441ca011e98989428dbf9cee4dcd92e96a384693a57bdec6304",
        ),
        (
            '{"text":{"body":"نعم"}}'.encode(),
            "2d2aa9e2f37ae2ab083b033ed5241397410d613b2a33413870175467d7a2d5f9",
        ),
    ],
)
def test_signatures_match_the_reference_vectors(body: bytes, digest: str):
    assert sign(body, secret=SECRET) == f"sha256={digest}"


def test_arabic_is_escaped_before_it_is_signed():
    """Meta signs the escaped form; a product that re-serialises must be caught here."""
    body = serialise({"text": {"body": "نعم"}})
    assert body == rb'{"text":{"body":"\u0646\u0639\u0645"}}'
    assert json.loads(body) == {"text": {"body": "نعم"}}
