"""The public cards: one name per clinic for good, and whether it is shown."""

from typing import Any

from sqlite_utils import Database

from audit.domain.public import PublicCard


class PublicCardShelf:
    """Cards by clinic and by name."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def of(self, clinic_id: str) -> PublicCard | None:
        return self._one("clinic_id = ?", clinic_id)

    def named(self, name: str) -> PublicCard | None:
        return self._one("name = ?", name)

    def keep(self, card: PublicCard) -> None:
        """Keep what was decided; the name of a clinic's card never changes."""
        self._db.execute(
            """
            INSERT INTO public_cards (clinic_id, name, shown, inspector) VALUES (?, ?, ?, ?)
            ON CONFLICT (clinic_id) DO UPDATE SET shown = excluded.shown, inspector = excluded.inspector
            """,
            (card.clinic_id, card.name, int(card.shown), int(card.inspector)),
        )

    def _one(self, condition: str, value: str) -> PublicCard | None:
        row: Any = self._db.execute(f"SELECT * FROM public_cards WHERE {condition}", (value,)).fetchone()
        if row is None:
            return None
        return PublicCard(row["clinic_id"], row["name"], bool(row["shown"]), bool(row["inspector"]))
