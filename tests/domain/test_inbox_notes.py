"""Notes of single items: what is open, what settles it, and what never changes back."""

from datetime import UTC, datetime
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wakeel.domain.events import Event, Malformed, Unrecognised
from wakeel.domain.inbox_notes import (
    OPEN,
    Note,
    NoteKind,
    carried_out,
    dismissed,
    failed,
    fields_of,
    is_open,
    is_quarantined,
    path_of,
)

AT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
PATHS = ("", "entry[0].changes[0]", "entry[0].changes[0].value.messages[1]")
FIRST = sorted(OPEN | {NoteKind.UNRECOGNISED})

fresh = st.builds(
    lambda kind, path: {"kind": kind.value, "path": path, "error": "why"},
    st.sampled_from(FIRST),
    st.sampled_from(PATHS),
)
histories = st.lists(fresh, max_size=4, unique_by=lambda note: note["path"])


def of(notes: list[Note], path: str) -> list[Note]:
    return [note for note in notes if path_of(note) == path]


@given(histories, st.sampled_from(PATHS))
def test_what_went_well_is_open_no_more_and_its_neighbours_stay(notes: list[Note], path: str):
    after = carried_out(notes, path, by="7", at=AT)
    assert not any(is_open(note) for note in of(after, path))
    for other in set(PATHS) - {path}:
        assert of(after, other) == of(notes, other)
    assert carried_out(after, path, by="8", at=AT) == after


@given(histories, st.sampled_from(PATHS))
def test_what_stood_against_an_item_is_remembered_with_who_settled_it(notes: list[Note], path: str):
    was_open = [note for note in of(notes, path) if is_open(note)]
    for settle, kind in ((carried_out, NoteKind.REPLAYED), (dismissed, NoteKind.DISMISSED)):
        left = [note for note in of(settle(notes, path, by="7", at=AT), path) if note["kind"] == kind]
        assert [(note["was"], note["by"], note["error"]) for note in left] == [
            (n["kind"], "7", "why") for n in was_open
        ]


@given(histories, fresh)
def test_failing_twice_is_noted_once(notes: list[Note], note: Note):
    after = failed(notes, note)
    assert note in after
    assert failed(after, note) == after
    assert len(of(after, note["path"])) == 1


@given(histories, st.sampled_from(PATHS), st.sampled_from(FIRST))
def test_what_a_person_put_aside_stays_so_until_it_goes_well(notes: list[Note], path: str, kind: NoteKind):
    aside = dismissed(failed(notes, {"kind": "fault", "path": path, "error": "why"}), path, by="7", at=AT)
    assert failed(aside, {"kind": kind.value, "path": path, "error": "again"}) == aside
    [note] = of(carried_out(aside, path, by="8", at=AT), path)
    assert (note["kind"], note["was"], note["by"]) == ("replayed", "fault", "8")


@pytest.mark.parametrize("kind", NoteKind)
def test_a_row_is_quarantined_by_what_nobody_settled(kind: NoteKind):
    waits = kind in {NoteKind.UNREADABLE, NoteKind.MALFORMED, NoteKind.FAULT, NoteKind.NOT_OURS}
    assert is_quarantined([{"kind": kind.value, "path": ""}]) == waits


@pytest.mark.parametrize(
    ("place", "fields"),
    [
        ("entry[0].changes[0].value.statuses[3]", {"messages", "statuses"}),
        ("entry[0].changes[0].value.messages[3]", {"messages"}),
        ("entry[0].changes[0].value.message_echoes[3]", {"smb_message_echoes"}),
        ("entry[0].changes[0].value.user_preferences[3]", {"user_preferences"}),
        ("entry[0]", None),
    ],
)
def test_a_broken_item_is_found_under_the_field_it_stands_in(place: str, fields: set[str] | None):
    assert fields_of(Malformed(path=place, error="x")) == fields
    assert fields_of(Unrecognised(field="flows", what="x", path=place)) == {"flows"}


def test_every_kind_of_event_has_a_field():
    """What nobody thought of would end a replay half way."""
    for kind in get_args(Event):
        names = kind.__dataclass_fields__
        assert {"webhook_field"} & set(names) or kind.__name__ in {
            "ButtonTapped", "TextReceived", "OtherMessage", "IdentityChanged", "StatusReceived", "PreferenceChanged",
            "MessageEchoed", "Unrecognised", "Malformed",
        }  # fmt: skip
