"""The rows a run speaks of, as imports, approvals and sends would have left them. A process of its own, by command:

    python -m benchmarks.ingest_population --messages N --people N --replying N --cards N --on-screen N --out FILE

Every message: contact with phone and BSUID, opportunity with an owner, draft with its version and approval, outbox row
`accepted`, attempt with wamid. The opportunity is `won` for the people who write, `contacted` for all others, also for
those who reply. Every card: opportunity `presented`, card, accepted outbox row, showing with
wamid. Three cards of each operator are open; the others were on the phone before and count as any older showing of the
same digest does. They are tapped in the order in which the ranking brings them, so that every "skip" takes away a card
that is open and has all its effects: decision, answer, and the next card ranked and queued.
"""

import argparse
import os
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import django

from benchmarks.ingest_bodies import Card, OnScreen, Person, Population, Sent

USERNAME, PASSWORD = "benchmark", "a long password for benchmarks"
OPERATORS = 40
OPEN_AT_ONCE = 3
NEVER_TAPPED = 200
"""Cards more than will be tapped: to the end there is a next one, and a full list to rank."""
BATCH = 2000
DRAFTS_WAITING = 20
"""On the queue page, each with what the gate says about it."""
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def main() -> None:
    parser = argparse.ArgumentParser(description="Rows for a run of the benchmark.")
    for name in ("messages", "people", "replying", "cards", "on-screen"):
        parser.add_argument(f"--{name}", type=int, required=True)
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    os.environ["WAKEEL_ROLE"] = "tool"
    django.setup()
    from django.db import transaction

    from wakeel import clock

    with transaction.atomic():
        town = _Town(clock.now())
        population = town.settle(given.messages, people=given.people, replying=given.replying)
        population.cards = list(town.deal(given.cards))
        population.on_screen = list(town.lay_out(given.on_screen))
    population.save(given.out)


