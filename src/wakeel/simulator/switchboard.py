"""What happens: a message is accepted, a person writes or taps, a status goes out. Both faces use it."""

import asyncio
import re
from collections.abc import Iterable
from dataclasses import dataclass

from wakeel.simulator import envelopes
from wakeel.simulator.accepted import Request, message_of
from wakeel.simulator.account import Account
from wakeel.simulator.backoff import COMPRESSED, REAL
from wakeel.simulator.bell import Bell
from wakeel.simulator.drawing import shown_text
from wakeel.simulator.envelopes import Json, Sender
from wakeel.simulator.errors import MetaError
from wakeel.simulator.faults import Faults
from wakeel.simulator.ids import country_code, new_wamid
from wakeel.simulator.media import FOLDER, MediaStore
from wakeel.simulator.players import Players
from wakeel.simulator.practice_clock import PracticeClock
from wakeel.simulator.rules.book import Rules
from wakeel.simulator.rules.desk import Desk
from wakeel.simulator.rules.held import HELD, Held
from wakeel.simulator.rules.judge import Send
from wakeel.simulator.scripts import Script
from wakeel.simulator.settings import Options
from wakeel.simulator.snapshot import Snapshot
from wakeel.simulator.tariff import Tariff
from wakeel.simulator.teller import Teller
from wakeel.simulator.template_news import TemplateNews
from wakeel.simulator.templates import Templates
from wakeel.simulator.webhooks import Postman
from wakeel.simulator.wire import WireLog
from wakeel.simulator.world import (
    TTL_S,
    TYPING_S,
    Direction,
    Message,
    Phone,
    Ticks,
    Undeliverable,
    World,
)

FAREWELLS = frozenset({"إيقاف", "ايقاف", "إلغاء الاشتراك", "الغاء الاشتراك", "stop"})
"""Said once for ever: repeated at a later start it would undo what the person said since."""

DECIDE_EVERY_S = 0.1

