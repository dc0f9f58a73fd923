"""Assembles the web application from its doors."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from flask_wtf.csrf import generate_csrf
from jinja2 import FileSystemLoader, StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix

from audit.config import Settings, secret_key
from audit.domain.tongue import language, say, several, thousands
from audit.web import (
    actions,
    afterwards,
    agency,
    amendments,
    assets,
    bounds,
    checklists,
    chronicle,
    clinics,
    clocks,
    closures,
    comparing,
    cookies,
    credentials,
    design,
    devices,
    disclosing,
    errors,
    factors,
    feeds,
    first_steps,
    fixing,
    former,
    fragments,
    gate,
    glyphs,
    headers,
    health,
    help,
    languages,
    letters,
    links,
    logs,
    lots,
    noting,
    packing,
    people,
    photos,
    public,
    recalls,
    reminders,
    results,
    retention,
    schedule,
    sections,
    sessions,
    sign_in,
    standings,
    tablet,
    verify,
    visits,
)
from audit.web.api import doors as api
from audit.web.dates import value_words

TEMPLATES = Path(__file__).parent.parent / "templates"
LANGUAGES = Path(__file__).parent / "languages"
FORM_BYTES, FORM_PARTS = 1024 * 1024, 4000
SESSION_DAYS = 7


def _now() -> datetime:
    return datetime.now(UTC)


class Application(Flask):
    """Flask as we use it: none of our functions is a coroutine, so none has to be asked with every request."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        return func


def create_app(
    settings: Settings,
    clock: Callable[[], datetime] = _now,
    do: Callable[[afterwards.Work], None] = afterwards.at_once,
) -> Flask:
    """The application on one data folder. ``clock`` is the only one there is; a test hands in its own. ``do`` does what
    is left when an answer has gone out; a server hands in a thread."""
    app = Application("audit", static_folder=None, template_folder=None)
    app.config.update(_configuration(settings), CLOCK=clock)
    _templates(app, settings)
    logs.install(app)
    afterwards.install(app, do)
    gate.install(app)
    bounds.install(app)
    cookies.install(app)
    languages.install(app)
    headers.install(app)
    packing.install(app)
    errors.install(app)
    noting.install(app)
    sign_in.install(app)
    for room in (
        actions,
        agency,
        amendments,
        assets,
        checklists,
        chronicle,
        clinics,
        clocks,
        closures,
        comparing,
        credentials,
        design,
        devices,
        disclosing,
        factors,
        feeds,
        fixing,
        former,
        health,
        help,
        letters,
        links,
        lots,
        people,
        photos,
        public,
        recalls,
        reminders,
        results,
        retention,
        schedule,
        sections,
        sessions,
        standings,
        tablet,
        verify,
        visits,
    ):
        app.register_blueprint(room.doors)
    app.register_blueprint(api.doors)
    if settings.behind_proxy:
        hops = settings.behind_proxy
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    return app


def _configuration(settings: Settings) -> dict[str, Any]:
    return {
        "ADDRESS": settings.certain_url,
        # Files are sent by their path, and Flask looks for half a path beside the program.
        "DATA": settings.data.absolute(),
        "SECRET_KEY": secret_key(settings.data),
        "TRUSTED_HOSTS": settings.trusted_hosts,
        "SESSION_COOKIE_NAME": "__Host-session" if settings.secure else "session",
        "SESSION_COOKIE_SECURE": settings.secure,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_REFRESH_EACH_REQUEST": False,
        "PERMANENT_SESSION_LIFETIME": timedelta(days=SESSION_DAYS),
        "WTF_CSRF_TIME_LIMIT": None,
        "WTF_CSRF_SSL_STRICT": False,
        "MAX_CONTENT_LENGTH": gate.PAGE_BYTES,
        "MAX_FORM_MEMORY_SIZE": FORM_BYTES,
        "MAX_FORM_PARTS": FORM_PARTS,
    }


def _templates(app: Flask, settings: Settings) -> None:
    """Templates lie beside the package; an unknown name is an error, not an empty place."""
    app.jinja_loader = FileSystemLoader(TEMPLATES)
    app.jinja_env.undefined = StrictUndefined
    fragments.install(app)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    files = assets.Assets(pages=[*TEMPLATES.rglob("*.html"), *LANGUAGES.rglob("*.po")])
    app.extensions["assets"] = files
    app.jinja_env.globals.update(
        asset=files.address.__getitem__,
        build=files.build,
        theme_colour=tablet.COLOUR,
        worker_is_off=tablet.worker_is_off,
        demo=settings.demo,
        csrf_token=generate_csrf,
        glyphs=glyphs.SYMBOLS,
        first_steps=first_steps.first_steps,
        _=say,
        several=several,
        language=language,
        thousands=thousands,
        value_words=value_words,
    )
