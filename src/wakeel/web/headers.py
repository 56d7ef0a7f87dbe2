"""What every answer of Django's side carries. The policy is constant: no inline script or style, so no nonce."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import sync_only_middleware

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
STRICT_TRANSPORT = "max-age=31536000"

GetResponse = Callable[[HttpRequest], HttpResponse]


class SecurityHeaders:
    """Sets the policy, and keeps every page that does not say otherwise out of all caches: it may name people.

    nosniff, Referrer-Policy and the opener policy come from Django's SecurityMiddleware.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        response.headers.setdefault("Cache-Control", "no-store")
        # Set here and not by Django: behind a proxy that ends TLS, Django itself is asked over plain HTTP.
        if settings.SESSION_COOKIE_SECURE:
            response.headers.setdefault("Strict-Transport-Security", STRICT_TRANSPORT)
        return response


@sync_only_middleware
def one_thread(get_response: GetResponse) -> GetResponse:
    """Last in the chain: being synchronous it lets the whole chain run in one thread, not one hop per middleware."""
    return get_response
