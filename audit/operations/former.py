"""Former findings at a visit: what it looks at first, the items of a follow-up, and what its record keeps of them."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from audit.domain.former import Former
from audit.domain.inspections import INSPECTION, Inspection
from audit.domain.tongue import language
from audit.operations.desk import Desk
from audit.operations.inspections import writable
from audit.store.ledger import Entry, Kept, Ledger


def before(shelves: Ledger | Entry, inspection: Inspection) -> tuple[Former, ...]:
    """What a visit finds left open: by the last visit before it, accepted since or not, and by earlier ones where
    nobody closed it; the earliest deadline first. An inspection follows inspections, a self-audit its own kind.
    """
    found = _rows(shelves, inspection.clinic_id, inspection.kind, inspection.id, inspection.inspected_on)
    return tuple(_told(shelves, row) for row in sorted(found, key=lambda row: row.action.correct_by))


def _rows(shelves: Ledger | Entry, clinic_id: str, kind: str, inspection_id: str, on: date) -> Iterable[Kept]:
    last = shelves.records.latest_for([clinic_id], [kind]).get(clinic_id)
    rows: tuple[Kept, ...] = ()
    if last and last.inspection_id != inspection_id and last.inspected_on <= on:
        rows = shelves.actions.of_visit(last.inspection_id)
    rows += shelves.actions.left_by_earlier(clinic_id, kind, inspection_id, on)
    return {row.action.id: row for row in rows}.values()


def _told(shelves: Ledger | Entry, kept: Kept) -> Former:
    item = shelves.checklists.get(kept.checklist_sha).in_language(language()).item(kept.action.item)
    links = shelves.inspections.links(kept.action.inspection_id)
    photos = links.get((kept.action.item, kept.action.person), ())
    return Former(replace(kept.action, required=item.corrective), kept.inspected_on, item.prompt, photos)


def scope_at(desk: Desk, clinic_id: str) -> tuple[str, ...]:
    """The items that a follow-up started now would look at: those of what is open, or was until it was accepted."""
    desk.must("inspection.read", clinic_id)
    found = _rows(desk.ledger, clinic_id, INSPECTION, "", date.max)
    return tuple(dict.fromkeys(row.action.item for row in found))


def widen(desk: Desk, inspection_id: str) -> Inspection:
    """Add the rest of the checklist to a follow-up that looked at former findings only. Twice is fine.

    Raises:
        NotFound, NotAllowed, NotNow: as for any change of a running visit.
    """
    with desk.entry() as entry:
        return widen_into(entry, writable(desk, inspection_id, shelves=entry))


def widen_into(entry: Entry, inspection: Inspection) -> Inspection:
    """Add the rest of the checklist inside an entry; see ``widen``."""
    if not inspection.scope:
        return inspection
    whole = replace(inspection, scope=(), rev=inspection.rev + 1)
    entry.inspections.change(whole, inspection.rev)
    entry.inspections.void_signatures(inspection.id)
    entry.note(f"{inspection.kind}.widened", inspection.id)
    return whole
