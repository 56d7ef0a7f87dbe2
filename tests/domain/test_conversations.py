"""Whose item is whose: one conversation for everybody who is connected by a number or a BSUID."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from wakeel.domain.conversations import addresses_in, conversations
from wakeel.domain.events import IdentityChanged, Sender, StatusReceived, TextReceived, Unrecognised
from wakeel.domain.ids import Bsuid, WaId, Wamid

AT = datetime(2026, 11, 22, tzinfo=UTC)
PEOPLE = st.lists(st.lists(st.sampled_from("abcdefgh"), max_size=3).map(tuple), max_size=20)


def status(**recipient: str) -> StatusReceived:
    return StatusReceived(phone_number_id="1", waba_id="2", wamid=Wamid("wamid.1"), status="sent", at=AT, **recipient)  # type: ignore[arg-type]


def text(wa_id: str | None, bsuid: str | None = None) -> TextReceived:
    sender = Sender(WaId(wa_id) if wa_id else None, Bsuid(bsuid) if bsuid else None)
    return TextReceived(phone_number_id="1", waba_id="2", wamid=Wamid("w"), sent_at=AT, sender=sender, text="x")


@given(items=PEOPLE)
def test_items_share_a_name_exactly_if_a_chain_of_addresses_connects_them(items: list[tuple[str, ...]]):
    names = conversations(items)
    together = [{place} for place in range(len(items))]
    for one, addresses in enumerate(items):
        for other, others in enumerate(items):
            if set(addresses) & set(others) and together[one] is not together[other]:
                joined = together[one] | together[other]
                for place in joined:
                    together[place] = joined
    for one, addresses in enumerate(items):
        if not addresses:
            assert names[one] == ""
            continue
        same = {place for place, name in enumerate(names) if name == names[one]}
        assert same == together[one]


def test_a_status_joins_what_its_recipient_wrote_under_either_id():
    items = [text("966500000001"), status(recipient_wa_id="966500000001", recipient_bsuid="SA.1"), text(None, "SA.1")]
    assert len(set(conversations(map(addresses_in, items)))) == 1


def test_twins_of_a_number_are_one_person():
    assert len(set(conversations(map(addresses_in, [text("5215512345678"), text("525512345678")])))) == 1


def test_statuses_without_a_recipient_are_kept_in_order_by_their_message():
    assert addresses_in(status()) == ("wamid.1",)


def test_a_changed_identity_belongs_to_both():
    event = IdentityChanged(
        phone_number_id="1", waba_id="2", wamid=Wamid("w"), sent_at=AT, kind="user_changed_number",
        sender=Sender(WaId("966500000001"), None), new_wa_id=WaId("966500000002"),
    )  # fmt: skip
    names = conversations(map(addresses_in, [text("966500000001"), event, text("966500000002"), text("966500000003")]))
    assert names[0] == names[1] == names[2] != names[3]


def test_what_is_about_nobody_is_no_conversation():
    assert conversations([addresses_in(Unrecognised(field="x", what="", path=""))]) == [""]
