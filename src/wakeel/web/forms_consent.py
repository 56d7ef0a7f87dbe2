"""What the pages about consents ask for. Shape is checked here; what it means is the flow's matter."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from wakeel.domain.answers import PURPOSE_WORDS
from wakeel.domain.consent_sources import GRANT_SOURCES, WITHDRAWAL_SOURCES
from wakeel.domain.consent_words import SOURCE_WORDS
from wakeel.domain.media import EXTENSIONS
from wakeel.flows.consent_proof import Proof

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    Label = str | _StrPromise

CATEGORIES = (
    ("marketing", _("Offers (marketing)")),
    ("utility", _("Updates about what they asked for (utility)")),
)
LANGUAGES = (("ar", "العربية"), ("en", "English"), ("ur", "اردو"), ("hi", "हिन्दी"), ("fr", "Français"))
_MOMENT = "%Y-%m-%dT%H:%M"


def purposes() -> list[tuple[str, str]]:
    """Every purpose an opportunity can have, in the page's language."""
    return [(purpose, words.say(get_language() or "ar")) for purpose, words in PURPOSE_WORDS.items()]


def grant_sources() -> list[tuple[str, str]]:
    return _sources(GRANT_SOURCES)


def withdrawal_sources() -> list[tuple[str, str]]:
    return _sources(WITHDRAWAL_SOURCES)


def _sources(names: Iterable[str]) -> list[tuple[str, str]]:
    return [("", "—"), *((name, SOURCE_WORDS[name].say(get_language() or "ar")) for name in names)]


def _text(label: "Label", *, required: bool = True, help_text: "Label" = "") -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 3, "dir": "auto"})
    return forms.CharField(label=label, max_length=4000, required=required, help_text=help_text, widget=widget)


def _moment(label: "Label", *, required: bool = True) -> forms.DateTimeField:
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=_MOMENT)
    return forms.DateTimeField(label=label, required=required, widget=widget)


def _day(label: "Label", *, required: bool, help_text: "Label" = "") -> forms.DateTimeField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateTimeField(label=label, required=required, help_text=help_text, widget=widget)


def _file() -> forms.FileField:
    endings = ",".join(f".{ending}" for ending in EXTENSIONS.values())
    return forms.FileField(
        label=_("Or the evidence as a file"),
        required=False,
        allow_empty_file=True,
        help_text=_("A scan, photo, PDF, recording or text, at most 5 MB. It is kept sealed."),
        widget=forms.ClearableFileInput(attrs={"accept": endings}),
    )


class ProofForm(forms.Form):
    """The part that every entry about what somebody said has: when, how, and the evidence as text or file."""

    @property
    def proof(self) -> Proof:
        """Only after `is_valid`."""
        values, file = self.cleaned_data, self.cleaned_data.get("evidence_file")
        return Proof(
            at=values.get("happened_at"),
            source=values["source"],
            evidence=values.get("evidence", ""),
            file=file.read() if file else b"",
            file_name=file.name if file else "",
            wording=values.get("wording", ""),
            language=values.get("language", ""),
            notice_version=values.get("notice_version", ""),
        )


class ConsentForm(ProofForm):
    """A consent a person gave directly. Nothing is ticked before somebody ticks it."""

    categories = forms.MultipleChoiceField(
        label=_("They agreed to receive"), choices=CATEGORIES, widget=forms.CheckboxSelectMultiple
    )
    purposes = forms.MultipleChoiceField(
        label=_("What it is for: each purpose is a consent of its own"),
        choices=purposes,
        widget=forms.CheckboxSelectMultiple,
    )
    source = forms.ChoiceField(label=_("How they agreed"), choices=grant_sources)
    happened_at = _moment(_("When they agreed"))
    wording = _text(
        _("The exact words they agreed to"),
        help_text=_("They name your business, WhatsApp, what will be sent and how to stop."),
    )
    language = forms.ChoiceField(label=_("Language of these words"), choices=LANGUAGES, required=False, initial="ar")
    notice_version = forms.CharField(
        label=_("Version of the privacy notice they were shown"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
    )
    evidence = _text(_("The evidence: where it is kept, who was there"), required=False)
    evidence_file = _file()
    expires_at = _day(
        _("Until when, if the words say so"), required=False, help_text=_("Empty: 24 months after they agreed.")
    )
    needs_confirmation = forms.BooleanField(
        label=_("Somebody else may have typed the number: it counts once they confirm from it"), required=False
    )


class WithdrawalForm(ProofForm):
    """A stop that was said to one of us."""

    categories = forms.MultipleChoiceField(
        label=_("What they want to stop"),
        choices=CATEGORIES,
        required=False,
        help_text=_("Nothing ticked: everything."),
        widget=forms.CheckboxSelectMultiple,
    )
    source = forms.ChoiceField(label=_("How they said it"), choices=withdrawal_sources)
    happened_at = _moment(_("When they said it, if known"), required=False)
    evidence = _text(_("Their words, and who heard or read them"), required=False)
    evidence_file = _file()


class RenewalForm(ProofForm):
    """They agreed that a consent goes on."""

    source = forms.ChoiceField(label=_("How they agreed"), choices=grant_sources)
    happened_at = _moment(_("When they agreed"))
    expires_at = _day(_("Until when it goes on"), required=True)
    wording = _text(_("The exact words they agreed to"))
    evidence = _text(_("The evidence: where it is kept, who was there"), required=False)
    evidence_file = _file()


class ReasonForm(forms.Form):
    """One text that has to be there."""

    evidence = _text(_("Why, or how we know"))


class ImportForm(forms.Form):
    """A file to look at before anything is imported."""

    kind = forms.ChoiceField(label=_("What is in the file"), choices=())
    file = forms.FileField(
        label=_("The file (CSV or XLSX, at most 10 MB)"),
        allow_empty_file=True,
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.xlsx"}),
    )

    def __init__(self, *args: Any, kinds: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"] = forms.ChoiceField(label=_("What is in the file"), choices=kinds)
