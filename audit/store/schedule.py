"""The schedule: planned visits, the programmes of self-audits, and the private addresses of calendars."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from sqlite_utils import Database

from audit.domain.history import Why
from audit.domain.inspections import SELF_AUDIT
from audit.domain.problems import NotFound, NotNow
from audit.domain.programmes import Programme
from audit.domain.schedule import CANCELLED, DONE, NOBODY, OVERDUE, PLANNED, REPLACED, STARTED, Planned
from audit.domain.tongue import say
from audit.store.rows import (
    from_day,
    from_instant,
    from_json,
    marks_for,
    maybe_from_instant,
    to_instant,
    to_json,
)

_PLACE = "p.by_date, p.id"
_LINES = """
    SELECT p.*, c.name AS clinic_name, c.time_zone, ifnull(w.name, '') AS inspector_name
    FROM planned_visits p JOIN clinics c ON c.id = p.clinic_id LEFT JOIN people w ON w.id = p.inspector
"""
MOST_COUNTED = 100


class Wanted(Protocol):
    """What a list is asked for; empty means all that is not over. ``inspector`` may be ``nobody``.

    ``state`` is one of a plan's; ``first`` and ``last`` are the days between which it is due, ``area`` is the
    clinic's jurisdiction.
    """

    @property
    def state(self) -> str: ...
    @property
    def clinic_id(self) -> str: ...
    @property
    def inspector(self) -> str: ...
    @property
    def first(self) -> date | None: ...
    @property
    def last(self) -> date | None: ...
    @property
    def area(self) -> str: ...


@dataclass(frozen=True)
class Line:
    """A planned visit with what its line needs of clinic and inspector."""

    planned: Planned
    clinic_name: str
    time_zone: str
    inspector_name: str


@dataclass(frozen=True)
class Feed:
    """A private address of somebody's calendar, by the hash of its secret."""

    id: str
    person_id: str
    token_hash: str
    made_at: datetime
    ended_at: datetime | None = None


