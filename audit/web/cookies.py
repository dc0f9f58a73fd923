"""The session cookie and the token of forms, read and made once instead of with every request.

Both are signed, and what was found well signed once stays so: it is remembered under the whole of it, and only its
age is asked each time. A form that sends back the very token made for its session needs no second look either.
"""

from functools import lru_cache
from hmac import compare_digest
from time import time as now
from typing import Any

from flask import Flask, Request, Response, current_app, g, request, session
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from itsdangerous import BadSignature, URLSafeTimedSerializer

ROOM = 1024
FIELD = "csrf_token"
FORM = "application/x-www-form-urlencoded"


class Sessions(SecureCookieSessionInterface):
    """Flask's own, with a memory for one application."""

    def __init__(self, app: Flask) -> None:
        signer = super().get_signing_serializer(app)
        assert signer is not None
        self._signer = signer
        self._read = lru_cache(ROOM)(self._read_anew)

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer:
        return self._signer

    def _read_anew(self, cookie: str) -> tuple[dict[str, Any], float]:
        content, made_at = self._signer.loads(cookie, return_timestamp=True)
        return content, made_at.timestamp()

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession:
        cookie = request.cookies.get(self.get_cookie_name(app))
        if not cookie:
            return self.session_class()
        try:
            content, made_at = self._read(cookie)
        except BadSignature:
            return self.session_class()
        lasts = app.permanent_session_lifetime.total_seconds()
        return self.session_class(content if 0 <= int(now() - made_at) <= lasts else None)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Nearly every answer leaves the cookie as it is."""
        if session.modified:
            super().save_session(app, session, response)
        elif session.accessed:
            vary(response, "Cookie")


def vary(response: Response, name: str) -> None:
    """What the answer depends on; ``response.vary`` would take the header to pieces to say the same."""
    before = response.headers.get("Vary", "")
    if name.lower() not in before.lower():
        response.headers["Vary"] = f"{before}, {name}" if before else name


def _tokens(secret: str | bytes) -> URLSafeTimedSerializer:
    """What Flask-WTF signs the tokens of forms with."""
    return URLSafeTimedSerializer(secret, salt="wtf-csrf-token")


@lru_cache(ROOM)
def _signed(secret: str | bytes, token: str) -> str:
    return str(_tokens(secret).dumps(token))


@lru_cache(ROOM)
def _unsigned(secret: str | bytes, sent: str) -> str:
    """The token that was signed. They last as long as their session, so what is good once is good always.

    Raises:
        BadSignature: which is not remembered.
    """
    return str(_tokens(secret).loads(sent))


def _recognize() -> None:
    """Flask-WTF asks ``g`` first, for the token of a page as for the verdict on one that came back."""
    token = session.get(FIELD) if g.get("person") is not None else None
    if not isinstance(token, str):
        return
    secret = current_app.secret_key
    assert secret is not None
    g.csrf_token = _signed(secret, token)
    if request.method == "POST" and request.mimetype == FORM:
        try:
            g.csrf_valid = compare_digest(_unsigned(secret, request.form.get(FIELD, "")), token)
        except BadSignature:
            return  # Flask-WTF says what is wrong with it


def install(app: Flask) -> None:
    app.session_interface = Sessions(app)
    app.before_request(_recognize)
