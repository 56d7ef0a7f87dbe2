"""What the pages about templates ask for. Shape is checked here; what WhatsApp takes is the domain's matter."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from wakeel.domain.template_faults import WordingFault
from wakeel.domain.template_wording import BUTTONS_LIMIT, MARKETING, UTILITY, NewTemplate, QuickReply

LEAST_ROWS = 3
PAYLOADS = (
    ("", _("comes back as a text")),
    ("OPT_OUT_MARKETING", _("stops offers")),
    ("OPT_OUT_ALL", _("stops all messages")),
    ("OPT_IN_START", _("asks for consent again")),
    ("mtg:{meeting_id}:confirm", _("confirms the meeting")),
    ("mtg:{meeting_id}:other", _("asks for another time")),
    ("brief:show_opportunities", _("for operators: the opportunities")),
    ("brief:show_pending", _("for operators: the approvals")),
    ("brief:dismiss", _("for operators: later")),
)
_LABEL, _PAYLOAD = "label_{}", "payload_{}"


def _line(**attrs: Any) -> forms.TextInput:
    return forms.TextInput(attrs={"dir": "auto", "autocomplete": "off", **attrs})


class WordingForm(forms.Form):
    """The next version of a template. rows: how many buttons there is room for."""

    category = forms.ChoiceField(
        label=_("Category"),
        choices=((UTILITY, _("Updates about what they asked for (utility)")), (MARKETING, _("Offers (marketing)"))),
        help_text=_("WhatsApp may make marketing of it; then it reaches only people who agreed to offers."),
    )
    header = forms.CharField(label=_("Heading"), required=False, max_length=400, widget=_line())
    body = forms.CharField(
        label=_("Text"),
        max_length=5000,
        strip=False,
        help_text=_("Places for values are written {{name}}; words stand before, between and after them."),
        widget=forms.Textarea(attrs={"rows": 6, "dir": "auto"}),
    )
    footer = forms.CharField(label=_("Small line under it"), required=False, max_length=400, widget=_line())
    samples = forms.CharField(
        label=_("A sample for each place, one a line"),
        required=False,
        max_length=5000,
        help_text=_("For WhatsApp's review, as: name = Mariam"),
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )

    def __init__(self, *args: Any, rows: int = LEAST_ROWS, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = rows
        for place in range(1, rows + 1):
            self.fields[_LABEL.format(place)] = forms.CharField(
                label=_("Button %(place)s") % {"place": place}, required=False, max_length=200, widget=_line()
            )
            self.fields[_PAYLOAD.format(place)] = forms.ChoiceField(
                label=_("What a tap on button %(place)s does") % {"place": place}, required=False, choices=PAYLOADS
            )

    def wording(self, *, name: str, language: str) -> NewTemplate:
        """Only after `is_valid`. Rows without a label are no buttons."""
        values = self.cleaned_data
        pairs = [(values[_LABEL.format(n)], values[_PAYLOAD.format(n)]) for n in range(1, self.rows + 1)]
        return NewTemplate(
            name=name,
            language=language,
            category=values["category"],
            header=values["header"],
            body=values["body"].replace("\r\n", "\n").strip(),
            footer=values["footer"],
            buttons=tuple(QuickReply(label, payload) for label, payload in pairs if label or payload),
            samples=_samples(values["samples"]),
        )

    def show(self, faults: tuple[WordingFault, ...], *, language: str) -> None:
        """Put what is wrong beside its field."""
        for fault in faults:
            field = _LABEL.format(1) if fault.field == "buttons" else fault.field
            self.add_error(field if field in self.fields else None, fault.say(language))


class NewTemplateForm(WordingForm):
    """The first version of a template."""

    name = forms.CharField(
        label=_("Name"),
        max_length=400,
        help_text=_("Lowercase letters, digits and underscores; the number of the version is added."),
        widget=_line(dir="ltr"),
    )
    language = forms.ChoiceField(label=_("Language"), choices=(("ar", "العربية"), ("en", "English")))
    field_order = ("name", "language")


def initial_of(wording: NewTemplate) -> dict[str, str]:
    """What a form begins with for the version after this one."""
    buttons = {
        template.format(place): value
        for place, button in enumerate(wording.buttons, start=1)
        for template, value in ((_LABEL, button.label), (_PAYLOAD, button.payload))
    }
    samples = "\n".join(f"{name} = {sample}" for name, sample in wording.samples.items())
    texts = {"header": wording.header, "body": wording.body, "footer": wording.footer}
    return {"category": wording.category, **texts, "samples": samples, **buttons}


def rows_for(wording: NewTemplate | None) -> int:
    """Room for the buttons there are and one more."""
    if wording is None:
        return LEAST_ROWS
    return min(BUTTONS_LIMIT, max(LEAST_ROWS, len(wording.buttons) + 1))


def _samples(text: str) -> Mapping[str, str]:
    lines = (line.partition("=") for line in text.splitlines() if line.strip())
    return {name.strip(): sample.strip() for name, _equals, sample in lines}
