"""Corrective actions from the seal to the day they are accepted, by account and by link; and who may know of them."""

from dataclasses import replace
from datetime import UTC, date, datetime, time
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audit.domain.actions import (
    ACCEPTED,
    CONFIRMED,
    FIXED,
    FOUND_AGAIN,
    OPEN,
    SENT_BACK,
    Step,
    check,
    overdue_first,
)
from audit.domain.answers import Raw
from audit.domain.problems import BadInput, NotAllowed, NotFound, NotNow, TooMany
from audit.operations import (
    actions,
    amendments,
    fixing,
    inspections,
    people,
    photos,
    sealing,
    strangers,
)
from audit.operations.actions import Answer, Wanted
from audit.store import database, migrations
from audit.store.actions import ActionShelf
from audit.store.ledger import NewStep
from tests.operations import worlds
from tests.operations.worlds import ADMINISTRATOR, ANNA, BO, INSPECTOR_PERSON, MISSION, OTHER_OWNER, OWNER

THREE = worlds.COMPLETE | {
    ("gloves.changed", None): Raw(mark="OUT", note="Gloves kept on between two clients."),
    ("licence.displayed", ANNA.id): Raw(mark="OUT", note="Only a copy."),
}


@pytest.fixture
def world(tmp_path):
    return worlds.make(tmp_path / "data")


def sealed(world, raws=THREE, person=INSPECTOR_PERSON, photo=True, **how):
    visit = world.start(person, **how)
    asked = {entry.key for entry in inspections.open_visit(world.desk(person), visit.id).journey.entries()}
    later = {("records.last", None): Raw(mark="IN")}
    world.answer(visit, {key: raw for key, raw in (raws | later).items() if key in asked}, person)
    if photo:
        world.photograph(visit, ("needles.single-use", None), "Two open packs")
    world.sign(visit, person)
    sealing.seal(world.desk(person), visit.id)
    return visit


def only(world, visit, item="needles.single-use"):
    return next(row for row in actions.of_visit(world.desk(), visit.id) if row.action.item == item)


def test_the_seal_opens_one_for_each_finding_that_was_not_corrected(world):
    visit = sealed(world)
    rows = actions.of_visit(world.desk(), visit.id)
    assert {(row.action.item, row.action.person) for row in rows} == {
        ("needles.single-use", None),
        ("gloves.changed", None),
        ("licence.displayed", ANNA.id),
    }, "Bo's was corrected on site and stays history"
    row = only(world, visit)
    assert (row.action.state, row.action.severity) == (OPEN, "critical")
    assert row.action.seen == "Two cartridges kept for a returning client."
    assert row.action.required and row.prompt and row.clinic_name == MISSION.name
    assert only(world, visit, "licence.displayed").person_name == "Anna Quill"
    finding = next(
        f for f in inspections.open_visit(world.desk(), visit.id).findings if f.item == row.action.item
    )
    assert row.action.correct_by == finding.correct_by


def test_a_clinic_answers_and_the_inspector_sends_back_then_accepts(world):
    visit = sealed(world)
    one = only(world, visit).action.id
    world.later(days=1)
    actions.fix(world.desk(OWNER), one, Answer("Thrown away.", date(2026, 3, 4), [worlds.jpeg(40)]))
    step = actions.get(world.desk(OWNER), one).action.steps[-1]
    assert (step.kind, step.by, step.words, step.on) == (FIXED, OWNER.name, "Thrown away.", date(2026, 3, 4))
    assert len(step.photos) == 1
    assert photos.path(world.desk(INSPECTOR_PERSON), step.photos[0], "thumb").is_file()
    with pytest.raises(NotFound):
        photos.path(world.desk(OTHER_OWNER), step.photos[0], "thumb")
    actions.send_back(world.desk(), one, "The lower drawer too.")
    actions.fix(world.desk(OWNER), one, Answer("Drawer emptied."))
    actions.accept(world.desk(), one)
    told = actions.get(world.desk(OWNER), one).action
    assert [step.kind for step in told.steps] == [FIXED, SENT_BACK, FIXED, ACCEPTED]
    assert told.closed
    trail = [line.deed for line in world.desk().ledger.trail.of(one)]
    assert trail == ["action.fixed", "action.sent-back", "action.fixed", "action.accepted"]
    with pytest.raises(NotNow):
        actions.fix(world.desk(OWNER), one, Answer("Again."))


