"""One business with its phones, driven as the worker drives it: webhooks in, claims out, Meta's answers written down.

Meta is played at the edge: bodies go in as Meta posts them and are decoded, what is claimed is answered by the test.
"""

import hashlib
import itertools
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from tests import rows
from tests.flows.one_webhook import route_inbound
from wakeel.domain.cards import BETWEEN_NOTICES
from wakeel.domain.outbox import LEASE
from wakeel.flows import dispatch_outbox
from wakeel.flows.dispatch_outbox import Claimed
from wakeel.flows.route_batch import TAP_WAITS_AT_MOST
from wakeel.flows.show_card import fill_cards
from wakeel.store.models import (
    Card,
    Contact,
    ContactAlias,
    Draft,
    InboundMessage,
    InboxRow,
    Operator,
    Opportunity,
    OutboxMessage,
    Prompt,
    Showing,
)
from wakeel.whatsapp.answers import Accepted, Outcome

Json = dict[str, Any]

TITLES = {"accept": "قبول", "skip": "تخطي", "draft": "رسالة", "approve": "اعتماد", "edit": "تعديل", "cancel": "إلغاء"}


@dataclass
class Stage:
    """now: business time and real time alike; the fixture makes `clock.real_now` say the same."""

    firm: rows.Firm
    operator: Operator
    now: datetime = rows.T0
    _wamids: Any = field(default_factory=lambda: itertools.count(1))

    # what happens

    def wait(self, **span: float) -> None:
        self.now += timedelta(**span)

    def person(
        self, *, consent: bool = True, key: str = "k1", title: str = "تجديد العقد", **fields: Any
    ) -> Opportunity:
        """A contact with an open window, consent and one opportunity, unless told otherwise."""
        opportunity_fields = {name: fields.pop(name) for name in ("draft_text", "score") if name in fields}
        contact = rows.contact(self.firm, **fields)
        if consent:
            rows.grant(contact)
        return rows.opportunity(self.firm, contact, key=key, title=title, **opportunity_fields)

    def show_cards(self) -> None:
        """The next opportunity cards reach the operator's phone."""
        fill_cards(self.operator, now=self.now)
        self.deliver()

    def tap(
        self,
        button_id: str,
        *,
        on: str | None = "latest",
        by: Operator | Contact | None = None,
        sent_at: datetime | None = None,
        wamid: str | None = None,
        sender: Json | None = None,
    ) -> "Answer":
        """A tap on a button. on: the wamid of the showing, `latest` for the newest with that button, None for none."""
        who = by or self.operator
        context = self.showing_of(button_id, operator=who) if on == "latest" and isinstance(who, Operator) else on
        reply = {"id": button_id, "title": TITLES.get(button_id.rpartition(":")[2], "زر")}
        message: Json = {"type": "interactive", "interactive": {"type": "button_reply", "button_reply": reply}}
        if context not in {None, "latest"}:
            message["context"] = {"from": "966110000001", "id": context}
        return self._message(message, who, sent_at=sent_at, wamid=wamid, sender=sender)

    def says(
        self,
        text: str,
        *,
        by: Operator | Contact | None = None,
        quoting: str | None = None,
        sent_at: datetime | None = None,
        wamid: str | None = None,
        sender: Json | None = None,
    ) -> "Answer":
        message: Json = {"type": "text", "text": {"body": text}}
        if quoting is not None:
            message["context"] = {"from": "966110000001", "id": quoting}
        return self._message(message, by or self.operator, sent_at=sent_at, wamid=wamid, sender=sender)

    def choose(self, button_id: str, *, by: Operator | None = None, sent_at: datetime | None = None) -> "Answer":
        """A tap on a row, or a button, of the newest question on the phone that has it."""
        who = by or self.operator
        reply = {"id": button_id, "title": "زر"}
        message: Json = {"type": "interactive", "interactive": {"type": "list_reply", "list_reply": reply}}
        message["context"] = {"from": "966110000001", "id": self.question_with(button_id, operator=who)}
        return self._message(message, who, sent_at=sent_at)

    def sends_image(self, *, by: Operator | Contact | None = None) -> "Answer":
        return self._message({"type": "image", "image": {"id": "1"}}, by or self.operator)

    def post(
        self, message: Json, *, by: Operator | Contact, sent_at: datetime | None = None, wamid: str | None = None
    ) -> "Answer":
        """A message of any form."""
        return self._message(message, by, sent_at=sent_at, wamid=wamid)

    def address_of(self, contact: Contact) -> str:
        """The number that Meta knows a contact by, with `+`."""
        return f"+{self._phone_of(contact)}"

    def status(
        self, wamid: str, status: str, *, attempt_id: str | None = None, code: int | None = None, to: str = ""
    ) -> InboxRow:
        item: Json = {"id": wamid, "status": status, "timestamp": self._stamp(self.now), "recipient_id": to or "9665"}
        if attempt_id is not None:
            item["biz_opaque_callback_data"] = attempt_id
        if code is not None:
            item["errors"] = [{"code": code, "title": "x", "error_data": {"details": "y"}}]
        return self.webhook({"statuses": [item]})

    def system(self, system: Json, *, sender: Json) -> InboxRow:
        message = {"id": self.new_wamid("SYS"), "timestamp": self._stamp(self.now), "type": "system", "system": system}
        return self.webhook({"messages": [sender | message]})

    def preference(self, contact: Contact, value: str) -> InboxRow:
        who = {"wa_id": self._phone_of(contact)}
        item = who | {"category": "marketing_messages", "value": value, "timestamp": int(self.now.timestamp())}
        return self.webhook({"contacts": [who], "user_preferences": [item]}, kind="user_preferences")

    def webhook(self, value: Json, *, kind: str = "messages", number: str = rows.NUMBER_ID) -> InboxRow:
        """Store one POST and carry it out. A fault inside is a failure of the test: nothing may be noted.

        A tap that waits for its card's wamid to be bound is looked at again every second, as the worker would.
        """
        value = {"messaging_product": "whatsapp", "metadata": {"phone_number_id": number}} | value
        entry = {"id": rows.WABA_ID, "changes": [{"field": kind, "value": value}]}
        body = json.dumps({"object": "whatsapp_business_account", "entry": [entry]}).encode()
        row, made = InboxRow.objects.get_or_create(
            digest=hashlib.sha256(body).digest(), defaults={"body": body, "received_at": self.now}
        )
        if made:
            tries = 0
            while not route_inbound(row.id, now=self.now):
                tries += 1
                assert tries <= TAP_WAITS_AT_MOST.total_seconds()
                self.wait(seconds=1)
            row.refresh_from_db()
            assert (row.state, row.errors) == ("done", [])
        return row

    def claim(self) -> list[Claimed]:
        return dispatch_outbox.claim(lease=LEASE, now=self.now)

    def record(self, claimed: Claimed, outcome: Outcome | None = None) -> str | None:
        """Write down Meta's answer, accepted unless told otherwise; returns the new wamid."""
        wamid = self.new_wamid("OUT")
        dispatch_outbox.record(claimed.attempt_id, outcome or Accepted(wamid, "accepted", 200), now=self.now)  # type: ignore[arg-type]
        return wamid if outcome is None else None

    def deliver(self, answer: Callable[[Claimed], Outcome | None] = lambda _: None) -> list[Claimed]:
        """Claim and answer until nothing may leave any more; returns what left, in order."""
        left: list[Claimed] = []
        while claimed := self.claim():
            for one in claimed:
                self.record(one, answer(one))
            left += claimed
        return left

    # what is there

    def showing_of(self, button_id: str, *, operator: Operator | None = None) -> str | None:
        """The newest showing on the operator's phone that carries this button."""
        for showing in self.showings(operator):
            buttons = showing.outbox.body["interactive"]["action"]["buttons"]
            if button_id in {button["reply"]["id"] for button in buttons}:
                return showing.wamid
        return None

    def question_with(self, button_id: str, *, operator: Operator | None = None) -> str | None:
        """The wamid of the newest question on the phone that has this row or button."""
        asked = Prompt.objects.filter(operator=operator or self.operator, outbox__wamid__isnull=False)
        for prompt in asked.select_related("outbox").order_by("-id"):
            if button_id in choices(prompt.outbox.body):
                return prompt.outbox.wamid
        return None

    def showings(self, operator: Operator | None = None) -> list[Showing]:
        """Cards on the operator's phone, the newest first."""
        shown = Showing.objects.filter(card__operator=operator or self.operator, wamid__isnull=False)
        return list(shown.select_related("outbox", "card").order_by("-id"))

    def phone(self, operator: Operator | None = None) -> list[str]:
        """What the operator's phone says, in the order of arrival."""
        sent = OutboxMessage.objects.filter(operator=operator or self.operator, attempts__outcome="accepted")
        sent = sent.order_by("attempts__id")
        return [words(row.body) for row in sent]

    def told(self, operator: Operator | None = None) -> list[str]:
        """Everything queued for the operator, sent or not, but the cards and notices that became part of another."""
        queued = OutboxMessage.objects.filter(operator=operator or self.operator, lane=0).order_by("id")
        queued = queued.exclude(state="suppressed", purpose="notice")
        return [notice for row in queued for notice in words(row.body).split(BETWEEN_NOTICES)]

    def accepted(self, opportunity: Opportunity | None = None) -> Draft:
        """An opportunity taken by the operator, its draft's card on the phone."""
        opportunity = opportunity or self.person()
        self.show_cards()
        assert self.tap(f"opp:{opportunity.id}:accept").code == "accepted"
        self.deliver()
        return Draft.objects.get(opportunity=opportunity)

    def approved(self, opportunity: Opportunity | None = None, *, answer: str = "approved") -> OutboxMessage:
        """A draft approved on the phone; its message waits for the undo grace, or for its hour. answer: to the tap."""
        draft = self.accepted(opportunity)
        assert self.tap(f"msg:{draft.id}:approve").code == answer
        self.deliver()
        return OutboxMessage.objects.get(draft=draft)

    def sent(self, opportunity: Opportunity | None = None) -> OutboxMessage:
        message = self.approved(opportunity)
        self.wait(seconds=11)
        assert [one.outbox_id for one in self.deliver()] == [message.id]
        message.refresh_from_db()
        return message

    def to_contacts(self) -> list[str]:
        """The texts of contact messages that were handed to the wire, oldest first."""
        left = OutboxMessage.objects.filter(audience="contact", attempts__isnull=False).distinct()
        return [words(row.body) for row in left.order_by("id")]

    def open_cards(self) -> int:
        return Card.objects.filter(operator=self.operator, closed_at=None).count()

    def new_wamid(self, kind: str = "IN") -> str:
        return f"wamid.{kind}{next(self._wamids)}"

    # how a body is made

    def _message(
        self,
        message: Json,
        who: Operator | Contact,
        *,
        sent_at: datetime | None = None,
        wamid: str | None = None,
        sender: Json | None = None,
    ) -> "Answer":
        wamid = wamid or self.new_wamid()
        sender = sender or self.sender_of(who)
        head = {"id": wamid, "timestamp": self._stamp(sent_at or self.now)}
        contact = {"profile": {"name": who.name}}
        contact |= {"wa_id": sender["from"]} if "from" in sender else {}
        contact |= {"user_id": sender["from_user_id"]} if "from_user_id" in sender else {}
        self.webhook({"contacts": [contact], "messages": [sender | head | message]})
        return answer_to(wamid)

    def sender_of(self, who: Operator | Contact) -> Json:
        if isinstance(who, Operator):
            found = {"from": who.wa_id, "from_user_id": who.bsuid}
        else:
            bsuid = ContactAlias.objects.filter(contact=who, kind="bsuid", valid_to=None).first()
            found = {"from": self._phone_of(who), "from_user_id": bsuid.value if bsuid else None}
        return {name: value for name, value in found.items() if value}

    def _phone_of(self, contact: Contact) -> str | None:
        phone = ContactAlias.objects.filter(contact=contact, kind="phone", valid_to=None).first()
        return phone.value.removeprefix("+") if phone else None

    @staticmethod
    def _stamp(at: datetime) -> str:
        return str(int(at.timestamp()))


@dataclass(frozen=True)
class Answer:
    """code: what the message was noted as; text: what the operator is told, '' if nothing."""

    code: str
    text: str


def answer_to(wamid: str) -> Answer:
    kept = InboundMessage.objects.get(wamid=wamid)
    told = OutboxMessage.objects.filter(request_key=f"answer:{wamid}").first()
    return Answer(kept.handled, words(told.body) if told else "")


def choices(body: Json) -> list[str]:
    """The ids of the buttons or rows of a body, in their order."""
    action = body.get("interactive", {}).get("action", {})
    rows = [row["id"] for section in action.get("sections", []) for row in section["rows"]]
    return [button["reply"]["id"] for button in action.get("buttons", [])] + rows


def words(body: Json) -> str:
    """What a body says; of a template the values that it was filled with."""
    if body["type"] == "template":
        return " | ".join(one["text"] for one in body["template"]["components"][0]["parameters"])
    return body["text"]["body"] if body["type"] == "text" else body["interactive"]["body"]["text"]
