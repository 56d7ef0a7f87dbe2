"""What the content checks said of a text, kept beside its approval."""

from hashlib import sha256
from pathlib import Path

import pytest

from wakeel.domain import content, content_reading
from wakeel.domain.content_reading import RULES, as_kept, from_kept, read_words

NAME = "أفق"
TEXT = "معك أفق: أرباح مضمونة.\nلإيقاف الرسائل أرسل: إيقاف"
_BY_RULES = {1: "3125d78769940c2f"}
"""The sources of the checks as they were by each RULES."""


def test_what_was_kept_is_what_was_read():
    assert from_kept(as_kept(TEXT, NAME), TEXT, NAME) == read_words(TEXT, NAME)
    assert read_words(TEXT, NAME).findings == ("CONTENT_RISKY_CLAIM:guarantee",)


def test_what_was_kept_is_not_read_again(monkeypatch: pytest.MonkeyPatch):
    kept = as_kept(TEXT, NAME)
    monkeypatch.setattr(content_reading, "read_words", None)
    assert from_kept(kept, TEXT, NAME).has_opt_out


@pytest.mark.parametrize(
    ("text", "name"), [(f"{TEXT} ", NAME), ("رقم الآيبان SA0380000000608010167519", NAME), (TEXT, "غيم")]
)
def test_another_text_or_name_is_read_anew(text: str, name: str):
    assert from_kept(as_kept(TEXT, NAME), text, name) == read_words(text, name)


def test_what_other_rules_said_is_read_anew(monkeypatch: pytest.MonkeyPatch):
    kept = as_kept("أرباح مضمونة", NAME).replace("CONTENT_RISKY_CLAIM", "CONTENT_PII")
    monkeypatch.setattr(content_reading, "RULES", RULES + 1)
    assert from_kept(kept, "أرباح مضمونة", NAME).findings == ("CONTENT_RISKY_CLAIM:guarantee",)


@pytest.mark.parametrize("kept", ["", " ", "y y", "x" * 40])
def test_what_nobody_kept_is_read(kept: str):
    assert from_kept(kept, TEXT, NAME) == read_words(TEXT, NAME)


def test_not_a_word_of_the_text_is_kept():
    assert not set(TEXT.split()) & set(as_kept(TEXT, NAME).split())


def test_the_rules_have_a_new_number_when_the_checks_change():
    """Raise RULES and write the new hash here; the hash alone only if no text can be answered differently."""
    rooms = Path(content.__file__).parent
    names = (
        "content",
        "content_personal",
        "content_promises",
        "content_secrets",
        "keyword_lists",
        "keywords",
        "reading",
    )
    read = sha256(b"".join((rooms / f"{name}.py").read_bytes() for name in names)).hexdigest()
    assert read[:16] == _BY_RULES[RULES]
