"""Retention: nothing goes before somebody says so; what is due goes whole; hashes, trail and counts stay."""

import hashlib
import json
import shutil
from datetime import UTC, datetime

import pytest

from audit.domain.answers import Raw
from audit.domain.people import DEEDS
from audit.domain.problems import BadInput, Erased, NotAllowed
from audit.operations import (
    actions,
    amendments,
    asked,
    backups,
    inspections,
    reports,
    retention,
    sealing,
    verify,
)
from audit.operations import desk as desks
from audit.operations.asked import Question
from audit.operations.desk import Desk
from audit.store import erasing
from audit.store.ledger import LEDGER_FILE, Ledger
from tests.operations import worlds
from tests.operations.worlds import ADMINISTRATOR, COMPLETE, INSPECTOR_PERSON, OWNER

NEEDLES, GLOVES = ("needles.single-use", None), ("gloves.changed", None)
SECRET = "Two cartridges of Jane Doe, born 1990"
LATER = 365 * 4
# Tables that point at a visit and stay, and why.
STAYS = {
    "erasures": "is what remains",
    "holds": "keeps a visit from going",
    "planned_visits": "says that there was a visit, of nobody by name",
    "programmes": "is the agency's own plan",
    "closures": "goes by its own visit; which one reopened it is an id",
    "action_steps": "goes by its action; which later visit looked is an id",
    "settlements": "goes with its operations",
    "fix_links": "goes by itself, before the record",
    "standing_visits": "goes with its record, by a trigger",
    "failed_items": "goes with its findings, by a trigger",
    "actions": "goes by itself, before the findings",
}


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """A visit of four years ago with everything, and a newer one of the same clinic."""
    world = worlds.make(tmp_path_factory.mktemp("retention") / "data")
    visit = world.start(present=("Wim Witness",))
    world.answer(visit, {**COMPLETE, GLOVES: Raw(mark="IN", note=SECRET)})
    world.photograph(visit, NEEDLES, "A photo of a finding, which the next record quotes", shade=60)
    world.photograph(visit, GLOVES, "The tray", shade=33)
    world.sign(visit)
    sealing.seal(world.desk(), visit.id)
    amendments.correct_remarks(world.desk(), visit.id, "Quiet.", "Forgotten.", 0)
    reports.report(world.desk(), visit.id, "owner")
    reports.report(world.desk(), visit.id, "amended")
    (owed,) = actions.of_visit(world.desk(), visit.id)
    answer = actions.Answer("Thrown away.", world.now.date(), [worlds.jpeg(140)])
    actions.fix(world.desk(OWNER), owed.action.id, answer)
    world.later(days=30)
    sealed(world)
    world.desk().ledger.photos.settle()
    desks.close(world.data)
    return world, visit


@pytest.fixture
def world(built, tmp_path):
    made, _ = built
    yield worlds.World(shutil.copytree(made.data, tmp_path / "data"), made.now)
    desks.close(tmp_path / "data")


@pytest.fixture
def old(built):
    return built[1]


def sealed(world):
    visit = world.start()
    world.answer(visit, {**COMPLETE, NEEDLES: Raw(mark="IN"), ("records.last", None): Raw(mark="IN")})
    world.sign(visit)
    sealing.seal(world.desk(), visit.id)
    return visit


def faults(world):
    return verify.verify(world.desk(ADMINISTRATOR)).faults


def files(world):
    return {
        path.relative_to(world.data).as_posix()
        for folder in ("originals", "photos", "reports")
        for path in (world.data / folder).rglob("*")
        if path.is_file()
    }


def test_nothing_goes_before_a_rule_is_set(world, old):
    world.later(days=LATER)
    assert retention.erase_due(world.desk(ADMINISTRATOR)) == retention.Erased((), 0)
    assert inspections.open_visit(world.desk(), old.id)


