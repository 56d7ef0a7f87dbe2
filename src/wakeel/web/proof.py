"""Is it still the person who signed in? Asked again before what is hard to take back; one answer is good for 5 minutes.

Which addresses ask is said in `permissions`. What was sent meanwhile is kept in the session, and the person sends it
again from the page that follows, through every check: nothing is done in their stead.
"""

from dataclasses import dataclass
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.reauthentication import did_recently_reauthenticate
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode
from django_htmx.http import HttpResponseClientRedirect

from wakeel.domain.words import Text

_KEPT = "kept_for_proof"
_NOT_KEPT = frozenset({"csrfmiddlewaretoken", "password"})

_ACTS: dict[str, Text] = {
    "desk:release": Text("استئناف الإرسال", "Resume sending"),
    "desk:team_leave": Text("مغادرة الفريق", "Leaves the team"),
    "desk:team_return": Text("العودة إلى الفريق", "Back to the team"),
    "desk:enrol_confirm": Text("ربط الهاتف", "Link the phone"),
    "desk:erase": Text("إتلاف البيانات", "Destroy the data"),
    "desk:export": Text("تصدير البيانات", "Export the data"),
    "desk:roles": Text("حفظ الأدوار", "Save the roles"),
    "desk:invite": Text("إنشاء رابط الدعوة", "Make the invitation link"),
    "desk:login_close": Text("إغلاق الحساب", "Close the login"),
    "desk:login_open": Text("فتح الحساب", "Open the login"),
    "desk:second_factor_away": Text("إزالة العامل الثاني", "Take the second factor away"),
    "desk:audit_export": Text("تصدير السجل", "Export the log"),
}
_ANY_ACT = Text("متابعة", "Go on")


@dataclass(frozen=True, slots=True)
class Kept:
    """What somebody sent before they were asked. fields: name and value, in their order. words: of the button."""

    path: str
    fields: tuple[tuple[str, str], ...]
    words: Text


def is_recent(request: HttpRequest) -> bool:
    """Whether they proved themselves in this session within the last five minutes."""
    return bool(did_recently_reauthenticate(request))


def ask(request: HttpRequest) -> HttpResponse:
    """To the page that asks for the password, a code or the passkey; nothing is done before."""
    request.session.pop(_KEPT, None)
    back = request.get_full_path()
    if request.method == "POST":
        request.session[_KEPT] = _kept(request)
        back = reverse("desk:go_on")
    way: dict[str, Any] = get_adapter().get_reauthentication_methods(request.user)[0]
    target = f"{way['url']}?{urlencode({REDIRECT_FIELD_NAME: back})}"
    return HttpResponseClientRedirect(target) if request.headers.get("HX-Request") else HttpResponseRedirect(target)


def take_kept(request: HttpRequest) -> Kept | None:
    """What was sent, once; None if nothing was. It does not stay in the session: it may name a person."""
    found = request.session.pop(_KEPT, None)
    if found is None:
        return None
    fields = tuple((name, value) for name, value in found["fields"])
    return Kept(found["path"], fields, _ACTS.get(found["view"], _ANY_ACT))


def _kept(request: HttpRequest) -> dict[str, Any]:
    fields = [(name, value) for name, values in request.POST.lists() for value in values if name not in _NOT_KEPT]
    view = request.resolver_match.view_name if request.resolver_match else ""
    return {"path": request.get_full_path(), "fields": fields, "view": view}
