"""The schema: every change in order, none edited after it was released."""

from pathlib import Path

import pytest
from sqlite_utils import Database, Migrations

from audit.store import database, migrations

SNAPSHOT = Path(__file__).with_name("schema.sql")


def schema_of(db: Database) -> str:
    """The whole schema as text, in order of names."""
    rows = db.execute(
        "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE '\\_sqlite%' ESCAPE '\\'"
        " AND name NOT LIKE 'sqlite%' ORDER BY tbl_name, type DESC, name"
    )
    return "\n\n".join(" ".join(row["sql"].split()) + ";" for row in rows) + "\n"


def test_the_schema_is_the_one_that_was_looked_at(template: Database) -> None:
    """After a wanted change: python -m tests.store.test_migrations > tests/store/schema.sql"""
    assert schema_of(template) == SNAPSHOT.read_text(encoding="utf-8")


def test_changes_only_grow() -> None:
    """Names stand here once released, in this order, for ever."""
    released = [
        "m001_trail",
        "m002_people_and_clinics",
        "m003_checklists",
        "m004_inspections",
        "m005_photos",
        "m006_records",
        "m007_links",
        "m008_tablets",
        "m009_languages",
        "m010_amendments",
        "m011_actions",
        "m012_evidence",
        "m013_gate",
        "m014_papers",
        "m015_people_and_post",
        "m016_coming_back",
        "m017_retention",
        "m018_reminders",
        "m019_standing",
        "m020_stamps",
        "m021_amended_findings",
        "m022_photo_bringers",
        "m023_standing_now",
        "m024_recalls",
        "m025_void_counts_nowhere",
        "m026_links_in_reports",
    ]
    db = database.connect(None)
    assert list(migrations.pending(db))[: len(released)] == released
    db.close()


def test_every_table_is_strict(template: Database) -> None:
    loose = [
        row["name"]
        for row in template.execute("PRAGMA table_list")
        if row["schema"] == "main" and row["type"] == "table" and not row["strict"]
    ]
    assert [name for name in loose if not name.startswith(("sqlite_", "_sqlite_"))] == []


def test_a_second_time_changes_nothing(db: Database) -> None:
    assert migrations.pending(db) == ()
    assert migrations.apply(db) == ()


def test_a_failing_change_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch, db: Database) -> None:
    growing = Migrations("clinic_audit")
    growing._migrations = [*migrations.LEDGER._migrations]

    @growing()
    def m900_good(db: Database) -> None:
        db.execute("CREATE TABLE good (id TEXT) STRICT")

    @growing()
    def m901_bad(db: Database) -> None:
        db.execute("CREATE TABLE bad (id TEXT) STRICT")
        raise ZeroDivisionError

    monkeypatch.setattr(migrations, "LEDGER", growing)
    with pytest.raises(ZeroDivisionError):
        migrations.apply(db)
    assert "good" not in db.table_names()
    assert migrations.pending(db) == ("m900_good", "m901_bad")
    assert db.execute("PRAGMA query_only").fetchone()[0] == 1
    assert db.execute("PRAGMA foreign_keys").fetchone()[0] == 1


def test_a_change_that_loses_rows_is_undone(monkeypatch: pytest.MonkeyPatch, db: Database) -> None:
    growing = Migrations("clinic_audit")
    growing._migrations = [*migrations.LEDGER._migrations]

    @growing()
    def m900_lossy(db: Database) -> None:
        db.execute("INSERT INTO person_clinics VALUES ('nobody', 'nowhere')")

    monkeypatch.setattr(migrations, "LEDGER", growing)
    with pytest.raises(RuntimeError, match="point nowhere"):
        migrations.apply(db)
    assert db.execute("SELECT count(*) FROM person_clinics").fetchone()[0] == 0


if __name__ == "__main__":
    fresh = database.connect(None)
    migrations.apply(fresh)
    print(schema_of(fresh), end="")
