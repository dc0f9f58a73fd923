"""Where the agency stands: every figure agrees with the visits behind it, before and after amendments."""

from datetime import date

import pytest

from audit.domain.answers import Raw
from audit.domain.problems import NotAllowed, NotFound
from audit.operations import actions, amendments, sealing, standings
from audit.operations.actions import Answer
from audit.operations.standings import Among
from tests.operations import worlds
from tests.operations.worlds import ADMINISTRATOR, ANNA, BO, COMPLETE, INSPECTOR_PERSON, MISSION, OWNER

NEEDLES = ("needles.single-use", None)
CLEAN = COMPLETE | {NEEDLES: Raw(mark="IN"), ("licence.displayed", BO.id): Raw(mark="IN")}
LATER = {("records.last", None): Raw(mark="IN")}
MINOR = CLEAN | {("licence.displayed", ANNA.id): Raw(mark="OUT", note="Only a copy.")}


def sealed(world, raws, person=INSPECTOR_PERSON):
    visit = world.start(person)
    world.answer(visit, raws, person)
    world.sign(visit, person)
    sealing.seal(world.desk(person), visit.id)
    world.later(days=14)
    return visit.id


@pytest.fixture
def visits():
    """The ids of the inspections of ``world``, in their order."""
    return []


@pytest.fixture
def world(tmp_path, visits):
    """Three inspections two weeks apart (a critical finding, nothing, a minor one) and a self-audit in between."""
    made = worlds.make(tmp_path)
    visits += [sealed(made, COMPLETE), sealed(made, CLEAN | LATER), sealed(made, MINOR | LATER)]
    sealed(made, COMPLETE | LATER, OWNER)
    return made


def behind(world, **wanted):
    return {row.inspection_id for row in standings.visits(world.desk(), 12, wanted)}


def test_every_figure_has_its_visits(world, visits):
    found = standings.standing(world.desk(), 12)
    assert found.done == 3 == len(behind(world))
    assert sum(found.statuses.values()) == 3
    for status, times in found.statuses.items():
        assert len(behind(world, status=status)) == times, status
    for least, below, times in found.bands:
        assert len(behind(world, least=str(least), below=str(below))) == times, least
    for one in found.failed:
        assert len(behind(world, item=one.rate.item)) == one.rate.failed
    assert [(load.made, behind(world, inspector=load.id)) for load in found.loads] == [(3, {*visits})]


def test_filters_narrow_the_figures_and_the_lists_alike(world, visits):
    desk = world.desk()
    people, checklists, areas = standings.choices(desk)
    assert (INSPECTOR_PERSON.id, INSPECTOR_PERSON.name) in people and MISSION.jurisdiction in areas
    ((checklist, _),) = checklists
    whole = standings.standing(desk, 12)
    for among in (
        Among(inspector=INSPECTOR_PERSON.id),
        Among(checklist=checklist),
        Among(area=MISSION.jurisdiction),
        Among(checklist=checklist, area=MISSION.jurisdiction),
        Among(INSPECTOR_PERSON.id, checklist, MISSION.jurisdiction),
    ):
        found = standings.standing(desk, 12, among)
        assert (found.done, found.statuses, found.bands) == (3, whole.statuses, whole.bands), among
        assert [one.rate for one in found.failed] == [one.rate for one in whole.failed], among
        assert behind(world, **{name: value for name, value in vars(among).items() if value}) == {*visits}
    for among in (Among(inspector="somebody"), Among(checklist="other/list"), Among(area="zz")):
        found = standings.standing(desk, 12, among)
        assert (found.done, found.statuses, found.failed) == (0, {}, ()), among
        assert not behind(world, **{name: value for name, value in vars(among).items() if value})
    assert behind(world, item="licence.displayed", inspector=INSPECTOR_PERSON.id, status="findings") == {
        visits[2]
    }


def test_a_list_goes_on_where_it_ended(world, visits):
    desk = world.desk()
    for wanted in ({}, {"item": "licence.displayed"}):
        whole = standings.visits(desk, 12, wanted)
        first = standings.visits(desk, 12, wanted, at_most=1)
        rest = standings.visits(desk, 12, wanted, first[0].place)
        assert (*first, *rest) == whole and len(whole) > 1
    assert [row.on for row in standings.visits(desk, 12, {})] == sorted(
        (row.on for row in standings.visits(desk, 12, {})), reverse=True
    )


def test_what_an_amendment_takes_back_leaves_the_list_of_its_item(world, visits):
    assert visits[0] in behind(world, item="needles.single-use")
    amendments.correct(world.desk(), visits[0], NEEDLES, Raw(mark="IN"), "Another studio's.", 0)
    assert not behind(world, item="needles.single-use")
    amendments.correct(world.desk(), visits[0], NEEDLES, COMPLETE[NEEDLES], "It was ours.", 1)
    assert visits[0] in behind(world, item="needles.single-use")
    amendments.void(world.desk(), visits[0], "The wrong clinic.", 2)
    assert not behind(world, item="needles.single-use")


