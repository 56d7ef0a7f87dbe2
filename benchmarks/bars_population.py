"""The practice data of the bars, as a command of its own: `python -m benchmarks.bars_population`.

Two hundred items that wait (half of them drafts that may be approved), five hundred contacts, twenty thousand messages
of both sides, and something in every state that a page can show. Prints one JSON object, the fields of `Practice`.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

import django

WAITING, CONTACTS, MESSAGES = 200, 500, 20_000
BATCH = 1000
TITLES = ("تجديد عقد الصيانة السنوي", "عرض سعر لأربعين رخصة", "متابعة بعد العرض التجريبي", "توسعة المستودع الشمالي")
NAMES = ("مريم القحطاني", "نورة العتيبي", "سلمان الحربي", "جود الشهري", "فهد الدوسري", "ليلى الغامدي")


@dataclass(frozen=True, slots=True)
class Practice:
    """cookies: of the sessions of two people who may both decide. places: name and address of every page.

    drafts: draft and opportunity of each that waits; opportunities: of those without a draft.
    """

    cookies: tuple[dict[str, str], dict[str, str]]
    places: list[list[str]]
    drafts: list[tuple[str, str]]
    opportunities: list[str]


def main() -> None:
    django.setup()
    from django.db import transaction

    from tests.web import every_page, rows

    with transaction.atomic():
        home = rows.house(phone_number_id="105500000000009")
        rows.may_be(home, "operator", "supervisor", "admin")
        samples = every_page.fill(home)
        second = _second(home)
        people = _people(home)
        drafts, opportunities = _waiting(home, people)
        _talk(home, people)
    clients = [every_page.signed_in(user) for user in (home.user, second)]
    samples |= every_page.upload(clients[0])
    first, other = ({name: one.value for name, one in client.cookies.items()} for client in clients)
    places = every_page.places(samples)["places"]
    print(json.dumps(asdict(Practice((first, other), places, drafts, opportunities))))


def _second(home: Any) -> Any:
    """The login of another operator of the same business, who has a phone of their own."""
    from django.contrib.auth.models import User

    from tests.web import rows
    from wakeel.store.models import Operator, RoleGrant

    user = User.objects.create_user("nora", password=rows.PASSWORD, first_name="نورة")
    for role in ("operator", "supervisor"):
        RoleGrant.objects.create(business=home.business, user=user, role=role, at=rows.now())
    Operator.objects.create(
        business=home.business, number=home.number, user=user, name="نورة", wa_id="966500000002", bsuid="SA.nora",
        last_inbound_at=rows.now() - timedelta(minutes=5), enrolled_at=rows.now(),
    )  # fmt: skip
    return user


def _people(home: Any) -> list[Any]:
    """Everybody we write to; the windows of the first WAITING are open, and they agreed."""
    from tests.web import rows

    people = []
    for number in range(CONTACTS):
        name = f"{NAMES[number % len(NAMES)]} {number}"
        wrote_ago = timedelta(minutes=5 + 7 * number) if number < WAITING else timedelta(days=3)
        person = rows.contact(home, name, phone=f"+96651{number:07d}", wrote_ago=wrote_ago)
        if number < WAITING:
            rows.agreed(home, person)
        people.append(person)
    return people


def _waiting(home: Any, people: Sequence[Any]) -> tuple[list[tuple[str, str]], list[str]]:
    from tests.web import rows

    drafts, opportunities = [], []
    for number in range(WAITING):
        title, value = TITLES[number % len(TITLES)], f"{1000 + number * 250:,} ر.س"
        deal = rows.opportunity(home, people[number], key=f"w{number}", title=title, value=value, score=number % 100)
        if number % 2:
            drafts.append((rows.draft(home, deal).id, deal.id))
        else:
            opportunities.append(deal.id)
    return drafts, opportunities


def _talk(home: Any, people: Sequence[Any]) -> None:
    """MESSAGES, half of them theirs, spread over forty days."""
    from tests.web import rows
    from wakeel.store.models import InboundMessage, OutboxMessage

    now = rows.now()
    for numbers in _parts(range(MESSAGES // 2)):
        at = [now - timedelta(days=1, minutes=6 * number) for number in numbers]
        InboundMessage.objects.bulk_create(
            InboundMessage(
                business=home.business, wamid=f"wamid.in.{number}", contact=people[number % CONTACTS], kind="text",
                text="كم السعر إذا زاد العدد؟", sent_at=when, recorded_at=when, handled="kept",
            )
            for number, when in zip(numbers, at, strict=True)
        )  # fmt: skip
        OutboxMessage.objects.bulk_create(
            OutboxMessage(
                business=home.business, number=home.number, audience="contact", contact=people[number % CONTACTS],
                address=f"+96651{number % CONTACTS:07d}", lane=2, body={"type": "text", "text": {"body": rows.TEXT}},
                digest="0" * 64, category="marketing", purpose="offers", request_key=f"talk:{number}", state="accepted",
                status="read", wamid=f"wamid.out.{number}", due_at=when, created_at=when, updated_at=when, fence=1,
            )
            for number, when in zip(numbers, at, strict=True)
        )  # fmt: skip


def _parts(whole: range) -> Iterator[range]:
    yield from (whole[start : start + BATCH] for start in range(0, len(whole), BATCH))


if __name__ == "__main__":
    main()
