"""Paths of the screens. `/webhook` and `/healthz` never come this far (see asgi)."""

from django.urls import URLPattern, URLResolver, include, path, re_path
from django.views.i18n import set_language

from wakeel.web import (
    views_account,
    views_breaker,
    views_consent,
    views_contact,
    views_decide,
    views_desk,
    views_enrol,
    views_erasure,
    views_health,
    views_import,
    views_outgoing,
    views_person,
    views_reengage,
    views_rights,
    views_stops,
    views_texts,
    views_webhooks,
)

desk: list[URLPattern] = [
    path("", views_desk.queue, name="queue"),
    path("i/<slug:opportunity_id>/", views_desk.item, name="item"),
    path("i/<slug:opportunity_id>/template/", views_reengage.reengage, name="reengage"),
    re_path(
        r"^i/(?P<opportunity_id>[\w-]+)/(?P<verb>accept|skip|draft)/$", views_decide.decide_opportunity, name="decide"
    ),
    re_path(r"^d/(?P<draft_id>[\w-]+)/(?P<verb>approve|edit|cancel)/$", views_decide.decide_draft, name="draft"),
    path("d/<slug:draft_id>/text/", views_decide.write_text, name="text"),
    path("m/<slug:outbox_id>/settle/", views_decide.settle, name="settle"),
    path("m/<slug:outbox_id>/settle-outage/", views_decide.settle_outage, name="settle_outage"),
    path("outbox/", views_outgoing.outbox, name="outbox"),
    path("failures/", views_outgoing.failures, name="failures"),
    path("contacts/<slug:contact_id>/", views_contact.contact, name="contact"),
    path("contacts/<slug:contact_id>/consent/", views_consent.consent, name="consent"),
    path("contacts/<slug:contact_id>/withdrawal/", views_consent.withdrawal, name="withdrawal"),
    path("contacts/<slug:contact_id>/gave-number/", views_consent.gave_number, name="gave_number"),
    path("consents/<slug:event_id>/renew/", views_consent.renew, name="renew"),
    path("consents/<slug:event_id>/end/", views_consent.end, name="end"),
    path("consents/<slug:event_id>/receipt/", views_consent.receipt, name="receipt"),
    re_path(
        r"^consents/(?P<event_id>[\w-]+)/(?P<shape>receipt|record)\.json$",
        views_consent.receipt_json,
        name="receipt_json",
    ),
    path("import/", views_import.importing, name="import"),
    path("import/<slug:import_id>/", views_import.preview, name="import_preview"),
    path("import/<slug:import_id>/faults/", views_import.faults, name="import_faults"),
    path("import/<slug:import_id>/take/", views_import.take, name="import_take"),
    path("import/<slug:import_id>/cancel/", views_import.cancel, name="import_cancel"),
    path("contacts/<slug:contact_id>/number/", views_contact.number, name="number"),
    path("contacts/<slug:contact_id>/identity/", views_contact.identity, name="identity"),
    path("contacts/<slug:contact_id>/name/", views_rights.name, name="name"),
    path("contacts/<slug:contact_id>/rights/", views_rights.ask, name="ask"),
    path("contacts/<slug:contact_id>/export/", views_erasure.export, name="export"),
    path("contacts/<slug:contact_id>/erase/", views_erasure.erase_person, name="erase"),
    path("contacts/<slug:contact_id>/readmit/", views_erasure.readmit, name="readmit"),
    path("rights/", views_rights.rights, name="rights"),
    path("rights/<slug:request_id>/", views_rights.right, name="right"),
    re_path(
        rf"^rights/(?P<request_id>[\w-]+)/(?P<step>{'|'.join(views_rights.STEPS)})/$",
        views_rights.step,
        name="right_step",
    ),
    path("contacts/<slug:contact_id>/merge/", views_person.merge, name="merge"),
    path("contacts/<slug:contact_id>/evidence/<slug:file_id>/", views_person.evidence, name="evidence"),
    re_path(
        rf"^contacts/(?P<contact_id>[\w-]+)/(?P<name>{'|'.join(views_person.ACTS)})/$", views_person.act, name="act"
    ),
    path("contacts/<slug:contact_id>/stops/<slug:event_id>/confirm/", views_stops.confirm, name="confirm_stop"),
    path("contacts/<slug:contact_id>/stops/<slug:event_id>/cancel/", views_stops.cancel, name="cancel_stop"),
    path("texts/", views_texts.texts, name="texts"),
    path("texts/<slug:intent>/approve/", views_texts.approve, name="approve_text"),
    path("health/", views_health.health, name="health"),
    path("webhooks/", views_webhooks.webhooks, name="webhooks"),
    path("webhooks/<slug:row_id>/again/", views_webhooks.again, name="webhook_again"),
    path("webhooks/<slug:row_id>/dismiss/", views_webhooks.dismiss, name="webhook_dismiss"),
    path("numbers/<slug:number_id>/resume/", views_breaker.resume, name="resume_number"),
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