def test_the_sums_are_those_of_the_items_by_month(world, visits):
    """Two ways of counting the same marks, one by a seal's deed, one by the ledger, never part."""
    desk = world.desk()
    amendments.correct(desk, visits[0], NEEDLES, Raw(mark="IN"), "Another studio's.", 0)
    amendments.void(world.desk(), visits[2], "The wrong clinic.", 0)
    db = desk.ledger._db
    by_clinic = db.execute(
        "SELECT item, month, sum(rated), sum(failed) FROM item_months WHERE kind = 'inspection'"
        " GROUP BY 1, 2 HAVING sum(rated) ORDER BY 1, 2"
    ).fetchall()
    in_cells = db.execute(
        "SELECT item, month, rated, failed FROM item_cells WHERE kind = 'inspection' AND inspector = ''"
        " AND checklist = '' AND area = '' AND rated ORDER BY 1, 2"
    ).fetchall()
    assert [tuple(row) for row in by_clinic] == [tuple(row) for row in in_cells] != []


def test_the_most_failed_are_of_those_rated(world):
    rates = {
        one.rate.item: (one.rate.failed, one.rate.rated)
        for one in standings.standing(world.desk(), 12).failed
    }
    assert rates == {"needles.single-use": (1, 3), "licence.displayed": (2, 3)}


def test_an_amended_visit_counts_as_it_stands_and_a_void_one_nowhere(world, visits):
    before = standings.standing(world.desk(), 12)
    assert before.statuses["uncorrected-critical"] == 1
    amendments.correct(world.desk(), visits[0], NEEDLES, Raw(mark="IN"), "Another studio's.", 0)
    after = standings.standing(world.desk(), 12)
    assert "uncorrected-critical" not in after.statuses and after.done == 3
    assert not behind(world, status="uncorrected-critical")
    assert visits[0] in behind(world, status="findings")
    amendments.void(world.desk(), visits[2], "The wrong clinic.", 0)
    void = standings.standing(world.desk(), 12)
    assert void.done == 2 == len(behind(world))
    assert {one.rate.item for one in void.failed} == {"licence.displayed"}


def test_whole_months_are_counted(world):
    assert world.now.month == 4
    assert standings.standing(world.desk(), 3).since == date(2026, 2, 1)
    world.later(days=40)
    found = standings.standing(world.desk(), 3)
    assert (found.since, found.done, len(standings.visits(world.desk(), 3, {}))) == (date(2026, 4, 1), 0, 0)
    assert standings.standing(world.desk(), 12).done == 3


def test_a_clinic_is_at_risk_while_something_is_overdue_and_the_reasons_agree(tmp_path):
    world = worlds.make(tmp_path)
    visit = sealed(world, MINOR | {NEEDLES: COMPLETE[NEEDLES]})
    world.later(days=200)
    desk = world.desk()
    (row,) = standings.standing(desk, 12).at_risk
    counts = actions.counts(desk, MISSION.id)
    assert (row.clinic.id, row.risk.actions, row.risk.critical) == (MISSION.id, counts.overdue, 1)
    assert row.last and row.last.inspection_id == visit
    amendments.correct(world.desk(), visit, NEEDLES, Raw(mark="IN"), "Another studio's.", 0)
    (row,) = standings.standing(world.desk(), 12).at_risk
    assert (row.risk.critical, row.risk.actions) == (0, counts.overdue - 1)


def test_time_to_fix_is_from_the_visit_to_the_day_of_the_answer(tmp_path):
    world = worlds.make(tmp_path)
    visit = sealed(world, COMPLETE)
    (owed,) = actions.of_visit(world.desk(OWNER), visit)
    actions.fix(world.desk(OWNER), owed.action.id, Answer("Thrown away.", None, []))
    world.later(days=5)
    actions.accept(world.desk(), owed.action.id, "")
    (row,) = standings.standing(world.desk(), 12).fixing
    late = owed.action.correct_by < owed.inspected_on.replace(day=17)
    assert (row.severity, row.closed, row.days, row.in_time) == ("critical", 1, 14.0, int(not late))


def test_it_is_the_agencys_page_and_names_no_unknown_item(world):
    with pytest.raises(NotAllowed):
        standings.standing(world.desk(OWNER), 12)
    with pytest.raises(NotAllowed):
        standings.visits(world.desk(OWNER), 12, {})
    with pytest.raises(NotFound):
        standings.item_words(world.desk(ADMINISTRATOR), "no.such-item")
