"""The log of needle, cartridge and pigment lots of a clinic, and the look-up of a lot when a recall comes."""

import uuid
from dataclasses import dataclass, replace
from datetime import date

from audit.domain.clinics import Clinic
from audit.domain.lots import Lot, Standing, faults, sought, standing
from audit.domain.people import may, reach
from audit.domain.problems import BadInput, Fault, NotFound, Stale
from audit.domain.tongue import say
from audit.domain.values import cleaned
from audit.operations import clinics, inspections, photos, telling
from audit.operations.desk import NOTHING, Desk
from audit.operations.inspections import VisitFilter, VisitRow, local_time
from audit.store.ledger import LotRow

MOST_FOUND, VISITS_LOOKED_AT = 100, 50


@dataclass(frozen=True)
class LotFields:
    """A lot as typed."""

    kind: str
    lot: str
    maker: str = ""
    product: str = ""
    received_on: date | None = None
    expires: date | None = None
    certificate: str = ""
    used_up_on: date | None = None


@dataclass(frozen=True)
class Told:
    """A lot and where it stands today."""

    row: LotRow
    standing: Standing


@dataclass(frozen=True)
class Page:
    """The lots of a clinic today."""

    clinic: Clinic
    today: date
    lots: tuple[Told, ...]


@dataclass(frozen=True)
class Hit:
    """A lot that fits a look-up, with the visits that were made at its clinic while it was in use."""

    told: Told
    visits: tuple[VisitRow, ...]


def of_clinic(desk: Desk, clinic_id: str) -> Page:
    """The lots of a clinic, those in use first.

    Raises:
        NotFound: when the clinic is somebody else's.
    """
    clinic = clinics.get(desk, clinic_id)
    desk.must("paper.read", clinic_id)
    today = local_time(desk.now, clinic.time_zone).date()
    rows = desk.ledger.lots.of(clinic_id)
    return Page(clinic, today, tuple(Told(row, standing(row.lot, today)) for row in rows))


def get(desk: Desk, lot_id: str) -> tuple[Clinic, LotRow]:
    """One lot and its clinic.

    Raises:
        NotFound: when there is none, or it is somebody else's.
    """
    row = desk.ledger.lots.find(lot_id)
    if row is None:
        raise NotFound(say(NOTHING))
    if not may(desk.actor, "paper.read", row.lot.clinic_id):
        raise NotFound(say(NOTHING))
    return desk.ledger.clinics.get(row.lot.clinic_id), row


def look_up(desk: Desk, text: str) -> tuple[Hit, ...]:
    """Every lot whose number begins like that, at all clinics, each with the visits made while it was in use."""
    desk.must("lot.search")
    if not sought(text):
        return ()
    found: list[Hit] = []
    looked: dict[str, tuple[date, tuple[VisitRow, ...]]] = {}
    for row in desk.ledger.lots.sought(text, reach(desk.actor, "lot.search"), MOST_FOUND):
        where = row.lot.clinic_id
        if where not in looked:
            looked[where] = _today_and_visits(desk, where)
        today, visits = looked[where]
        during = [one for one in visits if row.lot.in_use(date.fromisoformat(one.inspected_on))]
        found.append(Hit(Told(row, standing(row.lot, today)), tuple(during)))
    return tuple(found)


def _today_and_visits(desk: Desk, clinic_id: str) -> tuple[date, tuple[VisitRow, ...]]:
    zone = desk.ledger.clinics.get(clinic_id).time_zone
    visits = inspections.visits(desk, VisitFilter(clinic_id=clinic_id), limit=VISITS_LOOKED_AT).rows
    return local_time(desk.now, zone).date(), visits


# doing --------------------------------------------------------------------------------------------------------


def add(desk: Desk, clinic_id: str, fields: LotFields, photo: bytes | None = None, lot_id: str = "") -> Lot:
    """Enter a lot; ``lot_id`` may come from a page, so that a repeat adds nothing.

    Raises:
        BadInput: with all faults.
    """
    clinic = clinics.get(desk, clinic_id)
    desk.must("log.edit", clinic_id)
    today = local_time(desk.now, clinic.time_zone).date()
    lot = _checked(Lot(lot_id or str(uuid.uuid4()), clinic_id, "", "", "", "", today), fields, today)
    if photo:
        lot = replace(lot, photo=photos.keep_for(desk, photo, lot.id, "photo"))
    with desk.entry() as entry:
        found = entry.lots.find(lot.id)
        if found is not None:
            return found.lot
        entry.lots.add(lot, entry.actor, desk.now)
        entry.note("lot.added", lot.id, {"clinic": clinic_id, "kind": lot.kind, "lot": lot.lot})
        telling.lot_logged(desk, entry, lot)
    return lot


def edit(desk: Desk, lot_id: str, fields: LotFields, photo: bytes | None, rev: int) -> Lot:
    """Change what was entered, or say that the lot is used up.

    Raises:
        BadInput: with all faults; Stale: when somebody else changed it meanwhile.
    """
    clinic, row = get(desk, lot_id)
    desk.must("log.edit", clinic.id)
    lot = _checked(row.lot, fields, local_time(desk.now, clinic.time_zone).date())
    if photo:
        lot = replace(lot, photo=photos.keep_for(desk, photo, lot.id, "photo"))
    with desk.entry() as entry:
        found = entry.lots.find(lot_id)
        if found is None or found.lot.rev != rev:
            raise Stale(say("Somebody else changed this lot meanwhile. Look at it again."))
        if found.lot == lot:
            return lot
        entry.lots.change(lot)
        entry.note("lot.changed", lot_id, {"clinic": clinic.id, "lot": lot.lot})
        telling.lot_logged(desk, entry, lot)
    return replace(lot, rev=rev + 1)


def remove(desk: Desk, lot_id: str) -> str:
    """Take a lot off the log that was entered by mistake; gives its clinic."""
    clinic, _ = get(desk, lot_id)
    desk.must("log.edit", clinic.id)
    with desk.entry() as entry:
        entry.lots.remove(lot_id)
        entry.note("lot.removed", lot_id, {"clinic": clinic.id})
    return clinic.id


def _checked(before: Lot, fields: LotFields, today: date) -> Lot:
    lot = replace(
        before,
        kind=fields.kind,
        maker=cleaned(fields.maker),
        product=cleaned(fields.product),
        lot=cleaned(fields.lot),
        received_on=fields.received_on or before.received_on,
        expires=fields.expires,
        certificate=cleaned(fields.certificate),
        used_up_on=fields.used_up_on,
    )
    found: list[Fault] = list(faults(lot, today))
    if found:
        raise BadInput(found)
    return lot
