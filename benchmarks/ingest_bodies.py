"""Webhook bodies as Meta posts them, and the HTTP requests that carry them, signed.

Shapes: Meta, "Webhooks: messages" and "statuses", read 2026-11-22 (samples of the same in tests/samples/whatsapp).
A run's bodies follow from its population and its seed alone, so that a run can be repeated.
"""

import hashlib
import hmac
import json
import random
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

APP_SECRET = "benchmark_app_secret"
NUMBER_ID, WABA_ID, DISPLAY_PHONE = "105500000000002", "215500000000001", "966110000001"

NEWS = ("sent", "delivered", "read")
"""What becomes of every message, in Meta's order."""
BLOCK = 1000
"""So many messages are sent, then delivered, then read: about a second of a number that sends 1,000/s."""
WORDS = ("السلام عليكم", "متى يناسبكم الاتصال؟", "أرسلوا لي التفاصيل من فضلكم", "شكرًا جزيلًا", "كم السعر؟", "غدًا صباحًا")
TEXTS_PERCENT, TAPS_PERCENT = 5, 1
REPLIES_PERCENT = 10
"""Of the texts: from somebody whose matter is open, so that the words are brought to its operator."""


@dataclass(frozen=True, slots=True)
class Person:
    """Whoever writes to us. phone: digits; bsuid: Meta's id of them."""

    name: str
    phone: str
    bsuid: str


@dataclass(frozen=True, slots=True)
class Sent:
    """A message we sent: attempt is what Meta echoes."""

    wamid: str
    attempt: str
    to: Person


@dataclass(frozen=True, slots=True)
class Card:
    """An opportunity card on an operator's phone. wamid: of the showing."""

    wamid: str
    opportunity: str
    operator: Person


@dataclass(frozen=True, slots=True)
class OnScreen:
    """An opportunity to be decided on the web. digest: of what the page asks."""

    opportunity: str
    digest: str


@dataclass(slots=True)
class Population:
    """Whom the bodies speak of; rows of these exist in the database (`ingest_population`).

    people: contacts for whom nothing is open any more; replying: those who were sent an offer and now answer it.
    """

    messages: list[Sent] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)
    replying: list[Person] = field(default_factory=list)
    cards: list[Card] = field(default_factory=list)
    on_screen: list[OnScreen] = field(default_factory=list)

    def save(self, path: Path) -> None:
        path.write_text(json.dumps(asdict(self), ensure_ascii=False))

    def take(self, amounts: "Amounts", *, on_screen: int = 0) -> "Population":
        """What one run speaks of, taken out of these: no message and no card is used by two runs; people are."""
        part = Population(
            self.messages[: amounts.messages],
            self.people,
            self.replying,
            self.cards[: amounts.taps],
            self.on_screen[:on_screen],
        )
        if len(part.messages) < amounts.messages or len(part.cards) < amounts.taps or len(part.on_screen) < on_screen:
            raise ValueError(f"{amounts} needs more than the population has")
        del self.messages[: amounts.messages], self.cards[: amounts.taps], self.on_screen[:on_screen]
        return part

    @classmethod
    def load(cls, path: Path) -> "Population":
        kept: dict[str, list[dict[str, Any]]] = json.loads(path.read_text())
        return cls(
            messages=[Sent(row["wamid"], row["attempt"], Person(**row["to"])) for row in kept["messages"]],
            people=[Person(**row) for row in kept["people"]],
            replying=[Person(**row) for row in kept["replying"]],
            cards=[Card(row["wamid"], row["opportunity"], Person(**row["operator"])) for row in kept["cards"]],
            on_screen=[OnScreen(**row) for row in kept["on_screen"]],
        )