class _Town:
    """One business with its operators; everything below is theirs."""

    def __init__(self, now: datetime) -> None:
        from django.contrib.auth.models import User

        from wakeel import config
        from wakeel.flows.set_up import create_login, ensure_business
        from wakeel.store.models import Operator, RoleGrant, SendingNumber

        self.now = now
        self.business_id = ensure_business(config.get())
        self.number = SendingNumber.objects.get()
        login = create_login(self.business_id, USERNAME, PASSWORD, name="سعود", is_admin=True)
        users = User.objects.bulk_create([User(username=f"operator{n}") for n in range(OPERATORS)])
        RoleGrant.objects.bulk_create(
            [RoleGrant(business_id=self.business_id, user=user, role="operator", at=now) for user in users]
        )
        self.operators = Operator.objects.bulk_create([
            Operator(
                business_id=self.business_id, number=self.number, user_id=user_id, name=f"مشغّل {n}",
                wa_id=f"96651{n:07d}", bsuid=f"SA.operator{n:010d}", last_inbound_at=now - HOUR, enrolled_at=now - DAY,
            )
            for n, user_id in enumerate([login, *(user.pk for user in users)])
        ])  # fmt: skip
        self.contacts: list[Any] = []

    def settle(self, messages: int, *, people: int, replying: int) -> Population:
        """Contacts, and what was sent to each. people, replying: how many of them write to us."""
        messages = max(messages, people + replying)
        persons = [Person(f"عميل {n}", f"96650{n:07d}", f"SA.{n:020d}") for n in range(messages)]
        for part in _parts(persons):
            self.contacts += self._contacts(part)
        sent: list[Sent] = []
        for numbers in _parts(range(messages)):
            sent += self._sent(numbers, [persons[n] for n in numbers], won=people)
        return Population(messages=sent, people=persons[:people], replying=persons[people : people + replying])

    def _contacts(self, persons: Sequence[Person]) -> list[Any]:
        from wakeel.store.models import Contact, ContactAlias

        made = Contact.objects.bulk_create([
            Contact(business_id=self.business_id, name=person.name, created_at=self.now - 30 * DAY,
                    last_inbound_at=self.now - 2 * HOUR)
            for person in persons
        ])  # fmt: skip
        ContactAlias.objects.bulk_create([
            ContactAlias(business_id=self.business_id, contact=contact, kind=kind, value=value,
                         valid_from=self.now - 30 * DAY)
            for contact, person in zip(made, persons, strict=True)
            for kind, value in (("phone", f"+{person.phone}"), ("bsuid", person.bsuid))
        ])  # fmt: skip
        return made

    def _sent(self, numbers: Sequence[int], persons: Sequence[Person], *, won: int) -> list[Sent]:
        """One message to each of these persons. won: the matter is closed for the first so many of all."""
        from wakeel.store.models import Approval, DraftVersion

        states = ["won" if n < won else "contacted" for n in numbers]
        opportunities = self._opportunities([f"m{n}" for n in numbers], numbers, states=states)
        drafts = self._drafts(opportunities, state="approved")
        same = {"business_id": self.business_id}
        DraftVersion.objects.bulk_create(
            [DraftVersion(**same, draft=draft, number=1, text="أهلًا", created_at=self.now - HOUR) for draft in drafts]
        )
        Approval.objects.bulk_create([
            Approval(**same, draft=draft, version=1, digest="0" * 64, operator=draft.opportunity.owner, via="phone",
                     approved_at=self.now - HOUR, expires_at=self.now + DAY)
            for draft in drafts
        ])  # fmt: skip
        rows = [
            self._outbox(f"{draft.id}:1", f"+{person.phone}", contact=self.contacts[n], draft=draft,
                         wamid=_wamid("M", n))
            for draft, n, person in zip(drafts, numbers, persons, strict=True)
        ]  # fmt: skip
        attempts = self._accepted(rows)
        return [
            Sent(_wamid("M", n), attempt.id, person)
            for n, attempt, person in zip(numbers, attempts, persons, strict=True)
        ]  # fmt: skip

    def deal(self, count: int) -> Iterator[Card]:
        """Opportunity cards, in turn to every operator but the one at the screen; `count` of them to be tapped."""
        from wakeel.flows.show_card import opportunity_digest
        from wakeel.store.models import Card as CardRow
        from wakeel.store.models import Showing

        phones = self.operators[1:]
        for numbers in _parts(range(count + NEVER_TAPPED)):
            opportunities = self._opportunities(
                [f"c{n}" for n in numbers], numbers, states=["presented"] * len(numbers)
            )
            owners = [phones[n % OPERATORS] for n in numbers]
            cards = CardRow.objects.bulk_create([
                CardRow(business_id=self.business_id, operator=operator, kind="opportunity", opportunity=opportunity,
                        digest=opportunity_digest(opportunity), created_at=self.now - HOUR,
                        closed_at=None if n < OPEN_AT_ONCE * OPERATORS else self.now)
                for n, opportunity, operator in zip(numbers, opportunities, owners, strict=True)
            ])  # fmt: skip
            rows = [
                self._outbox(f"card:{card.id}:1", f"+{operator.wa_id}", operator=operator, wamid=_wamid("C", n))
                for n, card, operator in zip(numbers, cards, owners, strict=True)
            ]
            self._accepted(rows)
            Showing.objects.bulk_create([
                Showing(business_id=self.business_id, card=card, number=1, outbox=row, wamid=row.wamid,
                        created_at=self.now - HOUR)
                for card, row in zip(cards, rows, strict=True)
            ])  # fmt: skip
            for n, opportunity, operator in zip(numbers, opportunities, owners, strict=True):
                if n < count:
                    yield Card(_wamid("C", n), opportunity.id, Person(operator.name, operator.wa_id, operator.bsuid))

    def lay_out(self, count: int) -> Iterator[OnScreen]:
        """Opportunities that wait for the person at the screen, and some drafts that do."""
        from wakeel.flows.show_card import opportunity_digest
        from wakeel.store.models import DraftVersion

        drafting = self._opportunities(
            [f"d{n}" for n in range(DRAFTS_WAITING)], range(DRAFTS_WAITING), states=["drafting"] * DRAFTS_WAITING
        )
        drafts = self._drafts(drafting, state="awaiting_approval")
        DraftVersion.objects.bulk_create(
            [
                DraftVersion(business_id=self.business_id, draft=draft, number=1, text="أهلًا", created_at=self.now)
                for draft in drafts
            ]
        )
        for numbers in _parts(range(count)):
            for one in self._opportunities([f"s{n}" for n in numbers], numbers, states=["presented"] * len(numbers)):
                yield OnScreen(one.id, opportunity_digest(one))

    def _opportunities(self, keys: Sequence[str], people: Sequence[int], *, states: Sequence[str]) -> list[Any]:
        from wakeel.store.models import Opportunity

        return Opportunity.objects.bulk_create([
            Opportunity(
                business_id=self.business_id, external_key=key, contact=self.contacts[who % len(self.contacts)],
                title=f"تجديد العقد {key}", summary="عقد الصيانة السنوي", value="12,000", score=50,
                state=state, owner=self.operators[1 + who % OPERATORS] if state != "presented" else None,
                created_at=self.now - DAY, updated_at=self.now - HOUR,
            )
            for key, who, state in zip(keys, people, states, strict=True)
        ])  # fmt: skip

    def _drafts(self, opportunities: Sequence[Any], *, state: str) -> list[Any]:
        from wakeel.store.models import Draft

        return Draft.objects.bulk_create([
            Draft(business_id=self.business_id, opportunity=opportunity, contact=opportunity.contact,
                  number=self.number, category="marketing", purpose="offers", state=state,
                  created_at=self.now - HOUR)
            for opportunity in opportunities
        ])  # fmt: skip

    def _outbox(self, key: str, address: str, *, wamid: str, draft: Any = None, **to: Any) -> Any:
        """One message that WhatsApp took; not saved yet."""
        from wakeel.store.models import OutboxMessage

        body = {"messaging_product": "whatsapp", "to": address, "type": "text", "text": {"body": "أهلًا، معك أفق"}}
        return OutboxMessage(
            business_id=self.business_id, number=self.number, audience="contact" if "contact" in to else "operator",
            draft=draft, draft_version=1 if draft else None, address=address, lane=2 if draft else 1, body=body,
            digest="0" * 64, category="marketing" if draft else "utility", purpose="offers" if draft else "",
            request_key=key, state="accepted", due_at=self.now - HOUR, fence=1, wamid=wamid, status="accepted",
            created_at=self.now - HOUR, updated_at=self.now - HOUR, **to,
        )  # fmt: skip

    def _accepted(self, rows: Sequence[Any]) -> list[Any]:
        """Save the messages, each with the one attempt that was accepted."""
        from wakeel.store.models import Attempt, OutboxMessage

        OutboxMessage.objects.bulk_create(rows)
        return Attempt.objects.bulk_create([
            Attempt(business_id=self.business_id, outbox=row, number=1, request_key=f"{row.request_key}:1",
                    outcome="accepted", wamid=row.wamid, http_status=200, claimed_at=self.now - HOUR,
                    started_at=self.now - HOUR, ended_at=self.now - HOUR)
            for row in rows
        ])  # fmt: skip


def _wamid(kind: str, number: int) -> str:
    """As long as Meta's are."""
    return f"wamid.HBgMOTY2NTAwMDAwMDAxFQIAERgS{kind}{number:019d}AA=="


def _parts(whole: Sequence[Any]) -> Iterator[Sequence[Any]]:
    yield from (whole[start : start + BATCH] for start in range(0, len(whole), BATCH))


if __name__ == "__main__":
    main()
