"""One-time links, by the hash of what stands in them: they come, are used once, and go."""

from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from audit.store.rows import from_instant, to_instant


@dataclass(frozen=True)
class LinkRow:
    """A link that nobody used yet: what it is for, for whom (nobody at the set-up), and when it ends."""

    token_hash: str
    purpose: str
    person_id: str | None
    expires_at: datetime


class LinkShelf:
    """Links that are out."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def get(self, token_hash: str) -> LinkRow | None:
        row = self._db.execute("SELECT * FROM links WHERE token_hash = ?", (token_hash,)).fetchone()
        if row is None:
            return None
        return LinkRow(row["token_hash"], row["purpose"], row["person_id"], from_instant(row["expires_at"]))

    def give_out(self, link: LinkRow) -> None:
        """Put a link out instead of every earlier one for the same purpose and person."""
        self.withdraw(link.purpose, link.person_id)
        self.add(link)

    def add(self, link: LinkRow) -> None:
        """Put a link out beside those that are out."""
        self._db.execute(
            "INSERT INTO links (token_hash, purpose, person_id, expires_at) VALUES (?, ?, ?, ?)",
            (link.token_hash, link.purpose, link.person_id, to_instant(link.expires_at)),
        )

    def withdraw(self, purpose: str, person_id: str | None) -> None:
        self._db.execute("DELETE FROM links WHERE purpose = ? AND person_id IS ?", (purpose, person_id))

    def prune(self, before: datetime) -> int:
        """Remove links that ran out before that; gives how many."""
        return int(self._db.execute("DELETE FROM links WHERE expires_at < ?", (to_instant(before),)).rowcount)

    def use(self, token_hash: str) -> bool:
        """Take the link away; gives whether it was there, so that of two who come at once one is refused."""
        return self._db.execute("DELETE FROM links WHERE token_hash = ?", (token_hash,)).rowcount == 1
