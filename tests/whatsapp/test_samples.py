"""One row per file of tests/samples/whatsapp: what the webhook decoder makes of it."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.whatsapp.expected_identity import IDENTITY
from tests.whatsapp.expected_messages import MESSAGES, OTHERS, STATUSES, SYSTEM
from tests.whatsapp.expected_platform import ACCOUNT, NUMBERS, TEMPLATES
from tests.whatsapp.sample_values import SAMPLES
from wakeel.domain.events import Event, Unrecognised
from wakeel.whatsapp.webhook import decode, item_by_item

EXPECTED: dict[str, list[Event]] = {
    **MESSAGES, **IDENTITY, **SYSTEM, **STATUSES, **OTHERS,
    **{stem: [event] for part in (TEMPLATES, NUMBERS, ACCOUNT) for stem, event in part.items()},
}  # fmt: skip
every_sample = pytest.mark.parametrize("path", sorted(SAMPLES.glob("*.json")), ids=lambda path: path.stem)


@every_sample
def test_every_sample_is_read_as_expected(path: Path):
    """Unescaped as the file is written, and escaped as Meta sends it."""
    expected = EXPECTED[path.stem]
    assert decode(path.read_bytes()) == expected
    assert decode(json.dumps(json.loads(path.read_bytes())).encode("ascii")) == expected


@every_sample
def test_reading_in_one_go_and_item_by_item_say_the_same(path: Path):
    body = path.read_bytes()
    assert [(event, event.path) for event in decode(body)] == [(event, event.path) for event in item_by_item(body)]


@every_sample
def test_every_event_says_where_in_the_body_it_stood(path: Path):
    """A quarantined item is found again by it."""
    paths = [event.path for event in decode(path.read_bytes())]
    assert len(set(paths)) == len(paths) > 0
    for found in paths:
        assert found
        assert _at(json.loads(path.read_bytes()), found) is not None


def _at(body: Any, path: str) -> Any:
    for step in re.findall(r"[a-z_]+|\d+", path):
        body = body[int(step) if step.isdigit() else step]
    return body


def test_every_sample_has_its_source():
    sources = (SAMPLES.parent / "SOURCES.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| `(\w+)\.json` \| (?:documented|made by hand)\b[^|]*\|$", sources, re.MULTILINE)
    files = sorted(path.stem for path in SAMPLES.iterdir())
    assert listed == files == sorted(EXPECTED)


@pytest.mark.parametrize("stem", ["calls", "contact_book", "history", "group_participants", "flow_news"])
def test_what_is_out_of_scope_is_seen_and_never_an_error(stem: str):
    assert all(isinstance(event, Unrecognised) for event in decode((SAMPLES / f"{stem}.json").read_bytes()))
