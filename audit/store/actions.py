"""Corrective actions and their steps, in the order in which they press."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from sqlite_utils import Database

from audit.domain.actions import FIXED, OPEN, SENT_BACK, Action, Step, Unfinished
from audit.domain.amendments import VOID
from audit.domain.problems import NotFound
from audit.domain.tongue import say
from audit.store.amendments import NEWEST
from audit.store.belongings import opened_of, step_of
from audit.store.rows import (
    from_day,
    from_instant,
    from_person,
    marks_for,
    to_instant,
    to_json,
    to_person,
)

# The clinic's turn first, by deadline: what is overdue comes before what is not, whatever day it is.
_PLACE = "a.turn, a.correct_by, a.grave, a.number, a.id"
_LINES = """
    SELECT a.*, f.standing, f.stop, f.note, f.corrective, i.inspected_on, i.checklist_sha,
           c.name AS clinic_name, c.time_zone
    FROM actions a JOIN findings f USING (inspection_id, item, person)
    JOIN inspections i ON i.id = a.inspection_id JOIN clinics c ON c.id = a.clinic_id
"""
# What an amendment took back is owed by nobody: the visit was made void, or the finding is none any more.
STANDS = f"""
    NOT EXISTS (
        SELECT 1 FROM amendments m
        WHERE m.inspection_id = a.inspection_id AND m.number = {NEWEST.format("a.inspection_id")}
        AND (m.kind = '{VOID}' OR NOT EXISTS (
            SELECT 1 FROM json_each(m.document, '$.findings') f
            WHERE json_extract(f.value, '$.item') = a.item AND NOT json_extract(f.value, '$.corrected_on_site')
            AND ifnull(json_extract(f.value, '$.person'), '') = a.person)))
