"""People who sign in, with the hashes of their passwords."""

from typing import Any

from sqlite_utils import Database

from audit.domain.people import Person
from audit.domain.problems import NotFound
from audit.domain.tongue import say

_SELECT = """
    SELECT p.id, p.login, p.name, p.role, p.active, p.language, p.email, p.password,
           (SELECT group_concat(clinic_id, ' ') FROM person_clinics WHERE person_id = p.id) AS clinics,
           -- Whoever left a clinic reaches nothing there any more; who they were there stays known.
           (SELECT group_concat(w.id || ' ' || iif(w.active, w.clinic_id, '-'), ' ') FROM person_practitioners one
            JOIN practitioners w ON w.id = one.practitioner_id WHERE one.person_id = p.id) AS works
    FROM people p
"""


class PeopleShelf:
    """Everybody with a sign-in."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def get(self, person_id: str) -> Person:
        """The person of that id.

        Raises:
            NotFound: when there is none.
        """
        found = self.find(person_id)
        if found is None:
            raise NotFound(say("There is no such person."))
        return found

    def find(self, person_id: str) -> Person | None:
        row = self._db.execute(_SELECT + "WHERE p.id = ?", (person_id,)).fetchone()
        return _person(row) if row else None

    def by_login(self, login: str) -> tuple[Person, str] | None:
        """The person of that (folded) login and the hash of the password."""
        row = self._db.execute(_SELECT + "WHERE p.login = ?", (login,)).fetchone()
        return (_person(row), row["password"]) if row else None

    def password_of(self, person_id: str) -> str:
        row = self._db.execute("SELECT password FROM people WHERE id = ?", (person_id,)).fetchone()
        return str(row["password"]) if row else ""

    def all(self) -> tuple[Person, ...]:
        return tuple(map(_person, self._db.execute(_SELECT + "ORDER BY p.name, p.id")))

    def of_practitioner(self, practitioner_id: str) -> tuple[Person, ...]:
        """Who signs in as that practitioner."""
        rows = self._db.execute(
            _SELECT + "WHERE p.id IN (SELECT person_id FROM person_practitioners WHERE practitioner_id = ?)"
            " ORDER BY p.name, p.id",
            (practitioner_id,),
        )
        return tuple(map(_person, rows))

    def any(self) -> bool:
        return self._db.execute("SELECT 1 FROM people LIMIT 1").fetchone() is not None

    def add(self, person: Person, password: str) -> None:
        """Add a person; ``password`` is a hash."""
        self._db.table("people").insert(_row(person) | {"password": password})
        self._keep_clinics(person)

    def change(self, person: Person) -> None:
        self._db.table("people").update(person.id, _row(person))
        self._keep_clinics(person)

    def keep_password(self, person_id: str, password: str) -> None:
        self._db.execute("UPDATE people SET password = ? WHERE id = ?", (password, person_id))

    def _keep_clinics(self, person: Person) -> None:
        self._db.execute("DELETE FROM person_clinics WHERE person_id = ?", (person.id,))
        self._db.execute("DELETE FROM person_practitioners WHERE person_id = ?", (person.id,))
        # Where a practitioner works follows from who they are there.
        for clinic in () if person.practitioners else sorted(person.clinics):
            self._db.execute("INSERT INTO person_clinics VALUES (?, ?)", (person.id, clinic))
        for practitioner in sorted(person.practitioners):
            self._db.execute("INSERT INTO person_practitioners VALUES (?, ?)", (person.id, practitioner))


def _row(person: Person) -> dict[str, Any]:
    return {
        "id": person.id,
        "login": person.login,
        "name": person.name,
        "role": person.role,
        "active": int(person.active),
        "language": person.language,
        "email": person.email,
    }


def _person(row: Any) -> Person:
    works = (row["works"] or "").split()
    places = frozenset(works[1::2]) - {"-"}
    return Person(
        id=row["id"],
        login=row["login"],
        name=row["name"],
        role=row["role"],
        clinics=frozenset((row["clinics"] or "").split()) | places,
        active=bool(row["active"]),
        language=row["language"],
        email=row["email"],
        practitioners=frozenset(works[::2]),
    )
