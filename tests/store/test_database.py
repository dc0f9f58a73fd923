"""Which SQLite is taken, how it is set, and what is said when nothing can be written."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from sqlite_utils import Database

from audit.domain.problems import Busy, NoRoom, ReadOnly, Unfit
from audit.store import database


@pytest.mark.parametrize("version", [(3, 40, 1), (3, 51, 2), (3, 52, 0), (3, 7, 0)])
def test_sqlite_with_the_corruption_bug_is_refused(version: tuple[int, ...]) -> None:
    with pytest.raises(Unfit, match="pip install pysqlite3"):
        database.check_sqlite(version)


@pytest.mark.parametrize("version", [(3, 51, 3), (3, 53, 0), (4, 0, 0)])
def test_sound_sqlite_is_taken(version: tuple[int, ...]) -> None:
    database.check_sqlite(version)


def test_this_machine_has_a_sound_sqlite() -> None:
    database.check_sqlite()


@pytest.mark.parametrize(
    ("pragma", "value"),
    [
        ("journal_mode", "wal"),
        ("synchronous", 2),  # FULL
        ("busy_timeout", 5000),
        ("foreign_keys", 1),
        ("trusted_schema", 0),
        ("cell_size_check", 1),
        ("recursive_triggers", 1),
        ("query_only", 1),
        ("journal_size_limit", database.JOURNAL_LIMIT),
    ],
)
def test_settings_of_a_connection(data: Path, pragma: str, value: object) -> None:
    db = database.connect(data / database.LEDGER_FILE)
    assert db.execute(f"PRAGMA {pragma}").fetchone()[0] == value
    db.close()


def test_a_missing_file_is_not_made_by_reading(tmp_path: Path) -> None:
    with pytest.raises(Unfit, match="clinic-audit migrate"):
        database.connect(tmp_path / "none.db")
    assert not list(tmp_path.iterdir())


def test_a_stray_write_is_refused(db: Database) -> None:
    with pytest.raises(database.driver.OperationalError, match="readonly"):
        db.execute("DELETE FROM people")


def test_read_only_again_after_an_error(db: Database) -> None:
    with pytest.raises(ZeroDivisionError), database.unlocked(db):
        raise ZeroDivisionError
    assert db.execute("PRAGMA query_only").fetchone()[0] == 1
    assert not database.in_transaction(db)


def test_no_entry_inside_an_entry(db: Database) -> None:
    with database.unlocked(db), pytest.raises(RuntimeError, match="inside another"), database.unlocked(db):
        pass


def test_a_full_disk_is_told(db: Database) -> None:
    pages = db.execute("PRAGMA page_count").fetchone()[0]
    db.execute(f"PRAGMA max_page_count={pages + 2}")
    with pytest.raises(NoRoom), database.unlocked(db):
        db.execute(
            "INSERT INTO sign_in_failures (at, login_hash, address) VALUES (?, '', '')", ("x" * 99999,)
        )
    assert db.execute("SELECT count(*) FROM sign_in_failures").fetchone()[0] == 0
    db.execute("PRAGMA max_page_count=99999")
    with database.unlocked(db):
        db.execute("INSERT INTO sign_in_failures (at, login_hash, address) VALUES ('t', '', '')")
    assert db.execute("SELECT count(*) FROM sign_in_failures").fetchone()[0] == 1


def test_a_copy_that_takes_no_changes_is_told(data: Path) -> None:
    db = database.connect_frozen(data / database.LEDGER_FILE)
    with pytest.raises(ReadOnly), database.unlocked(db):
        db.execute("DELETE FROM people")
    db.close()


def test_a_writer_that_does_not_finish_is_told(data: Path) -> None:
    first, second = (database.connect(data / database.LEDGER_FILE) for _ in range(2))
    second.execute("PRAGMA busy_timeout=10").fetchall()
    with database.unlocked(first), pytest.raises(Busy), database.unlocked(second):
        pass
    with database.unlocked(second):
        pass
    first.close()
    second.close()


def test_reading_first_and_writing_then_never_fails_at_once(data: Path) -> None:
    """What a deferred transaction would do: two writers read, then both write."""
    path = data / database.LEDGER_FILE

    def count_up(_: int) -> None:
        with closing(database.connect(path)) as db:
            for _ in range(25):
                with database.unlocked(db):
                    seen = db.execute("SELECT count(*) FROM sign_in_failures").fetchone()[0]
                    row = (str(seen), "", "")
                    db.execute("INSERT INTO sign_in_failures (at, login_hash, address) VALUES (?, ?, ?)", row)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(count_up, range(4)))
    db = database.connect(path)
    counted = [int(row["at"]) for row in db.execute("SELECT at FROM sign_in_failures ORDER BY seq")]
    db.close()
    assert counted == list(range(100))


def test_a_copy_is_whole_and_alone(data: Path, tmp_path: Path) -> None:
    db = database.connect(data / database.LEDGER_FILE)
    database.copy(db, tmp_path / "copy.db")
    db.close()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["copy.db", "data"]
    copy = database.connect_frozen(tmp_path / "copy.db")
    assert copy.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    copy.close()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["copy.db", "data"]
