"""What happens: a message is accepted, a person writes or taps, a status goes out. Both faces use it."""

import asyncio
import re
from dataclasses import dataclass

from wakeel.simulator import envelopes
from wakeel.simulator.bell import Bell
from wakeel.simulator.drawing import shown_text
from wakeel.simulator.envelopes import Json, Sender
from wakeel.simulator.errors import DETAILS_131047, MetaError
from wakeel.simulator.faults import Faults
from wakeel.simulator.ids import country_code, new_wamid
from wakeel.simulator.practice_clock import PracticeClock
from wakeel.simulator.settings import Options
from wakeel.simulator.snapshot import Snapshot
from wakeel.simulator.templates import Templates
from wakeel.simulator.webhooks import Postman
from wakeel.simulator.wire import WireLog
from wakeel.simulator.world import TYPING_S, Direction, Message, Phone, StatusEvent, Ticks, Undeliverable, World

UNDELIVERABLE = 131026

FAREWELLS = frozenset({"إيقاف", "ايقاف", "إلغاء الاشتراك", "الغاء الاشتراك", "stop"})
"""Said once for ever: repeated at a later start it would undo what the person said since."""

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
        self, options: Options, *, business_name: str, clock: PracticeClock, world: World, past: Snapshot
    ) -> None:
        """past: what the last process left; its phones stand in the world already, the rest waits for `go_on`."""
        self.options = options
        self.business_name = business_name
        self.clock = clock
        self.world = world
        self.bell = Bell()
        self.faults = Faults()
        self.wire = WireLog()
        self.templates = Templates()
        self.sent = list(past.sent)
        self.stopping = asyncio.Event()
        self.sender = Sender(options.waba_id, options.phone_number_id, options.display_phone)
        self.postman = Postman(
            url=options.webhook_url,
            secret=options.app_secret,
            wire=self.wire,
            faults=self.faults,
            bell=self.bell,
            taken=self._taken,
        )
        self._undeliverable = {lost.message.wamid: lost for lost in past.undeliverable}
        self._left_over = past.parcels
        self._statuses_flow = asyncio.Event()
        self._statuses_flow.set()

    def go_on(self) -> None:
        """Bring the webhooks the last process could not, and tell the statuses it still owed."""
        for parcel in self._left_over:
            self.postman.bring(parcel)
        for phone in self.world.phones.values():
            for message in phone.messages:
                if message.owed():
                    self.postman.spawn(self._climb(phone, message))
        for lost in self._undeliverable.values():
            self.postman.spawn(self._fail_unknown(lost))

    def snapshot(self) -> Snapshot:
        """This moment; its lists are the living ones."""
        return Snapshot(
            phones=list(self.world.phones.values()),
            undeliverable=list(self._undeliverable.values()),
            sent=self.sent[-SENT_KEPT:],
            parcels=self.postman.undelivered,
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
        if "to" not in payload:
            bsuid = payload["recipient"]
            return Recipient(given=bsuid, wa_id=None, bsuid=bsuid, phone=self.world.by_bsuid(bsuid))
        wa_id = self._dialled(payload["to"])
        return Recipient(given=payload["to"], wa_id=wa_id, bsuid=None, phone=self.world.phones.get(wa_id))

    def objection(self, recipient: Recipient, payload: Json) -> MetaError | None:
        """Why a well-formed message to this recipient is refused; None if it is taken. Templates need no window."""
        if recipient.wa_id == self.options.display_phone:
            return MetaError(131021, "The recipient is the sending number itself.")
        if payload["type"] == "template":
            return self.templates.judge(payload["template"])
        phone = recipient.phone
        if phone and not phone.window_is_open(now=self.clock.now()):
            return MetaError(131047, DETAILS_131047)
        return None

    def accept(self, payload: Json, recipient: Recipient) -> Json:
        """Take a message: it lies on the phone at once, statuses follow by webhook. The answer's body."""
        shown = None if recipient.phone and recipient.phone.persona.hide_phone else recipient.wa_id
        message = Message(
            wamid=new_wamid(shown),
            direction=Direction.RECEIVED,
            at=self.clock.now(),
            type=payload["type"],
            text=self.templates.words(payload["template"]) if "template" in payload else shown_text(payload),
            payload=payload,
            context_wamid=payload.get("context", {}).get("message_id"),
            by_bsuid=recipient.bsuid is not None,
            status="accepted",
        )
        self._note_sent(payload, recipient, message)
        if recipient.phone:
            self.world.keep(recipient.phone, message)
            self.postman.spawn(self._climb(recipient.phone, message))
            self._answer_by_persona(recipient.phone, message)
        else:
            address = {"recipient_id": recipient.wa_id} if recipient.wa_id else {"recipient_user_id": recipient.given}
            lost = self._undeliverable[message.wamid] = Undeliverable(address, message)
            self.postman.spawn(self._fail_unknown(lost))
        self.bell.ring()
        contact = {"input": recipient.given}
        contact |= {"wa_id": recipient.wa_id} if recipient.wa_id else {"user_id": recipient.given}
        return {"messaging_product": "whatsapp", "contacts": [contact], "messages": [{"id": message.wamid}]}

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
        message = self._own(phone, kind="text", text=text, context_wamid=context_wamid, at=at)
        context = self._context(context_wamid) if context_wamid else None
        return self._send_in(phone, message, {"type": "text", "text": {"body": text}}, context=context)

    def tap(
        self, phone: Phone, card: str, reply: Json, *, kind: str, quoted: bool = True, at: float | None = None
    ) -> Message:
        """The owner taps a button or a list row.

        card: wamid of the message the tap quotes. kind: button_reply or list_reply. reply: its id, title, description.
        quoted: False leaves the context out, which Meta never does.
        """
        message = self._own(
            phone, kind="interactive", text=reply["title"], context_wamid=card if quoted else None, at=at
        )
        content = {"type": "interactive", "interactive": {"type": kind, kind: reply}}
        return self._send_in(phone, message, content, context=self._context(card) if quoted else None)

    def report(self, phone: Phone, message: Message, status: str, *, code: int | None = None) -> None:
        """Send one status of a message now."""
        event = StatusEvent(status=status, at=self.clock.now(), code=code)
        message.add_status(event)
        self.postman.post(envelopes.status(self.sender, phone, message, event))

    def change_faults(self, wish: Json) -> None:
        """Set faults and let go of what is no longer held. Raises FaultMistake."""
        self.faults.change(wish)
        self.postman.hold(held=self.faults.hold_webhooks)
        if self.faults.hold_statuses:
            self._statuses_flow.clear()
        else:
            self._statuses_flow.set()
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

    def _note_sent(self, payload: Json, recipient: Recipient, message: Message) -> None:
        row = {"wamid": message.wamid, "to": recipient.wa_id or recipient.bsuid, "callback": message.callback}
        self.sent.append(row | {"at": message.at, "payload": payload})

    def _context(self, wamid: str) -> Json:
        return {"from": self.options.display_phone, "id": wamid}

    def _own(self, phone: Phone, *, kind: str, text: str, context_wamid: str | None, at: float | None) -> Message:
        return Message(
            wamid=new_wamid(None if phone.persona.hide_phone else phone.wa_id),
            direction=Direction.SENT,
            at=self.clock.now() if at is None else at,
            type=kind,
            text=text,
            context_wamid=context_wamid,
            status=Ticks.WAITING,
        )

    def _send_in(self, phone: Phone, message: Message, content: Json, *, context: Json | None) -> Message:
        self.world.keep(phone, message)
        envelope = envelopes.inbound(self.sender, phone, message, content, context=context)
        self.postman.post(envelope, wamid=message.wamid)
        return message

    def _taken(self, wamid: str) -> None:
        held = self.world.holding(wamid)
        if held and held[1].status == Ticks.WAITING:
            held[1].status = Ticks.DELIVERED

    async def _climb(self, phone: Phone, message: Message) -> None:
        ladder = self.options.ladder
        moments_s = {"sent": ladder.sent_s, "delivered": ladder.delivered_s, "read": ladder.read_s}
        waited_s = 0.0
        for status in message.owed():
            await asyncio.sleep(moments_s[status] - waited_s)
            waited_s = moments_s[status]
            await self._statuses_flow.wait()
            if message.status == "failed":  # a person said so by hand
                return
            self.report(phone, message, status)

    async def _fail_unknown(self, lost: Undeliverable) -> None:
        await asyncio.sleep(self.options.ladder.sent_s)
        await self._statuses_flow.wait()
        event = StatusEvent(status="failed", at=self.clock.now(), code=UNDELIVERABLE)
        del self._undeliverable[lost.message.wamid]
        self.postman.post(envelopes.failed(self.sender, lost.message, event, recipient=lost.address))

    def _answer_by_persona(self, phone: Phone, message: Message) -> None:
        for reply in phone.persona.replies:
            if reply.contains in message.text:
                self.postman.spawn(self._write_later(phone, reply.answer, after_s=reply.after_s))
                return

    async def _write_later(self, phone: Phone, text: str, *, after_s: float) -> None:
        await asyncio.sleep(after_s)
        self.write(phone, text)
