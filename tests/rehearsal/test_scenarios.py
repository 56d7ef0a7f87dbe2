"""The scenarios that ship, each green; a recorded session, run again; what a person reads when one fails."""

import http.client
import io
import itertools
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from wakeel import cli
from wakeel.rehearsal.databases import Blank
from wakeel.rehearsal.report import Report
from wakeel.rehearsal.run import Homes, Outcome, Runner
from wakeel.rehearsal.scenario import Scenario, load, shipped

pytestmark = [pytest.mark.processes, pytest.mark.timeout(150)]

EXAMPLES = Path(__file__).parents[2] / "examples"
PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "rehearse.md"


class Playhouse:
    """Runs scenarios of this file in households that they share."""

    def __init__(self, room: Homes) -> None:
        self.room = room
        self._numbers = {"serials": itertools.count(1), "runs": itertools.count(1)}

    def run(self, scenario: Scenario, *, language: str = "en") -> tuple[Outcome, str]:
        """The outcome and what was told of it."""
        told = io.StringIO()
        report = Report(language, told, live=False, total=1)
        runner = Runner(report, self.room, serials=self._numbers["serials"], runs=self._numbers["runs"])
        [outcome] = runner.run([scenario])
        report.close([outcome], kept=False)
        return outcome, told.getvalue()


@pytest.fixture(scope="module")
def playhouse(tmp_path_factory: pytest.TempPathFactory, empty: Blank) -> Iterator[Playhouse]:
    room = Homes(tmp_path_factory.mktemp("homes"), empty, EXAMPLES)
    try:
        yield Playhouse(room)
    finally:
        room.close()


def written(folder: Path, text: str) -> Scenario:
    file = folder / "mine.yaml"
    file.write_text(text, encoding="utf-8")
    [scenario] = load([file])
    return scenario


WALKED = {"demo", "tutorial", "promise-3-killed", "promise-4-send-again", "webhooks-disturbed", "own-template"}


def played_always(path: Path) -> object:
    """A row of the failure table is one line of data in a table with tests of its own; the demo and the tutorial are
    walked elsewhere, as is what is in WALKED."""
    seldom = path.stem.startswith("row-") or path.stem in WALKED
    is_soak = os.environ.get("HYPOTHESIS_PROFILE") == "soak"
    mark = pytest.mark.skipif(seldom and not is_soak, reason=f"{path.stem}: played by make soak and wakeel rehearse")
    return pytest.param(path, marks=mark, id=path.stem)


@pytest.mark.parametrize("path", map(played_always, shipped()))
def test_a_shipped_scenario_is_green(playhouse: Playhouse, path: Path):
    [scenario] = load([path])
    outcome, told = playhouse.run(scenario)
    assert outcome.failure is None, told


def test_the_example_of_the_page_is_green(playhouse: Playhouse, tmp_path: Path):
    [example] = re.findall(r"```yaml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    outcome, told = playhouse.run(written(tmp_path, example))
    assert outcome.failure is None, told


RECORDED = "966505599001"


def test_a_recorded_session_runs_green_again(playhouse: Playhouse, tmp_path: Path):
    first = written(tmp_path, "title: {ar: أ, en: a}\nsteps: [quiet: ]")
    with playhouse.room.lent(first) as home:
        bench = home.bench
        home.add_phone(RECORDED, name="سميرة")
        bench("POST", "/api/scenario", {})
        bench.say(RECORDED, "شكرًا ${ليس اسمًا}")
        bench.say(RECORDED, "إيقاف")
        home.until(lambda: bench.received(RECORDED), what="no confirmation came")
        bench("POST", "/api/clock", {"advance_s": 180})
        bench.say(RECORDED, "ابدأ")
        asked = home.until(lambda: [row for row in bench.received(RECORDED) if row["buttons"]], what="no question")[-1]
        bench.tap(RECORDED, asked["wamid"], asked["buttons"][0]["id"])
        home.until_quiet()
        bench("POST", f"/api/phones/{RECORDED}/send", {"type": "location", "name": "مقهى"})
        home.until_quiet()
        connection = http.client.HTTPConnection("127.0.0.1", home.places.simulator_port)
        connection.request("GET", "/api/scenario")
        recorded = connection.getresponse().read().decode()
    words = [line.removeprefix("- ").partition(":")[0] for line in recorded.splitlines() if line.startswith("- ")]
    assert [word for word in words if word != "receives"] == ["say", "say", "clock", "say", "tap", "send"]
    assert words.index("receives") < words.index("clock") < words.index("tap") < len(words) - 1
    again = written(tmp_path, recorded.replace(RECORDED, "966505599002"))
    outcome, told = playhouse.run(again)
    assert outcome.failure is None, told


ANYBODYS = """
title: {ar: منتج قائم, en: A product that stands already}
people: {rima: {name: ريم}}
steps:
  - say: {who: rima, text: إيقاف}
  - receives: {who: rima, contains: تم إيقاف}
  - quiet:
  - accepted: {to: rima, count: 1}
"""


def test_a_file_without_pages_and_rows_plays_the_phones_of_a_simulator_that_runs_already(
    playhouse: Playhouse, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    scenario = written(tmp_path, ANYBODYS)
    with playhouse.room.lent(scenario) as home:
        code = cli.main(["rehearse", str(scenario.path), "--against", home.places.simulator_url])
    assert code == 0, capsys.readouterr().out


SILENT = """
title: {ar: رد لا يأتي, en: An answer that never comes}
people: {laila: {name: ليلى}}
steps:
  - say: {who: laila, text: السلام عليكم}
  - receives: {who: laila, contains: أهلًا بك, within: 0.2}
"""


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("step 2 of 2", "expected: a message to laila: «أهلًا بك»", "nothing", "to the product: ", "1 of 1")),
        ("ar", ("الخطوة 2 من 2", "المتوقع: رسالة إلى laila: «أهلًا بك»", "لا شيء", "إلى المنتج: ", "1 من 1")),
    ],
)
def test_a_failed_step_shows_where_what_was_expected_what_was_there_and_the_wire(
    playhouse: Playhouse, tmp_path: Path, language: str, words: tuple[str, ...]
):
    outcome, told = playhouse.run(written(tmp_path, SILENT), language=language)
    assert outcome.failure is not None
    assert outcome.failure.line == 6
    assert "mine.yaml:6" in told
    assert [word for word in words if word not in told] == []
    assert "text «السلام عليكم»" in told, "the wire says what was written"
