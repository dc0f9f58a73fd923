"""Amending a sealed visit: a correction beside what was sealed, with its reason; or the visit declared void."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import replace

from audit.domain import amendments, scoring
from audit.domain.amendments import VOID, Amendment, By
from audit.domain.answers import Key, Raw
from audit.domain.people import may
from audit.domain.problems import NotAllowed, Stale
from audit.domain.tongue import say, speaking
from audit.domain.visits import Visit
from audit.languages import tongue
from audit.operations import actions, schedule
from audit.operations.desk import Desk
from audit.operations.inspections import load, open_visit
from audit.operations.reports import original_language
from audit.store.ledger import Entry

Make = Callable[[Visit, Sequence[Amendment], By], Amendment]


def of(desk: Desk, inspection_id: str) -> tuple[Amendment, ...]:
    """The amendments of a visit, in order.

    Raises:
        NotFound: when the visit is not this person's to read.
    """
    open_visit(desk, inspection_id)
    return desk.ledger.amendments.of(inspection_id)


def as_amended(desk: Desk, inspection_id: str) -> Visit:
    """The visit with all its corrections laid over it, for a page that corrects one more."""
    visit = open_visit(desk, inspection_id)
    return amendments.corrected(visit, desk.ledger.amendments.of(inspection_id))


def may_amend(desk: Desk, visit: Visit) -> bool:
    """May the person at work amend this visit, once it is sealed?"""
    return may(desk.actor, f"{visit.inspection.kind}.amend", visit.inspection.clinic_id)


def correct(desk: Desk, inspection_id: str, key: Key, raw: Raw, reason: str, seen: int) -> Amendment:
    """Correct one answer. ``seen`` counts the amendments the person had before them.

    Raises:
        NotFound, NotAllowed, NotNow: as for any deed; also when the visit is not sealed, or void.
        BadInput: with all faults; Stale: when somebody amended the visit meanwhile.
    """
    return _amend(
        desk,
        inspection_id,
        reason,
        seen,
        lambda visit, made, by: amendments.of_answer(visit, made, key, raw, by),
    )


def correct_remarks(desk: Desk, inspection_id: str, remarks: str, reason: str, seen: int) -> Amendment:
    """Correct the general remarks; see ``correct``."""
    return _amend(
        desk,
        inspection_id,
        reason,
        seen,
        lambda visit, made, by: amendments.of_remarks(visit, made, remarks, by),
    )


def void(desk: Desk, inspection_id: str, reason: str, seen: int) -> Amendment:
    """Declare the visit void: it stays readable and counts nowhere; see ``correct``."""
    return _amend(desk, inspection_id, reason, seen, amendments.of_all)


def _amend(desk: Desk, inspection_id: str, reason: str, seen: int, make: Make) -> Amendment:
    if not may_amend(desk, open_visit(desk, inspection_id)):
        raise NotAllowed(say("Only an inspector amends a sealed inspection."))
    assert desk.actor is not None
    by = By(desk.actor.id, desk.now, reason)
    with desk.entry() as entry:
        visit = load(entry, entry.inspections.get(inspection_id))
        made = entry.amendments.of(inspection_id)
        if len(made) == seen + 1:
            again = make(visit, made[:-1], by)
            if again.says_the_same(made[-1]):
                return made[-1]
        if len(made) != seen:
            raise Stale(say("Somebody amended this visit meanwhile. Look again, then amend it."))
        one = make(visit, made, by)
        _keep(entry, visit, made, one)
    return one


def _keep(entry: Entry, visit: Visit, made: Sequence[Amendment], one: Amendment) -> None:
    """Write an amendment: the record as amended, the counts that moved, and the line in the trail."""
    inspection = visit.inspection
    sealed = entry.records.get(inspection.id)
    language = original_language(sealed)
    with speaking(tongue(language)):
        # Copies: what is worked out about the visit at hand may have been said in another language.
        own = replace(visit, checklist=visit.checklist.in_language(language))
        before, after = amendments.corrected(own, made), amendments.corrected(own, (*made, one))
        amended = amendments.amended(sealed, own, (*made, one))
        result = after.result
    entry.amendments.add(inspection.id, one, amended, result)
    entry.records.recount(inspection, _rated(before), [] if one.kind == VOID else _rated(after))
    schedule.amended(entry, after, void=one.kind == VOID)
    if one.kind == VOID:
        actions.take_back(entry, visit)
        schedule.restore(entry, visit)
    else:
        _open(entry, after, one.number)
    deed = "voided" if one.kind == VOID else "amended"
    detail = {"number": one.number, "item": one.item, "record": amended.sha256, "status": result.status}
    entry.note(f"{inspection.kind}.{deed}", inspection.id, detail)


def _open(entry: Entry, after: Visit, number: int) -> None:
    """What an amendment finds is owed like what was found: an action opens for each finding that has none yet."""
    inspection = after.inspection
    owed = entry.actions.owed_for(inspection.id)
    for finding in after.findings:
        if not finding.corrected_on_site and (finding.item, finding.person) not in owed:
            entry.records.keep_amended(inspection, finding, number)
            action = str(uuid.uuid4())
            opened = entry.actions.open_one(inspection.id, finding.item, finding.person, action)
            entry.note(
                "action.opened", action, {"visit": inspection.id, "amendment": number, "opened": opened}
            )


def _rated(visit: Visit) -> list[scoring.Rated]:
    return [row for row in map(scoring.rated, visit.journey.items()) if row is not None]
