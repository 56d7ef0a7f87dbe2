"""What signing in and its second factors ask for: the library's forms, in our words."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import ChangePasswordForm, LoginForm, ReauthenticateForm
from allauth.mfa.base import forms as mfa
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django import forms
from django.core.cache import cache
from django.utils.translation import gettext_lazy as _

# Three steps of 30 s: the library lets a clock be half a minute off, but remembers a used code for one step only.
CODE_LIFE_S = 90
LONGEST_NAME = 60


def _shown(field: forms.Field, label: Any, **attrs: str) -> None:
    """Our label, without the example inside the field: it would be gone where it is needed."""
    field.label = label
    field.widget.attrs.pop("placeholder", None)
    field.widget.attrs.update(attrs)
    field.help_text = ""


class SignInForm(LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _shown(self.fields["login"], _("User name"), dir="ltr", autocapitalize="none", spellcheck="false")
        _shown(self.fields["password"], _("Password"))

    def add_prefix(self, field_name: str) -> str:
        """What password managers look for."""
        return super().add_prefix("username" if field_name == "login" else field_name)


class OwnPasswordForm(ReauthenticateForm):
    """The signed-in person's own password, asked again."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _shown(self.fields["password"], _("Your password"))


class NewPasswordForm(ChangePasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _shown(self.fields["oldpassword"], _("The password until now"))
        _shown(self.fields["password1"], _("The new password"))
        self.fields["password1"].help_text = _("At least 12 characters. Spaces and Arabic letters are fine.")
        _shown(self.fields["password2"], _("The new password once more"))


class _Code(forms.Form):
    """A code as people type it: with spaces, in either set of digits."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _shown(self.fields["code"], _("Code"), dir="ltr", inputmode="numeric", autocomplete="one-time-code")

    def clean_code(self) -> str:
        self.cleaned_data["code"] = plain_code(self.cleaned_data["code"])
        return str(super().clean_code())  # type: ignore[misc]


def plain_code(typed: str) -> str:
    """`١٢٣ ٤٥٦` → `123456`; what is no digit and no space stays."""
    return "".join(str(int(sign)) if sign.isdecimal() else sign for sign in typed if not sign.isspace())


class _CodeOnce(_Code):
    """A code from an app is good once, as long as it could be good at all; recovery codes see to it themselves."""

    def clean_code(self) -> str:
        code = super().clean_code()
        authenticator = self.authenticator  # type: ignore[attr-defined]
        is_from_app = authenticator.type == Authenticator.Type.TOTP
        if is_from_app and not cache.add(f"code:{authenticator.pk}:{code}", "used", CODE_LIFE_S):
            raise get_adapter().validation_error("incorrect_code")
        return code


class SecondStepForm(_CodeOnce, mfa.AuthenticateForm):
    """The code of the app, or one of the recovery codes."""


class OwnCodeForm(_CodeOnce, mfa.ReauthenticateForm):
    """The same, from somebody who is signed in."""


class AppForm(_Code, ActivateTOTPForm):
    """The first code of a new app."""


class PasskeyForm(AddWebAuthnForm):
    """A passkey is for signing in with nothing else; without the tick it is a second step after the password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _shown(self.fields["name"], _("What to call it"), dir="auto")
        _shown(self.fields["passwordless"], _("Sign in with it alone, without the password"))
        self.initial.setdefault("passwordless", True)

    def clean_name(self) -> str:
        """The browser has made the passkey already: a long name is cut and not refused."""
        return str(super().clean_name())[:LONGEST_NAME]


class PasskeyNameForm(EditWebAuthnForm):
    name = forms.CharField(
        label=_("What to call it"), max_length=LONGEST_NAME, widget=forms.TextInput(attrs={"dir": "auto"})
    )
