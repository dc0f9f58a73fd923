"""Opens the one SQLite file: which SQLite, which settings, and what to say when it cannot be written.

Settings follow sqlite.org/pragma.html; why ``synchronous=FULL``: with NORMAL an acknowledged answer can be lost
when the power goes.
"""

import importlib
import os
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlite_utils import Database

from audit.domain.problems import Busy, NoRoom, Problem, ReadOnly, Unfit
from audit.domain.tongue import say

LEDGER_FILE = "clinic-audit.db"
# Older ones can damage a file in WAL mode (sqlite.org/wal.html#walresetbug); 3.52.0 was withdrawn.
OLDEST_SQLITE = (3, 51, 3)
WITHDRAWN_SQLITE = (3, 52, 0)
BUSY_SECONDS = 5
# SQLite itself sleeps up to a tenth of a second between two looks, in which everybody else may be served.
STEP_SECONDS = 0.002
JOURNAL_LIMIT = 64 * 1024 * 1024
BACKUP_PAGES = 1000


def _driver() -> Any:
    """The module that brings its own, sound SQLite; else the standard library's, judged by ``check_sqlite``.

    Loaded by name, and the same one that sqlite-utils picks: two copies of SQLite in one process would cancel
    each other's file locks.
    """
    try:
        return importlib.import_module("pysqlite3.dbapi2")
    except ImportError:
        return importlib.import_module("sqlite3.dbapi2")


driver = _driver()


def check_sqlite(version: tuple[int, ...] = driver.sqlite_version_info) -> None:
    """Refuse a SQLite that can damage the ledger.

    Raises:
        Unfit: with the way out.
    """
    if version < OLDEST_SQLITE or version == WITHDRAWN_SQLITE:
        found, oldest = (".".join(map(str, numbers)) for numbers in (version, OLDEST_SQLITE))
        raise Unfit(
            f"SQLite {found} can damage what is kept: run 'pip install pysqlite3', or use a Python built with"
            f" SQLite {oldest} or newer (but not 3.52.0)."
        )


def connect(path: Path | None, create: bool = False) -> Database:
    """Open the file (``None``: a ledger in memory), ready for reading; writing waits for ``unlocked``.

    The connection belongs to the thread that opened it.

    Raises:
        Unfit: for a SQLite with known faults, or when there is no such file and ``create`` is off.
    """
    check_sqlite()
    if path is not None and not create and not path.exists():
        raise Unfit(f"There is no ledger at {path}: run 'clinic-audit migrate' first.")
    connection = driver.connect(
        _address(path, "rwc" if create else "rw"), uri=True, timeout=BUSY_SECONDS, isolation_level=None
    )
    return _prepared(connection)


def connect_frozen(path: Path) -> Database:
    """Open a copy that nobody writes, without leaving a trace beside it."""
    check_sqlite()
    return _prepared(driver.connect(_address(path, "ro") + "&immutable=1", uri=True, isolation_level=None))


def _address(path: Path | None, mode: str) -> str:
    return "file::memory:" if path is None else f"file:{quote(str(path.absolute()))}?mode={mode}"


def _prepared(connection: Any) -> Database:
    connection.row_factory = driver.Row
    db = Database(connection, recursive_triggers=True)  # or REPLACE would slip past the delete triggers
    for setting in (
        f"busy_timeout={BUSY_SECONDS * 1000}",  # first: the next one may have to wait already
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "trusted_schema=OFF",
        "cell_size_check=ON",
        f"journal_size_limit={JOURNAL_LIMIT}",
        "query_only=ON",
    ):
        db.execute(f"PRAGMA {setting}").fetchall()
    return db


# The threads of this process that write to a file take turns; only processes meet at SQLite's own lock.
_TURNS: dict[Path, threading.Lock] = {}


class Pen(Database):
    """A connection for writing: takes statements only inside ``unlocked``, without ever being ``query_only``.

    Each switch of that setting makes SQLite compile every kept statement of the connection anew. ``turn`` is shared
    by all pens of this process on the same file.
    """

    turn: threading.Lock

    def execute(self, sql: str, parameters: Any = None) -> Any:
        if not in_transaction(self):
            raise RuntimeError("writing is over, or did not begin")
        return super().execute(sql, parameters)


