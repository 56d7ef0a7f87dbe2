"""kill -9 of the worker between journal and POST, and after POST before the record: nothing lost, nothing doubled."""

import re
import signal

import pytest

from tests.deployment import ON_POSTGRESQL
from tests.house import Deal, House, Phone
from tests.machine import HERE
from tests.words import says
from wakeel.domain.answers import AnswerCode

pytestmark = [pytest.mark.processes, pytest.mark.timeout(120)]

DRIVER = str(HERE / "crash" / "driver.py")


def killed(house: House, point: str, *, lease_s: float = 1) -> Deal:
    """A deal that was approved; the worker died at this point of its message, and none runs now. In an hour of its own:
    the operator is told of a cause once an hour."""
    house.advance(3600)
    deal = house.deal()
    card = house.draft(deal)
    house.until_quiet()
    assert house.stop("worker") == 0
    house.start_worker(DRIVER, "worker", f"{point}=+{deal.phone.wa_id}", f"lease_s={lease_s}")
    house.operator.tap(card, "اعتماد")
    assert house.wait_for_end("worker") == -signal.SIGKILL
    assert house.last(deal.phone).state == "sending"
    assert attempts(house, deal.phone) == ["sending"]
    return deal


def attempts(house: House, phone: Phone) -> list[str]:
    sql = f"SELECT a.outcome FROM attempt a JOIN outbox o ON o.id = a.outbox_id WHERE o.address = '+{phone.wa_id}'"
    return [outcome for (outcome,) in house.rows(f"{sql} ORDER BY a.number")]


def test_killed_before_the_post_it_becomes_unknown_is_told_and_never_resent_by_itself(house: House):
    deal = killed(house, "die_before_post")
    house.start_worker()
    house.until_left(deal.phone, state="unknown")
    house.until(lambda: house.told(AnswerCode.SEND_UNKNOWN, deal))
    assert attempts(house, deal.phone) == ["unknown"]
    page = house.screens.get("/failures/")
    assert deal.name in page.text
    verbs = [form.fields["verb"] for form in page.forms if house.last(deal.phone).id in form.action]
    assert verbs == ["it_arrived", "give_up"]
    house.advance(24 * 3600)
    house.until_quiet()
    assert house.last(deal.phone).state == "unknown"
    assert not house.sent_to(deal.phone)
    assert len(house.told(AnswerCode.SEND_UNKNOWN, deal)) == 1
    assert attempts(house, deal.phone) == ["unknown"]


def test_killed_before_the_post_a_person_says_it_did_not_arrive_and_it_leaves_once(house: House):
    deal = killed(house, "die_before_post")
    house.start_worker()
    unknown = house.until_left(deal.phone, state="unknown")
    house.stop("web")
    house.start_web(DRIVER, "web", "lease_s=0.1", "grace_s=0.1")
    try:
        page = house.screens.get("/failures/")
        house.screens.send(page.form(f"/m/{unknown.id}/settle/", verb="send_again"))
        house.until_left(deal.phone)
        house.until_quiet()
        assert len(house.sent_to(deal.phone)) == 1
        assert attempts(house, deal.phone) == ["failed", "accepted"]
        assert house.screens.send(page.form(f"/m/{unknown.id}/settle/", verb="send_again")).status == 200
        house.until_quiet()
        assert len(house.sent_to(deal.phone)) == 1
    finally:
        house.stop("web")


def test_killed_after_the_post_the_status_settles_it_and_the_contact_has_it_once(house: House):
    deal = killed(house, "die_after_post", lease_s=60)
    house.start_worker()
    house.until_left(deal.phone)
    house.until(lambda: house.last(deal.phone).status == "read")
    house.until_quiet()
    assert len(house.sent_to(deal.phone)) == len(deal.phone.received()) == 1
    assert attempts(house, deal.phone) == ["accepted"]
    assert house.last(deal.phone).wamid == deal.phone.received()[0]["wamid"]
    assert not house.told(AnswerCode.SEND_UNKNOWN, deal)
    assert deal.name not in house.screens.get("/failures/").text


def test_killed_after_the_post_without_news_it_is_unknown_until_the_status_comes(house: House):
    house.faults(hold_statuses=True)
    deal = killed(house, "die_after_post")
    house.start_worker()
    house.until_left(deal.phone, state="unknown")
    house.until(lambda: house.told(AnswerCode.SEND_UNKNOWN, deal))
    assert len(house.sent_to(deal.phone)) == 1
    house.faults(hold_statuses=False)
    house.until_left(deal.phone)
    house.until(lambda: house.last(deal.phone).status == "read")
    house.until_quiet()
    assert len(house.sent_to(deal.phone)) == 1
    assert attempts(house, deal.phone) == ["accepted"]


