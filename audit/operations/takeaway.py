"""What a tablet takes along: who works, which clinics and visits, and all of a visit that is being made."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from audit.domain.answers import Key
from audit.domain.inspections import INSPECTION, SELF_AUDIT
from audit.domain.people import may, reach
from audit.domain.visits import Visit
from audit.operations import devices
from audit.operations.clinics import ClinicRow, search
from audit.operations.desk import Desk
from audit.operations.inspections import open_visit

MOST_CLINICS, MOST_VISITS = 500, 100
READABLE_AFTER_SEAL = timedelta(days=14)


@dataclass(frozen=True)
class Entered:
    """How an answer came: on which device, and when that device says it was given."""

    device: str
    client_time: str
    received_at: datetime


@dataclass(frozen=True)
class Whole:
    """A visit and where its entries came from. ``seq`` is the server's place in its order; what comes later is new.

    ``moved`` are the answers that changed since the place asked for; none when all is meant.
    """

    visit: Visit
    seq: int
    may_write: bool
    entered: Mapping[Key, Entered]
    claimed: Mapping[str, str]
    names: Mapping[str, str]
    devices: Mapping[str, str]
    moved: frozenset[Key] | None = None


def whole(desk: Desk, inspection_id: str, since: int | None = None) -> Whole:
    """All of a visit that this person may read; with ``since``, and what changed after that place.

    Raises:
        NotFound: when there is none, or it is not theirs to read.
    """
    # Asked before the visit is read: what comes between is sent once more, never left out.
    seq = desk.ledger.inspections.newest_seq(inspection_id)
    visit = open_visit(desk, inspection_id)
    inspection, shelf = visit.inspection, desk.ledger.inspections
    authors = {kept.author for kept in visit.kept.values()} | {row.author for row in visit.conflicts}
    people = {one: desk.ledger.people.find(one) for one in authors}
    lost = shelf.operations_of([row.op_id for row in visit.conflicts]) if visit.conflicts else {}
    return Whole(
        visit=visit,
        seq=seq,
        may_write=may(desk.actor, f"{inspection.kind}.write", inspection.clinic_id),
        entered={
            key: Entered(device, client_time, at)
            for key, (device, client_time, at) in shelf.entered(inspection_id).items()
        },
        claimed={op_id: row.change.client_time for op_id, row in lost.items()},
        names={one: found.name for one, found in people.items() if found},
        devices=devices.names(desk),
        moved=None if since is None else shelf.moved(inspection_id, since),
    )


def newest_seq(desk: Desk, inspection_id: str) -> int:
    """The server's place in its order, as far as this visit goes; of somebody else's it tells as little as of none."""
    shelf = desk.ledger.inspections
    found = shelf.find(inspection_id)
    if found is None or not desk.reads(found):
        return 0
    return shelf.newest_seq(inspection_id)


@dataclass(frozen=True)
class Along:
    """What a tablet needs before any visit: clinics in reach, and the ids of visits to have at hand."""

    clinics: tuple[ClinicRow, ...]
    visits: tuple[str, ...]
    seq: int


def along(desk: Desk) -> Along:
    """What the person at the desk takes along everywhere.

    Visits: the running ones they may write, and for 14 days those they sealed.
    """
    desk.must("visit.list")
    seq = desk.ledger.inspections.newest_seq()
    found: list[str] = []
    for kind in (INSPECTION, SELF_AUDIT):
        clinics = reach(desk.actor, f"{kind}.write")
        if desk.actor is not None and clinics != frozenset():
            found += desk.ledger.inspections.at_hand(
                kind, desk.actor.id, clinics, desk.now - READABLE_AFTER_SEAL, MOST_VISITS
            )
    return Along(search(desk, limit=MOST_CLINICS).rows, tuple(found), seq)