class ScheduleShelf:
    """Planned visits: what was planned and why stays, the day, the inspector and the end may move."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def add(self, planned: Planned, made_at: datetime) -> None:
        self._db.execute(
            """
            INSERT INTO planned_visits (id, clinic_id, purpose, by_date, inspector, reason, why, by_rule, source,
                                        made_by, made_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            (
                planned.id,
                planned.clinic_id,
                planned.purpose,
                planned.by.isoformat(),
                planned.inspector_id,
                planned.reason,
                to_json([{"code": one.code, "items": one.items} for one in planned.why]),
                int(planned.by_rule),
                planned.source,
                planned.made_by,
                to_instant(made_at),
            ),
        )

    def change(self, planned: Planned) -> None:
        """Keep purpose, day, inspector and words of a plan that is open.

        Raises:
            NotNow: when somebody ended or started it meanwhile.
        """
        changed = self._db.execute(
            """
            UPDATE planned_visits SET purpose = ?, by_date = ?, inspector = ?, reason = ?
            WHERE id = ? AND ended IS NULL AND visit IS NULL
            """,
            (planned.purpose, planned.by.isoformat(), planned.inspector_id, planned.reason, planned.id),
        )
        _one(changed.rowcount)

    def begin(self, planned_id: str, visit_id: str) -> None:
        """A visit came of it.

        Raises:
            NotNow: when somebody ended or started it meanwhile.
        """
        changed = self._db.execute(
            "UPDATE planned_visits SET visit = ? WHERE id = ? AND ended IS NULL AND visit IS NULL",
            (visit_id, planned_id),
        )
        _one(changed.rowcount)

    def release(self, visit_id: str) -> tuple[str, ...]:
        """The visit was set aside: what it came of is planned again. Gives the ids of those."""
        found = [one.planned.id for one in self._of_visit(visit_id)]
        self._db.execute(
            "UPDATE planned_visits SET visit = NULL WHERE visit = ? AND ended IS NULL", (visit_id,)
        )
        return tuple(found)

    def end(self, planned_id: str, how: str, at: datetime, words: str = "", visit: str | None = None) -> None:
        """Done, cancelled or replaced.

        Raises:
            NotNow: when it is over already.
        """
        changed = self._db.execute(
            """
            UPDATE planned_visits SET ended = ?, ended_at = ?, ended_words = ?, visit = coalesce(?, visit)
            WHERE id = ? AND ended IS NULL
            """,
            (how, to_instant(at), words, visit, planned_id),
        )
        _one(changed.rowcount)

    def restore(self, visit_id: str) -> tuple[str, ...]:
        """Plan again what a visit was made for and what its seal replaced; gives the ids of those."""
        given = (visit_id, visit_id, visit_id, visit_id)
        which = """
            visit = ? AND ended = 'done' OR ended = 'replaced' AND ended_at = (
                SELECT sealed_at FROM records WHERE inspection_id = ?)
            AND clinic_id = (SELECT clinic_id FROM records WHERE inspection_id = ?) AND source IS NOT ?
        """
        found = [row["id"] for row in self._db.execute(f"SELECT id FROM planned_visits WHERE {which}", given)]
        self._db.execute(
            f"UPDATE planned_visits SET ended = NULL, ended_at = NULL, visit = NULL WHERE id IN ({marks_for(found)})",
            found,
        )
        return tuple(found)

    def get(self, planned_id: str) -> Line:
        """The plan of that id.

        Raises:
            NotFound: when there is none.
        """
        row = self._db.execute(f"{_LINES} WHERE p.id = ?", (planned_id,)).fetchone()
        if row is None:
            raise NotFound(say("There is no such planned visit."))
        return _line(row)

    def open_of(self, clinic_id: str) -> tuple[Line, ...]:
        """What is planned at a clinic and neither over nor under way, the soonest first."""
        rows = self._db.execute(
            f"{_LINES} WHERE p.clinic_id = ? AND p.ended IS NULL AND p.visit IS NULL ORDER BY {_PLACE}",
            (clinic_id,),
        )
        return tuple(map(_line, rows))

    def of_visit(self, visit_id: str) -> tuple[Line, ...]:
        """The plans that a running visit came of."""
        return self._of_visit(visit_id)

    def _of_visit(self, visit_id: str) -> tuple[Line, ...]:
        rows = self._db.execute(
            f"{_LINES} WHERE p.visit = ? AND p.ended IS NULL ORDER BY {_PLACE}", (visit_id,)
        )
        return tuple(map(_line, rows))

    def page(
        self,
        clinics: Collection[str] | None,
        wanted: Wanted,
        days: Mapping[str, date],
        after: str | None = None,
        limit: int = 25,
    ) -> tuple[Line, ...]:
        """The plans of these clinics (``None``: of all), the soonest first.

        ``days`` says which day it is in each time zone; ``after`` is the id of the last one seen.
        """
        where, given = _conditions(clinics, wanted, days)
        if after:
            where.append(f"({_PLACE}) > (SELECT {_PLACE} FROM planned_visits p WHERE p.id = ?)")
            given.append(after)
        rows = self._db.execute(
            f"{_LINES} WHERE {' AND '.join(where)} ORDER BY {_PLACE} LIMIT ?", [*given, limit]
        )
        return tuple(map(_line, rows))

    def days(
        self,
        clinics: Collection[str] | None,
        wanted: Wanted,
        days: Mapping[str, date],
        most_a_day: int,
    ) -> tuple[tuple[Line, ...], Mapping[date, int]]:
        """The plans of these clinics: the first few of each day, and how many there are on each."""
        where, given = _conditions(clinics, wanted, days)
        found = self._db.execute(
            f"""
            SELECT id, by_date, every FROM (
                SELECT p.id, p.by_date, count(*) OVER (PARTITION BY p.by_date) AS every,
                       row_number() OVER (PARTITION BY p.by_date ORDER BY p.id) AS place
                FROM planned_visits p JOIN clinics c ON c.id = p.clinic_id WHERE {" AND ".join(where)})
            WHERE place <= ?
            """,
            [*given, most_a_day],
        ).fetchall()
        rows = self._db.execute(
            f"{_LINES} WHERE p.id IN ({marks_for(found)}) ORDER BY {_PLACE}", [row["id"] for row in found]
        )
        return tuple(map(_line, rows)), {from_day(row["by_date"]): row["every"] for row in found}

    def count(self, clinics: Collection[str] | None, wanted: Wanted, days: Mapping[str, date]) -> int:
        """How many there are, up to ``MOST_COUNTED``."""
        where, given = _conditions(clinics, wanted, days)
        row = self._db.execute(
            f"""
            SELECT count(*) AS number FROM (
                SELECT 1 FROM planned_visits p JOIN clinics c ON c.id = p.clinic_id
                WHERE {" AND ".join(where)} LIMIT {MOST_COUNTED})
            """,
            given,
        ).fetchone()
        return int(row["number"])

    # programmes -------------------------------------------------------------------------------------------

    def set_up(self, programme: Programme, made_by: str, at: datetime) -> None:
        self._db.execute(
            "INSERT INTO programmes (id, clinic_id, every, since, made_by, made_at) VALUES (?, ?, ?, ?, ?, ?)",
            (
                programme.id,
                programme.clinic_id,
                programme.every,
                programme.since.isoformat(),
                made_by,
                to_instant(at),
            ),
        )

    def end_programme(self, clinic_id: str, on: date) -> bool:
        """End the running programme of a clinic; gives whether there was one."""
        ended = self._db.execute(
            "UPDATE programmes SET ended_on = ? WHERE clinic_id = ? AND ended_on IS NULL",
            (on.isoformat(), clinic_id),
        )
        return bool(ended.rowcount == 1)

    def programme(self, clinic_id: str) -> Programme | None:
        """The running programme of a clinic."""
        row = self._db.execute(
            "SELECT * FROM programmes WHERE clinic_id = ? AND ended_on IS NULL", (clinic_id,)
        ).fetchone()
        return _programme(row) if row else None

    def running(self, after: str = "", limit: int = 200) -> tuple[tuple[str, Programme, date | None], ...]:
        """The running programmes of all clinics by their clinics' ids (from ``after`` on), each with the clinic's time
        zone and the day of its last self-audit."""
        rows = self._db.execute(
            """
            SELECT p.*, c.time_zone, (
                SELECT day FROM standing_visits v WHERE v.clinic_id = p.clinic_id AND v.kind = ?
                ORDER BY day DESC LIMIT 1) AS audited
            FROM programmes p JOIN clinics c ON c.id = p.clinic_id
            WHERE p.ended_on IS NULL AND p.clinic_id > ? ORDER BY p.clinic_id LIMIT ?
            """,
            (SELF_AUDIT, after, limit),
        )
        return tuple(
            (row["time_zone"], _programme(row), from_day(row["audited"]) if row["audited"] else None)
            for row in rows
        )

    def audited_on(self, clinic_id: str, since: date) -> tuple[date, ...]:
        """The days from then on for which a clinic sealed a self-audit; void ones do not count."""
        rows = self._db.execute(
            """
            SELECT DISTINCT r.inspected_on FROM records r WHERE r.clinic_id = ? AND r.kind = ? AND r.inspected_on >= ?
            AND NOT EXISTS (SELECT 1 FROM amendments a WHERE a.inspection_id = r.inspection_id AND a.kind = 'void')
            ORDER BY r.inspected_on
            """,
            (clinic_id, SELF_AUDIT, since.isoformat()),
        )
        return tuple(from_day(row["inspected_on"]) for row in rows)

    # feeds ------------------------------------------------------------------------------------------------

    def give_feed(self, feed: Feed) -> None:
        self._db.execute(
            "INSERT INTO calendar_feeds (id, person_id, token_hash, made_at) VALUES (?, ?, ?, ?)",
            (feed.id, feed.person_id, feed.token_hash, to_instant(feed.made_at)),
        )

    def end_feed(self, person_id: str, at: datetime) -> bool:
        """End the working address of somebody's calendar; gives whether there was one."""
        ended = self._db.execute(
            "UPDATE calendar_feeds SET ended_at = ? WHERE person_id = ? AND ended_at IS NULL",
            (to_instant(at), person_id),
        )
        return bool(ended.rowcount == 1)

    def feed_of(self, person_id: str) -> Feed | None:
        row = self._db.execute(
            "SELECT * FROM calendar_feeds WHERE person_id = ? AND ended_at IS NULL", (person_id,)
        ).fetchone()
        return _feed(row) if row else None

    def feed_by_token(self, token_hash: str) -> Feed | None:
        """The working address with that secret."""
        row = self._db.execute(
            "SELECT * FROM calendar_feeds WHERE token_hash = ? AND ended_at IS NULL", (token_hash,)
        ).fetchone()
        return _feed(row) if row else None


