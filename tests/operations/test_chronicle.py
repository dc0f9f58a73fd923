"""The history of a visit: who did what, for whom it is, and that asking is told too."""

import pytest

from audit.domain.problems import NotFound
from audit.operations import chronicle, disclosing, exchange, inspections, reports, sealing
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
    with pytest.raises(NotFound) as refusal:
        inspections.open_visit(at, visit)
    assert refusal.value.about == visit and visit not in refusal.value.words
    for _ in range(5):
        chronicle.note_refusal(at, visit, to_write=False)
    chronicle.note_refusal(at, visit, to_write=True)
    lines = told(world, visit)
    assert lines.count(("Una Brook", "tried to open it and was refused")) == 1
    assert lines.count(("Una Brook", "tried to change it and was refused")) == 1
    assert not [words for _, words in told(world, visit, worlds.OWNER) if "refused" in words]


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
