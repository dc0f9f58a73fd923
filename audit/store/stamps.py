"""Time stamps of reports, by the SHA-256 of the file. They only grow."""

from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from audit.store.rows import from_instant, to_instant


@dataclass(frozen=True)
class Stamped:
    """A token (base64) for the file with that SHA-256: when it says it was there, and whom it names."""

    sha256: str
    token: str
    at: datetime
    by: str


class StampShelf:
    """Tokens of time-stamp authorities."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def wanted(self, at_most: int) -> list[str]:
        """Sealed reports without a stamp, oldest first."""
        rows = self._db.execute(
            """
            SELECT sha256 FROM reports WHERE number <> '' AND sha256 NOT IN (SELECT sha256 FROM stamps)
            ORDER BY made_at, sha256 LIMIT ?
            """,
            (at_most,),
        )
        return [row["sha256"] for row in rows]

    def count_wanted(self) -> int:
        row = self._db.execute(
            "SELECT count(*) FROM reports WHERE number <> '' AND sha256 NOT IN (SELECT sha256 FROM stamps)"
        ).fetchone()
        return int(row[0])

    def add(self, one: Stamped) -> bool:
        """Keep a token; gives whether it is the first for that file."""
        done = self._db.execute(
            "INSERT INTO stamps (sha256, token, at, authority) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
            (one.sha256, one.token, to_instant(one.at), one.by),
        )
        return bool(done.rowcount == 1)

    def of(self, sha256: str) -> Stamped | None:
        row = self._db.execute("SELECT * FROM stamps WHERE sha256 = ?", (sha256,)).fetchone()
        return (
            Stamped(row["sha256"], row["token"], from_instant(row["at"]), row["authority"]) if row else None
        )

    def all(self) -> tuple[Stamped, ...]:
        rows = self._db.execute("SELECT * FROM stamps ORDER BY sha256").fetchall()
        return tuple(
            Stamped(row["sha256"], row["token"], from_instant(row["at"]), row["authority"]) for row in rows
        )
