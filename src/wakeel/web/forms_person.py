"""What the pages about one person ask for. Shape is checked here; what it means is the flow's matter."""

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from wakeel.domain.suppression import CAUSE_WORDS
from wakeel.flows.suppress_contact import BY_HAND

LONGEST_NOTE = 500


def causes() -> list[tuple[str, str]]:
    """Causes that an operator can state, in the page's language."""
    return [("", "—"), *((cause.value, CAUSE_WORDS[cause].say(get_language() or "ar")) for cause in BY_HAND)]


class NoteForm(forms.Form):
    """Why something is done."""

    note = forms.CharField(
        label=_("The reason, for whoever reads it later"),
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )


class SuppressForm(NoteForm):
    """Why a person is never to be written to."""

    cause = forms.ChoiceField(label=_("What it rests on"), choices=causes)
    field_order = ("cause", "note")


class PauseForm(forms.Form):
    """How long a person does not want to be disturbed."""

    until = forms.DateTimeField(
        label=_("No messages until"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )


class ZoneForm(forms.Form):
    """By which clock a person lives."""

    time_zone = forms.CharField(
        label=_("Time zone, such as Asia/Riyadh; empty for the one of the number"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"dir": "ltr", "list": "zones", "autocomplete": "off", "spellcheck": "false"}),
    )


class SureForm(forms.Form):
    """An act that somebody must have made sure of by another way."""

    sure = forms.BooleanField(label=_("I made sure of it by another way"))


class OtherRecordForm(forms.Form):
    """The record that is the same person."""

    other = forms.CharField(
        label=_("The number of the other record, with the country code, or its id"),
        max_length=64,
        widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off"}),
    )
