"""The phones page in a real browser, Arabic and English, with hostile text."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

from tests.simulator.conftest import CONTACT, HIDDEN, OPERATOR, Simulator, eventually

pytestmark = pytest.mark.browser

SECOND = "966501110002"
QUIET = "966501110012"
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
        context = chromium.new_context(
            viewport={"width": width, "height": 900}, locale="ar", reduced_motion="reduce", accept_downloads=True
        )
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        context.set_default_timeout(20_000)
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


@pytest.fixture
def put_back(simulator: Simulator) -> Iterator[None]:
    """Everything as at the first start afterwards, the clock as well: the next test finds what it expects."""
    yield
    simulator.post("/api/reset", {})


def deliver(simulator: Simulator, to: str, **message: Any) -> str:
    """A message of the business, as its body has it; the wamid."""
    simulator.open_window(to)
    status, answer = simulator.send({"messaging_product": "whatsapp", "to": f"+{to}"} | message)
    assert status == 200, answer
    return answer["messages"][0]["id"]


def send(simulator: Simulator, to: str, body: str, *titles: str) -> str:
    if titles:
        buttons = [{"type": "reply", "reply": {"id": f"id:{n}", "title": title}} for n, title in enumerate(titles)]
        interactive = {"type": "button", "body": {"text": body}, "action": {"buttons": buttons}}
        return deliver(simulator, to, type="interactive", interactive=interactive)
    return deliver(simulator, to, type="text", text={"body": body})


def pane(page: Page, wa_id: str) -> Locator:
    return page.locator(f'.pane[data-wa-id="{wa_id}"]')


def bubble(page: Page, wamid: str) -> Locator:
    return page.locator(f'[data-wamid="{wamid}"]')


def newest(simulator: Simulator, wa_id: str, kind: str) -> dict[str, Any]:
    """The newest message of the owner of this phone, once it is of this type, as the product got it."""

    def look() -> dict[str, Any] | None:
        last = simulator.phone(wa_id)["messages"][-1:]
        return next((row for row in last if (row["direction"], row["type"]) == ("sent", kind)), None)

    return simulator.receiver.message(eventually(look)["wamid"])


def test_a_card_rests_after_a_tap_and_can_be_tapped_again(simulator: Simulator, open_page: Callable[..., Page]):
    """Late and double taps happen; the product must answer each."""
    wamid = send(simulator, OPERATOR, "فرصة جديدة", "قبول", "تخطي")
    page = open_page()
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    card = bubble(page, wamid)
    button = card.get_by_role("button", name="قبول")
    button.click()
    expect(button).to_be_disabled()
    expect(card.locator(".taken")).to_have_text("قبول")
    page.reload()
    card.get_by_role("button", name="اضغط مرة أخرى").click()
    button.click()
    expect(pane(page, OPERATOR).locator(".bubble.sent", has_text="قبول")).to_have_count(2)
    expect(card.locator(":scope > .stamp .ticks")).to_contain_text("قُرئت")
    replies = [m for m in simulator.phone(OPERATOR)["messages"] if m["context_wamid"] == wamid]
    assert [reply["text"] for reply in replies] == ["قبول", "قبول"]


def test_typed_text_and_focus_survive_news(simulator: Simulator, open_page: Callable[..., Page]):
    simulator.open_window()
    page = open_page()
    box = page.get_by_label("اكتب كأنك جهة الاتصال")
    box.fill("نصف جم")
    send(simulator, CONTACT, "رسالة تصل أثناء الكتابة")
    expect(pane(page, CONTACT).locator(".bubble", has_text="أثناء الكتابة")).to_be_visible()
    expect(box).to_be_focused()
    expect(box).to_have_value("نصف جم")
    box.press("End")
    box.type("لة")
    box.press("Enter")
    expect(box).to_have_value("")
    expect(pane(page, CONTACT).locator(".bubble.sent", has_text="نصف جملة")).to_be_visible()


def test_news_on_another_phone_shows_a_dot_until_it_is_opened(simulator: Simulator, open_page: Callable[..., Page]):
    page = open_page()
    person = page.locator("#people button", has_text="مريم القحطاني")
    send(simulator, SECOND, "أهلاً مريم")
    expect(person.locator(".dot")).to_have_text("1")
    person.click()
    expect(person.locator(".dot")).to_have_count(0)
    expect(pane(page, SECOND).locator(".bubble", has_text="أهلاً مريم").last).to_be_visible()
    expect(page.locator(".pane")).to_have_count(2)


def test_many_phones_stand_side_by_side_and_the_choice_is_remembered(
    simulator: Simulator, open_page: Callable[..., Page]
):
    page = open_page()
    page.get_by_role("button", name="عرض الكل").click()
    everybody = [phone["wa_id"] for phone in simulator.state()["phones"]]
    shown = page.locator(".pane").evaluate_all("all => all.map(one => one.dataset.waId)")
    assert shown[0] == OPERATOR
    assert sorted(shown) == sorted(everybody)
    page.get_by_role("button", name="عرض اثنين").click()
    page.get_by_role("button", name="تثبيت على الشاشة: مريم القحطاني").click()
    expect(pane(page, SECOND)).to_be_visible()
    page.locator("#people button", has_text="خالد المنصور").click()
    expect(page.locator(".pane")).to_have_count(3)
    page.reload()
    expect(pane(page, SECOND)).to_be_visible()
    pane(page, SECOND).get_by_role("button", name="إخفاء الهاتف").click()
    expect(pane(page, SECOND)).to_have_count(0)


def test_hostile_text_is_only_text(simulator: Simulator, open_page: Callable[..., Page]):
    for text in HOSTILE:
        send(simulator, CONTACT, text)
        simulator.post(f"/api/phones/{CONTACT}/text", {"text": text})
    send(simulator, OPERATOR, HOSTILE[0], "<b>نعم</b>", "'\"><i>")
    page = open_page(width=320)
    page.locator(".bubble", has_text="HYPERLINK").last.wait_for()
    for text in HOSTILE:
        shown = pane(page, CONTACT).locator(".bubble .text").evaluate_all("all => all.map(one => one.textContent)")
        assert shown.count(text) == 2
    expect(page.get_by_role("button", name="<b>نعم</b>")).to_be_visible()
    assert page.title() == "هواتف وكيل التجريبية"
    assert page.locator(":is(.text, .choices) :is(img, i, b, script)").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


DRAWN = {
    "link": {
        "type": "interactive",
        "interactive": {
            "type": "cta_url",
            "body": {"text": "التفاصيل كاملة"},
            "action": {"name": "cta_url", "parameters": {"display_text": "افتح", "url": "https://shop.example/a?b=1"}},
        },
    },
    "list": {
        "type": "interactive",
        "interactive": {
            "type": "list",
            "header": {"type": "text", "text": "المواعيد"},
            "body": {"text": "اختر موعدًا"},
            "footer": {"text": "بتوقيت الرياض"},
            "action": {
                "button": "عرض المواعيد",
                "sections": [
                    {"title": "الأحد", "rows": [{"id": "sun", "title": "صباحًا", "description": "من 9 إلى 11"}]},
                    {"title": "الإثنين", "rows": [{"id": "mon", "title": "مساءً"}]},
                ],
            },
        },
    },
    "where": {
        "type": "interactive",
        "interactive": {
            "type": "location_request_message",
            "body": {"text": "أين الموقع؟"},
            "action": {"name": "send_location"},
        },
    },
    "image": {"type": "image", "image": {"link": "https://files.example/photo.jpg", "caption": "صورة الفرع"}},
    "document": {"type": "document", "document": {"link": "https://files.example/a.pdf", "filename": "عرض.pdf"}},
    "place": {
        "type": "location",
        "location": {"latitude": 24.7, "longitude": 46.6, "name": "المكتب", "address": "العليا"},
    },
    "card": {
        "type": "contacts",
        "contacts": [{"name": {"formatted_name": "هدى", "first_name": "هدى"}, "phones": [{"phone": "+966501112233"}]}],
    },
}


def test_every_type_is_drawn_and_what_can_be_tapped_answers(simulator: Simulator, open_page: Callable[..., Page]):
    sent = {name: deliver(simulator, CONTACT, **message) for name, message in DRAWN.items()}
    page = open_page()
    for name, words in {
        "list": ("المواعيد", "اختر موعدًا", "بتوقيت الرياض"),
        "image": ("صورة", "files.example/photo.jpg", "صورة الفرع"),
        "document": ("عرض.pdf",),
        "place": ("المكتب", "العليا", "24.70000, 46.60000"),
        "card": ("هدى", "+966501112233"),
    }.items():
        for word in words:
            expect(bubble(page, sent[name])).to_contain_text(word)

    bubble(page, sent["link"]).get_by_role("button", name="افتح").click()
    expect(page.locator("#sheet")).to_contain_text("https://shop.example/a?b=1")
    page.keyboard.press("Escape")

    bubble(page, sent["list"]).get_by_role("button", name="عرض المواعيد").click()
    expect(page.locator("#sheet h3")).to_have_text(["الأحد", "الإثنين"])
    page.locator("#sheet").get_by_role("button", name="مساءً").click()
    reply = newest(simulator, CONTACT, "interactive")
    assert reply["interactive"]["list_reply"] == {"id": "mon", "title": "مساءً"}
    assert reply["context"]["id"] == sent["list"]

    bubble(page, sent["where"]).get_by_role("button", name="إرسال الموقع").click()
    assert newest(simulator, CONTACT, "location")["context"]["id"] == sent["where"]
    expect(bubble(page, sent["where"]).get_by_role("button", name="اضغط مرة أخرى")).to_be_visible()


def test_reactions_hang_on_their_bubble_and_a_receipt_turns_the_ticks(
    simulator: Simulator, open_page: Callable[..., Page]
):
    wamid = simulator.open_window()
    page = open_page()
    react = {"messaging_product": "whatsapp", "to": f"+{CONTACT}", "type": "reaction"}
    simulator.send(react | {"reaction": {"message_id": wamid, "emoji": "👍"}})
    expect(bubble(page, wamid).locator(".reactions")).to_have_text("👍")
    simulator.send(react | {"reaction": {"message_id": wamid, "emoji": ""}})
    expect(bubble(page, wamid).locator(".reactions")).to_have_count(0)
    receipt = {"messaging_product": "whatsapp", "status": "read", "message_id": wamid}
    simulator.send(receipt | {"typing_indicator": {"type": "text"}})
    expect(bubble(page, wamid).locator(".ticks")).to_have_text("قُرئت")
    expect(pane(page, CONTACT).locator(".typing")).to_have_text("يكتب الآن…")


@pytest.mark.parametrize(
    "kind",
    ["image", "voice", "document", "sticker", "location", "contacts", "own_number", "order", "referral", "unsupported"],
)
def test_everything_in_the_attach_menu_reaches_the_product(simulator: Simulator, attaching: Page, kind: str):
    phone = pane(attaching, CONTACT)
    before = len(simulator.phone(CONTACT)["messages"])
    phone.get_by_role("button", name="إرفاق").click()
    attaching.locator(f'.tile[data-kind="{kind}"]').click()
    submit = attaching.locator("#sheet .main")
    if submit.is_visible():
        submit.click()
    came = {"voice": "audio", "own_number": "contacts", "referral": "text"}.get(kind, kind)
    eventually(lambda: len(simulator.phone(CONTACT)["messages"]) > before)
    row = newest(simulator, CONTACT, came)
    assert ("referral" in row) == (kind == "referral")
    drawn = bubble(attaching, row["id"])
    expect(drawn).to_be_visible()
    if kind in {"image", "sticker"}:
        eventually(lambda: drawn.locator("img").evaluate("image => image.complete && image.naturalWidth > 0"))


@pytest.fixture(scope="module")
def attaching(chromium: Browser, shared: Simulator) -> Iterator[Page]:
    """One page for all kinds of attachments."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    context.set_default_timeout(20_000)
    page = context.new_page()
    page.goto(f"http://localhost:{shared.port}/")
    page.locator("#people button").first.wait_for()
    yield page
    context.close()


