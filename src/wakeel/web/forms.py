"""What pages ask for. Shape is checked here; what it means is the flow's matter."""

from django import forms
from django.utils.translation import gettext_lazy as _

from wakeel.domain.sending_limits import HIGH_THROUGHPUT, MOST_AT_ONCE


class NumberForm(forms.Form):
    """The corrected number, as people write numbers."""

    number = forms.CharField(
        label=_("The right number, with the country code"),
        max_length=40,
        widget=forms.TextInput(attrs={"dir": "ltr", "inputmode": "tel", "autocomplete": "off"}),
    )


class BriefForm(forms.Form):
    """When an operator's own daily brief comes."""

    is_wanted = forms.BooleanField(label=_("A brief every working day"), required=False)
    at = forms.TimeField(
        label=_("At"), widget=forms.TimeInput(attrs={"type": "time", "dir": "ltr"}, format="%H:%M"),
        input_formats=["%H:%M"],
    )  # fmt: skip
    days = forms.MultipleChoiceField(
        label=_("Days"),
        choices=(
            ("7", _("Sunday")), ("1", _("Monday")), ("2", _("Tuesday")), ("3", _("Wednesday")), ("4", _("Thursday")),
            ("5", _("Friday")), ("6", _("Saturday")),
        ),
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    time_zone = forms.CharField(
        label=_("Time zone"),
        help_text=_("Such as Asia/Riyadh. Empty: the one of the business."),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"dir": "ltr", "list": "zones", "autocomplete": "off", "spellcheck": "false"}),
    )


class ReleaseForm(forms.Form):
    """Resuming, and what becomes of the messages that waited."""

    held = forms.ChoiceField(
        label=_("Messages that were held meanwhile"),
        choices=(("keep", _("keep them back; each is decided again")), ("send", _("let them leave now"))),
        initial="keep",
        widget=forms.RadioSelect,
    )


class LimitsForm(forms.Form):
    """How fast a number may send, below what WhatsApp allows."""

    a_second = forms.IntegerField(
        label=_("Messages a second"),
        help_text=_("Empty: as fast as WhatsApp allows. 20 for a number also used in the WhatsApp Business app."),
        required=False, min_value=1, max_value=HIGH_THROUGHPUT,
    )  # fmt: skip
    pair_interval_s = forms.FloatField(
        label=_("Seconds for one message to the same person"),
        help_text=_("WhatsApp allows one in 6 seconds, after a burst. 0: no pause."),
        min_value=0, max_value=3600,
    )  # fmt: skip
    operator_burst = forms.IntegerField(label=_("Messages at once to an operator"), min_value=1, max_value=MOST_AT_ONCE)
    contact_burst = forms.IntegerField(label=_("Messages at once to a contact"), min_value=1, max_value=MOST_AT_ONCE)
