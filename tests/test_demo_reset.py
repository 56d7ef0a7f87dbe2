"""The product's side of a reset, without processes: what is kept, what comes back, what a crash in between leaves."""

from collections.abc import Collection
from pathlib import Path

import pytest

from wakeel import demo_reset
from wakeel.demo_reset import Reset, Seed
from wakeel.simulator import media as phones_media
from wakeel.store import media_files

PRODUCT = ("web", "worker", "welcome")


class Processes:
    """Stands in for the supervisor: writes down what it is asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, Collection[str]]] = []

    def rest(self, names: Collection[str]) -> None:
        self.asked.append(("rest", names))

    def wake(self, names: Collection[str]) -> None:
        self.asked.append(("wake", names))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Data of the first minute, kept as the seed, and then a day of use."""
    for name in ("wakeel.sqlite3", "run", "policy.toml", "phones.json"):
        (tmp_path / name).write_text("first")
    (tmp_path / "keys").mkdir(mode=0o700)
    (tmp_path / "keys" / "chain.1").write_text("first")
    Seed(tmp_path).keep()
    (tmp_path / "wakeel.sqlite3").write_text("later")
    (tmp_path / "wakeel.sqlite3-wal").write_text("later")
    (tmp_path / "policy.toml").write_text("later")
    (tmp_path / "anchors").mkdir()
    (tmp_path / media_files.FOLDER / "9f").mkdir(parents=True)
    (tmp_path / phones_media.FOLDER).mkdir()
    (tmp_path / "keys" / "chain.2").write_text("later")
    return tmp_path


def data(folder: Path) -> dict[str, str]:
    found = {path.name: path.read_text() for path in folder.iterdir() if path.is_file()}
    return found | {f"keys/{path.name}": path.read_text() for path in (folder / "keys").iterdir()}


FIRST = {"wakeel.sqlite3": "first", "run": "first", "keys/chain.1": "first"}
OURS = {"policy.toml": "later", "phones.json": "first"}  # the person's and the simulator's


def test_the_data_come_back_and_nothing_of_later_stays(folder: Path):
    Seed(folder).put_back()
    assert data(folder) == FIRST | OURS
    assert not (folder / "anchors").exists()
    assert not (folder / media_files.FOLDER).exists(), "what people sent is theirs, too"
    assert (folder / phones_media.FOLDER).is_dir(), "one folder for both would be cleared by the phones at their start"
    assert (folder / "keys").stat().st_mode & 0o777 == 0o700


def test_the_seed_is_the_first_one_for_good(folder: Path):
    Seed(folder).keep()
    Seed(folder).put_back()
    assert data(folder)["wakeel.sqlite3"] == "first"


def test_without_a_seed_nothing_is_left_so_that_preparing_begins_anew(tmp_path: Path):
    """A folder of an older version."""
    (tmp_path / "wakeel.sqlite3").write_text("later")
    (tmp_path / "run").touch()
    Seed(tmp_path).put_back()
    assert list(tmp_path.iterdir()) == []


def test_the_product_stops_goes_back_and_starts_as_the_words_say(folder: Path, monkeypatch: pytest.MonkeyPatch):
    prepared: list[str] = []
    monkeypatch.setattr(demo_reset, "prepare", lambda: prepared.append(data(folder)["wakeel.sqlite3"]) or 0)
    processes, reset = Processes(), Reset(Seed(folder), PRODUCT)
    assert reset.tend(processes) is None
    assert processes.asked == []
    reset.words.write_text("stop")
    reset.tend(processes)
    assert (reset.words.read_text(), processes.asked) == ("stopped", [("rest", PRODUCT)])
    reset.tend(processes)
    assert len(processes.asked) == 1, "the phones go back first"
    reset.words.write_text("start")
    assert reset.tend(processes) is None
    assert prepared == ["first"]
    assert processes.asked[1:] == [("wake", PRODUCT)]
    assert not reset.words.exists()


def test_phones_that_could_not_go_back_leave_the_product_as_it_was(folder: Path):
    processes, reset = Processes(), Reset(Seed(folder), PRODUCT)
    reset.words.write_text("go on")
    reset.tend(processes)
    assert processes.asked == [("wake", PRODUCT)]
    assert data(folder)["wakeel.sqlite3"] == "later"
    assert not reset.words.exists()


def test_what_cannot_be_prepared_again_ends_the_demo(folder: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(demo_reset, "prepare", lambda: 1)
    reset = Reset(Seed(folder), PRODUCT)
    reset.words.write_text("start")
    assert reset.tend(Processes()) == 1


@pytest.mark.parametrize(("word", "kept"), [("stop", "later"), ("stopped", "later"), ("start", "first")])
def test_a_reset_that_was_cut_short_is_finished_if_the_phones_had_gone_back(folder: Path, word: str, kept: str):
    reset = Reset(Seed(folder), PRODUCT)
    reset.words.write_text(word)
    reset.finish()
    assert data(folder)["wakeel.sqlite3"] == kept
    assert not reset.words.exists()
