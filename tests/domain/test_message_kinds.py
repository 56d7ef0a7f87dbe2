import pytest

from wakeel.domain.message_kinds import ANY_KIND, KIND_WORDS, VOICE, kind_words

WORDLESS = [
    "image", "video", "audio", VOICE, "document", "sticker", "location", "contacts", "order", "nfm_reply", "reaction",
    "edit", "revoke", "unsupported",
]  # fmt: skip


@pytest.mark.parametrize("kind", WORDLESS)
def test_every_kind_that_can_come_without_words_has_its_own_name(kind: str):
    words = kind_words(kind)
    assert words.ar
    assert words.en
    assert [other for other, said in KIND_WORDS.items() if said.ar == words.ar] == [kind]


def test_a_kind_that_nobody_has_told_us_of_is_a_message_without_text():
    assert kind_words("hologram") is ANY_KIND