SENT_KEPT = 2_000
"""Newest rows of the sent log that outlive the process."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """Whom a request addresses. wa_id is None for a BSUID; phone is None when nobody of that address is here."""

    given: str
    wa_id: str | None
    bsuid: str | None
    phone: Phone | None


class Switchboard:
    """Everything one simulator process holds."""

    def __init__(
        self,
        options: Options,
        *,
        business_name: str,
        clock: PracticeClock,
        world: World,
        past: Snapshot,
        scripts: Iterable[Script] = (),
    ) -> None:
        """past: what the last process left; its phones stand in the world already, the rest waits for `go_on`.

        scripts: of the personas file.
        """
        self.options = options
        self.business_name = business_name
        self.clock = clock
        self.world = world
        self.bell = Bell()
        self.faults = Faults()
        self.wire = WireLog(simulator_url=options.address)
        self.templates = Templates(past.templates)
        self.media = MediaStore(
            now=self.clock.now,
            address=options.address,
            folder=options.data_dir / FOLDER if options.data_dir else None,
            kept=past.media,
        )
        self.template_news = TemplateNews(self)
        self.review_s = options.review_s
        self.account = past.account or Account()
        self.rules = Rules()
        self.rules.change(options.rules)
        self.desk = Desk(
            self.rules, past.ledger, past.held, clock=clock, templates=self.templates, arrive=self._release
        )
        self.tariff = Tariff(used=dict(past.service_used))
        self.players = Players(self, scripts=scripts, pace=options.ladder.pace)
        self.sent = list(past.sent)
        self.had_past = bool(past.phones)
        self.stopping = asyncio.Event()
        self.postman = Postman(
            url=options.webhook_url,
            secret=options.app_secret,
            wire=self.wire,
            clock=clock,
            faults=self.faults,
            bell=self.bell,
            taken=self._taken,
            backoff=REAL if options.real_backoff else COMPRESSED,
        )
        self.follow_account()
        self.teller = Teller(
            options.ladder,
            clock=clock,
            tariff=self.tariff,
            world=world,
            postman=self.postman,
            sender=lambda: self.sender,
            undeliverable=past.undeliverable,
        )
        self._left_over = past.parcels

    def go_on(self) -> None:
        """Bring the webhooks the last process could not, and tell the statuses it still owed."""
        for parcel in self._left_over:
            self.postman.bring(parcel)
        self.teller.go_on()
        for verdict in self.desk.verdicts():
            self.postman.spawn(verdict)
        self.postman.spawn(self._decide_templates())

    def follow_account(self) -> None:
        """Bring webhooks where the business wants them, or nowhere."""
        self.postman.url = self.account.webhook_url(self.options.webhook_url)
        self.postman.subscribed = self.account.subscribed

    @property
    def sender(self) -> Sender:
        """The number as webhooks name it."""
        ids = (self.options.waba_id, self.options.phone_number_id, self.options.display_phone)
        return Sender(*ids, checks_identity=self.account.checks_identity)

    def snapshot(self) -> Snapshot:
        """This moment; its lists are the living ones."""
        return Snapshot(
            phones=list(self.world.phones.values()),
            undeliverable=self.teller.undeliverable,
            sent=self.sent[-SENT_KEPT:],
            parcels=self.postman.undelivered,
            media=self.media.all(),
            held=self.desk.shelf.rows(),
            ledger=self.desk.ledger,
            service_used=dict(self.tariff.used),
            templates=self.templates.book,
            account=self.account,
        )

    async def stopped_within(self, seconds: float) -> bool:
        """Wait this long, or until the process stops; True if it does."""
        try:
            async with asyncio.timeout(seconds):
                return await self.stopping.wait()
        except TimeoutError:
            return False

    def recipient(self, payload: Json) -> Recipient:
        """Whom a checked request addresses; `to` wins over `recipient` (Meta, "BSUID", read 2026-11-22)."""
        if payload.get("to") is None:
            bsuid = payload["recipient"]
            return Recipient(given=bsuid, wa_id=None, bsuid=bsuid, phone=self.world.by_bsuid(bsuid))
        wa_id = self._dialled(payload["to"])
        return Recipient(given=payload["to"], wa_id=wa_id, bsuid=None, phone=self.world.phones.get(wa_id))

    def objection(self, recipient: Recipient, payload: Json) -> MetaError | None:
        """Why a well-formed message to this recipient is refused; None if it is taken."""
        if recipient.wa_id == self.options.display_phone:
            return MetaError(131021, "The recipient is the sending number itself.")
        if error := self.account.objection(recipient.phone):
            return error
        return self.desk.objection(self._as_send(payload, recipient), payload.get("template"))

    def accept(self, payload: Json, recipient: Recipient, *, doom: int | None = None) -> Json:
        """Take a message: it lies on the phone at once, statuses follow by webhook. The answer's body.

        doom: the code of the failure that was wished for it; the rules may find one by themselves.
        """
        shown = None if recipient.phone and recipient.phone.persona.hide_phone else recipient.wa_id
        request = Request(
            payload=payload,
            phone=recipient.phone,
            at=self.clock.now(),
            by_bsuid=recipient.bsuid is not None,
            filled=self.templates.filled(payload["template"]) if "template" in payload else None,
            ttl_s=self.templates.ttl_s(payload["template"]) if "template" in payload else TTL_S,
        )
        message = message_of(request, wamid=new_wamid(shown), world=self.world, media=self.media.get)
        self._note_sent(payload, recipient, message)
        if doom is not None:
            message.doom, message.doom_details = doom, ""
        if verdict := self.desk.take(self._as_send(payload, recipient), message):
            self.postman.spawn(verdict)
        elif recipient.phone:
            self._arrive(recipient.phone, message)
        else:
            address = {"recipient_id": recipient.wa_id} if recipient.wa_id else {"recipient_user_id": recipient.given}
            self.teller.lose(Undeliverable(address, message))
        self.bell.ring()
        contact = {"input": recipient.given}
        contact |= {"wa_id": recipient.wa_id} if recipient.wa_id else {"user_id": recipient.given}
        told: Json = {"id": message.wamid}
        if message.wamid in self.desk.shelf:
            told["message_status"] = HELD
        return {"messaging_product": "whatsapp", "contacts": [contact], "messages": [told]}

    def take_receipt(self, payload: Json) -> None:
        """Turn the ticks of a person's messages up to the named one; show the typing indicator if asked for."""
        held = self.world.holding(payload["message_id"])
        if held is None:
            return
        phone, named = held
        for message in phone.messages:
            if message.direction is Direction.SENT and message.at <= named.at:
                message.status = Ticks.READ
        if "typing_indicator" in payload:
            phone.typing_until = self.clock.now() + TYPING_S
        self.bell.ring()

    def write(self, phone: Phone, text: str, *, context_wamid: str | None = None, at: float | None = None) -> Message:
        """The owner of a phone types a message. at: business time, None for now."""
        message = self.own(phone, kind="text", text=text, context_wamid=context_wamid, at=at)
        context = self._context(context_wamid) if context_wamid else None
        return self.send_in(phone, message, {"type": "text", "text": {"body": text}}, context=context)

    def tap(self, phone: Phone, card: str, content: Json, *, quoted: bool = True, at: float | None = None) -> Message:
        """The owner taps something on a message.

        card: wamid of that message. content: what the tap sends (see `taps`). quoted: False leaves the context out,
        which Meta never does.
        """
        message = self.own(
            phone,
            kind=content["type"],
            text=shown_text(content),
            context_wamid=card if quoted else None,
            at=at,
            payload=content,
        )
        return self.send_in(phone, message, content, context=self._context(card) if quoted else None)

    def change_faults(self, wish: Json) -> None:
        """Set faults and let go of what is no longer held. Raises Mistake."""
        self.faults.change(wish)
        self.postman.hold(held=self.faults.hold_webhooks)
        self.teller.hold(held=self.faults.hold_statuses)
        self.bell.ring()

    def open_conversations(self) -> None:
        """Who writes first does so, in the order of the file, unless their window is open from an earlier start."""
        for phone in list(self.world.phones.values()):
            text = phone.persona.writes_first
            if text is None or phone.window_is_open(now=self.clock.now()):
                continue
            if phone.last_inbound_at is None or text.strip().casefold() not in FAREWELLS:
                self.write(phone, text)

    def _dialled(self, given: str) -> str:
        """The digits a number really reaches: without `+` the business's own country code comes in front.

        Source: Meta, "Sending messages", read 2026-11-22. It mis-delivers; so does Meta.
        """
        digits = re.sub(r"\D", "", given)
        return digits if given.startswith("+") else country_code(self.options.display_phone) + digits

    def _as_send(self, payload: Json, recipient: Recipient) -> Send:
        wanted = payload.get("template", {})
        found = self.templates.find(wanted["name"], wanted["language"]["code"]) if wanted else None
        person = recipient.phone.bsuid if recipient.phone else recipient.wa_id or recipient.given
        return Send(person, recipient.wa_id, recipient.phone, is_template=bool(wanted), template=found)

    def _arrive(self, phone: Phone, message: Message) -> None:
        """A message of the business reaches a phone, or fails on its way there."""
        self.world.keep(phone, message)
        self.tariff.answered(phone, at=message.at)
        self.teller.follow(phone, message)
        if message.doom is None:
            self.postman.spawn(self.players.saw(phone, message))

    def _release(self, held: Held) -> None:
        if phone := self.world.phones.get(held.wa_id):
            self._arrive(phone, held.message)

    def _note_sent(self, payload: Json, recipient: Recipient, message: Message) -> None:
        row = {"wamid": message.wamid, "to": recipient.wa_id or recipient.bsuid, "callback": message.callback}
        self.sent.append(row | {"at": message.at, "payload": payload})

    def _context(self, wamid: str) -> Json:
        return {"from": self.options.display_phone, "id": wamid}

    def own(
        self,
        phone: Phone,
        *,
        kind: str,
        text: str,
        context_wamid: str | None,
        at: float | None,
        payload: Json | None = None,
    ) -> Message:
        """A message of the owner, not sent yet. at: business time, None for now. payload: see `world.Message`."""
        return Message(
            wamid=new_wamid(None if phone.persona.hide_phone else phone.wa_id),
            direction=Direction.SENT,
            at=self.clock.now() if at is None else at,
            type=kind,
            text=text,
            payload=payload,
            context_wamid=context_wamid,
            status=Ticks.WAITING,
        )

    def send_in(self, phone: Phone, message: Message, content: Json, *, context: Json | None) -> Message:
        """Lay the owner's message into the chat and post its webhook; whom the business blocked reaches nobody."""
        self.world.keep(phone, message)
        if phone.blocked:
            self.bell.ring()
            return message
        self.desk.heard()
        envelope = envelopes.inbound(self.sender, phone, message, content, context=context)
        self.postman.post(envelope, wamid=message.wamid)
        return message

    def _taken(self, wamid: str) -> None:
        held = self.world.holding(wamid)
        if held and held[1].status == Ticks.WAITING:
            held[1].status = Ticks.DELIVERED

    async def _decide_templates(self) -> None:
        """Meta's reviews and timed pauses, as they fall due."""
        while not await self.stopped_within(DECIDE_EVERY_S):
            self.template_news.work()
