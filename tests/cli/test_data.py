"""The data folder is made, brought up to date, copied and restored; people are added."""

import json
import re
import shutil

import pytest
from sqlite_utils import Database

from audit.store import database, migrations
from tests.cli.conftest import PASSWORD, add, contents


@pytest.fixture
def older(tmp_path):
    """A folder as an older version left it: the last change of the schema is missing."""
    data = tmp_path / "older"
    data.mkdir()
    db = database.connect(data / database.LEDGER_FILE, create=True)
    db.execute("PRAGMA query_only=OFF")
    last = migrations.pending(db)[-1]
    migrations.LEDGER.apply(db, stop_before=last)
    db.close()
    return data


def test_migrate_makes_a_folder_and_is_done_the_second_time(run, tmp_path):
    assert "is up to date now" in run("migrate", "--data", tmp_path / "new").stdout
    assert "was up to date already" in run("migrate", "--data", tmp_path / "new").stdout


def test_an_older_folder_is_refused_until_it_is_migrated_and_backed_up_first(run, older):
    before = (older / database.LEDGER_FILE).read_bytes()
    for words in (("serve",), ("inspections", "list")):
        assert "run 'clinic-audit migrate'" in run(*words, "--data", older, code=1).stderr
    run("migrate", "--data", older)
    (copy,) = (older / "backups").glob("*.db")
    assert migrations.pending(_frozen(copy)) == migrations.pending(_as_file(before, older))
    run("inspections", "list", "--data", older)


def _frozen(path) -> Database:
    return database.connect_frozen(path)


def _as_file(content, folder) -> Database:
    path = folder / "before.db"
    path.write_bytes(content)
    return database.connect_frozen(path)


def test_a_backup_is_whole_and_can_be_put_back(run, demo, tmp_path, visits):
    copy, restored = tmp_path / "copy", tmp_path / "restored"
    assert "files" in run("backup", copy, "--data", demo).stdout
    assert re.search(r"is whole: 7 records, \d+ photos", run("verify-backup", copy).stdout)
    shutil.copytree(copy, restored)
    sealed = next(row["id"] for row in visits if row["state"] == "sealed" and row["kind"] == "inspection")
    for data in (demo, restored):
        run("export", sealed, "-o", tmp_path / f"from-{data.name}", "--data", data)
        run("report", sealed, "-o", tmp_path / f"{data.name}.pdf", "--data", data)
    assert contents(tmp_path / f"from-{demo.name}") == contents(tmp_path / "from-restored")
    assert (tmp_path / f"{demo.name}.pdf").read_bytes() == (tmp_path / "restored.pdf").read_bytes()


def test_a_second_backup_copies_only_what_is_new(run, demo, tmp_path):
    run("backup", tmp_path / "copy", "--data", demo)
    assert "(0 copied now)" in run("backup", tmp_path / "copy", "--data", demo).stdout
    run("verify-backup", tmp_path / "copy")


def test_a_damaged_backup_is_refused_with_every_fault(run, demo, tmp_path):
    copy = tmp_path / "copy"
    run("backup", copy, "--data", demo)
    photos = sorted(path for path in (copy / "originals").rglob("*") if path.is_file())
    photos[0].write_bytes(photos[0].read_bytes()[:-1] + b"\0")
    photos[1].unlink()
    told = run("verify-backup", copy, code=1).stderr
    assert f"{photos[0].name} was changed" in told
    assert f"{photos[1].name} is missing" in told


def test_a_backup_never_lands_in_the_data_folder_or_on_something_else(run, empty, tmp_path):
    run("backup", empty / "inside", "--data", empty, code=1)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("mine")
    run("backup", tmp_path / "mine", "--data", empty, code=1)
    run("verify-backup", tmp_path / "mine", code=1)


# people -------------------------------------------------------------------------------------------------------


def test_a_person_is_added_with_a_password_that_is_typed_twice(run, empty):
    words = ["--name", "Ada Moss", "--role", "administrator", "--data", empty]
    typed = f"{PASSWORD}\n{PASSWORD}\n"
    told = run("person", "add", "Ada@Agency.example", *words, typed=typed)
    assert "Ada Moss can sign in as ada@agency.example (administrator)." in told.stdout
    assert PASSWORD not in told.output


def test_an_owner_answers_for_clinics_found_by_name_permit_or_id(run, demo_copy, visits):
    clinic = next(row for row in visits if row["clinic_name"].startswith("Crown"))
    for place, words in enumerate(("Crown Line Scalp Studio", "demo-ba-0417", clinic["clinic_id"], "crown")):
        login = f"owner{place}@x.example"
        add(run, demo_copy, login, "owner", "--clinic", words)
        rows = json.loads(run("inspections", "list", "--json", "--as", login, "--data", demo_copy).stdout)
        assert {row["clinic_name"] for row in rows} == {"Crown Line Scalp Studio"}


def test_a_clinic_that_is_not_meant_clearly_is_wrong_use(run, demo_copy):
    told = add(run, demo_copy, "a@x.example", "owner", "--clinic", "DEMO", code=2).stderr
    assert "Several clinics fit" in told
    assert "No clinic fits" in add(run, demo_copy, "a@x.example", "owner", "--clinic", "zzz", code=2).stderr


def test_all_faults_of_a_person_are_listed(run, empty):
    words = ["--name", " ", "--role", "inspector", "--password-stdin", "--data", empty]
    told = run("person", "add", "a b", *words, typed="short\n", code=1).stderr
    assert "3 faults, nothing was changed:" in told
    for place in ("name:", "login:", "password:"):
        assert f"  {place}" in told


def test_a_login_is_given_once(run, empty):
    assert "has this login already" in add(run, empty, "INES@agency.example", "inspector", code=1).stderr


def test_who_looks_after_the_machine_makes_a_link_to_a_new_password(run, demo_copy):
    """For the only administrator, who forgot theirs, where no mail goes."""
    told = run("person", "link", "Admin@demo.example", "--data", demo_copy).stdout
    assert "/new-password?key=" in told and "Works once" in told
    run("person", "link", "nobody", "--data", demo_copy, code=1)
