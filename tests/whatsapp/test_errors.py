"""Every code of the reference, one row each: its class, what the machine does, what it stops, and a person's steps."""

import re
from datetime import timedelta

import pytest

from wakeel.domain.steps import Step
from wakeel.whatsapp import errors
from wakeel.whatsapp.errors import (
    FailureClass,
    Stop,
    classify,
    machine_wait,
    reason,
    refused_here,
    retry_after,
    steps,
    stop_of,
    template_state,
)

ARABIC, LATIN = re.compile(r"[\u0600-\u06ff]"), re.compile(r"[A-Za-z]{3}")

LOOK = "retry edit_text give_up"
AGAIN = "retry give_up"
ADMIN = "check_settings retry give_up"
RESUME = "resume_number retry give_up"
TEXT = "edit_text give_up"
TEMPLATE = "use_template edit_text give_up"
FILL, CHANGE, OTHER = (f"{step} edit_text give_up" for step in ("fill_values", "change_values", "other_template"))
TOKEN, OURS, FILE = "renew_access retry give_up", "copy_details edit_text give_up", "retry edit_text give_up"
GROWING, PAIR, FEW, MINUTES = (2, 8, 30, 120, 600), (1, 4, 16, 64, 256), (2, 8, 30), (60, 300, 900, 1800, 3600)

TABLE = [
    # code, class, seconds before each further try by the machine, what it stops, steps
    (0, "configuration", (), "number", TOKEN),
    (1, "retry", FEW, "nothing", AGAIN),
    (2, "retry", GROWING, "nothing", AGAIN),
    (3, "configuration", (), "number", TOKEN),
    (4, "retry", MINUTES, "nothing", AGAIN),
    (10, "configuration", (), "number", TOKEN),
    (33, "configuration", (), "number", RESUME),
    (100, "message", (), "nothing", OURS),
    (104, "configuration", (), "number", TOKEN),
    (190, "configuration", (), "number", TOKEN),
    (200, "configuration", (), "number", TOKEN),
    (299, "configuration", (), "number", TOKEN),
    (368, "account", (), "number", RESUME),
    (613, "foreign", (), "nothing", AGAIN),
    (138000, "foreign", (), "nothing", AGAIN),
    (138023, "foreign", (), "nothing", AGAIN),
    (80007, "retry", MINUTES, "nothing", AGAIN),
    (130403, "person", (), "nothing", "give_up"),
    (130429, "retry", GROWING, "nothing", AGAIN),
    (130472, "person", (), "nothing", "wait_until_they_write give_up"),
    (130497, "person", (), "nothing", "fix_number give_up"),
    (131000, "retry", FEW, "nothing", AGAIN),
    (131005, "configuration", (), "number", TOKEN),
    (131008, "message", (), "nothing", OURS),
    (131009, "message", (), "nothing", OURS),
    (131016, "retry", GROWING, "nothing", AGAIN),
    (131020, "foreign", (), "nothing", AGAIN),
    (131021, "message", (), "nothing", "fix_number give_up"),
    (131026, "person", (), "nothing", "fix_number reachable_again ask_to_write_first give_up"),
    (131030, "configuration", (), "nothing", "add_number retry give_up"),
    (131031, "account", (), "number", RESUME),
    (131037, "configuration", (), "number", RESUME),
    (131041, "foreign", (), "nothing", AGAIN),
    (131042, "account", (), "contacts", RESUME),
    (131044, "account", (), "contacts", RESUME),
    (131045, "configuration", (), "number", RESUME),
    (131047, "reengage", (), "nothing", "use_template wait_until_they_write give_up"),
    (131048, "account", (), "contacts", f"review_quality {RESUME}"),
    (131049, "later", (), "nothing", "wait_until_they_write retry give_up"),
    (131050, "person", (), "nothing", "none_ever give_up"),
    (131051, "message", (), "nothing", OURS),
    (131052, "message", (30,), "nothing", FILE),
    (131053, "message", (30,), "nothing", FILE),
    (131055, "message", (), "nothing", TEMPLATE),
    (131056, "retry", PAIR, "nothing", AGAIN),
    (131057, "retry", MINUTES, "nothing", AGAIN),
    (131059, "foreign", (), "nothing", AGAIN),
    (131060, "foreign", (), "nothing", AGAIN),
    (131062, "message", (), "nothing", "fix_number edit_text give_up"),
    (131063, "configuration", (), "nothing", ADMIN),
    (131064, "account", (), "contacts", RESUME),
    (131200, "foreign", (), "nothing", AGAIN),
    (132000, "message", (), "nothing", FILL),
    (132001, "message", (), "nothing", OTHER),
    (132005, "message", (), "nothing", CHANGE),
    (132007, "message", (), "nothing", CHANGE),
    (132008, "message", (), "nothing", CHANGE),
    (132012, "message", (), "nothing", FILL),
    (132015, "message", (), "nothing", OTHER),
    (132016, "message", (), "nothing", OTHER),
    (132018, "message", (), "nothing", TEMPLATE),
    (132068, "message", (), "nothing", TEXT),
    (132069, "later", (3600,), "nothing", AGAIN),
    *((code, "configuration", (), "number", RESUME) for code in (133000, 133004, 133005, 133006, 133008, 133009)),
    (133010, "account", (), "number", RESUME),
    *((code, "configuration", (), "number", RESUME) for code in (133015, 133016)),
    (134011, "configuration", (), "contacts", RESUME),
    (134100, "message", (), "nothing", TEMPLATE),
    (134101, "later", (600,), "nothing", AGAIN),
    (134102, "configuration", (), "nothing", ADMIN),
    (135000, "message", (), "nothing", "retry edit_text give_up"),
    (137000, "person", (), "nothing", "confirm_identity give_up"),
    (139000, "foreign", (), "nothing", AGAIN),
    (139100, "foreign", (), "nothing", AGAIN),
    (139200, "account", (), "nothing", RESUME),
    (147001, "foreign", (), "nothing", AGAIN),
    *((code, "foreign", (), "nothing", AGAIN) for code in (1752041, 200005, 200007, 2388293, 2494164, 2593107)),
    # what nobody knows: the reference found no code of the 141000s
    *((code, "unknown", (), "nothing", LOOK) for code in (141000, 999, -1, 2**40)),
    (None, "unknown", (), "nothing", LOOK),
]


