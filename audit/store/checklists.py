"""Published checklists: whole documents that never change, and which of them new visits take."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from audit.domain.canonical import canonical, sha256_of
from audit.domain.checklists import Checklist, read
from audit.domain.problems import NotFound
from audit.domain.tongue import say
from audit.store.rows import from_instant, from_json, to_instant


@dataclass(frozen=True)
class Published:
    """One published version without its content. ``current``: new visits take it."""

    sha256: str
    key: str
    pack: str
    version: int
    kind: str
    title: str
    jurisdiction: str
    published_at: datetime
    current: bool


# Reading a document takes milliseconds, and a fingerprint has one content only, in every ledger.
_KNOWN: dict[tuple[str, int], Checklist] = {}
KNOWN_AT_MOST = 32

_SELECT = """
    SELECT c.sha256, c.key, c.pack, c.version, c.kind, c.title, c.jurisdiction, c.published_at,
           n.sha256 IS NOT NULL AS current
    FROM checklists c LEFT JOIN current_checklists n ON n.sha256 = c.sha256
"""


class ChecklistShelf:
    """Published checklists, by fingerprint."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def get(self, sha256: str) -> Checklist:
        """The checklist an inspection pins.

        Raises:
            NotFound: when it was never published here.
        """
        row = self._db.execute("SELECT version FROM checklists WHERE sha256 = ?", (sha256,)).fetchone()
        if row is None:
            raise NotFound(say("There is no such published checklist."))
        known = _KNOWN.get((sha256, row["version"]))
        return known or self._read(sha256, row["version"])

    def _read(self, sha256: str, version: int) -> Checklist:
        checklist = read(from_json(self.document(sha256)), version, sha256)
        if len(_KNOWN) >= KNOWN_AT_MOST:
            _KNOWN.clear()
        _KNOWN[sha256, version] = checklist
        return checklist

    def has(self, sha256: str) -> bool:
        return self._db.execute("SELECT 1 FROM checklists WHERE sha256 = ?", (sha256,)).fetchone() is not None

    def document(self, sha256: str) -> str:
        """The published document, as canonical JSON."""
        row = self._db.execute("SELECT document FROM checklists WHERE sha256 = ?", (sha256,)).fetchone()
        if row is None:
            raise NotFound(say("There is no such published checklist."))
        return str(row["document"])

    def all(self) -> tuple[Published, ...]:
        """Every published version, newest versions first within a checklist and pack."""
        rows = self._db.execute(_SELECT + "ORDER BY c.key, c.pack, c.version DESC")
        return tuple(map(_published, rows))

    def newest(self) -> tuple[Published, ...]:
        """What new visits choose from."""
        rows = self._db.execute(_SELECT + "WHERE n.sha256 IS NOT NULL ORDER BY c.key, c.pack")
        return tuple(map(_published, rows))

    def find(self, key: str, pack: str, version: int | None = None) -> Checklist | None:
        """One version of a checklist under a pack (without a version: the one new visits take)."""
        row = self.listed(key, pack, version)
        return self.get(row.sha256) if row else None

    def listed(self, key: str, pack: str, version: int | None = None) -> Published | None:
        """What the list says of one version of a checklist under a pack, or of the current one."""
        which = "c.version = ?" if version is not None else "n.sha256 IS NOT NULL"
        given = [key, pack] if version is None else [key, pack, version]
        row = self._db.execute(_SELECT + f"WHERE c.key = ? AND c.pack = ? AND {which}", given).fetchone()
        return _published(row) if row else None

    def publish(self, document: Mapping[str, Any], at: datetime) -> Published:
        """Keep a resolved document and make it current; equal content keeps its version and adds nothing."""
        sha256 = sha256_of(document)
        key, pack = document["checklist"], document["pack"]
        if not self.has(sha256):
            self._db.execute(
                """
                INSERT INTO checklists (sha256, key, pack, version, kind, title, jurisdiction, published_at, document)
                VALUES (:sha256, :key, :pack,
                        (SELECT coalesce(max(version), 0) + 1 FROM checklists WHERE key = :key AND pack = :pack),
                        :kind, :title, :jurisdiction, :at, :document)
                """,
                {
                    "sha256": sha256,
                    "key": key,
                    "pack": pack,
                    "kind": document["kind"],
                    "title": document["title"],
                    "jurisdiction": document["jurisdiction"],
                    "at": to_instant(at),
                    "document": canonical(document).decode(),
                },
            )
        self._db.execute(
            """
            INSERT INTO current_checklists (key, pack, sha256) VALUES (?, ?, ?)
            ON CONFLICT (key, pack) DO UPDATE SET sha256 = excluded.sha256
            """,
            (key, pack, sha256),
        )
        row = self._db.execute(_SELECT + "WHERE c.sha256 = ?", (sha256,)).fetchone()
        return _published(row)


def _published(row: Any) -> Published:
    return Published(
        sha256=row["sha256"],
        key=row["key"],
        pack=row["pack"],
        version=row["version"],
        kind=row["kind"],
        title=row["title"],
        jurisdiction=row["jurisdiction"],
        published_at=from_instant(row["published_at"]),
        current=bool(row["current"]),
    )
