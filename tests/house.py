"""The whole product on this machine for one test run: simulator, web and worker as processes, one database."""

import contextlib
import csv
import io
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.deployment import make_deployment
from tests.machine import UNDO_S, Json, Machine
from tests.words import says
from wakeel.domain.answers import AnswerCode
from wakeel.domain.fixed_texts import Intent
from wakeel.rehearsal.ports import free_port
from wakeel.rehearsal.screens import Page, Screens

USERNAME, PASSWORD = "saud", "a long password for tests"
OPERATOR = "966500000001"


@dataclass(frozen=True)
class Outgoing:
    """One row of the outbox."""

    id: str
    state: str
    status: str | None
    hold_code: str
    failure_code: int | None
    wamid: str | None


@dataclass(frozen=True)
class Phone:
    """One phone of the simulator. Directions as its owner sees them."""

    house: "House"
    wa_id: str

    def messages(self) -> list[Json]:
        [phone] = self.house.bench("GET", f"/api/state?phone={self.wa_id}")["phones"]
        messages: list[Json] = phone["messages"]
        return messages

    def received(self) -> list[Json]:
        return [message for message in self.messages() if message["direction"] == "received"]

    def texts(self) -> list[str]:
        return [message["text"] for message in self.received() if message["type"] == "text"]

    def say(self, text: str, **more: Any) -> str:
        """Type a message; its wamid."""
        wamid: str = self.house.bench("POST", f"/api/phones/{self.wa_id}/text", {"text": text, **more})["wamid"]
        return wamid

    def tap(self, card: Json, title: str, **more: Any) -> str:
        """Tap the button with this title; the wamid of the tap."""
        button = next(button for button in card["buttons"] if button["title"] == title)
        return self.tap_id(card["wamid"], button["id"], **more)

    def tap_id(self, card_wamid: str, button_id: str, **more: Any) -> str:
        wish = {"wamid": card_wamid, "id": button_id, **more}
        wamid: str = self.house.bench("POST", f"/api/phones/{self.wa_id}/tap", wish)["wamid"]
        return wamid


@dataclass(frozen=True)
class Deal:
    """One opportunity with the person it is about; title and name occur nowhere else."""

    title: str
    name: str
    phone: Phone

    @property
    def row(self) -> dict[str, str]:
        """Its row in a file of opportunities."""
        return {"title": self.title, "phone": f"+{self.phone.wa_id}", "name": self.name, "key": self.title}


