"""Signing in and out. Names and passwords are checked by Django; wrong ones are slowed down here."""

from typing import Any

from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView, LogoutView
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from wakeel.web import throttle


class SlowedForm(AuthenticationForm):
    """Refuses to look at a password while too many wrong ones came for this name from this address."""

    error_messages = {  # noqa: RUF012 - read only, as in the class above
        **AuthenticationForm.error_messages,
        "invalid_login": _("The name or the password is wrong."),
        "slowed": _("Too many wrong passwords. Try again in 15 minutes."),
    }

    def clean(self) -> dict[str, Any]:
        name = self.cleaned_data.get("username") or ""
        if self.request is not None and not throttle.may_try(self.request, name):
            raise ValidationError(self.error_messages["slowed"], code="slowed")
        return super().clean()


class SignIn(LoginView):
    """`next` is followed only to a page of ours (Django's own check)."""

    template_name = "web/login.html"
    authentication_form = SlowedForm
    redirect_authenticated_user = True

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        throttle.forget(self.request, form.get_user().get_username())
        return super().form_valid(form)


class SignOut(LogoutView):
    """POST only, as Django's view is."""
