"""Visits while they run: what is entered comes back as it was, by item, in order."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from audit.domain.answers import PhotoLink, Raw
from audit.domain.changes import CONFLICT, Current
from audit.domain.inspections import Signature
from audit.domain.problems import BadInput, NotFound, Stale
from audit.store.images import Claims, Photo
from audit.store.ledger import Ledger
from tests.store import making
from tests.store.making import NOW, VISIT


def test_a_visit_comes_back_as_it_was(visited: Ledger) -> None:
    assert visited.inspections.get(VISIT.id) == replace(VISIT, profile={}, facts={})


def test_an_unknown_visit_is_not_found(ledger: Ledger) -> None:
    assert ledger.inspections.find("none") is None
    with pytest.raises(NotFound):
        ledger.inspections.get("none")


def test_set_up_is_kept(visited: Ledger) -> None:
    facts: dict[str, bool | int | str] = {"procedure_observed": False, "stations": 3, "water": "well"}
    changed = replace(VISIT, facts=facts, present=("Zoë", "عمر"), remarks="two\nlines", rev=2)
    with making.entry(visited) as entry:
        entry.inspections.change(changed, 1)
        entry.note("inspection.set-up", VISIT.id)
    assert visited.inspections.get(VISIT.id) == changed


def test_a_stale_set_up_is_refused(visited: Ledger) -> None:
    with pytest.raises(Stale), making.entry(visited) as entry:
        entry.inspections.change(replace(VISIT, rev=9), 8)


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
raws = st.builds(
    Raw,
    mark=st.sampled_from(["", "IN", "OUT"]),
    values=st.dictionaries(texts, texts.filter(bool), max_size=3),
    note=texts,
    corrected_on_site=st.booleans(),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(raw=raws, person=st.none() | st.uuids().map(str), rev=st.integers(1, 9))
def test_an_answer_comes_back_as_it_was(visited: Ledger, raw: Raw, person: str | None, rev: int) -> None:
    key = ("sink.soap", person)
    with making.entry(visited) as entry:
        entry.inspections.keep_answer(VISIT.id, key, Current(rev, raw.document(), "ines", NOW))
        entry.note("inspection.answered", VISIT.id)
    kept = visited.inspections.answers(VISIT.id)[key]
    assert (kept.raw.document(), kept.rev, kept.author, kept.at) == (raw.document(), rev, "ines", NOW)
    assert visited.inspections.current(VISIT.id, key).rev == rev


def test_nothing_entered_is_revision_0(visited: Ledger) -> None:
    assert visited.inspections.current(VISIT.id, ("sink.soap", None)) == Current()


def test_an_operation_comes_back_as_it_was(visited: Ledger) -> None:
    change = replace(
        making.change(mark="OUT", note="no soap"), seq=7, client_time="2026-03-03T09:00:00-08:00"
    )
    with making.entry(visited) as entry:
        making.answer(entry, change)
    kept = visited.inspections.operation("op-1")
    assert kept is not None
    assert kept.change == change
    assert (kept.seq, kept.status, kept.rev, kept.author, kept.received_at) == (
        1,
        "applied",
        1,
        "inspector-1",
        NOW,
    )
    counts = [("tablet-1", 7), ("tablet-1", 8), ("tablet-2", 7)]
    assert visited.inspections.counted(counts) == {("tablet-1", 7)}
    assert visited.inspections.operations(VISIT.id) == (kept,)
    assert visited.inspections.operations(VISIT.id, since=1) == ()


@pytest.mark.parametrize(
    "again",
    [making.change("op-1", "floor.clean"), replace(making.change("op-2", "floor.clean"), seq=7)],
    ids=["op_id", "device and count"],
)
def test_an_operation_is_kept_once(visited: Ledger, again: Any) -> None:
    with making.entry(visited) as entry:
        making.answer(entry, replace(making.change(mark="IN"), seq=7))
    with pytest.raises(Exception, match="UNIQUE"), making.entry(visited) as entry:
        making.answer(entry, again)
    assert len(visited.inspections.operations(VISIT.id)) == 1


def test_pages_count_no_operations_of_their_own(visited: Ledger) -> None:
    with making.entry(visited) as entry:
        making.answer(entry, making.change("op-1", mark="IN"))
        making.answer(entry, making.change("op-2", "floor.clean", mark="IN"))
    assert len(visited.inspections.operations(VISIT.id)) == 2


def test_a_value_that_lost_stays_until_somebody_chooses(visited: Ledger) -> None:
    lost = making.change("op-2", mark="OUT", note="mine")
    with making.entry(visited) as entry:
        making.answer(entry, making.change("op-1", mark="IN"))
        making.answer(entry, lost, status=CONFLICT)
    (conflict,) = visited.inspections.conflicts(VISIT.id)
    assert (conflict.op_id, conflict.key, conflict.value, conflict.device) == (
        "op-2",
        ("sink.soap", None),
        lost.value,
        "tablet-1",
    )
    with making.entry(visited) as entry:
        making.answer(entry, replace(making.change("op-3", base_rev=1), kind="resolve"), rev=2)
        entry.inspections.settle_conflict("op-2", "op-3")
    assert visited.inspections.conflicts(VISIT.id) == ()
    assert len(visited.inspections.operations(VISIT.id)) == 3


def photo(name: str) -> Photo:
    return Photo(name * 64, "JPEG", 4, 3, b"x", Claims(latitude=36.7, longitude=-119.8))


def test_links_keep_their_order_and_lose_only_themselves(visited: Ledger) -> None:
    soap, floor = ("sink.soap", None), ("floor.clean", None)
    with making.entry(visited) as entry:
        for name in "abc":
            assert entry.photos.add(photo(name), NOW, "ines")
        assert not entry.photos.add(photo("a"), NOW, "ines")
        for name in "cab":
            entry.inspections.link_photo(VISIT.id, soap, PhotoLink(name * 64, f"caption {name}"))
        entry.inspections.link_photo(VISIT.id, soap, PhotoLink("c" * 64, "better words"))
        entry.inspections.link_photo(VISIT.id, floor, PhotoLink("a" * 64))
        entry.inspections.unlink_photo(VISIT.id, soap, "a" * 64)
        entry.note("inspection.answered", VISIT.id)
    links = visited.inspections.links(VISIT.id)
    assert links[soap] == (PhotoLink("c" * 64, "better words"), PhotoLink("b" * 64, "caption b"))
    assert links[floor] == (PhotoLink("a" * 64),)
    assert [visit.id for visit in visited.inspections.showing("a" * 64)] == [VISIT.id]
    assert visited.photos.claims("a" * 64) == Claims(latitude=36.7, longitude=-119.8)
    assert visited.photos.names() == ["a" * 64, "b" * 64, "c" * 64]


def test_a_link_needs_its_photo(visited: Ledger) -> None:
    with pytest.raises(Exception, match="FOREIGN KEY"), making.entry(visited) as entry:
        entry.inspections.link_photo(VISIT.id, ("sink.soap", None), PhotoLink("d" * 64))
        entry.note("inspection.answered", VISIT.id)


def test_signatures_are_replaced_and_voided(visited: Ledger) -> None:
    strokes = (((100, 250), (500, 1000)), ((0, 0),))
    first = Signature("inspector", "signed", "Ines Field", "EHS", NOW, "drawn", strokes)
    second = Signature("person-in-charge", "refused", "Olu Owner", at=NOW)
    with making.entry(visited) as entry:
        entry.inspections.keep_signature(VISIT.id, replace(first, name="Somebody"))
        entry.inspections.keep_signature(VISIT.id, first)
        entry.inspections.keep_signature(VISIT.id, second)
        entry.note("inspection.signed", VISIT.id)
    assert visited.inspections.signatures(VISIT.id) == (first, second)
    with making.entry(visited) as entry:
        assert entry.inspections.void_signatures(VISIT.id) == ["inspector", "person-in-charge"]
        assert entry.inspections.void_signatures(VISIT.id) == []
        entry.note("inspection.answered", VISIT.id)
    assert visited.inspections.signatures(VISIT.id) == ()


# the list -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Wanted:
    clinic_id: str = ""
    state: str = ""
    kind: str = ""
    text: str = ""


@pytest.fixture
def many(visited: Ledger) -> Ledger:
    """Seven more visits, an hour apart, the last ones set aside, one of them a self-audit still running."""
    with making.entry(visited) as entry:
        for hour in range(1, 8):
            visit = replace(VISIT, id=f"visit-{hour}", started_at=VISIT.started_at + timedelta(hours=hour))
            visit = replace(visit, state="set-aside" if hour > 5 else "running")
            visit = replace(visit, kind="self-audit" if hour == 3 else "inspection")
            entry.inspections.add(visit)
        entry.note("inspection.started", "many")
    return visited


def listed(ledger: Ledger, wanted: Wanted, owner: bool = False, limit: int = 3, **how: Any) -> list[str]:
    """All pages of the list, one after the other."""
    found: list[str] = []
    after: str | None = None
    while True:
        rows, after = ledger.inspections.page(how.get("clinics"), owner, wanted, after, limit)
        assert len(rows) <= limit
        found += [row["id"] for row in rows]
        if after is None:
            return found


def test_pages_are_newest_first_without_gaps_or_repeats(many: Ledger) -> None:
    hours = [7, 6, 5, 4, 2, 1]
    assert listed(many, Wanted()) == [f"visit-{hour}" for hour in hours] + [VISIT.id]
    assert listed(many, Wanted(), limit=7) == listed(many, Wanted(), limit=1)


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (Wanted(state="set-aside"), ["visit-7", "visit-6"]),
        (Wanted(state="sealed"), []),
        (Wanted(text="DOTS main"), 7),
        (Wanted(text="dots elsewhere"), []),
        (Wanted(clinic_id="another"), []),
        (Wanted(clinic_id=making.CLINIC.id), 7),
        (Wanted(kind="self-audit"), []),
    ],
)
def test_filters(many: Ledger, wanted: Wanted, expected: list[str] | int) -> None:
    found = listed(many, wanted)
    assert (len(found) if isinstance(expected, int) else found) == expected


def test_the_agency_learns_of_self_audits_once_sealed(many: Ledger) -> None:
    assert "visit-3" not in listed(many, Wanted())


def test_the_owner_learns_of_inspections_once_sealed(many: Ledger) -> None:
    assert listed(many, Wanted(), owner=True, clinics=[making.CLINIC.id]) == ["visit-3"]
    assert listed(many, Wanted(), owner=True, clinics=[]) == []
    with making.entry(many) as entry:
        making.seal(entry, making.full_visit())
    assert VISIT.id in listed(many, Wanted(), owner=True, clinics=[making.CLINIC.id])


def test_a_page_that_never_was_is_refused(many: Ledger) -> None:
    with pytest.raises(BadInput):
        many.inspections.page(None, False, Wanted(), "nonsense", 3)


@pytest.mark.parametrize(
    ("condition", "index"),
    [
        ("NOT (i.kind = ? AND i.state <> ?)", "inspections_newest"),
        ("NOT (i.kind = ? AND i.state <> ?) AND i.state = 'running'", "inspections_state"),
        ("NOT (i.kind = ? AND i.state <> ?) AND i.clinic_id = 'c'", "inspections_clinic"),
        ("+i.clinic_id IN (SELECT id FROM clinics WHERE instr(sought, 'x') > 0)", "inspections_newest"),
    ],
)
def test_the_list_is_read_from_an_index_alone(db: Database, condition: str, index: str) -> None:
    """Newest first must not mean: sort everything, or look at every row."""
    inner = f"SELECT i.id FROM inspections i WHERE {condition} ORDER BY i.started_at DESC, i.id DESC LIMIT 26"
    plan = [row["detail"] for row in db.execute(f"EXPLAIN QUERY PLAN {inner}", ["x"] * inner.count("?"))]
    assert any(f"USING COVERING INDEX {index}" in detail for detail in plan), plan
    assert not any("ORDER BY" in detail for detail in plan), plan


def test_a_word_in_many_names_finds_the_same(many: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    few = listed(many, Wanted(text="dots"))
    monkeypatch.setattr("audit.store.inspections.FEW_CLINICS", 0)
    assert listed(many, Wanted(text="dots")) == few
    assert listed(many, Wanted(text="dots elsewhere")) == []
