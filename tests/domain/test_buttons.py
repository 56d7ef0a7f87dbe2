import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wakeel.domain.buttons import ButtonKind, ButtonReply, button_id, parse_button_id

SUBJECT = st.from_regex(r"\A[A-Za-z0-9_-]{1,64}\Z")
WITH_SUBJECT = [
    *[(ButtonKind.OPPORTUNITY, a) for a in ("accept", "skip", "draft", "schedule", "needs_research", "snooze")],
    *[(ButtonKind.MESSAGE_DRAFT, a) for a in ("approve", "edit", "cancel")],
    *[(ButtonKind.SKIP_REASON, a) for a in "12345"],
    *[(ButtonKind.SNOOZE, a) for a in ("hour", "evening", "tomorrow", "reply")],
    *[(ButtonKind.THREAD, a) for a in ("draft", "snooze", "done")],
    *[(ButtonKind.BATCH, a) for a in ("approve", "cancel")],
    *[(ButtonKind.MEETING, a) for a in ("approve", "edit", "cancel", "confirm", "other")],
]
WITHOUT_SUBJECT = [
    *[(ButtonKind.BRIEF, a) for a in ("show_opportunities", "show_pending", "dismiss")],
    *[(ButtonKind.CONSENT, a) for a in ("opt_out_all", "opt_out_marketing", "opt_in_start", "opt_in_confirm")],
]


@settings(max_examples=200)
@given(st.sampled_from(WITH_SUBJECT), SUBJECT)
def test_every_id_with_a_subject_is_read_back_as_it_was_written(kind_and_action, subject: str):
    kind, action = kind_and_action
    made = button_id(kind, action, subject_id=subject)
    assert parse_button_id(made) == ButtonReply(kind, action, subject, made)
    assert len(made) <= 200, "row ids of lists may have 200 characters"


@pytest.mark.parametrize(("kind", "action"), WITHOUT_SUBJECT)
def test_every_id_without_a_subject_is_read_back_as_it_was_written(kind: ButtonKind, action: str):
    made = button_id(kind, action)
    assert parse_button_id(made) == ButtonReply(kind, action, None, made)


@pytest.mark.parametrize(
    ("made", "written"),
    [
        (button_id(ButtonKind.OPPORTUNITY, "accept", subject_id="opp_1"), "opp:opp_1:accept"),
        (button_id(ButtonKind.MESSAGE_DRAFT, "cancel", subject_id="drf_1"), "msg:drf_1:cancel"),
        (button_id(ButtonKind.SKIP_REASON, "3", subject_id="opp_1"), "skp:opp_1:3"),
        (button_id(ButtonKind.BRIEF, "dismiss"), "brief:dismiss"),
        (button_id(ButtonKind.CONSENT, "opt_out_all"), "OPT_OUT_ALL"),
    ],
)
def test_the_written_form_never_changes(made: str, written: str):
    """These ids live in chats for ever."""
    assert made == written


@pytest.mark.parametrize(
    ("kind", "action", "subject"),
    [
        (ButtonKind.OPPORTUNITY, "approve", "1"),
        (ButtonKind.OPPORTUNITY, "accept", None),
        (ButtonKind.OPPORTUNITY, "accept", "a:b"),
        (ButtonKind.OPPORTUNITY, "accept", "x" * 65),
        (ButtonKind.OPPORTUNITY, "accept", "1\n"),
        (ButtonKind.BRIEF, "dismiss", "1"),
        (ButtonKind.UNKNOWN_BUTTON_ID, "accept", "1"),
    ],
)
def test_an_id_that_could_not_be_read_back_is_never_made(kind: ButtonKind, action: str, subject: str | None):
    with pytest.raises(ValueError, match="no button id"):
        button_id(kind, action, subject_id=subject)


@settings(max_examples=200)
@given(st.text(max_size=80) | st.from_regex(r"\A(opp|msg|skp|all):.{0,10}:.{0,10}\Z"))
def test_any_other_id_is_kept_as_it_came_and_means_nothing(raw: str):
    reply = parse_button_id(raw)
    if not reply.is_known:
        assert reply.kind is (ButtonKind.UNKNOWN_BUTTON_ID if raw else ButtonKind.NO_BUTTON_ID)
        assert reply.raw_id == (raw or None)
    else:
        assert button_id(reply.kind, reply.action or "", subject_id=reply.subject_id) == raw
