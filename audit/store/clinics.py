"""Clinics and the people who work in them."""

from collections.abc import Collection
from typing import Any

from sqlite_utils import Database

from audit.domain.clinics import Clinic, Practitioner, likeness
from audit.domain.problems import NotFound
from audit.domain.tongue import say
from audit.store.rows import from_json, marks_for, to_json


class ClinicShelf:
    """Clinics, by id, by what is sought in them, by likeness."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def get(self, clinic_id: str) -> Clinic:
        """The clinic of that id.

        Raises:
            NotFound: when there is none.
        """
        found = self.find(clinic_id)
        if found is None:
            raise NotFound(say("There is no such clinic."))
        return found

    def find(self, clinic_id: str) -> Clinic | None:
        row = self._db.execute("SELECT * FROM clinics WHERE id = ?", (clinic_id,)).fetchone()
        return _clinic(row) if row else None

    def page(
        self, reach: Collection[str] | None, text: str, after: tuple[str, str] | None, limit: int
    ) -> list[Clinic]:
        """Clinics by name that hold every word of ``text`` in name, address or permit.

        ``reach`` limits them to these ids (``None``: every clinic); ``after`` is the ``place`` of the last one seen.
        """
        where, given = _sought(reach, text)
        if after is not None:
            where.append("(sort_name, id) > (?, ?)")
            given += after
        condition = f"WHERE {' AND '.join(where)}" if where else ""
        rows = self._db.execute(
            f"SELECT * FROM clinics {condition} ORDER BY sort_name, id LIMIT ?", [*given, limit]
        )
        return [_clinic(row) for row in rows]

    def place(self, clinic: Clinic) -> tuple[str, str]:
        """Where a clinic stands in the list: hand it back as ``after``."""
        return _sort_name(clinic), clinic.id

    def count(self, reach: Collection[str] | None = None) -> int:
        where, given = _sought(reach, "")
        condition = f"WHERE {' AND '.join(where)}" if where else ""
        return int(self._db.execute(f"SELECT count(*) FROM clinics {condition}", given).fetchone()[0])

    def by_permit(self, permit: str) -> Clinic | None:
        """The clinic with that permit, spelling aside."""
        return self._only("permit_likeness = ?", likeness(permit)) if likeness(permit) else None

    def by_likeness(self, name: str, address: str) -> Clinic | None:
        """The clinic with that name at that address, spelling aside."""
        given = likeness(name), likeness(address)
        return self._only("name_likeness = ? AND address_likeness = ?", *given) if all(given) else None

    def _only(self, condition: str, *given: str) -> Clinic | None:
        rows = self._db.execute(
            f"SELECT * FROM clinics WHERE {condition} ORDER BY sort_name, id LIMIT 1", given
        )
        return next(map(_clinic, rows), None)

    def alike(self, name: str, address: str, permit: str) -> list[Clinic]:
        """Clinics with the same permit, the same name or the same address, spelling aside."""
        given = {"name": likeness(name), "address": likeness(address), "permit": likeness(permit)}
        rows = self._db.execute(
            """
            SELECT * FROM clinics
            WHERE (:permit <> '' AND permit_likeness = :permit)
               OR (:name <> '' AND name_likeness = :name)
               OR (:address <> '' AND address_likeness = :address)
            ORDER BY sort_name, id LIMIT 10
            """,
            given,
        )
        return [_clinic(row) for row in rows]

    def add(self, clinic: Clinic) -> None:
        self._db.table("clinics").insert(_row(clinic))

    def change(self, clinic: Clinic) -> None:
        self._db.table("clinics").update(clinic.id, _row(clinic))


class PractitionerShelf:
    """People who work on clients, by clinic."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def get(self, practitioner_id: str) -> Practitioner:
        """The practitioner of that id.

        Raises:
            NotFound: when there is none.
        """
        found = self.find(practitioner_id)
        if found is None:
            raise NotFound(say("There is no such practitioner."))
        return found

    def find(self, practitioner_id: str) -> Practitioner | None:
        row = self._db.execute("SELECT * FROM practitioners WHERE id = ?", (practitioner_id,)).fetchone()
        return _practitioner(row) if row else None

    def active(self) -> tuple[Practitioner, ...]:
        """Everybody who works in a clinic now."""
        return tuple(
            map(_practitioner, self._db.execute("SELECT * FROM practitioners WHERE active ORDER BY name, id"))
        )

    def of(self, clinic_id: str) -> tuple[Practitioner, ...]:
        """Everybody of the clinic, also those who left: a visit may still name them."""
        rows = self._db.execute(
            "SELECT * FROM practitioners WHERE clinic_id = ? ORDER BY name, id", (clinic_id,)
        )
        return tuple(map(_practitioner, rows))

    def add(self, practitioner: Practitioner) -> None:
        self._db.table("practitioners").insert(_practitioner_row(practitioner))

    def change(self, practitioner: Practitioner) -> None:
        self._db.table("practitioners").update(practitioner.id, _practitioner_row(practitioner))


def _sought(reach: Collection[str] | None, text: str) -> tuple[list[str], list[str]]:
    words = text.casefold().split()
    where = ["instr(sought, ?) > 0" for _ in words]
    if reach is not None:
        where.append(f"id IN ({marks_for(reach)})")
    return where, [*words, *(reach or ())]


def _sort_name(clinic: Clinic) -> str:
    return clinic.name.casefold()


def _row(clinic: Clinic) -> dict[str, Any]:
    return {
        "id": clinic.id,
        "name": clinic.name,
        "address": clinic.address,
        "jurisdiction": clinic.jurisdiction,
        "permit": clinic.permit,
        "time_zone": clinic.time_zone,
        "profile": to_json(dict(clinic.profile)),
        "active": int(clinic.active),
        "sort_name": _sort_name(clinic),
        "sought": f"{clinic.name}\n{clinic.address}\n{clinic.permit}".casefold(),
        "name_likeness": likeness(clinic.name),
        "address_likeness": likeness(clinic.address),
        "permit_likeness": likeness(clinic.permit),
    }


def _clinic(row: Any) -> Clinic:
    return Clinic(
        id=row["id"],
        name=row["name"],
        address=row["address"],
        jurisdiction=row["jurisdiction"],
        permit=row["permit"],
        time_zone=row["time_zone"],
        profile=from_json(row["profile"]),
        active=bool(row["active"]),
    )


def _practitioner_row(practitioner: Practitioner) -> dict[str, Any]:
    return {
        "id": practitioner.id,
        "clinic_id": practitioner.clinic,
        "name": practitioner.name,
        "title": practitioner.title,
        "active": int(practitioner.active),
    }


def _practitioner(row: Any) -> Practitioner:
    return Practitioner(row["id"], row["clinic_id"], row["name"], row["title"], bool(row["active"]))
