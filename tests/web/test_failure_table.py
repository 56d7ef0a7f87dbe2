"""The reference's table of failures, row by row: the page says the reason, what happens by itself, and one step."""

import re
import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from tests.web import rows
from tests.web.test_failure_pages import failed, template
from wakeel.store import breakers
from wakeel.store.models import Attempt, Draft, OutboxMessage, SendingNumber

NEVER = "لا تُعاد تلقائيًا"
STOPPED = "الإرسال من الرقم متوقف"
AGAIN = "تُعاد المحاولة تلقائيًا"
WINDOW = "نافذة الرد مغلقة: مرّت أكثر من 24 ساعة على آخر رسالة من العميل"
OURS = "طلب غير صالح، الخلل من جهتنا"
ACCESS = "انتهى تصريح الاتصال أو نقصت الصلاحيات"
RESTRICTED = "الحساب أو الرقم مقيَّد أو غير مسجّل"
SHUT = "shut"
"""Of a number that WhatsApp closed: the step is an administrator's."""

TABLE = [
    # code, where it stands, the reason, what the product does by itself, the one step
    (131047, "failed", WINDOW, "إذا كتبت جهة الاتصال", "متابعة بقالب"),
    (131056, "pending", "رسائل متتابعة لنفس الجهة أسرع من المسموح", AGAIN, "لا يلزم شيء، تُعاد المحاولة تلقائيًا"),
    (130429, "pending", "بلغ الرقم حد السرعة", AGAIN, "لا يلزم شيء، تُعاد المحاولة تلقائيًا"),
    (4, "pending", "بلغ الرقم حد السرعة", AGAIN, "لا يلزم شيء، تُعاد المحاولة تلقائيًا"),
    (80007, "pending", "بلغ الرقم حد السرعة", AGAIN, "لا يلزم شيء، تُعاد المحاولة تلقائيًا"),
    (131048, SHUT, "قُيّد الإرسال بسبب بلاغات أو جودة منخفضة", STOPPED, "مراجعة الجودة"),
    (131049, "failed", "لم تُسلَّم حفاظًا على تجربة المستلم", "محاولة واحدة بعد", "انتظار رسالة منه (رابط المحادثة)"),
    (131050, "failed", "أوقفت هذه الجهة الرسائل التسويقية", "كُتب انسحابها في سجل الموافقات", "لا يلزم شيء، ولن تُرسل"),
    (131026, "failed", "تعذّر التسليم: قد لا يكون الرقم على واتساب أو التطبيق قديم", NEVER, "تصحيح الرقم"),
    (132000, "failed", "قيم القالب لا تطابق نصه", NEVER, "إكمال القيم"),
    (132012, "failed", "قيم القالب لا تطابق نصه", NEVER, "إكمال القيم"),
    (132001, "failed", "القالب غير معتمد بهذه اللغة", "ولا يُعرض القالب", "قالب آخر"),
    (132005, "failed", "النص بعد التعبئة طويل أو مخالف لسياسة الصياغة", NEVER, "تعديل القيم"),
    (132007, "failed", "النص بعد التعبئة طويل أو مخالف لسياسة الصياغة", NEVER, "تعديل القيم"),
    (132015, "failed", "القالب موقوف مؤقتًا", "ولا يُعرض القالب", "قالب آخر"),
    (132016, "failed", "القالب معطّل", "ولا يُعرض القالب", "قالب آخر"),
    (131052, "failed", "تعذّر تنزيل المرفق أو رفعه", "انتهت المحاولات التلقائية", "إعادة المحاولة"),
    (131053, "failed", "تعذّر تنزيل المرفق أو رفعه", "انتهت المحاولات التلقائية", "إعادة المحاولة"),
    (131000, "failed", "عطل مؤقت لدى واتساب", "انتهت المحاولات التلقائية", "إعادة المحاولة"),
    (131016, "pending", "عطل مؤقت لدى واتساب", AGAIN, "لا يلزم شيء، تُعاد المحاولة تلقائيًا"),
    (1, "failed", "عطل مؤقت لدى واتساب", "انتهت المحاولات التلقائية", "إعادة المحاولة"),
    (2, "failed", "عطل مؤقت لدى واتساب", "انتهت المحاولات التلقائية", "إعادة المحاولة"),
    *((code, "failed", OURS, NEVER, "نسخ تفاصيل العطل") for code in (100, 131008, 131009, 131051)),
    *((code, SHUT, ACCESS, STOPPED, "تجديد التصريح") for code in (190, 0, 10, 200, 131005)),
    (131042, SHUT, "مشكلة في الدفع لدى واتساب", STOPPED, "تسوية الأمر لدى واتساب"),
    *((code, SHUT, RESTRICTED, STOPPED, "تسوية الأمر لدى واتساب") for code in (131031, 368, 133010)),
    (131030, "failed", "الرقم خارج قائمة أرقام الاختبار", NEVER, "إضافة الرقم إلى قائمة الاختبار"),
    (999123, "failed", "رُفضت الرسالة برمز غير معروف، ويلزم النظر فيها", NEVER, "إعادة المحاولة"),
    ("NO_CONSENT", "held", "لا موافقة مسجّلة لهذه الجهة", "عند زوال السبب", "تسجيل موافقة"),
    ("KILL_SWITCH", "held", "الإرسال موقوف", "عند زوال السبب", "استئناف الإرسال"),
    ("QUIET_HOURS", "pending", "خارج ساعات التواصل", "في أول وقت مسموح", "إبقاء الموعد أو تغييره"),
    ("", "unknown", "لم تتأكد النتيجة بعد", "إن وصل من واتساب ما يثبت خروجها", "وصلت"),
]  # fmt: skip
ADMINISTRATORS = {131048, 190, 0, 10, 200, 131005, 131042, 131031, 368, 133010, 131030, "KILL_SWITCH"}


