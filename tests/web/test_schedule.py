"""Pages of the schedule: list and month, planning and assigning, starting from it, programmes, calendar feeds."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from icalendar import Calendar

from audit.operations import programmes, schedule, sealing
from audit.operations.schedule import Plan
from audit.operations.strangers import STRANGE_TRIES
from tests.operations.worlds import (
    ADMINISTRATOR,
    COMPLETE,
    HARBOUR,
    INSPECTOR_PERSON,
    MISSION,
    NOW,
    OTHER_OWNER,
    OWNER,
)

FRIDAY = NOW.date() + timedelta(days=3)


@pytest.fixture
def planned(house: Any) -> str:
    wanted = Plan("follow-up", FRIDAY, INSPECTOR_PERSON.id, "Second call.")
    return schedule.plan(house.world.desk(), MISSION.id, wanted).id


def test_list_and_month_show_what_is_planned_and_keep_the_filters(house: Any, planned: str) -> None:
    browser = house.browser(INSPECTOR_PERSON)
    page = browser.open(f"/schedule?inspector={INSPECTOR_PERSON.id}")
    assert "Follow-up Mission Scalp Studio" in page.words and "Second call." in page.words
    assert "3 days left" in page.words
    month = browser.open(f"/schedule?view=month&inspector={INSPECTOR_PERSON.id}")
    assert "March 2026" in month.words and f"/schedule/{planned}" in month.links
    assert any("month=2026-04" in link and "inspector=" in link for link in month.links)
    empty = browser.open("/schedule?view=month&month=2026-05")
    assert "Nothing is planned in this month." in empty.words
    for asked in ("junk", "9999-12", "9999-11", "0001-01", "0001-02", "0000-01", "٢٠٢٦-04"):
        assert browser.open(f"/schedule?view=month&month={asked}").status == 200, asked
    assert "Nothing is planned for these filters." in browser.open("/schedule?inspector=nobody").words
    here = browser.open(f"/schedule?clinic={MISSION.id}")
    assert here.status == 200 and f"/clinics/{MISSION.id}/plan" in here.links


def test_a_full_day_of_a_month_leads_to_all_of_it(house: Any) -> None:
    """However many are planned, no day of the month stands empty that is not."""
    late = FRIDAY + timedelta(days=7)
    for day in [FRIDAY] * (schedule.MOST_A_DAY + 2) + [late]:
        schedule.plan(house.world.desk(), MISSION.id, Plan("complaint", day, "", "A call."))
    browser = house.browser(INSPECTOR_PERSON)
    month = browser.open("/schedule?view=month&inspector=nobody")
    assert month.words.count("Complaint") == schedule.MOST_A_DAY + 1 and "2 more" in month.words
    (rest,) = (link for link in month.links if f"since={FRIDAY}" in link)
    page = browser.open(rest)
    assert page.words.count("A call.") == schedule.MOST_A_DAY + 2
    assert f"until={FRIDAY}" in rest and "inspector=nobody" in rest
    assert page.form.values("since") == [FRIDAY.isoformat()]


def test_an_administrator_plans_assigns_moves_and_cancels(house: Any) -> None:
    browser = house.browser(ADMINISTRATOR)
    page = browser.open(f"/clinics/{MISSION.id}/plan")
    wrong = page.submit({"purpose": "routine", "by": "2026-03-01"})
    assert wrong.status == 422 and "This day is over." in wrong.words
    made = browser.follow(page.submit({"purpose": "routine", "by": FRIDAY.isoformat()}))
    assert "Nobody yet" in made.words and "Start this visit" not in made.words
    assert "1 without an inspector" in browser.open("/schedule").words
    saved = browser.follow(made.submit({"inspector": INSPECTOR_PERSON.id, "by": "2026-03-12"}))
    assert "Ines Field" in saved.words and "Thu 12 Mar 2026" in saved.words
    token = saved.form.filled({})["csrf_token"]
    bare = browser.send(f"{saved.address}/cancel", {"csrf_token": token})
    assert bare.status == 422 and "Say why this visit is not made." in bare.words
    over = browser.follow(browser.send(f"{saved.address}/cancel", {"csrf_token": token, "words": "Moved."}))
    assert "Cancelled" in over.words and "Assign or move" not in over.words


def test_an_inspector_starts_what_is_planned_and_the_two_are_tied(house: Any, planned: str) -> None:
    browser = house.browser(INSPECTOR_PERSON)
    (start,) = [link for link in browser.open(f"/schedule/{planned}").links if "/start?" in link]
    page = browser.open(start)
    assert page.form.filled({})["purpose"] == ["follow-up"]
    hub = browser.follow(page.submit({"f.procedure_observed": "true"}))
    shown = browser.open(f"/schedule/{planned}")
    assert "Under way" in shown.words and hub.address in shown.links
    refused = browser.open(start).submit({"f.procedure_observed": "true"})
    assert refused.status == 409


def test_the_next_visit_is_told_with_its_day_on_every_page_of_a_visit(house: Any) -> None:
    visit = house.world.start()
    house.world.answer(visit, COMPLETE)
    browser = house.browser(INSPECTOR_PERSON)
    assert "The rules of this checklist set no date" in browser.open(f"/visits/{visit.id}/result").words


def test_a_clinic_sees_its_own_plans_and_may_change_none(house: Any, planned: str) -> None:
    owner = house.browser(OWNER)
    assert f"/schedule/{planned}" in owner.open("/schedule").links
    page = owner.open(f"/schedule/{planned}")
    assert "Second call." in page.words and "Assign or move" not in page.words
    assert "Mission Scalp Studio" not in house.browser(OTHER_OWNER).open("/schedule").words


def test_an_owner_sets_a_programme_and_sees_what_was_missed(house: Any) -> None:
    owner = house.browser(OWNER)
    page = owner.open(f"/clinics/{MISSION.id}/programme")
    assert "No programme of self-audits." in page.words
    assert "Every week: 0 of 0 made, 0 missed" in owner.follow(page.submit({"every": "week"})).words
    house.world.later(days=10)
    visit = house.world.start(OWNER)
    house.world.answer(visit, COMPLETE, OWNER)
    house.world.sign(visit, OWNER)
    sealing.seal(house.world.desk(OWNER), visit.id)
    again = house.browser(INSPECTOR_PERSON).open(f"/clinics/{MISSION.id}/programme")
    assert "Every week: 1 of 2 made, 1 missed" in again.words
    assert "Missed" in again.words and "Fri 13 Mar 2026" in again.words
    assert "How often" not in again.words
    owner = house.browser(OWNER)
    assert "1 missed" in owner.open("/schedule").words
    owner.open(f"/clinics/{MISSION.id}/programme").submit({"every": ""})
    assert programmes.of(house.world.desk(OWNER), MISSION.id).programme is None
    assert house.browser(OWNER).open(f"/clinics/{HARBOUR.id}/programme").status == 404


def address(page: Any) -> str:
    start = page.text.index("/calendar/")
    return str(page.text[start : page.text.index('"', start)])


def test_the_agency_sees_who_missed_the_last_time_and_takes_it_as_a_table(house: Any) -> None:
    programmes.decide(house.world.desk(OWNER), MISSION.id, "week")
    browser = house.browser(INSPECTOR_PERSON)
    assert "Nothing is missed" in browser.open("/schedule/missed").text
    house.world.later(days=15)
    browser = house.browser(INSPECTOR_PERSON)
    page = browser.open("/schedule/missed")
    assert MISSION.name in page.text and f"/clinics/{MISSION.id}/programme" in page.links
    table = browser.client.get("/schedule/missed.csv").text.splitlines()
    assert len(table) == 2 and table[1].startswith(f"{MISSION.name},Every week,") and ",2," in table[1]
    assert house.browser(OWNER).open("/schedule/missed").status == 403


def test_the_schedule_is_filtered_by_day_and_area_and_taken_as_a_table(house: Any, planned: str) -> None:
    browser = house.browser(INSPECTOR_PERSON)
    day = schedule.get(house.world.desk(), planned).planned.by
    for query, shown in (
        (f"until={day}", True),
        (f"until={day - timedelta(days=1)}", False),
        (f"area={MISSION.jurisdiction}", True),
        ("area=zz", False),
        ("until=never", True),
    ):
        assert (f"/schedule/{planned}" in browser.open(f"/schedule?{query}").links) == shown, query
        table = browser.client.get(f"/schedule.csv?{query}").text
        assert (f"{MISSION.name}," in table) == shown, query
    assert "Due until" in browser.open(f"/schedule?until={day}").words
    assert "Due until" not in browser.open("/schedule").words


def test_a_calendar_program_reads_the_private_address_until_it_ends(house: Any, planned: str) -> None:
    browser = house.browser(INSPECTOR_PERSON)
    schedule.plan(house.world.desk(), HARBOUR.id, Plan("routine", FRIDAY))
    path = address(browser.open("/schedule/feed").submit())
    nobody = house.browser(None)
    answer = nobody.client.get(path)
    assert answer.content_type == "text/calendar; charset=utf-8"
    assert "private" in answer.headers["Cache-Control"]
    (event,) = Calendar.from_ical(answer.data).walk("VEVENT")
    assert event["summary"] == "Follow-up: Mission Scalp Studio"
    assert event.decoded("dtstart") == FRIDAY
    assert "Second call." in str(event["description"])
    again = browser.open("/schedule/feed").form.filled({})
    second = address(browser.send("/schedule/feed", again))
    assert nobody.client.get(path).status_code == 404
    assert nobody.client.get(second).status_code == 200
    browser.send("/schedule/feed/end", browser.open("/schedule/feed").form.filled({}))
    assert nobody.client.get(second).status_code == 404


def test_an_owners_calendar_holds_the_clinics_visits_and_the_due_self_audit(house: Any, planned: str) -> None:
    owner = house.browser(OWNER)
    programmes.decide(house.world.desk(OWNER), MISSION.id, "week")
    path = address(owner.open("/schedule/feed").submit())
    told = [event["summary"] for event in Calendar.from_ical(owner.client.get(path).data).walk("VEVENT")]
    assert told == ["Follow-up: Mission Scalp Studio", "Self-audit due: Mission Scalp Studio"]


def test_the_address_of_a_calendar_is_no_guessing_game_and_dies_with_the_account(house: Any) -> None:
    browser = house.browser(INSPECTOR_PERSON)
    path = address(browser.open("/schedule/feed").submit())
    with house.world.desk(ADMINISTRATOR).entry() as entry:
        entry.people.change(replace(INSPECTOR_PERSON, active=False))
        entry.note("person.changed", INSPECTOR_PERSON.id)
    nobody = house.browser(None)
    assert nobody.client.get(path).status_code == 404
    for _ in range(STRANGE_TRIES):
        nobody.client.get("/calendar/wrong.ics")
    assert nobody.client.get("/calendar/wrong.ics").status_code == 429
    house.browser(OWNER)  # a calendar that goes on asking slows nobody down who signs in from there
    assert house.world.desk().ledger.schedule.feed_of(INSPECTOR_PERSON.id) is not None
