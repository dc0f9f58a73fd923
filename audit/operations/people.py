"""People: who signs in, who is signed in, and who may be added or changed."""

import re
import secrets
import uuid
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from ipaddress import IPv6Address, ip_address

from audit.domain.people import ROLES, Person
from audit.domain.problems import (
    BadInput,
    Busy,
    Fault,
    NoRoom,
    NotAllowed,
    NotFound,
    NotNow,
    ReadOnly,
    TooMany,
)
from audit.domain.tongue import say, several, word
from audit.operations import passwords
from audit.operations.desk import Desk
from audit.store.ledger import Entry, SessionRow, SessionShelf

# (idle, at most). Inspectors work long days on tablets; owners and administrators come and go.
SESSION_LIMITS = {
    "inspector": (timedelta(hours=12), timedelta(days=7)),
    "owner": (timedelta(hours=1), timedelta(hours=24)),
    "administrator": (timedelta(hours=1), timedelta(hours=24)),
}
PASSWORD_LINK = "password"
SEEN_EVERY = timedelta(minutes=5)
# For so long nobody is asked again who they are.
PROVED_FOR = timedelta(minutes=15)
KEEP_SESSIONS, KEEP_FAILURES = timedelta(days=30), timedelta(days=1)

# Failures that cost nothing yet; after them each one doubles the wait, up to the window.
FREE_TRIES, FREE_STRANGERS, FREE_FROM_ADDRESS = 3, 10, 30
WINDOW = timedelta(minutes=15)

TOKEN_BYTES = 32
BROWSER = "browser "  # begins the place of a browser that is known by its token, wherever it is
LONGEST_NAME, LONGEST_LOGIN = 200, 100
_LOGIN = re.compile(r"[\w.@+-]{2,100}")
TAKEN = word("Somebody has this login already.")
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
    if passwords.hashing.is_outdated(kept):
        kept = passwords.hashing.hash(password)
    return begin_session(replace(desk, actor=person), kept, login, place, device)


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
    """The trail names no unknown login: people type their password there by mistake."""
    with desk.entry() as entry:
        entry.note("sign-in.failed", person.id if person else "unknown login")


