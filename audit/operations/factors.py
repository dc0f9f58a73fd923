"""Second factors: setting one up, signing in with it, recovery codes, and the agency's rule."""

import base64
import secrets
import uuid
from dataclasses import dataclass, replace
from hashlib import sha256
from urllib.parse import quote, urlencode

from audit.domain import codes
from audit.domain.people import Person
from audit.domain.problems import BadInput, Fault, NotAllowed, NotFound, NotNow
from audit.domain.tongue import say, word
from audit.operations import people, signing_in
from audit.operations.desk import Desk
from audit.operations.signing_in import Session
from audit.store.ledger import APP, Entry, Factor, SessionRow
from reports import qr

REQUIRED_OF = frozenset({"administrator", "inspector"})
HALF_LASTS = signing_in.WINDOW
RECOVERY_CODES, RECOVERY_CHARACTERS = 10, 16
# No letters or digits that look alike.
_ALPHABET = "ABCDEFGHJKMNPQRSTVWXYZ23456789"
WRONG = word("This code is not right, or was used already. Wait for the next one.")
MOST = 10


@dataclass(frozen=True)
class Own:
    """What the person at the desk has: their factors, how many recovery codes are left, whether one is
    required of them, and whether the agency has that rule."""

    factors: tuple[Factor, ...]
    codes_left: int
    required: bool
    rule: bool


@dataclass(frozen=True)
class NewApp:
    """An app that is being set up: its key, the same in groups, and the picture it is read from."""

    key: str
    grouped: str
    picture: qr.Code


def own(desk: Desk) -> Own:
    """The second factors of the person at the desk."""
    person, shelf = _myself(desk), desk.ledger.factors
    left, rule = shelf.codes_left(person.id), shelf.required()
    return Own(shelf.of(person.id), left, is_required(desk, person), rule)


def is_required(desk: Desk, person: Person) -> bool:
    """Must this person have a second factor?"""
    return person.role in REQUIRED_OF and desk.ledger.factors.required()


def is_owed(desk: Desk, person: Person) -> bool:
    """Must this person have one, and has none yet?"""
    return is_required(desk, person) and not desk.ledger.factors.any_of(person.id)


def require(desk: Desk, required: bool) -> None:
    """Decide for the agency whether those who inspect and administer need a second factor.

    Raises:
        NotNow: when whoever asks for it has none: they would lock themselves out of what they just did.
    """
    desk.must("agency.edit")
    person = _myself(desk)
    if required and not desk.ledger.factors.any_of(person.id):
        raise NotNow(say("Set up your own second factor first; then require it of the others."))
    if required == desk.ledger.factors.required():
        return
    with desk.entry() as entry:
        entry.factors.require(required)
        entry.note("second-factor.required" if required else "second-factor.free", "")


def _myself(desk: Desk) -> Person:
    if desk.actor is None:
        raise NotAllowed(say("Sign in first."))
    return desk.actor


# setting up -----------------------------------------------------------------------------------------------------


def new_key() -> str:
    """A fresh key for an app, in base32."""
    return base64.b32encode(secrets.token_bytes(codes.KEY_BYTES)).decode()


def offered(desk: Desk, key: str) -> NewApp:
    """How an app learns the key.

    Raises:
        NotFound: when this is no key of ours.
    """
    person = _myself(desk)
    if not _is_key(key):
        raise NotFound(say("Begin anew: this page is too old."))
    issuer = desk.ledger.agency.get().name or "clinic-audit"
    return NewApp(key, codes.grouped(key), qr.code(address_of(key, person.login, issuer)))


def address_of(key: str, login: str, issuer: str) -> str:
    """What an app reads from the picture."""
    fields = {"secret": key, "issuer": issuer, "digits": codes.DIGITS, "period": codes.SECONDS}
    label = f"{quote(issuer, safe='')}:{quote(login, safe='')}"
    return f"otpauth://totp/{label}?{urlencode(fields, quote_via=quote)}"


def _is_key(key: str) -> bool:
    try:
        return len(base64.b32decode(key)) == codes.KEY_BYTES
    except ValueError:
        return False


def add_app(desk: Desk, key: str, code: str, name: str) -> tuple[str, ...]:
    """Keep an app that shows the right code. The first factor brings recovery codes, shown this once.

    Raises:
        BadInput: when the code is not the app's, or the name endless.
    """
    person = _myself(desk)
    offered(desk, key)
    step = codes.step_shown(key, codes.ungrouped(code), desk.now)
    if step is None:
        words = say("This is not the code the app shows now. Is the time of the phone right?")
        raise BadInput([Fault("code", words)])
    called = " ".join(name.split()) or say("App on a phone")
    return keep(desk, Factor(str(uuid.uuid4()), person.id, APP, called, key, desk.now, counter=step))


def keep(desk: Desk, factor: Factor) -> tuple[str, ...]:
    """Keep a factor that was proved just now; gives the recovery codes when it is the first.

    Raises:
        BadInput: when there are too many, or the name is endless.
    """
    if len(factor.name) > people.LONGEST_NAME:
        raise BadInput([Fault("name", say("Keep this under {limit} characters.", limit=people.LONGEST_NAME))])
    with desk.entry() as entry:
        had = entry.factors.of(factor.person_id)
        if len(had) >= MOST:
            raise BadInput([Fault("name", say("These are enough. Remove one first."))])
        entry.factors.add(factor)
        fresh = () if had else _fresh_codes(entry, factor.person_id)
        entry.note("factor.added", factor.person_id, {"kind": factor.kind})
    return fresh


