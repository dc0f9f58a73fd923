"""Links by which a clinic answers the findings of one visit without an account, by the hash of what stands in them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from audit.store.rows import from_instant, marks_for, maybe_from_instant, to_instant
from audit.store.vault import Vault

OPENED, ANSWERED = "opened", "answered"
# Where a link stands: in somebody's hands, in a letter to who made it; else the kind of report it is printed in.
BY_HAND, IN_LETTER = "", "letter"


@dataclass(frozen=True)
class FixLink:
    """A link to the findings of a visit: who made it and when, when it ends, and when somebody ended it before.

    One in a letter is its reader's, one in a report is nobody's: they end when who knew them may know no more.
    """

    id: str
    token_hash: str
    inspection_id: str
    made_by: str
    made_at: datetime
    expires_at: datetime
    revoked_at: datetime | None = None
    place: str = BY_HAND

    def works(self, now: datetime) -> bool:
        return self.revoked_at is None and now < self.expires_at


class FixLinkShelf:
    """Links that were given out. They end, and stay."""

    def __init__(self, db: Database, data: Path) -> None:
        self._db, self._vault = db, Vault(data)

    def give_out(self, link: FixLink, token: str = "") -> None:
        """Keep a link; with its token when it has to be shown again, hidden under the installation's key."""
        hidden = self._vault.hide(token, _about(link)) if token else ""
        self._db.execute(
            """
            INSERT INTO fix_links (id, token_hash, inspection_id, made_by, made_at, expires_at, place, hidden)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            """,
            (
                link.id,
                link.token_hash,
                link.inspection_id,
                link.made_by,
                to_instant(link.made_at),
                to_instant(link.expires_at),
                link.place,
                hidden,
            ),
        )

    def token(self, link: FixLink) -> str:
        """What stands in a link that is shown again; empty when it is not known here (any more)."""
        row = self._db.execute("SELECT hidden FROM fix_links WHERE id = ?", (link.id,)).fetchone()
        return self._vault.show(row["hidden"], _about(link)) if row and row["hidden"] else ""

    def by_token(self, token_hash: str) -> FixLink | None:
        row = self._db.execute("SELECT * FROM fix_links WHERE token_hash = ?", (token_hash,)).fetchone()
        return _link(row) if row else None

    def find(self, link_id: str) -> FixLink | None:
        row = self._db.execute("SELECT * FROM fix_links WHERE id = ?", (link_id,)).fetchone()
        return _link(row) if row else None

    def of_visit(self, inspection_id: str) -> tuple[FixLink, ...]:
        """All that were made for a visit, the newest first."""
        rows = self._db.execute(
            "SELECT * FROM fix_links WHERE inspection_id = ? ORDER BY made_at DESC, id", (inspection_id,)
        )
        return tuple(map(_link, rows))

    def made_by(self, person_id: str, clinics: Collection[str]) -> tuple[FixLink, ...]:
        """Those that somebody made for visits of these clinics and nobody ended."""
        rows = self._db.execute(
            f"""
            SELECT l.* FROM fix_links l JOIN inspections i ON i.id = l.inspection_id
            WHERE l.made_by = ? AND l.revoked_at IS NULL AND i.clinic_id IN ({marks_for(clinics)}) ORDER BY l.id
            """,
            [person_id, *clinics],
        )
        return tuple(map(_link, rows))

    def in_reports(self, clinics: Collection[str]) -> tuple[FixLink, ...]:
        """Those that stand in reports of these clinics and nobody ended."""
        rows = self._db.execute(
            f"""
            SELECT l.* FROM fix_links l JOIN inspections i ON i.id = l.inspection_id
            WHERE l.place NOT IN (?, ?) AND l.revoked_at IS NULL AND i.clinic_id IN ({marks_for(clinics)}) ORDER BY l.id
            """,
            [BY_HAND, IN_LETTER, *clinics],
        )
        return tuple(map(_link, rows))

    def revoke(self, link_id: str, at: datetime) -> bool:
        """End a link; gives whether it had not been ended before."""
        ended = self._db.execute(
            "UPDATE fix_links SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL",
            (to_instant(at), link_id),
        )
        return bool(ended.rowcount == 1)

    def used(self, link_id: str, deed: str, at: datetime) -> None:
        """Remember that it was opened, or answered with."""
        self._db.execute(
            "INSERT INTO fix_uses (link, at, deed) VALUES (?, ?, ?)", (link_id, to_instant(at), deed)
        )

    def uses(self, link_id: str, deed: str, since: datetime) -> int:
        """How often since then."""
        row = self._db.execute(
            "SELECT count(*) AS number FROM fix_uses WHERE link = ? AND deed = ? AND at > ?",
            (link_id, deed, to_instant(since)),
        ).fetchone()
        return int(row["number"])

    def last_use(self, link_id: str) -> datetime | None:
        row = self._db.execute("SELECT max(at) AS at FROM fix_uses WHERE link = ?", (link_id,)).fetchone()
        return maybe_from_instant(row["at"])


def _link(row: Any) -> FixLink:
    return FixLink(
        id=row["id"],
        token_hash=row["token_hash"],
        inspection_id=row["inspection_id"],
        made_by=row["made_by"],
        made_at=from_instant(row["made_at"]),
        expires_at=from_instant(row["expires_at"]),
        revoked_at=maybe_from_instant(row["revoked_at"]),
        place=row["place"],
    )


def _about(link: FixLink) -> str:
    return f"fix-link {link.id}"
