"""The history of a visit: who did what, for whom it is, and that asking is told too."""

from datetime import date

import pytest

from audit.domain.problems import NotAllowed, NotFound
from audit.operations import (
    actions,
    chronicle,
    disclosing,
    exchange,
    inspections,
    noting,
    recalls,
    reports,
    schedule,
    sealing,
)
from tests.operations import worlds


@pytest.fixture
def world(data) -> worlds.World:
    return worlds.World(data)


def sealed(world, person=worlds.INSPECTOR_PERSON) -> str:
    visit = world.start(person)
    world.answer(visit, worlds.COMPLETE, person)
    world.sign(visit, person)
    sealing.seal(world.desk(person), visit.id)
    return visit.id


def told(world, visit_id: str, person=worlds.INSPECTOR_PERSON) -> list[tuple[str, str]]:
    return [(one.who, one.words) for one in chronicle.of_visit(world.desk(person), visit_id).events]


def test_who_did_what_in_plain_words(world) -> None:
    visit = sealed(world)
    lines = told(world, visit)
    assert lines[0] == ("Ines Field", "started the visit")
    assert ("Ines Field", "answered 4 items") in lines
    assert ("Ines Field", "signed the visit") in lines
    assert any(words.startswith("sealed the record") for _, words in lines)
    assert told(world, visit, worlds.ADMINISTRATOR) == lines


def test_downloads_and_exports_are_told_once_in_a_while(world, tmp_path) -> None:
    visit = sealed(world)
    for _ in range(3):
        reports.report(world.desk(worlds.OWNER), visit, "owner")
    exchange.export(world.desk(worlds.ADMINISTRATOR), visit, tmp_path)
    lines = told(world, visit)
    assert lines.count(("Olu Adeyemi", "downloaded the owner's copy")) == 1
    assert ("Ada Lind", "exported the record with its photos") in lines
    world.later(minutes=11)
    reports.report(world.desk(worlds.OWNER), visit, "owner")
    assert told(world, visit).count(("Olu Adeyemi", "downloaded the owner's copy")) == 2


def test_an_owner_knows_what_concerns_them(world, tmp_path) -> None:
    visit = sealed(world)
    reports.report(world.desk(worlds.OWNER), visit, "record")
    reports.report(world.desk(worlds.INSPECTOR_PERSON), visit, "record")
    exchange.export(world.desk(worlds.ADMINISTRATOR), visit, tmp_path)
    history = chronicle.of_visit(world.desk(worlds.OWNER), visit)
    lines = [(one.who, one.words) for one in history.events]
    assert not history.whole and ("Olu Adeyemi", "downloaded the full report") in lines
    assert not [words for who, words in lines if "answered" in words or "exported" in words]
    assert ("Ines Field", "downloaded the full report") not in lines
    assert any("sealed" in words for _, words in lines)


def test_refused_tries_are_told_to_those_who_look_after_the_visit(world) -> None:
    visit = sealed(world)
    at = world.desk(worlds.OTHER_OWNER)
    for _ in range(5):
        noting.refusal(at, [visit], "visits.show", to_write=False, by_role=False)
    noting.refusal(at, [visit], "visits.show", to_write=True, by_role=False)
    lines = told(world, visit)
    assert lines.count(("Una Brook", "tried to open it and was refused")) == 1
    assert lines.count(("Una Brook", "tried to change it and was refused")) == 1
    assert not [words for _, words in told(world, visit, worlds.OWNER) if "refused" in words]


def by(world, person) -> list[tuple[str, str]]:
    """(deed, object) of the lines of a person, oldest first."""
    lines = world.desk().ledger.trail.page((), person.id, 0, 999)
    return [(line.deed, line.object) for line in reversed(lines)]


def test_what_is_not_here_or_ones_own_is_no_refusal(world) -> None:
    at, nowhere = world.desk(worlds.OTHER_OWNER), "dddddddd-0000-4000-8000-00000000000d"
    own = [worlds.HARBOUR.id, worlds.OTHER_OWNER.id, nowhere, "0" * 64]
    noting.refusal(at, own, "clinics.show", to_write=False, by_role=False)
    assert by(world, worlds.OTHER_OWNER) == []
    noting.refusal(at, own[2:], "people.index", to_write=False, by_role=True)
    noting.refusal(at, [worlds.HARBOUR.id], "clinics.edit", to_write=True, by_role=True)
    noting.refusal(at, [worlds.MISSION.id], "clinics.show", to_write=False, by_role=False)
    assert by(world, worlds.OTHER_OWNER) == [
        ("door.refused", "people.index"),
        ("thing.refused", worlds.HARBOUR.id),
        ("thing.refused", worlds.MISSION.id),
    ]