def _fresh_codes(entry: Entry, person_id: str) -> tuple[str, ...]:
    fresh = tuple(
        "".join(secrets.choice(_ALPHABET) for _ in range(RECOVERY_CHARACTERS)) for _ in range(RECOVERY_CODES)
    )
    entry.factors.keep_codes(person_id, map(_hash, fresh))
    return fresh


def new_codes(desk: Desk) -> tuple[str, ...]:
    """Fresh recovery codes instead of all earlier ones, shown this once.

    Raises:
        NotNow: without a second factor.
    """
    person = _myself(desk)
    if not desk.ledger.factors.any_of(person.id):
        raise NotNow(say("Set up a second factor first."))
    with desk.entry() as entry:
        fresh = _fresh_codes(entry, person.id)
        entry.note("recovery.made", person.id)
    return fresh


def readable(code: str) -> str:
    """A recovery code in groups, as it is written down."""
    return codes.grouped(code)


def remove(desk: Desk, factor_id: str) -> None:
    """Take one's own factor away; with the last one the recovery codes go too.

    Raises:
        NotFound: when it is not one's own.
        NotNow: when it is the last and the agency requires one.
    """
    person = _myself(desk)
    with desk.entry() as entry:
        if not entry.factors.remove(person.id, factor_id):
            raise NotFound(say("There is no such second factor."))
        if not entry.factors.any_of(person.id):
            if is_required(desk, person):
                raise NotNow(say("Your agency requires a second factor. Set up another one first."))
            entry.factors.remove_all(person.id)
        entry.note("factor.removed", person.id)


def take_away(desk: Desk, person_id: str) -> None:
    """Take away all factors of somebody who lost them, and end their sessions.

    Raises:
        NotFound: when there is no such person.
    """
    desk.must("person.reset")
    person = desk.ledger.people.get(person_id)
    with desk.entry() as entry:
        entry.factors.remove_all(person.id)
        entry.sessions.end_all(person.id, desk.now)
        entry.note("factors.taken-away", person.id)


def has(desk: Desk, person_id: str) -> bool:
    """Does this person have a second factor? For those who look after people."""
    desk.must("person.list")
    return desk.ledger.factors.any_of(person_id)


def _hash(code: str) -> str:
    return sha256(code.encode()).hexdigest()


# signing in -----------------------------------------------------------------------------------------------------


def half_of(desk: Desk, token: str) -> Person:
    """Who began to sign in and still owes the second factor.

    Raises:
        NotAllowed: when nobody did, or too long ago.
    """
    row = desk.ledger.sessions.get(_hash(token))
    person = desk.ledger.people.find(row.person_id) if row else None
    if row is None or person is None or not row.half or not person.active:
        raise NotAllowed(say("Sign in anew."))
    if desk.now - row.created_at >= HALF_LASTS:
        raise NotAllowed(say("That took too long. Sign in anew."))
    return person


def complete(desk: Desk, token: str, code: str) -> Session:
    """Finish signing in with the code of an app, or with a recovery code.

    Raises:
        NotAllowed: when nobody is half signed in, or it is no code of theirs.
        TooMany: when it is too early for the next try.
    """
    person = half_of(desk, token)
    typed = codes.ungrouped(code)
    counted = signing_in.count_try(desk, f"second factor of {person.id}", person)
    with replace(desk, actor=person).entry() as entry:
        how = _used(entry, person, typed)
        if how:
            whole = _whole(entry, token, person, how)
            entry.sessions.forgive(*counted)
        else:
            entry.note("second-factor.failed", person.id)
    if not how:
        raise NotAllowed(say(WRONG))
    return whole


def finish(desk: Desk, token: str, person: Person, how: str) -> Session:
    """A whole session for somebody who proved just now, by ``how``, what the half one still owed."""
    with replace(desk, actor=person).entry() as entry:
        return _whole(entry, token, person, how)


def _used(entry: Entry, person: Person, typed: str) -> str:
    """By what the code fits, used up; nothing when it does not."""
    for factor in entry.factors.of(person.id):
        # Without a key, as after a restore without keys/, an app fits nothing; recovery codes still open.
        known = factor.kind == APP and factor.secret
        step = codes.step_shown(factor.secret, typed, entry.now) if known else None
        if step is not None and entry.factors.use(factor.id, step, entry.now):
            return factor.kind
    return "recovery" if entry.factors.use_code(person.id, _hash(typed), entry.now) else ""


def _whole(entry: Entry, token: str, person: Person, how: str) -> Session:
    """A whole session in place of the half one, under a new token."""
    half, fresh = entry.sessions.get(_hash(token)), secrets.token_urlsafe(signing_in.TOKEN_BYTES)
    if half is None:  # ended while the code was looked at
        raise NotAllowed(say("Sign in anew."))
    entry.sessions.end(half.token_hash, entry.now)
    now = entry.now
    entry.sessions.open(SessionRow(_hash(fresh), person.id, half.address, now, now, now, half.device))
    entry.note("signed-in", person.id, {"by": how})
    return Session(fresh, person, now + signing_in.SESSION_LIMITS[person.role][1])
