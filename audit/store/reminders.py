"""What people were reminded of, what they do not want to hear, and who was looked at today."""

from collections.abc import Iterable
from datetime import date, datetime

from sqlite_utils import Database

from audit.store.database import many
from audit.store.rows import to_instant

Key = tuple[str, str, str]  # kind, about, notice


class ReminderShelf:
    """A row for each person, thing and notice that was told; nobody is told twice."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def claim(self, person_id: str, day: date) -> bool:
        """Take a person for the day; gives false to whoever comes second."""
        taken = self._db.execute(
            """
            INSERT INTO reminder_days (person_id, day) VALUES (?, ?)
            ON CONFLICT (person_id) DO UPDATE SET day = excluded.day WHERE day < excluded.day
            """,
            (person_id, day.isoformat()),
        )
        return bool(taken.rowcount == 1)

    def looked_at(self, person_id: str) -> str:
        """The day a person was last taken; empty for never."""
        row = self._db.execute("SELECT day FROM reminder_days WHERE person_id = ?", (person_id,)).fetchone()
        return row["day"] if row else ""

    def told(self, person_id: str) -> frozenset[Key]:
        rows = self._db.execute("SELECT kind, about, notice FROM reminders WHERE person_id = ?", (person_id,))
        return frozenset((row["kind"], row["about"], row["notice"]) for row in rows)

    def tell(self, person_id: str, keys: Iterable[Key], at: datetime) -> None:
        moment = to_instant(at)
        many(
            self._db,
            "INSERT INTO reminders (person_id, kind, about, notice, told_at) VALUES (?, ?, ?, ?, ?)"
            " ON CONFLICT DO NOTHING",
            [(person_id, *key, moment) for key in keys],
        )

    def untell(self, person_id: str, moments: Iterable[datetime]) -> None:
        """What a person was told at these moments never reached them; it is to be told again."""
        many(
            self._db,
            "DELETE FROM reminders WHERE person_id = ? AND told_at = ?",
            [(person_id, to_instant(moment)) for moment in moments],
        )

    def off(self, person_id: str) -> frozenset[str]:
        """The kinds a person does not want letters about."""
        rows = self._db.execute("SELECT kind FROM reminders_off WHERE person_id = ?", (person_id,))
        return frozenset(row["kind"] for row in rows)

    def turn_off(self, person_id: str, kinds: Iterable[str]) -> None:
        """Exactly these kinds are off from now on."""
        self._db.execute("DELETE FROM reminders_off WHERE person_id = ?", (person_id,))
        many(
            self._db,
            "INSERT INTO reminders_off (person_id, kind) VALUES (?, ?)",
            [(person_id, kind) for kind in sorted(set(kinds))],
        )

    def keep_link(self, token_hash: str, person_id: str, at: datetime) -> None:
        """A link in a letter by which its reader turns letters off."""
        self._db.execute(
            "INSERT INTO reminder_links (token_hash, person_id, made_at) VALUES (?, ?, ?)",
            (token_hash, person_id, to_instant(at)),
        )

    def person_of(self, token_hash: str) -> str:
        """Whose link that is; empty when nobody's."""
        row = self._db.execute(
            "SELECT person_id FROM reminder_links WHERE token_hash = ?", (token_hash,)
        ).fetchone()
        return row["person_id"] if row else ""

    def drop_links(self, person_id: str) -> None:
        """No letter that a person got so far turns anything off any more."""
        self._db.execute("DELETE FROM reminder_links WHERE person_id = ?", (person_id,))

    def prune_links(self, before: datetime) -> int:
        """Remove links that were made before; gives how many."""
        done = self._db.execute("DELETE FROM reminder_links WHERE made_at < ?", (to_instant(before),))
        return int(done.rowcount)
