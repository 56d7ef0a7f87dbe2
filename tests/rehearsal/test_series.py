"""A round of chaos that cannot go on, and messages to people who have no part in it."""

import contextlib
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.rehearsal.test_invariants import HONEST
from wakeel.rehearsal.chaos import series
from wakeel.rehearsal.chaos.evidence import gather
from wakeel.rehearsal.chaos.notes import Notes
from wakeel.rehearsal.chaos.plan import make
from wakeel.rehearsal.chaos.run import Ended
from wakeel.rehearsal.chaos.series import Side, judged
from wakeel.rehearsal.clerk_line import ClerkGone
from wakeel.rehearsal.crew import DidNotStart
from wakeel.rehearsal.databases import Blank
from wakeel.rehearsal.household import NotInTime

PLAN = make(7, stories=1, kills=0)
SENDS = [{"to": "966550000001"}] * 3


def side() -> Side:
    home: Any = SimpleNamespace(bench=lambda *_: SENDS)
    return Side(home, judged=1)


@pytest.mark.parametrize(
    "wrong", [DidNotStart("worker did not start\nlog"), NotInTime("no card\nlog"), ClerkGone("bye")]
)
def test_a_process_that_does_not_come_back_breaks_the_round_in_one_sentence(
    wrong: Exception, monkeypatch: pytest.MonkeyPatch
):
    def fall(*_: object, **__: object) -> Ended:
        raise wrong

    monkeypatch.setattr(series, "disturbed", fall)
    monkeypatch.setattr(series, "undisturbed", lambda *_, **__: Ended(HONEST, accepted=2))
    wild, calm = side(), side()
    verdict = judged(PLAN, calm=calm, wild=wild)
    assert verdict.broken == (f"broken off: {str(wrong).splitlines()[0]}",)
    assert (wild.judged, calm.judged) == (len(SENDS), 2)


def test_what_goes_wrong_in_peace_is_told_as_well(monkeypatch: pytest.MonkeyPatch):
    def fall(*_: object, **__: object) -> Ended:
        raise ConnectionRefusedError("nobody listens")

    monkeypatch.setattr(series, "disturbed", lambda *_, **__: Ended(HONEST))
    monkeypatch.setattr(series, "undisturbed", fall)
    assert judged(PLAN, calm=side(), wild=side()).broken == ("in peace: broken off: nobody listens",)


def test_the_series_ends_with_what_it_has_when_a_household_does_not_stand(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    stands = iter([True, True, False])
    home = SimpleNamespace(stands=lambda: next(stands), bench=lambda *_: SENDS)

    def fall(*_: object, **__: object) -> Ended:
        raise DidNotStart("web did not start")

    monkeypatch.setattr(series, "household", lambda *_, **__: contextlib.nullcontext(home))
    monkeypatch.setattr(series, "disturbed", fall)
    monkeypatch.setattr(series, "undisturbed", lambda *_, **__: Ended(HONEST))
    verdicts = list(series.series([PLAN] * 5, tmp_path, empty=Blank()))
    assert [verdict.broken[1:] for verdict in verdicts] == [(), (series.FELL,)]


def test_a_message_to_a_stranger_or_to_somebody_of_an_earlier_round_is_evidence():
    ours, earlier = PLAN.stories[0].wa_id, make(6, stories=1, kills=0).stories[0].wa_id
    sent = [{"to": to, "callback": "", "payload": {}} for to in (ours, earlier, "966500000001", "15550001111")]
    people: Any = SimpleNamespace(
        eyes=SimpleNamespace(sent=sent, read=set()), notes=Notes(), waiting_for=list,
        wire=SimpleNamespace(rows={}, gaps=0),
    )  # fmt: skip
    home: Any = SimpleNamespace(
        operator="966500000001", rows=lambda sql, *_: [(0,)] if "quarantined" in sql else [],
        crew=SimpleNamespace(fallen=list),
    )  # fmt: skip
    evidence = gather(home, people, PLAN.stories, left_over=["1 webhooks not decoded"], final={})
    assert evidence.astray == [earlier, "15550001111"]
    assert evidence.unfinished == ["1 webhooks not decoded when the run ended"]
