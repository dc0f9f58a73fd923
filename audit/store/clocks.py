"""What a clinic logged as done, and the intervals it keeps to."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlite_utils import Database

from audit.store.rows import from_day, from_instant, to_instant


@dataclass(frozen=True)
class Logged:
    """One entry of a clinic's log: what was done on which day, a word and a photo of it, and who wrote it when; ``seen``
    when that was the agency."""

    id: str
    clinic_id: str
    kind: str
    on: date
    note: str
    photo: str | None
    author: str
    at: datetime
    seen: bool = False


class ClockShelf:
    """Logs and intervals, by clinic. An entry that was taken back stays, and counts no more."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def find(self, entry_id: str) -> Logged | None:
        row = self._db.execute("SELECT * FROM ticks WHERE id = ? AND removed = 0", (entry_id,)).fetchone()
        return _logged(row) if row else None

    def of(self, clinic_id: str, each: int = 50) -> tuple[Logged, ...]:
        """The newest entries of each kind."""
        rows = self._db.execute(
            """
            SELECT * FROM (
                SELECT *, row_number() OVER (PARTITION BY kind ORDER BY done_on DESC, at DESC, id) AS place
                FROM ticks WHERE clinic_id = ? AND removed = 0)
            WHERE place <= ? ORDER BY done_on DESC, at DESC, id
            """,
            (clinic_id, each),
        )
        return tuple(map(_logged, rows))

    def showing(self, sha256: str) -> tuple[str, ...]:
        """The ids of the clinics whose log shows that photo."""
        rows = self._db.execute("SELECT DISTINCT clinic_id FROM ticks WHERE photo = ?", (sha256,))
        return tuple(row["clinic_id"] for row in rows)

    def add(self, logged: Logged) -> None:
        self._db.execute(
            """
            INSERT INTO ticks (id, clinic_id, kind, done_on, note, photo, author, at, seen)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            (
                logged.id,
                logged.clinic_id,
                logged.kind,
                logged.on.isoformat(),
                logged.note,
                logged.photo,
                logged.author,
                to_instant(logged.at),
                int(logged.seen),
            ),
        )

    def take_back(self, entry_id: str) -> None:
        self._db.execute("UPDATE ticks SET removed = 1 WHERE id = ?", (entry_id,))

    def intervals(self, clinic_id: str) -> dict[str, int]:
        """The clinic's own intervals: kind -> days."""
        rows = self._db.execute("SELECT kind, days FROM intervals WHERE clinic_id = ?", (clinic_id,))
        return {row["kind"]: row["days"] for row in rows}

    def keep_to(self, clinic_id: str, kind: str, days: int | None) -> None:
        """Set the clinic's own interval, or take it away."""
        if days is None:
            self._db.execute("DELETE FROM intervals WHERE clinic_id = ? AND kind = ?", (clinic_id, kind))
        else:
            self._db.execute(
                "INSERT OR REPLACE INTO intervals (clinic_id, kind, days) VALUES (?, ?, ?)",
                (clinic_id, kind, days),
            )


def _logged(row: Any) -> Logged:
    return Logged(
        id=row["id"],
        clinic_id=row["clinic_id"],
        kind=row["kind"],
        on=from_day(row["done_on"]),
        note=row["note"],
        photo=row["photo"],
        author=row["author"],
        at=from_instant(row["at"]),
        seen=bool(row["seen"]),
    )
