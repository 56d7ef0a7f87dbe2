"""The phones page in a real browser, Arabic and English, with hostile text."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.simulator.conftest import CONTACT, OPERATOR, Simulator

pytestmark = pytest.mark.browser

SECOND = "966501110002"
HOSTILE = [
    "<script>document.title='taken'</script>",
    "<img src=x onerror=\"document.title='taken'\">",
    "'\"`${1+1}{{title}}",
    "\u202eعكس الاتجاه",
    "س" * 4000,
    '=HYPERLINK("http://evil.example")',
]


@pytest.fixture
def open_page(chromium: Browser, simulator: Simulator) -> Iterator[Callable[..., Page]]:
    """Open the page at a width; at the end nothing may have been complained about in the console."""
    contexts: list[Any] = []
    complaints: list[str] = []

    def one(query: str = "", *, width: int = 1440) -> Page:
        context = chromium.new_context(viewport={"width": width, "height": 900}, locale="ar")
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("response", lambda answer: answer.status >= 400 and complaints.append(f"{answer.status} {answer.url}"))
        page.goto(f"http://localhost:{simulator.port}/{query}")
        page.locator("#people button").first.wait_for()
        return page

    yield one
    for context in contexts:
        context.close()
    assert complaints == []


def send(simulator: Simulator, to: str, body: str, *titles: str) -> str:
    simulator.open_window(to)
    payload: dict[str, Any] = {"messaging_product": "whatsapp", "to": f"+{to}"}
    if titles:
        buttons = [{"type": "reply", "reply": {"id": f"id:{n}", "title": title}} for n, title in enumerate(titles)]
        interactive = {"type": "button", "body": {"text": body}, "action": {"buttons": buttons}}
        payload |= {"type": "interactive", "interactive": interactive}
    else:
        payload |= {"type": "text", "text": {"body": body}}
    status, answer = simulator.send(payload)
    assert status == 200, answer
    return answer["messages"][0]["id"]


def test_a_card_is_tapped_and_stays_tappable(simulator: Simulator, open_page: Callable[..., Page]):
    wamid = send(simulator, OPERATOR, "فرصة جديدة", "قبول", "تخطي")
    page = open_page()
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    card = page.locator(f'[data-role="operator"] [data-wamid="{wamid}"]')
    button = card.get_by_role("button", name="قبول")
    for taps in (1, 2):
        button.click()
        expect(page.locator('[data-role="operator"] .bubble.sent', has_text="قبول")).to_have_count(taps)
    expect(card.locator(".ticks")).to_contain_text("قُرئت")
    replies = [m for m in simulator.phone(OPERATOR)["messages"] if m["context_wamid"] == wamid]
    assert [reply["text"] for reply in replies] == ["قبول", "قبول"]


def test_typed_text_and_focus_survive_news(simulator: Simulator, open_page: Callable[..., Page]):
    simulator.open_window()
    page = open_page()
    box = page.get_by_label("اكتب كأنك جهة الاتصال")
    box.fill("نصف جم")
    send(simulator, CONTACT, "رسالة تصل أثناء الكتابة")
    expect(page.locator('[data-role="contact"] .bubble', has_text="أثناء الكتابة")).to_be_visible()
    expect(box).to_be_focused()
    expect(box).to_have_value("نصف جم")
    box.press("End")
    box.type("لة")
    box.press("Enter")
    expect(box).to_have_value("")
    expect(page.locator('[data-role="contact"] .bubble.sent', has_text="نصف جملة")).to_be_visible()


def test_news_on_another_phone_shows_a_dot_until_it_is_opened(simulator: Simulator, open_page: Callable[..., Page]):
    page = open_page()
    person = page.locator("#people button", has_text="مريم القحطاني")
    send(simulator, SECOND, "أهلاً مريم")
    expect(person.locator(".dot")).to_be_visible()
    person.click()
    expect(person.locator(".dot")).to_have_count(0)
    expect(page.locator('[data-role="contact"] .bubble', has_text="أهلاً مريم").last).to_be_visible()


def test_hostile_text_is_only_text(simulator: Simulator, open_page: Callable[..., Page]):
    for text in HOSTILE:
        send(simulator, CONTACT, text)
        simulator.post(f"/api/phones/{CONTACT}/text", {"text": text})
    send(simulator, OPERATOR, HOSTILE[0], "<b>نعم</b>", "'\"><i>")
    page = open_page(width=320)
    page.locator(".bubble", has_text="HYPERLINK").last.wait_for()
    for text in HOSTILE:
        shown = page.locator('[data-role="contact"] .bubble .text').evaluate_all(
            "all => all.map(one => one.textContent)"
        )
        assert shown.count(text) == 2
    expect(page.get_by_role("button", name="<b>نعم</b>")).to_be_visible()
    assert page.title() == "هواتف وكيل التجريبية"
    assert page.locator("main img, main i, main b").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


@pytest.mark.parametrize(("query", "band"), [("", "لا شيء يصل إلى واتساب"), ("?lang=en", "nothing reaches WhatsApp")])
def test_the_page_is_accessible_and_says_that_it_is_practice(
    simulator: Simulator, open_page: Callable[..., Page], query: str, band: str
):
    send(simulator, OPERATOR, "فرصة", "قبول")
    page = open_page(query)
    page.locator(".bubble").first.wait_for()
    expect(page.locator(".band")).to_contain_text(band)
    result = Axe().run(page)
    assert result.violations_count == 0, result.response["violations"]


def test_the_bench_moves_the_clock_and_closes_windows(simulator: Simulator, open_page: Callable[..., Page]):
    simulator.open_window()
    page = open_page("?lang=en")
    line = page.locator('[data-role="contact"] .window')
    expect(line).to_contain_text("open until")
    page.get_by_role("button", name="+24 hours").click()
    expect(line).to_contain_text("closed")
    expect(page.locator("#offset")).to_have_text(re.compile(r"^\+\d+:00$"))
    page.get_by_label("Write as the contact").fill("hello")
    page.get_by_label("Contact's phone").get_by_role("button", name="Send").click()
    expect(line).to_contain_text("open until")


def test_a_fault_set_on_the_page_meets_the_next_send_to_that_person(
    simulator: Simulator, open_page: Callable[..., Page]
):
    simulator.open_window()
    page = open_page()
    page.get_by_role("button", name="رفض 131056").click()
    expect(page.locator("#pending")).to_have_text("1")
    payload = {"messaging_product": "whatsapp", "to": f"+{CONTACT}", "type": "text", "text": {"body": "أهلاً"}}
    assert simulator.send(payload)[1]["error"]["code"] == 131056
    expect(page.locator("#pending")).to_have_text("0")
    page.get_by_role("button", name="تأخير الحالات").click()
    expect(page.get_by_role("button", name="تأخير الحالات")).to_have_attribute("aria-pressed", "true")
    assert simulator.state()["faults"]["hold_statuses"] is True
