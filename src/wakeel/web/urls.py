"""Paths of the screens. `/webhook` and `/healthz` never come this far (see asgi)."""

from django.urls import URLPattern, URLResolver, include, path, re_path
from django.views.i18n import set_language

from wakeel.web import views_account, views_contact, views_decide, views_desk, views_enrol, views_health, views_outgoing

desk: list[URLPattern] = [
    path("", views_desk.queue, name="queue"),
    path("i/<slug:opportunity_id>/", views_desk.item, name="item"),
    re_path(
        r"^i/(?P<opportunity_id>[\w-]+)/(?P<verb>accept|skip|draft)/$", views_decide.decide_opportunity, name="decide"
    ),
    re_path(r"^d/(?P<draft_id>[\w-]+)/(?P<verb>approve|edit|cancel)/$", views_decide.decide_draft, name="draft"),
    path("d/<slug:draft_id>/text/", views_decide.write_text, name="text"),
    path("m/<slug:outbox_id>/settle/", views_decide.settle, name="settle"),
    path("outbox/", views_outgoing.outbox, name="outbox"),
    path("failures/", views_outgoing.failures, name="failures"),
    path("contacts/<slug:contact_id>/", views_contact.contact, name="contact"),
    path("contacts/<slug:contact_id>/consent/", views_contact.consent, name="consent"),
    path("contacts/<slug:contact_id>/number/", views_contact.number, name="number"),
    path("contacts/<slug:contact_id>/identity/", views_contact.identity, name="identity"),
    path("health/", views_health.health, name="health"),
    path("stop/press/", views_health.press, name="press"),
    path("stop/release/", views_health.release, name="release"),
    path("operators/enrol/", views_enrol.enrol, name="enrol"),
    path("operators/enrol/code/", views_enrol.issue, name="enrol_code"),
    path("operators/enrol/confirm/", views_enrol.confirm, name="enrol_confirm"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include((desk, "desk"))),
    path("login/", views_account.SignIn.as_view(), name="login"),
    path("logout/", views_account.SignOut.as_view(), name="logout"),
    path("language/", set_language, name="language"),
    path("readyz", views_health.readyz, name="readyz"),
    path("readyz/", views_health.readyz),
]
