"""What a chaos run says, and what it refuses to run."""

from pathlib import Path

import pytest

from wakeel.cli import main
from wakeel.domain.words import Language
from wakeel.rehearsal.chaos import command, report
from wakeel.rehearsal.chaos.kills import Hit
from wakeel.rehearsal.chaos.plan import make
from wakeel.rehearsal.chaos.series import Verdict
from wakeel.rehearsal.household import NotInTime

HELD = Verdict(make(7, stories=3, kills=2), (), {("worker", Hit.ANSWERED): 2}, {"drop_webhooks": 4}, 5, 9.6)
BROKE = Verdict(
    make(8, stories=3, kills=1), ("doubled: out_1 arrived 2 times",), {("web", Hit.DECISION): 1}, {}, 2, 3.0
)


def test_the_report_counts_kills_by_where_they_hit_and_names_what_was_broken():
    assert report.of_one(BROKE, language=Language.EN)[1:] == ["    doubled: out_1 arrived 2 times"]
    told = report.of_all([HELD, BROKE], language=Language.EN)
    assert told[0].startswith("1 of 2 held")
    assert "    worker: after the answer  2" in told
    assert "    web: in a web decision  1" in told
    assert "    drop_webhooks  4" in told


def test_the_report_speaks_arabic_too():
    assert "صحّت كل الوعود" in report.of_one(HELD, language=Language.AR)[0]
    assert "    worker: بعد الرد وقبل تسجيله  2" in report.of_all([HELD], language=Language.AR)
    assert set(report.HITS) == set(Hit)


def test_chaos_takes_no_scenario_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["rehearse", "--chaos", "1", str(tmp_path / "a.yaml")]) == 2
    assert "--chaos" in capsys.readouterr().err


def test_chaos_on_anything_but_sqlite_or_postgresql_is_refused(capsys: pytest.CaptureFixture[str]):
    assert main(["rehearse", "--chaos", "1", "--database", "mysql://here"]) == 2
    assert "--database" in capsys.readouterr().err


def test_a_household_that_does_not_come_to_stand_is_refused_not_judged(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    def refuse(*_: object, **__: object) -> int:
        raise NotInTime("the phone was not enrolled")

    monkeypatch.setattr(command, "chaos", refuse)
    assert main(["rehearse", "--chaos", "1"]) == 2
    assert "not enrolled" in capsys.readouterr().err
