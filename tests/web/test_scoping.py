"""What belongs to another business is not there: not to see, not to touch."""

from uuid import uuid4

import pytest

from tests.web import rows
from tests.web.test_pages import everything


@pytest.fixture
def theirs(home: rows.House) -> dict[str, str]:
    """Ids of everything in a second business."""
    other = rows.house("بيان", phone_number_id="105500000000003", username="nora")
    person = rows.contact(other, "شخص غريب", phone="+966511111111")
    deal = rows.opportunity(other, person, title="سر المنشأة الأخرى")
    draft = rows.draft(other, deal)
    held = rows.contact(other, "شخص آخر", phone="+966511111112")
    made = rows.message(other, rows.draft(other, rows.opportunity(other, held, key="h")), state="unknown")
    return {"i": deal.id, "d": draft.id, "m": made.id, "c": person.id}


@pytest.mark.parametrize(
    "path",
    [
        "/i/{i}/", "/contacts/{c}/", "/contacts/{c}/consent/", "/contacts/{c}/number/", "/contacts/{c}/withdrawal/",
        "/contacts/{c}/gave-number/",
    ],
)  # fmt: skip
def test_pages_of_another_business_are_not_found(page, theirs, path):
    assert page.get(path.format(**theirs)).status_code == 404


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/i/{i}/accept/", {}), ("/i/{i}/skip/", {}), ("/i/{i}/draft/", {}), ("/d/{d}/approve/", {}),
        ("/d/{d}/edit/", {}), ("/d/{d}/cancel/", {}), ("/d/{d}/text/", {"text": "x", "version": "1"}),
        ("/m/{m}/settle/", {"verb": "it_arrived"}), ("/m/{m}/settle/", {"verb": "give_up"}),
        ("/contacts/{c}/number/", {"number": "+966500000000"}), ("/contacts/{c}/consent/", {"source": "paper"}),
        ("/contacts/{c}/withdrawal/", {"source": "paper", "evidence": "x"}),
        ("/contacts/{c}/gave-number/", {"evidence": "x"}),
    ],
)  # fmt: skip
def test_posts_about_another_business_are_not_found_and_change_nothing(page, theirs, path, fields):
    before = everything()
    response = page.post(path.format(**theirs), {"key": str(uuid4()), "digest": "x", **fields})
    assert response.status_code == 404
    assert everything() == before


@pytest.mark.parametrize("path", ["/", "/outbox/", "/failures/", "/health/"])
def test_lists_hold_nothing_of_another_business(page, theirs, path):
    html = page.get(path).content.decode()
    assert "سر المنشأة الأخرى" not in html
    assert "شخص" not in html
    assert not any(value in html for value in theirs.values())
