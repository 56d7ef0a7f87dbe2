"""What the settings ask for: one's own, and who may come in."""

from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from wakeel.domain.digits import Digits
from wakeel.domain.roles import ROLE_WORDS, Role
from wakeel.domain.words import Language
from wakeel.flows.change_profile import Wanted


def _as_they_are(digits: str) -> SafeString:
    """A sample that is not rewritten with the rest of the page."""
    return format_html('<bdi dir="ltr">{}</bdi>', digits)


class ProfileForm(forms.Form):
    """How one person wants the screens."""

    name = forms.CharField(
        label=_("Your name, as colleagues see it"), max_length=120,
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "name"}),
    )  # fmt: skip
    language = forms.ChoiceField(
        label=_("Language of the screens"), choices=((Language.AR.value, "العربية"), (Language.EN.value, "English")),
        widget=forms.RadioSelect,
    )  # fmt: skip
    digits = forms.ChoiceField(
        label=_("Digits on Arabic pages"), widget=forms.RadioSelect,
        choices=((Digits.LATIN.value, _as_they_are("0123456789")), (Digits.ARABIC.value, _as_they_are("٠١٢٣٤٥٦٧٨٩"))),
    )  # fmt: skip
    time_zone = forms.CharField(
        label=_("Time zone"), help_text=_("Such as Asia/Riyadh. Empty: the one of the business."), max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"dir": "ltr", "list": "zones", "autocomplete": "off", "spellcheck": "false"}),
    )  # fmt: skip
    has_shortcuts = forms.BooleanField(
        label=_("Single letters on the keyboard decide, move and search"), required=False
    )

    def wanted(self) -> Wanted:
        """What was asked for; only of a valid form."""
        found = self.cleaned_data
        return Wanted(
            name=found["name"].strip(), language=Language(found["language"]), digits=Digits(found["digits"]),
            time_zone=found["time_zone"].strip(), has_shortcuts=found["has_shortcuts"],
        )  # fmt: skip


def _role_choices() -> list[tuple[str, str]]:
    return [(role.value, words.say(get_language() or "ar")) for role, words in ROLE_WORDS.items()]


class RolesForm(forms.Form):
    """What somebody may do; several roles add up."""

    roles = forms.MultipleChoiceField(label=_("Roles"), choices=_role_choices, widget=forms.CheckboxSelectMultiple)

    def wanted(self) -> frozenset[Role]:
        return frozenset(Role(word) for word in self.cleaned_data["roles"])


class InviteForm(RolesForm):
    """Whom a link is for."""

    name = forms.CharField(
        label=_("Whom the link is for"), max_length=120, required=False,
        help_text=_("Only for you and the other administrators; they choose their own."),
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
    )  # fmt: skip
    field_order = ("name", "roles")


class AcceptForm(forms.Form):
    """A new login, by the person themselves."""

    name = forms.CharField(
        label=_("Your name, as colleagues see it"), max_length=120,
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "name"}),
    )  # fmt: skip
    username = forms.CharField(
        label=_("User name"), help_text=_("What you sign in with: letters, digits and @ . + - _"), max_length=150,
        validators=[User.username_validator],
        widget=forms.TextInput(
            attrs={"dir": "ltr", "autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )  # fmt: skip
    password = forms.CharField(
        label=_("Password"), help_text=_("At least 12 characters. Spaces and Arabic letters are fine."), max_length=500,
        strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )  # fmt: skip
    again = forms.CharField(
        label=_("The password once more"), max_length=500, strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if "password" in found and "again" in found and found["password"] != found["again"]:
            self.add_error("again", _("The two passwords differ."))
        return found
