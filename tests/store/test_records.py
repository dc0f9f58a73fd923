"""What the seal leaves behind: the record, its findings, and counts that analysis reads."""

from dataclasses import replace
from datetime import date

from sqlite_utils import Database

from audit.domain.canonical import sha256_of
from audit.store.ledger import Ledger, Rate
from tests.store import making
from tests.store.making import CLINIC, VISIT


def seal_on(ledger: Ledger, name: str, day: date, out: str) -> None:
    visit = making.full_visit(out)
    inspection = replace(VISIT, id=name, inspected_on=day)
    with making.entry(ledger) as entry:
        entry.inspections.add(inspection)
        making.seal(entry, replace(visit, inspection=inspection))


def test_a_record_comes_back_as_it_was(visited: Ledger) -> None:
    with making.entry(visited) as entry:
        sealed = making.seal(entry, making.full_visit())
    assert visited.records.get(VISIT.id) == sealed
    assert sha256_of(visited.records.get(VISIT.id).document) == sealed.sha256
    inspection = visited.inspections.get(VISIT.id)
    assert (inspection.state, inspection.finished_at) == ("sealed", making.LATER)


def test_names_are_kept_apart_from_the_document(visited: Ledger, db: Database) -> None:
    with making.entry(visited) as entry:
        making.seal(entry, making.full_visit())
    document = db.execute("SELECT document FROM records").fetchone()[0]
    assert "Ines Spector" not in document
    assert "Ines Spector" in db.execute("SELECT persons FROM record_persons").fetchone()[0]


def test_findings_are_kept_as_rows(visited: Ledger, db: Database) -> None:
    with making.entry(visited) as entry:
        making.seal(entry, making.full_visit("sink.towels"))
    (row,) = db.execute("SELECT * FROM findings")
    assert (row["item"], row["severity"], row["clinic_id"], row["correct_by"], row["person"]) == (
        "sink.towels",
        "critical",
        CLINIC.id,
        "2025-03-10",
        "",
    )


def test_trend_is_oldest_first_and_keeps_kinds_apart(visited: Ledger) -> None:
    seal_on(visited, "b", date(2026, 2, 1), "sink.soap")
    seal_on(visited, "a", date(2026, 1, 1), "sink.towels")
    seal_on(visited, "c", date(2026, 3, 1), "sink.soap")
    trend = visited.records.trend(CLINIC.id)
    assert [(row.inspection_id, row.score, row.findings, row.open_findings) for row in trend] == [
        ("a", 950, 1, 1),
        ("b", 980, 1, 1),
        ("c", 980, 1, 1),
    ]
    assert visited.records.trend(CLINIC.id, "self-audit") == ()
    assert [row.inspection_id for row in visited.records.trend(CLINIC.id, at_most=2)] == ["b", "c"]
    latest = visited.records.latest_for([CLINIC.id, "elsewhere"], ["inspection", "self-audit"])
    assert {clinic: row.inspection_id for clinic, row in latest.items()} == {CLINIC.id: "c"}
    assert visited.records.latest_for([CLINIC.id], ["self-audit"]) == {}
    assert visited.inspections.sealed_before(CLINIC.id) == 3


def test_most_failed_is_of_those_rated(visited: Ledger) -> None:
    seal_on(visited, "a", date(2026, 1, 1), "sink.towels")
    seal_on(visited, "b", date(2026, 1, 9), "sink.soap")
    seal_on(visited, "c", date(2026, 2, 1), "sink.soap")
    expected = (Rate("sink.soap", 3, 2), Rate("sink.towels", 3, 1))
    assert visited.records.most_failed() == expected
    assert visited.records.most_failed(CLINIC.id) == expected
    assert visited.records.most_failed("elsewhere") == ()
    assert visited.records.most_failed(kind="self-audit") == ()


def test_counts_are_kept_by_month(visited: Ledger, db: Database) -> None:
    seal_on(visited, "a", date(2026, 1, 1), "sink.soap")
    seal_on(visited, "b", date(2026, 1, 31), "sink.towels")
    seal_on(visited, "c", date(2026, 2, 1), "sink.soap")
    rows = db.execute("SELECT month, rated, failed FROM item_months WHERE item = 'sink.soap' ORDER BY month")
    assert [tuple(row) for row in rows] == [("2026-01", 2, 1), ("2026-02", 1, 1)]
