"""Correction without an account: a link opens the findings of one visit, and nothing else, to whoever holds it.

Only its hash is kept. It ends by itself, can be ended before, and leaves a line in the trail when it is used.
"""

import secrets
import uuid
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from hashlib import sha256
from pathlib import Path

from audit.domain.answers import PhotoLink
from audit.domain.problems import NotFound, NotNow, TooMany
from audit.domain.tongue import say, word
from audit.operations import actions, counting, records, strangers
from audit.operations.actions import Answer, Told
from audit.operations.desk import Desk
from audit.operations.inspections import local_time, open_visit
from audit.operations.signing_in import TOKEN_BYTES
from audit.store.ledger import ANSWERED, OPENED, Entry, FixLink, Kept
from reports import qr

GONE = word("This link does not work any more. Ask whoever gave it to you for a new one.")
LASTS, LASTS_AFTER_DEADLINE = timedelta(days=60), timedelta(days=14)
MOST_LINKS = 10
HOUR, ANSWERS_AN_HOUR = timedelta(hours=1), 60
# Opening the page again within this time is the same use.
SAME_USE = timedelta(minutes=10)


@dataclass(frozen=True)
class Opened:
    """What a link shows: whose findings they are, of which day, and each with the photos of the visit."""

    clinic_name: str
    inspected_on: date
    expires_on: date
    rows: tuple[tuple[Told, tuple[PhotoLink, ...]], ...]

    @property
    def owed(self) -> int:
        return sum(row.action.waits_for == "clinic" for row, _ in self.rows)


@dataclass(frozen=True)
class GivenOut:
    """A link that was made: by whom, and when it was last used."""

    link: FixLink
    by: str
    last_used: datetime | None
    works: bool


# giving out ---------------------------------------------------------------------------------------------------


def offer(desk: Desk, inspection_id: str) -> str:
    """Make a link for the findings of a sealed visit: its token, which is shown once.

    Raises:
        NotNow: while nothing is to be fixed, or too many links are out.
    """
    found = _shared(desk, inspection_id)
    if not any(not kept.action.closed for kept in found):
        raise NotNow(say("Nothing of this visit is left to be fixed."))
    if sum(link.works(desk.now) for link in desk.ledger.fix_links.of_visit(inspection_id)) >= MOST_LINKS:
        raise NotNow(say("{number} links of this visit work already. End one first.", number=MOST_LINKS))
    token = secrets.token_urlsafe(TOKEN_BYTES)
    last = max(kept.action.correct_by for kept in found) + LASTS_AFTER_DEADLINE
    expires = max(desk.now + LASTS, datetime.combine(last, time(), desk.now.tzinfo))
    with desk.entry() as entry:
        link = FixLink(str(uuid.uuid4()), _hash(token), inspection_id, entry.actor, desk.now, expires)
        entry.fix_links.give_out(link)
        entry.note("fix-link.made", inspection_id, {"link": link.id, "until": expires.isoformat()})
    return token


def code(address: str) -> qr.Code:
    """The address of a link as a QR code, for the wall or the paper."""
    return qr.code(address)


def given_out(desk: Desk, inspection_id: str) -> tuple[GivenOut, ...]:
    """The links of a visit, the newest first."""
    _shared(desk, inspection_id)
    shelf, people = desk.ledger.fix_links, desk.ledger.people
    return tuple(
        GivenOut(
            link,
            person.name if (person := people.find(link.made_by)) else "",
            shelf.last_use(link.id),
            link.works(desk.now),
        )
        for link in shelf.of_visit(inspection_id)
    )


def revoke(desk: Desk, inspection_id: str, link_id: str) -> None:
    """End a link of a visit at once. Twice is fine.

    Raises:
        NotFound: when the visit has no such link.
    """
    _shared(desk, inspection_id)
    link = desk.ledger.fix_links.find(link_id)
    if link is None or link.inspection_id != inspection_id:
        raise NotFound(say("There is no such link."))
    if link.revoked_at is not None:
        return
    with desk.entry() as entry:
        entry.fix_links.revoke(link_id, desk.now)
        entry.note("fix-link.ended", inspection_id, {"link": link_id})


def _shared(desk: Desk, inspection_id: str) -> tuple[Kept, ...]:
    """The actions of a sealed visit, for somebody who may give out a link to them."""
    inspection = open_visit(desk, inspection_id).inspection
    records.sealed(desk, inspection_id)
    desk.must(f"{inspection.kind}.share", inspection.clinic_id)
    return desk.ledger.actions.of_visit(inspection_id)


# whoever holds it ---------------------------------------------------------------------------------------------


def opened(desk: Desk, token: str, address: str = "") -> Opened:
    """What the link shows.

    Raises:
        NotFound: when it does not work (any more); TooMany: after many tries with links that do not.
    """
    link = _live(desk, token, address)
    if not desk.ledger.fix_links.uses(link.id, OPENED, desk.now - SAME_USE):
        with desk.entry() as entry:
            entry.fix_links.used(link.id, OPENED, desk.now)
            entry.note("fix-link.opened", link.inspection_id, {"link": link.id})
    found = desk.ledger.actions.of_visit(link.inspection_id)
    if not found:
        raise NotFound(say(GONE))
    rows = tuple(actions.told(desk, kept) for kept in found)
    return Opened(
        clinic_name=rows[0].clinic_name,
        inspected_on=rows[0].inspected_on,
        expires_on=local_time(link.expires_at, rows[0].time_zone).date(),
        rows=tuple((row, actions.photos_before(desk, row.action)) for row in rows),
    )


def answer(desk: Desk, token: str, action_id: str, given: Answer, address: str = "") -> None:
    """The clinic says over the link that a finding is fixed.

    Raises:
        NotFound: when the link does not work, or the finding is of another visit.
        TooMany: when it is used too often; BadInput, NotNow: as for ``actions.fix``.
    """
    link = _live(desk, token, address)
    kept = desk.ledger.actions.get(action_id)
    if kept.action.inspection_id != link.inspection_id:
        raise NotFound(say("There is no such action."))
    _count_answer(desk, link)

    def count(entry: Entry) -> None:
        entry.fix_links.used(link.id, ANSWERED, desk.now)

    actions.write_fix(desk, kept, given, link.id, count)


def _count_answer(desk: Desk, link: FixLink) -> None:
    """Count an answer before it is looked at: one that is refused may have brought photos."""
    if counting.tries(desk, ANSWERED, f"answers {link.id}", ANSWERS_AN_HOUR, HOUR) >= ANSWERS_AN_HOUR:
        raise TooMany(say("Too many answers in one hour. Go on later."), int(HOUR.total_seconds()))


def photo(desk: Desk, token: str, name: str, size: str, address: str = "") -> Path:
    """The file of a copy of a photo that belongs to one of the findings.

    Raises:
        NotFound: when the link does not work, or shows no such photo.
    """
    link = _live(desk, token, address)
    for kept in desk.ledger.actions.of_visit(link.inspection_id):
        before = [shown.sha256 for shown in actions.photos_before(desk, kept.action)]
        if name in before or any(name in step.photos for step in kept.action.steps):
            return desk.ledger.photos.path(name, size)
    raise NotFound(say("There is no such photo."))


def _live(desk: Desk, token: str, address: str) -> FixLink:
    link = desk.ledger.fix_links.by_token(_hash(token))
    if link is not None and link.works(desk.now):
        return link
    strangers.turn_away(desk, address)
    raise NotFound(say(GONE))


def _hash(token: str) -> str:
    return sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
