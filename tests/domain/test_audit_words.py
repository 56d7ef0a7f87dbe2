"""Every act of the audit log can be read in both languages."""

import pytest

from wakeel.domain.audit import Action, Deed, Place
from wakeel.domain.audit_words import ACTION_WORDS, DEED_WORDS, PLACE_WORDS


@pytest.mark.parametrize(("values", "words"), [(Action, ACTION_WORDS), (Deed, DEED_WORDS), (Place, PLACE_WORDS)])
def test_each_has_words_in_both_languages(values, words):
    assert [one for one in values if not (one in words and words[one].ar and words[one].en)] == []
