"""Papers of clinics and of the people who work there: those that count, and those they replaced."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlite_utils import Database

from audit.domain.credentials import Credential
from audit.domain.problems import NotFound
from audit.domain.tongue import say
from audit.store.rows import (
    from_day,
    from_instant,
    from_json,
    from_person,
    marks_for,
    to_instant,
    to_json,
    to_person,
)


@dataclass(frozen=True)
class Entered:
    """A paper, and who entered it as it stands, when."""

    paper: Credential
    by: str
    at: datetime


class CredentialShelf:
    """Papers, by clinic. None is ever deleted."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def get(self, paper_id: str) -> Entered:
        """The paper of that id.

        Raises:
            NotFound: when there is none.
        """
        found = self.find(paper_id)
        if found is None:
            raise NotFound(say("There is no such paper."))
        return found

    def find(self, paper_id: str) -> Entered | None:
        row = self._db.execute("SELECT * FROM credentials WHERE id = ?", (paper_id,)).fetchone()
        return _entered(row) if row else None

    def of(self, clinic_id: str) -> tuple[Entered, ...]:
        """All papers of a clinic and its people that were not removed, the newest entry first."""
        rows = self._db.execute(
            "SELECT * FROM credentials WHERE clinic_id = ? AND removed = 0 ORDER BY entered_at DESC, id",
            (clinic_id,),
        )
        return tuple(map(_entered, rows))

    def showing(self, sha256: str) -> tuple[Credential, ...]:
        """The papers with that scan."""
        rows = self._db.execute("SELECT * FROM credentials WHERE scan = ?", (sha256,))
        return tuple(_entered(row).paper for row in rows)

    def clinics_with(self, clinics: Collection[str] | None) -> tuple[str, ...]:
        """The ids of the clinics (of these; ``None``: of all) that have any paper."""
        where = "" if clinics is None else f"WHERE clinic_id IN ({marks_for(clinics)})"
        rows = self._db.execute(f"SELECT DISTINCT clinic_id FROM credentials {where}", [*(clinics or ())])
        return tuple(row["clinic_id"] for row in rows)

    def successor(self, paper_id: str) -> Entered | None:
        """The paper that replaced this one."""
        row = self._db.execute(
            "SELECT * FROM credentials WHERE replaces = ? AND removed = 0", (paper_id,)
        ).fetchone()
        return _entered(row) if row else None

    def add(self, paper: Credential, by: str, at: datetime) -> None:
        row = _row(paper) | {"entered_by": by, "entered_at": to_instant(at)}
        self._db.table("credentials").insert(row)

    def change(self, paper: Credential, by: str, at: datetime) -> None:
        """Keep a paper as it was entered anew; its revision goes up by one."""
        row = _row(paper) | {"entered_by": by, "entered_at": to_instant(at), "rev": paper.rev + 1}
        self._db.table("credentials").update(paper.id, row)

    def saw(self, paper_id: str, displayed: bool, on: date) -> None:
        """What was seen of a paper on the wall."""
        self._db.execute(
            "UPDATE credentials SET displayed = ?, seen_on = ? WHERE id = ?",
            (int(displayed), on.isoformat(), paper_id),
        )

    def remove(self, paper_id: str) -> None:
        self._db.execute("UPDATE credentials SET removed = 1 WHERE id = ?", (paper_id,))


def _row(paper: Credential) -> dict[str, Any]:
    return {
        "id": paper.id,
        "clinic_id": paper.clinic_id,
        "holder": to_person(paper.holder),
        "kind": paper.kind,
        "number": paper.number,
        "issuer": paper.issuer,
        "issued": paper.issued.isoformat() if paper.issued else None,
        "expires": paper.expires.isoformat() if paper.expires else None,
        "covers": to_json(paper.covers),
        "place": paper.place,
        "displayed": None if paper.displayed is None else int(paper.displayed),
        "seen_on": paper.seen_on.isoformat() if paper.seen_on else None,
        "scan": paper.scan,
        "replaces": paper.replaces,
        "rev": paper.rev,
    }


def _entered(row: Any) -> Entered:
    paper = Credential(
        id=row["id"],
        clinic_id=row["clinic_id"],
        kind=row["kind"],
        holder=from_person(row["holder"]),
        number=row["number"],
        issuer=row["issuer"],
        issued=from_day(row["issued"]) if row["issued"] else None,
        expires=from_day(row["expires"]) if row["expires"] else None,
        covers=tuple(from_json(row["covers"])),
        displayed=None if row["displayed"] is None else bool(row["displayed"]),
        scan=row["scan"],
        rev=row["rev"],
        place=row["place"],
        seen_on=from_day(row["seen_on"]) if row["seen_on"] else None,
        replaces=row["replaces"],
        removed=bool(row["removed"]),
    )
    return Entered(paper, row["entered_by"], from_instant(row["entered_at"]))
