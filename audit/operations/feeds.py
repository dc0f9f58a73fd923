"""Calendar feeds: a private address per person, by which a calendar asks for what is planned. It can be ended.

Only the hash of its secret is kept. Whoever has the address reads what its person would: clinic, day, purpose.
"""

import secrets
import uuid
from dataclasses import dataclass, replace
from datetime import timedelta
from hashlib import sha256

from audit.domain.inspections import SELF_AUDIT
from audit.domain.people import Person, may
from audit.domain.problems import NotFound
from audit.domain.programmes import Time
from audit.domain.tongue import say, word
from audit.operations import noting, programmes, schedule, strangers
from audit.operations.desk import Desk
from audit.operations.schedule import Told, Wanted
from audit.operations.signing_in import TOKEN_BYTES
from audit.store.ledger import Feed

GONE = word("This address does not work any more. Make a new one on your schedule.")
MOST = 500
BEHIND = timedelta(days=60)


@dataclass(frozen=True)
class Opened:
    """What a calendar is told: whose it is, the planned visits, and the self-audits that are due (clinic and time)."""

    person: Person
    rows: tuple[Told, ...]
    due: tuple[tuple[str, str, Time], ...]


def of(desk: Desk) -> Feed | None:
    """The working address of the person at work; its secret is not known any more."""
    desk.must("calendar.feed")
    assert desk.actor is not None
    return desk.ledger.schedule.feed_of(desk.actor.id)


def offer(desk: Desk) -> str:
    """Make an address for the person at work: its secret, which is shown once. An older one ends."""
    desk.must("calendar.feed")
    assert desk.actor is not None
    token = secrets.token_urlsafe(TOKEN_BYTES)
    feed = Feed(str(uuid.uuid4()), desk.actor.id, _hash(token), desk.now)
    with desk.entry() as entry:
        entry.schedule.end_feed(desk.actor.id, desk.now)
        entry.schedule.give_feed(feed)
        entry.note("calendar-feed.made", feed.id)
    return token


def revoke(desk: Desk) -> None:
    """End the address of the person at work at once. Twice is fine."""
    feed = of(desk)
    if feed is None:
        return
    with desk.entry() as entry:
        entry.schedule.end_feed(feed.person_id, desk.now)
        entry.note("calendar-feed.ended", feed.id)


def opened(desk: Desk, token: str, address: str = "") -> Opened:
    """What the address tells: an inspector's own visits, an owner's clinics, an administrator's whole agency.

    Raises:
        NotFound: when it does not work (any more); TooMany: after many tries with addresses that do not.
    """
    feed = desk.ledger.schedule.feed_by_token(_hash(token))
    person = desk.ledger.people.find(feed.person_id) if feed else None
    if person is None or not may(person, "calendar.feed"):
        strangers.turn_away(desk, address)
        raise NotFound(say(GONE))
    theirs = replace(desk, actor=person)
    noting.note(theirs, feed.id if feed else "", noting.FEED_READ, {}, once_in=timedelta(days=1))
    mine = Wanted(inspector=person.id if person.role == "inspector" else "")
    # Only what is to come and what is overdue: a calendar keeps its own past.
    rows = schedule.find(theirs, replace(mine, first=(desk.now - BEHIND).date()), limit=MOST).rows
    return Opened(person, rows, _due(theirs, person))


def _due(desk: Desk, person: Person) -> tuple[tuple[str, str, Time], ...]:
    found = []
    for clinic_id in sorted(person.clinics):
        if may(person, f"{SELF_AUDIT}.start", clinic_id):
            kept = programmes.of(desk, clinic_id)
            if kept.due and kept.programme:
                found.append((kept.programme.id, kept.clinic.name, kept.due))
    return tuple(found)


def _hash(token: str) -> str:
    return sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