def test_what_is_due_goes_whole_and_can_still_be_proved(world, old):
    desk = world.desk(ADMINISTRATOR)
    desk.ledger.photos.settle()
    kept = {row.kind: row for row in desk.ledger.reports.all() if row.inspection_id == old.id}
    paper = desk.ledger.reports.path(kept["record"].sha256).read_bytes()
    before, lines = files(world), desk.ledger.trail.verify().length
    counts = desk.ledger.records.counted()
    retention.rule(desk, {"inspection": 3})
    world.later(days=LATER)
    desk = world.desk(ADMINISTRATOR)
    done = retention.erase_due(desk)
    assert done.visits == (old.id,) and done.files >= 3 + 2 * 2
    assert retention.erase_due(desk).visits == ()
    with pytest.raises(Erased, match="erased under retention on 2030-"):
        inspections.open_visit(world.desk(OWNER), old.id)
    assert len(before - files(world)) == done.files
    quoted = hashlib.sha256(worlds.jpeg(60)).hexdigest()
    assert desk.ledger.photos.original(quoted).data
    assert desk.ledger.trail.verify().length == lines + 2 and desk.ledger.records.counted() == counts
    verdict = verify.verify(desk)
    assert verdict.faults == () and verdict.erased == ((old.id, world.now.date()),)
    for question in (Question(pdf=paper), Question(number=kept["owner"].number)):
        told = asked.ask(desk, question, "192.0.2.1")
        assert told.state in (asked.UNCHANGED, asked.ISSUED) and told.erased_on == world.now.date()
    # Nothing readable is left in the file of the database, nor beside it; what a later record quotes stays with that.
    rest = b"".join(path.read_bytes() for path in world.data.glob(f"{LEDGER_FILE}*"))
    for words in (SECRET, "Wim Witness", "The tray"):
        assert words.encode() not in rest


def test_holds_open_actions_and_the_newest_keep_a_visit(world, old):
    administrator = world.desk(ADMINISTRATOR)
    retention.rule(administrator, {"inspection": 3})
    world.later(days=LATER)
    retention.hold(world.desk(ADMINISTRATOR), old.id, "Appeal before the board.")
    assert retention.due(world.desk(ADMINISTRATOR)) == []
    kept = retention.held(world.desk(ADMINISTRATOR), old.id)
    assert kept is not None and kept.reason == "Appeal before the board."
    retention.let_go(world.desk(ADMINISTRATOR), old.id)
    assert retention.due(world.desk(ADMINISTRATOR)) == [old.id]
    (newest,) = world.desk().ledger.records.latest_for([old.clinic_id], ["inspection"]).values()
    assert newest.inspection_id not in retention.due(world.desk(ADMINISTRATOR))


def test_an_open_action_keeps_its_visit(tmp_path):
    world = worlds.make(tmp_path / "data")
    visit = world.start()
    world.answer(visit, COMPLETE)
    world.sign(visit)
    sealing.seal(world.desk(), visit.id)
    world.later(days=2)
    later = world.start()
    world.answer(later, {**COMPLETE, NEEDLES: Raw(mark="NO"), ("records.last", None): Raw(mark="IN")})
    world.sign(later)
    sealing.seal(world.desk(), later.id)
    retention.rule(world.desk(ADMINISTRATOR), {"inspection": 3})
    world.later(days=LATER)
    assert retention.due(world.desk(ADMINISTRATOR)) == []


def test_only_administrators_rule_and_never_under_three_years(world, old):
    for person in (INSPECTOR_PERSON, OWNER):
        for deed in (
            lambda desk: retention.rule(desk, {"inspection": 3}),
            retention.erase_due,
            retention.standing,
        ):
            with pytest.raises(NotAllowed):
                deed(world.desk(person))
    for years in (0, 2, -1, 101):
        with pytest.raises(BadInput):
            retention.rule(world.desk(ADMINISTRATOR), {"inspection": years})
    with pytest.raises(NotAllowed):
        retention.hold(world.desk(OWNER), old.id, "Mine.")
    assert {"retention.edit", "retention.erase", "inspection.hold", "self-audit.hold"} <= DEEDS.keys()


def test_a_row_of_what_remains_cannot_be_forged(world, old):
    """Whoever removes a visit and calls it erased is found out, and so is who changes what remains."""
    retention.rule(world.desk(ADMINISTRATOR), {"inspection": 3})
    world.later(days=LATER)
    retention.erase_due(world.desk(ADMINISTRATOR))
    assert faults(world) == ()
    for change in (
        "UPDATE erasures SET status = 'compliant'",
        "UPDATE erasures SET record = replace(record, substr(record, 1, 1), 'x')",
        "UPDATE erasures SET at = '2029-01-01T00:00:00Z'",
        "UPDATE erasures SET counts = '[]'",
        "DELETE FROM erasures",
        "INSERT INTO erasing (inspection_id) VALUES ('x')",
    ):
        found = _after(world, change)
        assert found, change