def test_what_an_answer_lacks_is_said(world):
    one = only(world, sealed(world)).action.id
    for wrong, place in (
        (Answer(), "words"),
        (Answer("Done.", date(2026, 3, 4)), "on"),  # tomorrow
        (Answer("Done.", photos=[b"no photo"]), "photos"),
        (Answer("Done.", photos=[worlds.jpeg()] * 13), "photos"),
        (Answer("x" * 4001), "words"),
    ):
        with pytest.raises(BadInput) as caught:
            actions.fix(world.desk(OWNER), one, wrong)
        assert [fault.place for fault in caught.value.faults] == [place]
    assert actions.get(world.desk(OWNER), one).action.state == OPEN
    actions.fix(world.desk(OWNER), one, Answer("Done."))
    with pytest.raises(BadInput):
        actions.send_back(world.desk(), one, " ")


def test_everybody_does_only_what_the_table_says(world):
    visit = sealed(world)
    one = only(world, visit).action.id
    for somebody in (INSPECTOR_PERSON, ADMINISTRATOR):
        with pytest.raises(NotAllowed):
            actions.fix(world.desk(somebody), one, Answer("Done."))
    for deed in (actions.get, lambda desk, key: actions.fix(desk, key, Answer("Done."))):
        with pytest.raises(NotFound):
            deed(world.desk(OTHER_OWNER), one)
    actions.fix(world.desk(OWNER), one, Answer("Done."))
    for somebody in (OWNER, ADMINISTRATOR):
        with pytest.raises(NotAllowed):
            actions.accept(world.desk(somebody), one)
    with pytest.raises(NotAllowed):
        fixing.offer(world.desk(ADMINISTRATOR), visit.id)
    with pytest.raises(NotFound):
        fixing.offer(world.desk(OTHER_OWNER), visit.id)
    assert not actions.find(world.desk(OTHER_OWNER), Wanted()).rows
    assert len(actions.find(world.desk(ADMINISTRATOR), Wanted()).rows) == 3


def test_a_self_audits_actions_are_the_clinics_own(world):
    visit = sealed(world, worlds.COMPLETE, OWNER, photo=False)
    (row,) = actions.find(world.desk(OWNER), Wanted()).rows
    assert row.action.kind == "self-audit"
    for somebody in (INSPECTOR_PERSON, ADMINISTRATOR):
        assert not actions.find(world.desk(somebody), Wanted()).rows
        assert actions.of_visit(world.desk(somebody), visit.id) == ()
        with pytest.raises(NotFound):
            actions.get(world.desk(somebody), row.action.id)
    actions.fix(world.desk(OWNER), row.action.id, Answer("Done."))
    actions.accept(world.desk(OWNER), row.action.id)


def test_lists_are_filtered_and_paged_and_what_presses_comes_first(world):
    visit = sealed(world)
    world.later(days=60)
    late = sealed(world, practitioners=(BO.id,))  # Anna's licence is not looked at
    desk = world.desk()
    rows = actions.find(desk, Wanted()).rows
    assert [row.overdue for row in rows] == [True] + [False] * 4, "what was found again is the new visit's"
    assert tuple(row.action for row in rows) == overdue_first([row.action for row in rows], rows[0].today)
    (row,) = actions.find(desk, Wanted(overdue=True)).rows
    assert row.action.inspection_id == visit.id
    assert {row.action.severity for row in actions.find(desk, Wanted(severity="critical")).rows} == {
        "critical"
    }
    assert len(actions.find(desk, Wanted(person=ANNA.id)).rows) == 1
    assert not actions.find(desk, Wanted(person=BO.id)).rows
    assert len(actions.find(desk, Wanted(text="scalp mission")).rows) == 5
    assert not actions.find(desk, Wanted(text="harbour")).rows
    actions.fix(world.desk(OWNER), only(world, late).action.id, Answer("Done."))
    assert actions.counts(desk) == actions.Counts(owed=2, overdue=1, came_in=1)
    assert len(actions.find(desk, Wanted(state=FIXED)).rows) == 1
    assert len(actions.find(desk, Wanted(state=actions.OWED)).rows) == 2
    assert len(actions.find(desk, Wanted(state=actions.CLOSED)).rows) == 2
    seen, after = [], None
    while True:
        page = actions.find(desk, Wanted(), after, limit=2)
        seen += [row.action.id for row in page.rows]
        after = page.next
        if after is None:
            break
    assert seen == [row.action.id for row in actions.find(desk, Wanted()).rows]


