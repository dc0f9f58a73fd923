"""The link in the owner's action plan and in the letter at the seal: what it opens, how long, and who ends it."""

import re
import sqlite3
from dataclasses import replace
from uuid import uuid4

import pytest

from audit.domain.answers import Raw
from audit.domain.problems import NotFound
from audit.operations import (
    actions,
    agency,
    amendments,
    fixing,
    inspections,
    people,
    reports,
    retention,
    sealing,
)
from audit.operations.actions import Answer
from audit.store.database import LEDGER_FILE
from audit.store.vault import FILE, FOLDER
from tests.operations import worlds
from tests.operations.worlds import ADMINISTRATOR, INSPECTOR_PERSON, MISSION, OTHER_OWNER, OWNER
from tests.reports import reading

SITE = "https://audit.example"
FINE = {key: replace(raw, mark="IN", note="") for key, raw in worlds.COMPLETE.items() if raw.mark == "OUT"}


@pytest.fixture
def world(tmp_path):
    made = worlds.make(tmp_path / "data")
    at = made.desk(ADMINISTRATOR)
    agency.save(at, replace(agency.get(at), site=SITE))
    return made


def sealed(world, raws=worlds.COMPLETE, person=INSPECTOR_PERSON):
    visit = world.start(person)
    asked = {entry.key for entry in inspections.open_visit(world.desk(person), visit.id).journey.entries()}
    later = {("records.last", None): Raw(mark="IN")}
    world.answer(visit, {key: raw for key, raw in (raws | later).items() if key in asked}, person)
    world.sign(visit, person)
    sealing.seal(world.desk(person), visit.id)
    return visit.id


def plan(world, visit, kind="owner", person=OWNER, **how):
    return reading.text_of(reports.report(world.desk(person), visit, kind, **how).path)


def tokens(text):
    return re.findall(rf"{SITE}/fix/([\w-]{{43}})", text)


def token_of(world, visit, kind="owner", **how):
    (token,) = tokens(plan(world, visit, kind, **how))
    return token


def in_reports(world, visit):
    return [row for row in fixing.given_out(world.desk(), visit) if row.in_report]


def test_the_plan_carries_one_link_in_every_language_and_on_every_paper(world):
    visit = sealed(world)
    first = token_of(world, visit)
    world.later(days=3)
    assert token_of(world, visit, paper="a4", person=INSPECTOR_PERSON) == first
    assert token_of(world, visit, language="es") == first
    shown = fixing.opened(world.desk(None), first)
    assert shown.owed == 1 and shown.clinic_name == MISSION.name
    assert "It works until 2 May 2026" in plan(world, visit) and f"{shown.expires_on}" == "2026-05-02"
    (link,) = in_reports(world, visit)
    assert link.works and link.by == ""
    deeds = [line.deed for line in world.desk().ledger.trail.of(visit)]
    assert deeds.count("fix-link.made") == 1


def test_no_other_report_carries_it(world):
    visit = sealed(world)
    token_of(world, visit)
    assert "/fix/" not in plan(world, visit, "record")
    world.later(days=2)
    again = sealed(world)
    assert "/fix/" not in plan(world, again, "delta")


def test_a_plan_opens_its_own_visit_only(world):
    visit = sealed(world)
    token = token_of(world, visit)
    other = sealed(world, worlds.COMPLETE | {("gloves.changed", None): Raw(mark="OUT", note="Kept on.")})
    assert token != token_of(world, other)
    foreign, *_ = actions.of_visit(world.desk(), other)
    with pytest.raises(NotFound):
        fixing.answer(world.desk(None), token, foreign.action.id, Answer("Done."))


def test_the_token_is_nowhere_in_the_ledger(world):
    visit = sealed(world)
    token = token_of(world, visit)
    connection = sqlite3.connect(world.data / LEDGER_FILE)
    assert token not in "".join(connection.iterdump())
    connection.close()


def test_what_was_ended_is_printed_no_more(world):
    visit = sealed(world)
    token = token_of(world, visit)
    before = reports.report(world.desk(OWNER), visit, "owner").sha256
    fixing.revoke(world.desk(), visit, in_reports(world, visit)[0].link.id)
    with pytest.raises(NotFound):
        fixing.opened(world.desk(None), token)
    assert tokens(plan(world, visit, language="es")) == []
    assert reports.report(world.desk(OWNER), visit, "owner").sha256 == before


def test_one_that_ran_out_is_followed_by_a_new_one(world):
    visit = sealed(world)
    old = token_of(world, visit)
    world.later(days=100)
    new = token_of(world, visit, language="es")
    assert new != old and fixing.opened(world.desk(None), new).rows
    with pytest.raises(NotFound):
        fixing.opened(world.desk(None), old)


def test_without_the_key_of_the_installation_a_new_one_is_made(world):
    """After a restore: what is printed works on, since its hash is known; it cannot be printed again."""
    visit = sealed(world)
    old = token_of(world, visit)
    (world.data / FOLDER / FILE).unlink()
    new = token_of(world, visit, language="es")
    assert new != old
    assert fixing.opened(world.desk(None), old).rows and fixing.opened(world.desk(None), new).rows


def test_without_an_address_the_plan_says_how_to_get_one(world):
    at = world.desk(ADMINISTRATOR)
    agency.save(at, replace(agency.get(at), site=""))
    visit = sealed(world)
    assert "ask the agency for a link that needs no account" in plan(world, visit)
    assert in_reports(world, visit) == [], "nobody could open it"


