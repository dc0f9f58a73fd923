"""A backup that was tampered with is never called whole, and none is trusted to say where its files are."""

import json
import os

import pytest

from audit.domain.canonical import canonical, sha256_of
from audit.store.database import LEDGER_FILE, driver
from audit.store.files import fingerprint_of_file


@pytest.fixture
def copy(run, demo, tmp_path):
    """A fresh backup of the demo."""
    run("backup", tmp_path / "copy", "--data", demo)
    return tmp_path / "copy"


def rewritten(copy, change):
    """Change the database behind its triggers and let the manifest fit again."""
    db = driver.connect(str(copy / LEDGER_FILE), isolation_level=None)
    for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall():
        db.execute(f"DROP TRIGGER {name}")
    change(db)
    db.close()
    manifest = json.loads((copy / "manifest.json").read_text())
    manifest["database"] = fingerprint_of_file(copy / LEDGER_FILE)
    (copy / "manifest.json").write_text(json.dumps(manifest))


def _first(db):
    row = db.execute(
        "SELECT r.inspection_id, document, persons FROM records r JOIN record_persons USING (inspection_id)"
    ).fetchone()
    return row[0], json.loads(row[1]), json.loads(row[2])


def _another_result(db):
    visit, document, _ = _first(db)
    document["remarks"] = "Nothing was found."
    db.execute(
        "UPDATE records SET document = ?, sha256 = ? WHERE inspection_id = ?",
        (canonical(document).decode(), sha256_of(document), visit),
    )


def _another_person(db):
    visit, document, persons = _first(db)
    key = next(iter(persons))
    persons[key]["name"] = "Somebody Else"
    document["persons"][key] = sha256_of(persons[key])
    db.execute(
        "UPDATE records SET document = ?, sha256 = ? WHERE inspection_id = ?",
        (canonical(document).decode(), sha256_of(document), visit),
    )
    _name(db, visit, persons)


def _another_name(db):
    visit, _, persons = _first(db)
    persons[next(iter(persons))]["name"] = "Somebody Else"
    _name(db, visit, persons)


def _name(db, visit, persons):
    db.execute("UPDATE record_persons SET persons = ? WHERE inspection_id = ?", (json.dumps(persons), visit))


@pytest.mark.parametrize(
    "change, words",
    [
        (_another_result, "was changed"),
        (_another_person, "was changed"),
        (_another_name, "the names in the record"),
        (lambda db: db.execute("DELETE FROM record_persons"), "the names in the record"),
        (lambda db: db.execute("DELETE FROM records"), "is missing"),
        (lambda db: db.execute("UPDATE records SET status = 'no-findings'"), "result listed for visit"),
        (lambda db: db.execute("DELETE FROM reports"), "not those of the trail"),
        (lambda db: db.execute("UPDATE reports SET sha256 = lower(hex(randomblob(32)))"), "of the trail"),
    ],
)
def test_a_record_that_is_not_what_was_sealed_shows(run, copy, change, words):
    rewritten(copy, change)
    assert words in run("verify-backup", copy, code=1).stderr


def test_a_trail_that_goes_on_after_the_backup_shows(run, copy):
    manifest = json.loads((copy / "manifest.json").read_text())
    (copy / "manifest.json").write_text(json.dumps(manifest | {"trail_head": "0" * 64}))
    assert "the trail is not the one" in run("verify-backup", copy, code=1).stderr


# who may read it ----------------------------------------------------------------------------------------------


@pytest.fixture
def open_handed():
    before = os.umask(0o022)
    yield
    os.umask(before)


@pytest.mark.skipif(os.name != "posix", reason="permissions as POSIX has them")
def test_nobody_else_may_read_a_backup_or_what_is_given_out(run, demo, visits, tmp_path, open_handed):
    visit = next(row["id"] for row in visits if row["state"] == "sealed" and row["kind"] == "inspection")
    (tmp_path / "out").mkdir(0o700)
    for words in (
        ("backup", tmp_path / "out" / "copy"),
        ("export", visit, "-o", tmp_path / "out" / "visit"),
        ("report", visit, "-o", tmp_path / "out" / "report.pdf"),
    ):
        os.umask(0o022)
        run(*words, "--data", demo)
    made = list((tmp_path / "out").rglob("*"))
    assert len(made) > 10
    assert not [path for path in made if path.stat().st_mode & 0o077]
