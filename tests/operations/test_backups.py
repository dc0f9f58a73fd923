"""A backup counts when it was restored: everything is there, and whatever is wrong with it shows."""

import shutil
import threading
import time
from pathlib import Path

import pytest

from audit.domain.answers import Raw
from audit.domain.problems import NotAllowed, Unfit
from audit.operations import backups, inspections, sealing
from audit.operations import desk as desks
from audit.store.database import driver
from audit.store.files import fingerprint_of_file
from audit.store.ledger import LEDGER_FILE
from tests.operations import worlds


@pytest.fixture
def world(data: Path) -> worlds.World:
    """A sealed visit with a photo and its report, and a running one."""
    world = worlds.World(data)
    visit = world.start()
    out = Raw(mark="OUT", note="Torn at the seam.")
    world.answer(visit, worlds.COMPLETE | {("gloves.changed", None): out})
    world.photograph(visit, ("gloves.changed", None), "The glove box")
    world.sign(visit)
    sealing.seal(world.desk(), visit.id)
    world.later(hours=1)
    world.start()
    return world


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "backups" / "monday"


def back_up(world: worlds.World, target: Path):
    return backups.backup(world.desk(worlds.ADMINISTRATOR), target)


def test_a_backup_is_sound_and_noted(world, target: Path) -> None:
    made = back_up(world, target)
    assert (made.files, made.copied) == (5, 5)  # the original, three copies, one report
    verdict = backups.verify(target)
    assert verdict.faults == ()
    assert (verdict.photos, verdict.reports, verdict.records) == (1, 1, 1)
    (line,) = world.desk().ledger.trail.of("backup")
    assert (line.deed, line.detail["trail_head"]) == ("backup.made", made.trail_head)


def test_a_backup_is_restored_by_copying_it(world, target: Path, tmp_path: Path) -> None:
    back_up(world, target)
    before = sorted(path.name for path in target.iterdir())
    assert backups.verify(target).sound
    assert sorted(path.name for path in target.iterdir()) == before
    restored = tmp_path / "restored"
    shutil.copytree(target, restored)
    there = worlds.World(restored, world.now)
    for state in ("sealed", "running"):
        (row,) = inspections.visits(world.desk(), inspections.VisitFilter(state=state)).rows
        assert inspections.open_visit(there.desk(), row.id) == inspections.open_visit(world.desk(), row.id)
    (sealed,) = inspections.visits(there.desk(), inspections.VisitFilter(state="sealed")).rows
    record = there.desk().ledger.records.get(sealed.id)
    assert record == world.desk().ledger.records.get(sealed.id)
    photo = record.document["photos"][0]["sha256"]
    assert there.desk().ledger.photos.original(photo).data == world.desk().ledger.photos.original(photo).data
    visit = there.start(purpose="follow-up")
    assert inspections.open_visit(there.desk(), visit.id)
    desks.close(restored)


def test_a_second_backup_copies_only_what_is_new(world, target: Path) -> None:
    back_up(world, target)
    made = back_up(world, target)
    assert (made.files, made.copied) == (5, 0)
    assert backups.verify(target).sound


def test_backing_up_while_others_write_loses_nothing_acknowledged(world, target: Path) -> None:
    acknowledged: list[str] = []
    stop = threading.Event()

    def write() -> None:
        number = 0
        while not stop.is_set():
            with world.desk().entry() as entry:
                entry.note("worked", f"job-{number}")
            acknowledged.append(f"job-{number}")
            number += 1

    thread = threading.Thread(target=write)
    thread.start()
    try:
        while len(acknowledged) < 20:
            time.sleep(0.01)
        before = [*acknowledged]
        back_up(world, target)
    finally:
        stop.set()
        thread.join()
    assert backups.verify(target).sound
    copy = desks.open_desk(target, None, world.now).ledger
    assert {line.object for line in copy.trail.newest(100_000)} >= set(before)
    desks.close(target)


def test_backup_needs_role(world, target: Path) -> None:
    with pytest.raises(NotAllowed):
        backups.backup(world.desk(), target)


def test_a_backup_lies_elsewhere(world, tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "letters.txt").write_text("mine")
    for bad in (world.data, world.data / "inside", world.data.parent, tmp_path / "full"):
        with pytest.raises(Unfit):
            back_up(world, bad)
    assert (tmp_path / "full" / "letters.txt").read_text() == "mine"


def test_there_must_be_something_to_verify(tmp_path: Path) -> None:
    with pytest.raises(Unfit):
        backups.verify(tmp_path)


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


@pytest.mark.parametrize("pattern", ["originals/*/*", "photos/print/*/*", "reports/*/*", LEDGER_FILE])
@pytest.mark.parametrize("harm", ["changed", "missing"])
def test_harm_shows(world, target: Path, pattern: str, harm: str) -> None:
    back_up(world, target)
    (path,) = target.glob(pattern)
    if harm == "changed":
        flip(path)
    elif pattern == LEDGER_FILE:
        path.write_bytes(path.read_bytes()[:5000])
    else:
        path.unlink()
    verdict = backups.verify(target)
    assert not verdict.sound
    if pattern != LEDGER_FILE:
        assert any(path.name in fault and harm in fault for fault in verdict.faults)


def test_an_unfinished_backup_is_none(world, target: Path) -> None:
    back_up(world, target)
    (target / "manifest.json").unlink()
    assert "not finished" in backups.verify(target).faults[0]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE trail SET actor = 'somebody else' WHERE seq = 2",
        "UPDATE records SET document = replace(document, 'OUT', 'IN')",
        "DELETE FROM photos",
        "UPDATE records SET score_tenths = score_tenths + 1",
        "UPDATE records SET open_findings = 0",
        "UPDATE findings SET note = 'All was well.'",
        "UPDATE findings SET severity = 'minor', correct_by = '2031-01-01'",
        "DELETE FROM findings",
    ],
)
def test_a_rewritten_database_shows_even_with_a_fitting_manifest(world, target: Path, statement: str) -> None:
    back_up(world, target)
    path, old = target / LEDGER_FILE, fingerprint_of_file(target / LEDGER_FILE)
    db = driver.connect(str(path), isolation_level=None)
    for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall():
        db.execute(f"DROP TRIGGER {name}")
    db.execute(statement)
    db.close()
    manifest = target / "manifest.json"
    manifest.write_text(manifest.read_text().replace(old, fingerprint_of_file(path)))
    assert not backups.verify(target).sound