def test_nobody_fills_the_trail_with_refusals(world, monkeypatch) -> None:
    monkeypatch.setattr(noting, "MOST_AN_HOUR", 2)
    at = world.desk(worlds.OTHER_OWNER)
    doors = [f"door {number}" for number in range(6)]
    for door in doors:
        noting.refusal(at, [], door, to_write=False, by_role=True)
    told = [("door.refused", "door 0"), ("door.refused", "door 1"), ("lines.many", worlds.OTHER_OWNER.id)]
    assert by(world, worlds.OTHER_OWNER) == told
    noting.refusal(world.desk(worlds.OWNER), [], "door 9", to_write=False, by_role=True)
    assert by(world, worlds.OWNER) == [("door.refused", "door 9")]
    world.later(hours=1)
    noting.refusal(world.desk(worlds.OTHER_OWNER), [], "door 9", to_write=False, by_role=True)
    assert by(world, worlds.OTHER_OWNER)[-1] == ("door.refused", "door 9")


def test_administrators_read_the_whole_trail_and_nobody_else(world, monkeypatch) -> None:
    visit = sealed(world)
    noting.refusal(world.desk(worlds.OTHER_OWNER), [visit], "visits.show", to_write=False, by_role=False)
    at = world.desk(worlds.ADMINISTRATOR)
    first, *rest = chronicle.trail(at).lines
    assert (first.who, first.words, first.kind) == ("Una Brook", "asked for a visit and was refused", "visit")
    assert first.name.startswith("Mission Scalp Studio, 2026-03-03")
    assert [one.words for one in chronicle.trail(at, "refusals").lines] == [first.words]
    assert chronicle.trail(at, "taken").lines == () and len(rest) > 3
    assert {one.who for one in chronicle.trail(at, "", worlds.INSPECTOR_PERSON.id).lines} == {"Ines Field"}
    noting.refusal(world.desk(worlds.OWNER), [], "people.index", to_write=False, by_role=True)
    assert chronicle.trail(at).lines[0].name == "people.index"
    monkeypatch.setattr(chronicle, "A_PAGE", 2)
    page, seen = chronicle.trail(at), []
    while page.next:
        seen += [one.seq for one in page.lines]
        page = chronicle.trail(at, before=page.next)
    assert seen == sorted(set(seen), reverse=True) and len(seen) >= len(rest)
    for person in (worlds.OWNER, worlds.INSPECTOR_PERSON, worlds.PRACTITIONER, None):
        with pytest.raises(NotAllowed):
            chronicle.trail(world.desk(person))


def test_the_trail_says_of_a_self_audit_that_it_was_made_and_no_more(world) -> None:
    visit, running = sealed(world, worlds.OWNER), world.start(worlds.OWNER).id
    world.answer(inspections.open_visit(world.desk(worlds.OWNER), running).inspection, {}, worlds.OWNER)
    (owed, *_) = actions.of_visit(world.desk(worlds.OWNER), visit)
    actions.fix(world.desk(worlds.OWNER), owed.action.id, actions.Answer("Done."))
    at = world.desk(worlds.ADMINISTRATOR)
    told = {(one.thing, one.words) for one in chronicle.trail(at).lines if one.kind in ("visit", "action")}
    assert told == {(visit, "sealed a visit")}
    disclosing.disclose(world.desk(worlds.OWNER), visit)
    assert len([one for one in chronicle.trail(at).lines if one.thing == visit]) > 2


def test_the_trail_names_planned_visits_by_clinic_and_recalls_by_lot(world) -> None:
    plan = schedule.Plan(purpose="complaint", by=date(2026, 3, 6))
    schedule.plan(world.desk(), worlds.MISSION.id, plan)
    recalls.make(world.desk(), recalls.Fields("LOT 4711", "Northpoint", "Seals leak.", date(2026, 3, 3)))
    found = {
        (one.words, one.kind, one.name) for one in chronicle.trail(world.desk(worlds.ADMINISTRATOR)).lines
    }
    assert ("planned a visit", "planned visit", "Mission Scalp Studio, 2026-03-06") in found
    assert ("entered a recall", "recall", "LOT 4711") in found


@pytest.mark.parametrize("person", [worlds.OTHER_OWNER, worlds.PRACTITIONER, None])
def test_the_history_of_what_one_may_not_read_does_not_exist(world, person) -> None:
    with pytest.raises(NotFound):
        chronicle.of_visit(world.desk(person), sealed(world))


def test_the_history_of_a_self_audit_is_the_clinics(world) -> None:
    visit = sealed(world, worlds.OWNER)
    with pytest.raises(NotFound):
        told(world, visit)
    disclosing.disclose(world.desk(worlds.OWNER), visit)
    assert not [words for _, words in told(world, visit) if "answered" in words]
    assert [words for _, words in told(world, visit, worlds.OWNER) if "answered" in words]


def test_a_running_inspection_has_no_history_for_the_owner(world) -> None:
    with pytest.raises(NotFound):
        chronicle.of_visit(world.desk(worlds.OWNER), world.start().id)
