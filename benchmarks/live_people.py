"""Logins for the live bars, as a command of its own: `python -m benchmarks.live_people N`. Prints their cookies, JSON.

Each is an operator and supervisor of the practice business, with the session of a login that was made without its form.
"""

import json
import sys

import django


def main() -> None:
    django.setup()
    from django.conf import settings
    from django.contrib.auth.models import User
    from django.test import Client

    from tests.web import rows
    from wakeel.store.models import Operator, RoleGrant, SendingNumber

    business = RoleGrant.objects.earliest("pk").business
    our_number = SendingNumber.objects.filter(business=business).earliest("pk")
    cookies = []
    for number in range(int(sys.argv[1])):
        user = User.objects.create(username=f"live{number}")
        for role in ("operator", "supervisor"):
            RoleGrant.objects.create(business=business, user=user, role=role, at=rows.now())
        Operator.objects.create(
            business=business, number=our_number, user=user, name=f"مشغّل {number}", wa_id=f"96657{number:07d}",
            bsuid=f"SA.live{number}", last_inbound_at=rows.now(), enrolled_at=rows.now(),
        )  # fmt: skip
        browser = Client()
        browser.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
        cookies.append({settings.SESSION_COOKIE_NAME: browser.cookies[settings.SESSION_COOKIE_NAME].value})
    print(json.dumps(cookies))


if __name__ == "__main__":
    main()
