"""Opening the desk: who may do what, and when a data folder may be used."""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from audit.domain.problems import NotAllowed, NotFound, Unfit
from audit.operations import desk as desks
from audit.store import migrations
from audit.store.ledger import LEDGER_FILE, Ledger
from tests.operations import worlds

ROOT = Path(__file__).parents[2]


def test_must_needs_sign_in(desk) -> None:
    with pytest.raises(NotAllowed, match="Sign in"):
        desk().must("clinic.read", "c")


def test_must_needs_role(desk, owner) -> None:
    with pytest.raises(NotAllowed, match="role"):
        desk(owner).must("person.add")


def test_must_hides_what_is_others(desk, other_owner, clinic) -> None:
    with pytest.raises(NotFound):
        desk(other_owner).must("clinic.read", clinic.id)


def test_must_lets_through(desk, owner, clinic) -> None:
    desk(owner).must("clinic.read", clinic.id)


def test_a_new_folder_is_made_and_nothing_to_do_is_fine(tmp_path: Path) -> None:
    data = tmp_path / "new" / "folder"
    assert desks.bring_up_to_date(data, worlds.NOW)
    assert desks.pending(data) == ()
    assert desks.bring_up_to_date(data, worlds.NOW) == ()
    assert not (data / desks.BACKUPS).exists()
    assert os.stat(data).st_mode & 0o077 == 0


MAKER = """
import sys, time
from datetime import UTC, datetime
from pathlib import Path
from audit.operations.desk import bring_up_to_date, close, open_desk
data, now = Path(sys.argv[1]), datetime(2026, 3, 3, tzinfo=UTC)
time.sleep(max(0, float(sys.argv[2]) - time.time()))
print(len(bring_up_to_date(data, now)))
for _ in range(10):
    with open_desk(data, None, now).entry() as entry:
        entry.note("worked", "x")
    close(data)
"""


def test_processes_that_make_the_same_folder_at_once_wait_for_each_other(tmp_path: Path) -> None:
    data, start = tmp_path / "new", str(time.time() + 1.5)
    makers = [
        subprocess.Popen(
            [sys.executable, "-c", MAKER, str(data), start], cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
        for _ in range(4)
    ]
    said = sorted(int(maker.communicate()[0]) for maker in makers)
    assert [maker.returncode for maker in makers] == [0] * 4
    assert said[:3] == [0, 0, 0]
    assert said[3] > 0
    ledger = Ledger.open(data)
    chain = ledger.trail.verify()
    ledger.close()
    assert (chain.sound, chain.length) == (True, 40)


def test_no_folder_no_desk(tmp_path: Path) -> None:
    with pytest.raises(Unfit, match="migrate"):
        desks.open_desk(tmp_path / "none", None, worlds.NOW)
    with pytest.raises(Unfit):
        desks.pending(tmp_path / "none")
    assert not (tmp_path / "none").exists()


def test_an_older_folder_is_backed_up_then_migrated(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    growing = type(migrations.LEDGER)("clinic_audit")
    growing._migrations = [*migrations.LEDGER._migrations]

    @growing()
    def m900_later(db) -> None:
        db.execute("CREATE TABLE later (id TEXT) STRICT")

    monkeypatch.setattr(migrations, "LEDGER", growing)
    with pytest.raises(Unfit, match="older version"):
        desks.open_desk(data, None, worlds.NOW)
    assert desks.pending(data) == ("m900_later",)
    assert desks.bring_up_to_date(data, worlds.NOW) == ("m900_later",)
    (kept,) = (data / desks.BACKUPS).iterdir()
    assert kept.name == "20260303T170000Z-before-m900_later.db"
    kept.rename(data / LEDGER_FILE)
    assert desks.pending(data) == ("m900_later",)


def test_killed_uploads_are_swept(data: Path) -> None:
    draft = data / "originals" / "ab" / ".tmp-killed"
    draft.parent.mkdir(parents=True)
    draft.write_bytes(b"half a photo")
    os.utime(draft, (0, 0))
    desks.bring_up_to_date(data, worlds.NOW)
    assert not draft.exists()


def test_a_thread_keeps_its_connection_and_a_process_one_more(data: Path, desk) -> None:
    mine = desk().ledger
    assert desk().ledger is mine
    with ThreadPoolExecutor(1) as pool:
        other = pool.submit(lambda: id(desk().ledger)).result()
    assert other != id(mine)
    (held,) = [ledger for (_, folder), ledger in desks._HELD.items() if folder == data]
    assert held is not mine


def test_reading_goes_on_when_the_last_working_connection_is_gone(data: Path, desk) -> None:
    """The idle connection keeps the files of the log open, so that a full disk does not stop reading."""
    desk()
    desks._OPEN.ledgers.clear()
    assert (data / f"{LEDGER_FILE}-shm").exists()
    assert desk().ledger.people.any()


def test_eight_people_at_once_lose_nothing(data: Path, desk, inspector) -> None:
    def work(number: int) -> None:
        for deed in range(20):
            with desk(inspector).entry() as entry:
                entry.note("worked", f"{number}-{deed}")

    before = desk().ledger.trail.verify().length
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(8)))
    chain = desk().ledger.trail.verify()
    assert (chain.sound, chain.length) == (True, before + 160)


def test_the_trail_names_who_did_it(desk, inspector) -> None:
    with desk(inspector).entry() as entry:
        entry.note("looked", "x")
    assert desk().ledger.trail.newest(1)[0].actor == inspector.id


def test_a_ledger_in_memory_works_for_a_moment(tmp_path: Path) -> None:
    ledger = Ledger.in_memory(tmp_path)
    ledger.migrate()
    assert not ledger.people.any()
    ledger.close()
