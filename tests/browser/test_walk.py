"""One opportunity walked by a person: on the phones page, then seen and decided on the screens."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import sign_in
from tests.house import PASSWORD, USERNAME, Deal, House

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


def test_without_scripts_everything_can_be_decided(house: House, open_page: Callable[..., Page]):
    """Sign in, list, open, ask for the message, edit it, approve it; skip another with a reason."""
    written, skipped = house.deals(2)
    page = screens(house, open_page, java_script_enabled=False)
    expect(page.locator(".rows .row").first).to_be_visible()
    page.goto(f"http://localhost:{house.deployment.port}{item_path(house, written)}")
    page.locator('[data-key="D"]').click()
    page.locator('[data-key="E"]').click()
    box = page.locator("textarea[name=text]")
    box.fill(f"{box.input_value()}\nبلا نصوص برمجية")
    page.locator("form:has(textarea[name=text]) button").first.click()
    page.locator('[data-key="A"]').click()
    expect(page.locator("body")).to_contain_text("اعتُمدت")
    page.goto(f"http://localhost:{house.deployment.port}{item_path(house, skipped)}")
    page.locator('summary[data-key="X"]').click()
    page.locator('.menu[open] [data-key="1"]').click()
    expect(page.locator("body")).to_contain_text("تم التخطي")
    house.until(lambda: house.sent_to(written.phone))
    assert "بلا نصوص برمجية" in house.sent_to(written.phone)[0]
    assert house.rows(f"SELECT state, skip_reason FROM opportunity WHERE title = '{skipped.title}'") == [
        ("skipped", "1")
    ]


FOCUS = """() => {
  const one = document.activeElement, box = one.getBoundingClientRect();
  const on = document.elementFromPoint(box.left + box.width / 2, box.top + Math.min(box.height / 2, 20));
  const style = getComputedStyle(one);
  if (one === document.body) return 'nothing has the focus';
  if (!one.matches('main') && style.outlineStyle === 'none') return `no ring: ${one.outerHTML.slice(0, 80)}`;
  return one.contains(on) || on?.contains(one) ? '' : `covered: ${one.outerHTML.slice(0, 80)}`;
}"""
ARABIC_KEYS = {"A": "ش", "D": "ي", "E": "ث", "X": "ء", "J": "ت", "G": "ل", "F": "ب", "Q": "ض"}


class Keys:
    """Somebody at the keyboard. layout: what the letters are; a key is where it is on a Latin one."""

    def __init__(self, page: Page, layout: str) -> None:
        self.page, self.layout = page, layout
        self.protocol = page.context.new_cdp_session(page)

    def press(self, letter: str) -> None:
        self.page.wait_for_load_state()  # the keys come with a script
        typed = ARABIC_KEYS[letter] if self.layout == "arabic" else letter.lower()
        event = {"key": typed, "code": f"Key{letter}", "text": typed, "windowsVirtualKeyCode": ord(letter)}
        self.protocol.send("Input.dispatchKeyEvent", {"type": "keyDown", **event})
        self.protocol.send("Input.dispatchKeyEvent", {"type": "keyUp", **event})

    def tab_to(self, selector: str) -> None:
        """Forward from where the focus is; every stop on the way can be seen."""
        for _ in range(60):
            self.page.keyboard.press("Tab")
            assert self.page.evaluate(FOCUS) == ""
            if self.page.evaluate("(selector) => document.activeElement.matches(selector)", selector):
                return
        pytest.fail(f"no way to {selector} by Tab")


@pytest.mark.parametrize("layout", ["latin", "arabic"])
def test_the_whole_flow_by_keyboard_alone(house: House, open_page: Callable[..., Page], layout: str):
    """Sign in, list, open, message, edit and approve, skip with a reason, go to the failures: no mouse."""
    written, skipped = house.deals(2)
    base = f"http://localhost:{house.deployment.port}"
    page = open_page(f"{base}/login/")
    keys = Keys(page, layout)
    for name, text in (("username", USERNAME), ("password", PASSWORD)):
        if not page.evaluate(f"document.activeElement.name === '{name}'"):
            keys.tab_to(f"[name={name}]")
        page.keyboard.type(text)
    page.keyboard.press("Enter")
    page.locator(".rows .row").first.wait_for()
    keys.press("J")
    assert page.evaluate(FOCUS) == ""
    page.keyboard.press("Enter")
    page.wait_for_url("**/i/**")

    page.goto(f"{base}{item_path(house, written)}")
    keys.press("D")
    page.locator('[data-key="E"]').wait_for()
    keys.press("E")
    page.locator("textarea[name=text]").wait_for()
    if not page.evaluate("document.activeElement.matches('textarea')"):
        keys.tab_to("textarea[name=text]")
    page.keyboard.press("Control+End")
    page.keyboard.type("\nبلوحة المفاتيح")
    page.keyboard.press("Control+Enter")
    expect(page.locator("body")).to_contain_text("اعتُمدت")
    assert page.evaluate(FOCUS) == ""

    page.goto(f"{base}{item_path(house, skipped)}")
    keys.press("X")
    assert page.evaluate(FOCUS) == ""
    page.keyboard.press("1")
    expect(page.locator("body")).to_contain_text("تم التخطي")
    keys.press("G")
    keys.press("F")
    page.wait_for_url("**/failures/")
    house.until(lambda: house.sent_to(written.phone))
    assert "بلوحة المفاتيح" in house.sent_to(written.phone)[0]


def test_the_page_of_a_person_grows_by_itself_and_not_under_a_selection(house: House, open_page: Callable[..., Page]):
    deal = house.deal()
    [[contact_id]] = house.rows(f"SELECT contact_id FROM opportunity WHERE title = '{deal.title}'")
    page = screens(house, open_page, f"/contacts/{contact_id}/")
    page.evaluate("window.isTheSamePage = true")
    talk = page.locator("#conversation")
    expect(talk).to_contain_text("السلام عليكم")
    deal.phone.say("هل بقي منه شيء؟")
    expect(talk).to_contain_text("هل بقي منه شيء؟")
    talk.get_by_text("هل بقي منه شيء؟").select_text()
    deal.phone.say("وكم السعر الآن؟")
    house.until(lambda: house.rows("SELECT 1 FROM inbound_message WHERE text = 'وكم السعر الآن؟'"))
    page.wait_for_timeout(2000)
    expect(talk).not_to_contain_text("وكم السعر الآن؟")
    page.evaluate("getSelection().removeAllRanges()")
    expect(talk).to_contain_text("وكم السعر الآن؟")
    assert page.evaluate("window.isTheSamePage")


def test_of_two_browsers_one_decides_and_the_other_is_told(house: House, open_page: Callable[..., Page]):
    deal = house.deal()
    pages = [screens(house, open_page, item_path(house, deal)) for _ in range(2)]
    pages[0].locator('[data-key="D"]').click()
    pages[0].locator('[data-key="A"]').wait_for()  # what this click is answered with is not the answer to the next
    for page in pages:
        page.goto(f"http://localhost:{house.deployment.port}{item_path(house, deal)}")
    for page in pages:
        page.locator('[data-key="A"]').evaluate("(button) => { setTimeout(() => button.click(), 0); }")
    for page in pages:
        expect(page.locator(".messages")).to_be_visible()
    assert len({page.locator(".messages").inner_text() for page in pages}) == 2
    assert len(house.rows(f"SELECT 1 FROM approval JOIN draft ON draft.id = approval.draft_id JOIN opportunity o "
                          f"ON o.id = draft.opportunity_id WHERE o.title = '{deal.title}'")) == 1  # fmt: skip
    assert len(house.outgoing(deal.phone)) == 1


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
