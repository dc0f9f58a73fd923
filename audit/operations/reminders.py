"""Reminders: once a day each person gets one letter about what became due, in the morning of their clinic.

What is due follows from what the person may read; told is told once for each notice. The pages show it all.
"""

import secrets
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from hashlib import sha256
from itertools import groupby

from audit.domain.actions import FIXED
from audit.domain.clocks import OVERDUE, SOON
from audit.domain.credentials import KINDS as PAPER_KINDS
from audit.domain.letters import Letter
from audit.domain.people import Person
from audit.domain.problems import NotFound
from audit.domain.reminders import (
    ACTIONS,
    ANSWERS,
    CLOCKS,
    CLOSURES,
    KINDS,
    LETTER,
    NOTICES,
    OVER,
    PAPERS,
    RECALLS,
    VISITS,
    Line,
    in_order,
    is_daytime,
    reached,
    untold,
)
from audit.domain.tongue import say, several, speaking, word
from audit.languages import tongue, writing
from audit.operations import actions, clocks, closures, credentials, post, recalls, schedule, telling
from audit.operations.actions import OWED, Wanted
from audit.operations.credentials import Board, Told
from audit.operations.desk import Desk
from audit.operations.inspections import local_time
from audit.operations.signing_in import TOKEN_BYTES

LASTS = timedelta(days=3)
PATH, LEAVE = "/reminders", "/reminders/off"
MOST_LINES, MOST_CLINICS = 200, 200
WAITS_LONG = 7  # days
ANSWERED, STANDS = "answered", "stands"  # notices of what waits, before it waits for long
GONE = word("This link does not work any more. Sign in to choose which letters you get.")


@dataclass(frozen=True)
class Round:
    """What one round did: how many people were looked at, and how many letters were written."""

    people: int = 0
    letters: int = 0


# what is due --------------------------------------------------------------------------------------------------


def due(desk: Desk) -> tuple[Line, ...]:
    """Everything that is due soon or over, as far as the person at work may know of it; the most urgent first."""
    role = desk.actor.role if desk.actor else ""
    found: list[Line] = []
    if role == "owner":
        found += [line for clinic_id in _clinics(desk) for line in _of_clinic(desk, clinic_id)]
    if role == "practitioner":
        for board, one in credentials.own(desk):
            found += _papers(board, one.papers, one.practitioner.name)
    if role in ("owner", "practitioner"):
        found += _actions(desk)
    if role in ("owner", "inspector", "administrator"):
        found += _visits(desk)
    if role == "owner":
        found += _recalls(desk)
    if role in ("inspector", "administrator"):
        found += _answers(desk)
        found += _closures(desk)
    return in_order(found)


def _clinics(desk: Desk) -> list[str]:
    return sorted(desk.actor.clinics if desk.actor else ())[:MOST_CLINICS]


def _of_clinic(desk: Desk, clinic_id: str) -> Iterable[Line]:
    board = credentials.board(desk, clinic_id)
    yield from _papers(board, board.own, "")
    for one in board.people:
        yield from _papers(board, one.papers, one.practitioner.name)
    for told in clocks.face_of(desk, board.clinic).clocks:
        clock = told.clock
        if clock.state in (SOON, OVERDUE) and clock.due is not None:
            yield Line(
                kind=CLOCKS,
                about=f"{clinic_id}:{clock.kind}:{clock.due}",
                notice=OVER if clock.state == OVERDUE else SOON,
                clinic=board.clinic.name,
                words=say("{thing}: {words}", thing=clock.name, words=clock.words(board.today)),
                day=clock.due,
                path=f"/clinics/{clinic_id}/clocks",
            )


def _papers(board: Board, papers: Iterable[Told], whose: str) -> Iterable[Line]:
    for told in papers:
        paper = told.paper
        if paper is None or paper.expires is None:
            continue
        notice = reached((paper.expires - board.today).days, NOTICES[PAPERS])
        if notice:
            name = say(PAPER_KINDS[paper.kind])
            thing = f"{name} ({whose})" if whose else name
            yield Line(
                kind=PAPERS,
                about=f"{paper.id}:{paper.expires}",
                notice=notice,
                clinic=board.clinic.name,
                words=say("{thing}: {words}", thing=thing, words=told.standing.words),
                day=paper.expires,
                path=f"/papers/{paper.id}",
            )


