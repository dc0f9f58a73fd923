"""What every answer carries, errors too, so that a browser runs nothing that is not ours and keeps no page."""

from collections.abc import Iterable
from typing import Any

from flask import Flask

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'; worker-src 'self'"
)
ALWAYS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(), microphone=(), payment=(), usb=()",
    "Cache-Control": "no-store",
}
TWO_YEARS = "max-age=63072000; includeSubDomains"


class Dressed:
    """The application as browsers see it. Here and not on each answer, whose headers are looked through one by one."""

    def __init__(self, wsgi_app: Any, secure: bool) -> None:
        self._inner = wsgi_app
        self._always = [*ALWAYS.items(), *([("Strict-Transport-Security", TWO_YEARS)] if secure else [])]

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        def start(status: str, headers: list[tuple[str, str]], *error: Any) -> Any:
            carried = {name.lower() for name, _ in headers}
            more = [pair for pair in self._always if pair[0].lower() not in carried]
            return start_response(status, [*headers, *more], *error)

        answer: Iterable[bytes] = self._inner(environ, start)
        return answer


def install(app: Flask) -> None:
    app.wsgi_app = Dressed(app.wsgi_app, app.config["SESSION_COOKIE_SECURE"])  # type: ignore[method-assign]
