"""Who wrote: a bound BSUID decides; a phone number alone proves little."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wakeel.domain.events import Sender
from wakeel.domain.ids import Bsuid, OperatorId, WaId
from wakeel.domain.recognition import (
    CODE_ALPHABET,
    CODE_LENGTH,
    Enrolled,
    OperatorState,
    Recognised,
    Recognition,
    looks_like_code,
    recognise,
)

W = Recognition


def enrolled(
    id: str = "o1", *, phone: str | None = "966500000001", bsuid: str | None = "SA.1", active: bool = True
) -> Enrolled:
    state = OperatorState.ACTIVE if active else OperatorState.SUSPENDED
    return Enrolled(OperatorId(id), state, WaId(phone) if phone else None, Bsuid(bsuid) if bsuid else None)


def sender(phone: str | None = "966500000001", bsuid: str | None = "SA.1") -> Sender:
    return Sender(WaId(phone) if phone else None, Bsuid(bsuid) if bsuid else None)


@pytest.mark.parametrize(
    ("who", "operators", "recognised"),
    [
        (sender(), [enrolled()], (W.OPERATOR, "o1", None)),
        (sender(phone=None), [enrolled()], (W.OPERATOR, "o1", None)),
        (sender(phone="966511111111"), [enrolled()], (W.OPERATOR, "o1", None)),
        (sender(), [enrolled(bsuid=None)], (W.OPERATOR, "o1", "SA.1")),
        (sender(bsuid=None), [enrolled(bsuid=None)], (W.OPERATOR, "o1", None)),
        (sender(bsuid="SA.2"), [enrolled()], (W.SWAPPED, "o1", None)),
        (sender(bsuid="SA.2"), [enrolled(active=False)], (W.SUSPENDED, "o1", None)),
        (sender(), [enrolled(active=False)], (W.SUSPENDED, "o1", None)),
        (sender(bsuid=None), [enrolled()], (W.STRANGER, None, None)),
        (sender(phone="966511111111", bsuid="SA.2"), [enrolled()], (W.STRANGER, None, None)),
        (sender(phone=None, bsuid="SA.2"), [enrolled(bsuid=None)], (W.STRANGER, None, None)),
        (sender(), [], (W.STRANGER, None, None)),
        # The phone is o1's, the BSUID is o2's: the BSUID decides.
        (sender(bsuid="SA.2"), [enrolled(), enrolled("o2", phone="966500000002", bsuid="SA.2")],
         (W.OPERATOR, "o2", None)),
    ],
)  # fmt: skip
def test_who_it_is(who: Sender, operators: list[Enrolled], recognised: tuple[Recognition, str | None, str | None]):
    assert recognise(who, operators) == Recognised(*recognised)  # type: ignore[arg-type]


maybe_bsuid = st.sampled_from([None, "SA.1", "SA.2", "SA.3"])
phones = st.sampled_from([None, "966500000001", "966500000002"])


@given(
    st.builds(sender, phones, maybe_bsuid).filter(lambda who: who.wa_id or who.bsuid),
    st.lists(st.tuples(phones, maybe_bsuid, st.booleans()), max_size=3),
)
def test_a_bound_operator_is_never_driven_by_another_or_no_bsuid(who: Sender, table: list[tuple]):
    operators = [
        enrolled(f"o{i}", phone=phone, bsuid=bsuid, active=active) for i, (phone, bsuid, active) in enumerate(table)
    ]
    found = recognise(who, operators)
    if found.who is W.OPERATOR:
        operator = next(row for row in operators if row.id == found.operator_id)
        assert operator.state is OperatorState.ACTIVE
        assert operator.bsuid == who.bsuid or (operator.bsuid is None and operator.wa_id == who.wa_id)
        assert found.binds == (who.bsuid if operator.bsuid is None else None)


def test_codes_are_read_however_they_are_typed():
    assert looks_like_code(" abcd-2345 ") == "ABCD2345"
    assert looks_like_code("ABCD 2345") == "ABCD2345"


@pytest.mark.parametrize("text", ["ABCD234", "ABCD23456", "ABCD2340", "ABCDI345", "أبجد٢٣٤٥", "", "hello ABCD2345"])
def test_other_texts_are_no_codes(text: str):
    assert looks_like_code(text) is None


def test_the_alphabet_has_32_signs_that_cannot_be_mixed_up():
    assert len(set(CODE_ALPHABET)) == len(CODE_ALPHABET) == 32
    assert not set("01OIl") & set(CODE_ALPHABET)
    assert CODE_LENGTH == 8
