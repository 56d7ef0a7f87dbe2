"""What an approval card tells before anybody taps: the same sentence as `may-contact`, for exactly this text."""

from collections.abc import Iterator

import pytest

from tests import rows
from tests.flows.stage import Stage, words
from wakeel import config
from wakeel.flows.show_card import show_draft
from wakeel.store.models import OutboxMessage

END = "\nمعك أفق. لإيقاف الرسائل أرسل: إيقاف"


@pytest.fixture
def shipped(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The policy that ships, with its hours."""
    monkeypatch.delenv("WAKEEL_POLICY_FILE")
    config.get.cache_clear()
    yield
    monkeypatch.undo()
    config.get.cache_clear()


def card(stage: Stage, **person: object) -> str:
    stage.accepted(stage.person(**person))
    return stage.phone()[-1]


def line(body: str, label: str) -> str:
    """The line with this label, without the marks around its value; '' if there is none."""
    found = [one for one in body.split("\n") if one.startswith(f"{label}: ")]
    return found[0].removeprefix(f"{label}: ").strip("\u2068\u2069") if found else ""


def test_the_consent_it_rests_on_stands_on_the_card(stage: Stage):
    body = card(stage)
    assert line(body, "الموافقة") == "عروض، منذ 23 أكتوبر 2026، نموذج الموقع"
    assert line(body, "تنبيه") == ""


def test_without_a_consent_the_card_says_what_is_missing(stage: Stage):
    body = card(stage, consent=False)
    assert line(body, "الموافقة") == ""
    assert line(body, "تنبيه").startswith("لا توجد موافقة لهذا الغرض (عروض).")


@pytest.mark.usefixtures("shipped")
def test_a_text_that_would_wait_says_until_when(stage: Stage):
    """At 22:00 an offer may be approved; it goes by itself in the morning."""
    stage.wait(hours=10)
    stage.operator.last_inbound_at = stage.now
    stage.operator.save()
    body = card(stage, last_inbound_at=stage.now - rows.HOUR)
    assert "أقرب وقت: 23 نوفمبر 2026، 9:00 ص." in line(body, "تنبيه")


def test_in_dry_mode_the_card_says_that_nothing_will_leave(stage: Stage, dry):
    draft = stage.accepted()
    dry()
    show_draft(stage.operator, draft, now=stage.now)
    body = words(OutboxMessage.objects.filter(operator=stage.operator).latest("id").body)
    assert line(body, "تنبيه").startswith("تجربة فقط: الإرسال الحقيقي متوقف.")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("أرباح مضمونة لك." + END, "«أرباح مضمونة»"),
        ("كلمة المرور: Xk93-pQz81!" + END, "Xk93"),
        ("بطاقتك 4111 1111 1111 1111" + END, "4111"),
    ],
)
def test_a_finding_names_the_words_it_is_about(stage: Stage, text: str, said: str):
    body = card(stage, draft_text=text)
    assert said in line(body, "تنبيه")
    draft_id = stage.showings()[0].card.draft_id
    assert stage.tap(f"msg:{draft_id}:approve").code == "refused"


def test_the_longest_note_and_consent_still_leave_a_card_that_fits(stage: Stage):
    body = card(stage, draft_text="نعدك بأرباح مضمونة. " + "س" * 3000 + END, name="م" * 200)
    assert len(body) <= 1024
    assert "نص الرسالة كاملًا في الرسالة السابقة" in body
