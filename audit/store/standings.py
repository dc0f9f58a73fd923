"""Where all clinics stand, over some months: sums and lists read from indexes, never from documents.

One row stands for each visit, as it was amended; the ledger keeps sums of those rows by month, inspector, checklist and
area with the seal and each amendment.
"""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlite_utils import Database

from audit.domain.inspections import INSPECTION
from audit.store.actions import STANDS
from audit.store.records import Rate
from audit.store.rows import from_day, marks_for

MOST_AT_RISK = 60


@dataclass(frozen=True)
class Among:
    """Whose visits are meant: an inspector's (id), of a checklist (``key/pack``), of an area (jurisdiction); empty
    means all."""

    inspector: str = ""
    checklist: str = ""
    area: str = ""


@dataclass(frozen=True)
class Ending:
    """Who made visits (an id) and what they came to: the status, the tens of the score (9 from 90.0 on, 10 for 100.0) or none, the placard or
    none."""

    inspector: str
    status: str
    tens: int | None
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
    """What is planned for an inspector, and how much of it is overdue."""

    inspector_id: str
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
    """A visit of a list, as amended: what stands behind a figure. ``score`` is in tenths."""

    inspection_id: str
    clinic_id: str
    clinic_name: str
    inspector_name: str
    on: date
    status: str
    score: int | None
    placard: str

    @property
    def place(self) -> str:
        """Where it stands in a list: hand it back as ``after``."""
        return f"{self.on}~{self.inspection_id}"


