"""When something stands in the way: what happened, why, and a way out that is there."""

import pytest

from audit.domain.problems import Busy, NoRoom, NotNow, ReadOnly, TooLarge, TooMany
from audit.web.errors import PAGES
from tests.operations import worlds


@pytest.mark.parametrize(
    ("problem", "status"),
    [
        (NotNow("It is sealed."), 409),
        (TooLarge("The photo is too large."), 413),
        (TooMany("Wait a minute.", 60), 429),
        (Busy("Somebody else is saving."), 503),
        (NoRoom("The disk is full."), 503),
        (ReadOnly("Nothing can be written."), 503),
    ],
)
def test_trouble_is_told_with_a_way_out(house, inspector, monkeypatch, problem, status):
    def fail():
        raise problem

    monkeypatch.setitem(house.app.view_functions, "visits.index", fail)
    page = inspector.open("/visits", headers={"Referer": "http://localhost/clinics/new?text=a"})
    assert page.status == status and problem.words in page.words
    assert PAGES[status].title in page.words and "/clinics/new" in page.links
    assert ("Retry-After" in page.headers) == (status == 429 or isinstance(problem, Busy))


def test_the_way_out_never_leads_elsewhere(house, inspector, monkeypatch):
    def fail():
        raise NotNow("It is sealed.")

    monkeypatch.setitem(house.app.view_functions, "visits.index", fail)
    page = inspector.open("/visits", headers={"Referer": "https://elsewhere.example/a"})
    assert not any("elsewhere" in link for link in page.links) and "/visits" in page.links


def test_not_found_and_forbidden_differ_in_words_and_not_for_what_is_somebody_elses(house, inspector):
    assert "This is not yours to do" in inspector.open("/people").words
    assert "There is nothing here" in inspector.open("/no-such-place").words
    other = house.browser(worlds.OTHER_OWNER)
    hidden, absent = other.open(f"/clinics/{worlds.MISSION.id}"), other.open(f"/clinics/{worlds.ANNA.id}")
    assert (hidden.status, absent.status) == (404, 404)


def test_help_explains_every_mark_and_is_one_link_away(inspector):
    page = inspector.open("/help")
    for words in (
        "Not observed",
        "COS, corrected on site",
        "R, repeat",
        "Critical",
        "Recommended",
        "Self-audit",
    ):
        assert words in page.words
    assert "/help" in inspector.open("/visits").links


def test_the_overview_explains_in_place(house, inspector):
    visit = house.world.start()
    page = inspector.open(f"/visits/{visit.id}")
    assert "What NO, COS, critical and recommended mean" in page.words
    assert "Not observed: nobody could see it today" in page.words


def test_only_an_empty_house_says_that_nobody_can_sign_in(house):
    """A name of the frame once stood in for the page's own, and every sign-in page said so."""
    assert "Nobody can sign in yet" not in house.browser().open("/sign-in").words


def test_the_schedule_of_one_clinic_offers_to_plan(inspector):
    page = inspector.open(f"/schedule?clinic={worlds.MISSION.id}")
    assert page.status == 200 and f"/clinics/{worlds.MISSION.id}/plan" in page.links
