"""Whatever order webhooks arrive in, however often and in whichever company: the same events end in the same state.

Recorded conversations are played once in the order in which people did things, then in orders that hypothesis draws,
with repetitions and several items in one body. What is compared: people as groups of addresses with their intervals,
where each stands with every kind of consent, window and doubt, inbound messages by wamid and person, outbox states and
merged statuses, operators, templates and what Meta says of our numbers.

Left out, because order may matter there by design: what operators are told and shown (a question may be asked before
the news that settles it), why a message was taken back (the first reason stands), the code of a failure that a
delivery proved wrong, our fixed texts (a stop that is known keeps the question after an older START from being asked),
the number and time of ledger entries behind one standing, names. A yes to our question cannot arrive before the START
that made us ask. What has no BSUID (an echo, above all), from a phone that changed hands meanwhile, is of whoever is
known then to have had the phone: nothing in it says more.
"""

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests import rows
from tests.flows.one_webhook import route_inbound
from tests.flows.stage import Stage
from wakeel import clock
from wakeel.domain.consent import Category, state_of
from wakeel.domain.fixed_texts import CONSENTED_PURPOSES, Intent
from wakeel.flows import dispatch_outbox, fixed_text
from wakeel.flows.dispatch_outbox import Claimed
from wakeel.flows.verify_standings import differing
from wakeel.store import person_facts
from wakeel.store.models import (
    Contact,
    ContactAlias,
    InboundMessage,
    InboxRow,
    Operator,
    OutboxMessage,
    SendingNumber,
    Template,
)
from wakeel.whatsapp.answers import Accepted

Json = dict[str, Any]
Item = tuple[str, Json, int | None]
"""Webhook field, value and the entry's time, None where Meta gives none."""

pytestmark = pytest.mark.django_db
PURPOSES = ("offers", *CONSENTED_PURPOSES)
KINDS = (Category.MARKETING, Category.UTILITY)
EXAMPLES = settings().max_examples // 33
"""A conversation is some twenty transactions; `soak` draws sixty orders of each."""
PHASES = [Phase.reuse, Phase.generate, Phase.shrink]
"""Explaining a failure traces every line of the ORM."""


def stamp(minute: float) -> str:
    return str(int((rows.T0 + timedelta(minutes=minute)).timestamp()))


def ids(phone: str | None, bsuid: str | None, *, of: tuple[str, str] = ("from", "from_user_id")) -> Json:
    return {name: value for name, value in zip(of, (phone, bsuid), strict=True) if value}


def said(minute: float, phone: str | None, bsuid: str | None, text: str) -> Item:
    return message(minute, phone, bsuid, {"type": "text", "text": {"body": text}})


def tapped(minute: float, phone: str | None, bsuid: str | None, button_id: str) -> Item:
    reply = {"id": button_id, "title": "زر"}
    return message(
        minute, phone, bsuid, {"type": "interactive", "interactive": {"type": "button_reply", "button_reply": reply}}
    )


def message(minute: float, phone: str | None, bsuid: str | None, content: Json) -> Item:
    who = ids(phone, bsuid, of=("wa_id", "user_id"))
    head = ids(phone, bsuid) | {"id": f"wamid.IN{minute}.{bsuid or phone}", "timestamp": stamp(minute)}
    return "messages", {"contacts": [{"profile": {"name": "هي"}} | who], "messages": [head | content]}, None


def moved(minute: float, before: tuple[str | None, str | None], after: tuple[str | None, str | None]) -> Item:
    """A notice; without a new phone it names ids only."""
    system = {"type": "user_changed_number" if after[0] else "user_changed_user_id", "body": "x"}
    system |= ids(*after, of=("wa_id", "user_id")) | ids(None, before[1], of=("", "previous_user_id"))
    head = ids(before[0], None) | {"id": f"wamid.SYS{minute}", "timestamp": stamp(minute), "type": "system"}
    return "messages", {"messages": [head | {"system": system}]}, None