def test_overdue_begins_when_the_day_of_the_clinic_is_over(world):
    due = only(world, sealed(world)).action.correct_by
    world.now = datetime.combine(due, time(23, 59), ZoneInfo(MISSION.time_zone)).astimezone(UTC)
    assert world.now.date() > due, "elsewhere it is the next day already"
    assert not actions.find(world.desk(), Wanted(overdue=True, severity="critical")).rows
    assert actions.counts(world.desk()).overdue == 0
    world.later(minutes=1)
    (row,) = actions.find(world.desk(), Wanted(overdue=True, severity="critical")).rows
    assert row.overdue and row.action.correct_by == due


# the ledger refuses -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE actions SET state = 'accepted'",
        "UPDATE actions SET correct_by = '2099-01-01'",
        "DELETE FROM actions",
        "INSERT INTO action_steps (action_id, kind, author, at, words) SELECT id, 'accepted', 'x', '', '' FROM actions",
        "INSERT INTO action_steps (action_id, kind, author, at, words) SELECT id, 'confirmed', 'x', '', '' FROM actions",
    ],
)
def test_the_ledger_keeps_what_was_owed(world, sql):
    sealed(world)
    with pytest.raises(database.driver.IntegrityError), world.desk().entry() as entry:
        entry.actions._db.execute(sql)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from([FIXED, SENT_BACK, ACCEPTED, CONFIRMED, FOUND_AGAIN]), max_size=8))
def test_the_ledger_refuses_the_very_steps_that_the_rule_refuses(shared, kinds):
    """Each example is tried on one action and undone."""
    world, kept = shared
    one = kept.action
    with pytest.raises(Undone), world.desk().entry() as entry:
        for kind in kinds:
            visit = one.inspection_id if kind in (CONFIRMED, FOUND_AGAIN) else None
            try:
                check(one, Step(kind, "", world.now, "Words."), date(2026, 3, 3))
                fits = True
            except NotNow:
                fits = False
            new = NewStep(kind, "somebody", None, "Words.", visit=visit)
            if fits:
                entry.actions.add_step(one.id, new, world.now)
            else:
                with pytest.raises(database.driver.IntegrityError):
                    entry.actions.add_step(one.id, new, world.now)
            one = entry.actions.get(one.id).action
        raise Undone


class Undone(Exception):
    """Nothing of an example is kept."""


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    world = worlds.make(tmp_path_factory.mktemp("actions") / "data")
    visit = sealed(world, photo=False)
    return world, world.desk().ledger.actions.of_visit(visit.id)[0]


# a later visit ------------------------------------------------------------------------------------------------


def test_a_later_visit_ends_what_it_looked_at(world):
    first = sealed(world)
    actions.fix(world.desk(OWNER), only(world, first, "gloves.changed").action.id, Answer("Trained."))
    world.later(days=20)
    again = THREE | {("gloves.changed", None): Raw(mark="IN")}
    second = sealed(world, again, purpose="follow-up", practitioners=(BO.id,))
    states = {row.action.item: row.action.state for row in actions.of_visit(world.desk(), first.id)}
    assert states == {
        "gloves.changed": CONFIRMED,
        "needles.single-use": FOUND_AGAIN,
        "licence.displayed": OPEN,  # Anna was not on duty
    }
    step = only(world, first, "gloves.changed").action.steps[-1]
    assert (step.visit, step.by) == (second.id, INSPECTOR_PERSON.name)
    assert {row.action.item for row in actions.of_visit(world.desk(), second.id)} == {"needles.single-use"}
    owed = actions.find(world.desk(), Wanted(state=actions.OWED)).rows
    assert {row.action.inspection_id for row in owed} == {first.id, second.id}


def test_a_self_audit_ends_nothing_of_an_inspection(world):
    first = sealed(world)
    world.later(days=2)
    fine = {key: replace(raw, mark="IN", corrected_on_site=False) for key, raw in THREE.items() if raw.mark}
    sealed(world, THREE | fine, OWNER, photo=False)
    assert {row.action.state for row in actions.of_visit(world.desk(), first.id)} == {OPEN}


