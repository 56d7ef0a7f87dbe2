"""«اعتمد الكل»: what would leave is listed, asked about once, and each draft is approved against its own digest."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import rows
from tests.flows.stage import Answer, Stage
from wakeel.domain.rights import ErasureReason
from wakeel.flows import approve_batch
from wakeel.flows.erase_person import Erased, erase
from wakeel.store.models import Approval, Batch, Contact, Decision, Draft, OutboxMessage, Prompt

NAMES = ("مريم", "سعد", "ليلى", "هند", "فهد", "نورة", "عمر", "خالد", "ريم")


def waiting(stage: Stage, count: int, *, consent: bool = True) -> list[Draft]:
    """So many drafts whose cards are on the phone."""
    made = len(Draft.objects.all())
    return [
        stage.accepted(
            stage.person(key=f"k{n}", title=f"فرصة {n}", name=NAMES[n], phone=f"+96650972230{n}", consent=consent)
        )
        for n in range(made, made + count)
    ]


def listed(stage: Stage) -> tuple[Batch, str, str]:
    """The list on the phone: its row, its words and its wamid."""
    stage.deliver()
    prompt = Prompt.objects.select_related("outbox").filter(kind="batch").latest("id")
    assert prompt.outbox.wamid is not None
    return Batch.objects.get(pk=prompt.subject), prompt.outbox.body["interactive"]["body"]["text"], prompt.outbox.wamid


def answer_all(stage: Stage, verb: str, *, on: str | None = None) -> Answer:
    batch, _, wamid = listed(stage)
    return stage.tap(f"all:{batch.id}:{verb}", on=on or wamid)


def test_the_list_names_what_would_leave_and_nothing_is_approved_yet(stage: Stage):
    waiting(stage, 2)
    assert stage.says("اعتمد الكل").code == "nothing"
    batch, words, _ = listed(stage)
    assert "1. إلى \u2068مريم\u2069: \u2068أهلًا مريم" in words
    assert "2. إلى \u2068سعد\u2069" in words
    assert [len(entry["digest"]) for entry in batch.drafts] == [64, 64]
    assert not Approval.objects.exists()


def test_one_tap_approves_each_and_says_what_became_of_it(stage: Stage):
    drafts = waiting(stage, 2)
    stage.says("اعتمد الكل")
    answer = answer_all(stage, "approve")
    assert answer.code == "batch_done"
    assert "اعتُمدت، وتخرج بعد" in answer.text
    assert all(name in answer.text for name in NAMES[:2])
    assert {approval.draft_id for approval in Approval.objects.all()} == {draft.id for draft in drafts}
    stage.wait(seconds=11)
    stage.deliver()
    assert len(stage.to_contacts()) == 2
    again = answer_all(stage, "approve")
    assert (again.code, Approval.objects.count()) == ("already_decided", 2)


def test_what_the_gate_refuses_stands_apart_with_its_reason(stage: Stage):
    waiting(stage, 1)
    refused = waiting(stage, 1, consent=False)[0]
    stage.says("اعتمد الكل")
    batch, words, _ = listed(stage)
    assert [entry["id"] for entry in batch.drafts] == [str(Draft.objects.exclude(pk=refused.pk).get().pk)]
    assert "لا يُعتمد معها:\n- \u2068سعد\u2069: " in words
    answer_all(stage, "approve")
    assert not Approval.objects.filter(draft=refused).exists()


def test_what_changed_after_the_list_is_shown_again_and_not_approved(stage: Stage):
    """The list bound each name to one digest: a text written meanwhile needs its own approval."""
    first, second = waiting(stage, 2)
    stage.says("اعتمد الكل")
    _, _, wamid = listed(stage)
    showing = stage.showing_of(f"msg:{second.id}:approve")
    assert stage.says("نص كُتب بعد القائمة", quoting=showing).code == "new_version"
    stage.deliver()
    answer = stage.tap(f"all:{Batch.objects.get().id}:approve", on=wamid)
    assert answer.code == "batch_done"
    assert "سعد\u2069: هذه البطاقة قديمة" in answer.text
    assert Approval.objects.get().draft == first
    stage.deliver()
    assert "نص كُتب بعد القائمة" in stage.phone()[-1]


def test_what_somebody_decided_meanwhile_is_said_of_each(stage: Stage):
    first, second = waiting(stage, 2)
    stage.says("اعتمد الكل")
    _, _, wamid = listed(stage)
    stage.tap(f"msg:{first.id}:cancel")
    stage.tap(f"msg:{second.id}:approve")
    answer = stage.tap(f"all:{Batch.objects.get().id}:approve", on=wamid)
    assert "مريم\u2069: هذه المسودة مغلقة" in answer.text
    assert "سعد\u2069: سبق أن اعتمد هذا النص" in answer.text
    assert Approval.objects.count() == 1


def test_whose_window_closed_or_who_stopped_after_the_list_is_refused_alone(stage: Stage):
    closed, stopped, fine = waiting(stage, 3)
    stage.says("اعتمد الكل")
    batch, _, wamid = listed(stage)
    stage.says("إيقاف", by=stopped.contact)
    Contact.objects.filter(pk=closed.contact_id).update(last_inbound_at=stage.now - rows.DAY)
    answer = stage.tap(f"all:{batch.id}:approve", on=wamid)
    assert "مريم\u2069: لم يُعتمد" in answer.text
    assert "نافذة الرد مغلقة" in answer.text
    assert "سعد\u2069: هذه البطاقة قديمة" in answer.text
    assert Approval.objects.get().draft == fine
    stage.deliver()
    assert "طلب إيقاف الرسائل" in stage.phone()[-1], "the current card says why it cannot go"


def test_cancelling_the_list_approves_nothing_and_leaves_the_cards(stage: Stage):
    drafts = waiting(stage, 2)
    stage.says("اعتمد الكل")
    assert answer_all(stage, "cancel").code == "batch_cancelled"
    assert answer_all(stage, "approve").code == "already_decided"
    assert not Approval.objects.exists()
    assert stage.tap(f"msg:{drafts[0].id}:approve").code == "approved"


def test_a_list_that_is_answered_late_approves_nothing(stage: Stage):
    waiting(stage, 1)
    stage.says("اعتمد الكل")
    batch, _, wamid = listed(stage)
    tapped_at = stage.now
    stage.wait(hours=1)
    assert stage.tap(f"all:{batch.id}:approve", on=wamid, sent_at=tapped_at).code == "late"
    assert not Approval.objects.exists()


def test_the_list_can_be_answered_in_words(stage: Stage):
    waiting(stage, 2)
    stage.says("اعتمد الكل")
    _, _, wamid = listed(stage)
    assert stage.says("أي منها؟", quoting=wamid).code == "no_such_choice"
    assert stage.says("١", quoting=wamid).code == "batch_done"
    assert Approval.objects.count() == 2


def test_another_operators_list_is_not_theirs_to_answer(stage: Stage):
    waiting(stage, 1)
    stage.says("اعتمد الكل")
    batch, _, wamid = listed(stage)
    other = rows.operator(stage.firm, "نورة", wa_id="966500000002", bsuid="SA.operator2")
    assert stage.tap(f"all:{batch.id}:approve", on=wamid, by=other).code != "batch_done"
    assert not Approval.objects.exists()


def test_without_anything_to_approve_it_says_so(stage: Stage):
    assert stage.says("اعتمد الكل").code == "batch_nothing"
    waiting(stage, 1, consent=False)
    answer = stage.says("اعتماد الكل")
    assert answer.code == "batch_nothing"
    assert "لا يُعتمد معها" in answer.text
    assert not Batch.objects.exists()


def test_more_than_fit_are_left_for_afterwards(stage: Stage):
    waiting(stage, approve_batch.MOST + 2)
    stage.says("اعتمد الكل")
    batch, words, _ = listed(stage)
    assert len(batch.drafts) == approve_batch.MOST
    assert "وتبقى بعدها: 2" in words


def test_a_text_that_never_reached_the_phone_is_not_on_the_list(stage: Stage):
    """Nobody approves what they could not read."""
    waiting(stage, 1)
    stage.show_cards()
    unseen = stage.person(key="u", phone="+966509722399", name="غائب")
    stage.show_cards()
    stage.tap(f"opp:{unseen.id}:accept")
    stage.says("اعتمد الكل")
    batch, words, _ = listed(stage)
    assert len(batch.drafts) == 1
    assert "غائب" not in words


def test_every_decision_is_on_record(stage: Stage):
    waiting(stage, 2)
    stage.says("اعتمد الكل")
    answer_all(stage, "approve")
    taken = Decision.objects.filter(carried_out=True).order_by("id").values_list("action", flat=True)
    assert [action for action in taken if action != "accept"] == ["approve", "approve", "all_approve"]


def test_erasing_a_person_finds_the_lists_that_name_them(stage: Stage):
    waiting(stage, 2)
    stage.says("اعتمد الكل")
    answer_all(stage, "cancel")
    stage.says("اعتمد الكل")
    answer_all(stage, "approve")
    stage.wait(seconds=11)
    stage.deliver()
    stage.wait(days=1)
    person = Contact.objects.get(name="سعد")
    assert isinstance(erase(person.id, by="7", reason=ErasureReason.ON_REQUEST, now=stage.now), Erased)
    assert not [row.pk for row in OutboxMessage.objects.all() if "سعد" in str(row.body)]


@pytest.mark.django_db
@given(name=st.text(min_size=1, max_size=200), why=st.text(max_size=300), apart=st.integers(0, 5))
@settings(max_examples=50, deadline=None)
def test_the_card_keeps_its_limits_for_any_names_and_texts(name: str, why: str, apart: int):
    from types import SimpleNamespace

    from wakeel.domain.words import Text

    draft = SimpleNamespace(contact=SimpleNamespace(name=name))
    one = approve_batch._Listed(draft, SimpleNamespace(text=name * 20), None)  # type: ignore[arg-type]
    no = approve_batch._Listed(draft, SimpleNamespace(text=name), Text.literal(why, why))  # type: ignore[arg-type]
    for language in ("ar", "en"):
        card = approve_batch._card(Batch(id="bat_1"), [one] * 9, [no] * apart, language=language)
        assert f"{approve_batch.MOST}. " in card.body, "no name of the list may be cut off"