@dataclass
class House(Machine):
    """A machine on which everything runs and `operator` is enrolled."""

    screens: Screens = field(default_factory=lambda: Screens(0))
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def sent_to(self, phone: Phone) -> list[str]:
        """Texts WhatsApp accepted for this phone, in order."""
        rows = self.bench("GET", f"/api/sent?to={phone.wa_id}")
        return [row["payload"]["text"]["body"] for row in rows]

    def outgoing(self, phone: Phone) -> list[Outgoing]:
        """Every approved message that was ever to leave for this contact, oldest first; no fixed texts."""
        sql = "SELECT id, state, status, hold_code, failure_code, wamid FROM outbox WHERE audience = 'contact'"
        sql += " AND intent = ''"
        return [Outgoing(*row) for row in self.rows(f"{sql} AND address = '+{phone.wa_id}' ORDER BY created_at")]

    def last(self, phone: Phone) -> Outgoing:
        """The newest of them; there must be one."""
        return self.outgoing(phone)[-1]

    @property
    def operator(self) -> Phone:
        return Phone(self, OPERATOR)

    def person(self, **more: Any) -> Phone:
        """Somebody new with a phone."""
        wa_id = f"9665055{next(self.numbers):05d}"
        self.bench("POST", "/api/phones", {"wa_id": wa_id, **more})
        return Phone(self, wa_id)

    def deals(self, number: int, *, agreed: bool = True, wrote: bool = True, **columns: str) -> list[Deal]:
        """New opportunities, imported in one file, each about a new person.

        wrote: the person's window is open. agreed: their consent to offers was recorded. columns: of the file.
        """
        deals = []
        for serial in itertools.islice(self.numbers, number):
            phone = self.person(name=f"ليلى {serial:04d}")
            deals.append(Deal(f"عرض رقم {serial:04d}", f"ليلى {serial:04d}", phone))
        if wrote:
            self._let_them_write(deals)
        if agreed:
            self.agree(deals)
        self.import_rows("opportunities", [{**deal.row, **columns} for deal in deals])
        return deals

    def deal(self, *, agreed: bool = True, wrote: bool = True, **columns: str) -> Deal:
        return self.deals(1, agreed=agreed, wrote=wrote, **columns)[0]

    def _let_them_write(self, deals: Sequence[Deal]) -> None:
        written = [deal.phone.say("السلام عليكم، أرسلوا التفاصيل") for deal in deals]
        wamids = ", ".join(f"'{wamid}'" for wamid in written)
        kept = f"SELECT count(*) FROM inbound_message WHERE wamid IN ({wamids})"
        self.until(lambda: self.rows(kept) == [(len(written),)])

    def agree(self, deals: Sequence[Deal]) -> None:
        consent = {
            "categories": "marketing", "purpose": "offers", "happened_at": "2026-06-01T10:00",
            "wording": "أوافق على استلام العروض", "evidence": "نموذج ورقي", "collected_directly": "نعم",
        }  # fmt: skip
        self.import_rows("consents", [{"phone": f"+{d.phone.wa_id}", "name": d.name, **consent} for d in deals])

    def import_rows(self, kind: str, rows: Sequence[dict[str, str]]) -> None:
        report = self.clerk(kind, text=as_csv(rows))
        assert not report["faults"], report

    # What the operator sees and does

    def card(self, deal: Deal, *, after: int = 0) -> Json:
        """The newest opportunity card of this deal on the operator's phone; after: how many there were before."""
        return self._newest(deal.title, "opp:", after=after)

    def approval(self, deal: Deal, *, after: int = 0) -> Json:
        """The newest approval card of this deal."""
        return self._newest(deal.name, "msg:", after=after)

    def _newest(self, words: str, button: str, *, after: int) -> Json:
        return self.until(lambda: self.shown(words, button)[after:])[-1]

    def shown(self, words: str, button: str) -> list[Json]:
        """Cards on the operator's phone with these words, whose buttons begin so."""
        cards = [message for message in self.operator.received() if message["buttons"]]
        return [card for card in cards if words in card["text"] and card["buttons"][0]["id"].startswith(button)]

    def answer(self, wamid: str) -> str:
        """What the operator was told about one tap or text, as it stands on the phone."""
        sql = f"SELECT wamid FROM outbox WHERE request_key = 'answer:{wamid}' AND state = 'accepted'"
        [[told]] = self.until(lambda: self.rows(sql))
        return next(message["text"] for message in self.operator.received() if message["wamid"] == told)

    def told(self, code: AnswerCode, deal: Deal) -> list[str]:
        """Everything on the operator's phone that says this about the person of a deal."""
        return [text for text in self.operator.texts() if says(text, code) and deal.name in text]

    def decide(self, card: Json, title: str, **more: Any) -> str:
        """Tap and read the answer."""
        return self.answer(self.operator.tap(card, title, **more))

    def draft(self, deal: Deal) -> Json:
        """From the opportunity card to its approval card, by رسالة."""
        assert says(self.decide(self.card(deal), "رسالة"), AnswerCode.DRAFTING)
        return self.approval(deal)

    def approve(self, deal: Deal) -> str:
        """The whole way to اعتماد; the answer."""
        return self.decide(self.draft(deal), "اعتماد")

    def until_left(self, phone: Phone, *, state: str = "accepted") -> Outgoing:
        """The newest message to this contact, once it is in `state`."""

        def look() -> Outgoing | None:
            found = self.outgoing(phone)
            return found[-1] if found and found[-1].state == state else None

        return self.until(look)

    def clear(self) -> None:
        """Nothing is open on the operator's phone: what earlier tests left is skipped."""
        self.faults(next_sends=[], duplicate_webhooks=False, hold_statuses=False, hold_webhooks=False)
        if not self._operator_can_be_reached():
            self.operator.say("أهلاً")
        for _ in range(30):
            self.until_quiet()
            open_cards = self.rows(
                "SELECT s.wamid, c.opportunity_id FROM card c JOIN showing s ON s.card_id = c.id "
                "WHERE c.closed_at IS NULL AND c.kind = 'opportunity' AND s.wamid IS NOT NULL"
            )
            if not open_cards:
                return
            for wamid, opportunity_id in open_cards:
                self.operator.tap_id(wamid, f"opp:{opportunity_id}:skip", title="تخطي")
        pytest.fail("the operator's phone never became empty")

    def _operator_can_be_reached(self) -> bool:
        [phone] = self.bench("GET", f"/api/state?phone={OPERATOR}")["phones"]
        until = phone["window_open_until"]
        return until is not None and until > self.now() + 3600

    def approve_texts(self, *intents: Intent) -> None:
        """As an administrator does it; `help` is left waiting for the walk that is about that."""
        for intent in intents:
            page = self.screens.get("/texts/")
            self.screens.send(page.form(f"/texts/{intent}/approve/"))

    def item_page(self, deal: Deal) -> Page:
        """The page of this deal."""
        [[opportunity_id]] = self.rows(f"SELECT id FROM opportunity WHERE title = '{deal.title}'")
        return self.screens.get(f"/i/{opportunity_id}/")

    def enrol(self, phone: Phone) -> None:
        """Log-in, code, code from the phone, password: as a person links a phone."""
        page = self.screens.send(self.screens.get("/operators/enrol/").form("/operators/enrol/code/"))
        code = page.text.split('class="enrol-code"><bdi dir="ltr">')[1].split("<")[0]
        phone.say(code)
        matched = self.until(self._matched)
        self.screens.send(matched.form("/operators/enrol/confirm/"), password=PASSWORD)
        self.until(lambda: self.rows(f"SELECT 1 FROM operator WHERE state = 'active' AND wa_id = '{phone.wa_id}'"))

    def _matched(self) -> Page | None:
        page = self.screens.get("/operators/enrol/")
        return page if any(form.action.endswith("/confirm/") for form in page.forms) else None