def key_changed(minute: float, phone: str, bsuid: str) -> Item:
    return message(minute, phone, bsuid, {"type": "system", "system": {"type": "customer_identity_changed"}})


def switch(minute: float, phone: str | None, bsuid: str | None, value: str) -> Item:
    who = ids(phone, bsuid, of=("wa_id", "user_id"))
    news = who | {"category": "marketing_messages", "value": value, "timestamp": int(stamp(minute))}
    return "user_preferences", {"contacts": [who], "user_preferences": [news]}, None


def status(wamid: str, word: str, *, code: int | None = None, attempt: str | None = None) -> Item:
    news: Json = {"id": wamid, "status": word, "timestamp": stamp(20), "recipient_id": "966509722233"}
    if code is not None:
        news["errors"] = [{"code": code, "title": "x"}]
    if attempt is not None:
        news["biz_opaque_callback_data"] = attempt
    return "messages", {"statuses": [news]}, None


def echoed(minute: float, phone: str) -> Item:
    """Of a kind that this product only keeps."""
    item = {"from": "966110000001", "to": phone, "id": f"wamid.E{minute}", "timestamp": stamp(minute), "type": "text"}
    return "smb_message_echoes", {"message_echoes": [item | {"text": {"body": "من التطبيق"}}]}, None


def of_template(minute: float, field: str, **value: Any) -> Item:
    named = {"message_template_id": 16, "message_template_name": "offer_v1", "message_template_language": "ar"}
    return field, named | value, int(stamp(minute))


def of_account(minute: float, field: str, **value: Any) -> Item:
    return field, value, int(stamp(minute))


@dataclass
class Play:
    """One conversation on a stage of its own. steps: in the order in which people did things; a callable is something
    that happens on our side. after: what cannot happen before which (a place each)."""

    stage: Stage
    steps: Sequence[Item | Callable[[], None]] = ()
    after: dict[int, int] = field(default_factory=dict)

    def post(self, *items: Item) -> None:
        """One body with these items in it, carried out; a second one with the same bytes is no row of its own."""
        entries = [
            {"id": rows.WABA_ID, "changes": [{"field": kind, "value": _ours(value) if time is None else value}]}
            | ({} if time is None else {"time": time})
            for kind, value, time in items
        ]
        body = json.dumps({"object": "whatsapp_business_account", "entry": entries}).encode()
        row, made = InboxRow.objects.get_or_create(
            digest=hashlib.sha256(body).digest(), defaults={"body": body, "received_at": self.stage.now}
        )
        self.stage.wait(seconds=1)
        if made:
            assert route_inbound(row.id, now=self.stage.now)
            row.refresh_from_db()
            assert row.state == "done", row.errors

    def run(self, order: Sequence[int], sizes: Sequence[int]) -> None:
        """order: places in `steps`, repetitions among them; sizes: how many items come in one body, in turn."""
        self.stage.now = rows.T0 + timedelta(hours=1)
        waiting: list[Item] = []
        turn = 0
        done: set[int] = set()
        for place in _possible(order, self.after):
            step = self.steps[place]
            if not callable(step):
                waiting.append(step)
            is_waited_for = place in self.after.values()
            if callable(step) or is_waited_for or len(waiting) >= sizes[turn % len(sizes)]:
                self._flush(waiting)
                turn += 1
            if is_waited_for:
                self.stage.deliver()
            if callable(step) and place not in done:
                step()
            done.add(place)
        self._flush(waiting)
        self.stage.deliver()

    def _flush(self, waiting: list[Item]) -> None:
        if waiting:
            self.post(*waiting)
            waiting.clear()


def _ours(value: Json) -> Json:
    return {"messaging_product": "whatsapp", "metadata": {"phone_number_id": rows.NUMBER_ID}} | value


