"""Keys of apps are hidden in the database; what is past its time goes once a day."""

from datetime import UTC, datetime

import pytest

from audit.domain.problems import NotAllowed
from audit.operations import housekeeping
from audit.operations.carriers import OUTBOX
from audit.store.factors import APP, PASSKEY, Factor
from audit.store.links import LinkRow
from audit.store.vault import Vault
from tests.operations import worlds
from tests.operations.worlds import ADMINISTRATOR, INSPECTOR_PERSON

KEY = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture
def world(tmp_path):
    return worlds.make(tmp_path / "data")


def keep(world, kind=APP, secret=KEY, name="1"):
    with world.desk().entry() as entry:
        entry.factors.add(
            Factor(name, INSPECTOR_PERSON.id, kind, "Phone", secret, world.now, credential=name)
        )
        entry.note("second-factor.added", INSPECTOR_PERSON.id)


def stored(world):
    return [
        row["secret"] for row in world.desk().ledger._db.execute("SELECT secret FROM factors ORDER BY id")
    ]


def test_the_key_of_an_app_cannot_be_read_in_the_database(world):
    keep(world)
    keep(world, PASSKEY, "public", "2")
    assert [one.secret for one in world.desk().ledger.factors.of(INSPECTOR_PERSON.id)] == [KEY, "public"]
    hidden, public = stored(world)
    assert KEY not in hidden and hidden.startswith("v1:") and public == "public"
    assert (world.data / "keys" / "vault.key").stat().st_mode & 0o077 == 0


def test_a_key_fits_its_own_factor_and_its_own_installation_only(world, tmp_path):
    vault = Vault(world.data)
    hidden = vault.hide(KEY, "1")
    assert vault.show(hidden, "1") == KEY and vault.hide(KEY, "1") != hidden
    assert vault.show(hidden, "2") == ""
    assert Vault(tmp_path / "elsewhere").show(hidden, "1") == ""
    other = Vault(tmp_path / "other")
    other.hide("x", "1")
    assert other.show(hidden, "1") == ""
    assert vault.show(hidden[:-6] + "AAAAA=", "1") == ""


def test_keys_of_old_are_hidden_by_and_by(world):
    keep(world)
    with world.desk().entry() as entry:
        entry._shelved[0].execute("UPDATE factors SET secret = ?", (KEY,))
        entry.note("of old", "")
    assert world.desk().ledger.factors.of(INSPECTOR_PERSON.id)[0].secret == KEY
    assert housekeeping.tidy(world.desk(ADMINISTRATOR)) == {"keys": 1}
    assert KEY not in stored(world)[0]
    assert world.desk().ledger.factors.of(INSPECTOR_PERSON.id)[0].secret == KEY
    head = world.desk().ledger.trail.head
    assert housekeeping.tidy(world.desk(ADMINISTRATOR)) == {} and world.desk().ledger.trail.head == head


def test_old_browsers_and_spent_links_go(world):
    with world.desk().entry() as entry:
        entry.sessions.know_browser(INSPECTOR_PERSON.id, "a" * 64, world.now)
        entry.links.give_out(LinkRow("b" * 64, "password", INSPECTOR_PERSON.id, world.now))
        entry.note("made", "")
    world.later(days=20)
    with world.desk().entry() as entry:
        entry.sessions.know_browser(INSPECTOR_PERSON.id, "c" * 64, world.now)
        entry.note("made", "")
    assert housekeeping.tidy(world.desk(ADMINISTRATOR)) == {}
    world.later(days=20)
    assert housekeeping.tidy(world.desk(ADMINISTRATOR)) == {"links": 1}
    world.later(days=370)
    assert housekeeping.tidy(world.desk(ADMINISTRATOR)) == {"browsers": 1}
    assert world.desk().ledger.sessions.is_familiar_browser(INSPECTOR_PERSON.id, "c" * 64)
    with pytest.raises(NotAllowed):
        housekeeping.tidy(world.desk())


def test_letters_that_are_files_go_when_no_link_in_them_lets_anybody_in_any_more(world):
    world.now = datetime(2026, 4, 2, 12, tzinfo=UTC)
    folder = world.data / OUTBOX
    folder.mkdir()
    stay = {
        "20260330T120000Z-b.eml",
        "20260402T110000Z-c.eml",
        "notes.txt",
        "mine.eml",
        "20260101T000000Z.pdf",
    }
    for name in {"20260330T115959Z-a.eml", "20251224T000000Z-d.eml", *stay}:
        (folder / name).write_text("Hello")
    assert housekeeping.tidy(world.desk(ADMINISTRATOR)) == {"letters": 2}
    assert {path.name for path in folder.iterdir()} == stay
    assert housekeeping.tidy(world.desk(ADMINISTRATOR)) == {}