def as_csv(rows: Sequence[dict[str, str]]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


@contextlib.contextmanager
def open_house(folder: Path, **settings: str) -> Iterator[House]:
    """A house on the database of this run. settings: environment variables beside the usual ones."""
    port = free_port()
    usual = {
        "WHATSAPP_GRAPH_URL": f"http://127.0.0.1:{port}", "WAKEEL_SIMULATOR_URL": f"http://127.0.0.1:{port}",
        "WAKEEL_UNDO_SECONDS": str(UNDO_S), "WAKEEL_LOG_LEVEL": "DEBUG", "WAKEEL_BUSINESS_NAME": "مكتب وكيل",
    }  # fmt: skip
    with make_deployment(folder, **{**usual, **settings}) as deployment:
        house = House(deployment, port, screens=Screens(deployment.port))
        try:
            house.start_all()
            house.clerk("create_login", username=USERNAME, password=PASSWORD, name="سعود", is_admin=True)
            house.screens.log_in(USERNAME, PASSWORD)
            house.approve_texts(*(intent for intent in Intent if intent is not Intent.HELP))
            house.bench("POST", "/api/phones", {"wa_id": OPERATOR, "role": "operator", "name": "سعود"})
            house.enrol(house.operator)
            yield house
        finally:
            house.close()