def _actions(desk: Desk) -> Iterable[Line]:
    for row in actions.find(desk, Wanted(state=OWED), limit=MOST_LINES).rows:
        action = row.action
        notice = reached((action.correct_by - row.today).days, NOTICES[ACTIONS])
        if notice:
            yield Line(
                kind=ACTIONS,
                about=action.id,
                notice=notice,
                clinic=row.clinic_name,
                words=say("{number}: {words}", number=action.number, words=row.prompt),
                day=action.correct_by,
                path=f"/actions/{action.id}",
            )


def _visits(desk: Desk) -> Iterable[Line]:
    """Inspectors hear of their own visits, administrators of what is overdue or soon due and nobody's, clinics of what
    comes: they are not blamed for a visit that nobody made."""
    role = desk.actor.role if desk.actor else ""
    mine = desk.actor.id if desk.actor and role == "inspector" else ""
    for row in schedule.find(desk, schedule.Wanted(inspector=mine), limit=MOST_LINES).rows:
        planned = row.planned
        notice = reached(planned.days_left(row.today), NOTICES[VISITS]) if planned.open else ""
        if notice and _hears(role, notice, planned.inspector_id):
            yield Line(
                kind=VISITS,
                about=f"{planned.id}:{planned.by}",
                notice=notice,
                clinic=row.clinic_name,
                words=say("Visit planned by {day}", day=writing.day_words(planned.by)),
                day=planned.by,
                path=f"/clinics/{planned.clinic_id}",
            )


def _hears(role: str, notice: str, inspector_id: str | None) -> bool:
    if role == "administrator":
        return notice == OVER or inspector_id is None
    return role == "inspector" or notice != OVER


def _recalls(desk: Desk) -> Iterable[Line]:
    for recall, row in recalls.waiting(desk, _clinics(desk)):
        yield Line(
            kind=RECALLS,
            about=telling.about(recall.id, row.concerned.clinic_id),
            notice=OVER,
            clinic=row.clinic_name,
            words=say("Lot {lot} is called back: {reason}", lot=recall.lot, reason=recall.reason),
            day=recall.since,
            path=f"/recalls/{recall.id}",
        )


def _answers(desk: Desk) -> Iterable[Line]:
    """What clinics answered and nobody looked at yet: inspectors hear of the visits they made, at once;
    administrators of all, when an answer waits for a week."""
    role = desk.actor.role if desk.actor else ""
    for row in actions.find(desk, Wanted(state=FIXED), limit=MOST_LINES).rows:
        action = row.action
        said = max(step.at for step in action.steps if step.kind == FIXED)
        answered = local_time(said, row.time_zone).date()
        waits = (row.today - answered).days
        if role == "inspector" and not actions.made_by(desk, action, desk.actor):
            continue
        if role == "administrator" and waits < WAITS_LONG:
            continue
        yield Line(
            kind=ANSWERS,
            about=f"{action.id}:{answered}",
            notice=OVER if waits >= WAITS_LONG else ANSWERED,
            clinic=row.clinic_name,
            words=say("{number}: the clinic says that it is fixed", number=action.number),
            day=answered,
            path=f"/actions/{action.id}",
        )


def _closures(desk: Desk) -> Iterable[Line]:
    """What stands closed: told once it does, and again when nobody came back in a week."""
    for one, clinic in closures.standing(desk):
        stands = (local_time(desk.now, clinic.time_zone).date() - one.since).days
        yield Line(
            kind=CLOSURES,
            about=one.id,
            notice=OVER if stands >= WAITS_LONG else STANDS,
            clinic=clinic.name,
            words=say("Still closed: {what}", what=one.subject or clinic.name),
            day=one.since,
            path=f"/clinics/{clinic.id}",
        )


# letters ------------------------------------------------------------------------------------------------------


def send(desk: Desk) -> Round:
    """Write the letters of the day: one for each person with an address, in daytime of their clinic, about what they
    were not told yet. Whoever claims a person for the day writes; a second worker finds nothing left to do."""
    done = Round()
    for person in desk.ledger.people.all():
        if not person.email or not person.active:
            continue
        here = local_time(desk.now, _zone(desk, person))
        day = here.date()
        if not is_daytime(here.hour) or desk.ledger.reminders.looked_at(person.id) >= day.isoformat():
            continue
        with desk.ledger.reminding() as shelf:
            claimed = shelf.claim(person.id, day)
        if claimed:
            done = Round(done.people + 1, done.letters + _write(desk, person))
    return done


