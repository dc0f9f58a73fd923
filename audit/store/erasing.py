"""What goes when its time is over: the rules, what is held back, and what remains of visits that were erased.

An erased visit keeps its line in the list of visits, without names, and a row that says what went and when. Its hashes
stand there and in the trail, so that a copy in somebody's hands can still be proved.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from audit.domain.canonical import instant_text, plain, sha256_of
from audit.domain.inspections import RUNNING, SEALED
from audit.domain.problems import Unfit
from audit.store.images import SIZES
from audit.store.rows import from_instant, from_json, marks_for, to_instant, to_json

# Everything that belongs to a visit, children first; a rule test holds this against the schema.
OF_A_VISIT = (
    "shared_visits", "tablet_starts", "quarantine", "closures", "finding_services", "amendments", "reports", "findings",
    "records", "record_persons", "signatures", "photo_links", "answers", "operations",
)  # fmt: skip
# What hangs on those rows instead of on the visit: table, and which of its rows.
_ACTIONS = "SELECT id FROM actions WHERE inspection_id = ?"
# What was told of a visit: its record, and the records as amended.
_DOCUMENTS = """
    SELECT document FROM (SELECT inspection_id, document FROM records
                          UNION ALL SELECT inspection_id, document FROM amendments)
"""
# What a file of a visit may be called. What the database says is removed unasked, so it is read closely.
_NAMED = "[0-9a-f]{2}/[0-9a-f]{64}"
_FILE = re.compile(
    rf"(?:originals/{_NAMED}|photos/(?:{'|'.join(SIZES)})/{_NAMED}\.jpg|reports/{_NAMED}\.pdf)"
)
_HASH = re.compile('"([0-9a-f]{64})"')
_LINKS = "SELECT id FROM fix_links WHERE inspection_id = ?"
_BESIDE = (
    ("action_photos", f"step IN (SELECT seq FROM action_steps WHERE action_id IN ({_ACTIONS}))"),
    ("action_steps", f"action_id IN ({_ACTIONS})"),
    ("actions", "inspection_id = ?"),
    ("fix_uses", f"link IN ({_LINKS})"),
    ("fix_links", "inspection_id = ?"),
    ("settlements", "op_id IN (SELECT op_id FROM operations WHERE inspection_id = ?)"),
)
# What a line in the list of visits says of people and of what they said.
_BLANK = {"inspector_name": "", "set_aside_reason": "", "remarks": "", "profile": "{}", "facts": "{}",
          "practitioners": "[]", "present": "[]"}  # fmt: skip


@dataclass(frozen=True)
class Hold:
    """Why a visit is kept whatever the rule says, who asked for it (a person's id), and since when."""

    inspection_id: str
    reason: str
    person_id: str
    since: datetime


@dataclass(frozen=True)
class Erasure:
    """What remains: when it was erased under which rule, what the visit came to (``score`` in tenths), the SHA-256 of
    its record (empty when it was set aside), its reports (number, SHA-256, kind), the files that went, and how its
    items were counted (item, failed)."""

    inspection_id: str
    at: datetime
    years: int
    status: str
    score: int | None
    record: str
    reports: tuple[tuple[str, str, str], ...]
    files: tuple[str, ...]
    counts: tuple[tuple[str, bool], ...]

    @property
    def sha256(self) -> str:
        """The fingerprint that the trail tells of this row."""
        return sha256_of(plain(vars(self) | {"at": instant_text(self.at)}))


class ErasingShelf:
    """Rules, holds and erasures."""

    def __init__(self, db: Database, data: Path) -> None:
        self._db, self._data = db, data

    # rules and holds ------------------------------------------------------------------------------------------

    def rules(self) -> dict[str, int]:
        """Years by kind of visit; a kind that is not there is kept for ever."""
        return {row["kind"]: row["years"] for row in self._db.execute("SELECT * FROM retention")}

    def rule(self, kind: str, years: int | None) -> None:
        self._db.execute("DELETE FROM retention WHERE kind = ?", (kind,))
        if years is not None:
            self._db.execute("INSERT INTO retention (kind, years) VALUES (?, ?)", (kind, years))

    def hold(self, one: Hold) -> None:
        self._db.execute(
            "INSERT OR REPLACE INTO holds (inspection_id, reason, person_id, since) VALUES (?, ?, ?, ?)",
            (one.inspection_id, one.reason, one.person_id, to_instant(one.since)),
        )

    def let_go(self, inspection_id: str) -> bool:
        return bool(self._db.execute("DELETE FROM holds WHERE inspection_id = ?", (inspection_id,)).rowcount)

    def held(self, inspection_id: str) -> Hold | None:
        row = self._db.execute("SELECT * FROM holds WHERE inspection_id = ?", (inspection_id,)).fetchone()
        return _hold(row) if row else None

    def holds(self) -> tuple[Hold, ...]:
        return tuple(map(_hold, self._db.execute("SELECT * FROM holds ORDER BY since, inspection_id")))

    # what is due ----------------------------------------------------------------------------------------------

    def due(self, kind: str, before: date) -> list[str]:
        """Visits of a kind that were over before that day, oldest first, and that nothing keeps: neither a hold, nor
        an action or closure still open, nor that a clinic's newest sealed visit stays."""
        rows = self._db.execute(
            """
            SELECT i.id FROM inspections i
            WHERE i.kind = ? AND i.state <> ? AND i.inspected_on < ?
              AND NOT EXISTS (SELECT 1 FROM erasures e WHERE e.inspection_id = i.id)
              AND NOT EXISTS (SELECT 1 FROM holds h WHERE h.inspection_id = i.id)
              AND NOT EXISTS (SELECT 1 FROM actions a WHERE a.inspection_id = i.id AND a.turn < 2)
              AND NOT EXISTS (SELECT 1 FROM closures c WHERE c.inspection_id = i.id AND c.reopened_on IS NULL)
              AND (i.state <> ? OR EXISTS (
                  SELECT 1 FROM records r JOIN records later ON later.clinic_id = r.clinic_id AND later.kind = r.kind
                    AND (later.inspected_on, later.sealed_at, later.inspection_id)
                        > (r.inspected_on, r.sealed_at, r.inspection_id)
                  WHERE r.inspection_id = i.id))
            ORDER BY i.inspected_on, i.id
            """,
            (kind, RUNNING, before.isoformat(), SEALED),
        )
        return [row["id"] for row in rows]

    # erasing --------------------------------------------------------------------------------------------------

    def files_of(self, inspection_id: str) -> tuple[str, ...]:
        """The files that only this visit has, by their names in the data folder."""
        found: list[str] = []
        for row in self._db.execute(
            "SELECT DISTINCT sha256 FROM reports WHERE inspection_id = ?", (inspection_id,)
        ):
            sha256 = row["sha256"]
            others = self._db.execute(
                "SELECT 1 FROM reports WHERE sha256 = ? AND inspection_id <> ?", (sha256, inspection_id)
            ).fetchone()
            found += [] if others else [f"reports/{sha256[:2]}/{sha256}.pdf"]
        for sha256 in self._photos_of(inspection_id):
            found.append(f"originals/{sha256[:2]}/{sha256}")
            found += [f"photos/{size}/{sha256[:2]}/{sha256}.jpg" for size in SIZES]
        return tuple(found)

    def erase(self, one: Erasure) -> list[str]:
        """Remove every row of the visit and blank its line; gives the ids of the actions that went along. Files go when
        this is committed, with ``remove``."""
        visit = one.inspection_id
        actions = [row["id"] for row in self._db.execute(f"{_ACTIONS} ORDER BY id", (visit,))]
        self._db.execute("PRAGMA defer_foreign_keys=ON")
        self._db.execute("INSERT INTO erasing (inspection_id) VALUES (?)", (visit,))
        photos = self._photos_of(visit)
        for table, which in _BESIDE:
            self._db.execute(f"DELETE FROM {table} WHERE {which}", (visit,))
        for table in OF_A_VISIT:
            self._db.execute(f"DELETE FROM {table} WHERE inspection_id = ?", (visit,))
        for sha256 in photos:
            for table in ("photo_claims", "photo_bringers", "photos"):
                self._db.execute(f"DELETE FROM {table} WHERE sha256 = ?", (sha256,))
        blank = ", ".join(f"{column} = ?" for column in _BLANK)
        self._db.execute(f"UPDATE inspections SET {blank} WHERE id = ?", [*_BLANK.values(), visit])
        row = _row(one)
        self._db.execute(
            f"INSERT INTO erasures ({', '.join(row)}) VALUES ({marks_for(row)})", [*row.values()]
        )
        self._db.execute("DELETE FROM erasing")
        return actions

    def remove(self, one: Erasure) -> int:
        """Remove the files of an erased visit that nothing else uses; returns how many there were. Doing it again is
        fine.

        Raises:
            Unfit: when a name among them is not that of a visit's file; then none is removed.
        """
        if not all(_FILE.fullmatch(name) for name in one.files):
            raise Unfit(f"visit {one.inspection_id} was erased, and its files stay: one is none of a visit's")
        gone = 0
        for name in one.files:
            path = self._data / name
            if path.is_file() and not self._is_used(path.name[:64]):
                path.unlink(missing_ok=True)
                gone += 1
        return gone

    def _is_used(self, sha256: str) -> bool:
        """Did somebody hand in the same bytes again?"""
        found = self._db.execute(
            "SELECT 1 FROM photos WHERE sha256 = ? UNION SELECT 1 FROM reports WHERE sha256 = ?",
            (sha256, sha256),
        )
        return found.fetchone() is not None

    def _photos_of(self, inspection_id: str) -> list[str]:
        """The photos that this visit shows and nothing else does."""
        rows = self._db.execute(
            f"""
            SELECT sha256 FROM photo_links WHERE inspection_id = ?
            UNION SELECT sha256 FROM action_photos WHERE step IN
                (SELECT seq FROM action_steps WHERE action_id IN ({_ACTIONS}))
            """,
            (inspection_id, inspection_id),
        ).fetchall()
        found = {row["sha256"] for row in rows} | self._quoted(inspection_id)
        return [sha256 for sha256 in sorted(found) if not self._is_elsewhere(sha256, inspection_id)]

    def _quoted(self, inspection_id: str) -> set[str]:
        """Photos of earlier visits that this one's record tells of: they stayed for its sake."""
        rows = self._db.execute(f"{_DOCUMENTS} WHERE inspection_id = ?1", (inspection_id,)).fetchall()
        names = {name for row in rows for name in _HASH.findall(row["document"])}
        known = self._db.execute(f"SELECT sha256 FROM photos WHERE sha256 IN ({marks_for(names)})", [*names])
        return {row["sha256"] for row in known}

    def _is_elsewhere(self, sha256: str, inspection_id: str) -> bool:
        """Does anything besides this visit point to the photo? Whatever points to photos says so in the schema."""
        own = {
            "photo_links": ("AND inspection_id <> ?", [inspection_id]),
            "action_photos": (
                f"AND step NOT IN (SELECT seq FROM action_steps WHERE action_id IN ({_ACTIONS}))",
                [inspection_id],
            ),
        }
        for table, column in self._pointing_to_photos():
            more, given = own.get(table, ("", []))
            if self._db.execute(
                f"SELECT 1 FROM {table} WHERE {column} = ? {more} LIMIT 1", [sha256, *given]
            ).fetchone():
                return True
        quoted = f"""
            {_DOCUMENTS} WHERE inspection_id <> ?1 AND instr(document, ?2) AND inspection_id IN
                (SELECT id FROM inspections WHERE clinic_id = (SELECT clinic_id FROM inspections WHERE id = ?1)) LIMIT 1
        """
        logo = "SELECT 1 FROM agency WHERE logo = ?2"
        return any(self._db.execute(asked, (inspection_id, sha256)).fetchone() for asked in (quoted, logo))

    def _pointing_to_photos(self) -> list[tuple[str, str]]:
        tables = self._db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
        found = []
        for table in (row["name"] for row in tables):
            for key in self._db.execute(f"PRAGMA foreign_key_list({table})").fetchall():
                if key["table"] == "photos" and table != "photo_claims":
                    found.append((table, key["from"]))
        return found

    # what remains ---------------------------------------------------------------------------------------------

    def all(self) -> tuple[Erasure, ...]:
        return tuple(map(_erasure, self._db.execute("SELECT * FROM erasures ORDER BY at, inspection_id")))

    def of(self, inspection_id: str) -> Erasure | None:
        row = self._db.execute("SELECT * FROM erasures WHERE inspection_id = ?", (inspection_id,)).fetchone()
        return _erasure(row) if row else None

    def ids(self) -> set[str]:
        return {row["inspection_id"] for row in self._db.execute("SELECT inspection_id FROM erasures")}

    def dates(self, ids: Collection[str]) -> dict[str, datetime]:
        """When each of these visits was erased, of those that were."""
        rows = self._db.execute(
            f"SELECT inspection_id, at FROM erasures WHERE inspection_id IN ({marks_for(ids)})", [*ids]
        )
        return {row["inspection_id"]: from_instant(row["at"]) for row in rows}

    def of_report(self, number: str = "", sha256: str = "") -> tuple[Erasure, str] | None:
        """The erasure of the visit whose report has that number or that SHA-256, and the report's number."""
        rows = self._db.execute(
            """
            SELECT e.*, json_extract(one.value, '$[0]') AS found FROM erasures e, json_each(e.reports) one
            WHERE (?1 <> '' AND json_extract(one.value, '$[0]') = ?1)
               OR (?2 <> '' AND json_extract(one.value, '$[1]') = ?2)
            LIMIT 1
            """,
            (number, sha256),
        ).fetchall()
        return (_erasure(rows[0]), rows[0]["found"]) if rows else None

    def half_done(self) -> int:
        """Visits that are marked as going: none outside of an entry."""
        return int(self._db.execute("SELECT count(*) FROM erasing").fetchone()[0])


def _row(one: Erasure) -> dict[str, Any]:
    return {
        "inspection_id": one.inspection_id,
        "at": to_instant(one.at),
        "years": one.years,
        "status": one.status,
        "score_tenths": one.score,
        "record": one.record,
        "reports": to_json(one.reports),
        "files": to_json(one.files),
        "counts": to_json(one.counts),
    }


def _erasure(row: Any) -> Erasure:
    return Erasure(
        row["inspection_id"],
        from_instant(row["at"]),
        row["years"],
        row["status"],
        row["score_tenths"],
        row["record"],
        tuple((number, sha256, kind) for number, sha256, kind in from_json(row["reports"])),
        tuple(from_json(row["files"])),
        tuple((item, bool(failed)) for item, failed in from_json(row["counts"])),
    )


def _hold(row: Any) -> Hold:
    return Hold(row["inspection_id"], row["reason"], row["person_id"], from_instant(row["since"]))
