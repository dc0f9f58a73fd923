"""Is this report unchanged since its issue? Asked by anybody, answered with clinic, date and result, and no more.

Nobody signs in for it, so what is said is what stands on page 1 of the paper in hand, and only for who holds its number
or the file itself. It is never called valid.
"""

import json
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from hashlib import sha256

from audit.domain.amendments import is_void
from audit.domain.inspections import SEALED
from audit.domain.numbers import read_number
from audit.domain.problems import TooMany
from audit.domain.tongue import say
from audit.operations.desk import Desk
from audit.operations.reports import AMENDED, AMENDED_PLAN, RECORD_FILE
from audit.operations.signing_in import network_of
from audit.store.ledger import Erasure, Issued
from reports import archive, seal

ISSUED, UNCHANGED, SUPERSEDED, CHANGED, FOREIGN = "issued", "unchanged", "superseded", "changed", "foreign"
WINDOW, MOST = timedelta(minutes=10), 30
LARGEST_CARRIED = 8 * 1024 * 1024


@dataclass(frozen=True)
class Told:
    """What may be said: ``issued`` (a number alone), ``unchanged``, ``superseded``, ``changed`` or ``foreign`` (not
    ours); the rest is there for a report that is known."""

    state: str
    number: str = ""
    clinic: str = ""
    inspected_on: date | None = None
    status: str = ""
    score: int | None = None
    void: bool = False
    erased_on: date | None = None
    stamped_at: datetime | None = None
    stamped_by: str = ""


@dataclass(frozen=True)
class Question:
    """What somebody has in hand: a number as typed, the SHA-256 of a file, or the file itself."""

    number: str = ""
    sha256: str = ""
    pdf: bytes = b""


def ask(desk: Desk, asked: Question, address: str) -> Told:
    """What can be said of a report. Nothing of the file is kept.

    Raises:
        BadInput: for what is no report number; TooMany: for who asks all the time.
    """
    _not_too_often(desk, network_of(address))
    fingerprint = sha256(asked.pdf).hexdigest() if asked.pdf else asked.sha256.lower()
    issued = desk.ledger.reports.by_file(fingerprint) if fingerprint else None
    if issued is not None:
        told = _told(desk, issued, SUPERSEDED if _is_superseded(desk, issued) else UNCHANGED)
        found = desk.ledger.stamps.of(issued.sha256)
        return replace(told, stamped_at=found.at, stamped_by=found.by) if found else told
    gone = desk.ledger.erasing.of_report(sha256=fingerprint) if fingerprint else None
    if gone is not None:
        return _told_of_erased(desk, *gone, UNCHANGED)
    if asked.number.strip():
        gone = desk.ledger.erasing.of_report(number=read_number(asked.number))
        if gone is not None:
            return _told_of_erased(desk, *gone, CHANGED if fingerprint else ISSUED)
        known = desk.ledger.reports.numbered(read_number(asked.number))
        if known is not None and not fingerprint:
            return _told(desk, known, SUPERSEDED if _is_superseded(desk, known) else ISSUED)
        if known is not None:
            return _told(desk, known, CHANGED)
    ours = asked.pdf and (_bears_our_seal(desk, asked.pdf) or _carries_our_record(desk, asked.pdf))
    return Told(CHANGED if ours else FOREIGN)


def _not_too_often(desk: Desk, network: str) -> None:
    place = f"verify {network}"
    with desk.ledger.upkeep() as sessions:
        count = sessions.failures(desk.now - WINDOW, address=place).count
        if count < MOST:
            sessions.failed("verify", place, desk.now)
    if count >= MOST:
        seconds = int(WINDOW.total_seconds())
        raise TooMany(say("Those were many questions at once. Ask again in ten minutes."), seconds)


def _is_superseded(desk: Desk, issued: Issued) -> bool:
    """Was the visit amended after what this report tells?"""
    name, _, number = issued.kind.rpartition("-")
    told = int(number) if name in (AMENDED, AMENDED_PLAN) else 0
    return len(desk.ledger.amendments.of(issued.inspection_id)) > told


def _told_of_erased(desk: Desk, one: Erasure, number: str, state: str) -> Told:
    """What can still be said of a report whose visit was erased: its hash stayed."""
    visit = desk.ledger.inspections.get(one.inspection_id)
    clinic = desk.ledger.clinics.get(visit.clinic_id).name
    return Told(state, number, clinic, visit.inspected_on, one.status, one.score, erased_on=one.at.date())


def _told(desk: Desk, issued: Issued, state: str) -> Told:
    record = desk.ledger.records.get(issued.inspection_id).document
    listed = desk.ledger.records.outcome(issued.inspection_id)
    return Told(
        state,
        issued.number,
        record["clinic"]["name"],
        listed.inspected_on,
        listed.status,
        listed.score,
        is_void(desk.ledger.amendments.of(issued.inspection_id)),
    )


def _bears_our_seal(desk: Desk, pdf: bytes) -> bool:
    """Does the file name an authority of this agency, though it is none of the files that left here?"""
    judged = seal.judge(pdf, [*desk.ledger.keys.authorities().values()])
    ours = desk.ledger.agency.get().name
    return judged.state == seal.UNCHANGED or bool(ours and judged.by and ours[:64] in judged.by)


def _carries_our_record(desk: Desk, pdf: bytes) -> bool:
    """Does the file carry a record of this agency, though its seal was taken off?"""
    try:
        found = archive.carried(pdf, RECORD_FILE, LARGEST_CARRIED)
        about = json.loads(found)["id"] if found else ""
    except (LookupError, RecursionError, TypeError, ValueError):
        return False
    visit = desk.ledger.inspections.find(about) if isinstance(about, str) else None
    if found is None or visit is None or visit.state != SEALED or desk.ledger.erasing.of(visit.id):
        return False
    made = [
        desk.ledger.amendments.document(visit.id, one.number) for one in desk.ledger.amendments.of(visit.id)
    ]
    known = {desk.ledger.records.get(visit.id).sha256, *(one[0] for one in made if one)}
    return sha256(found).hexdigest() in known
