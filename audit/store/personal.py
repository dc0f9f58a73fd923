"""Everything a person's id leads to: what a person is given who asks for their data."""

import re
from collections.abc import Iterator
from typing import Any

from sqlite_utils import Database

from audit.domain.inspections import INSPECTION, SELF_AUDIT

OWNER = "person_id"
# What opens something, or proves something to us: the person's too, but not to be carried around.
SECRET = frozenset(
    {
        "challenge",
        "claimed_until",
        "code_hash",
        "credential",
        "leave",
        "password",
        "secret",
        "text",
        "token_hash",
    }
)
# Tables that name a person otherwise, with the columns that are about them and not about a clinic or a finding.
ALSO = {
    "people": ("id", "id, login, name, role, active, language, email"),
    "inspections": (
        "inspector_id",
        "id, clinic_id, kind, purpose, state, inspected_on, started_at, inspector_name",
    ),
    "answers": ("author", "inspection_id, item, at"),
    "action_steps": ("author", "action_id, kind, at, words"),
    "amendments": ("author", "inspection_id, number, kind, at, reason"),
    "closures": ("proposed_by", "inspection_id, proposed_at, hearing"),
    "credentials": ("entered_by", "id, clinic_id, kind, entered_at"),
    "fix_links": ("made_by", "id, inspection_id, made_at, expires_at, revoked_at"),
    "lots": ("author", "id, clinic_id, at"),
    "photos": ("received_by", "sha256, received_at"),
    "planned_visits": ("inspector", "id, clinic_id, purpose, by_date, made_at"),
    "programmes": ("made_by", "id, clinic_id, every, made_at"),
    "recalls": ("made_by", "id, lot, maker, reason, since, made_at"),
    "recall_clinics": ("answered_by", "recall_id, clinic_id, state, words, answered_at"),
    "ticks": ("author", "id, clinic_id, kind, at"),
    "trail": ("actor", "seq, at, deed, object, detail"),
}
# What says something of a visit: table -> the column that names it or its action, the column that is blanked, and how.
SAID = {
    "action_steps": ("action_id", "words", ""),
    "amendments": ("inspection_id", "reason", ""),
    "holds": ("inspection_id", "reason", ""),
    "trail": ("object", "detail", "{}"),
}
_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class PersonalShelf:
    """Reads across all tables; nobody else does."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def about(self, person_id: str, whole: bool = True) -> dict[str, list[dict[str, Any]]]:
        """Table -> rows about the person, without secrets; tables with none are left out. Not ``whole``, it goes
        without what they say in self-audits that the clinic does not show."""
        found = {name: self._rows(name, OWNER, columns, person_id) for name, columns in self._owned()}
        for name, (column, columns) in ALSO.items():
            found.setdefault(name, []).extend(self._rows(name, column, columns, person_id))
        found["quarantine"] = self._apart(person_id, whole)
        if not whole:
            shut = self._shut()
            for name, (column, said, blank) in SAID.items():
                found[name] = [
                    row | {said: blank} if _is_of(row, column, said, shut) else row
                    for row in found.get(name, ())
                ]
        return {name: rows for name, rows in sorted(found.items()) if rows}

    def _shut(self) -> frozenset[str]:
        """The self-audits that nobody but their clinics reads, and their actions, by id."""
        rows = self._db.execute(
            """
            WITH shut AS (SELECT id FROM inspections WHERE kind = ?
                          AND id NOT IN (SELECT inspection_id FROM shared_visits))
            SELECT id FROM shut UNION ALL SELECT id FROM actions WHERE inspection_id IN (SELECT id FROM shut)
            """,
            (SELF_AUDIT,),
        )
        return frozenset(row["id"] for row in rows)

    def _apart(self, person_id: str, whole: bool) -> list[dict[str, Any]]:
        """Work of theirs from tablets that are not trusted any more, as it came; not ``whole``, what it says only of
        inspections that are known here."""
        rows = self._db.execute(
            """
            SELECT op_id, device, inspection_id, received_at, released_at,
                CASE WHEN ? OR inspection_id IN (SELECT id FROM inspections WHERE kind = ?) THEN document ELSE '{}' END
                AS document
            FROM quarantine WHERE json_extract(document, '$.author') = ? ORDER BY seq
            """,
            (whole, INSPECTION, person_id),
        )
        return [dict(row) for row in rows]

    def papers(self, holders: frozenset[str]) -> list[dict[str, Any]]:
        """The papers of these practitioners, earlier ones too."""
        return [row for one in sorted(holders) for row in self._rows("credentials", "holder", "*", one)]

    def trail_about(self, person_id: str) -> list[dict[str, Any]]:
        """The lines of the trail that tell what others did about the person."""
        return self._rows("trail", "object", "seq, at, actor, deed, detail", person_id)

    def _owned(self) -> Iterator[tuple[str, str]]:
        """Every table that names its person, with all columns but the secret ones: new tables come by themselves."""
        for table in self._db.tables:
            columns = [column.name for column in table.columns]
            if OWNER in columns:
                yield table.name, ", ".join(f'"{name}"' for name in columns if name not in SECRET)

    def _rows(self, table: str, column: str, columns: str, value: str) -> list[dict[str, Any]]:
        rows = self._db.execute(f'SELECT {columns} FROM "{table}" WHERE "{column}" = ?', (value,))
        return [dict(row) for row in rows]


def _is_of(row: dict[str, Any], column: str, said: str, visits: frozenset[str]) -> bool:
    """Is it about one of these, by its own column or by an id in what it says?"""
    return row[column] in visits or not visits.isdisjoint(_ID.findall(row[said]))