"""
MOST_COUNTED, FEW_CLINICS = 100, 200


class Wanted(Protocol):
    """What a list is asked for; empty means all. ``text`` are words of the clinic.

    ``state`` is one of an action's, ``owed`` (the clinic's turn) or ``closed``.
    """

    @property
    def state(self) -> str: ...
    @property
    def clinic_id(self) -> str: ...
    @property
    def severity(self) -> str: ...
    @property
    def overdue(self) -> bool: ...
    @property
    def person(self) -> str: ...
    @property
    def text(self) -> str: ...


@dataclass(frozen=True)
class Kept:
    """An action with what its lines need of clinic and visit; without a citation, which the checklist knows."""

    action: Action
    clinic_name: str
    time_zone: str
    inspected_on: date
    checklist_sha: str


@dataclass(frozen=True)
class NewStep:
    """A step as it is written: by a person (``author``) or over a link, whose id stands instead."""

    kind: str
    author: str
    link: str | None
    words: str = ""
    on: date | None = None
    photos: tuple[str, ...] = ()
    visit: str | None = None


class ActionShelf:
    """Actions open with the seal; steps are added, nothing else ever changes."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def open_for(self, inspection_id: str, ids: Iterable[str]) -> int:
        """Open one for each finding of a sealed visit that nobody corrected on site; gives how many.

        ``ids`` are new ones, at least as many as there are findings.
        """
        rows = self._db.execute(
            "SELECT * FROM findings WHERE inspection_id = ? AND corrected_on_site = 0 ORDER BY item, person",
            (inspection_id,),
        ).fetchall()
        for row, new in zip(rows, ids, strict=False):
            names = (
                "inspection_id",
                "item",
                "person",
                "clinic_id",
                "kind",
                "number",
                "severity",
                "correct_by",
            )
            self._db.execute(
                f"INSERT INTO actions (id, {', '.join(names)}) VALUES (?, {marks_for(names)})",
                [new, *(row[name] for name in names)],
            )
        return len(rows)

    def owed_for(self, inspection_id: str) -> set[tuple[str, str | None]]:
        """The findings of a visit (item, person) that have an action."""
        rows = self._db.execute("SELECT item, person FROM actions WHERE inspection_id = ?", (inspection_id,))
        return {(row["item"], from_person(row["person"])) for row in rows}

    def open_one(self, inspection_id: str, item: str, person: str | None, new: str) -> str:
        """Open one for a finding that an amendment found. Gives the SHA-256 that the trail tells."""
        names = "inspection_id, item, person, clinic_id, kind, number, severity, correct_by"
        self._db.execute(
            f"INSERT INTO actions (id, {names}) SELECT ?, {names} FROM findings"
            " WHERE inspection_id = ? AND item = ? AND person = ?",
            (new, inspection_id, item, to_person(person)),
        )
        return opened_of(self._db, new)

    def add_step(self, action_id: str, step: NewStep, at: datetime) -> str:
        """Write the next step; the ledger refuses one that does not follow. Gives the SHA-256 that the trail tells."""
        cursor = self._db.execute(
            """
            INSERT INTO action_steps (action_id, kind, author, link, at, done_on, words, visit)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            """,
            (
                action_id,
                step.kind,
                step.author,
                step.link,
                to_instant(at),
                step.on.isoformat() if step.on else None,
                step.words,
                step.visit,
            ),
        )
        for position, sha256 in enumerate(step.photos):
            self._db.execute(
                "INSERT INTO action_photos (step, position, sha256) VALUES (?, ?, ?)",
                (cursor.lastrowid, position, sha256),
            )
        return step_of(self._db, cursor.lastrowid or 0)

    def said_by(self, visit_id: str) -> tuple[str, ...]:
        """The actions of which a later visit said the last word."""
        rows = self._db.execute(
            """
            SELECT a.id FROM actions a JOIN action_steps s ON s.action_id = a.id
            WHERE a.clinic_id = (SELECT clinic_id FROM inspections WHERE id = ?) AND a.turn = 2
            AND s.visit = ? AND s.kind <> 'taken-back'
            AND s.seq = (SELECT max(seq) FROM action_steps WHERE action_id = a.id) ORDER BY a.id
            """,
            (visit_id, visit_id),
        )
        return tuple(row["id"] for row in rows)

    def get(self, action_id: str) -> Kept:
        """One action with its steps.

        Raises:
            NotFound: when there is none, or its visit was made void.
        """
        found = self._whole(f"{_LINES} WHERE a.id = ? AND {STANDS}", [action_id])
        if not found:
            raise NotFound(say("There is no such action."))
        return found[0]

    def of_visit(self, inspection_id: str) -> tuple[Kept, ...]:
        """All of a visit with their steps, as they press."""
        return self._whole(
            f"{_LINES} WHERE a.inspection_id = ? AND {STANDS} ORDER BY {_PLACE}", [inspection_id]
        )

    def left_by_earlier(self, clinic_id: str, kind: str, inspection_id: str, on: date) -> tuple[Kept, ...]:
        """What visits of that kind up to that day, other than this one, left to the clinic and is not closed yet."""
        return self._whole(
            f"""
            {_LINES} WHERE a.clinic_id = ? AND a.kind = ? AND a.turn < 2 AND a.inspection_id <> ?
            AND i.inspected_on <= ? AND {STANDS} ORDER BY {_PLACE}
            """,
            [clinic_id, kind, inspection_id, on.isoformat()],
        )

    def page(
        self,
        clinics: Collection[str] | None,
        kinds: Sequence[str],
        wanted: Wanted,
        days: Mapping[str, date],
        after: str | None,
        limit: int,
        holders: Collection[str] | None = None,
    ) -> tuple[Kept, ...]:
        """The actions of these clinics (``None``: of all) and kinds of visits, what presses most first.

        ``holders`` are the practitioners whose actions are asked for (``None``: everybody's); ``days`` says which day it is in each time zone; ``after`` is the id of the last one seen.
        """
        where, given = self._conditions(clinics, kinds, wanted, days, holders)
        if after:
            where.append(f"({_PLACE}) > (SELECT {_PLACE} FROM actions a WHERE a.id = ?)")
            given.append(after)
        return self._whole(f"{_LINES} WHERE {' AND '.join(where)} ORDER BY {_PLACE} LIMIT ?", [*given, limit])

    def count(
        self,
        clinics: Collection[str] | None,
        kinds: Sequence[str],
        wanted: Wanted,
        days: Mapping[str, date],
        holders: Collection[str] | None = None,
    ) -> int:
        """How many there are, up to ``MOST_COUNTED``."""
        where, given = self._conditions(clinics, kinds, wanted, days, holders)
        row = self._db.execute(
            f"""
            SELECT count(*) AS number FROM (
                SELECT 1 FROM actions a JOIN clinics c ON c.id = a.clinic_id
                WHERE {" AND ".join(where)} LIMIT {MOST_COUNTED})
            """,
            given,
        ).fetchone()
        return int(row["number"])

    def _conditions(
        self,
        clinics: Collection[str] | None,
        kinds: Sequence[str],
        wanted: Wanted,
        days: Mapping[str, date],
        holders: Collection[str] | None,
    ) -> tuple[list[str], list[object]]:
        """The conditions of a list. The clinics sought are found first: looking at each action's would take seconds."""
        where, given = _conditions(clinics, kinds, wanted, days)
        if holders is not None:
            where.append(f"a.person IN ({marks_for(holders)})")
            given += holders
        words = wanted.text.casefold().split()
        if not words:
            return where, given
        holds = " AND ".join("instr(sought, ?) > 0" for _ in words)
        ids = [row["id"] for row in self._db.execute(f"SELECT id FROM clinics WHERE {holds}", words)]
        if len(ids) <= FEW_CLINICS:
            return [*where, f"a.clinic_id IN ({marks_for(ids)})"], [*given, *ids]
        return [*where, f"+a.clinic_id IN (SELECT id FROM clinics WHERE {holds})"], [*given, *words]

    def unfinished(
        self, clinics: Collection[str], kind: str, holders: Collection[str] | None
    ) -> dict[str, tuple[Unfinished, ...]]:
        """clinic id -> what is not closed of its visits of this kind; ``holders`` as in ``page``."""
        whose = "" if holders is None else f" AND a.person IN ({marks_for(holders)})"
        rows = self._db.execute(
            f"""
            SELECT a.clinic_id, a.correct_by, a.turn, f.stop
            FROM actions a JOIN findings f USING (inspection_id, item, person)
            WHERE a.clinic_id IN ({marks_for(clinics)}) AND a.kind = ? AND a.turn < 2{whose} AND {STANDS}
            """,
            [*clinics, kind, *(holders or ())],
        )
        found: dict[str, tuple[Unfinished, ...]] = {}
        for row in rows:
            one = Unfinished(from_day(row["correct_by"]), bool(row["stop"]), row["turn"] == 0)
            found[row["clinic_id"]] = (*found.get(row["clinic_id"], ()), one)
        return found

    def time_zones(self) -> tuple[str, ...]:
        """The time zones in which there are clinics."""
        return tuple(row["time_zone"] for row in self._db.execute("SELECT DISTINCT time_zone FROM clinics"))

    def showing(self, sha256: str) -> tuple[Kept, ...]:
        """The actions that show a photo among their answers."""
        return self._whole(
            f"""
            {_LINES} WHERE a.id IN (SELECT s.action_id FROM action_photos p JOIN action_steps s ON s.seq = p.step
                                    WHERE p.sha256 = ?)
            """,
            [sha256],
        )

    def _whole(self, sql: str, given: Sequence[object]) -> tuple[Kept, ...]:
        rows = self._db.execute(sql, given).fetchall()
        steps = self._steps([row["id"] for row in rows])
        return tuple(_kept(row, steps.get(row["id"], ())) for row in rows)

    def _steps(self, action_ids: Collection[str]) -> dict[str, tuple[Step, ...]]:
        photos: dict[int, list[str]] = {}
        of_these = f"SELECT seq FROM action_steps WHERE action_id IN ({marks_for(action_ids)})"
        for row in self._db.execute(
            f"SELECT * FROM action_photos WHERE step IN ({of_these}) ORDER BY step, position", [*action_ids]
        ):
            photos.setdefault(row["step"], []).append(row["sha256"])
        found: dict[str, tuple[Step, ...]] = {}
        for row in self._db.execute(
            f"""
            SELECT s.*, p.name FROM action_steps s LEFT JOIN people p ON p.id = s.author
            WHERE s.action_id IN ({marks_for(action_ids)}) ORDER BY s.seq
            """,
            [*action_ids],
        ):
            step = _step(row, tuple(photos.get(row["seq"], ())))
            found[row["action_id"]] = (*found.get(row["action_id"], ()), step)
        return found


