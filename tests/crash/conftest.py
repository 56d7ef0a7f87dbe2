"""One house for the crash tests; every test begins with plain processes and an empty phone."""

from collections.abc import Iterator

import pytest

from tests.house import House, open_house


@pytest.fixture(scope="package")
def running_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with open_house(tmp_path_factory.mktemp("crash"), WAKEEL_UNDO_SECONDS="1") as house:
        yield house
        assert [house.stop(name) for name in ("worker", "web")] == [0, 0]


@pytest.fixture
def house(running_house: House) -> Iterator[House]:
    if "web" not in running_house.processes:
        running_house.start_web()
    if "worker" not in running_house.processes:
        running_house.start_worker()
    running_house.clear()
    yield running_house
    for name in set(running_house.processes) - {"web", "worker", "simulator", "clerk"}:
        running_house.kill(name)
