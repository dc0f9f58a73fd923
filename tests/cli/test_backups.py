"""A backup that was tampered with is never called whole, and none is trusted to say where its files are."""

import json
import os
import shutil

import pytest

from audit.domain.canonical import canonical, sha256_of
from audit.store.database import LEDGER_FILE, driver
from audit.store.files import fingerprint_of_file


@pytest.fixture(scope="module")
def backup(run, demo, tmp_path_factory):
    """A backup of the demo, for reading only."""
    target = tmp_path_factory.mktemp("backup") / "copy"
    run("backup", target, "--data", demo)
    return target


@pytest.fixture
def copy(backup, tmp_path):
    """The same, to tamper with."""
    return shutil.copytree(backup, tmp_path / "copy")


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


# what it says of itself ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content",
    ["[]", "7", "{", "[" * 100_000, '{"format": "clinic-audit/backup/1"}'],
    ids=["list", "number", "broken", "deep", "no-files"],
)
def test_a_manifest_that_is_none_is_said(run, copy, content):
    (copy / "manifest.json").write_text(content)
    assert "the manifest is missing or is none" in run("verify-backup", copy, code=1).stderr


@pytest.mark.parametrize("files", [[], "photos", {"photos/a": 7}, {"photos/a": None}])
def test_a_manifest_of_another_shape_is_said(run, copy, files):
    manifest = json.loads((copy / "manifest.json").read_text())
    (copy / "manifest.json").write_text(json.dumps(manifest | {"files": files}))
    assert "the manifest is missing or is none" in run("verify-backup", copy, code=1).stderr


@pytest.mark.parametrize(
    "name", ["/dev/zero", "../../etc/passwd", "photos/../../x", "ledger.db", "photos//x", "", "photos/\0"]
)
def test_a_file_outside_the_backup_is_never_opened(run, copy, name):
    manifest = json.loads((copy / "manifest.json").read_text())
    manifest["files"][name] = "0" * 64
    (copy / "manifest.json").write_text(json.dumps(manifest))
    assert "is no name of a file in a backup" in run("verify-backup", copy, code=1).stderr


@pytest.mark.skipif(os.name != "posix", reason="links and pipes as POSIX has them")
@pytest.mark.parametrize("pattern", ["originals/*/*", "photos/print/*/*", "reports/*/*", "originals/*"])
def test_a_link_out_of_the_backup_is_a_fault(run, copy, tmp_path, pattern):
    path = next(copy.glob(pattern))
    path.rename(tmp_path / "elsewhere")
    path.symlink_to(tmp_path / "elsewhere")
    assert "lies behind a link" in run("verify-backup", copy, code=1).stderr


@pytest.mark.skipif(os.name != "posix", reason="links and pipes as POSIX has them")
@pytest.mark.parametrize("name", [LEDGER_FILE, "manifest.json"])
def test_a_pipe_or_a_link_is_no_part_of_a_backup(run, copy, tmp_path, name):
    (copy / name).rename(tmp_path / name)
    (copy / name).symlink_to(tmp_path / name)
    run("verify-backup", copy, code=1)
    (copy / name).unlink()
    os.mkfifo(copy / name)
    run("verify-backup", copy, code=1)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE records SET document = '[]'",
        "UPDATE record_persons SET persons = '[7]'",
        f"UPDATE photos SET sha256 = '{'../' * 18}etc/passwd'",
        "UPDATE trail SET detail = '[]', at = 'never'",
    ],
)
def test_a_database_of_other_content_is_told_in_words(run, copy, statement):
    rewritten(copy, lambda db: db.execute(f"{statement} WHERE rowid = 1"))
    assert "is not whole" in run("verify-backup", copy, code=1).stderr
