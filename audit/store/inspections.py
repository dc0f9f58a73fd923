"""The visits themselves: their facts and people, their life, and the list of them."""

from collections.abc import Collection
from datetime import datetime
from functools import lru_cache
from typing import Any, Protocol

from audit.domain.amendments import VOID
from audit.domain.inspections import RUNNING, SEALED, SELF_AUDIT, Inspection
from audit.domain.problems import BadInput, Fault, NotFound, Stale
from audit.domain.tongue import say
from audit.store.amendments import NEWEST
from audit.store.answers import AnswerShelf
from audit.store.rows import (
    from_day,
    from_instant,
    from_json,
    marks_for,
    maybe_from_instant,
    maybe_to_instant,
    to_instant,
    to_json,
)

_BETWEEN = "~"
FEW_CLINICS = 50


class Wanted(Protocol):
    """Which visits a list shows; an empty text means any."""

    @property
    def clinic_id(self) -> str: ...
    @property
    def state(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def text(self) -> str: ...


class InspectionShelf(AnswerShelf):
    """All inspections and self-audits."""

    def get(self, inspection_id: str) -> Inspection:
        """The inspection of that id.

        Raises:
            NotFound: when there is none.
        """
        found = self.find(inspection_id)
        if found is None:
            raise NotFound(say("There is no such visit."))
        return found

    def find(self, inspection_id: str) -> Inspection | None:
        row = self._db.execute("SELECT * FROM inspections WHERE id = ?", (inspection_id,)).fetchone()
        return _inspection(row) if row else None

    def ids(self, state: str) -> list[str]:
        """All visits in that state."""
        return [row["id"] for row in self._db.execute("SELECT id FROM inspections WHERE state = ?", (state,))]

    def add(self, inspection: Inspection) -> None:
        row = _row(inspection)
        self._db.execute(
            f"INSERT INTO inspections ({', '.join(row)}) VALUES ({marks_for(row)})", [*row.values()]
        )

    def change(self, inspection: Inspection, base_rev: int) -> None:
        """Keep facts, people, remarks, state and revision of a visit that was seen at ``base_rev``.

        Raises:
            Stale: when somebody else changed it since.
        """
        row = _row(inspection) | {"base_rev": base_rev}
        names = ", ".join(f"{name} = :{name}" for name in row if name not in ("id", "base_rev"))
        changed = self._db.execute(f"UPDATE inspections SET {names} WHERE id = :id AND rev = :base_rev", row)
        if changed.rowcount != 1:
            raise Stale(say("Somebody else changed this visit meanwhile. Look again, then change it."))

    def sealed_before(self, clinic_id: str) -> int:
        """How many inspections of the clinic were sealed and not declared void: 0 means the next one is the first."""
        row = self._db.execute(
            """
            SELECT count(*) FROM records r WHERE clinic_id = ? AND kind <> ? AND NOT EXISTS (
                SELECT 1 FROM amendments a WHERE a.inspection_id = r.inspection_id AND a.kind = ?)
            """,
            (clinic_id, SELF_AUDIT, VOID),
        ).fetchone()
        return int(row[0])

    def showing(self, sha256: str) -> tuple[Inspection, ...]:
        """The visits that show a photo."""
        rows = self._db.execute(
            """
            SELECT * FROM inspections WHERE id IN (SELECT inspection_id FROM photo_links WHERE sha256 = ?)
            ORDER BY started_at, id
            """,
            (sha256,),
        )
        return tuple(map(_inspection, rows))

    def running_of(self, clinic_ids: Collection[str]) -> tuple[Inspection, ...]:
        """The running visits of these clinics, newest first."""
        rows = self._db.execute(
            f"""
            SELECT * FROM inspections WHERE state = ? AND clinic_id IN ({marks_for(clinic_ids)})
            ORDER BY started_at DESC, id DESC
            """,
            [RUNNING, *clinic_ids],
        )
        return tuple(map(_inspection, rows))

    def at_hand(
        self, kind: str, person_id: str, clinics: Collection[str] | None, since: datetime, most: int
    ) -> list[str]:
        """The ids of visits a tablet holds, newest first: somebody's own that run or were sealed since, and of
        these clinics every running one."""
        own = "inspector_id = ?"
        theirs = f"({own} OR clinic_id IN ({marks_for(clinics)}))" if clinics else own
        given = [person_id, *(clinics or ())]
        rows = self._db.execute(
            f"""
            SELECT id FROM (
                SELECT id, started_at FROM inspections WHERE state = ? AND kind = ? AND {theirs}
                UNION ALL
                SELECT id, started_at FROM inspections
                WHERE state = ? AND kind = ? AND finished_at >= ? AND {own}
            ) ORDER BY started_at DESC, id DESC LIMIT ?
            """,
            [RUNNING, kind, *given, SEALED, kind, to_instant(since), person_id, most],
        )
        return [row["id"] for row in rows]

    def page(
        self, clinics: Collection[str] | None, owner: bool, wanted: Wanted, after: str | None, limit: int
    ) -> tuple[list[dict[str, Any]], str | None]:
        """Visits, newest first, and where the next page begins (or none).

        ``clinics`` limits them to these ids. The owner of a clinic sees its inspections once they are sealed;
        everybody else sees self-audits once they are sealed. ``status``, ``score_tenths`` (tenths of a point) and
        ``findings`` are none until the seal, and as amended after it; ``amended`` counts the amendments.
        """
        where, given = _conditions(clinics, owner, wanted, after)
        if wanted.text.strip():
            condition, ids = self._in_clinics_sought(wanted.text)
            where, given = [*where, condition], [*given, *ids]
        # The inner question is answered from an index alone; only the lines of this page are looked up.
        found = self._db.execute(
            f"""
            SELECT i.id, i.clinic_id, c.name AS clinic_name, i.kind, i.purpose, i.state, i.inspected_on,
                   i.inspector_name, i.started_at, ifnull(a.number, 0) AS amended, ifnull(a.kind, '') = '{VOID}' AS void,
                   iif(a.number, a.status, r.status) AS status, iif(a.number, a.findings, r.findings) AS findings,
                   iif(a.number, a.score_tenths, r.score_tenths) AS score_tenths
            FROM (SELECT i.id FROM inspections i WHERE {" AND ".join(where)}
                  ORDER BY i.started_at DESC, i.id DESC LIMIT ?) page
            JOIN inspections i ON i.id = page.id JOIN clinics c ON c.id = i.clinic_id
            LEFT JOIN records r ON r.inspection_id = i.id
            LEFT JOIN amendments a ON a.inspection_id = i.id AND a.number = {NEWEST.format("i.id")}
            ORDER BY i.started_at DESC, i.id DESC
            """,
            [*given, limit + 1],
        )
        rows = [dict(row) for row in found]
        following = (
            f"{rows[limit - 1]['started_at']}{_BETWEEN}{rows[limit - 1]['id']}" if rows[limit:] else None
        )
        return rows[:limit], following

    def _in_clinics_sought(self, text: str) -> tuple[str, list[str]]:
        """The condition that the clinic holds every word of the text.

        The visits of few clinics are found by clinic; of many, by going back in time and looking at each: the
        unary plus says so, because the planner cannot know.
        """
        words = text.casefold().split()
        holds = " AND ".join("instr(sought, ?) > 0" for _ in words)
        ids = [row["id"] for row in self._db.execute(f"SELECT id FROM clinics WHERE {holds}", words)]
        if len(ids) <= FEW_CLINICS:
            return f"i.clinic_id IN ({marks_for(ids)})", ids
        return f"+i.clinic_id IN (SELECT id FROM clinics WHERE {holds})", words


def _conditions(
    clinics: Collection[str] | None, owner: bool, wanted: Wanted, after: str | None
) -> tuple[list[str], list[str]]:
    foreign = "i.kind <> ?" if owner else "i.kind = ?"
    where, given = [f"NOT ({foreign} AND i.state <> ?)"], [SELF_AUDIT, SEALED]

    def also(condition: str, *values: str) -> None:
        where.append(condition)
        given.extend(values)

    if clinics is not None:
        also(f"i.clinic_id IN ({marks_for(clinics)})", *clinics)
    if wanted.clinic_id:
        also("i.clinic_id = ?", wanted.clinic_id)
    if wanted.state:
        also("i.state = ?", wanted.state)
    if wanted.kind:
        also("i.kind = ?", wanted.kind)
    if after:
        also("(i.started_at, i.id) < (?, ?)", *_place(after))
    return where, given


def _place(after: str) -> tuple[str, str]:
    started_at, _, inspection_id = after.partition(_BETWEEN)
    try:
        return to_instant(from_instant(started_at)), inspection_id
    except ValueError as error:
        raise BadInput([Fault("after", say("There is no such page."))]) from error


def _row(inspection: Inspection) -> dict[str, Any]:
    return {
        "id": inspection.id,
        "clinic_id": inspection.clinic_id,
        "checklist_sha": inspection.checklist_sha,
        "kind": inspection.kind,
        "purpose": inspection.purpose,
        "state": inspection.state,
        "started_at": to_instant(inspection.started_at),
        "finished_at": maybe_to_instant(inspection.finished_at),
        "inspected_on": inspection.inspected_on.isoformat(),
        "time_zone": inspection.time_zone,
        "inspector_id": inspection.inspector_id,
        "inspector_name": inspection.inspector_name,
        "profile": to_json(dict(inspection.profile)),
        "facts": to_json(dict(inspection.facts)),
        "practitioners": to_json(inspection.practitioners),
        "present": to_json(inspection.present),
        "remarks": inspection.remarks,
        "set_aside_reason": inspection.set_aside_reason,
        "scope": to_json(inspection.scope),
        "rev": inspection.rev,
    }


def _inspection(row: Any) -> Inspection:
    return _read(tuple(row.keys()), tuple(row))


@lru_cache(maxsize=64)
def _read(names: tuple[str, ...], values: tuple[Any, ...]) -> Inspection:
    """An inspection is looked up with every step and seldom another one than before."""
    row = dict(zip(names, values, strict=True))
    return Inspection(
        id=row["id"],
        clinic_id=row["clinic_id"],
        checklist_sha=row["checklist_sha"],
        kind=row["kind"],
        purpose=row["purpose"],
        state=row["state"],
        started_at=from_instant(row["started_at"]),
        finished_at=maybe_from_instant(row["finished_at"]),
        inspected_on=from_day(row["inspected_on"]),
        time_zone=row["time_zone"],
        inspector_id=row["inspector_id"],
        inspector_name=row["inspector_name"],
        profile=from_json(row["profile"]),
        facts=from_json(row["facts"]),
        practitioners=tuple(from_json(row["practitioners"])),
        present=tuple(from_json(row["present"])),
        remarks=row["remarks"],
        set_aside_reason=row["set_aside_reason"],
        scope=tuple(from_json(row["scope"])),
        rev=row["rev"],
    )