def test_visits_sealed_before_have_what_the_last_one_left_open(world):
    """The change of the schema, on a ledger that has only records and findings."""
    first = sealed(world)
    world.later(days=30)
    last = sealed(world, practitioners=(BO.id,))
    db = database.connect(world.data / database.LEDGER_FILE)
    db.execute("PRAGMA query_only=OFF")
    for table in ("action_photos", "action_steps", "actions", "fix_uses", "fix_links"):
        db.execute(f"DROP TABLE {table}")
    db.execute("DELETE FROM _sqlite_migrations WHERE name = 'm011_actions'")
    assert migrations.apply(db) == ("m011_actions",)
    shelf = ActionShelf(db)
    assert [kept.action.state for kept in shelf.of_visit(last.id)] == [OPEN, OPEN]
    assert shelf.of_visit(first.id) == ()
    assert {UUID(kept.action.id).version for kept in shelf.of_visit(last.id)} == {4}
    db.close()


def test_what_an_amendment_takes_back_is_owed_by_nobody(world):
    visit = sealed(world)
    token = fixing.offer(world.desk(), visit.id)
    world.later(days=1)
    key, why = ("gloves.changed", None), "The other practitioner was meant."
    amendments.correct(world.desk(), visit.id, key, Raw(mark="IN"), why, 0)
    items = {row.action.item for row in actions.of_visit(world.desk(), visit.id)}
    assert items == {"needles.single-use", "licence.displayed"}
    assert actions.counts(world.desk()).owed == len(fixing.opened(world.desk(None), token).rows) == 2
    amendments.void(world.desk(), visit.id, "The wrong clinic.", 1)
    assert not actions.find(world.desk(OWNER), Wanted()).rows and not actions.counts(world.desk()).owed
    with pytest.raises(NotFound):
        fixing.opened(world.desk(None), token)


# without an account -------------------------------------------------------------------------------------------


def test_a_link_shows_the_findings_of_its_visit_and_takes_answers(world):
    visit = sealed(world)
    token = fixing.offer(world.desk(OWNER), visit.id)
    nobody = world.desk(None)
    shown = fixing.opened(nobody, token)
    assert shown.owed == len(shown.rows) == 3 and shown.clinic_name == MISSION.name
    one = only(world, visit).action.id
    fixing.answer(nobody, token, one, Answer("Thrown away.", photos=[worlds.jpeg(33)]))
    told = actions.get(world.desk(), one).action
    assert told.state == FIXED and told.steps[0].by == ""
    after = told.steps[0].photos[0]
    before = dict(shown.rows[0][1][0].__dict__)["sha256"]
    for name in (after, before):
        assert fixing.photo(nobody, token, name, "screen").is_file()
    assert fixing.opened(nobody, token).owed == 2
    deeds = [line.deed for line in nobody.ledger.trail.of(visit.id)]
    assert deeds[-2:] == ["fix-link.made", "fix-link.opened"], "opened twice within minutes is one use"
    (line,) = nobody.ledger.trail.of(one)
    (given_out,) = fixing.given_out(world.desk(), visit.id)
    assert line.detail["link"] == given_out.link.id and given_out.by == OWNER.name
    assert token not in str([line.detail for line in nobody.ledger.trail.of(visit.id)])


def test_a_link_opens_nothing_of_another_visit(world):
    visit = sealed(world)
    token = fixing.offer(world.desk(), visit.id)
    other = sealed(world, photo=False)
    foreign = only(world, other).action
    with pytest.raises(NotFound):
        fixing.answer(world.desk(None), token, foreign.id, Answer("Done."))
    actions.fix(world.desk(OWNER), foreign.id, Answer("Done.", photos=[worlds.jpeg(11)]))
    name = only(world, other).action.steps[0].photos[0]
    for size in ("thumb", "screen"):
        with pytest.raises(NotFound):
            fixing.photo(world.desk(None), token, name, size)
    with pytest.raises(NotFound):
        fixing.revoke(world.desk(), other.id, fixing.given_out(world.desk(), visit.id)[0].link.id)