def test_a_message_is_quoted_edited_reacted_to_and_deleted_from_its_menu(
    simulator: Simulator, open_page: Callable[..., Page]
):
    theirs = send(simulator, CONTACT, "هل نكمل؟")
    page = open_page()
    phone = pane(page, CONTACT)

    def menu(wamid: str, name: str) -> None:
        bubble(page, wamid).get_by_role("button", name="خيارات").click()
        page.locator("#sheet").get_by_role("button", name=name).click()

    menu(theirs, "رد مع اقتباس")
    page.keyboard.type("نعم")
    page.keyboard.press("Enter")
    own = newest(simulator, CONTACT, "text")
    assert (own["text"]["body"], own["context"]["id"]) == ("نعم", theirs)
    expect(bubble(page, own["id"]).locator(".quote")).to_contain_text("هل نكمل؟")
    bubble(page, own["id"]).locator(".quote").click()
    expect(bubble(page, theirs)).to_be_focused()

    menu(theirs, "تفاعل 👍")
    expect(bubble(page, theirs).locator(".reactions")).to_have_text("👍")

    menu(own["id"], "تعديل الرسالة")
    page.get_by_label("النص الجديد").fill("نعم، بعد العصر")
    page.locator("#sheet .main").click()
    expect(bubble(page, own["id"]).locator(".text")).to_have_text("نعم، بعد العصر")
    expect(bubble(page, own["id"])).to_contain_text("عُدّلت")

    menu(own["id"], "حذف لدى الجميع")
    expect(bubble(page, own["id"])).to_contain_text("حُذفت هذه الرسالة")
    expect(phone.get_by_text("بعد العصر")).to_have_count(0)


