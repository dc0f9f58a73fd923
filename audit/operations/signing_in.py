"""Signing in and being signed in: passwords tried, sessions begun, held and ended."""

import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from ipaddress import IPv6Address, ip_address

from audit.domain.people import Person
from audit.domain.problems import Busy, NoRoom, NotAllowed, ReadOnly, TooMany
from audit.domain.tongue import say, several, word
from audit.operations import passwords
from audit.operations.desk import Desk
from audit.store.ledger import SessionRow, SessionShelf

# (idle, at most). Inspectors work long days on tablets; the others come and go.
SESSION_LIMITS = {
    "inspector": (timedelta(hours=12), timedelta(days=7)),
    "owner": (timedelta(hours=1), timedelta(hours=24)),
    "practitioner": (timedelta(hours=1), timedelta(hours=24)),
    "administrator": (timedelta(hours=1), timedelta(hours=24)),
}
SEEN_EVERY = timedelta(minutes=5)
# For so long nobody is asked again who they are.
PROVED_FOR = timedelta(minutes=15)
KEEP_SESSIONS, KEEP_FAILURES = timedelta(days=30), timedelta(days=1)

# Failures that cost nothing yet; after them each one doubles the wait, up to the window.
FREE_TRIES, FREE_STRANGERS, FREE_FROM_ADDRESS = 3, 10, 30
WINDOW = timedelta(minutes=15)

UNKNOWN, MINUTE, MOST_A_MINUTE = "unknown login", timedelta(minutes=1), 5

TOKEN_BYTES = 32
BROWSER = "browser "  # begins the place of a browser that is known by its token, wherever it is
LONGEST_LOGIN, LONGEST_DEVICE = 100, 200
_WRONG = word("Login or password is not right.")


@dataclass(frozen=True)
class Session:
    """A sign-in: the token that proves it (kept by the browser only), the person, and when it ends at the latest.

    ``half``: the password was right; nothing opens before the second factor.
    """

    token: str
    person: Person
    ends_at: datetime
    half: bool = False


@dataclass(frozen=True)
class Held:
    """Who holds a session; ``proved``: they proved to be who they are a short while ago."""

    person: Person
    proved: bool


# signing in ---------------------------------------------------------------------------------------------------


def sign_in(
    desk: Desk, login: str, password: str, address: str, browser: str = "", device: str = ""
) -> Session:
    """Check login and password and begin a session.

    A login that does not exist takes as much work as one that does. Failures make the next try wait: per login and
    address, per address, and per login over all addresses its owner has not come from lately, so that strangers
    slow down each other and not the owner. A ``browser`` in which this person signed in before (it keeps a token) is
    counted by itself, wherever it comes from: no stranger can slow it down. ``device`` says what it is, in words.

    Raises:
        NotAllowed: when they do not fit; nothing tells which of them.
        TooMany: when it is too early for the next try.
        BadInput: for a password nobody can have.
    """
    passwords.check_length(password)
    login, place = login[: LONGEST_LOGIN + 1].strip().casefold(), network_of(address)
    known = desk.ledger.people.by_login(login)
    person, kept = known if known else (None, None)
    if person is not None and browser and desk.ledger.sessions.is_familiar_browser(person.id, _hash(browser)):
        place = f"{BROWSER}{_hash(browser)[:32]}"
    fits = _try(desk, login, place, person, password, kept)
    if person is None or kept is None or not fits or not person.active:
        _note_failure(desk, person)
        raise NotAllowed(say(_WRONG))
    renewed = passwords.hashing.hash(password) if passwords.hashing.is_outdated(kept) else ""
    return begin_session(replace(desk, actor=person), kept, login, place, device, renewed=renewed)


def _try(desk: Desk, login: str, place: str, person: Person | None, password: str, kept: str | None) -> bool:
    """Does the password fit? A try counts as failed from its beginning, so that many at once do not slip by; who
    gets in is forgiven, and a try that was not made is none."""
    with desk.ledger.upkeep() as sessions:
        _must_wait(desk, sessions, login, place, person)
        counted = sessions.failed(_hash(login), place, desk.now)
    try:
        return passwords.hashing.fits(password, kept)
    except Busy:
        with desk.ledger.upkeep() as sessions:
            sessions.take_back(counted)
        raise


def count_try(desk: Desk, what: str, person: Person) -> tuple[str, str]:
    """Count a try at something else than a password, which slows down the next ones; what ``forgive`` takes.

    Raises:
        TooMany: when it is too early for the next try.
    """
    with desk.ledger.upkeep() as sessions:
        _must_wait(desk, sessions, what, what, person)
        sessions.failed(_hash(what), what, desk.now)
    return _hash(what), what


def _note_failure(desk: Desk, person: Person | None) -> None:
    """The trail names no unknown login: people type their password there by mistake. A crowd that guesses leaves so many
    lines a minute."""
    whose = person.id if person else UNKNOWN
    with desk.entry() as entry:
        if len(entry.trail.lately(whose, desk.now - MINUTE)) < MOST_A_MINUTE:
            entry.note("sign-in.failed", whose)


