"""Several updates in one webhook, and the schedule of the tries."""

import asyncio
import json

import pytest

from wakeel.simulator.backoff import COMPRESSED, REAL
from wakeel.simulator.batches import MOST_BYTES, joined, together
from wakeel.simulator.durations import DAY_S
from wakeel.simulator.gathering import Gathering

Json = dict[str, object]


def body(field: str = "messages", *, time: int | None = None, **value: object) -> str:
    entry: Json = {"id": "1"} | ({} if time is None else {"time": time})
    entry["changes"] = [{"value": value, "field": field}]
    return json.dumps({"object": "whatsapp_business_account", "entry": [entry]}, separators=(",", ":"))


def test_statuses_of_one_person_share_a_value_and_others_have_their_own():
    one, two = ({"statuses": [{"id": name}], "contacts": [{"wa_id": "9665"}]} for name in "ab")
    other = {"statuses": [{"id": "c"}], "contacts": [{"wa_id": "9666"}]}
    [entry] = joined([body(**one), body(**two), body(**other)])["entry"]
    values = [change["value"] for change in entry["changes"]]
    assert [[row["id"] for row in value["statuses"]] for value in values] == [["a", "b"], ["c"]]


def test_a_message_and_a_status_stay_apart():
    [entry] = joined([body(messages=[{"id": "a"}]), body(statuses=[{"id": "b"}])])["entry"]
    assert [list(change["value"]) for change in entry["changes"]] == [["messages"], ["statuses"]]


def test_news_of_the_account_of_different_times_are_different_entries():
    bodies = [body("account_update", time=at, event="X") for at in (1, 1, 2)]
    entries = joined(bodies)["entry"]
    assert [(entry["time"], len(entry["changes"])) for entry in entries] == [(1, 2), (2, 1)]


def test_a_post_holds_one_field_a_thousand_updates_and_three_megabytes():
    messages = [body(messages=[{"id": "a"}])] * 1_200
    assert together(messages) == 1_000
    assert together([*messages[:3], body("security", event="X")]) == 3
    large = body(messages=[{"text": "x" * (MOST_BYTES // 2)}])
    assert together([large] * 3) == 1
    assert together([body(messages=[{"text": "x" * MOST_BYTES}])]) == 1


def test_what_a_person_writes_cannot_pass_for_another_field():
    written = body(messages=[{"text": '"field":"security"'}])
    assert together([written, body(messages=[{"id": "a"}])]) == 2


def test_metas_back_off_lasts_almost_seven_days_and_ours_two_minutes():
    assert 6.5 * DAY_S < sum(REAL.waits_s) <= 7 * DAY_S
    assert list(REAL.waits_s) == sorted(REAL.waits_s)
    assert 60 < sum(COMPRESSED.waits_s) < 180


@pytest.mark.parametrize(("added", "waits"), [(3, False), (2, True)])
def test_a_gathering_ends_with_the_last_one_or_with_its_time(added: int, *, waits: bool):
    released: list[list[int]] = []

    async def gather() -> bool:
        gathering = Gathering[int](count=3, within_s=0.02, release=released.append)
        for one in range(added):
            gathering.add(one)
        early = gathering.is_over
        await asyncio.sleep(0.05)
        assert gathering.is_over
        return early

    assert asyncio.run(gather()) is not waits
    assert released == [list(range(added))]
