"""What a message costs, without a process. Source: Meta, "Pricing", text since 2026-10-01."""

from datetime import UTC, datetime

from wakeel.simulator.personas import Persona
from wakeel.simulator.tariff import ANSWERED_WITHIN_S, FREE_ENTRY_S, FREE_SERVICE, Tariff
from wakeel.simulator.world import Direction, Message, Phone, StatusEvent

NOVEMBER = datetime(2026, 11, 23, tzinfo=UTC).timestamp()
DECEMBER = datetime(2026, 12, 1, tzinfo=UTC).timestamp()


def a_phone() -> Phone:
    return Phone(persona=Persona(wa_id="966500000009", bsuid="SA.9", name="منى"), bsuid="SA.9")


def a_message(kind: str = "text", *, at: float = NOVEMBER, category: str = "") -> Message:
    filled = {"category": category} if category else None
    return Message("wamid.1", Direction.RECEIVED, at, kind, filled=filled, status="accepted")


def kind_of(tariff: Tariff, message: Message, *, at: float, phone: Phone | None = None, status: str = "sent") -> str:
    return tariff.costs(phone or a_phone(), message, status, at=at)["pricing"]["type"]


def test_free_text_costs_beyond_the_free_tier_of_a_month():
    tariff = Tariff(used={"2026-11": FREE_SERVICE - 1})
    assert kind_of(tariff, a_message(), at=NOVEMBER) == "free_customer_service"
    assert kind_of(tariff, a_message(), at=NOVEMBER) == "regular"
    assert kind_of(tariff, a_message(), at=DECEMBER) == "free_customer_service"
    assert tariff.used == {"2026-11": FREE_SERVICE + 1, "2026-12": 1}


def test_a_template_costs_by_its_category_and_uses_nothing_up():
    tariff = Tariff(used={})
    costs = tariff.costs(a_phone(), a_message("template", category="MARKETING"), "sent", at=NOVEMBER)
    assert costs == {"pricing": {"billable": True, "pricing_model": "PMP", "type": "regular", "category": "marketing"}}
    assert tariff.used == {}


def test_the_price_stands_on_one_of_delivered_and_read_and_never_on_a_reaction():
    tariff, message = Tariff(used={}), a_message()
    sent = tariff.costs(a_phone(), message, "sent", at=NOVEMBER)
    message.add_status(StatusEvent("sent", NOVEMBER, costs=sent))
    assert tariff.costs(a_phone(), message, "read", at=NOVEMBER) == sent
    assert tariff.costs(a_phone(), message, "delivered", at=NOVEMBER) == sent
    message.add_status(StatusEvent("delivered", NOVEMBER, costs=sent))
    assert tariff.costs(a_phone(), message, "read", at=NOVEMBER) == {}
    assert tariff.costs(a_phone(), a_message("reaction"), "sent", at=NOVEMBER) == {}
    assert tariff.used == {"2026-11": 1}


def test_an_answer_within_a_day_to_somebody_from_an_ad_is_free_for_72_hours():
    tariff, quick, slow = Tariff(used={}), a_phone(), a_phone()
    quick.referred_at = slow.referred_at = NOVEMBER
    tariff.answered(quick, at=NOVEMBER + ANSWERED_WITHIN_S - 1)
    tariff.answered(slow, at=NOVEMBER + ANSWERED_WITHIN_S)
    ends = NOVEMBER + ANSWERED_WITHIN_S - 1 + FREE_ENTRY_S
    assert kind_of(tariff, a_message(at=ends - 1), at=ends, phone=quick) == "free_entry_point"
    assert kind_of(tariff, a_message(at=ends), at=ends, phone=quick) == "free_customer_service"
    assert kind_of(tariff, a_message(), at=NOVEMBER, phone=slow) == "free_customer_service"
    tariff.answered(quick, at=ends)
    assert quick.free_entry_until == ends
