"""Why Meta told `wakeel doctor` nothing about one thing, and what to do. By the words of `whatsapp.listing.WHYS`."""

from collections.abc import Mapping
from dataclasses import dataclass

from wakeel.domain.words import Text


@dataclass(frozen=True, slots=True)
class Refusal:
    """Values of both: about, the id that was asked for; code, Meta's own, — without one."""

    what: Text
    advice: Text


_LATER = Text("أعد الفحص لاحقًا.", "Run this again later.")
_NETWORK = Text(
    "راجع الشبكة وWHATSAPP_GRAPH_URL، ثم أعد الفحص.", "Look at the network and WHATSAPP_GRAPH_URL, then run this again."
)
_URL = Text("راجع WHATSAPP_GRAPH_URL.", "Look at WHATSAPP_GRAPH_URL.")
_IDS = Text(
    "راجع WHATSAPP_WABA_ID وWHATSAPP_PHONE_NUMBER_ID.", "Look at WHATSAPP_WABA_ID and WHATSAPP_PHONE_NUMBER_ID."
)
_VERSION = Text(
    "راجع WHATSAPP_GRAPH_VERSION وWHATSAPP_GRAPH_URL، ثم رمز الخطأ في وثائق ميتا.",
    "Look at WHATSAPP_GRAPH_VERSION and WHATSAPP_GRAPH_URL, then the code in Meta's documentation.",
)

REFUSALS: Mapping[str, Refusal] = {
    "no_token": Refusal(
        Text("لا رمز وصول.", "There is no access token."),
        Text("اضبط WHATSAPP_ACCESS_TOKEN.", "Set WHATSAPP_ACCESS_TOKEN."),
    ),
    "https_required": Refusal(
        Text("لا يُرسل الرمز إلى عنوان غير مشفّر.", "A token is not sent in clear text."),
        Text("يبدأ WHATSAPP_GRAPH_URL بـ https.", "WHATSAPP_GRAPH_URL must begin with https."),
    ),
    "bad_id": Refusal(Text("المعرّف {about} ليس أرقامًا.", "The id {about} is not digits."), _IDS),
    "bad_token": Refusal(
        Text("رمز الوصول خاطئ أو انتهى ({code}).", "The access token is wrong or has expired ({code})."),
        Text(
            "أنشئ رمزًا جديدًا واضبط WHATSAPP_ACCESS_TOKEN؛ الخطوات في docs/go-live.ar.md.",
            "Make a new one and set WHATSAPP_ACCESS_TOKEN; the steps are in docs/go-live.md.",
        ),
    ),
    "no_permission": Refusal(
        Text("لا صلاحية للرمز على {about} ({code}).", "The token has no permission for {about} ({code})."),
        Text(
            "أعط مستخدم النظام هذا الحساب والصلاحية whatsapp_business_management، ثم أنشئ الرمز من جديد.",
            "Give the system user this account and whatsapp_business_management, then make the token anew.",
        ),
    ),
    "no_such_object": Refusal(
        Text("لا يُرى {about} بهذا الرمز ({code}).", "{about} cannot be seen with this token ({code})."), _IDS
    ),
    "slower": Refusal(
        Text("طلبات كثيرة ({code}).", "Too many calls ({code})."), Text("أعد الفحص بعد ساعة.", "Try again in an hour.")
    ),
    "redirected": Refusal(
        Text("الجواب يحيل إلى عنوان آخر، ولا يُتبع.", "The answer points to another address; it is not followed."), _URL
    ),
    "not_reached": Refusal(Text("لا اتصال بميتا.", "There is no connection to Meta."), _NETWORK),
    "timeout": Refusal(Text("لم تجب ميتا في الوقت.", "Meta did not answer in time."), _NETWORK),
    "certificate": Refusal(
        Text("شهادة العنوان غير موثوقة، ولم يُرسل الرمز.", "Its certificate cannot be trusted; no token was sent."),
        Text(
            "راجع ساعة الجهاز وشهاداته، ووسيطًا يفتح التشفير، وWHATSAPP_GRAPH_URL.",
            "Look at the machine's clock and certificates, at a proxy that opens TLS, and at WHATSAPP_GRAPH_URL.",
        ),
    ),
    "peer_not_loopback": Refusal(
        Text("عنوان المحاكي لا يقود إلى هذا الجهاز.", "The simulator's address does not lead to this machine."), _URL
    ),
    "away": Refusal(Text("خلل لدى ميتا.", "Meta has a fault of its own."), _LATER),
    "unreadable": Refusal(Text("جواب لا يُقرأ.", "The answer cannot be read."), _VERSION),
    "endless": Refusal(Text("صفحات الجواب لا تنتهي.", "The pages of the answer do not end."), _LATER),
    "refused": Refusal(Text("رفضت ميتا الطلب ({code}).", "Meta refused ({code})."), _VERSION),
}
