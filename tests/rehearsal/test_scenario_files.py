"""Scenario files as they are read: every fault with its line and what may stand there; values; the command."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from wakeel import cli
from wakeel.rehearsal.kinds import duration, hour
from wakeel.rehearsal.scenario import Scenario, load, shipped
from wakeel.rehearsal.steps import STEPS
from wakeel.rehearsal.steps_bench import Fault, Status
from wakeel.rehearsal.yaml_reader import ScenarioFaults, fields_of
from wakeel.simulator.fault_kinds import send_faults
from wakeel.whatsapp.error_table import FailureClass

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "rehearse.md"
PROMISES = range(1, 7)
# Every row of the failure table (operator-ui.md section 8) that WhatsApp brings about: what must happen in its files.
# 200 stands for 200–299, which the error table keeps as one.
ROWS: dict[str, set[int | str]] = {
    "131047": {131047},
    "131056": {131056},
    "130429, 4, 80007, HTTP 429": {130429, 4, 80007},
    "131048": {131048},
    "131049": {131049},
    "131050": {131050},
    "131026": {131026},
    "132000, 132012": {132000, 132012},
    "132001": {132001},
    "132005, 132007": {132005, 132007},
    "132015, 132016": {132015, 132016},
    "131052, 131053": {131052, 131053},
    "131000, 131016, 1, 2 in a 4xx answer": {131000, 131016, 1, 2},
    "no answer after sending": {"answer_lost", "never_reached"},
    "any HTTP 5xx": {"http_500", "http_503"},
    "100, 131008, 131009, 131051": {100, 131008, 131009, 131051},
    "190, 0, 10, 200–299, 131005": {190, 0, 10, 200, 131005},
    "131042": {131042},
    "131031, 368, 133010": {131031, 368, 133010},
    "131030": {131030},
}
OUR_ROWS = {"no consent", "quiet hours", "stop switch", "practice mode", "asked to stop"}
HEAD = "title: {ar: أ, en: a}\npeople: {laila: {name: ليلى}}\n"


def played(scenario: Scenario) -> Iterator[int | str]:
    """What WhatsApp does to messages in a file: codes of refusals and failed statuses, and kinds of other faults."""
    for placed in scenario.steps:
        if isinstance(placed.step, Fault):
            for fault in send_faults(placed.step.wish.get("next_sends", [])):
                yield fault.code if fault.kind in {"refuse", "fail"} else fault.kind.value
        elif isinstance(placed.step, Status) and placed.step.code is not None:
            yield placed.step.code


def faults_of(folder: Path, text: str) -> list[str]:
    """The faults of a file, without its name; line 1 is the first."""
    file = folder / "bad.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ScenarioFaults) as told:
        load([file])
    return [str(fault).removeprefix(f"{file}:") for fault in told.value.faults]


def test_every_fault_is_told_at_once_with_its_line_its_field_and_what_is_allowed(tmp_path: Path):
    told = faults_of(
        tmp_path,
        """title: {ar: أ}
colour: red
people:
  laila: {name: ليلى, wrote: perhaps}
deals:
  offer: {about: lila, title: عرض}
steps:
  - sya: {who: laila}
  - say: {who: lila, text: "إلى ${laila.nmae}"}
  - say: {who: laila, txt: أهلاً}
  - tap: {who: laila, on: card, button: نعم}
  - clock: soon
  - receives: {who: laila, says: aproved, within: -1}
  - {say: {who: laila, text: أ}, quiet: }
  - kill: postgres