def test_a_person_says_it_arrived_and_a_late_status_changes_nothing_but_the_ticks(house: House):
    house.faults(hold_statuses=True)
    deal = killed(house, "die_after_post")
    house.start_worker()
    unknown = house.until_left(deal.phone, state="unknown")
    page = house.screens.get("/failures/")
    house.screens.send(page.form(f"/m/{unknown.id}/settle/", verb="it_arrived"))
    assert house.last(deal.phone).state == "accepted"
    house.faults(hold_statuses=False)
    house.until(lambda: house.last(deal.phone).status == "read")
    house.until_quiet()
    assert len(house.sent_to(deal.phone)) == 1
    assert attempts(house, deal.phone) == ["accepted"]


def test_a_worker_killed_while_it_answers_a_tap_has_decided_once(house: House):
    """The decision and its answer were committed; the operator's second tap says what was decided."""
    deal = house.deal()
    card = house.card(deal)
    house.until_quiet()
    house.stop("worker")
    house.start_worker(DRIVER, "worker", f"die_before_post=+{house.operator.wa_id}", "lease_s=1")
    house.operator.tap(card, "رسالة")
    assert house.wait_for_end("worker") == -signal.SIGKILL
    house.start_worker()
    assert says(house.decide(card, "رسالة"), AnswerCode.SHOWN_AGAIN)
    assert house.approval(deal)["buttons"][0]["title"] == "اعتماد"
    sql = (
        f"SELECT count(*) FROM decision d JOIN opportunity p ON p.id = d.opportunity_id WHERE p.title = '{deal.title}'"
    )
    assert house.rows(f"{sql} AND d.carried_out") == [(1,)]


def test_a_card_that_was_lost_with_the_worker_comes_again_when_the_operator_writes(house: House):
    house.stop("worker")
    house.start_worker(DRIVER, "worker", f"die_before_post=+{house.operator.wa_id}", "lease_s=1")
    deal = house.deal(agreed=False, wrote=False)
    assert house.wait_for_end("worker") == -signal.SIGKILL
    house.start_worker()
    house.until(lambda: house.rows("SELECT count(*) FROM outbox WHERE state = 'sending'") == [(0,)])
    assert not house.shown(deal.title, "opp:")
    assert says(house.answer(house.operator.say("ما الجديد؟")), AnswerCode.CARDS_COMING)
    assert says(house.decide(house.card(deal), "قبول"), AnswerCode.ACCEPTED)


@pytest.mark.parametrize(("slow_s", "code"), [(2, "accepted"), (30, "unknown")])
def test_a_stop_during_a_slow_send_ends_within_ten_seconds_with_nothing_lost_or_doubled(
    house: House, slow_s: int, code: str
):
    deal = house.deal()
    house.faults(hold_statuses=True)
    house.approve(deal)
    house.faults(next_sends=[{"kind": "slow", "seconds": slow_s, "to": deal.phone.wa_id}])
    house.until(lambda: house.sent_to(deal.phone))
    assert house.stop("worker") == 0  # waits at most 12 s
    assert house.last(deal.phone).state == code
    house.faults(hold_statuses=False)
    house.start_worker()
    house.until(lambda: house.last(deal.phone).status == "read")
    assert house.last(deal.phone).state == "accepted"
    house.until_quiet()
    assert len(house.sent_to(deal.phone)) == 1


@pytest.mark.skipif(not ON_POSTGRESQL, reason="SQLite has one worker")
def test_two_workers_send_each_message_once_and_decide_each_tap_once(house: House):
    house.start_worker(name="second")
    deals = house.deals(12)
    for deal in deals:
        assert says(house.decide(house.card(deal), "رسالة"), AnswerCode.DRAFTING)
    taps = [(deal, house.operator.tap(house.approval(deal), "اعتماد")) for deal in deals]
    assert all(says(house.answer(tap), AnswerCode.APPROVED) for _, tap in taps)
    for deal in deals:
        house.until_left(deal.phone)
    house.until_quiet()
    assert [len(house.sent_to(deal.phone)) for deal in deals] == [1] * len(deals)
    assert [attempts(house, deal.phone) for deal in deals] == [["accepted"]] * len(deals)
    assert house.stop("second") == 0


@pytest.mark.skipif(ON_POSTGRESQL, reason="PostgreSQL takes as many workers as are started")
def test_a_second_worker_on_the_same_folder_is_refused_and_told_by_whom(house: House):
    house.stop("worker")
    house.start_worker("-m", "wakeel.cli", "worker")
    first = house.processes["worker"].pid
    house.start("second", "-m", "wakeel.cli", "worker")
    assert house.wait_for_end("second") == 1
    assert re.search(rf"process {first}\b", house.said("second"))
    assert house.processes["worker"].poll() is None
