"""Everything is as it was sealed, or the difference is named: whatever row, file or byte somebody changes."""

import json
import os
import random
import shutil

import pytest

from audit.domain.answers import Raw
from audit.domain.closure import FACILITY
from audit.domain.problems import NotAllowed
from audit.operations import actions, amendments, closures, reports, sealing, verify
from audit.operations.closures import Proposal
from audit.operations.desk import Desk
from audit.store import database
from audit.store.ledger import LEDGER_FILE, Ledger
from tests.operations import worlds
from tests.operations.worlds import ADMINISTRATOR, COMPLETE, INSPECTOR_PERSON, NOW, OWNER

NEEDLES = ("needles.single-use", None)
# Every column that says something about what was found. What may change, or is only a claim, is not among them.
EVIDENCE = {
    "trail": "at actor deed object detail previous hash",
    "records": "inspection_id clinic_id kind inspected_on sealed_at status score_tenths findings open_findings sha256 document",
    "record_persons": "persons",
    "findings": "item person number severity standing corrected_on_site correct_by stop note corrective amendment",
    "reports": "kind paper language sha256 bytes made_at number",
    "photos": "sha256 format width height bytes received_at received_by",
    "photo_claims": "taken_at latitude longitude camera",
    "photo_links": "item person sha256 caption position marks",
    "operations": "op_id device device_seq item person kind base_rev rev status value body_hash author client_time received_at",
    "actions": "id item person clinic_id kind number severity correct_by state",
    "action_steps": "action_id kind author at done_on words visit",
    "action_photos": "position sha256",
    "inspections": "clinic_id checklist_sha kind purpose state started_at finished_at inspected_on time_zone inspector_id "
    "inspector_name profile facts practitioners present remarks",
    "answers": "item person rev value author at",
    "signatures": "role state name title at how strokes seen",
    "amendments": "inspection_id number kind item person before after reason author at status score_tenths findings "
    "open_findings sha256 document",
    "authorities": "sha256 certificate",
    "closures": "id inspection_id scope subject items acts citation hearing since proposed_by proposed_at reopened_by "
    "reopened_on",
    "finding_services": "item person service",
    "checklists": "sha256 document",
    "item_months": "kind clinic_id item month rated failed",
    "item_totals": "kind item rated failed",
}
# What runs may change; a count of nothing says nothing.
WHERE = {
    "inspections": "WHERE state = 'sealed'",
    "item_months": "WHERE rated > 0",
    "item_totals": "WHERE rated > 0",
}
KEPT_ROWS = EVIDENCE.keys() - {"checklists"}  # a checklist nobody used may go


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A folder with a visit that was sealed, reported, photographed, amended and anchored; it closed the clinic, and a
    second one opened it again."""
    world = worlds.make(tmp_path_factory.mktemp("whole") / "data")
    inspection = world.start(present=("Wim Witness",))
    world.answer(inspection, COMPLETE)
    world.photograph(inspection, NEEDLES, "The tray")
    notice = Proposal(FACILITY, "", (NEEDLES[0],), "Needles were kept.", "XX 9", "Ask within 15 days.")
    closed = closures.propose(world.desk(), inspection.id, notice)
    with world.desk().entry() as entry:
        entry.closures.concern(inspection.id, NEEDLES, "tattoo")
        entry.note("inspection.services", inspection.id)
    world.sign(inspection)
    sealing.seal(world.desk(), inspection.id)
    verify.anchor(world.desk(ADMINISTRATOR))
    reports.report(world.desk(), inspection.id, "owner")
    world.later(days=1)
    (owed,) = actions.of_visit(world.desk(), inspection.id)
    actions.fix(
        world.desk(OWNER), owed.action.id, actions.Answer("Gone.", world.now.date(), [worlds.jpeg(140)])
    )
    actions.accept(world.desk(), owed.action.id, "Seen.")
    amendments.correct(world.desk(), inspection.id, NEEDLES, Raw(mark="NA"), "Not theirs.", 0)
    reports.report(world.desk(), inspection.id, "amended", "a4", "es")
    amendments.correct_remarks(world.desk(), inspection.id, "Quiet.", "Forgotten.", 1)
    gloves = Raw(mark="OUT", note="Kept on between two clients.")
    amendments.correct(world.desk(), inspection.id, ("gloves.changed", None), gloves, "Overlooked.", 2)
    (found,) = actions.of_visit(world.desk(), inspection.id)  # what an amendment finds is owed too
    assert found.action.item == "gloves.changed"
    second = world.start(purpose="follow-up")
    world.answer(second, COMPLETE | {NEEDLES: Raw(mark="IN"), ("records.last", None): Raw(mark="IN")})
    world.sign(second)
    sealing.seal(world.desk(), second.id)
    closures.reopen(world.desk(), closed.id, second.id)
    world.later(days=1)
    verify.anchor(world.desk(ADMINISTRATOR))
    with database.connect(world.data / LEDGER_FILE).conn as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return world.data


@pytest.fixture
def copy(whole, tmp_path):
    return shutil.copytree(whole, tmp_path / "copy")


def look(folder):
    ledger = Ledger.open(folder)
    try:
        return verify.verify(Desk(ledger, ADMINISTRATOR, NOW, folder)).faults
    finally:
        ledger.close()


def test_what_nobody_touched_is_as_it_was_sealed(copy):
    assert look(copy) == ()


def test_a_copy_without_keys_is_enough(copy):
    shutil.rmtree(copy / "keys")
    assert look(copy) == ()


def test_only_administrators_verify(whole):
    ledger = Ledger.open(whole)
    with pytest.raises(NotAllowed):
        verify.verify(Desk(ledger, INSPECTOR_PERSON, NOW, whole))
    ledger.close()


def test_an_anchor_shows_a_trail_that_was_written_anew(copy):
    """Who holds the file can compute every hash again, but not what was anchored elsewhere before."""
    from audit.store.trail import BEFORE_THE_FIRST, hash_of

    db = opened(copy)
    previous = BEFORE_THE_FIRST
    for row in db.execute("SELECT * FROM trail ORDER BY seq").fetchall():
        actor = "forger" if row["deed"] == "world.made" else row["actor"]
        made = hash_of(previous, row["at"], actor, row["deed"], row["object"], row["detail"])
        db.execute(
            "UPDATE trail SET actor = ?, previous = ?, hash = ? WHERE seq = ?",
            (actor, previous, made, row["seq"]),
        )
        previous = made
    db.close()
    faults = look(copy)
    assert faults and all("anchors/" in fault for fault in faults)
    shutil.rmtree(copy / "anchors")
    assert look(copy) == ()


def test_an_anchor_is_written_once_a_day(whole, tmp_path):
    ledger = Ledger.open(whole)
    desk = Desk(ledger, ADMINISTRATOR, NOW, whole)
    path = verify.anchor(desk, tmp_path)
    before = path.read_text()
    assert json.loads(before)["head"] == ledger.trail.head and path.name == "2026-03-03.json"
    assert verify.anchor(desk, tmp_path) == path and path.read_text() == before
    ledger.close()


# single changes -----------------------------------------------------------------------------------------------


def opened(folder):
    """The database as somebody with the file opens it: nothing is refused."""
    db = database.connect(folder / LEDGER_FILE)
    for setting in ("query_only=OFF", "foreign_keys=OFF", "ignore_check_constraints=ON"):
        db.execute(f"PRAGMA {setting}")
    for row in db.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall():
        db.execute(f"DROP TRIGGER {row['name']}")
    return db


def other(value, chance):
    """Another value of the same kind."""
    if value is None:
        return 7
    if isinstance(value, int):
        return value + chance.choice((1, -1))
    if not value:
        return "x"
    at = chance.randrange(len(value))
    letter = chance.choice([one for one in "x7e" if one != value[at]])
    return value[:at] + letter + value[at + 1 :]


def change_a_row(folder, chance):
    table = chance.choice(sorted(EVIDENCE))
    column = chance.choice(EVIDENCE[table].split())
    db = opened(folder)
    where = WHERE.get(table, "")
    key = (
        "rowid"
        if table
        in (
            "trail",
            "records",
            "inspections",
            "photos",
            "amendments",
            "checklists",
            "record_persons",
            "authorities",
        )
        else "*"
    )
    rows = db.execute(f"SELECT {key}, * FROM {table} {where}").fetchall()
    row = chance.choice(rows)
    same = " AND ".join(f"{name} IS ?" for name in list(row.keys())) if key == "*" else "rowid = ?"
    given = [row[name] for name in list(row.keys())] if key == "*" else [row[0]]
    new = other(row[column], chance)
    db.execute(f"UPDATE OR IGNORE {table} SET {column} = ? WHERE {same}", [new, *given])
    changed = db.conn.total_changes
    db.close()
    return f"{table}.{column}: {row[column]!r:.60} is {new!r:.60}" if changed else ""


def remove_a_row(folder, chance):
    table = chance.choice(sorted(KEPT_ROWS))
    db = opened(folder)
    where = WHERE.get(table, "")
    rows = db.execute(f"SELECT * FROM {table} {where}").fetchall()
    row = chance.choice(rows)
    db.execute(
        f"DELETE FROM {table} WHERE {' AND '.join(f'{name} IS ?' for name in list(row.keys()))}", [*row]
    )
    db.close()
    return f"{table}: one row less"


@pytest.mark.parametrize("column", [*EVIDENCE["findings"].split(), "clinic_id", "kind"])
def test_what_an_amendment_found_is_held_against_the_trail(copy, column):
    db = opened(copy)
    value = db.execute(f"SELECT {column} FROM findings WHERE amendment = 3").fetchone()[0]
    new = other(value, random.Random(7))
    db.execute(f"UPDATE findings SET {column} = ? WHERE amendment = 3", [new])
    db.close()
    assert look(copy)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE closures SET reopened_by = NULL, reopened_on = NULL",
        "UPDATE closures SET reopened_on = '2026-03-09'",
        "UPDATE closures SET reopened_by = inspection_id",
        "UPDATE trail SET detail = replace(detail, '2026-03-04', '2026-03-05') WHERE deed = 'closure.ended'",
    ],
)
def test_who_opened_a_clinic_again_and_when_is_held_against_the_trail(copy, change):
    db = opened(copy)
    db.execute(change)
    assert db.conn.total_changes
    db.close()
    assert look(copy)


def change_a_file(folder, chance):
    files = [
        path for part in ("reports", "originals") for path in (folder / part).rglob("*") if path.is_file()
    ]
    path = chance.choice(sorted(files))
    data = bytearray(path.read_bytes())
    at = chance.randrange(len(data))
    data[at] ^= 1 << chance.randrange(8)
    path.write_bytes(data)
    return f"{path.relative_to(folder)}: byte {at}"


def remove_a_file(folder, chance):
    """An original or a report; copies of a photo can be made anew."""
    files = [
        path for part in ("reports", "originals") for path in (folder / part).rglob("*") if path.is_file()
    ]
    path = chance.choice(sorted(files))
    path.unlink()
    return f"{path.relative_to(folder)}: gone"


def change_an_anchor(folder, chance):
    path = chance.choice(sorted((folder / "anchors").glob("*.json")))
    found = json.loads(path.read_text())
    part = chance.choice(("head", "lines", "format"))
    found[part] = other(found[part], chance)
    path.write_text(json.dumps(found))
    return f"{path.name}: {part}"


# make security looks a thousand times.
LONG = os.environ.get("CLINIC_AUDIT_SECURITY") == "long"


@pytest.mark.timeout(3600 if LONG else 900)  # many folders on a busy machine
def test_random_single_changes_are_all_named(whole, tmp_path):
    chance = random.Random(20261121)
    kinds = [change_a_row] * 6 + [remove_a_row] * 2 + [change_a_file] * 3 + [remove_a_file, change_an_anchor]
    unseen, done, folder = [], 0, tmp_path / "one"
    while done < (1000 if LONG else 60):
        shutil.copytree(whole, folder)
        words = chance.choice(kinds)(folder, chance)
        if words:
            done += 1
            if not look(folder):
                unseen.append(words)
        shutil.rmtree(folder)
    assert unseen == []