""",
    )
    lines = [fault.partition(":")[0] for fault in told]
    assert lines == ["1", "2", "4", "6", "8", "9", "9", "10", "10", "11", "12", "13", "13", "14", "15"]
    for line, words in {
        "1": "title.en: is missing",
        "2": "colour: unknown field; allowed: title, proves, start",
        "4": "people.laila.wrote: must be true or false, not 'perhaps'",
        "6": "deals.offer.about: no person is called 'lila'; allowed: laila, operator",
        "8": "unknown step; allowed: accepted, account,",
        "11": "tap.on: no message named before is called 'card'; allowed: none yet",
        "12": "clock: must be seconds, or such as 30s, 10m, 25h",
        "14": "must be exactly one step; found say, quiet",
        "15": "kill: 'postgres' is unknown; allowed: web, worker, ingest, simulator",
    }.items():
        assert any(fault.startswith(f"{line}:") and words in fault for fault in told), (words, told)
    assert any("${laila.nmae} is unknown; allowed: laila.id, laila.name" in fault for fault in told)
    assert any("say.txt: unknown field; allowed: who, text, quoting, ago, as" in fault for fault in told)
    assert any("receives.says: 'aproved' is unknown; allowed: skipped, " in fault for fault in told)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "is not YAML: there is nothing in it"),
        ("- a\n- b", "must be a mapping; fields: title"),
        (f"{HEAD}steps: []", "steps: must be a list of steps"),
        (HEAD, "steps: is missing"),
        (f"{HEAD}steps: [quiet: , quiet: , {{}}]", "must be exactly one step; found none"),
        ("title: [a\nsteps", "is not YAML: "),
        (f"{HEAD}people: {{}}\nsteps: [quiet: ]", "people: stands here twice"),
        ("title: &t {ar: أ, en: a}\nsteps: [say: *t]", "anchors (&) and aliases (*) are not read"),
        (f"{HEAD}steps: [say: {{who: laila, text: أ, as: ليلى}}]", "say.as: a name is a Latin letter"),
        (f"{HEAD}steps: [receives: {{who: laila, keep: {{x: '(a'}}}}]", "is no regular expression"),
        (f"{HEAD}steps: [receives: {{who: laila, keep: {{x: 'a'}}}}]", "must have exactly one group"),
        (f"{HEAD}steps: [tap: {{who: laila, on: me, button: ن, as: me}}]", "no message named before is called 'me'"),
    ],
)
def test_a_file_that_cannot_be_meant_is_refused(tmp_path: Path, text: str, fault: str):
    assert any(fault in told for told in faults_of(tmp_path, text))


def test_what_an_earlier_step_kept_or_named_may_be_used_by_a_later_one(tmp_path: Path):
    file = tmp_path / "good.yaml"
    steps = "steps:\n  - receives: {who: laila, as: one, keep: {link: '(http.*)'}}\n"
    steps += "  - say: {who: laila, text: 'شكرًا $${x} ${link} ${laila.name} ${now}', quoting: one}\n"
    file.write_text(HEAD + steps, encoding="utf-8")
    [scenario] = load([file])
    assert [(placed.word, placed.line) for placed in scenario.steps] == [("receives", 4), ("say", 5)]


def test_durations_and_hours_are_read_as_people_write_them():
    assert [duration(text).total_seconds() for text in ("90", "1.5", "25h", "1h30m", "6d")] == [  # type: ignore[union-attr]
        90, 1.5, 90_000, 5_400, 518_400,
    ]  # fmt: skip
    assert [duration(text) for text in ("", "-1", "h", "5 m", "1h 2m", "tomorrow")] == [None] * 6
    assert hour("sun 22:30") == hour("sun 22:30") != hour("22:30")
    assert [hour(text) for text in ("24:00", "12:60", "noon", "xyz 10:00")] == [None] * 4


def test_the_page_explains_every_step_and_every_field_of_it():
    page = PAGE.read_text(encoding="utf-8")
    missing = [word for word in STEPS if f"`{word}`" not in page]
    for word, kind in STEPS.items():
        if not getattr(kind, "WHOLE", False):
            row = next((line for line in page.splitlines() if line.startswith(f"| `{word}`")), "")
            missing += [f"{word}.{field}" for field in fields_of(kind)[0] if field not in row]
    assert missing == []


def test_every_promise_and_every_class_of_failure_has_a_scenario():
    proven = [proof for scenario in load(shipped()) for proof in scenario.head.proves]
    assert [number for number in PROMISES if not any(f"promise {number}" in proof for proof in proven)] == []
    classes = " ".join(proof for proof in proven if proof.startswith("class: "))
    handled = [kind for kind in FailureClass if kind is not FailureClass.REENGAGE]
    assert [kind for kind in handled if kind.value not in classes] == []


def test_the_files_of_a_failure_row_play_every_code_of_it():
    happens: dict[str, set[int | str]] = {}
    for scenario in load(shipped()):
        for proof in scenario.head.proves:
            kind, _, row = proof.partition(": ")
            if kind == "row":
                happens.setdefault(row, set()).update(played(scenario))
    assert happens.keys() == ROWS.keys() | OUR_ROWS
    assert {row: asked - happens[row] for row, asked in ROWS.items() if asked - happens[row]} == {}


def test_the_command_lists_what_there_is_in_both_languages(capsys: pytest.CaptureFixture[str]):
    assert cli.main(["rehearse", "--list"]) == 0
    english = capsys.readouterr().out
    assert cli.main(["rehearse", "--list", "--lang", "ar"]) == 0
    arabic = capsys.readouterr().out
    names = [path.stem for path in shipped()]
    assert [name for name in names if f"{name}: " not in english or f"{name}: " not in arabic] == []
    assert "promise 4: nothing twice" in english
    assert "لا يضيع شيء" in arabic


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["no-such-file.yaml"], "no-such-file.yaml: cannot be read"),
        (["--against", "https://graph.facebook.com"], "--against: http://127.0.0.1:PORT of a simulator"),
        (["--against", "http://127.0.0.1:9"], "needs a Wakeel of its own; run it without --against"),
        (["--database", "mysql://x"], "--database: sqlite, or postgresql://"),
    ],
)
def test_what_cannot_be_run_is_said_and_the_exit_code_is_2(
    capsys: pytest.CaptureFixture[str], arguments: list[str], why: str
):
    assert cli.main(["rehearse", *arguments]) == 2
    assert why in capsys.readouterr().err