@pytest.mark.parametrize(("query", "width"), [("", 1280), ("?lang=en", 320)])
def test_the_page_is_accessible_in_every_tab(
    simulator: Simulator, open_page: Callable[..., Page], query: str, width: int
):
    deliver(simulator, OPERATOR, **DRAWN["list"])
    deliver(simulator, OPERATOR, **DRAWN["card"])
    page = open_page(query, width=width)
    page.locator(f'#people [data-wa-id="{QUIET}"]').click()
    expect(page.locator(".band")).to_contain_text("nothing reaches WhatsApp" if query else "لا شيء يصل إلى واتساب")
    complained(page, "body")
    for tab in ("faults", "rules", "templates"):
        page.locator(f"#tab-{tab}").click()
        expect(page.locator(f"#panel-{tab}")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), tab
        if width > 320:  # the same nodes, only narrower
            complained(page, f"#panel-{tab}")
    pane(page, OPERATOR).locator(".attach").click()
    complained(page, "#sheet")


def complained(page: Page, where: str) -> None:
    """Fail if axe finds anything in this part of the page."""
    result = Axe().run(page, context=where)
    assert result.violations_count == 0, result.generate_report()


def test_the_wire_log_is_accessible(simulator: Simulator, open_page: Callable[..., Page]):
    send(simulator, CONTACT, "أهلاً")
    page = open_page()
    page.locator("#tab-wire").click()
    page.get_by_label("بحث في المسارات والنصوص").fill("/messages")
    page.locator("#wire li:visible summary").first.click()
    page.locator("#wire pre").first.wait_for()
    complained(page, "#panel-wire li:has([open])")