def begin_session(
    desk: Desk, kept: str, login: str, place: str, device: str = "", whole: bool = False, renewed: str = ""
) -> Session:
    """Begin a session of the person at the desk, who proved it just now by the password hashed as ``kept``; from now on
    it is kept as ``renewed``, where that is given.

    Whoever has a second factor gets half a session, unless they come out of a ``whole`` one.

    Raises:
        NotAllowed: when the password was changed since it was looked at.
    """
    person = desk.actor
    assert person is not None
    token = secrets.token_urlsafe(TOKEN_BYTES)
    half = not whole and desk.ledger.factors.any_of(person.id)
    with desk.entry() as entry:
        if entry.people.password_of(person.id) != kept:
            raise NotAllowed(say(_WRONG))
        if renewed:
            entry.people.keep_password(person.id, renewed)
        entry.sessions.forgive(_hash(login), place)
        entry.sessions.prune(desk.now, KEEP_SESSIONS, KEEP_FAILURES)
        entry.sessions.open(
            SessionRow(
                _hash(token), person.id, place, desk.now, desk.now, desk.now, device[:LONGEST_DEVICE], half
            )
        )
        entry.note("password.right" if half else "signed-in", person.id)
    return Session(token, person, desk.now + SESSION_LIMITS[person.role][1], half)


def _must_wait(desk: Desk, sessions: SessionShelf, login: str, place: str, person: Person | None) -> None:
    since, failures = desk.now - WINDOW, sessions.failures
    counts = [
        (failures(since, login_hash=_hash(login), address=place), FREE_TRIES),
        (failures(since, address=place), FREE_FROM_ADDRESS),
    ]
    if person is None or not (place.startswith(BROWSER) or sessions.is_familiar(person.id, place)):
        counts.append((failures(since, login_hash=_hash(login)), FREE_STRANGERS))
    for found, free in counts:
        if found.last is None or found.count < free:
            continue
        wait = min(WINDOW, timedelta(seconds=2 ** min(found.count - free + 1, 20)))
        left = found.last + wait - desk.now
        if left > timedelta():
            seconds = int(left.total_seconds())
            raise TooMany(say("Too many tries. Wait {time}, then try again.", time=_spoken(seconds)), seconds)


def _spoken(seconds: int) -> str:
    if seconds < 100:
        return several("{number} second", "{number} seconds", seconds)
    return several("{number} minute", "{number} minutes", seconds // 60 + 1)


def network_of(address: str) -> str:
    """An address as failures are counted by: whoever has one IPv6 address has 2^64 of them."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(parsed, IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return str(IPv6Address(int(parsed) >> 64 << 64)) + "/64"
    return str(parsed)


def _hash(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


# being signed in ----------------------------------------------------------------------------------------------


def person_of(desk: Desk, token: str) -> Person | None:
    """Who holds the token, while the session lasts; else nobody."""
    found = held(desk, token)
    return found.person if found else None


def held(desk: Desk, token: str) -> Held | None:
    """Who holds the token, and how sure that is, while the session lasts; half a session is none."""
    row = desk.ledger.sessions.get(_hash(token))
    person = desk.ledger.people.find(row.person_id) if row else None
    if row is None or person is None or not person.active or row.half or is_over(desk, row, person):
        return None
    if desk.now - row.seen_at >= SEEN_EVERY:
        _note_seen(desk, row)
    return Held(person, desk.now - row.proved_at < PROVED_FOR)


def is_over(desk: Desk, row: SessionRow, person: Person) -> bool:
    """Was the session idle for too long, or is it too old altogether?"""
    idle, at_most = SESSION_LIMITS[person.role]
    return desk.now >= min(row.seen_at + idle, row.created_at + at_most)


def _note_seen(desk: Desk, row: SessionRow) -> None:
    try:
        with desk.ledger.upkeep() as sessions:
            sessions.seen(row.token_hash, desk.now)
    except (Busy, NoRoom, ReadOnly):
        return  # reading goes on when nothing can be written


def sign_out(desk: Desk, token: str) -> None:
    """End the session of that token; an unknown one is as good as ended."""
    row = desk.ledger.sessions.get(_hash(token))
    if row is None:
        return
    with desk.entry() as entry:
        entry.sessions.end(row.token_hash, desk.now)
        entry.note("signed-out", row.person_id)


def prove(desk: Desk, password: str, address: str = "", token: str = "") -> None:
    """Ask the person at the desk for their password once more, before something that cannot be taken back.

    With the ``token`` of their session it counts for a while.

    Raises:
        NotAllowed: when it is not theirs; TooMany: when it is too early for the next try.
    """
    person, place, right = own_password(desk, password, address)
    if not right:
        raise NotAllowed(say("This is not your password."))
    with desk.ledger.upkeep() as sessions:
        sessions.forgive(_hash(person.login), place)
        if token:
            sessions.proved(_hash(token), desk.now)


def own_password(desk: Desk, password: str, address: str) -> tuple[Person, str, bool]:
    """The person at the desk, the network they ask from, and whether this is their password. A wrong one is noted."""
    if desk.actor is None:
        raise NotAllowed(say("Sign in first."))
    person, place = desk.actor, network_of(address)
    passwords.check_length(password)
    right = _try(desk, person.login, place, person, password, desk.ledger.people.password_of(person.id))
    if not right:
        _note_failure(desk, person)
    return person, place, right
