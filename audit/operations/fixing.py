"""Correction without an account: a link opens the findings of one visit, and nothing else, to whoever holds it.

Only its hash is kept. It ends by itself, can be ended before, and leaves a line in the trail when it is used.
"""

import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from hashlib import sha256
from pathlib import Path

from audit.domain.answers import PhotoLink
from audit.domain.inspections import INSPECTION
from audit.domain.people import Person
from audit.domain.problems import NotFound, NotNow, TooMany
from audit.domain.reminders import ACTIONS
from audit.domain.tongue import say, several, word
from audit.domain.visits import Visit
from audit.languages import writing
from audit.operations import actions, counting, post, records, strangers
from audit.operations.actions import Answer, Told
from audit.operations.desk import Desk
from audit.operations.inspections import local_time, open_visit
from audit.operations.signing_in import TOKEN_BYTES
from audit.store.ledger import ANSWERED, BY_HAND, IN_LETTER, OPENED, Entry, FixLink, Kept
from reports import qr

PATH = "/fix/"
LETTER = "findings"  # the kind of letter that carries a link
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
    """A link that was made: by whom (of one in a letter: to whom), and when it was last used."""

    link: FixLink
    by: str
    last_used: datetime | None
    works: bool

    @property
    def in_letter(self) -> bool:
        return self.link.place == IN_LETTER

    @property
    def in_report(self) -> bool:
        return self.link.place not in (BY_HAND, IN_LETTER)


@dataclass(frozen=True)
class Printed:
    """The link of a report: its token, until when it works, and whether this report is the first to carry it."""

    link: FixLink
    token: str
    is_new: bool


# giving out ---------------------------------------------------------------------------------------------------


def offer(desk: Desk, inspection_id: str) -> str:
    """Make a link for the findings of a sealed visit: its token, which is shown once.

    Raises:
        NotNow: while nothing is to be fixed, or too many links are out.
    """
    found = _shared(desk, inspection_id)
    if not any(not kept.action.closed for kept in found):
        raise NotNow(say("Nothing of this visit is left to be fixed."))
    given = desk.ledger.fix_links.of_visit(inspection_id)
    if sum(link.works(desk.now) and link.place == BY_HAND for link in given) >= MOST_LINKS:
        raise NotNow(say("{number} links of this visit work already. End one first.", number=MOST_LINKS))
    token = secrets.token_urlsafe(TOKEN_BYTES)
    with desk.entry() as entry:
        _give_out(entry, _made(entry.now, token, found, entry.actor))
    return token


def _made(now: datetime, token: str, found: Sequence[Kept], by: str, place: str = BY_HAND) -> FixLink:
    last = max(kept.action.correct_by for kept in found) + LASTS_AFTER_DEADLINE
    expires = max(now + LASTS, datetime.combine(last, time(), now.tzinfo))
    return FixLink(
        str(uuid.uuid4()), _hash(token), found[0].action.inspection_id, by, now, expires, place=place
    )


def _give_out(entry: Entry, link: FixLink, token: str = "") -> None:
    entry.fix_links.give_out(link, token)
    where = {"in": link.place} if link.place else {}
    detail = {"link": link.id, "until": link.expires_at.isoformat(), **where}
    entry.note("fix-link.made", link.inspection_id, detail)


# in reports and letters ---------------------------------------------------------------------------------------


def of_report(desk: Desk, inspection_id: str, kind: str) -> Printed | None:
    """The link that a report of an inspection carries, the same in every language and on every paper; none when
    nothing is owed, or when somebody ended it: what is ended does not come back.

    The caller keeps a new one with the report: ``keep_printed``. Asks nobody: whoever calls it has asked.
    """
    found = desk.ledger.actions.of_visit(inspection_id)
    if all(kept.action.closed for kept in found) or found[0].action.kind != INSPECTION:
        return None
    earlier = [link for link in desk.ledger.fix_links.of_visit(inspection_id) if link.place == kind]
    if any(link.revoked_at is not None for link in earlier):
        return None
    for link in earlier:
        token = desk.ledger.fix_links.token(link) if link.works(desk.now) else ""
        if token:
            return Printed(link, token, False)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    return Printed(_made(desk.now, token, found, "", kind), token, True)


def keep_printed(entry: Entry, printed: Printed) -> None:
    """Keep the new link of a report that is about to be listed."""
    _give_out(entry, printed.link, printed.token)


def tell_owners(desk: Desk, entry: Entry, visit: Visit) -> None:
    """Write to the clinic's owners what an inspection leaves them to do, each with a link of their own, inside the
    entry of the seal. Who turned letters about what must be fixed off gets none."""
    inspection = visit.inspection
    found = entry.actions.of_visit(inspection.id)
    if inspection.kind != INSPECTION or not found:
        return
    for person in entry.people.all():
        here = person.active and person.role == "owner" and inspection.clinic_id in person.clinics
        if here and person.email and ACTIONS not in entry.reminders.off(person.id):
            _write(desk, entry, visit, found, person)


def _write(desk: Desk, entry: Entry, visit: Visit, found: Sequence[Kept], owner: Person) -> None:
    inspection, site = visit.inspection, entry.agency.get().site
    token = secrets.token_urlsafe(TOKEN_BYTES)
    link = _made(entry.now, token, found, owner.id, IN_LETTER)
    if site:
        _give_out(entry, link)

    def words() -> tuple[str, str]:
        day = writing.day_words(inspection.inspected_on)
        number = several("{number} finding must be fixed", "{number} findings must be fixed", len(found))
        first = writing.day_words(min(kept.action.correct_by for kept in found))
        lines = [
            say("{clinic}, visit of {day}: {words}.", clinic=visit.clinic.name, day=day, words=number),
            say("The first is due by {day}.", day=first),
        ]
        if site:
            until = writing.day_words(local_time(link.expires_at, inspection.time_zone).date())
            lines += [
                say("Answer each one with words and photos, from any phone, without an account:"),
                f"{site}{PATH}{token}",
                say("This link works until {day}. Give it only to people who fix these findings.", day=until),
                say("The report and the action plan: {address}", address=f"{site}/visits/{inspection.id}"),
            ]
        subject = say("{words} at {clinic}", words=number, clinic=visit.clinic.name)
        return subject, "\n\n".join(lines) + "\n"

    post.to_person(desk, entry, owner, f"{LETTER}:{inspection.id}", words, link.expires_at)


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
