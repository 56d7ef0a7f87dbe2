"""What pages ask for. Shape is checked here; what it means is the flow's matter."""

from django import forms
from django.utils.translation import gettext_lazy as _


class NumberForm(forms.Form):
    """The corrected number, as people write numbers."""

    number = forms.CharField(
        label=_("The right number, with the country code"),
        max_length=40,
        widget=forms.TextInput(attrs={"dir": "ltr", "inputmode": "tel", "autocomplete": "off"}),
    )


class PasswordForm(forms.Form):
    """The signed-in person's own password, asked again."""

    password = forms.CharField(
        label=_("Your password"),
        max_length=500,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class ReleaseForm(PasswordForm):
    """Resuming, and what becomes of the messages that waited."""

    held = forms.ChoiceField(
        label=_("Messages that were held meanwhile"),
        choices=(("keep", _("keep them back; each is decided again")), ("send", _("let them leave now"))),
        initial="keep",
        widget=forms.RadioSelect,
    )