def test_the_keyboard_walks_through_bubbles_and_tabs(simulator: Simulator, open_page: Callable[..., Page]):
    first, second = (send(simulator, CONTACT, text) for text in ("أولى", "ثانية"))
    page = open_page()
    bubble(page, second).wait_for()
    pane(page, CONTACT).locator(".chat").focus()
    page.keyboard.press("End")
    expect(bubble(page, second)).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(bubble(page, first)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#sheet")).to_be_visible()
    page.keyboard.press("Escape")
    page.locator("#tab-person").focus()
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#tab-faults")).to_be_focused()
    expect(page.locator("#panel-faults")).to_be_visible()


@pytest.mark.usefixtures("put_back")
def test_the_bench_moves_the_clock_and_closes_windows(simulator: Simulator, open_page: Callable[..., Page]):
    simulator.open_window()
    page = open_page("?lang=en")
    line = pane(page, CONTACT).locator(".window")
    expect(line).to_contain_text("open until")
    page.get_by_role("button", name="+24 hours").click()
    expect(line).to_contain_text("closed")
    expect(page.locator("#offset")).to_have_text(re.compile(r"^\+\d+:00$"))
    page.get_by_role("button", name="another amount").click()
    page.get_by_label("Minutes").fill("45")
    page.get_by_role("button", name="Move the clock").click()
    expect(page.locator("#offset")).to_have_text(re.compile(r"^\+\d+:45$"))
    page.get_by_label("Write as the contact").fill("hello")
    page.get_by_label("Contact's phone").get_by_role("button", name="Send", exact=True).click()
    expect(line).to_contain_text("open until")


def test_a_fault_set_on_the_page_meets_the_next_send_to_that_person(
    simulator: Simulator, open_page: Callable[..., Page]
):
    simulator.open_window()
    page = open_page()
    page.locator("#tab-faults").click()
    page.get_by_role("button", name="رفض 131056").click()
    expect(page.locator("#pending")).to_have_text("1")
    payload = {"messaging_product": "whatsapp", "to": f"+{CONTACT}", "type": "text", "text": {"body": "أهلاً"}}
    assert simulator.send(payload)[1]["error"]["code"] == 131056
    expect(page.locator("#pending")).to_have_text("0")
    page.get_by_role("button", name="إسقاط أول محاولة").click()
    page.get_by_role("button", name="إلغاء الأعطال: إسقاط أول محاولة").click()
    expect(page.locator("#pending")).to_have_text("0")
    hold = page.get_by_role("switch", name="تأخير الحالات")
    hold.click()
    expect(hold).to_have_attribute("aria-checked", "true")
    assert simulator.state()["faults"]["hold_statuses"] is True


def test_rates_follow_a_seed_and_rules_can_be_switched(simulator: Simulator, open_page: Callable[..., Page]):
    page = open_page("?lang=en")
    page.locator("#tab-faults").click()
    page.locator("#rate-name").select_option("drop_webhooks")
    page.get_by_label("Share in per cent").fill("12.5")
    page.get_by_role("button", name="Set", exact=True).click()
    expect(page.locator("#rates li")).to_contain_text("12.5%")
    page.get_by_label("Seed").fill("42")
    page.get_by_label("Seed").press("Tab")
    eventually(lambda: simulator.state()["faults"]["seed"] == 42)
    assert simulator.state()["faults"]["rates"] == {"drop_webhooks": 0.125}
    page.locator("#rates").get_by_role("button").click()
    expect(page.locator("#rates li")).to_have_count(0)
    page.locator("#tab-rules").click()
    simulator.post("/api/rules", {"pair_rate": True})
    expect(page.get_by_role("switch", name="131056")).to_have_attribute("aria-checked", "true")
    page.get_by_role("switch", name="131056").click()
    page.get_by_label("Messages a second").fill("20")
    page.get_by_label("Messages a second").press("Tab")
    eventually(lambda: simulator.state()["rules"]["throughput_per_s"] == 20)
    assert simulator.state()["rules"]["pair_rate"] is False


def test_a_paused_template_is_told_to_the_product(simulator: Simulator, open_page: Callable[..., Page]):
    page = open_page()
    page.locator("#tab-templates").click()
    card = page.locator(".template", has_text="operator_brief")
    card.locator("summary").click()
    card.get_by_role("button", name="إيقاف مؤقت").click()
    expect(card.locator(".tag")).to_have_text("موقوف")
    eventually(lambda: any(value.get("event") == "PAUSED" for value in simulator.receiver.values()))
    card.get_by_role("button", name="إعادة تفعيل").click()
    expect(card.locator(".tag")).to_have_text("معتمد")


def test_the_wire_log_is_sifted_copied_and_sent_again(simulator: Simulator, open_page: Callable[..., Page]):
    page = open_page()
    page.locator("#tab-wire").click()
    send(simulator, CONTACT, "بحث عن هذه الكلمة")
    page.get_by_label("بحث في المسارات والنصوص").fill("هذه الكلمة")
    rows = page.locator("#wire li:visible")
    expect(rows).to_have_count(1)
    rows.locator("summary").click()
    rows.get_by_role("button", name="نسخ كأمر curl").click()
    expect(page.locator("#notice")).to_have_text("نُسخ.")
    assert page.evaluate("navigator.clipboard.readText()").startswith("curl")
    rows.get_by_role("button", name="إرسال مرة أخرى").click()
    expect(rows).to_have_count(2)
    expect(rows.first).to_contain_text("إعادة")
    page.get_by_role("button", name="إلى وكيل", exact=True).click()
    expect(rows).to_have_count(0)


@pytest.mark.usefixtures("put_back")
def test_a_person_gets_a_script_a_profile_and_another_number(simulator: Simulator, open_page: Callable[..., Page]):
    page = open_page()
    page.locator(f'#people [data-wa-id="{HIDDEN}"]').click()
    phone = pane(page, HIDDEN)
    expect(phone.locator(".kind")).to_contain_text("@noura.alsubaie")

    def menu(name: str) -> None:
        phone.get_by_role("button", name="خيارات الهاتف").click()
        page.locator("#sheet").get_by_role("button", name=name, exact=True).click()

    menu("لا يرد")
    eventually(lambda: simulator.phone(HIDDEN)["script"] == "silent")
    menu("تعديل الملف الشخصي")
    page.get_by_label("الاسم", exact=True).fill("نورة خالد")
    page.locator("#sheet .main").click()
    expect(phone.locator(".owner-name")).to_have_text("نورة خالد")
    menu("إيقاف الرسائل التسويقية")
    eventually(lambda: simulator.phone(HIDDEN)["marketing_stopped"])
    menu("تغيير الرقم")
    page.get_by_label("الرقم", exact=True).fill("+966 50 999 8888")
    page.locator("#sheet .main").click()
    expect(pane(page, "966509998888")).to_be_visible()


def test_a_picture_of_ones_own_is_sent_as_it_is(simulator: Simulator, open_page: Callable[..., Page]):
    page = open_page()
    pane(page, CONTACT).get_by_role("button", name="إرفاق").click()
    page.locator('.tile[data-kind="document"]').click()
    own = {"name": "mine.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4 mine"}
    page.get_by_label("ملف من هذا الجهاز").set_input_files(own)
    page.locator("#sheet .main").click()
    row = newest(simulator, CONTACT, "document")
    assert row["document"]["filename"] == "mine.pdf"
    shown = next(m for m in simulator.phone(CONTACT)["messages"] if m["wamid"] == row["id"])
    assert shown["media"]["size"] == len(own["buffer"])


def test_who_reads_older_messages_is_not_pulled_away(simulator: Simulator, open_page: Callable[..., Page]):
    """Older messages are drawn when somebody scrolls up to them."""
    for n in range(50):
        simulator.post(f"/api/phones/{SECOND}/text", {"text": f"سطر {n}"})
    page = open_page()
    page.locator(f'#people [data-wa-id="{SECOND}"]').click()
    chat = pane(page, SECOND).locator(".chat")
    expect(chat.get_by_text("سطر 49", exact=True)).to_be_in_viewport()
    expect(chat.get_by_text("سطر 0", exact=True)).to_have_count(0)
    chat.evaluate("log => { log.scrollTop = 0; }")
    chat.get_by_text("سطر 0", exact=True).scroll_into_view_if_needed()
    news = {"to": f"+{SECOND}", "type": "text", "text": {"body": "خبر جديد"}}
    assert simulator.send({"messaging_product": "whatsapp"} | news)[0] == 200
    pill = pane(page, SECOND).get_by_role("button", name="إلى أحدث الرسائل")
    expect(pill).to_be_visible()
    expect(chat.get_by_text("سطر 0", exact=True)).to_be_in_viewport()
    pill.click()
    expect(chat.get_by_text("خبر جديد")).to_be_in_viewport()
    expect(pill).to_be_hidden()


def test_what_was_done_is_saved_as_a_scenario(simulator: Simulator, open_page: Callable[..., Page]):
    page = open_page("?lang=en")
    page.get_by_role("button", name="Record from here").click()
    expect(page.locator("#notice")).to_have_text("Recording from here.")
    simulator.post(f"/api/phones/{CONTACT}/text", {"text": "كم سعر التركيب؟"})
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save this as a scenario").click()
    assert saved.value.suggested_filename == "rehearsal.yaml"
    assert "كم سعر التركيب؟" in saved.value.path().read_text(encoding="utf-8")


def test_going_back_to_the_start_asks_first(simulator: Simulator, open_page: Callable[..., Page]):
    simulator.open_window()
    page = open_page()
    page.get_by_role("button", name="إعادة إلى البداية").click()
    page.keyboard.press("Escape")
    assert simulator.phone(CONTACT)["messages"]
    page.get_by_role("button", name="إعادة إلى البداية").click()
    page.get_by_role("button", name="نعم، إعادة إلى البداية").click()
    expect(pane(page, CONTACT).locator(".bubble")).to_have_count(0)
    assert simulator.phone(CONTACT)["messages"] == []