def _after(world, change):
    from tests.operations.test_verify import opened

    folder = world.data.parent / "forged"
    shutil.rmtree(folder, ignore_errors=True)
    world.desk().ledger.copy_to(world.data.parent / "copy.db")
    shutil.copytree(world.data, folder)
    for path in folder.glob(f"{LEDGER_FILE}*"):
        path.unlink()
    shutil.move(world.data.parent / "copy.db", folder / LEDGER_FILE)
    db = opened(folder)
    db.execute(change)
    db.close()
    ledger = Ledger.open(folder)
    try:
        return verify.verify(Desk(ledger, ADMINISTRATOR, datetime.now(UTC), folder)).faults
    finally:
        ledger.close()


def test_only_files_of_visits_go_whatever_the_database_says(world, old, tmp_path):
    from tests.operations.test_verify import opened

    outside = tmp_path / "outside.txt"
    outside.write_text("Somebody else's.")
    retention.rule(world.desk(ADMINISTRATOR), {"inspection": 3})
    world.later(days=LATER)
    assert retention.erase_due(world.desk(ADMINISTRATOR)).faults == ()
    (world.data / "originals/aa").mkdir(exist_ok=True)
    lost = world.data / f"originals/aa/{'a' * 64}"
    lost.write_bytes(b"A file that a crash left.")
    good = lost.relative_to(world.data).as_posix()
    for bad in (
        "../outside.txt",
        str(outside),
        f"originals/../{LEDGER_FILE}",
        LEDGER_FILE,
        "photos/x\0",
        "",
        good + "\n",
    ):
        db = opened(world.data)
        db.execute("UPDATE erasures SET files = ?", (json.dumps([good, bad]),))
        db.close()
        done = retention.erase_due(world.desk(ADMINISTRATOR))
        assert done.files == 0 and outside.exists() and lost.exists() and (world.data / LEDGER_FILE).exists()
        assert [old.id in fault for fault in done.faults] == [True], bad
        assert faults(world)
    db = opened(world.data)
    db.execute("UPDATE erasures SET files = ?", (json.dumps([good]),))
    db.close()
    assert retention.erase_due(world.desk(ADMINISTRATOR)) == retention.Erased((), 1)
    assert not lost.exists()


def test_a_backup_forgets_too(world, old, tmp_path):
    administrator = world.desk(ADMINISTRATOR)
    target = tmp_path / "backup"
    administrator.ledger.photos.settle()
    assert backups.backup(administrator, target).removed == 0
    retention.rule(administrator, {"inspection": 3})
    world.later(days=LATER)
    done = retention.erase_due(world.desk(ADMINISTRATOR))
    assert backups.backup(world.desk(ADMINISTRATOR), target).removed == done.files
    assert backups.verify(target).faults == ()


def test_a_photo_that_somebody_else_shows_stays(world, old):
    other = world.start()
    name = world.photograph(other, NEEDLES, "The same", shade=33)
    retention.rule(world.desk(ADMINISTRATOR), {"inspection": 3})
    world.later(days=LATER)
    retention.erase_due(world.desk(ADMINISTRATOR))
    assert world.desk().ledger.photos.original(name).data
    assert faults(world) == ()


def test_every_table_of_a_visit_goes_or_says_why_not(world):
    """A new table that belongs to visits must say what becomes of it."""
    db = world.desk().ledger._db
    pointing = set()
    for row in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall():
        columns = {one["name"] for one in db.execute(f"PRAGMA table_info({row['name']})").fetchall()}
        to = {one["table"] for one in db.execute(f"PRAGMA foreign_key_list({row['name']})").fetchall()}
        if "inspection_id" in columns or to & {"inspections", "records", "operations"}:
            pointing.add(row["name"])
    assert not pointing - {"erasing"} - set(erasing.OF_A_VISIT) - STAYS.keys()