def _conditions(
    clinics: Collection[str] | None, kinds: Sequence[str], wanted: Wanted, days: Mapping[str, date]
) -> tuple[list[str], list[object]]:
    where, given = [f"a.kind IN ({marks_for(kinds)})", STANDS], list[object](kinds)

    def also(condition: str, *values: object) -> None:
        where.append(condition)
        given.extend(values)

    if clinics is not None:
        also(f"a.clinic_id IN ({marks_for(clinics)})", *clinics)
    if wanted.clinic_id:
        also("a.clinic_id = ?", wanted.clinic_id)
    if wanted.state:
        also(*_state(wanted.state))
    if wanted.severity:
        also("a.severity = ?", wanted.severity)
    if wanted.person:
        also("a.person = ?", wanted.person)
    if wanted.overdue:
        today = {zone: day.isoformat() for zone, day in days.items()}
        also("a.turn = 0 AND a.correct_by < ?", max(today.values(), default=""))
        also("a.correct_by < (SELECT value FROM json_each(?) WHERE key = c.time_zone)", to_json(today))
    return where, given


def _state(wanted: str) -> tuple[str, ...]:
    """The condition of a state; the turn leads to the index."""
    several = {"owed": "0", "closed": "2"}
    if wanted in several:
        return (f"a.turn = {several[wanted]}",)
    turn = {OPEN: 0, SENT_BACK: 0, FIXED: 1}.get(wanted, 2)
    return f"a.turn = {turn} AND a.state = ?", wanted


def _step(row: Any, photos: tuple[str, ...]) -> Step:
    return Step(
        kind=row["kind"],
        by=row["name"] or "",
        at=from_instant(row["at"]),
        words=row["words"],
        on=from_day(row["done_on"]) if row["done_on"] else None,
        photos=photos,
        visit=row["visit"],
    )


def _kept(row: Any, steps: tuple[Step, ...]) -> Kept:
    action = Action(
        id=row["id"],
        inspection_id=row["inspection_id"],
        clinic_id=row["clinic_id"],
        item=row["item"],
        number=row["number"],
        person=from_person(row["person"]),
        severity=row["severity"],
        required=row["corrective"],
        citation="",
        seen=row["note"],
        correct_by=from_day(row["correct_by"]),
        steps=steps,
        kind=row["kind"],
        standing=row["standing"],
        stop=bool(row["stop"]),
    )
    return Kept(
        action, row["clinic_name"], row["time_zone"], from_day(row["inspected_on"]), row["checklist_sha"]
    )
