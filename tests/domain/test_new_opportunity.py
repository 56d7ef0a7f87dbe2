"""«فرصة: name, number, title» as people type it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wakeel.domain.new_opportunity import TypedOpportunity, read_typed


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("فرصة: سعد العتيبي، 0501234567، تجديد العقد", ("سعد العتيبي", "0501234567", "تجديد العقد")),
        ("فرصة جديدة: سعد, +966 50 123 4567, عقد 1,000 كرسي", ("سعد", "+966 50 123 4567", "عقد 1,000 كرسي")),
        ("فرصه:\nسعد\n٠٥٠١٢٣٤٥٦٧\nتجديد، مع صيانة", ("سعد", "٠٥٠١٢٣٤٥٦٧", "تجديد، مع صيانة")),
        ("Opportunity: Saad; 0501234567; Renewal", ("Saad", "0501234567", "Renewal")),
        ("فرصة: 0501234567، تجديد", ("", "0501234567", "تجديد")),
        ("فرصة: سعد، رقمه عندي، تجديد", ("سعد", "رقمه عندي", "تجديد")),
        ("فرصة: سعد", ("سعد", "", "")),
        ("فرصة", ("", "", "")),
        ("فرصة:", ("", "", "")),
    ],
)
def test_parts_in_their_order(text: str, parts: tuple[str, str, str]):
    assert read_typed(text) == TypedOpportunity(*parts)


@pytest.mark.parametrize("text", ["", "عندي فرصة: سعد، 0501234567، عقد", "الفرصة: س", "فرصة سعد 050", "سعد: فرصة"])
def test_other_texts_are_none(text: str):
    assert read_typed(text) is None


def test_only_with_every_part_nothing_else_can_be_meant():
    """An offer may begin with the same word: «فرصة: خصم 20%» is the text of a message while one is awaited."""
    assert read_typed("فرصة: سعد، 0501234567، عقد").is_whole  # type: ignore[union-attr]
    for text in ("فرصة: خصم 20% هذا الأسبوع، سارع", "فرصة: خصم حتى 1447/12/30", "فرصة: 0501234567، عقد"):
        assert not read_typed(text).is_whole  # type: ignore[union-attr]


@given(st.text(max_size=200))
@settings(max_examples=100, deadline=None)
def test_any_text_can_be_read(text: str):
    found = read_typed(f"فرصة: {text}")
    assert found is not None
    assert all(part == part.strip() for part in (found.name, found.phone, found.title))
