"""Rows of templates: webhooks in any order end in one row, a listing is news of its own time."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import rows
from wakeel.domain.platform_events import (
    TemplateCategoryChanged,
    TemplateComponentsChanged,
    TemplateQualityChanged,
    TemplateStatusChanged,
)
from wakeel.domain.templates import ListedTemplate, TemplateEvent, TemplateState, after, listed, may_be_sent, missing
from wakeel.store import templates
from wakeel.store.models import Template

T0 = rows.T0
LISTED = ListedTemplate(template_id="1", name="offer_v1", language="ar", status="APPROVED", category="MARKETING")


def event(kind: Any, **fields: Any) -> Any:
    about = {"waba_id": rows.WABA_ID, "webhook_field": "x", "key": "k", "name": "offer_v1", "language": "ar"}
    return kind(**{"template_id": "1", **about, **fields})


ids = st.sampled_from(["1", "2"])
categories = st.sampled_from(["UTILITY", "MARKETING"])
moments = st.integers(min_value=0, max_value=3).map(lambda hours: T0 + timedelta(hours=hours))
news: st.SearchStrategy[TemplateEvent] = st.one_of(
    st.builds(
        event, st.just(TemplateStatusChanged), template_id=ids, category=st.none() | categories,
        event=st.sampled_from(["APPROVED", "PAUSED", "REJECTED"]), reason=st.sampled_from(["", "SCAM"]),
        note=st.sampled_from(["", "FIRST_PAUSE"]),
    ),
    st.builds(
        event, st.just(TemplateQualityChanged), template_id=ids, quality=st.sampled_from(["GREEN", "YELLOW", "RED"])
    ),
    st.builds(
        event, st.just(TemplateCategoryChanged), category=categories, correct_category=st.none() | categories,
        effective_at=st.none() | moments,
    ),
    st.builds(
        event, st.just(TemplateComponentsChanged),
        components=st.sampled_from([(), ({"type": "BODY", "text": "أ"},), ({"type": "BODY", "text": "ب"},)]),
    ),
)  # fmt: skip


@given(happened=st.lists(st.tuples(news, moments), max_size=8), data=st.data())
def test_every_order_and_repetition_of_the_same_news_ends_in_the_same_state(happened: Any, data: st.DataObject):
    def end(order: Any) -> TemplateState:
        state = TemplateState()
        for one, at in order:
            state = after(state, one, at=at)
        return state

    again = data.draw(st.lists(st.sampled_from(happened), max_size=3)) if happened else []
    shuffled = data.draw(st.permutations([*happened, *again]))
    assert end(shuffled) == end(happened)


@pytest.mark.django_db
def test_one_row_takes_all_news_of_a_template_and_says_when_nothing_changed():
    firm = rows.firm()
    paused = event(TemplateStatusChanged, event="PAUSED", note="SECOND_PAUSE")
    assert templates.apply(firm.business.id, paused, at=T0)
    assert not templates.apply(firm.business.id, paused, at=T0)
    assert not templates.apply(firm.business.id, event(TemplateStatusChanged, event="APPROVED"), at=T0 - rows.HOUR)
    assert templates.apply(firm.business.id, event(TemplateQualityChanged, quality="RED"), at=T0 - rows.HOUR)
    row = Template.objects.get()
    assert (row.status, row.paused_until, row.quality) == ("PAUSED", T0 + 6 * rows.HOUR, "RED")


@pytest.mark.parametrize(
    ("word", "sendable"),
    [
        ("APPROVED", True), ("FLAGGED", True), ("LOCKED", True), ("REINSTATED", True), ("PAUSED", False),
        ("DISABLED", False), ("REJECTED", False), ("PENDING", False), ("IN_APPEAL", False), ("ARCHIVED", False),
        ("LIMIT_EXCEEDED", False), ("PENDING_DELETION", False), ("DELETED", False), ("SOMETHING_NEW", False),
    ],
)  # fmt: skip
def test_quality_marks_and_locks_leave_a_template_usable(word: str, sendable: bool):
    assert may_be_sent(word) is sendable


def test_of_two_words_of_one_instant_the_one_that_stops_counts():
    both = [event(TemplateStatusChanged, event=word) for word in ("REINSTATED", "DISABLED")]
    for first, second in (both, both[::-1]):
        assert after(after(TemplateState(), first, at=T0), second, at=T0).status == "DISABLED"


def test_a_pacing_pause_has_no_known_end():
    paused = event(TemplateStatusChanged, event="PAUSED", note="RATE_LIMITING_PAUSE")
    assert after(TemplateState(), paused, at=T0).paused_until is None


def take(firm: rows.Firm, *found: ListedTemplate, at: Any, real: Any = None) -> int:
    real = real or at
    templates.take_listed(firm.business.id, rows.WABA_ID, found, at=at, real_now=real)
    return templates.note_missing(firm.business.id, rows.WABA_ID, at=at, real_now=real)


@pytest.mark.django_db
def test_a_listing_fills_and_follows_and_what_it_does_not_have_is_deleted():
    firm = rows.firm()
    other = replace(LISTED, name="other", status="REJECTED", rejected_reason="SCAM", quality="GREEN")
    assert take(firm, LISTED, other, at=T0) == 0
    found = {row.name: (row.status, row.status_note, row.category, row.pulled_at) for row in Template.objects.all()}
    assert found == {"offer_v1": ("APPROVED", "", "MARKETING", T0), "other": ("REJECTED", "SCAM", "MARKETING", T0)}
    assert take(firm, replace(LISTED, status="DISABLED"), at=T0 + rows.DAY) == 1
    found = {row.name: (row.status, row.status_note) for row in Template.objects.all()}
    assert found == {"offer_v1": ("DISABLED", ""), "other": ("DELETED", "NOT_LISTED")}
    assert take(firm, LISTED, other, at=T0 + 2 * rows.DAY) == 0
    assert {row.status for row in Template.objects.all()} == {"APPROVED", "REJECTED"}


@pytest.mark.django_db
def test_a_listing_does_not_undo_what_happened_after_it_began():
    firm = rows.firm()
    for name, word in (("offer_v1", "PAUSED"), ("made_meanwhile", "APPROVED")):
        templates.apply(firm.business.id, event(TemplateStatusChanged, name=name, event=word), at=T0 + rows.MINUTE)
    assert take(firm, LISTED, at=T0) == 0
    assert {row.name: row.status for row in Template.objects.all()} == {
        "offer_v1": "PAUSED", "made_meanwhile": "APPROVED",
    }  # fmt: skip


def test_a_listing_that_says_the_same_keeps_the_known_end_of_a_pause_and_an_announcement_to_come():
    """A listing names neither."""
    known = after(TemplateState(), event(TemplateStatusChanged, event="PAUSED", note="FIRST_PAUSE"), at=T0)
    announced = event(
        TemplateCategoryChanged, category="UTILITY", correct_category="MARKETING", effective_at=T0 + 2 * rows.DAY
    )
    known = after(known, announced, at=T0)
    fresh = listed(known, replace(LISTED, status="PAUSED", category="UTILITY"), at=T0 + rows.HOUR)
    assert (fresh.paused_until, fresh.pending_category) == (T0 + 3 * rows.HOUR, "MARKETING")
    assert fresh.pending_category_at == T0 + 2 * rows.DAY
    done = listed(known, replace(LISTED, status="PAUSED", category="UTILITY"), at=T0 + 3 * rows.DAY)
    assert done.pending_category == ""


def test_a_template_with_younger_news_of_any_kind_is_not_missing():
    known = after(TemplateState(), event(TemplateQualityChanged, quality="RED"), at=T0 + rows.MINUTE)
    assert missing(known, at=T0) == known
    assert missing(known, at=T0 + rows.HOUR).status == "DELETED"


@pytest.mark.django_db
def test_another_account_and_another_business_are_left_alone():
    firm, foreign = rows.firm(), rows.firm("أخرى", phone_number_id="9")
    take(firm, LISTED, at=T0)
    templates.take_listed(foreign.business.id, rows.WABA_ID, [LISTED], at=T0, real_now=T0)
    assert take(firm, at=T0 + rows.DAY) == 1
    assert {row.business_id: row.status for row in Template.objects.all()} == {
        firm.business.id: "DELETED", foreign.business.id: "APPROVED",
    }  # fmt: skip
