"""Addresses of signing in and of the settings.

Of django-allauth only what stands here has an address: nobody signs up, nothing is mailed.
Names without `desk:` are the ones the library looks for.
"""

from django.urls import URLPattern, path, re_path

from wakeel.web import views_account, views_people, views_security, views_settings

_SECURITY = "settings/security"

account: list[URLPattern] = [
    path("login/", views_account.SignIn.as_view(), name="account_login"),
    path("login/code/", views_account.SecondStep.as_view(), name="mfa_authenticate"),
    path("login/passkey/", views_account.PasskeySignIn.as_view(), name="mfa_login_webauthn"),
    path("logout/", views_account.SignOut.as_view(), name="account_logout"),
    path("prove/", views_account.ProvePassword.as_view(), name="account_reauthenticate"),
    path("prove/code/", views_account.ProveCode.as_view(), name="mfa_reauthenticate"),
    path("prove/passkey/", views_account.ProvePasskey.as_view(), name="mfa_reauthenticate_webauthn"),
    path("password/", views_account.ChangePassword.as_view(), name="account_change_password"),
    path("invitation/<str:token>/", views_people.invitation, name="invitation"),
    path(f"{_SECURITY}/app/", views_security.AppOn.as_view(), name="mfa_activate_totp"),
    path(f"{_SECURITY}/app/remove/", views_security.AppOff.as_view(), name="mfa_deactivate_totp"),
    path(f"{_SECURITY}/passkeys/add/", views_security.PasskeyAdd.as_view(), name="mfa_add_webauthn"),
    path(f"{_SECURITY}/passkeys/<int:pk>/name/", views_security.PasskeyName.as_view(), name="mfa_edit_webauthn"),
    path(f"{_SECURITY}/passkeys/<int:pk>/remove/", views_security.PasskeyRemove.as_view(), name="mfa_remove_webauthn"),
    path(f"{_SECURITY}/codes/", views_security.CodesShown.as_view(), name="mfa_view_recovery_codes"),
    path(f"{_SECURITY}/codes/new/", views_security.CodesNew.as_view(), name="mfa_generate_recovery_codes"),
]

desk: list[URLPattern] = [
    re_path(rf"^settings/(?P<section>{'|'.join(views_settings.SECTIONS)})/$", views_settings.settings, name="settings"),
    path("prove/go-on/", views_account.go_on, name="go_on"),
    path(f"{_SECURITY}/sessions/end/", views_security.end_others, name="sessions_end"),
    path(f"{_SECURITY}/sessions/<slug:session_id>/end/", views_security.end_session, name="session_end"),
    path("settings/people/invite/", views_people.new, name="invite"),
    path("settings/people/invitations/<slug:invitation_id>/withdraw/", views_people.take_back, name="invite_withdraw"),
    path("settings/people/<int:login_id>/roles/", views_people.roles, name="roles"),
    path("settings/people/<int:login_id>/close/", views_people.close, name="login_close"),
    path("settings/people/<int:login_id>/open/", views_people.open_again, name="login_open"),
    path(
        "settings/people/<int:login_id>/second-factor/remove/",
        views_people.second_factor_away,
        name="second_factor_away",
    ),
]
