"""What the page for an opportunity by hand asks for. Shape is checked here; what it means is the flow's matter."""

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from wakeel.domain.answers import PURPOSE_WORDS
from wakeel.domain.drafts import MAX_TEXT
from wakeel.flows.new_opportunity import LONGEST


def _purposes() -> list[tuple[str, str]]:
    return [(purpose, words.say(get_language() or "ar")) for purpose, words in PURPOSE_WORDS.items()]


def _line(label: Any, name: str, *, required: bool = False, help_text: Any = "") -> forms.CharField:
    widget = forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"})
    return forms.CharField(label=label, max_length=LONGEST[name], required=required, help_text=help_text, widget=widget)


def _text(label: Any, limit: int, *, help_text: Any = "") -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 3, "dir": "auto"})
    return forms.CharField(label=label, max_length=limit, required=False, help_text=help_text, widget=widget)


class OpportunityWithForm(forms.Form):
    """What it is about, with somebody known; the names are those of `flows.new_opportunity.NewOpportunity`."""

    title = _line(_("What it is about"), "title", required=True)
    value = _line(_("Expected value"), "value")
    summary = _text(_("Summary"), LONGEST["summary"])
    purpose = forms.ChoiceField(label=_("Purpose"), choices=_purposes)
    message = _text(
        _("First text to them"), MAX_TEXT, help_text=_("Empty: the usual text. Nothing is sent before you approve it.")
    )


class NewOpportunityForm(OpportunityWithForm):
    """Who it is about as well."""

    name = _line(_("Name"), "name", help_text=_("May stay empty if the number is known here."))
    phone = forms.CharField(
        label=_("Mobile number, with the country code"),
        max_length=40,
        widget=forms.TextInput(attrs={"dir": "ltr", "inputmode": "tel", "autocomplete": "off"}),
    )
    company = _line(_("Organisation"), "company")
    field_order = ("name", "phone", "title", "company")
