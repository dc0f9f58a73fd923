"""Where all clinics stand, over some months: sums and lists read from indexes, never from documents.

What was amended is counted as it stands now. Amendments are few, so sums are taken of everything as it was sealed and
put right by the amended visits alone.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlite_utils import Database

from audit.domain.amendments import VOID
from audit.domain.inspections import INSPECTION, SEALED
from audit.store.actions import STANDS
from audit.store.amendments import NEWEST
from audit.store.records import Rate
from audit.store.rows import from_day, marks_for

# The expression that its index holds, word for word.
_PLACARD = "iif(json_valid(document), json_extract(document, '$.placard.standing'), NULL)"
MOST_AT_RISK = 60


@dataclass(frozen=True)
class Ending:
    """What visits came to: the status, the score in tenths or none, the placard or none."""

    status: str
    score: int | None
    placard: str | None


@dataclass(frozen=True)
class Fixing:
    """How actions of one severity were closed: how many, how many in time, and the days they took in all."""

    severity: str
    closed: int
    in_time: int
    days: float


@dataclass(frozen=True)
class Load:
    """An inspector's visits: made, planned and overdue."""

    inspector_id: str
    made: int
    planned: int
    overdue: int


@dataclass(frozen=True)
class Risk:
    """What is overdue at one clinic: critical actions, all actions, and the day its planned visit should have been."""

    clinic_id: str
    critical: int
    actions: int
    visit_by: date | None


@dataclass(frozen=True)
class Listed:
    """A visit of a list: what stands behind a figure."""

    inspection_id: str
    clinic_id: str
    clinic_name: str
    inspector_name: str
    on: date
    ending: Ending


