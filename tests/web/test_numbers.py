"""The page of numbers: what is counted on which day, whose it is, and every chart with its table and file."""

import csv
import io
import re
from datetime import timedelta

import pytest
from django.test import Client

from tests.web import rows
from wakeel import config
from wakeel.flows import count_days
from wakeel.flows.count_days import count_a_day
from wakeel.store.models import (
    Card,
    Decision,
    InboundMessage,
    Meeting,
    Opportunity,
    OutboxMessage,
    RoleGrant,
)


@pytest.fixture(autouse=True)
def _few_days(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ninety empty days take their time."""
    monkeypatch.setattr(count_days, "LONGEST_DAYS", 10)


def count() -> None:
    """Every day there is, as the worker's loop does."""
    for _ in range(count_days.LONGEST_DAYS + 1):
        if not count_a_day(zone=config.get().time_zone, now=rows.now()):
            return
    raise AssertionError("there is always another day to count")


def first_message(
    home: rows.House, key: str, *, status: str | None = "sent", days_ago: int = 0, **fields: object
) -> Opportunity:
    """An opportunity whose first message left so many days ago."""
    person = rows.contact(home, phone=f"+9665097{int(key):05d}", wrote_ago=None)
    deal = rows.opportunity(home, person, key=key)
    row = rows.message(home, rows.draft(home, deal), state=fields.pop("state", "accepted"), status=status, **fields)
    rows.attempt(row, outcome="accepted" if row.state == "accepted" else "failed", started_ago=timedelta(days=days_ago))
    return deal


def answered(home: rows.House, deal: Opportunity, *, key: str) -> None:
    InboundMessage.objects.create(
        business=home.business, wamid=f"wamid.{key}", contact=deal.contact, kind="text", text="نعم",
        sent_at=rows.now() + timedelta(seconds=5), recorded_at=rows.now(),
    )  # fmt: skip


def decided(home: rows.House, deal: Opportunity, action: str, *, via: str, after_s: int, key: str) -> None:
    at = rows.now()
    Card.objects.create(
        business=home.business, operator=home.operator, kind="opportunity", opportunity=deal, digest=key.zfill(64),
        created_at=at - timedelta(seconds=after_s),
    )  # fmt: skip
    Decision.objects.create(
        business=home.business, operator=home.operator, via=via, tap_key=key, action=action, opportunity=deal,
        answer="ok", carried_out=True, at=at,
    )  # fmt: skip


def table(page: Client, name: str, **query: str) -> list[list[str]]:
    response = page.get(f"/numbers/{name}.csv", query)
    assert response.status_code == 200
    return list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))


@pytest.fixture
def month(home: rows.House) -> None:
    """One answered and met, one delivered, one failed as a status, one refused; and one before this week."""
    met = first_message(home, "1", status="read")
    answered(home, met, key="a")
    Meeting.objects.create(
        business=home.business, opportunity=met, contact=met.contact, number=home.number, organiser=home.operator,
        title="لقاء", chosen=rows.now(), uid="u1", created_at=rows.now(),
    )  # fmt: skip
    second = first_message(home, "2", status="delivered", days_ago=2)
    first_message(home, "3", status="failed", failure_code=131047)
    first_message(home, "4", status=None, state="failed", failure_code=131056)
    first_message(home, "5", days_ago=9)
    decided(home, met, "accept", via="phone", after_s=60, key="10")
    decided(home, second, "skip", via="screen", after_s=600, key="11")
    count()


def test_each_stage_counts_opportunities_by_the_day_their_first_message_left(page, month):
    RoleGrant.objects.update(role="supervisor")
    assert [row[1] for row in table(page, "funnel", period="7")[1:]] == ["3", "2", "1", "1", "1"]
    assert [row[1] for row in table(page, "funnel")[1:]] == ["4", "2", "1", "1", "1"]
    days = table(page, "messages")[1:]
    assert [row[1:] for row in days] == [["2", "1", "1", "2"], ["1", "1", "0", "0"], ["1", "0", "0", "0"]]
    assert days == sorted(days, reverse=True), "the newest day first, as ISO dates"


def test_failures_are_named_in_words_with_the_code_beside_them(page, month):
    rows_ = table(page, "failures")[1:]
    assert sorted(row[2] for row in rows_) == ["131047", "131056"]
    html = page.get("/numbers/").content.decode()
    assert all(row[0] in html for row in rows_)


def test_decisions_by_channel_and_how_long_they_took(page, month):
    _head, *found = table(page, "channels")
    assert {row[0]: row[1:] for row in found}["قُبلت"] == ["1", "0"]
    assert {row[0]: row[1:] for row in found}["تُخطيت"] == ["0", "1"]
    [[_day, decisions, half, most]] = table(page, "times")[1:]
    assert decisions == "2"
    assert 54 <= int(half) <= 66, "to about a tenth"
    assert 540 <= int(most) <= 660


def test_an_operator_sees_their_own_numbers_and_no_costs(page, client, home, month):
    other = rows.house("بيان", phone_number_id="105500000000003", username="nora")
    first_message(other, "9")
    mate = rows.User.objects.create_user("mate")
    RoleGrant.objects.create(business=home.business, user=mate, role="operator", at=rows.now())
    rows.Operator.objects.create(
        business=home.business, number=home.number, user=mate, name="هند", wa_id="966500000009", enrolled_at=rows.now()
    )
    assert table(page, "funnel")[1][1] == "4", "the owner's"
    assert page.get("/numbers/costs.csv").status_code == 404
    client.force_login(mate)
    assert table(client, "funnel")[1:] == []
    assert table(client, "channels")[1:] == []
    client.force_login(other.user)
    assert table(client, "funnel")[1:] == [], "not counted yet, and nobody else's either"
    RoleGrant.objects.filter(user=mate).update(role="auditor")
    client.force_login(mate)
    assert table(client, "funnel")[1][1] == "4"
    assert client.get("/numbers/costs.csv").status_code == 200


def test_a_day_is_counted_again_when_something_happened_to_its_messages(page, home):
    deal = first_message(home, "1")
    count()
    OutboxMessage.objects.update(status="read")
    answered(home, deal, key="late")
    assert not count_a_day(zone=config.get().time_zone, now=rows.now()), "a minute is not over"
    assert count_a_day(zone=config.get().time_zone, now=rows.now() + timedelta(minutes=2))
    assert [row[1] for row in table(page, "funnel")[1:]] == ["1", "1", "1", "1", "0"]


def test_bars_grow_from_the_right_in_arabic_and_time_runs_to_the_left(page, month):
    """The newest day stands at the left edge (reference "operator UI", section 6)."""

    def drawn() -> tuple[str, str]:
        html = page.get("/numbers/?period=7").content.decode()
        funnel = re.findall(r'<svg class="bar".*?</svg>', html)
        days = re.search(r'<svg class="columns".*?</svg>', html)
        assert funnel
        assert days is not None
        return re.search(r'chart-go" x="([\d.]+)', funnel[1])[1], re.search(r' x="([\d.]+)', days[0])[1]

    assert drawn() == ("33.33", "21.5"), "two of three from the right; five days ago stands further right than today"
    page.post("/language/", {"language": "en"})
    assert drawn() == ("0", "41.5")


def test_every_period_and_an_empty_house_have_their_page(page, home):
    html = page.get("/numbers/").content.decode()
    assert "لم يُعدّ شيء بعد" in html
    count()
    for period in ("7", "30", "90", "month", "nonsense"):
        html = page.get("/numbers/", {"period": period}).content.decode()
        assert html.count("لا شيء في هذه المدة") == 5
        assert "لم يُعدّ شيء بعد" not in html
