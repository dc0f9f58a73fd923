"""The chain of the trail: whatever changes shows."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from audit.store import database
from audit.store.ledger import Ledger
from audit.store.trail import BEFORE_THE_FIRST
from tests.store import making

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
lines = st.lists(
    st.tuples(texts, texts, texts, st.dictionaries(texts, texts | st.integers() | st.booleans())), max_size=8
)
same_ledger = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)


def write(ledger: Ledger, found: list[tuple[str, str, str, dict[str, object]]]) -> None:
    for actor, deed, what, detail in found:
        with ledger.entry(actor, making.NOW) as entry:
            entry.note(deed, what, detail)


@same_ledger
@given(found=lines)
def test_a_written_chain_is_sound(
    template: Database, tmp_path_factory: pytest.TempPathFactory, found
) -> None:
    ledger = _copy(template, tmp_path_factory)
    write(ledger, found)
    chain = ledger.trail.verify()
    assert (chain.sound, chain.length, chain.head) == (True, len(found), ledger.trail.head)
    assert [(line.actor, line.deed, line.object) for line in reversed(ledger.trail.newest())] == [
        row[:3] for row in found
    ]
    ledger.close()


@same_ledger
@given(found=lines.filter(bool), data=st.data())
def test_every_change_of_a_line_shows(template, tmp_path_factory, found, data) -> None:
    ledger = _copy(template, tmp_path_factory)
    write(ledger, found)
    head = ledger.trail.head
    db = ledger._db
    db.execute("PRAGMA query_only=OFF")
    _drop_triggers(db)  # somebody with the file in hands
    seq = data.draw(st.integers(1, len(found)))
    column = data.draw(st.sampled_from(["at", "actor", "deed", "object", "detail", "hash", "delete"]))
    if column == "delete":
        db.execute("DELETE FROM trail WHERE seq = ?", (seq,))
    else:
        value = '{"x":1}' if column == "detail" else "f" * 64
        db.execute(f"UPDATE trail SET {column} = ? WHERE seq = ?", (value, seq))
    chain = ledger.trail.verify()
    assert not chain.sound
    assert chain.broken_at in (seq, seq + 1)
    assert chain.words
    assert ledger.trail.head != head or seq <= len(found)
    ledger.close()


def test_lines_swapped_show(ledger: Ledger, db: Database) -> None:
    write(ledger, [("a", "one", "x", {}), ("a", "two", "x", {}), ("a", "three", "x", {})])
    db.execute("PRAGMA query_only=OFF")
    _drop_triggers(db)
    for old, new in ((2, 9), (3, 2), (9, 3)):
        db.execute("UPDATE trail SET seq = ? WHERE seq = ?", (new, old))
    assert ledger.trail.verify().broken_at == 2


def test_an_undone_entry_leaves_no_gap(ledger: Ledger) -> None:
    write(ledger, [("a", "one", "x", {})])
    with pytest.raises(making.Undone), making.entry(ledger) as entry:
        entry.note("two", "x")
        raise making.Undone
    write(ledger, [("a", "three", "x", {})])
    assert ledger.trail.verify().sound


def test_an_empty_trail_is_sound(ledger: Ledger) -> None:
    assert (ledger.trail.verify().sound, ledger.trail.head) == (True, BEFORE_THE_FIRST)


def test_numbers_of_a_detail_become_text(ledger: Ledger) -> None:
    write(ledger, [("a", "one", "x", {"count": 3})])
    assert ledger.trail.of("x")[0].detail == {"count": "3"}


def _copy(template: Database, factory: pytest.TempPathFactory) -> Ledger:
    db = database.connect(None)
    template.conn.backup(db.conn)
    return Ledger(db, factory.getbasetemp())


def _drop_triggers(db: Database) -> None:
    for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall():
        db.execute(f"DROP TRIGGER {name}")
