"""One house for all walks; each test begins with an empty phone."""

from collections.abc import Iterator

import pytest

from tests.house import House, open_house


@pytest.fixture(scope="package")
def running_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with open_house(tmp_path_factory.mktemp("house")) as house:
        yield house
        assert [house.stop(name) for name in ("worker", "web")] == [0, 0]


@pytest.fixture
def house(running_house: House) -> House:
    running_house.clear()
    return running_house