@pytest.fixture
def troubles(home: rows.House) -> None:
    """One message for each row of the table, and a template that fits."""
    template(home)
    shut = SendingNumber.objects.create(
        phone_number_id="105500000000003", business=home.business, waba_id="215500000000001",
        display_phone="966110000003",
    )  # fmt: skip
    breakers.refuse(shut, 190, contacts_only=False, real_now=rows.now())
    for serial, (code, stands, *_) in enumerate(TABLE):
        given = {
            "key": f"t{serial}",
            "phone": f"+96650977{serial:04d}",
            "state": "failed" if stands == SHUT else stands,
        }
        if isinstance(code, str):
            made = failed(home, 0, **given, failure_code=None, hold_code=code)
        else:
            made = failed(home, code, **given)
        # What waits has left no trace of a failure but its try; every draft has a text that a template can follow.
        OutboxMessage.objects.filter(pk=made.pk).update(
            number=shut if stands == SHUT else home.number, fence=0 if code == "QUIET_HOURS" else 1,
            due_at=rows.now() + timedelta(seconds=42),
        )  # fmt: skip


def entries(page: Client) -> dict[object, tuple[str, str, object]]:
    """By code: whose turn, heading, and the row as it is drawn; over all pages."""
    found, path = {}, reverse("desk:failures")
    while path:
        context = page.get(path).context
        for part in context["parts"]:
            for group in part.groups:
                for entry in group.rows:
                    code = entry.row.hold_code if entry.row.failure_code is None else entry.row.failure_code
                    found[code] = (part.turn, group.reason, entry)
        path = f"{reverse('desk:failures')}?before={context['more']}" if context["more"] else ""
    return found


def test_each_row_of_the_table_says_why_what_happens_and_the_one_step(page: Client, home: rows.House, troubles: None):
    rows.may_be(home, "operator", "supervisor", "admin")
    found = entries(page)
    for code, stands, reason, by_itself, step in TABLE:
        turn, heading, entry = found[code]
        first = (entry.choices or (entry.main,))[0]
        assert (heading, by_itself in entry.by_itself) == (reason, True), (code, heading, entry.by_itself)
        assert first.words.ar.startswith(step), (code, first.words.ar)
        assert (turn == "machines") == (stands == "pending"), code
        if code in ADMINISTRATORS:
            assert turn == "administrators"
            assert first.how == "link"
    html = page.get(reverse("desk:failures")).content.decode()
    assert html.count('data-words="again"') == sum(row[1] == "pending" and row[0] != "QUIET_HOURS" for row in TABLE)
    assert "المحاولة 1 من 6" in html


def test_an_operator_is_told_whose_step_it_is_and_whoever_only_looks_gets_no_button(
    page: Client, home: rows.House, troubles: None
):
    found = entries(page)
    for code in ADMINISTRATORS - {131048}:
        _, _, entry = found[code]
        assert entry.main.how == ""
        assert "من صلاحية: مدير" in entry.main.words.ar
    rows.may_be(home, "auditor")
    html = page.get(reverse("desk:failures")).content.decode()
    main = html[html.index("<main") :]
    assert not re.search(r'<form|href="https://wa.me', main)


def test_an_unconfirmed_one_has_three_choices_each_with_what_it_brings(page: Client, home: rows.House):
    made = failed(home, 0, state="unknown", failure_code=None)
    html = page.get(reverse("desk:failures")).content.decode()
    for words in ("وصلت", "تُسجَّل مُرسلةً", "لم تصل: إرسال من جديد", "فستصل الرسالة مرتين", "إغلاق دون إرسال"):
        assert words in html
    Attempt.objects.update(started_at=rows.now())
    html = page.get(reverse("desk:failures")).content.decode()
    assert "إرسال من جديد</button>" not in html
    assert "بعد دقيقتين من المحاولة" in html
    Attempt.objects.update(started_at=rows.now() - timedelta(minutes=5))
    page.post(reverse("desk:settle", args=[made.pk]), {"key": str(uuid.uuid4()), "verb": "send_again"})
    timeline = page.get(reverse("desk:item", args=[made.draft.opportunity_id])).content.decode()
    assert OutboxMessage.objects.get(pk=made.pk).state == "pending"
    assert "لم تصل: إرسال من جديد" in timeline, "the new try is to be seen"


def test_the_machine_can_be_told_to_try_no_more(page: Client, home: rows.House):
    made = failed(home, 131056, state="pending")
    url, form = reverse("desk:settle", args=[made.pk]), {"key": str(uuid.uuid4()), "verb": "stop_retry"}
    for path in (reverse("desk:failures"), reverse("desk:outbox")):
        html = page.get(path).content.decode()
        assert "إيقاف المحاولات" in html
        assert url in html
    assert page.post(url, form).status_code == 302
    assert OutboxMessage.objects.get(pk=made.pk).state == "suppressed"
    assert Draft.objects.get(pk=made.draft_id).state == "cancelled"
    other = failed(home, 131047, key="k-2", phone="+966509722299")
    page.post(reverse("desk:settle", args=[other.pk]), {**form, "key": str(uuid.uuid4())})
    assert OutboxMessage.objects.get(pk=other.pk).state == "failed", "it is tried by nobody"


def test_the_details_of_a_fault_name_nobody(page: Client, home: rows.House):
    made = failed(home, 100, failure_details="Invalid parameter for 966509722233 at /messages")
    [details] = re.findall(
        r"<textarea[^>]*>(.*?)</textarea>", page.get(reverse("desk:failures")).content.decode(), re.S
    )
    assert f"message: {made.pk}" in details
    assert "code: 100" in details
    assert "Invalid parameter for … at /messages" in details
    assert "مريم" not in details
