"""Issued reports: drawn once, kept as files by fingerprint, never drawn again for a download."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from audit.store.files import Folder, fingerprint
from audit.store.rows import from_instant, to_instant


@dataclass(frozen=True)
class Issued:
    """A report that was drawn: of which visit, which kind, paper and language; its fingerprint and size in bytes.

    ``number`` is what is printed on it; reports of old have none.
    """

    inspection_id: str
    kind: str
    paper: str
    language: str
    sha256: str
    size: int
    made_at: datetime
    number: str = ""


class ReportShelf:
    """Reports by inspection, kind, paper and language."""

    def __init__(self, db: Database, data: Path) -> None:
        self._db = db
        self._files = Folder(data / "reports", ".pdf")

    def get(self, inspection_id: str, kind: str, paper: str, language: str) -> Issued | None:
        row = self._db.execute(
            "SELECT * FROM reports WHERE inspection_id = ? AND kind = ? AND paper = ? AND language = ?",
            (inspection_id, kind, paper, language),
        ).fetchone()
        return _issued(row) if row else None

    def of(self, inspection_id: str) -> tuple[Issued, ...]:
        rows = self._db.execute(
            "SELECT * FROM reports WHERE inspection_id = ? ORDER BY kind, paper, language", (inspection_id,)
        )
        return tuple(map(_issued, rows))

    def numbered(self, number: str) -> Issued | None:
        """The report that carries this number."""
        row = self._db.execute(
            "SELECT * FROM reports WHERE number = ? AND number <> ''", (number,)
        ).fetchone()
        return _issued(row) if row else None

    def by_file(self, sha256: str) -> Issued | None:
        """The report whose file has this fingerprint."""
        row = self._db.execute("SELECT * FROM reports WHERE sha256 = ?", (sha256,)).fetchone()
        return _issued(row) if row else None

    def all(self) -> tuple[Issued, ...]:
        rows = self._db.execute("SELECT * FROM reports ORDER BY inspection_id, kind, paper, language")
        return tuple(map(_issued, rows))

    def store(self, data: bytes) -> str:
        """Write the file, before the entry that lists it; returns its fingerprint."""
        sha256 = fingerprint(data)
        self._files.keep(sha256, data)
        return sha256

    def add(self, report: Issued) -> None:
        """List a stored report; the first one of a kind, paper and language is the one for good."""
        self._db.execute(
            """
            INSERT INTO reports (inspection_id, kind, paper, language, sha256, bytes, made_at, number)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT DO NOTHING
            """,
            (
                report.inspection_id,
                report.kind,
                report.paper,
                report.language,
                report.sha256,
                report.size,
                to_instant(report.made_at),
                report.number,
            ),
        )

    def path(self, sha256: str) -> Path:
        """Where a stored report lies."""
        return self._files.path(sha256)


def _issued(row: Any) -> Issued:
    return Issued(
        row["inspection_id"],
        row["kind"],
        row["paper"],
        row["language"],
        row["sha256"],
        row["bytes"],
        from_instant(row["made_at"]),
        row["number"],
    )
