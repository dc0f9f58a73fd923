"""Recalls of lots, and the clinics each one concerns. Nothing said is ever removed."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from audit.domain.clinics import likeness
from audit.domain.problems import NotFound
from audit.domain.recalls import TOLD, Concerned, Recall
from audit.domain.tongue import say
from audit.store.rows import from_day, from_instant, marks_for, maybe_from_instant, to_instant

# The lots that a recall ``r`` means: the number as it is compared, and makers that do not speak against it.
MEANS = """
    l.lot_likeness = r.lot_likeness
    AND (instr(l.maker_likeness, r.maker_likeness) > 0 OR instr(r.maker_likeness, l.maker_likeness) > 0)
"""


@dataclass(frozen=True)
class RecallRow:
    """A recall with who entered it by name, and how many clinics it concerns, of which so many have not answered."""

    recall: Recall
    author: str
    clinics: int
    waiting: int


@dataclass(frozen=True)
class ConcernedRow:
    """A clinic of a recall, with its name."""

    concerned: Concerned
    clinic_name: str
    time_zone: str


_ROWS = """
    SELECT r.*, ifnull(p.name, '') AS author, count(k.clinic_id) AS clinics, ifnull(sum(k.state = 'told'), 0) AS waiting
    FROM recalls r LEFT JOIN people p ON p.id = r.made_by LEFT JOIN recall_clinics k ON k.recall_id = r.id
"""
_CONCERNED = """
    SELECT k.*, c.name AS clinic_name, c.time_zone FROM recall_clinics k JOIN clinics c ON c.id = k.clinic_id