@dataclass(frozen=True, slots=True)
class Amounts:
    """How many of each kind; all of them are different bodies."""

    statuses: int = 0
    texts: int = 0
    replies: int = 0
    taps: int = 0

    @property
    def total(self) -> int:
        return self.statuses + self.texts + self.replies + self.taps

    @property
    def messages(self) -> int:
        """So many messages of ours the statuses speak of."""
        return -(-self.statuses // len(NEWS))


def mixed(total: int) -> Amounts:
    """94 % statuses of known messages, 5 % texts of contacts – one in ten answers an offer –, 1 % taps of operators."""
    texts, taps = total * TEXTS_PERCENT // 100, total * TAPS_PERCENT // 100
    replies = texts * REPLIES_PERCENT // 100
    return Amounts(statuses=total - texts - taps, texts=texts - replies, replies=replies, taps=taps)


def bodies(population: Population, amounts: Amounts, *, run: str, at: int, seed: int = 1) -> list[bytes]:
    """The bodies of one run, kinds shuffled, each kind in its own order.

    run: goes into every wamid of a message to us, so that no two runs say the same. at: Unix seconds.
    """
    kinds = ["status"] * amounts.statuses + ["text"] * amounts.texts
    kinds += ["reply"] * amounts.replies + ["tap"] * amounts.taps
    random.Random(seed).shuffle(kinds)
    streams: dict[str, Iterator[bytes]] = {
        "status": _statuses(population.messages[: amounts.messages], at=at),
        "text": _texts(population.people, run=f"{run}T", at=at),
        "reply": _texts(population.replying, run=f"{run}R", at=at),
        "tap": _taps(population.cards, run=run, at=at),
    }
    return [next(streams[kind]) for kind in kinds]


def strangers(count: int, *, run: str, at: int, seed: int = 1) -> list[bytes]:
    """The mix, about messages and people nobody knows: for what only receives and stores."""
    amounts = mixed(count)
    people = [Person(f"شخص {n}", f"96650{n:07d}", f"SA.{run}{n:012d}") for n in range(500)]
    sent = [Sent(f"wamid.{run}{n:020d}", f"att_{n:020d}", people[n % 500]) for n in range(amounts.messages)]
    cards = [Card(f"wamid.{run}C{n:019d}", f"opp_{n:020d}", people[n % 500]) for n in range(amounts.taps)]
    return bodies(Population(sent, people, people, cards), amounts, run=run, at=at, seed=seed)


def _statuses(messages: list[Sent], *, at: int) -> Iterator[bytes]:
    for start in range(0, len(messages), BLOCK):
        for place, news in enumerate(NEWS):
            for message in messages[start : start + BLOCK]:
                yield status_body(message, news, at=at + place)


def _texts(people: list[Person], *, run: str, at: int) -> Iterator[bytes]:
    number = 0
    while people:
        person = people[number % len(people)]
        yield text_body(person, WORDS[number % len(WORDS)], wamid=f"wamid.{run}{number:019d}", at=at)
        number += 1


def _taps(cards: list[Card], *, run: str, at: int) -> Iterator[bytes]:
    for number, card in enumerate(cards):
        yield tap_body(card, wamid=f"wamid.{run}P{number:019d}", at=at)


def status_body(message: Sent, status: str, *, at: int) -> bytes:
    item = {
        "id": message.wamid, "status": status, "timestamp": str(at), "recipient_id": message.to.phone,
        "recipient_user_id": message.to.bsuid, "biz_opaque_callback_data": message.attempt,
        "pricing": {"billable": True, "pricing_model": "PMP", "category": "marketing", "type": "regular"},
    }  # fmt: skip
    return _envelope({"contacts": [_profile(message.to)], "statuses": [item]})


def text_body(person: Person, text: str, *, wamid: str, at: int) -> bytes:
    return _message(person, wamid=wamid, at=at, type="text", text={"body": text})


def tap_body(card: Card, *, wamid: str, at: int) -> bytes:
    """A tap on "skip": it decides, is answered, and brings the next card."""
    reply = {"type": "button_reply", "button_reply": {"id": f"opp:{card.opportunity}:skip", "title": "تخطي"}}
    context = {"from": DISPLAY_PHONE, "id": card.wamid}
    return _message(card.operator, wamid=wamid, at=at, type="interactive", interactive=reply, context=context)


def _message(person: Person, *, wamid: str, at: int, **content: Any) -> bytes:
    item = {"from": person.phone, "from_user_id": person.bsuid, "id": wamid, "timestamp": str(at), **content}
    return _envelope({"contacts": [_profile(person)], "messages": [item]})


def _profile(person: Person) -> dict[str, Any]:
    return {"profile": {"name": person.name}, "wa_id": person.phone, "user_id": person.bsuid}


def _envelope(value: dict[str, Any]) -> bytes:
    metadata = {"display_phone_number": DISPLAY_PHONE, "phone_number_id": NUMBER_ID}
    value = {"messaging_product": "whatsapp", "metadata": metadata, **value}
    entry = {"id": WABA_ID, "changes": [{"field": "messages", "value": value}]}
    return json.dumps({"object": "whatsapp_business_account", "entry": [entry]}, ensure_ascii=False).encode()


def signature(body: bytes) -> str:
    """As Meta writes it into the header."""
    return "sha256=" + hmac.new(APP_SECRET.encode(), body, hashlib.sha256).hexdigest()


def request(body: bytes, *, path: str = "/webhook") -> bytes:
    """One HTTP/1.1 request over a connection that is kept."""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: facebookexternalua\r\nAccept: */*\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
        f"X-Hub-Signature-256: {signature(body)}\r\n\r\n"
    )
    return head.encode() + body


def write_bodies(path: Path, found: Iterable[bytes]) -> None:
    """One body a line: JSON written here has no line breaks of its own."""
    path.write_bytes(b"\n".join(found))


def read_bodies(path: Path) -> list[bytes]:
    return path.read_bytes().split(b"\n")
