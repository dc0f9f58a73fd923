"""Recalls: who is told, once; what they answer; and what the log of a clinic says from then on."""

from dataclasses import replace
from datetime import date
from uuid import uuid4

import pytest

from audit.domain.lots import FINE, RECALLED
from audit.domain.problems import BadInput, NotAllowed, NotFound, NotNow
from audit.domain.recalls import NOT_HERE, QUARANTINED, TOLD
from audit.domain.reminders import RECALLS
from audit.operations import lots, recalls, reminders
from audit.operations.lots import LotFields
from audit.operations.recalls import Fields
from tests.operations import papering
from tests.operations.papering import TODAY
from tests.operations.worlds import ADMINISTRATOR, HARBOUR, INSPECTOR_PERSON, MISSION, OTHER_OWNER, OWNER

FIELDS = Fields("LOT 4711", "Northpoint", "Seals leak.", TODAY)


@pytest.fixture
def world(tmp_path):
    made = papering.make(tmp_path / "data")
    with made.desk(ADMINISTRATOR).entry() as entry:
        for person in (OWNER, OTHER_OWNER):
            known = entry.people.get(person.id)
            entry.people.change(replace(known, email=f"{person.login}@clinic.example"))
        entry.note("bench", "")
    return made


def enter(world, number="lot-4711", person=OWNER, clinic=MISSION, **fields):
    plain = LotFields("needle", number, "Northpoint Inc.", received_on=date(2026, 3, 1), certificate="C-9")
    return lots.add(world.desk(person), clinic.id, replace(plain, **fields))


def letters(world):
    return [row.letter for row in world.desk().ledger.letters.newest(99)]


def states(world, recall, person=INSPECTOR_PERSON):
    told = recalls.get(world.desk(person), recall.id)
    return {row.clinic_name: row.concerned.state for row in told.clinics}


def deeds(world):
    return [line.deed for line in world.desk(ADMINISTRATOR).ledger.trail.newest(50)]


def test_every_clinic_with_the_lot_is_told_once_by_page_and_letter(world):
    enter(world)
    enter(world, "4711 LOT", OTHER_OWNER, HARBOUR)
    recall = recalls.make(world.desk(), FIELDS)
    assert states(world, recall) == {MISSION.name: TOLD}
    (letter,) = letters(world)
    assert letter.person_id == OWNER.id and "Seals leak." in letter.text and MISSION.name in letter.text
    assert (row := recalls.listed(world.desk(OWNER))[0]).recall == recall and row.waiting == 1
    assert recalls.listed(world.desk(OTHER_OWNER)) == ()
    with pytest.raises(NotFound):
        recalls.get(world.desk(OTHER_OWNER), recall.id)
    # The letter said it: no digest says it again, and the page shows it until it is answered.
    assert RECALLS in {line.kind for line in reminders.due(world.desk(OWNER))}
    told = world.desk().ledger.reminders.told(OWNER.id)
    assert {line.key for line in reminders.due(world.desk(OWNER)) if line.kind == RECALLS} <= told


def test_a_lot_logged_later_is_told_then_and_the_log_says_why(world):
    recall = recalls.make(world.desk(), replace(FIELDS, maker=""))
    assert states(world, recall) == {} and letters(world) == []
    enter(world, "LOT4711", OTHER_OWNER, HARBOUR, maker="Somebody else")
    enter(world, "LOT-4711", OTHER_OWNER, HARBOUR)
    assert states(world, recall) == {HARBOUR.name: TOLD} and len(letters(world)) == 1
    wrong = enter(world, "4712")
    lots.edit(world.desk(OWNER), wrong.id, LotFields("needle", "LOT 4711"), None, 1)
    assert states(world, recall) == {MISSION.name: TOLD, HARBOUR.name: TOLD}
    (told,) = lots.of_clinic(world.desk(OWNER), MISSION.id).lots
    assert told.standing.state == RECALLED and "Seals leak." in told.standing.words


def test_the_clinic_answers_for_itself_and_may_say_something_else(world):
    enter(world)
    recall = recalls.make(world.desk(), FIELDS)
    recalls.answer(world.desk(OWNER), recall.id, MISSION.id, NOT_HERE, "None on the shelf.")
    recalls.answer(world.desk(OWNER), recall.id, MISSION.id, QUARANTINED, "One box, locked away.")
    (row,) = recalls.get(world.desk(), recall.id).clinics
    assert (row.concerned.state, row.concerned.words) == (QUARANTINED, "One box, locked away.")
    assert row.concerned.answered_at == world.now
    assert not [line for line in reminders.due(world.desk(OWNER)) if line.kind == RECALLS]
    with pytest.raises(NotAllowed):
        recalls.answer(world.desk(), recall.id, MISSION.id, NOT_HERE, "")
    with pytest.raises(NotFound):
        recalls.answer(world.desk(OTHER_OWNER), recall.id, HARBOUR.id, NOT_HERE, "")
    with pytest.raises(BadInput):
        recalls.answer(world.desk(OWNER), recall.id, MISSION.id, TOLD, "")


def test_a_recall_ends_with_words_and_the_lot_is_a_lot_again(world):
    enter(world)
    recall = recalls.make(world.desk(), FIELDS)
    with pytest.raises(NotAllowed):
        recalls.end(world.desk(OWNER), recall.id, "Over.")
    with pytest.raises(BadInput):
        recalls.end(world.desk(), recall.id, " ")
    recalls.end(world.desk(), recall.id, "The maker took it back.")
    assert lots.of_clinic(world.desk(OWNER), MISSION.id).lots[0].standing.state == FINE
    for again in (
        lambda: recalls.end(world.desk(), recall.id, "Over."),
        lambda: recalls.answer(world.desk(OWNER), recall.id, MISSION.id, NOT_HERE, ""),
    ):
        with pytest.raises(NotNow):
            again()
    assert recalls.get(world.desk(), recall.id).row.recall.ended == "The maker took it back."


def test_the_look_up_names_the_visits_and_a_repeat_enters_nothing(world):
    visit = world.start()
    enter(world)
    enter(world, "lot-4711", maker="Other maker")
    name = str(uuid4())
    recall = recalls.make(world.desk(), FIELDS, name)
    assert recalls.make(world.desk(), FIELDS, name) == recall
    (hit,) = recalls.whereabouts(world.desk(), recall)
    assert [one.id for one in hit.visits] == [visit.id]
    with pytest.raises(NotAllowed):
        recalls.make(world.desk(OWNER), FIELDS)
    with pytest.raises(BadInput):
        recalls.make(world.desk(), replace(FIELDS, reason=""))
    assert [deed for deed in deeds(world) if deed.startswith("recall.")].count("recall.made") == 1