def connect_pen(path: Path) -> Pen:
    """A second connection to a ledger that is open already, for writing; same settings, same thread."""
    connection = driver.connect(_address(path, "rw"), uri=True, timeout=BUSY_SECONDS, isolation_level=None)
    db = _prepared(connection)
    db.execute("PRAGMA query_only=OFF")
    db.execute("PRAGMA busy_timeout=0").fetchall()  # ``_begin`` waits instead
    pen = Pen(connection, recursive_triggers=False)
    pen.turn = _TURNS.setdefault(path.absolute(), threading.Lock())
    return pen


@contextmanager
def unlocked(db: Database) -> Iterator[None]:
    """One write transaction: begun at once as the writer, committed at the end, undone on any exception.

    Whatever happens, the connection takes no changes afterwards.

    Raises:
        Busy, NoRoom, ReadOnly: when nothing could be written.
        RuntimeError: inside another transaction.
    """
    if in_transaction(db):
        raise RuntimeError("an entry cannot be made inside another one")
    with told(), _lock_lifted(db):
        try:
            _begin(db)
            yield
            db.conn.execute("COMMIT")
        except BaseException:
            if in_transaction(db):
                db.conn.execute("ROLLBACK")
            raise


def _begin(db: Database) -> None:
    """Begin as the writer; a pen waits for other processes in short steps.

    Never deferred: reading first and writing then would fail at once when somebody wrote between.
    """
    until = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            db.conn.execute("BEGIN IMMEDIATE")
            return
        except driver.OperationalError as error:
            is_busy = getattr(error, "sqlite_errorname", "").startswith("SQLITE_BUSY")
            if not is_busy or not isinstance(db, Pen) or time.monotonic() > until:
                raise
        time.sleep(STEP_SECONDS)


@contextmanager
def _lock_lifted(db: Database) -> Iterator[None]:
    if isinstance(db, Pen):
        if not db.turn.acquire(timeout=BUSY_SECONDS):
            raise _busy()
        try:
            yield
        finally:
            db.turn.release()
        return
    db.execute("PRAGMA query_only=OFF")
    try:
        yield
    finally:
        db.execute("PRAGMA query_only=ON")


def in_transaction(db: Database) -> bool:
    """Is this connection inside a transaction? SQLite may have ended one by itself, for example on a full disk."""
    return bool(db.conn.in_transaction)


def many(db: Database, sql: str, rows: Iterable[Sequence[object]]) -> None:
    """Run one statement for each row; only inside ``unlocked``."""
    if not in_transaction(db):
        raise RuntimeError("writing is over, or did not begin")
    db.conn.executemany(sql, rows)


@contextmanager
def told() -> Iterator[None]:
    """Turn what the machine says about locks, space and permissions into problems that people understand."""
    try:
        yield
    except driver.OperationalError as error:
        problem = _problem_of(getattr(error, "sqlite_errorname", ""))
        if problem is None:
            raise
        raise problem from error


def _problem_of(name: str) -> Problem | None:
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return _busy()
    if name in ("SQLITE_FULL", "SQLITE_IOERR_WRITE", "SQLITE_IOERR_SHMSIZE", "SQLITE_IOERR_FSYNC"):
        return NoRoom(say("There is no room left on the disk; nothing was saved. Make room and try again."))
    # A disk with a fault, too, is for people to hear of, and a tablet tries again.
    if name.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_IOERR")):
        return ReadOnly(say("Nothing can be saved at the moment: the disk does not take changes."))
    return None


def _busy() -> Busy:
    return Busy(say("Somebody else is saving just now. Try again in a moment."))


def copy(source: Database, target: Path) -> None:
    """Copy the whole database, in step with writers, to a new file; synced, under its name only when whole."""
    draft = target.with_name(f".tmp-{target.name}")
    draft.unlink(missing_ok=True)
    into = driver.connect(str(draft), isolation_level=None)
    try:
        source.conn.backup(into, pages=BACKUP_PAGES)
        into.execute("PRAGMA journal_mode=DELETE").fetchall()  # one file, no companions
    finally:
        into.close()
    with open(draft, "rb+") as file:
        os.fsync(file.fileno())
    os.replace(draft, target)
    sync_folder(target.parent)


def sync_folder(folder: Path) -> None:
    """Make a new name in the folder survive a power cut; Windows has no such call and needs none."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
