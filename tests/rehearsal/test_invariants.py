"""The judgement of a chaos run: each promise, broken by hand, is told."""

from dataclasses import replace

import pytest

from wakeel.rehearsal.chaos.evidence import Evidence, Sent, Stop, Tap
from wakeel.rehearsal.chaos.invariants import broken
from wakeel.rehearsal.chaos.plan import Kind, Story

ANNA = Story("chaos-1-0-0", Kind.APPROVED, "ليلى", "عرض", "966550000001", on_screen=False, words="إيقاف")
SENT = Sent(ANNA.wa_id, "السلام عليكم", "out_1", "", body_is_same=True, approved=True, withdrawn_first=False)
FINAL = {ANNA.key: {"opportunity": "contacted", "consent": [("marketing", "offers", "active")]}}
HONEST = Evidence(
    stories=[ANNA],
    sent=[SENT],
    astray=[],
    stops=[Stop(ANNA.wa_id, acknowledged_at=100.0, begun_at=(90.0, 104.9))],
    taps=[Tap("wamid.1", ("accepted",), read=True), Tap("wamid.2", ("unknown",), read=False)],
    seen_approved={ANNA.wa_id: ["إلى ليلى:\nالسلام عليكم\nاعتماد؟"]},
    unfinished=[],
    quarantined=0,
    gaps=0,
    fallen=[],
    believed=0,
    final=FINAL,
)


def test_what_kept_every_promise_is_not_blamed():
    assert broken(HONEST, FINAL) == []


@pytest.mark.parametrize(
    ("evidence", "promise"),
    [
        (replace(HONEST, unfinished=["chaos-1-0-0 waits for its arrival"]), "lost"),
        (replace(HONEST, quarantined=1), "lost"),
        (replace(HONEST, fallen=["worker"]), "lost"),
        (replace(HONEST, gaps=1), "unproven"),
        (replace(HONEST, believed=1), "believed"),
        (replace(HONEST, sent=[replace(SENT, outbox_id="")]), "unapproved"),
        (replace(HONEST, sent=[replace(SENT, body_is_same=False)]), "unapproved"),
        (replace(HONEST, sent=[replace(SENT, approved=False)]), "unapproved"),
        (replace(HONEST, seen_approved={ANNA.wa_id: ["نص آخر"]}), "unapproved"),
        (replace(HONEST, astray=["966550000999"]), "astray"),
        (replace(HONEST, sent=[SENT, SENT]), "doubled"),
        (replace(HONEST, sent=[SENT, replace(SENT, outbox_id="out_2")]), "doubled"),
        (replace(HONEST, sent=[replace(SENT, withdrawn_first=True)]), "opted out"),
        (replace(HONEST, stops=[Stop(ANNA.wa_id, acknowledged_at=100.0, begun_at=(105.1,))]), "too late"),
        (replace(HONEST, stops=[Stop(ANNA.wa_id, acknowledged_at=None, begun_at=())]), "lost"),
        (replace(HONEST, taps=[Tap("wamid.1", (), read=False)]), "unanswered"),
        (replace(HONEST, taps=[Tap("wamid.1", ("accepted", "accepted"), read=True)]), "unanswered"),
        (replace(HONEST, taps=[Tap("wamid.1", ("pending",), read=False)]), "unanswered"),
        (replace(HONEST, taps=[Tap("wamid.1", ("accepted",), read=False)]), "unanswered"),
        (replace(HONEST, sent=[]), "not as meant"),
        (replace(HONEST, stories=[replace(ANNA, kind=Kind.SKIPPED)]), "not as meant"),
        (replace(HONEST, stories=[replace(ANNA, kind=Kind.STOPPED_AFTER)]), "not as meant"),
        (replace(HONEST, final={ANNA.key: {"opportunity": "drafting"}}), "other end"),
    ],
)
def test_each_broken_promise_is_told_in_words(evidence: Evidence, promise: str):
    assert any(sentence.startswith(f"{promise}: ") for sentence in broken(evidence, FINAL))


def test_a_race_may_end_either_way_but_never_break_a_promise():
    race = replace(ANNA, kind=Kind.STOPPED_MEANWHILE)
    stopped = {"opportunity": "skipped", "consent": [("marketing", "offers", "opted_out")]}
    other = replace(HONEST, stories=[race], final={race.key: stopped})
    assert broken(other, FINAL) == []
    assert broken(replace(other, sent=[SENT, SENT]), FINAL) != []


def test_a_fixed_text_that_was_approved_once_needs_no_card():
    fixed = replace(SENT, intent="opt_out_confirmation", text="تم إيقاف الرسائل", outbox_id="out_3")
    assert broken(replace(HONEST, sent=[SENT, fixed]), FINAL) == []