def begin_session(
    desk: Desk, kept: str, login: str, place: str, device: str = "", whole: bool = False
) -> Session:
    """Begin a session of the person at the desk, who proved it just now by the password hashed as ``kept``.

    Whoever has a second factor gets half a session, unless they come out of a ``whole`` one.
    """
    person = desk.actor
    assert person is not None
    token = secrets.token_urlsafe(TOKEN_BYTES)
    half = not whole and desk.ledger.factors.any_of(person.id)
    with desk.entry() as entry:
        entry.people.keep_password(person.id, kept)
        entry.sessions.forgive(_hash(login), place)
        entry.sessions.prune(desk.now, KEEP_SESSIONS, KEEP_FAILURES)
        entry.sessions.open(
            SessionRow(
                _hash(token), person.id, place, desk.now, desk.now, desk.now, device[:LONGEST_NAME], half
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


# adding and changing people -----------------------------------------------------------------------------------


def list_people(desk: Desk) -> tuple[Person, ...]:
    """Everybody, by name."""
    desk.must("person.list")
    return desk.ledger.people.all()


def get(desk: Desk, person_id: str) -> Person:
    desk.must("person.list")
    return desk.ledger.people.get(person_id)


def by_login(desk: Desk, login: str) -> Person:
    """The person of that login, for ``--as`` on the command line.

    Raises:
        NotFound: when there is none, or they may not sign in any more.
    """
    found = desk.ledger.people.by_login(login.strip().casefold())
    if found is None or not found[0].active:
        raise NotFound(say("There is nobody with the login {login}.", login=login))
    return found[0]


def nobody_yet(desk: Desk) -> bool:
    """Is this the very first start?"""
    return not desk.ledger.people.any()


def first_administrator(desk: Desk, login: str, name: str, password: str) -> Person:
    """Add the first person, who needs nobody's permission.

    Raises:
        NotNow: when there is somebody already.
        BadInput: with all faults.
    """
    if not nobody_yet(desk):
        raise NotNow(say("There is an administrator already. Sign in as one to add people."))
    return _add(desk, login, name, "administrator", password, ())


def add_person(
    desk: Desk, login: str, name: str, role: str, password: str, clinics: Collection[str] = ()
) -> Person:
    """Add somebody who may sign in; ``clinics`` are the ids of the clinics an owner answers for.

    Raises:
        BadInput: with all faults.
    """
    desk.must("person.add")
    return _add(desk, login, name, role, password, clinics)


def _add(desk: Desk, login: str, name: str, role: str, password: str, clinics: Collection[str]) -> Person:
    person, kept = prepared(desk, login, name, role, clinics, password)
    with desk.entry() as entry:
        put_in(entry, person, kept)
    return person


def prepared(
    desk: Desk, login: str, name: str, role: str, clinics: Collection[str], password: str | None
) -> tuple[Person, str]:
    """A new person, checked, and the hash of the password; without one nothing anybody types will ever fit.

    Raises:
        BadInput: with all faults.
    """
    person = Person(str(uuid.uuid4()), login.strip().casefold(), name.strip(), role, frozenset(clinics))
    faults = [*_faults(desk, person), *_login_faults(desk, person)]
    if password is not None:
        faults += _password_faults(desk, person, password, "password")
    if faults:
        raise BadInput(faults)
    return person, passwords.hashing.hash(
        secrets.token_urlsafe(TOKEN_BYTES) if password is None else password
    )


def put_in(entry: Entry, person: Person, kept: str) -> None:
    """Add a prepared person inside an entry.

    Raises:
        BadInput: when somebody else took the login meanwhile.
    """
    if entry.people.by_login(person.login):
        raise BadInput([Fault("login", say(TAKEN))])
    entry.people.add(person, kept)
    entry.note("person.added", person.id, {"role": person.role, "clinics": sorted(person.clinics)})


def _login_faults(desk: Desk, person: Person) -> list[Fault]:
    if not _LOGIN.fullmatch(person.login):
        return [Fault("login", say("Use 2 to 100 letters, digits and . @ + - _ in a login."))]
    found = desk.ledger.people.by_login(person.login)
    return [Fault("login", say(TAKEN))] if found and found[0].id != person.id else []


def edit_person(
    desk: Desk,
    person_id: str,
    name: str,
    role: str,
    clinics: Collection[str],
    active: bool,
    login: str | None = None,
) -> Person:
    """Change what somebody is called, signs in with, may do, and where. A change of rights ends their sessions.

    Raises:
        BadInput: with all faults.
        NotNow: when no administrator would be left.
    """
    desk.must("person.edit")
    before = desk.ledger.people.get(person_id)
    named = before.login if login is None else login.strip().casefold()
    person = replace(
        before, login=named, name=name.strip(), role=role, clinics=frozenset(clinics), active=active
    )
    faults = list(_faults(desk, person))
    if person.login != before.login:
        faults += _login_faults(desk, person)
    if faults:
        raise BadInput(faults)
    if person != before:
        with desk.entry() as entry:
            _change(entry, before, person)
    return person


def _change(entry: Entry, before: Person, person: Person) -> None:
    found = entry.people.by_login(person.login)
    if found and found[0].id != person.id:
        raise BadInput([Fault("login", say(TAKEN))])
    entry.people.change(person)
    if not any(one.active and one.role == "administrator" for one in entry.people.all()):
        raise NotNow(say("Nobody would be left to administer this. Make somebody else administrator first."))
    if replace(person, name=before.name, login=before.login) != before:
        entry.sessions.end_all(person.id, entry.now)
    if not person.active:
        entry.links.withdraw(PASSWORD_LINK, person.id)
    detail = {"role": person.role, "clinics": sorted(person.clinics), "active": person.active}
    if person.login != before.login:
        detail["login"] = "changed"
    entry.note("person.changed", person.id, detail)


def switch(desk: Desk, person_id: str, active: bool) -> Person:
    """Let somebody sign in no more, or again; switching off ends their sessions.

    Raises:
        NotNow: when no administrator would be left.
    """
    desk.must("person.edit")
    one = desk.ledger.people.get(person_id)
    return edit_person(desk, one.id, one.name, one.role, one.clinics, active)


def set_password(desk: Desk, person_id: str, new: str) -> None:
    """Give somebody a new password, for example when they forgot theirs; ends all their sessions.

    Raises:
        BadInput: when the password is not taken.
    """
    desk.must("person.edit")
    _keep_password(desk, desk.ledger.people.get(person_id), new)


def prove(desk: Desk, password: str, address: str = "", token: str = "") -> None:
    """Ask the person at the desk for their password once more, before something that cannot be taken back.

    With the ``token`` of their session it counts for a while.

    Raises:
        NotAllowed: when it is not theirs; TooMany: when it is too early for the next try.
    """
    person, place, right = _own_password(desk, password, address)
    if not right:
        raise NotAllowed(say("This is not your password."))
    with desk.ledger.upkeep() as sessions:
        sessions.forgive(_hash(person.login), place)
        if token:
            sessions.proved(_hash(token), desk.now)


def _own_password(desk: Desk, password: str, address: str) -> tuple[Person, str, bool]:
    """The person at the desk, the network they ask from, and whether this is their password. A wrong one is noted."""
    if desk.actor is None:
        raise NotAllowed(say("Sign in first."))
    person, place = desk.actor, network_of(address)
    passwords.check_length(password)
    right = _try(desk, person.login, place, person, password, desk.ledger.people.password_of(person.id))
    if not right:
        _note_failure(desk, person)
    return person, place, right


def change_password(desk: Desk, old: str, new: str, address: str = "", device: str = "") -> Session:
    """Change one's own password; ends all one's sessions and begins a new one.

    Raises:
        BadInput: when the old one is not right, or the new one is not taken.
        TooMany: when the old one was guessed at too often.
    """
    person, place, right = _own_password(desk, old, address)
    if not right:
        raise BadInput([Fault("old", say("This is not your password."))])
    return begin_session(desk, _keep_password(desk, person, new), person.login, place, device, whole=True)


def hashed(desk: Desk, person: Person, new: str) -> str:
    """The hash of a new password.

    Raises:
        BadInput: when it is not taken.
    """
    faults = _password_faults(desk, person, new, "new")
    if faults:
        raise BadInput(faults)
    return passwords.hashing.hash(new)


def _keep_password(desk: Desk, person: Person, new: str) -> str:
    kept = hashed(desk, person, new)
    with desk.entry() as entry:
        entry.people.keep_password(person.id, kept)
        entry.sessions.end_all(person.id, desk.now)
        entry.links.withdraw(PASSWORD_LINK, person.id)
        entry.note("password.changed", person.id)
    return kept


def _faults(desk: Desk, person: Person) -> list[Fault]:
    faults = []
    if not 0 < len(person.name) <= LONGEST_NAME or not person.name.isprintable():
        faults.append(Fault("name", say("Give a name of up to {limit} characters.", limit=LONGEST_NAME)))
    if person.role not in ROLES:
        faults.append(Fault("role", say("Choose administrator, inspector or owner.")))
    elif person.clinics and person.role != "owner":
        faults.append(Fault("clinics", say("Only owners answer for clinics; the others reach every clinic.")))
    if any(desk.ledger.clinics.find(clinic) is None for clinic in person.clinics):
        faults.append(Fault("clinics", say("Choose clinics that are here.")))
    return faults


def _password_faults(desk: Desk, person: Person, password: str, place: str) -> list[Fault]:
    own_words = (person.name, person.login, desk.ledger.agency.get().name)
    try:
        passwords.check_new(password, own_words, place)
    except BadInput as problem:
        return list(problem.faults)
    return []
