"""Who is signed in, and who failed to: rows that come and go, kept apart from everything that must stay."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlite_utils import Database

from audit.store.rows import from_instant, to_instant


@dataclass(frozen=True)
class SessionRow:
    """One sign-in, by the hash of its token.

    ``device`` says in a few words what browser it is; ``proved_at`` when the person last proved to be who they are;
    ``half``: the password was right, and the second factor is still to come.
    """

    token_hash: str
    person_id: str
    address: str
    created_at: datetime
    seen_at: datetime
    proved_at: datetime
    device: str = ""
    half: bool = False


@dataclass(frozen=True)
class Failures:
    """How often signing in failed lately, and when it did so last."""

    count: int
    last: datetime | None


class SessionShelf:
    """Sessions and failed sign-ins."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def open(self, session: SessionRow) -> None:
        self._db.execute(
            """
            INSERT INTO sessions (token_hash, person_id, address, created_at, seen_at, proved_at, device, half)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            """,
            (
                session.token_hash,
                session.person_id,
                session.address,
                to_instant(session.created_at),
                to_instant(session.seen_at),
                to_instant(session.proved_at),
                session.device,
                int(session.half),
            ),
        )

    def get(self, token_hash: str) -> SessionRow | None:
        """The session, unless it was ended."""
        row = self._db.execute(
            "SELECT * FROM sessions WHERE token_hash = ? AND ended_at IS NULL", (token_hash,)
        ).fetchone()
        return _session(row) if row else None

    def of(self, person_id: str) -> tuple[SessionRow, ...]:
        """A person's sessions that were not ended, latest use first. Some may be over by their age."""
        rows = self._db.execute(
            "SELECT * FROM sessions WHERE person_id = ? AND ended_at IS NULL AND half = 0 ORDER BY seen_at DESC",
            (person_id,),
        )
        return tuple(map(_session, rows))

    def proved(self, token_hash: str, at: datetime) -> None:
        """Note that whoever holds the session proved to be its person."""
        self._db.execute(
            "UPDATE sessions SET proved_at = ? WHERE token_hash = ?", (to_instant(at), token_hash)
        )

    def ask(self, token_hash: str, challenge: str) -> None:
        """What a passkey is to sign, of this session; an earlier one is asked no more."""
        self._db.execute("UPDATE sessions SET challenge = ? WHERE token_hash = ?", (challenge, token_hash))

    def take_challenge(self, token_hash: str) -> str:
        """What was asked last, once; empty when nothing was, or the session ended."""
        row = self._db.execute(
            "SELECT challenge FROM sessions WHERE token_hash = ? AND ended_at IS NULL", (token_hash,)
        ).fetchone()
        self.ask(token_hash, "")
        return str(row["challenge"]) if row else ""

    def is_familiar_browser(self, person_id: str, token_hash: str) -> bool:
        """Did this person sign in with this browser before?"""
        row = self._db.execute(
            "SELECT 1 FROM familiar_browsers WHERE token_hash = ? AND person_id = ?", (token_hash, person_id)
        ).fetchone()
        return row is not None

    def is_known_browser(self, token_hash: str) -> bool:
        """Did anybody sign in with this browser before?"""
        row = self._db.execute(
            "SELECT 1 FROM familiar_browsers WHERE token_hash = ? LIMIT 1", (token_hash,)
        ).fetchone()
        return row is not None

    def know_browser(self, person_id: str, token_hash: str, at: datetime) -> None:
        self._db.execute(
            "INSERT OR REPLACE INTO familiar_browsers (token_hash, person_id, seen_at) VALUES (?, ?, ?)",
            (token_hash, person_id, to_instant(at)),
        )

    def prune_browsers(self, before: datetime) -> int:
        """Forget browsers that nobody signed in with since then; gives how many."""
        done = self._db.execute("DELETE FROM familiar_browsers WHERE seen_at < ?", (to_instant(before),))
        return int(done.rowcount)

    def forget_browsers(self, person_id: str) -> None:
        self._db.execute("DELETE FROM familiar_browsers WHERE person_id = ?", (person_id,))

    def seen(self, token_hash: str, at: datetime) -> None:
        self._db.execute("UPDATE sessions SET seen_at = ? WHERE token_hash = ?", (to_instant(at), token_hash))

    def end(self, token_hash: str, at: datetime) -> None:
        self._db.execute(
            "UPDATE sessions SET ended_at = ? WHERE token_hash = ? AND ended_at IS NULL",
            (to_instant(at), token_hash),
        )

    def end_all(self, person_id: str, at: datetime) -> None:
        """End all sessions of a person."""
        self._db.execute(
            "UPDATE sessions SET ended_at = ? WHERE person_id = ? AND ended_at IS NULL",
            (to_instant(at), person_id),
        )

    def is_familiar(self, person_id: str, address: str) -> bool:
        """Has this person signed in from there lately?"""
        row = self._db.execute(
            "SELECT 1 FROM sessions WHERE person_id = ? AND address = ? LIMIT 1", (person_id, address)
        ).fetchone()
        return row is not None

    def failed(self, login_hash: str, address: str, at: datetime) -> int:
        """Count a failure; returns what ``take_back`` takes back."""
        cursor = self._db.execute(
            "INSERT INTO sign_in_failures (at, login_hash, address) VALUES (?, ?, ?)",
            (to_instant(at), login_hash, address),
        )
        return int(cursor.lastrowid or 0)

    def take_back(self, failure: int) -> None:
        """Uncount a failure that was none."""
        self._db.execute("DELETE FROM sign_in_failures WHERE seq = ?", (failure,))

    def failures(self, since: datetime, login_hash: str = "", address: str = "") -> Failures:
        """Failures since then, of one login, from one address, or of the one from the other."""
        row = self._db.execute(
            """
            SELECT count(*) AS count, max(at) AS last FROM sign_in_failures
            WHERE at >= :since AND (:login = '' OR login_hash = :login) AND (:address = '' OR address = :address)
            """,
            {"since": to_instant(since), "login": login_hash, "address": address},
        ).fetchone()
        return Failures(row["count"], from_instant(row["last"]) if row["last"] else None)

    def forgive(self, login_hash: str, address: str) -> None:
        """Forget the failures of one login from one address: its owner came in from there."""
        self._db.execute(
            "DELETE FROM sign_in_failures WHERE login_hash = ? AND address = ?", (login_hash, address)
        )

    def prune(self, at: datetime, sessions: timedelta, failures: timedelta) -> None:
        """Remove sessions nobody used for that long, and failures older than that."""
        self._db.execute("DELETE FROM sessions WHERE seen_at < ?", (to_instant(at - sessions),))
        self._db.execute("DELETE FROM sign_in_failures WHERE at < ?", (to_instant(at - failures),))


def _session(row: Any) -> SessionRow:
    return SessionRow(
        row["token_hash"],
        row["person_id"],
        row["address"],
        from_instant(row["created_at"]),
        from_instant(row["seen_at"]),
        from_instant(row["proved_at"]),
        row["device"],
        bool(row["half"]),
    )
