"""One's own sessions: where one is signed in, ending it there, and the browsers in which one is known."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from audit.domain.people import Person
from audit.domain.problems import NotAllowed, NotFound
from audit.domain.tongue import say
from audit.operations import signing_in
from audit.operations.desk import Desk
from audit.store.ledger import SessionRow

NAMED_BY = 16  # characters of the fingerprint that name a session; nobody gets in by them


@dataclass(frozen=True)
class Listed:
    """A session of the person at the desk; ``address`` is empty for a browser that was known by its token."""

    id: str
    device: str
    address: str
    since: datetime
    seen_at: datetime
    ends_at: datetime
    here: bool


def listed(desk: Desk, token: str) -> tuple[Listed, ...]:
    """Where the person at the desk is signed in, this session first."""
    person, here = _myself(desk), _hash(token)
    rows = [_listed(row, person, here) for row in _lasting(desk, person)]
    return tuple(sorted(rows, key=lambda row: not row.here))


def _listed(row: SessionRow, person: Person, here: str) -> Listed:
    idle, at_most = signing_in.SESSION_LIMITS[person.role]
    return Listed(
        id=row.token_hash[:NAMED_BY],
        device=row.device,
        address="" if row.address.startswith(signing_in.BROWSER) else row.address,
        since=row.created_at,
        seen_at=row.seen_at,
        ends_at=min(row.seen_at + idle, row.created_at + at_most),
        here=row.token_hash == here,
    )


def _lasting(desk: Desk, person: Person) -> list[SessionRow]:
    return [row for row in desk.ledger.sessions.of(person.id) if not signing_in.is_over(desk, row, person)]


def _myself(desk: Desk) -> Person:
    if desk.actor is None:
        raise NotAllowed(say("Sign in first."))
    return desk.actor


def end(desk: Desk, session_id: str) -> None:
    """Sign out there.

    Raises:
        NotFound: when none of one's own sessions is called so.
    """
    person = _myself(desk)
    found = [row for row in _lasting(desk, person) if row.token_hash[:NAMED_BY] == session_id]
    if not found:
        raise NotFound(say("There is no such session."))
    with desk.entry() as entry:
        entry.sessions.end(found[0].token_hash, desk.now)
        entry.note("session.ended", person.id)


def end_others(desk: Desk, token: str) -> int:
    """Sign out everywhere else; gives how many sessions ended. Browsers known so far are strangers again."""
    person, here = _myself(desk), _hash(token)
    others = [row for row in _lasting(desk, person) if row.token_hash != here]
    with desk.entry() as entry:
        for row in others:
            entry.sessions.end(row.token_hash, desk.now)
        entry.sessions.forget_browsers(person.id)
        entry.note("sessions.ended", person.id, {"ended": len(others)})
    return len(others)


def browser_token(desk: Desk, person: Person, browser: str) -> str:
    """What the browser keeps, so that nobody else's failures slow down this person in it: its own, or a new one."""
    known = browser and desk.ledger.sessions.is_known_browser(_hash(browser))
    token = browser if known else secrets.token_urlsafe(signing_in.TOKEN_BYTES)
    with desk.ledger.upkeep() as sessions:
        sessions.know_browser(person.id, _hash(token), desk.now)
    return token


def _hash(token: str) -> str:
    return sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