"""


class RecallShelf:
    """Recalls by their lot, and what became of each at each clinic."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def add(self, one: Recall) -> None:
        self._db.execute(
            """
            INSERT INTO recalls (id, lot, lot_likeness, maker, maker_likeness, reason, since, made_by, made_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            (
                one.id,
                one.lot,
                likeness(one.lot),
                one.maker,
                likeness(one.maker),
                one.reason,
                one.since.isoformat(),
                one.made_by,
                to_instant(one.made_at),
            ),
        )

    def get(self, recall_id: str, clinics: Collection[str] | None = None) -> RecallRow:
        """The recall of that id, as it concerns these clinics (``None``: all it concerns).

        Raises:
            NotFound: when there is none, or it concerns none of them.
        """
        where, given = "", list[object]()
        if clinics is not None:
            where, given = f"AND k.clinic_id IN ({marks_for(clinics)})", [*clinics]
        found = self._db.execute(f"{_ROWS} WHERE r.id = ? {where} GROUP BY r.id", [recall_id, *given])
        row = found.fetchone()
        if row is None:
            raise NotFound(say("There is no such recall."))
        return _row(row)

    def listed(self, clinics: Collection[str] | None, at_most: int = 200) -> tuple[RecallRow, ...]:
        """The recalls that concern these clinics (``None``: all recalls), those that stand first, then the newest."""
        where, given = "", list[object]()
        if clinics is not None:
            where, given = f"WHERE k.clinic_id IN ({marks_for(clinics)})", [*clinics]
        rows = self._db.execute(
            f"{_ROWS} {where} GROUP BY r.id ORDER BY r.ended_at IS NOT NULL, r.made_at DESC, r.id LIMIT ?",
            [*given, at_most],
        )
        return tuple(map(_row, rows))

    def standing_for(self, lot: str, maker: str) -> tuple[Recall, ...]:
        """The recalls that stand and mean a lot of this number and maker."""
        rows = self._db.execute(
            f"{_ROWS} WHERE r.lot_likeness = ? AND r.ended_at IS NULL GROUP BY r.id", (likeness(lot),)
        )
        return tuple(one for one in (_row(row).recall for row in rows) if one.concerns(lot, maker))

    def end(self, recall_id: str, words: str, at: datetime) -> bool:
        """End a recall that stands; gives whether it stood."""
        done = self._db.execute(
            "UPDATE recalls SET ended_words = ?, ended_at = ? WHERE id = ? AND ended_at IS NULL",
            (words, to_instant(at), recall_id),
        )
        return bool(done.rowcount == 1)

    # clinics ----------------------------------------------------------------------------------------------------

    def meant(self, recall: Recall) -> tuple[str, ...]:
        """The clinics whose log names such a lot."""
        rows = self._db.execute(
            f"""
            SELECT DISTINCT l.clinic_id FROM recalls r JOIN lots l ON {MEANS}
            WHERE r.id = ? AND l.removed = 0 ORDER BY 1
            """,
            (recall.id,),
        )
        return tuple(row["clinic_id"] for row in rows)

    def tell(self, recall_id: str, clinic_id: str, at: datetime) -> bool:
        """Note that a clinic is told; gives false where it was told before."""
        done = self._db.execute(
            "INSERT INTO recall_clinics (recall_id, clinic_id, told_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
            (recall_id, clinic_id, to_instant(at)),
        )
        return bool(done.rowcount == 1)

    def answer(self, recall_id: str, clinic_id: str, state: str, words: str, by: str, at: datetime) -> None:
        self._db.execute(
            """
            UPDATE recall_clinics SET state = ?, words = ?, answered_by = ?, answered_at = ?
            WHERE recall_id = ? AND clinic_id = ?
            """,
            (state, words, by, to_instant(at), recall_id, clinic_id),
        )

    def concerned(
        self, recall_id: str, clinics: Collection[str] | None = None, after: str = "", at_most: int = 100
    ) -> tuple[ConcernedRow, ...]:
        """The clinics of a recall (only these, where some are given), those that have not answered first; ``after``
        is ``place`` of the last one seen."""
        where, given = ["k.recall_id = ?"], list[object]([recall_id])
        if clinics is not None:
            where.append(f"k.clinic_id IN ({marks_for(clinics)})")
            given += clinics
        if after:
            answered, _, clinic_id = after.partition("~")
            where.append("(k.state <> 'told', k.clinic_id) > (?, ?)")
            given += [int(answered == "1"), clinic_id]
        rows = self._db.execute(
            f"{_CONCERNED} WHERE {' AND '.join(where)} ORDER BY k.state <> 'told', k.clinic_id LIMIT ?",
            [*given, at_most],
        )
        return tuple(map(_concerned, rows))

    def place(self, row: ConcernedRow) -> str:
        """Where a clinic stands in the list: hand it back as ``after``."""
        return f"{int(row.concerned.state != TOLD)}~{row.concerned.clinic_id}"

    def waiting_at(self, clinics: Collection[str]) -> tuple[tuple[Recall, ConcernedRow], ...]:
        """The recalls that stand and that these clinics have not answered."""
        rows = self._db.execute(
            f"""
            {_CONCERNED} JOIN recalls r ON r.id = k.recall_id
            WHERE k.clinic_id IN ({marks_for(clinics)}) AND k.state = 'told' AND r.ended_at IS NULL ORDER BY k.told_at
            """,
            [*clinics],
        ).fetchall()
        return tuple((self.get(row["recall_id"]).recall, _concerned(row)) for row in rows)


def _row(row: Mapping[str, Any]) -> RecallRow:
    recall = Recall(
        id=row["id"],
        lot=row["lot"],
        maker=row["maker"],
        reason=row["reason"],
        since=from_day(row["since"]),
        made_by=row["made_by"],
        made_at=from_instant(row["made_at"]),
        ended=row["ended_words"] if row["ended_at"] else None,
    )
    return RecallRow(recall, row["author"], row["clinics"], row["waiting"])


def _concerned(row: Mapping[str, Any]) -> ConcernedRow:
    concerned = Concerned(
        row["clinic_id"],
        from_instant(row["told_at"]),
        row["state"],
        row["words"],
        maybe_from_instant(row["answered_at"]),
    )
    return ConcernedRow(concerned, row["clinic_name"], row["time_zone"])
