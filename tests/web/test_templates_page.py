"""Templates on screen: written and submitted by administrators, read by everybody of the business, never edited."""

import pytest

from tests.web import rows
from wakeel.flows import make_template
from wakeel.store.models import Template, TemplateText
from wakeel.store.screens import templates as screen

WORDS = {
    "category": "UTILITY", "header": "", "body": "مرحبًا {{name}}، طلبك جاهز للاستلام اليوم.", "footer": "",
    "samples": "name = مريم", "label_1": "إيقاف الرسائل", "payload_1": "OPT_OUT_ALL",
}  # fmt: skip
NEW = {**WORDS, "name": "order_ready", "language": "ar"}


@pytest.fixture
def admin(home):
    rows.may_be(home, "operator", "admin")


def test_the_page_offers_the_ready_texts_and_says_that_the_brief_is_missing(page, home, admin):
    html = page.get("/templates/").content.decode()
    assert "قالب موجز المشغّل غير متوفر" in html
    assert "هذا موجز عملك" in html
    assert 'href="/templates/"' in html
    page.post("/templates/starters/")
    assert TemplateText.objects.filter(author="", asked_at=None).count() == 10
    html = page.get("/templates/").content.decode()
    assert "هذا موجز عملك" not in html, "they are versions now"
    brief = TemplateText.objects.get(name="operator_brief", language="ar")
    Template.objects.create(
        business=home.business, waba_id=home.number.waba_id, name=brief.meta_name, language="ar", status="APPROVED",
        category="UTILITY", quality="GREEN", components=brief.components,
    )  # fmt: skip
    html = page.get("/templates/").content.decode()
    assert "قالب موجز المشغّل غير متوفر" not in html
    assert "GREEN" in html


def test_a_template_is_written_followed_by_a_version_and_submitted(page, home, admin):
    assert page.post("/templates/new/", NEW).status_code == 302
    first = TemplateText.objects.get()
    assert (first.meta_name, first.author, first.payloads) == ("order_ready_v1", home.user.username, ["OPT_OUT_ALL"])
    html = page.get("/templates/order_ready/ar/").content.decode()
    assert "OPT_OUT_ALL" in html
    assert "name = مريم" in html, "the form begins with the newest words"
    assert page.post("/templates/order_ready/ar/", WORDS).status_code == 422, "the same words are no version"
    page.post("/templates/order_ready/ar/", {**WORDS, "body": "مرحبًا {{name}}، طلبك وصل إلى الفرع اليوم."})
    first.refresh_from_db()
    second = TemplateText.objects.get(version=2)
    assert "جاهز" in first.components[0]["text"], "a version is never edited"
    page.post(f"/templates/{first.pk}/submit/")
    assert not TemplateText.objects.exclude(asked_at=None).exists(), "an older version is not submitted"
    page.post(f"/templates/{second.pk}/submit/")
    assert TemplateText.objects.exclude(asked_at=None).get() == second
    assert "قيد الإرسال" in page.get("/templates/order_ready/ar/").content.decode()


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"name": "Order Ready"}, "حروف لاتينية صغيرة"),
        ({"body": "{{name}} طلبك جاهز للاستلام اليوم"}, "لا يبدأ النص بمتغير"),
        ({"payload_1": ""}, "زر يطلب الإيقاف"),
        ({"samples": ""}, "مثال لكل متغير"),
        ({"category": "MARKETING"}, "نص تسويقي بلا طريقة إيقاف"),
        ({"body": "ا" * 5000}, "1024"),
    ],
)
def test_what_whatsapp_would_refuse_is_said_beside_its_field(page, home, admin, changed, words):
    answer = page.post("/templates/new/", {**NEW, **changed})
    assert (answer.status_code, words in answer.content.decode()) == (422, True)
    assert not TemplateText.objects.exists()


def test_nobody_else_writes_and_everybody_reads(page, home):
    make_template.take_starters(home.business.id, now=rows.now())
    version = TemplateText.objects.filter(name="meeting", language="ar").get()
    for path in (
        "/templates/new/",
        "/templates/starters/",
        f"/templates/{version.pk}/submit/",
        "/templates/meeting/ar/",
    ):
        assert page.post(path, WORDS).status_code == 403, path
    assert TemplateText.objects.count() == 10
    assert not TemplateText.objects.exclude(asked_at=None).exists()
    html = page.get("/templates/meeting/ar/").content.decode()
    assert "المواعيد المقترحة" in html
    assert '<form method="post" class="stack"' not in html


def test_templates_of_another_business_are_not_there(page, home, admin):
    other = rows.house("بيان", phone_number_id="105500000000003", username="nora")
    make_template.take_starters(other.business.id, now=rows.now())
    theirs = TemplateText.objects.get(name="meeting", language="ar")
    assert page.get("/templates/meeting/ar/").status_code == 404
    assert page.post("/templates/meeting/ar/", WORDS).status_code == 404
    assert page.post(f"/templates/{theirs.pk}/submit/").status_code == 404
    for strange in (2**70, "x", "٣"):
        assert page.post(f"/templates/{strange}/submit/").status_code == 404
    assert not TemplateText.objects.exclude(asked_at=None).exists()


def test_what_was_edited_at_whatsapp_is_not_said_to_be_in_use(page, home, admin):
    """No message of ours is made of it, whatever its state: the page must say why."""
    page.post("/templates/new/", NEW)
    row = TemplateText.objects.get()
    at_meta = Template.objects.create(
        business=home.business, waba_id=home.number.waba_id, name=row.meta_name, language=row.language,
        status="APPROVED", category=row.category, components=row.components,
    )  # fmt: skip
    assert "نصه عند واتساب غير المكتوب هنا" not in page.get("/templates/").content.decode()
    assert screen.read(home.business.id)[0].in_use is not None
    at_meta.components = [{"type": "BODY", "text": "كلام آخر تمامًا"}]
    at_meta.save()
    assert "نصه عند واتساب غير المكتوب هنا" in page.get("/templates/").content.decode()
    assert screen.read(home.business.id)[0].in_use is None


def test_what_whatsapp_says_of_a_refusal_is_shown_as_text(page, home, admin):
    page.post("/templates/new/", NEW)
    TemplateText.objects.update(refused="<script>x</script>", asked_at=rows.now())
    html = page.get("/templates/").content.decode()
    assert "&lt;script&gt;x" in html
    assert "<script>x" not in html
    page.post(f"/templates/{TemplateText.objects.get().pk}/submit/")
    assert TemplateText.objects.get().refused == "", "asked again"


def test_the_item_page_shows_the_buttons_that_come_with_a_template(page, home):
    person = rows.contact(home)
    draft = rows.draft(home, rows.opportunity(home, person))
    parts = [
        {"type": "BODY", "text": "أهلًا {{1}}، هل نكمل؟"},
        {"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": "إيقاف <العروض>"}]},
    ]
    Template.objects.create(
        business=home.business, waba_id=home.number.waba_id, name="go_on", language="ar", status="APPROVED",
        category="MARKETING", components=parts,
    )  # fmt: skip
    named = {"name": "go_on", "language": "ar", "values": {"1": "مريم"}, "payloads": ["OPT_OUT_MARKETING"]}
    draft.versions.update(text="أهلًا مريم، هل نكمل؟", template=named)
    html = page.get(f"/i/{draft.opportunity_id}/").content.decode()
    assert "<bdi>إيقاف &lt;العروض&gt;</bdi>" in html
