"""The seal: a complete visit becomes one frozen record, and its report is drawn once and kept."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass, replace

from audit.domain import records, scoring
from audit.domain.inspections import Inspection
from audit.domain.problems import NotNow, Stale
from audit.domain.records import NotCarried, PhotoFacts, Sealed
from audit.domain.tongue import say, speaking
from audit.domain.visits import Visit
from audit.languages import tongue
from audit.operations import actions, credentials, fixing, former, reports, schedule
from audit.operations.desk import Desk
from audit.operations.inspections import load, writable
from audit.store.ledger import Entry, Ledger

SALT_BYTES = 16


@dataclass(frozen=True)
class Drawn:
    """A sealed record with its report, drawn but not kept yet."""

    sealed: Sealed
    report: reports.Drawn


def seal(desk: Desk, inspection_id: str) -> Sealed:
    """Seal a complete visit: record, findings, monthly counts and report are kept together.

    The report is drawn before anything is written; when an answer arrived meanwhile the seal is refused.

    Raises:
        NotNow: with everything that is still open.
        Stale: when the visit changed while it was being sealed.
    """
    visit = _whole(desk.ledger, writable(desk, inspection_id, "seal"))
    if visit.hindrances:
        raise NotNow(" ".join(visit.hindrances))
    names = sorted({link.sha256 for links in visit.links.values() for link in links})
    for name in names:
        desk.ledger.photos.complete(name)
    drawn = freeze(desk, visit, [desk.ledger.photos.facts(name) for name in names])
    with desk.entry() as entry:
        if _whole(entry, entry.inspections.get(inspection_id)) != visit:
            raise Stale(say("Something changed while you were sealing. Look again, then seal."))
        keep(entry, desk, visit, drawn)
        fixing.tell_owners(desk, entry, visit)
    return drawn.sealed


def _whole(shelves: Ledger | Entry, inspection: Inspection) -> Visit:
    """The visit with what it finds left open, as its record will hold it."""
    return replace(load(shelves, inspection), former=former.before(shelves, inspection))


def freeze(
    desk: Desk, visit: Visit, photos: Iterable[PhotoFacts], not_carried: Iterable[NotCarried] = ()
) -> Drawn:
    """Build the record of a visit with fresh salts and draw its report, in the agency's language and paper."""
    salts = {person: secrets.token_hex(SALT_BYTES) for person in records.people_in(visit)}
    with speaking(tongue(visit.agency.language)):
        # A copy: what is worked out about this one may have been said in another language.
        own = replace(visit, checklist=visit.checklist.in_language(visit.agency.language))
        sealed = records.build(own, desk.now, photos, salts, not_carried)
    report = reports.draw(desk, sealed, visit.checklist, reports.RECORD, visit.agency.paper)
    return Drawn(sealed, report)


def keep(entry: Entry, desk: Desk, visit: Visit, drawn: Drawn) -> None:
    """Write the seal: inspection closed, record, findings and counts kept, actions opened and closed,
    report listed, all in one entry."""
    inspection, sealed = visit.inspection.sealed(visit.inspection.finished_at or desk.now), drawn.sealed
    rated = [row for row in map(scoring.rated, visit.journey.items()) if row is not None]
    entry.records.keep(inspection, sealed, visit.findings, rated, visit.result, desk.now)
    actions.follow(entry, visit)
    schedule.follow(entry, visit)
    credentials.follow(entry, visit)
    reports.list_it(entry, inspection.id, drawn.report)
    entry.note(
        f"{inspection.kind}.sealed",
        inspection.id,
        {
            "record": sealed.sha256,
            "report": drawn.report.sha256,
            "number": drawn.report.number,
            "status": visit.result.status,
            "beside": entry.belongings(inspection.id),
        },
    )
