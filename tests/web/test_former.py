"""What the last visit left open comes first; a clinic shows at a glance how it stands."""

from datetime import date

import pytest

from audit.domain.actions import Unfinished
from audit.domain.answers import Raw
from audit.domain.papers import ENDING, HOLDS, MISSING, OVER
from audit.operations import actions, inspections, sealing
from audit.web.glances import open_words, paper_words
from tests.operations import worlds
from tests.operations.worlds import ANNA, BO, COMPLETE, INSPECTOR_PERSON, MISSION, OWNER

TODAY = date(2026, 3, 3)
CLEAN = COMPLETE | {
    ("needles.single-use", None): Raw(mark="IN"),
    ("licence.displayed", BO.id): Raw(mark="IN"),
}


def seal(house, raws=COMPLETE, person=INSPECTOR_PERSON, photographed=False) -> str:
    visit = house.world.start(person)
    again = {("records.last", None): Raw(mark="IN")} if house.world.now > worlds.NOW else {}
    house.world.answer(visit, raws | again, person)
    if photographed:
        house.world.photograph(visit, ("needles.single-use", None), "The open tray")
    house.world.sign(visit, person)
    sealing.seal(house.world.desk(person), visit.id)
    return visit.id


def begin(house, person=INSPECTOR_PERSON):
    """Set up a visit on the page; gives the page it leads to."""
    browser = house.browser(person)
    page = browser.open(f"/clinics/{MISSION.id}/start")
    return browser.follow(page.submit({"f.procedure_observed": "true"}))


def test_a_first_visit_goes_straight_to_the_sections(house):
    page = begin(house)
    assert not page.address.endswith("/former") and "Former findings" not in page.words


def test_what_was_left_open_comes_before_the_sections(house):
    last = seal(house, photographed=True)
    house.world.later(days=10)
    page = begin(house)
    assert page.address.endswith("/former")
    assert "1 finding was left open last time" in page.words and "Inspection of Tue 3 Mar 2026" in page.words
    assert "Two cartridges kept for a returning client." in page.words
    assert "3 days overdue" in page.words and "not looked at yet" in page.words
    assert "No certificate at the station." not in page.words  # corrected on site
    assert 'alt="The open tray"' in page.text and f"/visits/{last}" in page.links
    visit = page.address.removesuffix("/former")
    assert f"{visit}/sections/a#i-A-01" in page.links and visit in page.links
    hub = page.browser.open(visit)
    assert "1 was left open last time" in hub.words and f"{visit}/former" in hub.links


def test_it_says_how_the_item_stands_today(house):
    seal(house)
    house.world.later(days=1)
    visit = house.world.start()
    house.world.answer(visit, {("needles.single-use", None): Raw(mark="OUT", note="Again.")})
    page = house.browser(INSPECTOR_PERSON).open(f"/visits/{visit.id}/former")
    assert "See the answer" in page.words and "Today: OUT" in page.words


def test_a_finding_of_somebody_not_on_duty_is_shown_without_a_way_there(house):
    seal(house, COMPLETE | {("licence.displayed", BO.id): Raw(mark="OUT", note="Nothing on the wall.")})
    house.world.later(days=1)
    visit = house.world.start(practitioners=(ANNA.id,))
    page = house.browser(INSPECTOR_PERSON).open(f"/visits/{visit.id}/former")
    assert "Nothing on the wall." in page.words and "Bo Li" in page.words
    assert "Not asked at this visit." in page.words


def test_without_open_findings_the_step_is_skipped(house):
    seal(house, CLEAN)
    house.world.later(days=1)
    page = begin(house)
    assert not page.address.endswith("/former")
    assert "Nothing was left open" in page.browser.open(f"{page.address}/former").words


def test_an_inspection_does_not_follow_on_a_self_audit_but_the_owner_does(house):
    seal(house, person=OWNER)
    house.world.later(days=1)
    assert not begin(house).address.endswith("/former")
    assert begin(house, OWNER).address.endswith("/former")


@pytest.mark.parametrize("person", [worlds.OTHER_OWNER, worlds.ADMINISTRATOR, OWNER])
def test_only_those_who_make_the_visit_see_the_step(house, person):
    seal(house)
    house.world.later(days=1)
    visit = house.world.start()
    assert house.browser(person).open(f"/visits/{visit.id}/former").status in (403, 404)


@pytest.mark.parametrize(
    ("due", "words"),
    [
        ((), ("Nothing to correct", "fine")),
        ([Unfinished(date(2026, 3, 10))], ("1 to correct", "soon")),
        ([Unfinished(date(2026, 3, 3)), Unfinished(date(2026, 3, 2))], ("2 to correct, 1 overdue", "over")),
        ([Unfinished(date(2026, 4, 3), stop=True)], ("1 to correct, 1 overdue", "over")),
        ([Unfinished(date(2026, 3, 2), owed=False)], ("1 answered", "soon")),
        ([Unfinished(TODAY), Unfinished(TODAY, owed=False)], ("1 to correct, 1 answered", "soon")),
    ],
)
def test_open_findings_at_a_glance(due, words):
    assert open_words(due, TODAY) == words