def _possible(order: Sequence[int], after: dict[int, int]) -> Iterator[int]:
    """What cannot come yet comes as soon as it can."""
    seen: set[int] = set()
    late: list[int] = []
    for place in order:
        if place in after and after[place] not in seen:
            late.append(place)
            continue
        seen.add(place)
        yield place
        for one in [one for one in late if after[one] in seen]:
            late.remove(one)
            yield one


# the conversations


def changes_number(stage: Stage) -> Play:
    """Known by an import, with a consent and an approved message; writes, changes the number, writes again."""
    waiting = stage.approved()
    OutboxMessage.objects.filter(pk=waiting.pk).update(due_at=stage.now + rows.DAY)
    old, new = ("966509722233", "SA.old1"), ("966509722277", "SA.new1")
    return Play(stage, [
        said(1, *old, "مرحبا"), said(4, *old, "متى الموعد؟"), moved(10, old, new), said(12, *new, "هذا رقمي الجديد"),
        switch(14, *new, "stop"),
    ])  # fmt: skip


def changes_number_and_stops_before(stage: Stage) -> Play:
    rows.grant(rows.contact(stage.firm))
    old, new = ("966509722233", "SA.old1"), ("966509722277", "SA.new1")
    return Play(stage, [
        said(1, *old, "مرحبا"), said(3, *old, "إيقاف"), moved(10, old, new), switch(14, *new, "stop"),
        switch(16, *new, "resume"), said(18, *new, "شكرا"),
    ])  # fmt: skip


def hides_the_phone_and_changes_twice(stage: Stage) -> Play:
    """Nobody knew them; ids only, two notices in a row."""
    return Play(stage, [
        said(1, None, "SA.a", "مرحبا"), moved(5, (None, "SA.a"), (None, "SA.b")), said(6, None, "SA.b", "إيقاف العروض"),
        moved(9, (None, "SA.b"), ("966505550003", "SA.c")), said(11, "966505550003", "SA.c", "عدت"),
    ])  # fmt: skip


def never_known_before(stage: Stage) -> Play:
    """The former id of the notice is nobody's, now and later."""
    return Play(stage, [
        moved(5, (None, "SA.x"), ("966505550004", "SA.y")), said(7, "966505550004", "SA.y", "مرحبا"),
        said(9, None, "SA.y", "إيقاف"),
    ])  # fmt: skip


def two_records_of_one(stage: Stage) -> Play:
    """An import by phone, a person who writes with a hidden one, and a message that carries both."""
    rows.grant(rows.contact(stage.firm, phone="+966505550005", last_inbound_at=None))
    return Play(stage, [
        said(1, None, "SA.five", "مرحبا"), said(3, "966505550005", "SA.five", "هذا رقمي"),
        switch(5, None, "SA.five", "stop"), said(7, "966505550005", None, "شكرا"),
        key_changed(8, "966505550005", "SA.five"), echoed(9, "966505550005"),
    ])  # fmt: skip


def hands_the_number_on(stage: Stage) -> Play:
    """The same phone with another BSUID is another person; a stop of the first silences the number, not the second's
    window or history."""
    phone = "966505550006"
    return Play(stage, [
        said(1, phone, "SA.first", "مرحبا"), said(3, phone, "SA.first", "إيقاف"),
        said(20, phone, "SA.second", "من هنا؟"),
        switch(22, phone, "SA.second", "stop"), switch(24, phone, "SA.second", "resume"),
    ])  # fmt: skip


def comes_back_and_changes_number(stage: Stage) -> Play:
    """STOP, START, yes to our question at the old number; only updates may follow to the new one."""
    for intent in Intent:
        fixed_text.approve(stage.firm.business.id, intent, by="admin", now=stage.now)
    rows.contact(stage.firm)
    old, new = ("966509722233", "SA.old1"), ("966509722277", "SA.new1")
    steps = [
        said(1, *old, "إيقاف"), said(3, *old, "ابدأ"), tapped(5, *old, "OPT_IN_CONFIRM"), moved(10, old, new),
        said(12, *new, "مرحبا"), switch(13, *new, "resume"),
    ]  # fmt: skip
    return Play(stage, steps, after={2: 1})


