"""The page of a clinic says how it stands on the day somebody looks."""

from datetime import UTC, date, datetime, timedelta

import pytest

from audit.domain.answers import Raw
from audit.operations import sealing
from audit.web.standing import due_left
from tests.operations import worlds
from tests.operations.worlds import COMPLETE, INSPECTOR_PERSON, MISSION, OWNER

ADDRESS = f"/clinics/{MISSION.id}"
LAST = {("records.last", None): Raw(mark="IN")}


def seal(house, person=INSPECTOR_PERSON, more=None) -> str:
    visit = house.world.start(person)
    house.world.answer(visit, COMPLETE | (more or {}), person)
    house.world.sign(visit, person)
    sealing.seal(house.world.desk(person), visit.id)
    return visit.id


def look(house, person=INSPECTOR_PERSON):
    """The page on the day it is, signed in just now: a session would not outlast the days between."""
    return house.browser(person).open(ADDRESS)


@pytest.mark.parametrize(
    ("due", "words"),
    [
        (date(2026, 3, 15), ("12 days left", "fine")),
        (date(2026, 3, 10), ("7 days left", "soon")),
        (date(2026, 3, 4), ("1 day left", "soon")),
        (date(2026, 3, 3), ("Due today", "soon")),
        (date(2026, 3, 2), ("1 day overdue", "over")),
        (date(2026, 2, 1), ("30 days overdue", "over")),
    ],
)
def test_what_is_left_in_words(due, words):
    assert due_left(due, date(2026, 3, 3)) == words


def test_open_findings_of_the_last_inspection_with_the_days_left_today(house):
    visit = seal(house)
    page = look(house)
    assert "To correct" in page.words and "inspection of Tue 3 Mar 2026" in page.words
    assert f"/visits/{visit}#f-A-01" in page.links
    assert "7 days left Tue 10 Mar 2026" in page.words
    assert f"/visits/{visit}#f-A-05" not in page.links  # corrected on site
    house.world.later(days=10)
    assert "3 days overdue Tue 10 Mar 2026" in look(house).words


def test_days_are_counted_on_the_clock_of_the_clinic(house):
    seal(house)
    house.world.now = datetime(2026, 3, 11, 6, 30, tzinfo=UTC)  # still the 10th in Los Angeles
    assert "Due today" in look(house).words
    house.world.now += timedelta(hours=1)
    assert "1 day overdue" in look(house).words


def test_nothing_open_is_said_too(house):
    assert "Not inspected yet" in look(house).words and "left to correct" not in look(house).words
    seal(house, more={("needles.single-use", None): Raw(mark="IN")})
    assert "Nothing left to correct" in look(house).words


def test_papers_say_how_long_they_hold(house):
    seal(house, more={("permit.expiry", None): Raw(values={"date": "2026-05-12"})})
    assert "70 days left Tue 12 May 2026" in look(house).words
    assert "is-fine" in look(house).text
    house.world.later(days=10)
    assert "60 days left" in look(house).words and "is-soon" in look(house).text
    house.world.later(days=60)
    assert "Last day today" in look(house).words
    house.world.later(days=1)
    assert "Ended 1 day ago" in look(house).words and "is-over" in look(house).text


def test_a_paper_nobody_saw_is_said(house):
    seal(house, more={("permit.expiry", None): Raw(absent="not-shown", note="Nobody had the key.")})
    assert "Not shown" in look(house).words


def test_results_over_time_come_as_a_chart_and_as_a_table(house):
    seal(house)
    assert "over time" not in look(house).words
    house.world.later(days=30)
    seal(house, more=LAST)
    page = look(house)
    assert "Inspections over time" in page.words and 'role="img"' in page.text
    assert "Score of 2 visits: 94 on Tue 3 Mar 2026" in page.text
    assert page.words.count("Critical finding open") >= 3


def test_what_a_self_audit_says_stays_with_the_clinic(house):
    own = {("permit.expiry", None): Raw(values={"date": "2026-06-01"})}
    seal(house, OWNER, own)
    house.world.later(days=30)
    seal(house, OWNER, own | LAST)
    owner, admin = look(house, OWNER), look(house, worlds.ADMINISTRATOR)
    assert "Self-audits over time" in owner.words and "self-audit of Thu 2 Apr 2026" in owner.words
    assert "Mon 1 Jun 2026" in owner.words
    for page in (look(house), admin):
        assert "over time" not in page.words and "Mon 1 Jun 2026" not in page.words
        assert "None read yet" in page.words and "94" not in page.words
    assert look(house, worlds.OTHER_OWNER).status == 404


def test_the_agency_keeps_seeing_its_own_inspection_beside_a_newer_self_audit(house):
    seal(house)
    house.world.later(days=5)
    seal(house, OWNER, {("permit.expiry", None): Raw(values={"date": "2026-06-01"})} | LAST)
    page = look(house)
    assert "Thu 31 Dec 2026" in page.words and "Mon 1 Jun 2026" not in page.words
    assert "Mon 1 Jun 2026" in look(house, OWNER).words