def _one(changed: int) -> None:
    if changed != 1:
        raise NotNow(say("Somebody else changed this planned visit meanwhile. Look again."))


def _conditions(
    clinics: Collection[str] | None, wanted: Wanted, days: Mapping[str, date]
) -> tuple[list[str], list[object]]:
    where, given = _state(wanted.state, days)

    def also(condition: str, *values: object) -> None:
        where.append(condition)
        given.extend(values)

    if clinics is not None:
        also(f"p.clinic_id IN ({marks_for(clinics)})", *clinics)
    if wanted.clinic_id:
        also("p.clinic_id = ?", wanted.clinic_id)
    if wanted.inspector == NOBODY:
        also("p.inspector IS NULL")
    elif wanted.inspector:
        also("p.inspector = ?", wanted.inspector)
    if wanted.area:
        also("c.jurisdiction = ?", wanted.area)
    if wanted.first:
        also("p.by_date >= ?", wanted.first.isoformat())
    if wanted.last:
        also("p.by_date <= ?", wanted.last.isoformat())
    return where, given


def _state(state: str, days: Mapping[str, date]) -> tuple[list[str], list[object]]:
    if state in (DONE, CANCELLED, REPLACED):
        return ["p.ended = ?"], [state]
    if state == STARTED:
        return ["p.ended IS NULL", "p.visit IS NOT NULL"], []
    if state not in (OVERDUE, PLANNED):
        return ["p.ended IS NULL"], []
    today = {zone: day.isoformat() for zone, day in days.items()}
    local = "(SELECT value FROM json_each(?) WHERE key = c.time_zone)"
    where, given = ["p.ended IS NULL", "p.visit IS NULL"], list[object]()
    if state == OVERDUE:
        # The first condition leads to the index, the second knows which day it is where.
        where += ["p.by_date < ?", f"p.by_date < {local}"]
        given += [max(today.values(), default=""), to_json(today)]
    else:
        where.append(f"p.by_date >= {local}")
        given.append(to_json(today))
    return where, given


