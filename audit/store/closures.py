"""Closures of a visit, and which service of the clinic each finding concerns."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlite_utils import Database

from audit.domain.answers import Key
from audit.domain.closure import Closure
from audit.domain.problems import NotFound
from audit.domain.tongue import say
from audit.store.rows import from_day, from_json, from_person, to_instant, to_json, to_person

_VOID = "EXISTS (SELECT 1 FROM amendments WHERE inspection_id = {0} AND kind = 'void')"
# A follow-up that was declared void opened nothing again.
_ROWS = f"SELECT c.*, {_VOID.format('c.reopened_by')} AS undone FROM closures c"


class ClosureShelf:
    """What a visit closes; once the visit is over, only the opening again is added."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def propose(self, closure: Closure, by: str, at: datetime) -> None:
        self._db.execute(
            """
            INSERT INTO closures (id, inspection_id, scope, subject, items, acts, citation, hearing, since,
                                  proposed_by, proposed_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            (
                closure.id,
                closure.inspection_id,
                closure.scope,
                closure.subject,
                to_json(closure.items),
                closure.acts,
                closure.citation,
                closure.hearing,
                closure.since.isoformat(),
                by,
                to_instant(at),
            ),
        )

    def withdraw(self, closure_id: str) -> None:
        """Take back a closure of a running visit."""
        self._db.execute("DELETE FROM closures WHERE id = ?", (closure_id,))

    def reopen(self, closure_id: str, visit_id: str, on: date) -> bool:
        """End a closure by a later visit; gives whether it was still in force."""
        ended = self._db.execute(
            f"""
            UPDATE closures SET reopened_by = ?, reopened_on = ?
            WHERE id = ? AND (reopened_by IS NULL OR {_VOID.format("reopened_by")})
            """,
            (visit_id, on.isoformat(), closure_id),
        )
        return bool(ended.rowcount == 1)

    def get(self, closure_id: str) -> Closure:
        """The closure of that id.

        Raises:
            NotFound: when there is none.
        """
        row = self._db.execute(f"{_ROWS} WHERE c.id = ?", (closure_id,)).fetchone()
        if row is None:
            raise NotFound(say("There is no such closure."))
        return _closure(row)

    def of_visit(self, inspection_id: str) -> tuple[Closure, ...]:
        """What a visit closes, in the order it was proposed."""
        rows = self._db.execute(
            f"{_ROWS} WHERE c.inspection_id = ? ORDER BY c.proposed_at, c.id", (inspection_id,)
        )
        return tuple(map(_closure, rows))

    def in_force(self, clinic_id: str) -> tuple[Closure, ...]:
        """What sealed visits closed at a clinic and nobody opened again, the oldest first; void visits close nothing."""
        return tuple(one for _, one in self._standing("r.clinic_id = ?", clinic_id))

    def standing(self) -> tuple[tuple[str, Closure], ...]:
        """What stands closed at any clinic, with the clinic's id, the oldest first."""
        return self._standing("true")

    def _standing(self, which: str, *given: str) -> tuple[tuple[str, Closure], ...]:
        """A void visit closes nothing and opens nothing again."""
        rows = self._db.execute(
            f"""
            SELECT c.*, r.clinic_id, {_VOID.format("c.reopened_by")} AS undone FROM closures c JOIN records r ON r.inspection_id = c.inspection_id
            WHERE {which} AND NOT {_VOID.format("c.inspection_id")}
            AND (c.reopened_by IS NULL OR {_VOID.format("c.reopened_by")})
            ORDER BY c.since, c.id
            """,
            given,
        )
        return tuple((row["clinic_id"], _closure(row)) for row in rows)

    def services(self, inspection_id: str) -> Mapping[Key, str]:
        """The services that findings of a visit concern; what is not there concerns the whole establishment."""
        rows = self._db.execute(
            "SELECT * FROM finding_services WHERE inspection_id = ? ORDER BY item, person", (inspection_id,)
        )
        return {(row["item"], from_person(row["person"])): row["service"] for row in rows}

    def concern(self, inspection_id: str, key: Key, service: str) -> None:
        """Say which service a finding concerns; empty is the whole establishment."""
        given = (inspection_id, key[0], to_person(key[1]))
        self._db.execute(
            "DELETE FROM finding_services WHERE inspection_id = ? AND item = ? AND person = ?", given
        )
        if service:
            self._db.execute("INSERT INTO finding_services VALUES (?, ?, ?, ?)", (*given, service))


def _closure(row: Any) -> Closure:
    ended = bool(row["reopened_by"]) and not row["undone"]
    return Closure(
        id=row["id"],
        inspection_id=row["inspection_id"],
        scope=row["scope"],
        subject=row["subject"],
        items=tuple(from_json(row["items"])),
        acts=row["acts"],
        citation=row["citation"],
        hearing=row["hearing"],
        since=from_day(row["since"]),
        reopened_by=row["reopened_by"] if ended else None,
        reopened_on=from_day(row["reopened_on"]) if ended else None,
    )
