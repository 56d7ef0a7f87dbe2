"""A recording as a file: who did what, what followed, and what may differ the next time."""

from typing import Any

import pytest
import yaml

from wakeel.simulator.recording import Act, Arrival, Figure, Recording, as_yaml, pattern

OPERATOR, LAILA = "966500000001", "966501110001"


def row(wamid: str, text: str, *titles: str) -> dict[str, Any]:
    buttons = [{"id": f"id:{title}", "title": title} for title in titles]
    return {"wamid": wamid, "direction": "received", "type": "text", "text": text, "buttons": buttons, "list": None}


def recording(*done: Act | Arrival, **more: Any) -> Recording:
    made = Recording(start="home", **{"went_on": False, **more})
    made.meet(Figure(OPERATOR, "سعود", "operator"))
    made.meet(Figure(LAILA, "ليلى ${x}", "contact", hide_phone=True, username="laila"))
    made.done += done
    return made


def act(path: str, wish: dict[str, Any], *, began: float = 100.0, **answer: Any) -> Act:
    return Act(path, wish, answer, began)


def steps_of(made: Recording) -> list[dict[str, Any]]:
    found = yaml.load(as_yaml(made), Loader=yaml.BaseLoader)["steps"]
    assert isinstance(found, list)
    return found


def test_a_tapped_message_is_named_where_it_arrived_and_the_tap_says_its_button():
    made = recording(
        Arrival(OPERATOR, 90.0, row("w1", "عرض", "قبول", "تخطي")),
        act(f"/api/phones/{OPERATOR}/tap", {"wamid": "w1", "id": "id:تخطي"}, wamid="w2"),
        act(f"/api/phones/{OPERATOR}/tap", {"wamid": "w1", "id": "old", "title": "زر", "context": False}, wamid="w3"),
    )
    assert steps_of(made) == [
        {"receives": {"who": "operator", "type": "text", "like": "عرض", "buttons": ["قبول", "تخطي"], "as": "m1"}},
        {"tap": {"who": "operator", "on": "m1", "button": "تخطي"}},
        {"tap": {"who": "operator", "on": "m1", "button": "old", "title": "زر", "context": "false"}},
    ]


def test_a_message_that_lay_there_before_is_looked_for_first_and_the_file_says_so():
    made = recording(
        act(f"/api/phones/{LAILA}/text", {"text": "نعم", "context_wamid": "w0"}, wamid="w1"),
        went_on=True, earlier={"w0": (LAILA, row("w0", "سؤال")), "w9": (LAILA, row("w9", "آخر"))},
    )  # fmt: skip
    assert "had begun before" in as_yaml(made)
    key = f"p{LAILA}"
    assert steps_of(made) == [
        {"receives": {"who": key, "type": "text", "like": "سؤال", "as": "m1"}},
        {"say": {"who": key, "text": "نعم", "quoting": "m1"}},
    ]


def test_people_are_those_the_recording_is_about_and_nothing_of_theirs_is_filled_in():
    made = recording(act(f"/api/phones/{LAILA}/text", {"text": "${laila}"}, wamid="w1"))
    found = yaml.safe_load(as_yaml(made))
    assert found["people"] == {
        f"p{LAILA}": {"name": "ليلى $${x}", "wa_id": LAILA, "hide_phone": True, "username": "laila"}
    }
    assert found["steps"] == [{"say": {"who": f"p{LAILA}", "text": "$${laila}"}}]


@pytest.mark.parametrize(
    ("path", "wish", "step"),
    [
        ("/api/clock", {"advance_s": 3600}, {"clock": "3600s"}),
        ("/api/faults", {"hold_statuses": True}, {"fault": {"hold_statuses": "true"}}),
        ("/api/rules", {"window": False}, {"rule": {"window": "false"}}),
        ("/api/templates", {"name": "x", "event": "PAUSED"}, {"template": {"name": "x", "event": "PAUSED"}}),
        ("/api/raw", {"body": "{}", "sign": "wrong"}, {"webhook": {"body": "{}", "sign": "wrong", "status": "401"}}),
        ("/api/limits", {"limit": "TIER_1K"}, {"bench": {"path": "/api/limits", "body": {"limit": "TIER_1K"}}}),
        (f"/api/phones/{LAILA}/read", {}, {"read": {"who": f"p{LAILA}"}}),
        (
            f"/api/phones/{LAILA}/text", {"text": "أ", "timestamp": 40},
            {"say": {"who": f"p{LAILA}", "text": "أ", "ago": "60s"}},
        ),
        (
            f"/api/phones/{LAILA}/identity", {},
            {"bench": {"path": f"/api/phones/${{p{LAILA}.wa_id}}/identity", "body": {}}},
        ),
    ],
)  # fmt: skip
def test_each_act_of_the_bench_is_a_step(path: str, wish: dict[str, Any], step: dict[str, Any]):
    assert steps_of(recording(act(path, wish, status=401))) == [step]


def test_a_name_in_a_text_is_whoever_has_it_the_next_time():
    made = recording(Arrival(OPERATOR, 1.0, row("w1", "كتب ليلى ${x}: نعم، يا سعود")))
    [step] = steps_of(made)
    assert step["receives"]["like"] == f"كتب ${{p{LAILA}.name}}: نعم، يا ${{operator.name}}"
    assert list(yaml.safe_load(as_yaml(made))["people"]) == [f"p{LAILA}"]


def test_a_message_that_took_long_is_waited_for_twice_as_long_but_not_over_a_turn_of_the_clock():
    slow = Arrival(LAILA, 131.0, row("w1", "أخيرًا"))
    said = act(f"/api/phones/{LAILA}/text", {"text": "أ"}, wamid="w0")
    assert steps_of(recording(said, slow))[1]["receives"]["within"] == "62s"
    turned = act("/api/clock", {"advance_s": 3600})
    assert "within" not in steps_of(recording(said, turned, slow))[2]["receives"]


@pytest.mark.parametrize(
    ("text", "like"),
    [
        ("سطر\nالسعر 1200 ريال\nنهاية", "سطر\nالسعر *\nنهاية"),
        ("الرابط: http://localhost:1/x ثم", "الرابط: *"),
        ("١٢ ريالًا", "*"),
        ("بلا أرقام ${x}", "بلا أرقام $${x}"),
    ],
)
def test_dates_codes_and_links_may_differ_the_next_time(text: str, like: str):
    assert pattern(text) == like
