"""Everything that stands beside a sealed record and belongs to it, as one fingerprint.

The record says what was found. How it came there (each operation of each tablet, what a camera claimed, when photos
arrived, what was owed from that day) stands in rows of its own: their fingerprint goes into the line of the trail that
tells of the seal, so that none of them changes unseen. Columns are named: one that is added later changes nothing.
"""

from collections.abc import Iterable
from typing import Any

from sqlite_utils import Database

from audit.domain.canonical import canonical, plain
from audit.store.files import fingerprint

_OWN = "inspection_id = ?"
_SHOWN = "sha256 IN (SELECT sha256 FROM photo_links WHERE inspection_id = ?)"
_ENTERED = "IN (SELECT op_id FROM operations WHERE inspection_id = ?)"
# Actions that an amendment opened are told of by a line of their own.
_FROM_THE_SEAL = """
    EXISTS (SELECT 1 FROM findings f WHERE f.inspection_id = actions.inspection_id AND f.item = actions.item
            AND f.person = actions.person AND f.amendment = 0 AND f.corrected_on_site = 0)
"""
# Table: its columns, which of its rows, and their order.
BELONGING: dict[str, tuple[str, str, str]] = {
    "inspections": (
        "id, clinic_id, checklist_sha, kind, purpose, state, started_at, finished_at, inspected_on, time_zone,"
        + " inspector_id, inspector_name, profile, facts, practitioners, present, remarks, set_aside_reason, scope, rev",
        "id = ?",
        "id",
    ),
    "operations": (
        "seq, op_id, device, device_seq, item, person, kind, base_rev, rev, status, value, body_hash, author, client_time, received_at",
        _OWN,
        "seq",
    ),
    "settlements": ("op_id, settled_by", f"op_id {_ENTERED}", "op_id"),
    "answers": ("item, person, rev, value, author, at", _OWN, "item, person"),
    "signatures": ("role, state, name, title, at, how, strokes, seen", _OWN, "role"),
    "photo_links": ("item, person, sha256, caption, position, marks", _OWN, "item, person, position, sha256"),
    "photos": ("sha256, format, width, height, bytes, received_at, received_by", _SHOWN, "sha256"),
    "photo_claims": ("sha256, taken_at, latitude, longitude, camera", _SHOWN, "sha256"),
    "tablet_starts": ("device, op_id, inspected_on, client_time, received_at", _OWN, "inspection_id"),
    "finding_services": ("item, person, service", _OWN, "item, person"),
    "closures": (
        "id, scope, subject, items, acts, citation, hearing, since, proposed_by, proposed_at",
        _OWN,
        "id",
    ),
    "actions": (
        "id, item, person, clinic_id, kind, number, severity, correct_by",
        f"{_OWN} AND {_FROM_THE_SEAL}",
        "id",
    ),
    "findings": (
        "item, person, clinic_id, kind, number, severity, standing, corrected_on_site, correct_by, stop, note, corrective",
        f"{_OWN} AND amendment = 0",
        "item, person",
    ),
}
STEP = "seq, action_id, kind, author, link, at, done_on, words, visit"


def belongings_of(db: Database, inspection_id: str) -> str:
    """The SHA-256 of all that belongs to a visit beside its record."""
    found = {}
    for table, (columns, which, order) in BELONGING.items():
        rows = db.execute(f"SELECT {columns} FROM {table} WHERE {which} ORDER BY {order}", (inspection_id,))
        found[table] = [_spelled(row) for row in rows.fetchall()]
    return fingerprint(canonical(plain(found)))


def opened_of(db: Database, action_id: str) -> str:
    """The SHA-256 of an action that an amendment opened, with its finding."""
    row = db.execute(
        """
        SELECT a.id, a.inspection_id, a.item, a.person, a.clinic_id, a.kind, a.number, a.severity, a.correct_by, f.standing,
               f.corrected_on_site, f.stop, f.note, f.corrective, f.amendment
        FROM actions a JOIN findings f USING (inspection_id, item, person) WHERE a.id = ?
        """,
        (action_id,),
    ).fetchone()
    return fingerprint(canonical(plain(_spelled(row)))) if row else ""


def step_of(db: Database, seq: int) -> str:
    """The SHA-256 of one step of an action, with its photos."""
    row = db.execute(f"SELECT {STEP} FROM action_steps WHERE seq = ?", (seq,)).fetchone()
    photos = db.execute(
        """
        SELECT a.position, a.sha256, p.format, p.width, p.height, p.bytes, p.received_at, p.received_by, c.sha256,
               c.taken_at, c.latitude, c.longitude, c.camera
        FROM action_photos a JOIN photos p ON p.sha256 = a.sha256 LEFT JOIN photo_claims c ON c.sha256 = a.sha256
        WHERE a.step = ? ORDER BY a.position, a.sha256
        """,
        (seq,),
    )
    return fingerprint(canonical(plain([_spelled(row), *(_spelled(one) for one in photos.fetchall())])))


def _spelled(row: Iterable[Any]) -> list[str | None]:
    """The values of a row as text: a number of a camera has no one spelling in JSON."""
    return [None if value is None else f"{value}" for value in row]
