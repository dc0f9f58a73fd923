"""Who is knocking? Deny by default: every door is on the public list or needs a person who is signed in.

Here, and nowhere below, somebody asks for the time and for the person at work.
"""

from datetime import UTC, datetime
from typing import cast
from urllib.parse import quote, urlsplit

from flask import Flask, abort, current_app, g, redirect, request, session
from flask_wtf.csrf import validate_csrf
from werkzeug.wrappers import Response
from wtforms import ValidationError

from audit.domain.people import Person, may
from audit.domain.problems import Problem
from audit.domain.tongue import say
from audit.operations import factors, passkeys, signed_in, signing_in
from audit.operations.desk import Desk, open_desk
from audit.operations.passkeys import Place
from audit.operations.signing_in import Session
from audit.web import devices_told
from audit.web.languages import answer_in_theirs

# Of nobody in particular: kept on a tablet for whoever signs in there.
SHELL = frozenset({"tablet.manifest", "tablet.shell", "tablet.waits", "tablet.worker"})
PUBLIC = SHELL | frozenset(
    {"assets.static", "health.healthz", "links.forgotten", "links.password", "links.set_up"}
    | {"sign_in.show", "sign_in.enter"}
)
# Opened by half a session: the password was right.
PUBLIC |= {"sign_in.second", "sign_in.finish"}
# Asked by anybody who holds a report.
PUBLIC |= {"verify.show"}
# What is kept about people, told to anybody.
PUBLIC |= {"retention.privacy"}
# What somebody who owes the second factor may still do: set one up, or leave.
SETTING_UP = frozenset(
    {"factors.add", "factors.add_passkey", "factors.offer", "factors.passkey", "factors.show"}
    | {"people.account", "people.language", "sign_in.leave"}
)
# What hangs on a wall for everybody; off until the agency switches it on.
PUBLIC |= {"public.card"}
# Opened by the secret of a link instead of a person.
PUBLIC |= {"fixing.answer", "fixing.picture", "fixing.show"}
PUBLIC |= {"reminders.leave"}
PUBLIC |= {"feeds.calendar"}
PAGE_BYTES, UPLOAD_BYTES, ALBUM_BYTES = 1024 * 1024, 12 * 1024 * 1024, 48 * 1024 * 1024
UPLOADS = {
    "actions.fix": ALBUM_BYTES,
    "agency.logo": UPLOAD_BYTES,
    "api.photos.put": UPLOAD_BYTES,
    "clocks.log": UPLOAD_BYTES,
    "credentials.edit": UPLOAD_BYTES,
    "credentials.new": UPLOAD_BYTES,
    "credentials.renew": UPLOAD_BYTES,
    "lots.new": UPLOAD_BYTES,
    "lots.show": UPLOAD_BYTES,
    "fixing.answer": ALBUM_BYTES,
    "photos.add": UPLOAD_BYTES,
    "verify.show": UPLOAD_BYTES,
}
# A day of photos in one file; nobody but who may take one in fills the disk with so much.
RESCUES, RESCUE_BYTES = frozenset({"api.rescue.take_in", "devices.bring"}), 256 * 1024 * 1024
TOKEN, HALF = "token", "half"
BROWSER, BROWSER_SECONDS = "browser", 400 * 24 * 3600


# What cannot be taken back, or decides who gets in: whoever signed in a while ago says the password once more.
PROVED = frozenset(
    {
        "agency.edit",  # its site is where every mailed password link leads
        "api.rescue.take_in",
        "devices.aside",
        "devices.bring",
        "devices.release",
        "factors.add",
        "factors.add_passkey",
        "factors.codes",
        "factors.remove",
        "factors.require",
        "people.data",
        "people.edit",
        "people.hand_over",
        "people.link",
        "people.new",
        "people.own",
        "people.switch",
        "people.take_factors",
        "results.seal",
        "retention.rules",
    }
)


class Unproved(Exception):
    """Something that needs the password once more came without it, or with a wrong one; the words say which."""

    def __init__(self, words: str = "") -> None:
        super().__init__(words)
        self.words = words


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


def can(deed: str, clinic: str | None = None, practitioner: str | None = None) -> bool:
    """May the person at work do that? Pages hide what nobody may press; the deeds ask again."""
    return may(g.get("person"), deed, clinic, practitioner=practitioner)


def home(someone: Person) -> str:
    """Where somebody's day begins: with the visits, or with one's own papers."""
    return "/visits" if may(someone, "visit.list") else "/papers"


def begin(begun: Session) -> None:
    """Take up a session that was just begun, or half of it; nothing of an earlier one goes along."""
    session.clear()
    g.pop("csrf_token", None)  # the page that follows belongs to the new session
    session.permanent = True
    session[HALF if begun.half else TOKEN] = begun.token


