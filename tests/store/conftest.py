"""A migrated ledger for every test: migrated once per run, copied per test."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlite_utils import Database

from audit.store import database, migrations
from audit.store.ledger import Ledger
from tests.store import making


@pytest.fixture(scope="session")
def template() -> Iterator[Database]:
    """A migrated, empty database in memory."""
    db = database.connect(None)
    migrations.apply(db)
    yield db
    db.close()


@pytest.fixture
def db(template: Database) -> Iterator[Database]:
    """The connection under ``ledger``, for looking behind it."""
    copy = database.connect(None)
    template.conn.backup(copy.conn)
    yield copy
    copy.close()


@pytest.fixture
def ledger(db: Database, tmp_path: Path) -> Ledger:
    return Ledger(db, tmp_path)


@pytest.fixture
def data(template: Database, tmp_path: Path) -> Path:
    """A data folder with a ledger in it, for tests that need more than one connection."""
    folder = tmp_path / "data"
    folder.mkdir()
    database.copy(template, folder / database.LEDGER_FILE)
    return folder


@pytest.fixture
def visited(ledger: Ledger) -> Ledger:
    """A ledger with a running visit of the miniature clinic, ``making.VISIT``."""
    with making.entry(ledger) as entry:
        making.keep_visit(entry)
    return ledger