def why_of(rows: Sequence[Mapping[str, Any]]) -> tuple[Why, ...]:
    """Reasons as they are kept."""
    return tuple(Why(row["code"], tuple(row["items"])) for row in rows)


def _line(row: Any) -> Line:
    planned = Planned(
        id=row["id"],
        clinic_id=row["clinic_id"],
        purpose=row["purpose"],
        by=from_day(row["by_date"]),
        inspector_id=row["inspector"],
        reason=row["reason"],
        why=why_of(from_json(row["why"])),
        by_rule=bool(row["by_rule"]),
        source=row["source"],
        made_by=row["made_by"],
        made_at=from_instant(row["made_at"]),
        visit=row["visit"],
        ended=row["ended"],
        ended_words=row["ended_words"],
    )
    return Line(planned, row["clinic_name"], row["time_zone"], row["inspector_name"])


def _programme(row: Any) -> Programme:
    ended = row["ended_on"]
    return Programme(
        row["id"],
        row["clinic_id"],
        row["every"],
        from_day(row["since"]),
        from_day(ended) if ended else None,
    )


def _feed(row: Any) -> Feed:
    return Feed(
        row["id"],
        row["person_id"],
        row["token_hash"],
        from_instant(row["made_at"]),
        maybe_from_instant(row["ended_at"]),
    )
