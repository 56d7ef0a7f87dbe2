"""A wrong answer never sends and never denies: whatever is typed, nothing is approved, cancelled or skipped but by a
word, a number or a title that names just that. Issue 7, 5."""

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.flows.stage import Stage
from tests.flows.test_typed_answers import answer_wamid, card_of, two_drafts
from wakeel.domain.keywords import fold
from wakeel.domain.operator_texts import choice_of, command_of, is_approve_all, is_stop_all
from wakeel.store.models import Approval, Draft, Opportunity, OutboxMessage, StopSwitch

_NEAR = ("اعتمد", "اعتماد", "الغ", "إلغاء", "تخطي", "قبول", "عدّل", "approve", "cancel", "1", "٢", "اعتمد الكل", "أوقف")
_AROUND = ("لا", "ليس", "غدًا", "؟", "ربما", "قبل أن", "شكرًا", "💥", "\u202e", "not", "11", "ـ", "الآن", "\n", "كل", "")
_WORDS = st.lists(st.sampled_from(_NEAR + _AROUND), min_size=1, max_size=4).map(" ".join)
_TEXTS = st.one_of(_WORDS, _WORDS.map(lambda words: words.replace(" ", "")), st.text(max_size=40))


def _is_an_answer(text: str) -> bool:
    """Whether it is all one word, number or title of ours."""
    titles = ("قبول", "تخطي", "رسالة", "اعتماد", "تعديل", "إلغاء")
    return bool(
        command_of(text) or choice_of(text) or is_approve_all(text) or is_stop_all(text)
        or fold(text) in {fold(title) for title in titles}
    )  # fmt: skip


@pytest.fixture
def places(stage: Stage) -> dict[str, str | None]:
    """What may be quoted: one of two approval cards, an opportunity card, the list after قبول, an answer, nothing, and
    a message that we know nothing of."""
    first, _ = two_drafts(stage)
    third = stage.person(key="k3", phone="+966509722255", name="هند", title="الثالثة")
    stage.show_cards()
    return {
        "nothing": None,
        "unknown": "wamid.OUT-unknown",
        "approval": card_of(stage, first),
        "opportunity": stage.showing_of(f"opp:{third.id}:accept"),
        "answer": answer_wamid("accepted"),
    }


def _standing() -> tuple[object, ...]:
    """Everything that an answer could have sent or denied; a text below a card may become its next version."""
    return (
        list(Draft.objects.exclude(state="editing").order_by("id").values_list("state", flat=True)),
        list(Opportunity.objects.order_by("id").values_list("state", flat=True)),
        Approval.objects.count(),
        StopSwitch.objects.count(),
        OutboxMessage.objects.filter(audience="contact").count(),
    )


@given(text=_TEXTS, where=st.sampled_from(["nothing", "unknown", "approval", "opportunity", "answer"]))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_wrong_answer_sends_or_denies(stage: Stage, places: dict[str, str | None], text: str, where: str):
    if not text.strip() or "\x00" in text or _is_an_answer(text):
        return
    before = _standing()
    with transaction.atomic():
        answer = stage.says(text, quoting=places[where])
        after = _standing()
        transaction.set_rollback(True)
    assert after == before, (answer.code, where)
    assert answer.code != "nothing", "and it is answered"
