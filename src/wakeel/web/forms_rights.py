"""What the pages about people's rights ask for."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from wakeel.domain.rights import CAME_BY_WORDS, ERASURE_WORDS, EXPORT_WORDS, RIGHT_WORDS
from wakeel.domain.words import Text


def _choices(table: dict[str, Text]) -> list[tuple[str, str]]:
    return [("", "—"), *((str(word), words.say(get_language() or "ar")) for word, words in table.items())]


def _rights() -> list[tuple[str, str]]:
    return _choices({str(right): words for right, words in RIGHT_WORDS.items()})


def _ways() -> list[tuple[str, str]]:
    return _choices({str(way): words for way, words in CAME_BY_WORDS.items()})


def _reasons() -> list[tuple[str, str]]:
    return _choices({str(reason): words for reason, words in ERASURE_WORDS.items()})


def _export_reasons() -> list[tuple[str, str]]:
    return _choices({str(reason): words for reason, words in EXPORT_WORDS.items()})


def _text(label: Any, *, required: bool = True) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 3, "dir": "auto"})
    return forms.CharField(label=label, max_length=4000, required=required, widget=widget)


class RequestForm(forms.Form):
    """One request, as it came."""

    right = forms.ChoiceField(label=_("What they ask for"), choices=_rights)
    came_by = forms.ChoiceField(label=_("How it came"), choices=_ways)
    received_at = forms.DateTimeField(
        label=_("When it came"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    words = _text(_("Their words, as far as they are known"), required=False)

    @property
    def received(self) -> datetime:
        found: datetime = self.cleaned_data["received_at"]
        return found


class ExportForm(forms.Form):
    """Why a person's data is handed out."""

    reason = forms.ChoiceField(label=_("Why it is handed out"), choices=_export_reasons)


class TextForm(forms.Form):
    """One text: how identity was checked, a reason, an answer."""

    text = _text(_("What is to be written down"))


class NameForm(forms.Form):
    name = forms.CharField(label=_("The right name"), max_length=200, widget=forms.TextInput(attrs={"dir": "auto"}))
    organisation = forms.CharField(
        label=_("Organisation"), max_length=200, required=False, widget=forms.TextInput(attrs={"dir": "auto"})
    )


class NoteForm(forms.Form):
    """A note beside one ledger entry."""

    seq = forms.IntegerField(label=_("Number of the ledger entry"), min_value=1, max_value=2**31)
    note = _text(_("What is wrong in it, and what is right"))


class EraseForm(forms.Form):
    """The person is named once more by whoever destroys their data."""

    reason = forms.ChoiceField(label=_("Why"), choices=_reasons)
    typed = forms.CharField(
        label=_("To confirm, type the person's full name or the last 4 digits of their number"),
        max_length=200,
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
    )