class StandingShelf:
    """Questions over all clinics. All are about inspections: self-audits are the clinics' own."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def endings(self, since: date, among: Among) -> Counter[Ending]:
        """How the inspections since the month of that day ended; void ones count nowhere."""
        where, given = _cells(since, among)
        rows = self._db.execute(
            f"""
            SELECT inspector, status, tens, placard, sum(times) AS times FROM ending_cells WHERE {where}
            GROUP BY 1, 2, 3, 4
            """,
            given,
        )
        return +Counter(
            {
                Ending(
                    row["inspector"],
                    row["status"],
                    row["tens"] if row["tens"] >= 0 else None,
                    row["placard"] or None,
                ): row["times"]
                for row in rows
            }
        )

    def most_failed(self, since: date, among: Among, at_most: int = 10) -> tuple[Rate, ...]:
        """The items most often OUT of those rated since the month of that day; the worst rate first."""
        if among.inspector:
            where, given = _named(among)
        else:
            # Sums over all inspectors are kept too, with an empty name for what is not asked.
            where, given = ["inspector = ''", "checklist = ?", "area = ?"], [among.checklist, among.area]
        rows = self._db.execute(
            f"""
            SELECT item, sum(rated) AS rated, sum(failed) AS failed FROM item_cells
            WHERE kind = ? AND month >= ? AND {" AND ".join(where)} GROUP BY item HAVING sum(failed) > 0
            ORDER BY sum(failed) * 1.0 / sum(rated) DESC, sum(failed) DESC, item LIMIT ?
            """,
            [INSPECTION, f"{since:%Y-%m}", *given, at_most],
        )
        return tuple(Rate(row["item"], row["rated"], row["failed"]) for row in rows)

    def fixing(self, since: date, among: Among) -> tuple[Fixing, ...]:
        """How actions were closed since the month of that day, by severity."""
        where, given = _cells(since, among)
        rows = self._db.execute(
            f"""
            SELECT severity, sum(closed) AS closed, sum(in_time) AS in_time, sum(days) AS days FROM fix_cells
            WHERE {where} GROUP BY severity HAVING sum(closed) > 0
            """,
            given,
        )
        return tuple(Fixing(row["severity"], row["closed"], row["in_time"], row["days"]) for row in rows)

    def loads(self, today: date, among: Among) -> tuple[Load, ...]:
        """What is planned for each inspector."""
        where, given = _planned(among)
        rows = self._db.execute(
            f"""
            SELECT inspector, count(*) AS times, sum(by_date < ?) AS overdue FROM planned_visits INDEXED BY planned_due
            WHERE {where} AND inspector IS NOT NULL GROUP BY inspector
            """,
            [today.isoformat(), *given],
        )
        return tuple(Load(row["inspector"], row["times"], row["overdue"]) for row in rows)

    def due(self, today: date, until: date, among: Among) -> tuple[int, int]:
        """How many planned visits are overdue, and how many are due until that day."""
        where, given = _planned(among)
        row = self._db.execute(
            f"""
            SELECT coalesce(sum(by_date < ?), 0) AS overdue, count(*) AS every FROM planned_visits INDEXED BY planned_due
            WHERE {where} AND by_date <= ?
            """,
            [today.isoformat(), *given, until.isoformat()],
        ).fetchone()
        return row["overdue"], row["every"] - row["overdue"]

    def areas(self) -> tuple[str, ...]:
        """The jurisdictions in which there are clinics."""
        rows = self._db.execute("SELECT DISTINCT jurisdiction FROM clinics ORDER BY 1")
        return tuple(row["jurisdiction"] for row in rows)

    def at_risk(self, today: date, area: str = "") -> tuple[Risk, ...]:
        """The clinics that owe most: overdue critical actions, overdue actions, overdue visits; worst first."""
        owing = self._owing(today, area)
        late = self._late(today, area)
        every = [
            Risk(clinic_id, *owing.get(clinic_id, (0, 0)), late.get(clinic_id))
            for clinic_id in {*owing, *late}
        ]
        every.sort(key=lambda one: (-one.critical, -one.actions, one.visit_by or today, one.clinic_id))
        return tuple(every[:MOST_AT_RISK])

    def _owing(self, today: date, area: str) -> dict[str, tuple[int, int]]:
        """The gravest by the index of actions; what an amendment took back is left out of those few."""
        within, given = _within(area)
        found = [
            row["clinic_id"]
            for row in self._db.execute(
                f"""
                SELECT clinic_id FROM actions
                WHERE kind = ? AND state IN ('open', 'sent-back') AND correct_by < ? {within}
                GROUP BY clinic_id ORDER BY sum(severity = 'critical') DESC, count(*) DESC, clinic_id LIMIT ?
                """,
                (INSPECTION, today.isoformat(), *given, MOST_AT_RISK),
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

    def _late(self, today: date, area: str) -> dict[str, date]:
        """The clinics whose visits are overdue longest: read in that order, as far as it takes."""
        within, given = _within(area)
        rows = self._db.execute(
            f"""
            SELECT clinic_id, by_date FROM planned_visits INDEXED BY planned_due
            WHERE ended IS NULL AND visit IS NULL AND by_date < ? {within} ORDER BY by_date, id
            """,
            (today.isoformat(), *given),
        )
        found: dict[str, date] = {}
        for row in rows:
            found.setdefault(row["clinic_id"], from_day(row["by_date"]))
            if len(found) == MOST_AT_RISK:
                break
        return found

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
        self, since: date, wanted: Mapping[str, str], after: str = "", at_most: int = 50
    ) -> tuple[Listed, ...]:
        """The inspections behind a figure, newest first.

        ``wanted`` holds some of ``item`` (OUT), ``inspector``, ``checklist``, ``area``, ``status``, ``placard``,
        ``least`` and ``below`` (score in tenths); ``after`` is the place of the last one seen.
        """
        where, given = ["v.kind = ?", "v.day >= ?"], [INSPECTION, since.isoformat()]
        for name, condition in _BEHIND.items():
            if value := wanted.get(name):
                where.append(condition)
                given.append(value)
        source, place = "standing_visits v", "v.day, v.inspection_id"
        if wanted.get("item"):
            # Found in the order of the list; CROSS keeps it so.
            place = "f.day, f.inspection_id"
            where[:2] = ["f.kind = ?", "f.day >= ?"]
            source = "failed_items f CROSS JOIN standing_visits v ON (v.kind, v.day, v.inspection_id) = (f.kind, f.day, f.inspection_id)"
        if after:
            day, _, name = after.partition("~")
            where.append(f"({place}) < (?, ?)")
            given += [day, name]
        rows = self._db.execute(
            f"""
            SELECT v.*, c.name, i.inspector_name FROM {source}
            CROSS JOIN inspections i ON i.id = v.inspection_id CROSS JOIN clinics c ON c.id = v.clinic_id
            WHERE {" AND ".join(where)} ORDER BY {place.replace(",", " DESC,")} DESC LIMIT ?
            """,
            [*given, at_most],
        )
        return tuple(map(_listed, rows))


_BEHIND = {
    "item": "f.item = ?",
    "inspector": "v.inspector = ?",
    "checklist": "v.checklist = ?",
    "area": "v.area = ?",
    "status": "v.status = ?",
    "placard": "v.placard = ?",
    "least": "v.score >= CAST(? AS INTEGER)",
    "below": "v.score BETWEEN 0 AND CAST(? AS INTEGER) - 1",
}


def _named(among: Among) -> tuple[list[str], list[object]]:
    asked = [(name, value) for name, value in vars(among).items() if value]
    return [f"{name} = ?" for name, _ in asked], [value for _, value in asked]


def _cells(since: date, among: Among) -> tuple[str, list[object]]:
    where, given = _named(among)
    return " AND ".join(["kind = ?", "month >= ?", *where]), [INSPECTION, f"{since:%Y-%m}", *given]


def _planned(among: Among) -> tuple[str, list[object]]:
    """What is planned has no checklist yet."""
    within, given = _within(among.area)
    mine = "AND +inspector = ?" if among.inspector else ""
    return (
        f"ended IS NULL AND visit IS NULL {mine} {within}",
        [*([among.inspector] if mine else []), *given],
    )


def _within(area: str) -> tuple[str, list[object]]:
    """The condition that a clinic lies in an area. The plus keeps what is asked by day in its order: going through
    all clinics of an area takes half a second."""
    return ("AND +clinic_id IN (SELECT id FROM clinics WHERE jurisdiction = ?)", [area]) if area else ("", [])


def _listed(row: Any) -> Listed:
    return Listed(
        row["inspection_id"],
        row["clinic_id"],
        row["name"],
        row["inspector_name"],
        from_day(row["day"]),
        row["status"],
        row["score"] if row["score"] >= 0 else None,
        row["placard"],
    )
