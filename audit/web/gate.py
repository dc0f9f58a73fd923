"""Who is knocking? Deny by default: every door is on the public list or needs a person who is signed in.

Here, and nowhere below, somebody asks for the time and for the person at work.
"""

from datetime import UTC, datetime
from typing import cast
from urllib.parse import quote, urlsplit

from flask import Flask, abort, current_app, g, redirect, request, session
from werkzeug.wrappers import Response

from audit.domain.people import Person, may
from audit.domain.tongue import say
from audit.operations import people
from audit.operations.desk import Desk, open_desk
from audit.web.languages import answer_in_theirs

# Of nobody in particular: kept on a tablet for whoever signs in there.
SHELL = frozenset({"tablet.manifest", "tablet.shell", "tablet.waits", "tablet.worker"})
PUBLIC = SHELL | frozenset(
    {"assets.static", "health.healthz", "links.password", "links.set_up", "sign_in.show", "sign_in.enter"}
)
# Opened by the secret of a link instead of a person.
PUBLIC |= {"fixing.answer", "fixing.picture", "fixing.show"}
# Asked by anybody who holds a report.
PUBLIC |= {"verify.show"}
PAGE_BYTES, UPLOAD_BYTES, ALBUM_BYTES = 1024 * 1024, 12 * 1024 * 1024, 48 * 1024 * 1024
UPLOADS = {
    "actions.fix": ALBUM_BYTES,
    "agency.logo": UPLOAD_BYTES,
    "api.photos.put": UPLOAD_BYTES,
    "fixing.answer": ALBUM_BYTES,
    "photos.add": UPLOAD_BYTES,
    "verify.show": UPLOAD_BYTES,
}
RESCUE_BYTES = 256 * 1024 * 1024  # a day of photos in one file
TOKEN = "token"


class SignedOut(Exception):
    """A form came from somebody whose session is over. What was typed is kept on the page that asks again."""


def clock() -> datetime:
    """The one clock. Tests move it by putting another into the app's configuration."""
    now: datetime = current_app.config["CLOCK"]()
    return now.astimezone(UTC).replace(microsecond=0)


def desk() -> Desk:
    """The desk of this request: who is working, when, on which ledger."""
    return cast(Desk, g.desk)


def person() -> Person:
    """Who is signed in; only asked behind the gate."""
    found = g.person
    assert found is not None
    return cast(Person, found)


def can(deed: str, clinic: str | None = None) -> bool:
    """May the person at work do that? Pages hide what nobody may press; the deeds ask again."""
    return may(g.get("person"), deed, clinic)


def begin(token: str) -> None:
    """Take up a session that was just begun; nothing of an earlier one goes along."""
    session.clear()
    g.pop("csrf_token", None)  # the page that follows belongs to the new session
    session.permanent = True
    session[TOKEN] = token


def own_address(address: str) -> str:
    """A path on this host to go to, or nothing when the address would lead elsewhere."""
    parts = urlsplit(address)
    plain = not parts.scheme and not parts.netloc and address.startswith("/") and not address.startswith("//")
    return address if plain and "\\" not in address and address.isprintable() else ""


def _open() -> Response | None:
    g.person = None
    if request.endpoint is None:
        answer_in_theirs()
        if request.routing_exception is None:
            abort(404)
        return None
    if request.endpoint in UPLOADS:
        request.max_content_length = UPLOADS[request.endpoint]
    if request.endpoint == "api.rescue.take_in":
        request.max_content_length = RESCUE_BYTES
    if request.endpoint == "assets.static":
        return None
    g.desk, g.person = _who()
    answer_in_theirs()
    if g.person is not None or request.endpoint in PUBLIC:
        return None
    session.pop(TOKEN, None)
    if "api" in request.blueprints:
        # Never a page: a tablet keeps what it has and asks its person to sign in.
        abort(401, say("Sign in to send what waits on this tablet."))
    if request.method == "POST":
        raise SignedOut
    path = request.full_path if request.query_string else request.path
    return redirect("/sign-in" if path == "/" else f"/sign-in?next={quote(path)}", 303)


def _who() -> tuple[Desk, Person | None]:
    data, now = current_app.config["DATA"], clock()
    nobody = open_desk(data, None, now)
    token = session.get(TOKEN)
    found = people.person_of(nobody, token) if isinstance(token, str) else None
    return (open_desk(data, found, now), found) if found else (nobody, None)


def install(app: Flask) -> None:
    app.before_request(_open)
    app.context_processor(lambda: {"person": g.get("person"), "can": can})
