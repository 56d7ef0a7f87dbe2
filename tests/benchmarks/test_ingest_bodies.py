"""What the load generator posts is what Meta posts, and what the population says."""

import itertools

import pytest

from benchmarks.ingest_bodies import (
    APP_SECRET,
    Amounts,
    Card,
    Person,
    Population,
    Sent,
    bodies,
    mixed,
    read_bodies,
    request,
    strangers,
    write_bodies,
)
from wakeel.domain.events import ButtonTapped, StatusReceived, TextReceived
from wakeel.whatsapp.signature import is_signed
from wakeel.whatsapp.webhook import decode

AT = 1_763_800_000


def population(messages: int = 10, cards: int = 5) -> Population:
    people = [Person(f"عميل {n}", f"96650{n:07d}", f"SA.{n:020d}") for n in range(4)]
    return Population(
        messages=[Sent(f"wamid.M{n}", f"att_{n}", people[n % 4]) for n in range(messages)],
        people=people[:3],
        replying=people[3:],
        cards=[Card(f"wamid.C{n}", f"opp_{n}", people[0]) for n in range(cards)],
    )


def test_the_mix_is_94_5_1():
    assert mixed(10_000) == Amounts(statuses=9400, texts=450, replies=50, taps=100)
    assert mixed(33).total == 33


def test_every_body_is_one_event_of_its_kind_and_no_two_are_the_same():
    amounts = Amounts(statuses=30, texts=5, replies=2, taps=5)
    made = bodies(population(), amounts, run="r", at=AT)
    events = list(itertools.chain.from_iterable(decode(body) for body in made))
    kinds = [type(event) for event in events]
    assert [kinds.count(kind) for kind in (StatusReceived, TextReceived, ButtonTapped)] == [30, 7, 5]
    assert len(set(made)) == amounts.total == len(events)


def test_a_tap_skips_the_opportunity_whose_card_it_quotes():
    [body] = bodies(population(), Amounts(taps=1), run="r", at=AT)
    [tap] = decode(body)
    assert isinstance(tap, ButtonTapped)
    assert (tap.reply.action, tap.reply.subject_id, tap.context_wamid) == ("skip", "opp_0", "wamid.C0")


def test_a_message_is_told_sent_delivered_read_with_the_attempt_that_made_it():
    events = [event for body in bodies(population(), Amounts(statuses=30), run="r", at=AT) for event in decode(body)]
    news = [event for event in events if isinstance(event, StatusReceived) and event.wamid == "wamid.M3"]
    assert [event.status for event in news] == ["sent", "delivered", "read"]
    assert {event.callback_data for event in news} == {"att_3"}


def test_the_same_seed_makes_the_same_bodies_and_another_run_others():
    again = [strangers(200, run="r", at=AT, seed=4) for _ in range(2)]
    assert again[0] == again[1]
    assert not set(again[0]) & set(strangers(200, run="other", at=AT, seed=4))


def test_no_message_is_used_by_two_runs():
    whole = population(messages=10, cards=5)
    first, second = (whole.take(Amounts(statuses=15, taps=2)) for _ in range(2))
    assert not {one.wamid for one in first.messages} & {one.wamid for one in second.messages}
    assert not {one.wamid for one in first.cards} & {one.wamid for one in second.cards}
    with pytest.raises(ValueError, match="more than the population has"):
        whole.take(Amounts(statuses=1))


def test_a_request_carries_a_signature_that_the_webhook_accepts():
    [body] = strangers(1, run="r", at=AT)
    head, _, sent = request(body).partition(b"\r\n\r\n")
    fields = dict(line.split(": ", 1) for line in head.decode().split("\r\n")[1:])
    assert is_signed(sent, fields["X-Hub-Signature-256"], [APP_SECRET])
    assert int(fields["Content-Length"]) == len(sent)


def test_bodies_and_population_come_back_from_their_files(tmp_path):
    made = strangers(50, run="r", at=AT)
    write_bodies(tmp_path / "bodies", made)
    assert read_bodies(tmp_path / "bodies") == made
    whole = population()
    whole.save(tmp_path / "population")
    assert Population.load(tmp_path / "population") == whole