def browser_of() -> str:
    """The token by which a browser is known in which somebody signed in before."""
    return request.cookies.get(_browser_cookie(), "")[:100]


def know_browser(answer: Response, someone: Person) -> Response:
    """Let the browser of this answer be familiar to the person from now on."""
    token = signed_in.browser_token(desk(), someone, browser_of())
    secure = bool(current_app.config["SESSION_COOKIE_SECURE"])
    answer.set_cookie(
        _browser_cookie(), token, BROWSER_SECONDS, secure=secure, httponly=True, samesite="Lax", path="/"
    )
    return answer


def _browser_cookie() -> str:
    return f"__Host-{BROWSER}" if current_app.config["SESSION_COOKIE_SECURE"] else BROWSER


def device_words() -> str:
    """What kind of browser this is, as its owner would recognize it."""
    return devices_told.words_of(request.headers.get("User-Agent", ""))


def proved() -> bool:
    """Did the person at work prove to be who they are a short while ago?"""
    return bool(g.get("proved"))


def place() -> Place:
    """Where the browser of this request found us: what a passkey belongs to."""
    return Place(urlsplit(request.host_url).hostname or "", request.host_url.rstrip("/"))


def has_passkey() -> bool:
    """May the person at work prove by a passkey who they are?"""
    return g.get("person") is not None and passkeys.any_of(desk(), person())


def own_address(address: str) -> str:
    """A path on this host to go to, or nothing when the address would lead elsewhere."""
    parts = urlsplit(address)
    plain = not parts.scheme and not parts.netloc and address.startswith("/") and not address.startswith("//")
    return address if plain and "\\" not in address and address.isprintable() else ""


def _open() -> Response | None:
    g.person, g.proved = None, False
    if request.endpoint is None:
        answer_in_theirs()
        if request.routing_exception is None:
            abort(404)
        return None
    if request.endpoint in UPLOADS:
        request.max_content_length = UPLOADS[request.endpoint]
    if request.endpoint == "assets.static":
        return None
    g.desk, g.person = _who()
    if request.endpoint in RESCUES and can("device.administer"):
        request.max_content_length = RESCUE_BYTES
    answer_in_theirs()
    if g.person is not None:
        return _let_in()
    return None if request.endpoint in PUBLIC else _sign_in_first()


def _let_in() -> Response | None:
    """Somebody is signed in: what do they owe first?"""
    if request.endpoint not in PUBLIC | SETTING_UP and factors.is_owed(g.desk, g.person):
        return _set_up_first()
    _must_be_proved()
    return None


def _sign_in_first() -> Response:
    session.pop(TOKEN, None)
    if "api" in request.blueprints:
        # Never a page: a tablet keeps what it has and asks its person to sign in.
        abort(401, say("Sign in to send what waits on this tablet."))
    if request.method == "POST":
        raise SignedOut
    path = request.full_path if request.query_string else request.path
    return redirect("/sign-in" if path == "/" else f"/sign-in?next={quote(path)}", 303)


def _must_be_proved() -> None:
    if request.method != "POST" or request.endpoint not in PROVED or g.proved:
        return
    if "api" in request.blueprints:
        abort(403, say("Sign in anew before this: it decides what counts as somebody's work."))
    typed, said = request.form.get("proof", ""), request.form.get("passkey", "")
    try:
        validate_csrf(request.form.get("csrf_token"))
        if typed:
            signing_in.prove(g.desk, typed, request.remote_addr or "", session[TOKEN])
        elif said and request.endpoint != "factors.add_passkey":  # there it is the one that is made
            passkeys.prove(g.desk, session[TOKEN], place(), said)
        else:
            raise Unproved
    except ValidationError:
        raise Unproved from None
    except Problem as problem:
        raise Unproved(problem.words) from problem
    g.proved = True


def _set_up_first() -> Response:
    if "api" in request.blueprints:
        abort(403, say("Set up your second factor first. What waits stays on this tablet."))
    return redirect("/account/second-factor", 303)


def _who() -> tuple[Desk, Person | None]:
    data, now = current_app.config["DATA"], clock()
    nobody = open_desk(data, None, now)
    token = session.get(TOKEN)
    found = signing_in.held(nobody, token) if isinstance(token, str) else None
    if found is None:
        return nobody, None
    g.proved = found.proved
    return open_desk(data, found.person, now), found.person


def install(app: Flask) -> None:
    app.before_request(_open)
    app.context_processor(lambda: {"person": g.get("person"), "can": can, "home": home})
    app.jinja_env.globals.update(proved=proved, has_passkey=has_passkey)
