"""Named persons, two clinics, a clock that moves when told: every rule of access can be said with them.

The world of ``worlds.py``, made once per run and copied for each test.
"""

import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlite_utils import Database

from audit.domain.clinics import Clinic
from audit.domain.people import Person
from audit.operations import desk as desks
from audit.operations import passwords
from audit.operations.desk import Desk
from audit.store import database
from tests.operations import worlds

PASSWORD = "green tulips over the pond"

SitDown = Callable[..., Desk]


@dataclass
class Clock:
    """The one clock; a test moves it."""

    now: datetime = worlds.NOW

    def move(self, **by: float) -> None:
        self.now += timedelta(**by)


@pytest.fixture(autouse=True)
def _cheap_hashing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "hashing", passwords.CHEAP)


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """The database of a world in which everybody has the same password."""
    world = worlds.make(tmp_path_factory.mktemp("furnished"))
    kept = passwords.CHEAP.hash(PASSWORD)
    with world.desk(worlds.ADMINISTRATOR).entry() as entry:
        for person in entry.people.all():
            entry.people.keep_password(person.id, kept)
        entry.note("passwords.set", "")
    db = database.connect(world.data / database.LEDGER_FILE)
    yield db
    db.close()
    desks.close(world.data)


@pytest.fixture
def data(furnished: Database, tmp_path: Path) -> Iterator[Path]:
    """A data folder of its own."""
    folder = tmp_path / "data"
    folder.mkdir()
    database.copy(furnished, folder / database.LEDGER_FILE)
    yield folder
    desks.close(folder)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def desk(data: Path, clock: Clock) -> SitDown:
    """``desk(person)`` sits somebody down at the desk now; ``desk()`` nobody."""

    def sit_down(person: Person | None = None) -> Desk:
        return desks.open_desk(data, person, clock.now)

    return sit_down


@pytest.fixture
def inspector() -> Person:
    return worlds.INSPECTOR_PERSON


@pytest.fixture
def administrator() -> Person:
    return worlds.ADMINISTRATOR


@pytest.fixture
def owner() -> Person:
    """Answers for ``clinic``."""
    return worlds.OWNER


@pytest.fixture
def other_owner() -> Person:
    """Answers for ``other_clinic`` only."""
    return worlds.OTHER_OWNER


@pytest.fixture
def practitioner() -> Person:
    """Works in ``clinic``, and is Anna Quill there."""
    return worlds.PRACTITIONER


@pytest.fixture
def clinic() -> Clinic:
    return worlds.MISSION


@pytest.fixture
def other_clinic() -> Clinic:
    return worlds.HARBOUR


@pytest.fixture
def read_pdf(require_tool: Callable[[str], str]) -> Callable[..., str]:
    """``read_pdf(path, last=1)`` gives the words of the first pages, run together."""

    def read(path: Path, last: int = 99) -> str:
        command = [require_tool("pdftotext"), "-l", str(last), str(path), "-"]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        return " ".join(done.stdout.split())

    return read
