"""Letters on their way: rows that wait, are claimed by one worker, and end as sent or failed."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from audit.domain.letters import Letter
from audit.store.rows import from_instant, maybe_from_instant, maybe_to_instant, to_instant
from audit.store.vault import Vault

WAITING, SENT, FAILED = "waiting", "sent", "failed"


@dataclass(frozen=True)
class LetterRow:
    """A letter and how far it came; ``fault`` says why the last try failed."""

    id: str
    letter: Letter
    state: str
    written_at: datetime
    due_at: datetime
    tries: int
    fault: str = ""
    ended_at: datetime | None = None


class LetterShelf:
    """All letters that were written lately. What stands in them is stored hidden: it may hold a link that lets
    somebody in, and backups copy the letters that wait."""

    def __init__(self, db: Database, data: Path) -> None:
        self._db, self._vault = db, Vault(data)

    def add(self, letter_id: str, letter: Letter, at: datetime) -> None:
        """A letter that waits to be sent."""
        self._db.execute(
            """
            INSERT INTO letters
            (id, kind, person_id, address, subject, text, until, leave, state, written_at, due_at, tries)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'waiting', ?, ?, 0)
            """,
            (
                letter_id,
                letter.kind,
                letter.person_id,
                letter.address,
                letter.subject,
                self._vault.hide(letter.text, _text_of(letter_id)),
                maybe_to_instant(letter.until),
                self._vault.hide(letter.leave, _leave_of(letter_id)) if letter.leave else "",
                to_instant(at),
                to_instant(at),
            ),
        )

    def withdraw(self, kind: str, person_id: str) -> tuple[datetime, ...]:
        """Letters of that kind to a person that were not sent are of no use any more; gives when they were written."""
        rows = self._db.execute(
            "DELETE FROM letters WHERE kind = ? AND person_id = ? AND state <> 'sent' RETURNING written_at",
            (kind, person_id),
        )
        return tuple(from_instant(row["written_at"]) for row in rows.fetchall())

    def withdraw_about(self, kind: str, person_id: str) -> tuple[datetime, ...]:
        """The same for every letter of that kind that is about a thing: ``kind:id…``."""
        rows = self._db.execute(
            """
            DELETE FROM letters WHERE substr(kind, 1, ?) = ? AND person_id = ? AND state <> 'sent'
            RETURNING written_at
            """,
            (len(kind) + 1, f"{kind}:", person_id),
        )
        return tuple(from_instant(row["written_at"]) for row in rows.fetchall())

    def claim(self, now: datetime, until: datetime) -> LetterRow | None:
        """Take the letter that is due longest; nobody else gets it before ``until``. Its text is empty when
        the key is gone under which it was written."""
        row = self._db.execute(
            """
            UPDATE letters SET tries = tries + 1, claimed_until = :until WHERE id = (
                SELECT id FROM letters WHERE state = 'waiting' AND due_at <= :now
                AND (claimed_until IS NULL OR claimed_until <= :now) ORDER BY due_at, id LIMIT 1)
            RETURNING *
            """,
            {"now": to_instant(now), "until": to_instant(until)},
        ).fetchone()
        return self._row(row) if row else None

    def end(self, letter_id: str, state: str, at: datetime, fault: str = "") -> None:
        """It was sent, or never will be. What stood in it is forgotten: it may hold a link that lets somebody in."""
        self._db.execute(
            "UPDATE letters SET state = ?, ended_at = ?, fault = ?, text = '', leave = '', claimed_until = NULL WHERE id = ?",
            (state, to_instant(at), fault, letter_id),
        )

    def put_off(self, letter_id: str, due_at: datetime, fault: str) -> None:
        """This try failed; the next one is at ``due_at``."""
        self._db.execute(
            "UPDATE letters SET due_at = ?, fault = ?, claimed_until = NULL WHERE id = ?",
            (to_instant(due_at), fault, letter_id),
        )

    def newest(self, limit: int) -> tuple[LetterRow, ...]:
        """Those that failed or wait first, then what was sent; newest first in each."""
        rows = self._db.execute(
            "SELECT * FROM letters ORDER BY state = 'sent', state, written_at DESC, id LIMIT ?", (limit,)
        )
        return tuple(map(self._row, rows))

    def troubled(self) -> int:
        """How many could not be sent so far: failed for good, or put off at least once."""
        row = self._db.execute(
            "SELECT count(*) AS count FROM letters WHERE state = 'failed' OR (state = 'waiting' AND fault <> '')"
        ).fetchone()
        return int(row["count"])

    def drop(self, letter_id: str) -> bool:
        """Forget a letter that failed; gives whether there was one."""
        done = self._db.execute("DELETE FROM letters WHERE id = ? AND state = 'failed'", (letter_id,))
        return bool(done.rowcount == 1)

    def prune(self, before: datetime) -> None:
        """Forget what ended before."""
        self._db.execute(
            "DELETE FROM letters WHERE state <> 'waiting' AND ended_at < ?", (to_instant(before),)
        )

    def _row(self, row: Any) -> LetterRow:
        letter = Letter(
            row["kind"],
            row["address"],
            row["subject"],
            self._vault.show(row["text"], _text_of(row["id"])),
            row["person_id"],
            maybe_from_instant(row["until"]),
            self._vault.show(row["leave"], _leave_of(row["id"])),
        )
        return LetterRow(
            row["id"],
            letter,
            row["state"],
            from_instant(row["written_at"]),
            from_instant(row["due_at"]),
            row["tries"],
            row["fault"],
            maybe_from_instant(row["ended_at"]),
        )


def _text_of(letter_id: str) -> str:
    return f"letter {letter_id} text"


def _leave_of(letter_id: str) -> str:
    return f"letter {letter_id} leave"
