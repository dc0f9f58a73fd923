"""One door for writing: whole, noted, or not at all."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from sqlite_utils import Database

from audit.domain.people import Person
from audit.store.ledger import Entry, Ledger, Unnoted
from tests.store import making

INES = Person("p-1", "ines", "Ines Field", "inspector")


def test_a_noted_entry_is_kept(ledger: Ledger) -> None:
    with ledger.entry("somebody", making.NOW) as entry:
        entry.people.add(INES, "hash")
        entry.note("person.added", INES.id, {"role": "inspector"})
    assert ledger.people.get("p-1") == INES
    (line,) = ledger.trail.of("p-1")
    assert (line.actor, line.deed, line.at, line.detail) == (
        "somebody",
        "person.added",
        making.NOW,
        {"role": "inspector"},
    )


def test_an_unnoted_entry_is_undone(ledger: Ledger) -> None:
    with pytest.raises(Unnoted), making.entry(ledger) as entry:
        entry.people.add(INES, "hash")
    assert not ledger.people.any()


def test_an_entry_that_writes_nothing_needs_no_note(ledger: Ledger) -> None:
    with making.entry(ledger):
        pass
    assert ledger.trail.verify().length == 0


def test_a_misspelt_table_is_not_made(ledger: Ledger, db: Database) -> None:
    with pytest.raises(Unnoted, match="schema"), making.entry(ledger) as entry:
        db.table("peeple").insert({"id": "p-1"})
        entry.note("person.added", "p-1")
    assert "peeple" not in db.table_names()


def test_an_exception_undoes_everything(ledger: Ledger) -> None:
    with pytest.raises(making.Undone), making.entry(ledger) as entry:
        entry.people.add(INES, "hash")
        entry.note("person.added", "p-1")
        raise making.Undone
    assert not ledger.people.any()
    assert ledger.trail.verify().length == 0


def test_writing_outside_an_entry_is_refused(ledger: Ledger) -> None:
    with pytest.raises(Exception, match="readonly"):
        ledger.people.add(INES, "hash")


def test_nothing_is_written_when_an_entry_is_over(data: Path) -> None:
    with closing(Ledger.open(data)) as ledger:
        with making.entry(ledger) as kept:
            kept.people.add(INES, "hash")
            kept.note("person.added", "p-1")
        with pytest.raises(RuntimeError, match="over"):
            kept.people.keep_password("p-1", "another")
        with pytest.raises(Exception, match="readonly"):
            ledger.people.keep_password("p-1", "another")
        assert ledger.people.password_of("p-1") == "hash"


def test_statements_are_compiled_once_for_many_entries(data: Path) -> None:
    """Switching ``query_only`` on a connection makes SQLite compile all its statements anew: no entry may."""
    said: list[str] = []
    with closing(Ledger.open(data)) as ledger:
        with making.entry(ledger):
            pass
        ledger._db.conn.set_trace_callback(said.append)
        ledger._writing().conn.set_trace_callback(said.append)
        with making.entry(ledger), ledger.reading():
            ledger.trail.newest()
    assert "BEGIN IMMEDIATE" in said
    assert not [sql for sql in said if "query_only" in sql]


def test_upkeep_reaches_sessions_only(ledger: Ledger) -> None:
    with ledger.upkeep() as sessions:
        sessions.failed("hash", "10.0.0.1", making.NOW)
    assert ledger.sessions.failures(making.NOW, "hash").count == 1
    assert ledger.trail.verify().length == 0


def test_reading_sees_one_moment(data: Path) -> None:
    reader, writer = Ledger.open(data), Ledger.open(data)
    with reader.reading() as moment:
        assert not moment.people.any()
        with making.entry(writer) as entry:
            entry.people.add(INES, "hash")
            entry.note("person.added", "p-1")
        assert not moment.people.any()
    assert reader.people.any()
    reader.close()
    writer.close()


def test_eight_writers_at_once_lose_nothing(data: Path) -> None:
    def add_people(who: int) -> None:
        with closing(Ledger.open(data)) as ledger:
            for number in range(25):
                person = Person(f"{who}-{number}", f"{who}-{number}", "A Name", "inspector")
                with ledger.entry(str(who), making.NOW) as entry:
                    assert entry.people.find(person.id) is None
                    entry.people.add(person, "hash")
                    entry.note("person.added", person.id)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(add_people, range(8)))
    ledger = Ledger.open(data)
    people, chain = ledger.people.all(), ledger.trail.verify()
    ledger.close()
    assert len(people) == 200
    assert (chain.sound, chain.length) == (True, 200)


def _answer(entry: Entry) -> None:
    making.answer(entry, making.change("op-9", mark="IN"))


def _sign(entry: Entry) -> None:
    entry.inspections.keep_signature(making.VISIT.id, making.full_visit().signatures[0])
    entry.note("inspection.signed", making.VISIT.id)


def _unsign(entry: Entry) -> None:
    entry.inspections.void_signatures(making.VISIT.id)
    entry.note("inspection.signed", making.VISIT.id)


def _change(entry: Entry) -> None:
    entry.inspections.change(making.VISIT, entry.inspections.get(making.VISIT.id).rev)
    entry.note("inspection.set-up", making.VISIT.id)


def _seal_again(entry: Entry) -> None:
    making.seal(entry, making.full_visit())


@pytest.mark.parametrize("deed", [_answer, _sign, _unsign, _change, _seal_again])
def test_nothing_of_a_sealed_inspection_changes(visited: Ledger, deed: Callable[[Entry], None]) -> None:
    with making.entry(visited) as entry:
        _sign(entry)
        making.seal(entry, making.full_visit())
    before = visited.records.get(making.VISIT.id)
    with pytest.raises(Exception, match="the inspection is over"), making.entry(visited) as entry:
        deed(entry)
    assert visited.records.get(making.VISIT.id) == before


FROZEN = {
    "trail": "UPDATE trail SET actor = 'x'",
    "operations": "UPDATE operations SET value = '{}'",
    "checklists": "UPDATE checklists SET document = '{}'",
    "records": "UPDATE records SET document = '{}'",
    "record_persons": "UPDATE record_persons SET persons = '{}'",
    "findings": "UPDATE findings SET note = ''",
    "inspections": "UPDATE inspections SET state = 'running'",
}


@pytest.mark.parametrize("table", FROZEN)
@pytest.mark.parametrize("way", ["update", "delete", "replace"])
def test_frozen_tables_refuse(visited: Ledger, db: Database, table: str, way: str) -> None:
    with making.entry(visited) as entry:
        making.answer(entry, making.change(mark="IN"))
        making.seal(entry, making.full_visit())
    statement = {
        "update": FROZEN[table],
        "delete": f"DELETE FROM {table}",
        "replace": f"REPLACE INTO {table} SELECT * FROM {table}",
    }[way]
    before = db.execute(f"SELECT * FROM {table}").fetchall()
    with (
        pytest.raises(Exception, match=r"only grows|over|stays|only a sealed"),
        making.entry(visited) as entry,
    ):
        db.execute(statement)
        entry.note("tampered", "x")
    assert [tuple(row) for row in db.execute(f"SELECT * FROM {table}")] == [tuple(row) for row in before]


def test_a_record_needs_a_sealed_inspection(visited: Ledger, db: Database) -> None:
    with pytest.raises(Exception, match="only a sealed"), making.entry(visited) as entry:
        db.execute(
            "INSERT INTO records VALUES (?, ?, 'inspection', 'd', 't', 's', 1, 0, 0, ?, '{}')",
            (making.VISIT.id, making.CLINIC.id, "0" * 64),
        )
        entry.note("tampered", "x")