def test_where_nothing_is_owed_nothing_is_said(world):
    clean = sealed(world, worlds.COMPLETE | FINE)
    audit = sealed(world, person=OWNER)
    for visit, person in ((clean, INSPECTOR_PERSON), (audit, OWNER)):
        text = plan(world, visit, person=person)
        assert "/fix/" not in text and "Answer by phone" not in text and "without an account" not in text


def test_a_plan_as_amended_has_a_link_of_its_own(world):
    visit = sealed(world)
    old = token_of(world, visit)
    amendments.correct(
        world.desk(), visit, ("gloves.changed", None), Raw(mark="OUT", note="Seen twice."), "Overlooked.", 0
    )
    new = token_of(world, visit, "amended-plan")
    assert new != old, "its deadlines are later, and so is its end"
    assert [fixing.opened(world.desk(None), token).owed for token in (old, new)] == [2, 2]
    amendments.void(world.desk(), visit, "The wrong clinic.", 1)
    for token in (old, new):
        with pytest.raises(NotFound):
            fixing.opened(world.desk(None), token)
    assert tokens(plan(world, visit, language="es")) == []


def test_who_answers_for_the_clinic_no_more_holds_no_plan_that_opens_it(world):
    visit = sealed(world)
    token = token_of(world, visit)
    people.hand_over(world.desk(ADMINISTRATOR), OWNER.id, OTHER_OWNER.id, [MISSION.id])
    with pytest.raises(NotFound):
        fixing.opened(world.desk(None), token)


def test_an_erased_visit_has_no_link(world):
    visit = sealed(world)
    token = token_of(world, visit)
    world.later(days=30)
    sealed(world, worlds.COMPLETE | FINE)
    world.later(days=3 * 365)
    retention.rule(world.desk(ADMINISTRATOR), {"inspection": 3})
    assert retention.erase_due(world.desk(ADMINISTRATOR)).visits == (visit,)
    assert world.desk().ledger.fix_links.of_visit(visit) == ()
    with pytest.raises(NotFound):
        fixing.opened(world.desk(None), token)


# the letter ---------------------------------------------------------------------------------------------------


def write_to(world, person, address):
    with world.desk(ADMINISTRATOR).entry() as entry:
        entry.people.change(replace(person, email=address))
        entry.note("person.changed", person.id)


def letters(world):
    return [row.letter for row in world.desk().ledger.letters.newest(9)]


def test_the_seal_writes_to_the_owners_what_is_to_be_done_and_where(world):
    write_to(world, OWNER, "olu@example.org")
    write_to(world, OTHER_OWNER, "una@example.org")
    visit = sealed(world)
    (letter,) = letters(world)
    assert letter.address == "olu@example.org"
    assert letter.subject == "1 finding must be fixed at Mission Scalp Studio"
    assert "The first is due by" in letter.text and f"{SITE}/visits/{visit}" in letter.text
    (token,) = tokens(letter.text)
    assert fixing.opened(world.desk(None), token).owed == 1
    (given,) = fixing.given_out(world.desk(), visit)
    assert given.in_letter and given.by == OWNER.name
    assert token != token_of(world, visit), "each is ended by itself"
    fixing.revoke(world.desk(), visit, given.link.id)
    with pytest.raises(NotFound):
        fixing.opened(world.desk(None), token)


def test_the_letter_of_somebody_who_left_opens_nothing(world):
    write_to(world, OWNER, "olu@example.org")
    sealed(world)
    (token,) = tokens(letters(world)[0].text)
    people.hand_over(world.desk(ADMINISTRATOR), OWNER.id, OTHER_OWNER.id, [MISSION.id])
    with pytest.raises(NotFound):
        fixing.opened(world.desk(None), token)


def test_nobody_is_written_to_who_has_nothing_to_do_or_wants_no_letters(world):
    write_to(world, OWNER, "olu@example.org")
    sealed(world, worlds.COMPLETE | FINE)
    sealed(world, person=OWNER)
    with world.desk(OWNER).entry() as entry:
        entry.reminders.turn_off(OWNER.id, ["actions"])
        entry.note("reminder.chosen", OWNER.id)
    sealed(world)
    assert letters(world) == []


def test_without_an_address_of_the_agency_the_letter_has_no_link(world):
    write_to(world, OWNER, "olu@example.org")
    at = world.desk(ADMINISTRATOR)
    agency.save(at, replace(agency.get(at), site=""))
    visit = sealed(world)
    (letter,) = letters(world)
    assert "1 finding must be fixed" in letter.text and "/fix/" not in letter.text
    assert fixing.given_out(world.desk(), visit) == ()


def test_a_guess_opens_nothing(world):
    visit = sealed(world)
    token = token_of(world, visit)
    (link,) = in_reports(world, visit)
    for guess in (link.link.id, link.link.token_hash, token[:-1], f"{token}A", str(uuid4())):
        with pytest.raises(NotFound):
            fixing.opened(world.desk(None), guess)


@pytest.mark.parametrize(
    "change", [{"email": "other@example.org"}, {"active": False}, {"clinics": frozenset()}]
)
def test_a_letter_that_waits_does_not_go_where_its_reader_is_no_more(world, change):
    """Another address, switched off, or no clinic any more: neither the letter nor the link in it."""
    write_to(world, OWNER, "olu@example.org")
    sealed(world)
    (token,) = tokens(letters(world)[0].text)
    told = {"name": OWNER.name, "role": "owner", "clinics": OWNER.clinics, "active": True, **change}
    people.edit_person(world.desk(ADMINISTRATOR), OWNER.id, **told)
    assert letters(world) == []
    with pytest.raises(NotFound):
        fixing.opened(world.desk(None), token)
