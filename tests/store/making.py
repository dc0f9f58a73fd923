"""What the tests of the cellar put on its shelves."""

from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from audit.domain import records, scoring
from audit.domain.answers import Raw
from audit.domain.changes import APPLIED, Change, Current
from audit.domain.inspections import Inspection
from audit.domain.visits import Visit
from audit.store.ledger import Entry, Ledger
from tests.domain import making

NOW = datetime(2026, 3, 3, 17, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
CATALOGUE = """
[[item]]
key = "sink.soap"
severity = "major"
[[item]]
key = "sink.towels"
severity = "critical"
[[item]]
key = "floor.clean"
"""
DOCUMENT = making.published(CATALOGUE)
CHECKLIST = making.checklist(CATALOGUE)
VISIT: Inspection = making.visit(CHECKLIST).inspection
CLINIC = making.CLINIC


class Undone(Exception):
    """Raised by a test inside an entry."""


def entry(ledger: Ledger, actor: str = "inspector-1") -> AbstractContextManager[Entry]:
    return ledger.entry(actor, NOW)


def keep_clinic(entry: Entry) -> None:
    entry.clinics.add(CLINIC)
    for person in making.STAFF:
        entry.practitioners.add(person)
    entry.checklists.publish(DOCUMENT, NOW)
    entry.note("clinic.added", CLINIC.id)


def keep_visit(entry: Entry) -> None:
    keep_clinic(entry)
    entry.inspections.add(VISIT)
    entry.note("inspection.started", VISIT.id)


def change(op_id: str = "op-1", item: str = "sink.soap", base_rev: int = 0, **raw: str) -> Change:
    return Change(op_id, "answer", item, None, base_rev, Raw(**raw).document(), "tablet-1")  # type: ignore[arg-type]


def answer(entry: Entry, made: Change, rev: int = 1, status: str = APPLIED) -> None:
    """Keep an operation and, when it applied, its answer."""
    body = made.body_hash(VISIT.id)
    entry.inspections.append_operation(VISIT.id, made, body, rev, status, "inspector-1", NOW)
    if status == APPLIED:
        entry.inspections.keep_answer(VISIT.id, made.key, Current(rev, made.value, "inspector-1", NOW))
    entry.note("inspection.answered", VISIT.id)


def full_visit(out: str = "sink.towels") -> Visit:
    """A complete visit with one finding."""
    answers = {(item.key, None): making.IN for item in CHECKLIST.items()}
    return making.visit(CHECKLIST, answers | {(out, None): making.OUT})


def seal(entry: Entry, visit: Visit) -> records.Sealed:
    """Keep the record of a visit whose inspection is in the ledger."""
    salts = dict.fromkeys(records.people_in(visit), "00ff")
    sealed = records.build(visit, LATER, (), salts)
    rated = [row for row in map(scoring.rated, visit.journey.items()) if row]
    over = visit.inspection.sealed(LATER)
    entry.records.keep(over, sealed, visit.findings, rated, visit.result, LATER)
    entry.note("inspection.sealed", over.id, {"record": sealed.sha256})
    return sealed


def files_in(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
