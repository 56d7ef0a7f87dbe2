"""«اعتمد الكل» on a page: each text is read whole, and approved against its own digest."""

import re
from uuid import uuid4

import pytest

from tests.web import rows
from wakeel.flows.edit_draft import submit_text
from wakeel.store.models import Approval, Contact, Decision, Draft

PAGE = "/drafts/together/"


@pytest.fixture
def texts(home: rows.House) -> list[Draft]:
    """Of three people, the third of whom never agreed."""
    made = []
    for number, name in enumerate(("مريم", "سعد", "ليلى")):
        person = rows.contact(home, name, phone=f"+96650000003{number}")
        if name != "ليلى":
            rows.agreed(home, person)
        deal = rows.opportunity(home, person, key=f"k{number}", state="accepted", owner=home.operator)
        made.append(rows.draft(home, deal, text=f"{rows.TEXT}\nرقم {number} <b>"))
    return made


def form(html: str) -> dict[str, object]:
    """What stands in the HTML is enough to post."""
    key = re.search(r'name="key" value="([0-9a-f-]{36})"', html.split(f'action="{PAGE}"')[1])
    assert key is not None
    return {"key": key[1], "draft": re.findall(r'name="draft" value="([^"]+)" checked', html)}


def post(page, values: dict[str, object]) -> str:
    return page.post(PAGE, values, follow=True).content.decode()


def test_each_text_stands_there_whole_and_what_cannot_go_stands_apart(page, texts):
    assert f'href="{PAGE}"' in page.get("/?tab=drafts").content.decode()
    fit, apart = page.get(PAGE).content.decode().split("لا يُعتمد معها")
    assert len(form(fit)["draft"]) == 2  # type: ignore[arg-type]
    assert all(f"رقم {number} &lt;b&gt;" in fit for number in (0, 1))
    assert "ليلى" in apart
    assert "ليلى" not in fit.split("</header>")[-1]
    assert not Approval.objects.exists()


def test_each_is_approved_for_itself_and_what_changed_meanwhile_is_not(page, home, texts):
    values = form(page.get(PAGE).content.decode())
    changed = submit_text(
        home.operator.id, texts[1].id, "نص كُتب بعد القائمة", tap_key="t", via="phone", now=rows.now()
    )  # fmt: skip
    assert changed.carried_out
    html = post(page, values)
    assert "اعتُمدت، وتخرج بعد" in html
    assert "هذه البطاقة قديمة" in html
    assert Approval.objects.get().draft == texts[0]
    assert "سبق القرار" in post(page, values), "a form posted twice decides once"
    assert Decision.objects.filter(action="all_approve").count() == 1


def test_what_is_not_ticked_waits_and_nothing_ticked_is_nothing_approved(page, texts):
    values = form(page.get(PAGE).content.decode())
    assert "لا توجد الآن رسائل" in post(page, {**values, "draft": []})
    post(page, {**values, "draft": values["draft"][1:]})  # type: ignore[index]
    assert Approval.objects.get().draft == texts[1]


def test_texts_of_another_house_and_made_up_ones_are_left_out(page, texts):
    theirs = rows.house(phone_number_id="105500000000009", username="other")
    person = rows.contact(theirs, "غريب", phone="+966500000099")
    rows.agreed(theirs, person)
    foreign = rows.draft(theirs, rows.opportunity(theirs, person, state="accepted", owner=theirs.operator))
    forged = [f"{foreign.id}:{rows.digest_of(foreign)}", "x", ":", f"{texts[0].id}:", f"{texts[2].id}:{'0' * 64}"]
    assert "غريب" not in post(page, {"key": str(uuid4()), "draft": forged})
    assert not Approval.objects.exists()


def test_who_opted_out_after_the_page_was_opened_is_refused(page, home, texts):
    values = form(page.get(PAGE).content.decode())
    rows.opted_out(home, Contact.objects.get(name="مريم"))
    html = post(page, values)
    assert "اعتُمدت" in html
    assert Approval.objects.get().draft == texts[1]