class StandingShelf:
    """Questions over all clinics. All are about inspections: self-audits are the clinics' own."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def endings(self, since: date) -> Counter[Ending]:
        """How the inspections since the month of that day ended; void ones count nowhere."""
        found: Counter[Ending] = Counter()
        rows = self._db.execute(
            """
            SELECT status, nullif(score, -1) AS score, nullif(placard, '') AS placard, sum(times) AS times
            FROM ending_months WHERE kind = ? AND month >= ? GROUP BY 1, 2, 3
            """,
            (INSPECTION, f"{since:%Y-%m}"),
        )
        for row in rows:
            found[Ending(row["status"], row["score"], row["placard"])] += row["times"]
        for sealed, now in self._amended(since):
            found[sealed] -= 1
            if now:
                found[now] += 1
        return +found

    def _amended(self, since: date) -> Iterable[tuple[Ending, Ending | None]]:
        rows = self._db.execute(
            f"""
            SELECT r.status, r.score_tenths, json_extract(r.document, '$.placard.standing') AS placard, a.kind,
                   a.status AS now_status, a.score_tenths AS now_score,
                   json_extract(a.document, '$.placard.standing') AS now_placard
            FROM amendments a JOIN records r ON r.inspection_id = a.inspection_id
            WHERE a.number = {NEWEST.format("a.inspection_id")} AND r.kind = ? AND r.inspected_on >= ?
            """,
            (INSPECTION, f"{since:%Y-%m}"),
        )
        for row in rows:
            now = Ending(row["now_status"], row["now_score"], row["now_placard"])
            yield (
                Ending(row["status"], row["score_tenths"], row["placard"]),
                None if row["kind"] == VOID else now,
            )

    def most_failed(self, since: date, at_most: int = 10) -> tuple[Rate, ...]:
        """The items most often OUT of those rated since the month of that day; the worst rate first."""
        rows = self._db.execute(
            """
            SELECT item, sum(rated) AS rated, sum(failed) AS failed FROM item_periods
            WHERE kind = ? AND month >= ? GROUP BY item HAVING sum(failed) > 0
            ORDER BY sum(failed) * 1.0 / sum(rated) DESC, sum(failed) DESC, item LIMIT ?
            """,
            (INSPECTION, f"{since:%Y-%m}", at_most),
        )
        return tuple(Rate(row["item"], row["rated"], row["failed"]) for row in rows)

    def fixing(self, since: date) -> tuple[Fixing, ...]:
        """How actions were closed since the month of that day, by severity."""
        rows = self._db.execute(
            """
            SELECT severity, sum(closed) AS closed, sum(in_time) AS in_time, sum(days) AS days FROM fix_months
            WHERE kind = ? AND month >= ? GROUP BY severity
            """,
            (INSPECTION, f"{since:%Y-%m}"),
        )
        return tuple(Fixing(row["severity"], row["closed"], row["in_time"], row["days"]) for row in rows)

    def loads(self, since: date, today: date) -> tuple[Load, ...]:
        """What each inspector made since that day, and what is planned for them."""
        made = {
            row["inspector_id"]: row["times"]
            for row in self._db.execute(
                """
                SELECT inspector_id, count(*) AS times FROM inspections
                WHERE kind = ? AND state = ? AND inspected_on >= ? GROUP BY 1
                """,
                (INSPECTION, SEALED, since.isoformat()),
            )
        }
        planned = {
            row["inspector"]: (row["times"], row["overdue"])
            for row in self._db.execute(
                """
                SELECT inspector, count(*) AS times, sum(by_date < ?) AS overdue FROM planned_visits
                WHERE ended IS NULL AND visit IS NULL AND inspector IS NOT NULL GROUP BY inspector
                """,
                (today.isoformat(),),
            )
        }
        return tuple(
            Load(one, made.get(one, 0), *planned.get(one, (0, 0))) for one in sorted({*made, *planned})
        )

    def due(self, today: date, until: date) -> tuple[int, int]:
        """How many planned visits are overdue, and how many are due until that day."""
        row = self._db.execute(
            """
            SELECT coalesce(sum(by_date < :today), 0) AS overdue,
                   coalesce(sum(by_date >= :today AND by_date <= :until), 0) AS due
            FROM planned_visits WHERE ended IS NULL AND visit IS NULL
            """,
            {"today": today.isoformat(), "until": until.isoformat()},
        ).fetchone()
        return row["overdue"], row["due"]

    def at_risk(self, today: date) -> tuple[Risk, ...]:
        """The clinics that owe most: overdue critical actions, overdue actions, overdue visits; worst first."""
        owing = self._owing(today)
        late = self._late(today)
        every = [
            Risk(clinic_id, *owing.get(clinic_id, (0, 0)), late.get(clinic_id))
            for clinic_id in {*owing, *late}
        ]
        every.sort(key=lambda one: (-one.critical, -one.actions, one.visit_by or today, one.clinic_id))
        return tuple(every[:MOST_AT_RISK])

    def _owing(self, today: date) -> dict[str, tuple[int, int]]:
        """The gravest by the index of actions; what an amendment took back is left out of those few."""
        found = [
            row["clinic_id"]
            for row in self._db.execute(
                """
                SELECT clinic_id FROM actions
                WHERE kind = ? AND state IN ('open', 'sent-back') AND correct_by < ?
                GROUP BY clinic_id ORDER BY sum(severity = 'critical') DESC, count(*) DESC, clinic_id LIMIT ?
                """,
                (INSPECTION, today.isoformat(), MOST_AT_RISK),
            )
        ]
        rows = self._db.execute(
            f"""
            SELECT a.clinic_id, sum(a.grave = 0) AS critical, count(*) AS every FROM actions a
            WHERE a.kind = ? AND a.turn = 0 AND a.correct_by < ? AND a.clinic_id IN ({marks_for(found)})
            AND {STANDS} GROUP BY a.clinic_id
            """,
            [INSPECTION, today.isoformat(), *found],
        )
        return {row["clinic_id"]: (row["critical"], row["every"]) for row in rows}

    def _late(self, today: date) -> dict[str, date]:
        rows = self._db.execute(
            """
            SELECT clinic_id, min(by_date) AS by_date FROM planned_visits
            WHERE ended IS NULL AND visit IS NULL AND by_date < ? GROUP BY clinic_id ORDER BY 2 LIMIT ?
            """,
            (today.isoformat(), MOST_AT_RISK),
        )
        return {row["clinic_id"]: from_day(row["by_date"]) for row in rows}

    def repeated(self, inspection_ids: Collection[str]) -> Mapping[str, int]:
        """How many findings of each of these visits were repeats."""
        rows = self._db.execute(
            f"""
            SELECT inspection_id, count(*) AS times FROM findings
            WHERE repeats > 0 AND inspection_id IN ({marks_for(inspection_ids)}) GROUP BY inspection_id
            """,
            [*inspection_ids],
        )
        return {row["inspection_id"]: row["times"] for row in rows}

    def visits(
        self, since: date, wanted: Mapping[str, str], skip: int = 0, at_most: int = 50
    ) -> tuple[Listed, ...]:
        """The inspections behind a figure, newest first.

        ``wanted`` holds ``item``, or ``inspector``, or some of ``status``, ``placard``, ``least`` and ``below`` (score in
        tenths); without any it is all of them. They are found in an index, and only those shown are looked up.
        """
        found = [row[0] for row in self._db.execute(*_sought(since, wanted, skip, at_most))]
        rows = self._db.execute(
            f"""
            SELECT r.inspection_id, r.clinic_id, c.name, i.inspector_name, i.inspector_id, r.inspected_on,
                   iif(a.number, a.status, r.status) AS status,
                   iif(a.number, a.score_tenths, r.score_tenths) AS score,
                   iif(a.number, json_extract(a.document, '$.placard.standing'),
                       json_extract(r.document, '$.placard.standing')) AS placard
            FROM records r JOIN inspections i ON i.id = r.inspection_id JOIN clinics c ON c.id = r.clinic_id
            LEFT JOIN amendments a
            ON a.inspection_id = r.inspection_id AND a.number = {NEWEST.format("r.inspection_id")}
            WHERE r.inspection_id IN ({marks_for(found)}) AND ifnull(a.kind, '') <> ?
            """,
            [*found, VOID],
        )
        listed = {row["inspection_id"]: _listed(row) for row in rows}
        return tuple(listed[one] for one in found if one in listed and _fits(listed[one].ending, wanted))


def _sought(since: date, wanted: Mapping[str, str], skip: int, at_most: int) -> tuple[str, list[object]]:
    given: list[object] = [INSPECTION, since.isoformat()]
    page = [at_most, skip]
    if item := wanted.get("item"):
        return (
            """
            SELECT DISTINCT f.inspection_id, r.inspected_on FROM findings f JOIN records r USING (inspection_id)
            WHERE f.kind = ? AND r.inspected_on >= ? AND f.item = ?
            ORDER BY r.inspected_on DESC, f.inspection_id LIMIT ? OFFSET ?
            """,
            [*given, item, *page],
        )
    if inspector := wanted.get("inspector"):
        return (
            """
            SELECT id FROM inspections WHERE kind = ? AND inspected_on >= ? AND state = ? AND inspector_id = ?
            ORDER BY inspected_on DESC LIMIT ? OFFSET ?
            """,
            [*given, SEALED, inspector, *page],
        )
    asked = [(condition, wanted[name]) for name, condition in _SEALED_AS.items() if wanted.get(name)]
    # What was amended may have become what is looked for; it is looked at again when it is read.
    also = "OR inspection_id IN (SELECT inspection_id FROM amendments)" if asked else ""
    where = " AND ".join(["1", *(condition for condition, _ in asked)])
    return (
        f"""
        SELECT inspection_id FROM records WHERE kind = ? AND inspected_on >= ? AND (({where}) {also})
        ORDER BY inspected_on DESC LIMIT ? OFFSET ?
        """,
        [*given, *(value for _, value in asked), *page],
    )


_SEALED_AS = {
    "status": "status = ?",
    "placard": f"{_PLACARD} = ?",
    "least": "score_tenths >= CAST(? AS INTEGER)",
    "below": "score_tenths < CAST(? AS INTEGER)",
}


def _fits(ending: Ending, wanted: Mapping[str, str]) -> bool:
    least, below = wanted.get("least"), wanted.get("below")
    if (least or below) and ending.score is None:
        return False
    score = ending.score or 0
    return (
        wanted.get("status", "") in ("", ending.status)
        and wanted.get("placard", "") in ("", ending.placard)
        and (not least or score >= int(least))
        and (not below or score < int(below))
    )


def _listed(row: Any) -> Listed:
    return Listed(
        row["inspection_id"],
        row["clinic_id"],
        row["name"],
        row["inspector_name"],
        from_day(row["inspected_on"]),
        Ending(row["status"], row["score"], row["placard"]),
    )