@pytest.mark.parametrize(("code", "failure_class", "waits_s", "stops", "possible"), TABLE, ids=str)
def test_a_code_has_its_class_its_automatic_tries_its_stop_its_words_and_its_steps(
    code: int | None, failure_class: str, waits_s: tuple[int, ...], stops: str, possible: str
):
    answer, status = classify(code, details="x", http_status=400), classify(code, details="x")
    assert answer.failure_class == status.failure_class == failure_class, "by HTTP or by webhook, it is the same"
    waits = [machine_wait(answer, tries=tries, share=0) for tries in range(1, len(waits_s) + 2)]
    assert waits == [*(timedelta(seconds=s) for s in waits_s), None], "growing, with an end"
    assert stop_of(code) == stops
    assert " ".join(steps(code)) == possible
    words = reason(code)
    assert ARABIC.search(words.ar)
    assert not LATIN.search(words.ar.replace("Flow", ""))
    assert LATIN.search(words.en)


def test_every_row_of_the_table_is_in_the_test():
    """A code that is added is decided here as well."""
    tested = {code for code, *_ in TABLE}
    assert set(errors.CODES) - tested <= {200006, 2593108}, "of a pair of equal rows one is tested"


@pytest.mark.parametrize("http_status", [400, 403, 429])
def test_an_unknown_code_is_never_retried_whatever_http_status_it_came_with(http_status: int):
    failure = classify(999, http_status=http_status)
    assert failure.failure_class is FailureClass.UNKNOWN
    assert machine_wait(failure, tries=1, share=0) is None


def test_waits_are_spread_and_never_shorter_than_meta_asks():
    """131056: 4^X seconds, X = 0, 1, 2 …"""
    failure = classify(131056, http_status=400)
    for tries in range(1, 6):
        least, most = (machine_wait(failure, tries=tries, share=share) for share in (0.0, 1.0))
        assert least == timedelta(seconds=4 ** (tries - 1))
        assert most is not None
        assert least < most < 2 * least


def test_an_early_retry_of_131049_is_not_offered_for_a_day():
    """Since April 2026 too early retries are themselves punished."""
    assert retry_after(131049) == timedelta(hours=24)
    assert retry_after(131026) == timedelta(0)


def test_an_error_of_a_template_says_what_the_template_is_from_now_on():
    assert {code: template_state(code) for code in (132001, 132015, 132016, 132000, None)} == {
        132001: "DELETED", 132015: "PAUSED", 132016: "DISABLED", 132000: "", None: "",
    }  # fmt: skip


def test_no_provider_error_but_131050_speaks_of_a_persons_will():
    """131026 and the like go to review; only 131050 says "never"."""
    assert [code for code in errors.CODES if Step.NONE_EVER in steps(code)] == [131050]


def test_nothing_to_do_is_only_said_while_the_machine_retries():
    """A failed status never goes back to the queue by itself, whatever its code."""
    assert steps(131056, retried_by_machine=True) == (Step.NONE_AUTOMATIC, Step.STOP_RETRY)
    assert all(Step.NONE_AUTOMATIC not in steps(code) for code in errors.CODES)


@pytest.mark.parametrize("name", sorted(errors.LOCAL))
def test_every_refusal_of_our_own_has_words_and_stops_nothing(name: str):
    failure = refused_here(name)
    assert failure.code is None
    assert reason(failure.code, details=failure.details) != reason(None)
    assert stop_of(None, details=name) is Stop.NOTHING


def test_details_stay_out_of_repr():
    """Meta's details may name a person."""
    assert "9665" not in repr(classify(131026, details="+966500000001"))
