"""Amendments of sealed visits, each with the record as it then stood. The table only grows."""

from typing import Any

from sqlite_utils import Database

from audit.domain.amendments import Amendment
from audit.domain.canonical import canonical
from audit.domain.records import Sealed
from audit.domain.scoring import Result
from audit.store.rows import from_instant, from_json, from_person, marks_for, to_instant, to_json, to_person

NEWEST = "(SELECT max(number) FROM amendments WHERE inspection_id = {0})"


class AmendmentShelf:
    """Amendments by inspection, in order."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def of(self, inspection_id: str) -> tuple[Amendment, ...]:
        rows = self._db.execute(
            """
            SELECT number, kind, item, person, before, after, reason, author, at FROM amendments
            WHERE inspection_id = ? ORDER BY number
            """,
            (inspection_id,),
        )
        return tuple(map(_amendment, rows))

    def add(self, inspection_id: str, one: Amendment, amended: Sealed, result: Result) -> None:
        """Keep an amendment with the record as amended; one after a void is refused by the table."""
        findings = amended.document["findings"]
        row = {
            "inspection_id": inspection_id,
            "number": one.number,
            "kind": one.kind,
            "item": one.item,
            "person": to_person(one.person),
            "before": to_json(one.before),
            "after": to_json(one.after),
            "reason": one.reason,
            "author": one.author,
            "at": to_instant(one.at),
            "status": result.status,
            "score_tenths": result.main,
            "findings": len(findings),
            "open_findings": sum(not finding["corrected_on_site"] for finding in findings),
            "sha256": amended.sha256,
            "document": canonical(amended.document).decode(),
        }
        self._db.execute(
            f"INSERT INTO amendments ({', '.join(row)}) VALUES ({marks_for(row)})", [*row.values()]
        )

    def document(self, inspection_id: str, number: int = 0) -> tuple[str, dict[str, Any]] | None:
        """SHA-256 and document of the record as it stood after an amendment (else the newest); none without any."""
        which = "?" if number else NEWEST.format("?")
        row = self._db.execute(
            f"SELECT sha256, document FROM amendments WHERE inspection_id = ? AND number = {which}",
            (inspection_id, number or inspection_id),
        ).fetchone()
        return (row["sha256"], from_json(row["document"])) if row else None


def _amendment(row: Any) -> Amendment:
    return Amendment(
        number=row["number"],
        kind=row["kind"],
        item=row["item"],
        person=from_person(row["person"]),
        before=from_json(row["before"]),
        after=from_json(row["after"]),
        reason=row["reason"],
        author=row["author"],
        at=from_instant(row["at"]),
    )
