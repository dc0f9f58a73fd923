"""Reminders: one letter a day, each notice once, in the morning of the clinic, for those who want it."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial

import pytest

from audit.domain.agency import Agency
from audit.domain.letters import Sender, message
from audit.domain.problems import NotFound
from audit.domain.reminders import ACTIONS, ANSWERS, CLOCKS, CLOSURES, KINDS, OVER, PAPERS, VISITS
from audit.operations import (
    actions,
    agency,
    clocks,
    closures,
    credentials,
    housekeeping,
    people,
    post,
    reminders,
    schedule,
    sealing,
)
from audit.operations import desk as desks
from audit.operations.actions import Answer
from audit.operations.carriers import ToFolder
from audit.operations.clocks import EntryFields
from audit.operations.closures import Proposal
from audit.operations.credentials import PaperFields
from audit.operations.schedule import Plan
from tests.operations import papering
from tests.operations.papering import PERMIT, paper
from tests.operations.test_clocks import answered, inspect
from tests.operations.worlds import (
    ADMINISTRATOR,
    ANNA,
    BO,
    INSPECTOR_PERSON,
    MISSION,
    OTHER_OWNER,
    OWNER,
    PRACTITIONER,
)

SITE = "https://audit.example.org"


@pytest.fixture
def world(tmp_path):
    world = papering.make(tmp_path / "data")
    reachable(world, OWNER)
    kept = world.desk().ledger.agency.get()
    with world.desk(ADMINISTRATOR).entry() as entry:
        entry.agency.keep(replace(kept, site=SITE, time_zone="America/Los_Angeles"))
        entry.note("agency.saved", "")
    return world


def reachable(world, *persons):
    with world.desk(ADMINISTRATOR).entry() as entry:
        for person in persons:
            entry.people.change(replace(person, email=f"{person.login}@example.org"))
        entry.note("person.changed", "")


def office(world):
    return world.desk(desks.OPERATOR)


def letters(world):
    """The letters that wait, the oldest first."""
    rows = world.desk().ledger.letters.newest(99)
    return [row.letter for row in reversed(rows)]


def test_each_notice_is_told_once_and_a_renewed_paper_begins_anew(world):
    made = paper(world, days=61)
    told = []
    for _ in range(70):
        told.append(reminders.send(office(world)).letters)
        world.later(days=1)
    # 60, 30 and 7 days before the end, and once when it is over.
    assert [day for day, number in enumerate(told) if number] == [1, 31, 54, 62]
    credentials.renew(
        world.desk(OWNER), made.id, PaperFields("", expires=world.now.date() + timedelta(days=20))
    )
    assert reminders.send(office(world)).letters == 1
    assert "Expires in 20 days" in letters(world)[-1].text


def test_one_letter_holds_all_that_is_due_by_clinic_with_its_pages(world):
    paper(world, PERMIT, "", days=5)
    paper(world, days=-3)
    clocks.log(world.desk(OWNER), MISSION.id, EntryFields("sharps-pick-up", date(2026, 2, 1)))
    inspect(world)
    world.later(days=10)
    reminders.send(office(world))
    _of_the_visit, letter = letters(world)
    assert letter.subject.endswith("overdue") and letter.address == "olu@example.org"
    assert letter.text.startswith(f"{MISSION.name}\n- ")
    for words in (
        "Facility permit: Expired 5 days ago",
        "(Anna Quill): Expired 13 days ago",
        "Sharps pick-up",
    ):
        assert words in letter.text, words
    assert f"  {SITE}/papers/" in letter.text and f"{SITE}/reminders" in letter.text
    kinds = {line.kind for line in reminders.due(world.desk(OWNER))}
    assert kinds == {PAPERS, CLOCKS, ACTIONS}


@pytest.mark.parametrize(("hour", "number"), [(14, 0), (15, 1), (3, 1), (4, 0)])
def test_letters_are_written_in_daytime_of_the_clinic(world, hour, number):
    paper(world, days=5)
    # Los Angeles is eight hours behind: 15 UTC is seven in the morning, 3 UTC seven in the evening.
    world.now = datetime(2026, 3, 3 if hour > 12 else 4, hour, tzinfo=UTC)
    assert reminders.send(office(world)).letters == number


def test_many_workers_write_one_letter(world):
    paper(world, days=5)

    def work(_):
        try:
            return reminders.send(office(world)).letters
        finally:
            desks.close(world.data)

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(work, range(8))) == 1


def test_what_a_worker_that_died_claimed_is_told_the_next_day(world):
    paper(world, days=5)
    with world.desk().ledger.reminding() as shelf:
        assert shelf.claim(OWNER.id, date(2026, 3, 3)) and not shelf.claim(OWNER.id, date(2026, 3, 3))
    assert reminders.send(office(world)).letters == 0
    world.later(days=1)
    assert reminders.send(office(world)).letters == 1


def test_everybody_hears_of_their_own_things_only(world):
    reachable(world, INSPECTOR_PERSON, PRACTITIONER, OTHER_OWNER, ADMINISTRATOR)
    paper(world, days=5)
    paper(world, holder=BO.id, days=5, number="B-2")
    wanted = schedule.Plan("routine", date(2026, 3, 5), INSPECTOR_PERSON.id)
    schedule.plan(world.desk(), MISSION.id, wanted)
    reminders.send(office(world))
    texts = {letter.address.split("@")[0]: letter.text for letter in letters(world)}
    assert set(texts) == {OWNER.login, INSPECTOR_PERSON.login, PRACTITIONER.login}
    assert "Bo Li" in texts[OWNER.login] and ANNA.name in texts[PRACTITIONER.login]
    assert "Bo Li" not in texts[PRACTITIONER.login] and "licence" not in texts[INSPECTOR_PERSON.login]
    assert "Visit planned by Thu 5 Mar 2026" in texts[INSPECTOR_PERSON.login]
    assert {line.kind for line in reminders.due(world.desk())} == {VISITS}


def test_a_kind_that_is_turned_off_is_not_told(world):
    paper(world, days=5)
    reminders.choose(world.desk(OWNER), [CLOCKS, ACTIONS])
    assert reminders.wanted(world.desk(OWNER)) == {CLOCKS, ACTIONS}
    assert reminders.send(office(world)) == reminders.Round(people=1)
    assert reminders.due(world.desk(OWNER)), "the page shows it all the same"


def test_the_link_of_a_letter_turns_letters_off_without_a_sign_in(world):
    paper(world, days=5)
    reminders.send(office(world))
    (letter,) = letters(world)
    assert letter.leave.startswith(f"{SITE}/reminders/off/") and letter.leave in letter.text
    token = letter.leave.rpartition("/")[2]
    nobody = world.desk(None)
    assert reminders.opened(nobody, token)[0].id == OWNER.id
    reminders.leave(nobody, token, [VISITS])
    reminders.leave(nobody, token, [PAPERS, "?"])
    assert reminders.wanted(world.desk(OWNER)) == set(KINDS) - {VISITS, PAPERS}
    with pytest.raises(NotFound):
        reminders.leave(nobody, token + "x")


def edited(world, **changes):
    changed = replace(world.desk().ledger.people.get(OWNER.id), **changes)
    told = (changed.name, changed.role, changed.clinics, changed.active)
    people.edit_person(world.desk(ADMINISTRATOR), OWNER.id, *told, email=changed.email)


def to_the_other_owner(world):
    people.hand_over(world.desk(ADMINISTRATOR), OWNER.id, OTHER_OWNER.id, [MISSION.id])


def opens(world, letter):
    try:
        return bool(reminders.opened(world.desk(None), letter.leave.rpartition("/")[2]))
    except NotFound:
        return False


@pytest.mark.parametrize(
    "change",
    [
        partial(edited, email="new@example.org"),
        partial(edited, email=""),
        partial(edited, active=False),
        partial(edited, role="inspector", clinics=frozenset()),
        to_the_other_owner,
    ],
)
def test_links_and_waiting_letters_end_with_the_address_the_sign_in_and_the_clinic(world, change):
    paper(world, days=5)
    reachable(world, OTHER_OWNER)
    reminders.send(office(world))
    (letter,) = letters(world)
    assert opens(world, letter)
    change(world)
    assert letters(world) == [] and not opens(world, letter)


def test_what_keeps_reach_and_clinics_keeps_links_and_letters(world):
    paper(world, days=5)
    reminders.send(office(world))
    (letter,) = letters(world)
    edited(world, name="Olu A. Adeyemi")
    more = frozenset({*OWNER.clinics, *OTHER_OWNER.clinics})
    edited(world, clinics=more)
    assert letters(world) == [letter] and opens(world, letter)


def test_what_a_withdrawn_letter_told_is_told_at_the_new_address(world):
    paper(world, days=5)
    reminders.send(office(world))
    edited(world, email="new@example.org")
    world.later(days=1)
    assert reminders.send(office(world)).letters == 1
    (letter,) = letters(world)
    assert letter.address == "new@example.org" and "Expires in 4 days" in letter.text


def test_what_was_sent_is_not_told_again_at_a_new_address(world, tmp_path):
    paper(world, days=5)
    reminders.send(office(world))
    assert post.deliver(office(world), ToFolder(tmp_path / "outbox"), "a@example.org").sent == 1
    edited(world, email="new@example.org")
    world.later(days=1)
    assert reminders.send(office(world)).letters == 0


def test_links_end_after_ninety_days(world):
    paper(world, days=5)
    reminders.send(office(world))
    (letter,) = letters(world)
    world.later(days=90)
    housekeeping.tidy(world.desk(ADMINISTRATOR))
    assert opens(world, letter)
    world.later(days=1)
    assert housekeeping.tidy(world.desk(ADMINISTRATOR))["reminder links"] == 1
    assert not opens(world, letter)


def test_mail_programs_find_where_to_end_the_letters(world):
    paper(world, days=5)
    reminders.send(office(world))
    (letter,) = letters(world)
    head = message(letter, Sender("Bay County", "audit@example.org"), "1", world.now)
    assert head["List-Unsubscribe"] == f"<{letter.leave}>"
    assert head["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    plain = message(
        replace(letter, leave=letter.leave.replace("https", "http")), Sender("B", "a@b.org"), "1", world.now
    )
    assert plain["List-Unsubscribe-Post"] is None


def test_without_an_address_of_the_installation_a_letter_holds_no_link(world):
    agency.save(world.desk(ADMINISTRATOR), Agency("Bay County", time_zone="America/Los_Angeles", paper="a4"))
    paper(world, days=5)
    assert reminders.send(office(world)).letters == 1
    (letter,) = letters(world)
    assert "http" not in letter.text and not letter.leave


def test_a_letter_is_in_the_readers_language(world):
    reachable(world, replace(OWNER, language="es"))
    paper(world, days=5)
    reminders.send(office(world))
    (letter,) = letters(world)
    assert "dentro de 5 días" in letter.text.lower() or "5 días" in letter.text


def test_inspectors_hear_of_answers_to_their_visits_and_administrators_of_what_waits(world):
    reachable(world, INSPECTOR_PERSON, ADMINISTRATOR)
    visit = inspect(world)
    owed = actions.of_visit(world.desk(OWNER), visit.id)[0]
    actions.fix(world.desk(OWNER), owed.action.id, Answer("Hung up."))
    other = replace(INSPECTOR_PERSON, id="f9f9f9f9-0000-4000-8000-00000000000f")

    def waiting(person):
        return [line.notice for line in reminders.due(world.desk(person)) if line.kind == ANSWERS]

    assert (waiting(INSPECTOR_PERSON), waiting(other), waiting(ADMINISTRATOR)) == (["answered"], [], [])
    assert reminders.send(office(world)).letters >= 1
    assert any("says that it is fixed" in letter.text for letter in letters(world))
    told = len(letters(world))
    world.later(days=1)
    reminders.send(office(world))
    assert not any("says that it is fixed" in letter.text for letter in letters(world)[told:])
    world.later(days=7)
    assert (waiting(INSPECTOR_PERSON), waiting(ADMINISTRATOR)) == ([OVER], [OVER])
    reminders.send(office(world))
    assert sum("says that it is fixed" in letter.text for letter in letters(world)[told:]) == 2
    actions.accept(world.desk(), owed.action.id)
    assert waiting(INSPECTOR_PERSON) == waiting(ADMINISTRATOR) == []


def test_administrators_hear_of_overdue_visits_and_of_those_nobody_makes(world):
    today = world.now.date()
    mine = schedule.plan(world.desk(), MISSION.id, Plan("routine", today, INSPECTOR_PERSON.id))
    nobodys = schedule.plan(world.desk(), MISSION.id, Plan("complaint", today + timedelta(days=3)))

    def heard(person):
        return {
            line.about.split(":")[0]: line.notice
            for line in reminders.due(world.desk(person))
            if line.kind == VISITS
        }

    assert heard(ADMINISTRATOR) == {nobodys.id: "3"}
    world.later(days=2)
    assert heard(ADMINISTRATOR) == {mine.id: OVER, nobodys.id: "3"}
    assert heard(INSPECTOR_PERSON) == {mine.id: OVER}


def test_a_closure_is_told_while_it_stands(world):
    visit = world.start()
    answered(world, visit)
    proposal = Proposal(
        "facility", "", ("needles.single-use",), "Needles were used twice.", "XX 9", "Ask us."
    )
    closures.propose(world.desk(), visit.id, proposal)
    world.sign(visit)
    sealing.seal(world.desk(), visit.id)

    def told(person):
        return [
            (line.notice, line.clinic) for line in reminders.due(world.desk(person)) if line.kind == CLOSURES
        ]

    assert told(INSPECTOR_PERSON) == told(ADMINISTRATOR) == [("stands", MISSION.name)]
    world.later(days=8)
    assert told(ADMINISTRATOR) == [(OVER, MISSION.name)]
    assert told(OWNER) == []
