"""Where a person stands: the hard cases one by one, and what holds for every ledger."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wakeel.domain.consent import (
    TOLERANCE,
    ConsentEvent,
    ConsentState,
    ConsentType,
    Standing,
    Subject,
    state_of,
)

T0 = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
ME = Subject(contacts=frozenset({"c1", "c1-merged"}), addresses=frozenset({"+966509722233", "SA.7"}))
BOTH, OFFERS = frozenset({"marketing", "utility"}), frozenset({"offers"})


def granted(at: datetime = T0 - 30 * DAY, **fields: object) -> ConsentEvent:
    values = {"id": "g1", "type": ConsentType.GRANT, "at": at, "recorded_at": at, "contact": "c1", "clock": "server"}
    values |= {"address": "+966509722233", "categories": BOTH, "purposes": OFFERS, "explicit": True, **fields}
    return ConsentEvent(**values)  # type: ignore[arg-type]


def withdrew(at: datetime | None = T0 - 10 * DAY, **fields: object) -> ConsentEvent:
    values = {"id": "w1", "type": ConsentType.WITHDRAW, "at": at, "recorded_at": at, "contact": "c1", "clock": "server"}
    values |= {"address": "+966509722233", "categories": BOTH, "source": "keyword", "clock": "whatsapp", **fields}
    return ConsentEvent(**values)  # type: ignore[arg-type]


def other(type: ConsentType, at: datetime, **fields: object) -> ConsentEvent:
    return granted(at, **{"id": f"x-{type}", "type": type, "categories": frozenset(), "purposes": None, **fields})


def state(*events: ConsentEvent, as_of: datetime = T0, subject: Subject = ME, permanent: bool = False) -> ConsentState:
    return state_of(events, category="marketing", purpose="offers", subject=subject, as_of=as_of, permanent=permanent)


HARD_CASES = [
    ("nothing known", (), Standing.NONE),
    ("a grant", (granted(),), Standing.ACTIVE),
    ("for another purpose", (granted(purposes=frozenset({"meetings"})),), Standing.NONE),
    ("for another category", (granted(categories=frozenset({"utility"})),), Standing.NONE),
    ("a grant must name its purposes", (granted(purposes=None),), Standing.NONE),
    ("not explicit", (granted(explicit=False),), Standing.NONE),
    ("of somebody else", (granted(contact="c2"),), Standing.NONE),
    ("for another address of theirs that is no alias", (granted(address="+966500000009"),), Standing.NONE),
    ("of a merged contact", (granted(contact="c1-merged"),), Standing.ACTIVE),
    ("on another channel", (granted(channel="email"),), Standing.NONE),
    ("on every channel", (granted(channel="*"),), Standing.ACTIVE),
    ("without a time", (replace(granted(), at=None),), Standing.NONE),
    ("withdrawn", (granted(), withdrew()), Standing.OPTED_OUT),
    ("withdrawn and granted later", (withdrew(), granted(T0 - DAY)), Standing.ACTIVE),
    ("the later grant inside the tolerance", (withdrew(), granted(T0 - 10 * DAY + TOLERANCE)), Standing.OPTED_OUT),
    ("just outside the tolerance", (withdrew(), granted(T0 - 10 * DAY + TOLERANCE + SECOND)), Standing.ACTIVE),
    ("a second later by the same clock", (withdrew(), granted(T0 - 10 * DAY + SECOND, clock="whatsapp")),
     Standing.ACTIVE),
    ("the same second by the same clock", (withdrew(), granted(T0 - 10 * DAY, clock="whatsapp")),
     Standing.OPTED_OUT),
    ("anybody's STOP from the shared number", (granted(), withdrew(contact="c2")), Standing.OPTED_OUT),
    ("a STOP from their other number", (granted(), withdrew(address="+966500000009")), Standing.OPTED_OUT),
    ("somebody else's STOP from elsewhere", (granted(), withdrew(contact="c2", address="+966500000009")),
     Standing.ACTIVE),
    ("a STOP without a time counts from its recording",
     (granted(T0 - DAY), replace(withdrew(), at=None, recorded_at=T0 - SECOND)), Standing.OPTED_OUT),
    ("a STOP dated in the future counts from its recording",
     (replace(withdrew(T0 + 5 * DAY), recorded_at=T0 - 10 * DAY), granted(T0 - DAY)), Standing.ACTIVE),
    ("a STOP learnt late still beats the grant in between",
     (granted(T0 - 12 * DAY), withdrew(T0 - 11 * DAY, recorded_at=T0 - DAY)), Standing.OPTED_OUT),
    ("a STOP not learnt yet", (granted(), withdrew(T0 - DAY, recorded_at=T0 + SECOND)), Standing.ACTIVE),
    ("a withdrawal that names nothing is of everything", (granted(), withdrew(categories=frozenset())),
     Standing.OPTED_OUT),
    ("a withdrawal of * is of everything", (granted(), withdrew(categories=frozenset({"*"}))), Standing.OPTED_OUT),
    ("an operator cannot lift a typed STOP",
     (granted(), withdrew(), other(ConsentType.RESUME, T0 - DAY, withdraw_id="w1")), Standing.OPTED_OUT),
    ("the platform's switch is lifted by the platform's switch",
     (granted(), withdrew(source="whatsapp_user_preferences"), other(ConsentType.RESUME, T0 - DAY)),
     Standing.ACTIVE),
    ("but not a typed STOP beside it",
     (granted(), withdrew(source="whatsapp_user_preferences"), withdrew(id="w2"),
      other(ConsentType.RESUME, T0 - DAY)), Standing.OPTED_OUT),
    ("a guess of ours is lifted by name",
     (granted(), withdrew(source="inferred_text"), other(ConsentType.RESUME, T0 - DAY, withdraw_id="w1")),
     Standing.ACTIVE),
    ("a guess is not lifted by a nameless resume",
     (granted(), withdrew(source="inferred_text"), other(ConsentType.RESUME, T0 - DAY)), Standing.OPTED_OUT),
    ("an import with proof", (granted(type=ConsentType.IMPORT, proof_ref="p", collected_directly=True),),
     Standing.ACTIVE),
    ("an import without proof", (granted(type=ConsentType.IMPORT, collected_directly=True),), Standing.NONE),
    ("a bought list", (granted(type=ConsentType.IMPORT, proof_ref="p"),), Standing.NONE),
    ("an import never reopens, however new",
     (withdrew(), granted(T0 - DAY, type=ConsentType.IMPORT, proof_ref="p", collected_directly=True)),
     Standing.OPTED_OUT),
    ("waiting for confirmation", (granted(needs_confirmation=True),), Standing.PENDING),
    ("confirmed", (granted(needs_confirmation=True), other(ConsentType.CONFIRM, T0 - DAY, grant_id="g1")),
     Standing.ACTIVE),
    ("another one confirmed",
     (granted(needs_confirmation=True), other(ConsentType.CONFIRM, T0 - DAY, grant_id="g2")), Standing.PENDING),
    ("ended", (granted(expires_at=T0),), Standing.EXPIRED),
    ("not ended yet", (granted(expires_at=T0 + SECOND),), Standing.ACTIVE),
    ("ended by us", (granted(), other(ConsentType.EXPIRE, T0 - DAY, grant_id="g1")), Standing.EXPIRED),
    ("renewed in time",
     (granted(expires_at=T0 - DAY),
      other(ConsentType.RENEW, T0 - 2 * DAY, grant_id="g1", expires_at=T0 + DAY)), Standing.ACTIVE),
    ("renewed too late",
     (granted(expires_at=T0 - 3 * DAY),
      other(ConsentType.RENEW, T0 - 2 * DAY, grant_id="g1", expires_at=T0 + DAY)), Standing.EXPIRED),
    ("the newest statement governs, although an older one ran longer",
     (granted(), granted(T0 - 5 * DAY, id="g2", expires_at=T0 - DAY)), Standing.EXPIRED),
    ("refusing, correcting and erasing say nothing about it",
     (granted(), *(other(kind, T0 - DAY) for kind in (ConsentType.REFUSE, ConsentType.CORRECT, ConsentType.ERASE))),
     Standing.ACTIVE),
]  # fmt: skip


@pytest.mark.parametrize(
    ("events", "standing"), [case[1:] for case in HARD_CASES], ids=[case[0] for case in HARD_CASES]
)
def test_hard_case(events: tuple[ConsentEvent, ...], standing: Standing):
    assert state(*events).standing is standing
    assert state(*reversed(events)).standing is standing


def test_a_recycled_number_starts_with_nothing():
    """Both what the former owner allowed and what they forbade stop applying."""
    epoch = replace(ME, address_epoch_started_at=T0 - 5 * DAY)
    assert state(granted(), subject=epoch).standing is Standing.NONE
    assert state(granted(T0 - DAY), withdrew(), subject=epoch).standing is Standing.ACTIVE


def test_in_permanent_mode_only_the_persons_own_reopening_counts():
    again = granted(T0 - DAY, id="p1", type=ConsentType.RE_PERMISSION)
    assert state(withdrew(), granted(T0 - DAY), permanent=True).standing is Standing.OPTED_OUT
    assert state(withdrew(), again, permanent=True).standing is Standing.ACTIVE


def test_the_state_names_the_deciding_grant_and_the_last_withdrawal():
    found = state(granted(), withdrew(), granted(T0 - DAY, id="g2", expires_at=T0 + DAY))
    assert found == ConsentState(Standing.ACTIVE, "g2", T0 - 10 * DAY, T0 + DAY)


def test_of_two_renewals_in_the_same_second_one_always_wins():
    """Otherwise the order of rows in storage would decide when a consent ends."""
    renewals = [
        other(ConsentType.RENEW, T0 - 2 * DAY, id=name, grant_id="g1", expires_at=end)
        for name, end in (("r1", T0 + DAY), ("r2", T0 - SECOND))
    ]
    grant = granted(expires_at=T0 - DAY)
    assert state(grant, *renewals) == state(grant, *reversed(renewals))


times = st.integers(0, 40).map(lambda hours: T0 - timedelta(hours=hours))
events = st.builds(
    ConsentEvent,
    id=st.sampled_from(["e1", "e2", "e3", "e4", "e5"]),
    type=st.sampled_from(ConsentType),
    at=times,
    recorded_at=times,
    contact=st.sampled_from(["c1", "c1-merged", "c2"]),
    address=st.sampled_from(["+966509722233", "SA.7", "+966500000009"]),
    categories=st.sampled_from([BOTH, frozenset({"marketing"}), frozenset({"utility"}), frozenset()]),
    purposes=st.sampled_from([None, OFFERS, frozenset({"meetings"})]),
    explicit=st.booleans(),
    needs_confirmation=st.booleans(),
    expires_at=st.none() | times,
    grant_id=st.sampled_from([None, "e1", "e2"]),
    withdraw_id=st.sampled_from([None, "e1", "e2"]),
    source=st.sampled_from(["keyword", "whatsapp_user_preferences", "inferred_text"]),
    collected_directly=st.booleans(),
    proof_ref=st.sampled_from([None, "p"]),
    clock=st.sampled_from(["server", "whatsapp"]),
)
ledgers = st.lists(events, max_size=6, unique_by=lambda event: event.id)


@given(ledgers, st.randoms(use_true_random=False), st.booleans())
def test_the_order_of_rows_never_matters(ledger: list[ConsentEvent], random, permanent: bool):
    shuffled = ledger[:]
    random.shuffle(shuffled)
    assert state(*ledger, permanent=permanent) == state(*shuffled, permanent=permanent)


@given(ledgers, st.booleans())
def test_after_a_new_stop_nobody_may_be_written_to(ledger: list[ConsentEvent], permanent: bool):
    """Whatever was said before, in whatever order: the newest withdrawal of everything closes the door."""
    stop = withdrew(T0, id="stop")
    assert state(*ledger, stop, permanent=permanent).standing is Standing.OPTED_OUT


@given(ledgers, st.booleans())
def test_without_a_grant_nobody_is_ever_active(ledger: list[ConsentEvent], permanent: bool):
    giving = {ConsentType.GRANT, ConsentType.RE_PERMISSION, ConsentType.IMPORT}
    rest = [event for event in ledger if event.type not in giving]
    assert state(*rest, permanent=permanent).standing in {Standing.NONE, Standing.OPTED_OUT}