def news_of_what_we_sent(stage: Stage) -> Play:
    """Two messages: one was answered; of the other the statuses come before, or instead of, the answer."""
    first = stage.sent()
    stage.approved(stage.person(key="k2", title="عرض آخر", phone="+966509722299"))
    stage.wait(seconds=11)
    [second] = stage.claim()
    wamid = first.wamid or ""
    return Play(stage, [
        status(wamid, "sent"), status(wamid, "delivered"), status(wamid, "failed", code=131050),
        status(wamid, "warning"), status("wamid.SECOND", "failed", code=131049), status("wamid.SECOND", "sent"),
        status("wamid.SECOND", "sent", attempt=second.attempt_id), lambda: _answered(stage, second),
        status("wamid.NOBODYS", "read"),
    ])  # fmt: skip


def _answered(stage: Stage, claimed: Claimed) -> None:
    answer = Accepted("wamid.SECOND", "accepted", 200)  # type: ignore[arg-type]
    dispatch_outbox.record(claimed.attempt_id, answer, now=stage.now)


def operator_changes_number(stage: Stage) -> Play:
    """An operator's notice names ids only; a contact whose number becomes the operator's gets nothing of it."""
    operator = (stage.operator.wa_id, stage.operator.bsuid)
    contact = ("966505550007", "SA.seven")
    return Play(stage, [
        said(1, *contact, "مرحبا"), moved(4, (None, operator[1]), (None, "SA.opnew")),
        moved(6, contact, (operator[0], "SA.eight")), said(8, None, "SA.eight", "إيقاف"),
    ])  # fmt: skip


def news_of_template_and_account(stage: Stage) -> Play:
    """What Meta says of a template, of our limits and of the account."""
    status_field, category_field = "message_template_status_update", "template_category_update"
    paused = {"title": "FIRST_PAUSE", "description": "x"}
    return Play(stage, [
        of_template(1, status_field, event="APPROVED", message_template_category="UTILITY", reason="NONE"),
        of_template(4, category_field, new_category="UTILITY", correct_category="MARKETING"),
        of_template(6, category_field, previous_category="UTILITY", new_category="MARKETING"),
        of_template(8, status_field, event="PAUSED", reason="NONE", other_info=paused),
        of_template(9, "message_template_quality_update", previous_quality_score="GREEN", new_quality_score="RED"),
        of_account(2, "business_capability_update", max_daily_conversations_per_business="TIER_250"),
        of_account(7, "business_capability_update", max_daily_conversations_per_business="TIER_2K"),
        of_account(3, "account_update", event="DISABLED_UPDATE", ban_info={"waba_ban_state": "DISABLE"}),
        of_account(5, "account_update", event="DISABLED_UPDATE", ban_info={"waba_ban_state": "REINSTATE"}),
    ])  # fmt: skip


CONVERSATIONS = (
    changes_number, changes_number_and_stops_before, hides_the_phone_and_changes_twice, never_known_before,
    two_records_of_one, hands_the_number_on, comes_back_and_changes_number, news_of_what_we_sent,
    operator_changes_number, news_of_template_and_account,
)  # fmt: skip


# what is there at the end


