"""Lots that came to clinics, by clinic and by the number on the pack."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from audit.domain.clinics import likeness
from audit.domain.lots import Lot
from audit.store.recalls import MEANS
from audit.store.rows import from_day, from_instant, marks_for, to_instant


@dataclass(frozen=True)
class LotRow:
    """A lot, the clinic it came to by name, and who entered it when."""

    lot: Lot
    clinic_name: str
    author: str
    at: datetime


_ROWS = f"""
    SELECT l.*, c.name AS clinic_name, ifnull((
        SELECT r.reason FROM recalls r WHERE r.ended_at IS NULL AND {MEANS} ORDER BY r.made_at LIMIT 1), '') AS recall
    FROM lots l JOIN clinics c ON c.id = l.clinic_id WHERE l.removed = 0
"""


class LotShelf:
    """Lots. None is ever deleted."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def find(self, lot_id: str) -> LotRow | None:
        row = self._db.execute(f"{_ROWS} AND l.id = ?", (lot_id,)).fetchone()
        return _row_of(row) if row else None

    def of(self, clinic_id: str, at_most: int = 500) -> tuple[LotRow, ...]:
        """The lots of a clinic, those in use first, then the newest."""
        rows = self._db.execute(
            f"{_ROWS} AND l.clinic_id = ? ORDER BY l.used_up_on IS NOT NULL, l.received_on DESC, l.id LIMIT ?",
            (clinic_id, at_most),
        )
        return tuple(map(_row_of, rows))

    def sought(self, text: str, clinics: Collection[str] | None, at_most: int) -> tuple[LotRow, ...]:
        """Every lot whose number begins like that, spelling aside, at these clinics (``None``: at all)."""
        begins = likeness(text)
        where, given = "", [begins, begins + "\U0010ffff"]
        if clinics is not None:
            where, given = f"AND l.clinic_id IN ({marks_for(clinics)})", [*given, *clinics]
        rows = self._db.execute(
            f"{_ROWS} AND l.lot_likeness >= ? AND l.lot_likeness < ? {where}"
            " ORDER BY l.lot_likeness, c.sort_name, l.id LIMIT ?",
            [*given, at_most],
        )
        return tuple(map(_row_of, rows))

    def showing(self, sha256: str) -> tuple[str, ...]:
        """The ids of the clinics with a lot of that photo."""
        rows = self._db.execute("SELECT DISTINCT clinic_id FROM lots WHERE photo = ?", (sha256,))
        return tuple(row["clinic_id"] for row in rows)

    def add(self, lot: Lot, author: str, at: datetime) -> None:
        self._db.table("lots").insert(_row(lot) | {"author": author, "at": to_instant(at)})

    def change(self, lot: Lot) -> None:
        """Keep a lot as it was entered anew; its revision goes up by one."""
        self._db.table("lots").update(lot.id, _row(lot) | {"rev": lot.rev + 1})

    def remove(self, lot_id: str) -> None:
        self._db.execute("UPDATE lots SET removed = 1 WHERE id = ?", (lot_id,))


def _row(lot: Lot) -> dict[str, Any]:
    return {
        "id": lot.id,
        "clinic_id": lot.clinic_id,
        "kind": lot.kind,
        "maker": lot.maker,
        "maker_likeness": likeness(lot.maker),
        "product": lot.product,
        "lot": lot.lot,
        "lot_likeness": likeness(lot.lot),
        "expires": lot.expires.isoformat() if lot.expires else None,
        "certificate": lot.certificate,
        "photo": lot.photo,
        "received_on": lot.received_on.isoformat(),
        "used_up_on": lot.used_up_on.isoformat() if lot.used_up_on else None,
        "rev": lot.rev,
    }


def _row_of(row: Any) -> LotRow:
    lot = Lot(
        id=row["id"],
        clinic_id=row["clinic_id"],
        kind=row["kind"],
        maker=row["maker"],
        product=row["product"],
        lot=row["lot"],
        received_on=from_day(row["received_on"]),
        expires=from_day(row["expires"]) if row["expires"] else None,
        certificate=row["certificate"],
        photo=row["photo"],
        used_up_on=from_day(row["used_up_on"]) if row["used_up_on"] else None,
        rev=row["rev"],
        recall=row["recall"],
    )
    return LotRow(lot, row["clinic_name"], row["author"], from_instant(row["at"]))
