"""Self-audits whose content the clinic shows to the agency, for as long as it wants to."""

from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from audit.store.rows import from_instant, to_instant


@dataclass(frozen=True)
class Disclosed:
    """Who shows it, and since when."""

    person_id: str
    since: datetime


class DisclosedShelf:
    """What is shown now; that it was shown before, the trail knows."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def find(self, inspection_id: str) -> Disclosed | None:
        row = self._db.execute(
            "SELECT * FROM shared_visits WHERE inspection_id = ?", (inspection_id,)
        ).fetchone()
        return Disclosed(row["person_id"], from_instant(row["since"])) if row else None

    def add(self, inspection_id: str, person_id: str, since: datetime) -> None:
        self._db.execute(
            "INSERT INTO shared_visits (inspection_id, person_id, since) VALUES (?, ?, ?)",
            (inspection_id, person_id, to_instant(since)),
        )

    def remove(self, inspection_id: str) -> None:
        self._db.execute("DELETE FROM shared_visits WHERE inspection_id = ?", (inspection_id,))
