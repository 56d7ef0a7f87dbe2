"""One opportunity walked by a person: on the phones page, then seen and decided on the screens."""

import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import sign_in
from tests.house import Deal, House

pytestmark = [pytest.mark.browser, pytest.mark.processes]

HOSTILE = "<script>document.title='taken'</script>\"'\u202eعكس =HYPERLINK(\"x\")"


def phones(house: House, open_page: Callable[..., Page], deal: Deal) -> tuple[Page, Locator, Locator]:
    """The phones page with this deal's person chosen: page, operator's phone, contact's phone."""
    page = open_page(f"http://localhost:{house.simulator_port}/")
    page.locator(f'#people button[data-wa-id="{deal.phone.wa_id}"]').click()
    return page, page.locator('[data-role="operator"]'), page.locator('[data-role="contact"]')


def screens(house: House, open_page: Callable[..., Page], path: str = "/", **options: object) -> Page:
    page = open_page(f"http://localhost:{house.deployment.port}/login/", **options)
    sign_in(page)
    page.goto(f"http://localhost:{house.deployment.port}{path}")
    return page


def item_path(house: House, deal: Deal) -> str:
    [[opportunity_id]] = house.rows(f"SELECT id FROM opportunity WHERE title = '{deal.title}'")
    return f"/i/{opportunity_id}/"


def contact_path(house: House, deal: Deal) -> str:
    [[contact_id]] = house.rows(f"SELECT contact_id FROM opportunity WHERE title = '{deal.title}'")
    return f"/contacts/{contact_id}/"


def tap(phone: Locator, words: str, title: str) -> None:
    """Tap a button of the newest card with these words."""
    card = phone.locator(".bubble").filter(has_text=words).filter(has=phone.page.get_by_role("button", name=title)).last
    card.get_by_role("button", name=title).click()


def test_from_card_to_read_on_the_phones_page_and_on_the_timeline(house: House, open_page: Callable[..., Page]):
    deal = house.deal()
    page, operator, contact = phones(house, open_page, deal)
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    tap(operator, deal.title, "رسالة")
    expect(operator.locator(".bubble").filter(has_text="نص الرسالة كما سيصل").last).to_contain_text(deal.name)
    tap(operator, deal.name, "تعديل")
    expect(operator).to_contain_text("اكتب النص الجديد")
    box = page.get_by_label("اكتب كأنك المشغّل")
    box.fill("نص جديد من الهاتف. مكتب وكيل. للإيقاف: إيقاف")
    box.press("Enter")
    expect(operator).to_contain_text("حُفظت النسخة 2")
    tap(operator, "نص جديد من الهاتف", "اعتماد")
    expect(operator).to_contain_text("اعتُمدت الرسالة")
    arrived = contact.locator(".bubble").filter(has_text="نص جديد من الهاتف")
    expect(arrived).to_contain_text("قُرئت", timeout=15_000)
    house.until(lambda: house.last(deal.phone).status == "read")

    screen = screens(house, open_page, item_path(house, deal))
    timeline = screen.locator("body")
    for words in ("النسخة 2", "قُرئت", "سعود"):
        expect(timeline).to_contain_text(words)


def test_the_same_decisions_by_click_reach_the_same_phone(house: House, open_page: Callable[..., Page]):
    deal = house.deal()
    page = screens(house, open_page, item_path(house, deal))
    page.get_by_role("button", name="رسالة").click()
    expect(page.locator("body")).to_contain_text("هكذا ستصل إلى جهة الاتصال")
    page.get_by_role("button", name="اعتماد").click()
    expect(page.locator("body")).to_contain_text("اعتُمدت")
    house.until(lambda: house.sent_to(deal.phone))
    assert deal.title in house.sent_to(deal.phone)[0]


def test_without_scripts_a_person_can_still_sign_in_and_decide(house: House, open_page: Callable[..., Page]):
    deal = house.deal()
    page = screens(house, open_page, item_path(house, deal), java_script_enabled=False)
    page.get_by_role("button", name="تخطي").click()
    expect(page.locator("body")).to_contain_text("تم التخطي")


def test_english_turns_the_page_round(house: House, open_page: Callable[..., Page]):
    page = screens(house, open_page)
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("dir", "ltr")
    expect(page.locator("body")).to_contain_text("Waiting for you")


def test_hostile_words_stay_words_on_both_pages(house: House, open_page: Callable[..., Page]):
    deal = house.deal(summary=HOSTILE, company=HOSTILE[:60])
    page, operator, _ = phones(house, open_page, deal)
    expect(operator.locator(".bubble").filter(has_text=deal.title).last).to_contain_text("<script>")
    screen = screens(house, open_page, item_path(house, deal))
    expect(screen.locator("body")).to_contain_text("<script>")
    for shown in (page, screen):
        assert "taken" not in shown.title()


@pytest.mark.parametrize("width", [1280, 320])
def test_every_screen_passes_axe_and_fits(house: House, open_page: Callable[..., Page], width: int):
    deal = house.deal()
    page = screens(house, open_page, viewport={"width": width, "height": 800})
    person = contact_path(house, deal)
    for path in (
        "/",
        item_path(house, deal),
        person,
        f"{person}stop/",
        f"{person}merge/",
        "/outbox/",
        "/failures/",
        "/health/",
        "/webhooks/",
        "/operators/enrol/",
        "/brief/",
        "/team/",
        "/team/rules/",
        "/templates/",
        "/meetings/",
        "/i/new/",
    ):
        page.goto(f"http://localhost:{house.deployment.port}{path}")
        found = Axe().run(page)
        assert found.violations_count == 0, (path, found.generate_report())
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path
        assert not re.search(r"\{%|\{\{ ", page.content()), "places in a message template have no space: {{name}}"