@pytest.mark.parametrize(
    ("states", "words"),
    [
        ([], ("", "")),
        ([HOLDS, HOLDS], ("Papers hold", "fine")),
        ([ENDING, HOLDS], ("1 paper ends soon", "soon")),
        ([OVER, MISSING, ENDING], ("2 papers over or not shown, 1 paper ends soon", "over")),
    ],
)
def test_papers_at_a_glance(states, words):
    assert paper_words(states) == words


def test_list_and_page_say_the_same_and_count_anew_each_day(house):
    seal(house)
    for days, words in ((0, "1 to correct"), (10, "1 to correct, 1 overdue")):
        house.world.later(days=days)
        browser = house.browser(INSPECTOR_PERSON)
        assert words in browser.open("/clinics").words
        page = browser.open(f"/clinics/{MISSION.id}")
        assert words in page.words and "Papers hold" in page.words


def test_what_was_answered_and_accepted_is_counted_no_more(house):
    (action,) = actions.of_visit(house.world.desk(), seal(house))
    house.world.later(days=10)
    actions.fix(house.world.desk(OWNER), action.action.id, actions.Answer("Thrown away."))
    assert "1 answered" in house.browser(INSPECTOR_PERSON).open("/clinics").words
    actions.accept(house.world.desk(), action.action.id)
    for address in ("/clinics", f"/clinics/{MISSION.id}"):
        page = house.browser(INSPECTOR_PERSON).open(address)
        assert "Nothing to correct" in page.words and "overdue" not in page.words


def test_another_clinics_owner_sees_no_glance_of_this_one(house):
    seal(house)
    assert "to correct" not in house.browser(worlds.OTHER_OWNER).open("/clinics").words


def one_tap(page):
    return [form for form in page.forms if form.action.endswith("/former")]


def test_the_clinics_answer_stands_there_and_one_tap_confirms_it(house):
    last = seal(house, photographed=True)
    owed = actions.of_visit(house.world.desk(), last)[0].action.id
    answer = actions.Answer("Thrown away.", photos=[worlds.jpeg(31)])
    actions.fix(house.world.desk(OWNER), owed, answer)
    house.world.later(days=10)
    page = begin(house)
    assert "Thrown away." in page.words and "Said to be fixed" in page.words
    assert page.text.count('/screen"><img') == 2, "before and after, side by side"
    (form,) = one_tap(page)
    for _ in range(2):  # pressing twice answers once
        answered = page.browser.send(form.action, form.filled({}))
    assert answered.status in (303, 409)
    visit = page.address.removesuffix("/former").rsplit("/", 1)[1]
    again = page.browser.open(page.address)
    assert "Today: IN" in again.words and not one_tap(again)
    told = inspections.open_visit(house.world.desk(), visit)
    assert told.rev(("needles.single-use", None)) == 1
    rest = {key: raw for key, raw in CLEAN.items() if key[0] != "needles.single-use"}
    house.world.answer(told.inspection, rest | {("records.last", None): Raw(mark="IN")})
    house.world.sign(told.inspection)
    sealing.seal(house.world.desk(), visit)
    step = actions.get(house.world.desk(), owed).action.steps[-1]
    assert (step.kind, step.visit) == ("confirmed", visit)


def test_what_nobody_looked_at_since_is_still_there(house):
    """Anna's finding of the visit before the last one; an item that asks for a value has no one-tap answer."""
    seal(
        house,
        COMPLETE
        | {
            ("licence.displayed", ANNA.id): Raw(mark="OUT", note="Only a copy."),
            ("licence.displayed", BO.id): Raw(mark="IN"),
            ("permit.expiry", None): Raw(values={"date": "2026-02-01"}, note="Not renewed."),
        },
    )
    house.world.later(days=1)
    visit = house.world.start(practitioners=(BO.id,))
    answers = {key: raw for key, raw in COMPLETE.items() if key[1] != ANNA.id and key[0] != "permit.expiry"}
    late = {("permit.expiry", None): Raw(values={"date": "2026-02-01"}, note="Not renewed still.")}
    house.world.answer(visit, answers | late | {("records.last", None): Raw(mark="IN")})
    house.world.sign(visit)
    sealing.seal(house.world.desk(), visit.id)
    house.world.later(days=1)
    page = begin(house)
    assert "Still open from visits before" in page.words
    assert "Only a copy." in page.words and "Found on Tue 3 Mar 2026" in page.words
    assert "Not renewed still." in page.words and "Not renewed." not in page.words
    items = {form.values("item")[0] for form in one_tap(page)}
    assert items == {"needles.single-use", "licence.displayed"}
    form = one_tap(page)[0]
    refused = page.browser.send(form.action, form.filled({"item": "permit.expiry", "person": ""}))
    assert refused.status == 409
