"""What pages ask for. Shape is checked here; what it means is the flow's matter."""

from datetime import datetime

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from wakeel.domain.answers import PURPOSE_WORDS

SOURCES = (
    ("web_form", _("A form on our website")),
    ("paper", _("A paper form")),
    ("in_person", _("In person")),
    ("phone_call", _("A phone call")),
    ("qr_chat", _("A chat that they started")),
)
"""The ledger's words for a source (reference "consent and contactability" 3.2) that an operator can enter."""

CATEGORIES = (
    ("marketing", _("Offers (marketing)")),
    ("utility", _("Updates about what they asked for (utility)")),
)


def purposes() -> list[tuple[str, str]]:
    """Every purpose an opportunity can have, in the page's language."""
    return [(purpose, words.say(get_language() or "ar")) for purpose, words in PURPOSE_WORDS.items()]


class ConsentForm(forms.Form):
    """A consent a person gave directly; every field is needed, because each is part of the proof."""

    categories = forms.MultipleChoiceField(
        label=_("They agreed to receive"), choices=CATEGORIES, widget=forms.CheckboxSelectMultiple
    )
    purpose = forms.ChoiceField(label=_("What it is for"), choices=purposes)
    source = forms.ChoiceField(label=_("How they agreed"), choices=[("", "—"), *SOURCES])
    happened_at = forms.DateTimeField(
        label=_("When they agreed"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    wording = forms.CharField(
        label=_("The exact words they agreed to"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )
    evidence = forms.CharField(
        label=_("The evidence: where it is kept, who was there"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )

    @property
    def happened(self) -> datetime:
        found: datetime = self.cleaned_data["happened_at"]
        return found


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