def state(stage: Stage) -> Json:
    groups: dict[str, list[Contact]] = {}
    for contact in Contact.objects.order_by("id"):
        groups.setdefault(contact.merged_into_id or contact.id, []).append(contact)
    people = {key: _person(records, stage) for key, records in groups.items()}
    whose = {record.id: _name(people[key]) for key, records in groups.items() for record in records}
    return {
        "people": sorted(people.values(), key=repr),
        "inbound": {
            row.wamid: (row.kind, row.text, row.sent_at, whose.get(row.contact_id or "", "operator"))
            for row in InboundMessage.objects.all()
        },
        "outbox": sorted(_message(row, whose) for row in OutboxMessage.objects.filter(draft__isnull=False)),
        "stored standings are true": not any(bad for _, bad in differing(stage.firm.business.id, now=stage.now)),
        "templates": [_without(row, "id", "business_id") for row in Template.objects.values()],
        "numbers": [_without(row, "business_id", "webhook_seen_at") for row in SendingNumber.objects.values()],
        "operators": sorted(Operator.objects.values_list("state", flat=True)),
    }


def _without(row: Json, *columns: str) -> Json:
    return {name: value for name, value in row.items() if name not in columns}


def _person(records: list[Contact], stage: Stage) -> Json:
    addresses: dict[tuple[str, str], tuple[Any, Any]] = {}
    for row in ContactAlias.objects.filter(contact__in=records).order_by("valid_from"):
        first, last = addresses.get((row.kind, row.value), (row.valid_from, row.valid_from))
        ends = None if last is None or row.valid_to is None else max(last, row.valid_to)
        addresses[row.kind, row.value] = min(first, row.valid_from), ends
    reached = [one for one in records if ContactAlias.objects.filter(contact=one, valid_to=None).exists()]
    assert len(reached) <= 1, "one person is reached through one record"
    one = (reached or records)[0]
    facts = person_facts.people([one.id])[one.id]
    standings = {
        f"{kind}:{purpose}": state_of(
            facts.events, category=kind, purpose=purpose, subject=facts.subject, as_of=stage.now
        ).standing.value
        for kind in KINDS
        for purpose in PURPOSES
    }
    return {
        "addresses": sorted((*key, *value) for key, value in addresses.items()),
        "standings": standings,
        "window": one.last_inbound_at,
        "doubt": (one.identity_hold, one.identity_doubt),
        "suppression": facts.suppression,
    }


def _name(person: Json) -> str:
    return " ".join(value for _, value, *_ in person["addresses"])


def _message(row: OutboxMessage, whose: dict[str, str]) -> tuple[str, ...]:
    failed = str(row.failure_code) if row.status == "failed" else ""
    held = row.hold_code if row.state == "held" else ""
    return whose[row.contact_id or ""], row.state, held, row.status or "", failed, row.wamid or ""


@contextmanager
def played(conversation: Callable[[Stage], Play]) -> Iterator[Play]:
    """On rows of its own, which are gone afterwards."""
    with transaction.atomic(), pytest.MonkeyPatch.context() as patch:
        firm = rows.firm()
        stage = Stage(firm, rows.operator(firm))
        patch.setattr(clock, "real_now", lambda: stage.now)
        yield conversation(stage)
        transaction.set_rollback(True)


@cache
def as_it_happened(conversation: Callable[[Stage], Play]) -> tuple[int, Json]:
    """How many steps there are, and the state at the end when everything arrives in its order, each by itself."""
    with played(conversation) as play:
        play.run(range(len(play.steps)), [1])
        return len(play.steps), state(play.stage)


@pytest.mark.parametrize("conversation", CONVERSATIONS, ids=lambda one: one.__name__)
@settings(max_examples=EXAMPLES, phases=PHASES, suppress_health_check=[*HealthCheck])
@given(data=st.data())
def test_every_order_of_the_same_events_ends_in_the_same_state(
    conversation: Callable[[Stage], Play], data: st.DataObject
):
    count, expected = as_it_happened(conversation)
    # The simplest order that hypothesis knows is the last event first.
    again = data.draw(st.lists(st.integers(0, count - 1), max_size=3), label="again")
    order = data.draw(st.permutations([*reversed(range(count)), *again]), label="order")
    sizes = data.draw(st.lists(st.integers(1, 3), min_size=1, max_size=3), label="sizes")
    with played(conversation) as play:
        play.run(order, sizes)
        assert state(play.stage) == expected
