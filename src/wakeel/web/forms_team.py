"""What the team pages ask for."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from wakeel.domain.risk import Risk
from wakeel.domain.team import TeamRules
from wakeel.domain.tones import Tone
from wakeel.domain.waiting import LONGEST_WAIT_DAYS, expiry_days


class RulesForm(forms.Form):
    """Who must approve, how long a draft waits, how the machine writes."""

    quorum_from = forms.ChoiceField(
        label=_("Texts that two people must approve"),
        choices=(
            ("", _("none: one person is enough")), (Risk.HIGH.value, _("those of high risk")),
            (Risk.NORMAL.value, _("all but answers to what a person just asked")), (Risk.LOW.value, _("all")),
        ),
        help_text=_(
            "High: a promise, a price, personal data, a template to somebody who never wrote, or a great worth."
        ),
        required=False, widget=forms.RadioSelect,
    )  # fmt: skip
    high_value = forms.DecimalField(
        label=_("An opportunity of high risk is worth at least"), help_text=_("Empty: its worth does not count."),
        required=False, min_value=Decimal(0), max_digits=14, decimal_places=2,
    )  # fmt: skip
    days_low = forms.IntegerField(
        label=_("Working days an answer waits for approval"), min_value=1, max_value=LONGEST_WAIT_DAYS
    )
    days_normal = forms.IntegerField(
        label=_("Working days any other text waits"), min_value=1, max_value=LONGEST_WAIT_DAYS
    )
    days_high = forms.IntegerField(
        label=_("Working days a text of high risk waits"), min_value=1, max_value=LONGEST_WAIT_DAYS
    )
    tone = forms.ChoiceField(
        label=_("How the machine's drafts sound"),
        choices=((Tone.WARM.value, _("warm")), (Tone.FORMAL.value, _("formal"))),
        widget=forms.RadioSelect,
    )

    def rules(self) -> TeamRules:
        """What was asked for; only of a valid form."""
        found = self.cleaned_data
        return TeamRules(
            quorum_from=found["quorum_from"],
            days={risk.value: found[f"days_{risk}"] for risk in Risk},
            tone=found["tone"],
            high_value=found["high_value"],
        )


def initial_rules(rules: TeamRules) -> dict[str, Any]:
    """A form's first values."""
    days = {f"days_{risk}": expiry_days(rules.days, risk) for risk in Risk}
    return {"quorum_from": rules.quorum_from, "tone": rules.tone, "high_value": rules.high_value, **days}


class LeaveForm(forms.Form):
    """Somebody leaves the team: nothing is asked but that it is meant."""


class LastLeavesForm(LeaveForm):
    """The last one does: that must be meant."""

    may_leave_nobody = forms.BooleanField(
        label=_("I know that nobody is left who decides: no draft is approved until a phone is linked again."),
        required=False,
    )
