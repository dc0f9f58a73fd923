"""The ledger: everything that is kept, on shelves by noun. Reading needs no ceremony, writing has one door.

The only module of the store that others import.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from audit.store import backups, database, migrations
from audit.store.actions import MOST_COUNTED, Kept, NewStep
from audit.store.answers import Taken
from audit.store.backups import Made, Verdict
from audit.store.backups import verify as verify_backup
from audit.store.checklists import Published
from audit.store.clocks import Logged
from audit.store.credentials import Entered
from audit.store.database import LEDGER_FILE
from audit.store.devices import Apart, Device, StartClaim
from audit.store.disclosed import Disclosed
from audit.store.erasing import Erasure, Hold
from audit.store.evidence import Evidence
from audit.store.factors import APP, PASSKEY, Factor
from audit.store.files import alone, make_folder, sweep
from audit.store.fixing import ANSWERED, BY_HAND, IN_LETTER, OPENED, FixLink
from audit.store.images import Claims, Photo
from audit.store.letters import FAILED as LETTER_FAILED
from audit.store.letters import SENT as LETTER_SENT
from audit.store.letters import LetterRow, LetterShelf
from audit.store.links import LinkRow
from audit.store.lots import LotRow
from audit.store.photos import Original
from audit.store.recalls import ConcernedRow, RecallRow
from audit.store.records import Outcome, Rate
from audit.store.reminders import ReminderShelf
from audit.store.reports import Issued
from audit.store.schedule import Feed
from audit.store.schedule import Line as ScheduleLine
from audit.store.sessions import Failures, SessionRow, SessionShelf
from audit.store.shelves import Shelves
from audit.store.stamps import Stamped
from audit.store.standings import Among, Ending, Fixing, Listed, Load, Risk
from audit.store.trail import Chain, Line

__all__ = [
    "ANSWERED",
    "APP",
    "BY_HAND",
    "IN_LETTER",
    "LEDGER_FILE",
    "LETTER_FAILED",
    "LETTER_SENT",
    "MOST_COUNTED",
    "OPENED",
    "PASSKEY",
    "Among",
    "Apart",
    "Chain",
    "Claims",
    "ConcernedRow",
    "Device",
    "Disclosed",
    "Ending",
    "Entered",
    "Entry",
    "Erasure",
    "Factor",
    "Failures",
    "Feed",
    "FixLink",
    "Fixing",
    "Hold",
    "Issued",
    "Kept",
    "Ledger",
    "LetterRow",
    "LetterShelf",
    "Line",
    "LinkRow",
    "Listed",
    "Load",
    "Logged",
    "LotRow",
    "Made",
    "NewStep",
    "Original",
    "Outcome",
    "Photo",
    "Published",
    "Rate",
    "RecallRow",
    "Risk",
    "ScheduleLine",
    "SessionRow",
    "SessionShelf",
    "Stamped",
    "StartClaim",
    "Taken",
    "Unnoted",
    "Verdict",
    "alone",
    "make_folder",
    "sweep",
    "verify_backup",
]


class Unnoted(RuntimeError):
    """A deed changed something without a line in the trail, or changed the schema. It was undone."""


class Entry(Shelves):
    """The shelves while they may be written to; everything written needs a note."""

    def __init__(self, db: Database, data: Path, actor: str, now: datetime) -> None:
        super().__init__(db, data)
        self.actor, self.now = actor, now
        self.noted = 0

    def note(self, deed: str, what: str, detail: Mapping[str, Any] | None = None) -> None:
        """Write the line of the trail for what this entry does: deed, id of the object, and details.

        Names of people do not belong here, their ids do: the trail stays for ever.
        """
        self.trail.append(self.now, self.actor, deed, what, detail or {})
        self.noted += 1


class Ledger(Shelves):
    """All that one agency keeps. It belongs to the thread that opened it."""

    def __init__(self, db: Database, data: Path, path: Path | None = None) -> None:
        super().__init__(db, data)
        self._db, self.data, self._path = db, data, path
        self._pen: Database | None = None

    @classmethod
    def open(cls, data: Path, create: bool = False) -> "Ledger":
        """Open the ledger of a data folder.

        Raises:
            Unfit: when there is none (and ``create`` is off), or SQLite must not be trusted with it.
        """
        with database.told():
            return cls(database.connect(data / LEDGER_FILE, create), data, data / LEDGER_FILE)

    @classmethod
    def in_memory(cls, data: Path) -> "Ledger":
        """An empty ledger that goes when it is closed; files still go to the data folder."""
        return cls(database.connect(None), data)

    def close(self) -> None:
        if self._pen is not None:
            self._pen.close()
        self._db.close()

    def _writing(self) -> Database:
        """The connection that writes; one in memory is the only one there is."""
        if database.in_transaction(self._db):
            raise RuntimeError("an entry cannot be made inside another one, nor while reading one moment")
        if self._path is None:
            return self._db
        if self._pen is None:
            with database.told():
                self._pen = database.connect_pen(self._path)
        return self._pen

    @contextmanager
    def reading(self) -> Iterator["Ledger"]:
        """Several reads of one and the same moment, whoever writes meanwhile. Keep it short."""
        with database.told():
            self._db.execute("BEGIN")
            try:
                yield self
            finally:
                self._db.execute("COMMIT")

    @contextmanager
    def entry(self, actor: str, now: datetime) -> Iterator[Entry]:
        """The one door for writing: all of it is kept, or nothing when anything goes wrong.

        ``actor`` is a person's id, or empty for the machine itself.

        Raises:
            Unnoted: when rows changed and nothing was noted, or the schema moved.
            Busy, NoRoom, ReadOnly: when nothing could be written.
        """
        db = self._writing()
        with database.unlocked(db):
            before, schema = db.conn.total_changes, _schema(db)
            entry = Entry(db, self.data, actor, now)
            yield entry
            if _schema(db) != schema:
                raise Unnoted("an entry may not change the schema")
            if db.conn.total_changes != before and not entry.noted:
                raise Unnoted("an entry that changes something needs a note")

    @contextmanager
    def upkeep(self) -> Iterator[SessionShelf]:
        """The side door: sessions and failed sign-ins come and go without a note. Nothing else is in reach."""
        db = self._writing()
        with database.unlocked(db):
            yield SessionShelf(db)

    @contextmanager
    def reminding(self) -> Iterator[ReminderShelf]:
        """The side door of reminders: who was looked at today is remembered without a note; what is told has one."""
        db = self._writing()
        with database.unlocked(db):
            yield ReminderShelf(db)

    @contextmanager
    def mailing(self) -> Iterator[LetterShelf]:
        """The post's side door: letters are claimed, put off and forgotten without a note; their ends have one."""
        db = self._writing()
        with database.unlocked(db):
            yield LetterShelf(db, self.data)

    # the whole of it --------------------------------------------------------------------------------------

    def pending(self) -> tuple[str, ...]:
        """Changes of the schema that this ledger has not seen yet."""
        return migrations.pending(self._db)

    def migrate(self) -> tuple[str, ...]:
        """Bring the schema up to date, whole or not at all; returns what was applied."""
        return migrations.apply(self._db)

    def copy_to(self, target: Path) -> None:
        """Copy the database, in step with whoever writes, to a file that is whole or absent."""
        database.copy(self._db, target)

    def differences(self) -> tuple[str, ...]:
        """Where rows and files do not say what was sealed, in words; see ``evidence``."""
        return Evidence(self._db, self.data).look()

    def compact(self) -> None:
        """Write the database anew, so that nothing of removed rows is left in it, nor in the log beside it.

        Raises:
            Busy, NoRoom, ReadOnly: when it could not be done; nothing is lost by that.
        """
        db = self._writing()
        with database.told():
            for statement in ("VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"):
                db.conn.execute(statement).fetchall()

    def back_up(self, target: Path, now: datetime) -> Made:
        """Copy database, photos and reports to a folder, while others go on; see ``backups.back_up``."""
        return backups.back_up(self._db, self.data, target, now)


def _schema(db: Database) -> int:
    return int(db.execute("PRAGMA schema_version").fetchone()[0])