def _zone(desk: Desk, person: Person) -> str:
    """The clock a person lives by: their first clinic's, else the agency's."""
    first = desk.ledger.clinics.find(min(person.clinics)) if person.clinics else None
    return first.time_zone if first else desk.ledger.agency.get().time_zone


def _write(desk: Desk, person: Person) -> bool:
    mine = replace(desk, actor=person)
    agency = desk.ledger.agency.get()
    with speaking(tongue(person.language or agency.language)):
        shelf = desk.ledger.reminders
        lines = untold(due(mine), shelf.told(person.id), shelf.off(person.id))[:MOST_LINES]
        if not lines:
            return False
        token = secrets.token_urlsafe(TOKEN_BYTES)
        leave = f"{agency.site}{LEAVE}/{token}" if agency.site else ""
        letter = Letter(
            kind=LETTER,
            address=person.email,
            subject=_subject(lines),
            text=_text(lines, agency.site, leave),
            person_id=person.id,
            until=desk.now + LASTS,
            leave=leave,
        )
    with desk.entry() as entry:
        entry.reminders.tell(person.id, [line.key for line in lines], desk.now)
        if leave:
            entry.reminders.keep_link(_hash(token), person.id, desk.now)
        post.write(entry, letter)
        entry.note("reminder.told", person.id, {"lines": len(lines)})
    return True


def _subject(lines: Collection[Line]) -> str:
    over = sum(line.over for line in lines)
    words = several("{number} thing is due", "{number} things are due", len(lines))
    return say("{words}, {over} overdue", words=words, over=over) if over else words


def _text(lines: Iterable[Line], site: str, leave: str) -> str:
    """The digest: by clinic, what is over first, each with its day and its page."""
    parts = []
    by_clinic = sorted(lines, key=lambda line: line.clinic)
    for clinic, rows in groupby(by_clinic, key=lambda line: line.clinic):
        block = [clinic]
        for line in in_order(rows):
            block.append(f"- {line.words} ({writing.day_words(line.day)})")
            if site:
                block.append(f"  {site}{line.path}")
        parts.append("\n".join(block))
    if site:
        parts.append(say("Everything that is due: {address}", address=f"{site}{PATH}"))
    parts.append(say("You are told once for each notice. Choose what you are told about under Reminders."))
    if leave:
        parts.append(say("No more of these letters: {address}", address=leave))
    return "\n\n".join(parts) + "\n"


# choosing -----------------------------------------------------------------------------------------------------


def wanted(desk: Desk) -> frozenset[str]:
    """The kinds that the person at work gets letters about."""
    desk.must("reminder.own")
    assert desk.actor is not None
    return frozenset(KINDS) - desk.ledger.reminders.off(desk.actor.id)


def choose(desk: Desk, kinds: Collection[str]) -> None:
    """Get letters about these kinds and no others."""
    desk.must("reminder.own")
    assert desk.actor is not None
    _turn_off(desk, desk.actor.id, set(KINDS) - set(kinds))


def opened(desk: Desk, token: str) -> tuple[Person, frozenset[str]]:
    """Whose letters a link turns off, and the kinds that are on.

    Raises:
        NotFound: when it is nobody's.
    """
    person = desk.ledger.people.find(desk.ledger.reminders.person_of(_hash(token)))
    if person is None:
        raise NotFound(say(GONE))
    return person, frozenset(KINDS) - desk.ledger.reminders.off(person.id)


def leave(desk: Desk, token: str, kinds: Collection[str] = tuple(KINDS)) -> None:
    """Turn letters about these kinds off, by the link of a letter: no sign-in is needed to be left alone.

    Raises:
        NotFound: when the link is nobody's.
    """
    person, _ = opened(desk, token)
    off = desk.ledger.reminders.off(person.id)
    _turn_off(desk, person.id, off | (set(kinds) & set(KINDS)))


def _turn_off(desk: Desk, person_id: str, kinds: Collection[str]) -> None:
    if desk.ledger.reminders.off(person_id) == frozenset(kinds):
        return
    with desk.entry() as entry:
        entry.reminders.turn_off(person_id, kinds)
        entry.note("reminder.chosen", person_id, {"off": sorted(kinds)})


def _hash(token: str) -> str:
    return sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
