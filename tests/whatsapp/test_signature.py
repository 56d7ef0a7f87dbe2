import hmac

import pytest

from wakeel.whatsapp.signature import AppSecrets, expected_digest, is_signed, sign

KEY = "test_app_secret"
VECTORS = [
    (
        b'{"object":"whatsapp_business_account","entry":[]}',
        "dec6a680679a968e7e0319355b23599cbfc54502c0784668e9618baa0c633756",
    ),
    (b'{"text":{"body":"\\u0646\\u0639\\u0645"}}', "6cf05c3a13d6e441ca011e98989428dbf9cee4dcd92e96a384693a57bdec6304"),
    ('{"text":{"body":"نعم"}}'.encode(), "2d2aa9e2f37ae2ab083b033ed5241397410d613b2a33413870175467d7a2d5f9"),
]


@pytest.mark.parametrize(("raw", "digest"), VECTORS)
def test_the_vectors_of_the_reference_match(raw: bytes, digest: str):
    assert sign(raw, KEY) == f"sha256={digest}"
    assert is_signed(raw, f"sha256={digest}", [KEY])


def test_the_same_text_in_another_encoding_does_not_match():
    """Meta signs escaped Arabic; only the raw bytes count."""
    assert not is_signed(VECTORS[2][0], f"sha256={VECTORS[1][1]}", [KEY])


def test_any_of_several_secrets_matches():
    raw = b"{}"
    assert is_signed(raw, sign(raw, "old"), ["new", "old"])
    assert is_signed(raw, sign(raw, "new"), ["new", "old"])
    assert not is_signed(raw, sign(raw, "other"), ["new", "old"])


@pytest.mark.parametrize("signed_with", ["newest", "middle", "oldest", "nobody's"])
def test_every_secret_is_compared_whichever_fits(signed_with: str, monkeypatch: pytest.MonkeyPatch):
    """Time must not tell how many secrets there are, nor which of them is still in use."""
    compared: list[bytes] = []
    compare = hmac.compare_digest
    monkeypatch.setattr(hmac, "compare_digest", lambda a, b: compared.append(a) or compare(a, b))
    is_signed(b"{}", sign(b"{}", signed_with), ["newest", "middle", "oldest"])
    assert len(set(compared)) == 3


def test_no_secret_and_an_empty_secret_match_nothing():
    assert not is_signed(b"{}", sign(b"{}", ""), [""])
    assert not is_signed(b"{}", sign(b"{}", KEY), [])


@pytest.mark.parametrize(
    "header",
    [None, "", "sha256=", "sha1=" + "0" * 40, "sha256=" + "0" * 63, "sha256=" + "g" * 64, " sha256=" + "0" * 64,
     "sha256=" + "0" * 64 + "\n", "sha256=" + "٠" * 64],
)  # fmt: skip
def test_a_malformed_header_is_no_signature(header: str | None):
    assert header is None or expected_digest(header) is None
    assert not is_signed(b"{}", header, [KEY])


def test_a_body_may_be_fed_in_parts():
    raw, digest = VECTORS[0]
    expected = expected_digest(f"sha256={digest}")
    assert expected is not None
    check = AppSecrets(["x", KEY]).begin(expected)
    for start in range(0, len(raw), 7):
        assert not check.matches()
        check.update(raw[start : start + 7])
    assert check.matches()
    check.update(b" ")
    assert not check.matches()