def test_a_link_ends_by_itself_and_when_somebody_ends_it(world):
    visit = sealed(world)
    one, two = fixing.offer(world.desk(), visit.id), fixing.offer(world.desk(OWNER), visit.id)
    newest = next(row for row in fixing.given_out(world.desk(), visit.id) if row.by == OWNER.name)
    fixing.revoke(world.desk(), visit.id, newest.link.id)
    fixing.revoke(world.desk(), visit.id, newest.link.id)
    assert fixing.opened(world.desk(None), one).rows
    for deed in (
        lambda: fixing.opened(world.desk(None), two),
        lambda: fixing.answer(world.desk(None), two, str(uuid4()), Answer("Done.")),
        lambda: fixing.photo(world.desk(None), two, "0" * 64, "thumb"),
        lambda: fixing.opened(world.desk(None), one + "x"),
    ):
        with pytest.raises(NotFound):
            deed()
    world.later(days=61)
    with pytest.raises(NotFound):
        fixing.opened(world.desk(None), one)
    assert [row.works for row in fixing.given_out(world.desk(), visit.id)] == [False, False]


def test_nobody_floods_it(world, monkeypatch):
    visit = sealed(world)
    token = fixing.offer(world.desk(), visit.id)
    for _ in range(strangers.STRANGE_TRIES):
        with pytest.raises(NotFound):
            fixing.opened(world.desk(None), "guessed", "192.0.2.7")
    with pytest.raises(TooMany):
        fixing.opened(world.desk(None), "guessed", "192.0.2.7")
    assert len([*world.desk().ledger.trail.told(["strangers.many"])]) == 1
    assert fixing.opened(world.desk(None), token, "192.0.2.7"), "whoever has a link is not held up by guesses"
    with pytest.raises(NotFound):
        fixing.opened(world.desk(None), "guessed", "198.51.100.9")
    monkeypatch.setattr(fixing, "ANSWERS_AN_HOUR", 1)
    one, two, *_ = (row.action.id for row in actions.of_visit(world.desk(), visit.id))
    fixing.answer(world.desk(None), token, one, Answer("Done."))
    with pytest.raises(TooMany):
        fixing.answer(world.desk(None), token, two, Answer("Done."))
    world.later(hours=1)
    fixing.answer(world.desk(None), token, two, Answer("Done."))


def test_answers_that_are_refused_count_too(world, monkeypatch):
    """One file that is no photo refuses the answer and keeps the others: by a link that must not fill the disk."""
    visit = sealed(world)
    token = fixing.offer(world.desk(), visit.id)
    one, *_ = (row.action.id for row in actions.of_visit(world.desk(), visit.id))
    monkeypatch.setattr(fixing, "ANSWERS_AN_HOUR", 2)
    for shade in (1, 2):
        with pytest.raises(BadInput):
            fixing.answer(
                world.desk(None), token, one, Answer("Done.", None, [worlds.jpeg(shade), b"no photo"])
            )
    with pytest.raises(TooMany):
        fixing.answer(world.desk(None), token, one, Answer("Done."))
    world.later(hours=1)
    fixing.answer(world.desk(None), token, one, Answer("Done."))


@pytest.mark.parametrize("how", ["handed over", "taken away", "switched off"])
def test_the_links_of_an_owner_end_with_their_clinic(world, how):
    """Whoever answered for a clinic knows the links they made; those of the inspector go on."""
    visit = sealed(world)
    theirs, ours = (fixing.offer(world.desk(one), visit.id) for one in (OWNER, INSPECTOR_PERSON))
    at, given = world.desk(ADMINISTRATOR), (OWNER.id, OWNER.name, "owner")
    if how == "handed over":
        people.hand_over(at, OWNER.id, OTHER_OWNER.id, [MISSION.id])
    else:
        people.edit_person(at, *given, OWNER.clinics if how == "switched off" else (), how != "switched off")
    with pytest.raises(NotFound):
        fixing.opened(world.desk(None), theirs)
    assert fixing.opened(world.desk(None), ours)
    assert "fix-link.ended" in [line.deed for line in world.desk().ledger.trail.of(visit.id)]


def test_a_visit_without_open_findings_needs_no_link(world):
    fine = {key: replace(raw, mark="IN", corrected_on_site=False) for key, raw in THREE.items() if raw.mark}
    visit = sealed(world, worlds.COMPLETE | fine, photo=False)
    with pytest.raises(NotNow):
        fixing.offer(world.desk(), visit.id)
    running = world.start()
    with pytest.raises(NotNow):
        fixing.offer(world.desk(), running.id)
