"""The agency's page: figures that unfold to their visits, and tables to take away."""

import re
from datetime import timedelta
from typing import Any

from audit.operations import schedule, sealing
from audit.operations.schedule import Plan
from tests.operations import worlds


def test_each_figure_leads_to_as_many_visits_and_each_table_can_be_taken(house: Any) -> None:
    inspection = house.world.start()
    house.world.answer(inspection, worlds.COMPLETE)
    house.world.sign(inspection)
    sealing.seal(house.world.desk(), inspection.id)
    house.world.later(days=200)
    browser = house.browser(worlds.INSPECTOR_PERSON)
    page = browser.open("/standing?months=36")
    assert page.status == 200 and "Critical finding open" in page.text and "overdue" in page.text
    links = {link for link in page.links if link.startswith("/standing/visits")}
    assert len(links) >= 4
    for link in links:
        assert f"/visits/{inspection.id}" in browser.open(link).links, link
    tables = [link for link in page.links if ".csv" in link]
    assert len(tables) >= 5
    for link in tables:
        answer = browser.client.get(link)
        assert answer.status_code == 200 and answer.text.count("\n") >= 2, link
    assert worlds.MISSION.name in browser.client.get("/standing/visits.csv?months=36").text


def test_what_is_overdue_leads_to_the_plans_and_a_filter_stays(house: Any) -> None:
    world = house.world
    today = world.now.date()
    late = schedule.plan(world.desk(), worlds.MISSION.id, Plan("routine", today, worlds.INSPECTOR_PERSON.id))
    soon = schedule.plan(world.desk(), worlds.MISSION.id, Plan("routine", today + timedelta(days=20)))
    world.later(days=3)
    browser = house.browser(worlds.INSPECTOR_PERSON)
    page = browser.open(f"/standing?months=3&inspector={worlds.INSPECTOR_PERSON.id}")
    overdue = [link for link in page.links if link.startswith("/schedule?") and "overdue" in link]
    assert len(overdue) == 2 and all(worlds.INSPECTOR_PERSON.id in link for link in overdue)
    for link in overdue:
        assert {f"/schedule/{late.id}"} == _plans(browser.open(link).links)
    (due,) = [link for link in browser.open("/standing").links if "until=" in link]
    assert {f"/schedule/{soon.id}"} == _plans(browser.open(due).links)
    kept = [link for link in page.links if link.startswith("/standing")]
    assert len(kept) > 3 and all("inspector=" in link for link in kept if link != "/standing")


def _plans(links: Any) -> set[str]:
    return {link for link in links if re.fullmatch(r"/schedule/[0-9a-f-]{36}", link)}


def test_filters_of_the_address_are_taken_or_refused(house: Any) -> None:
    browser = house.browser(worlds.ADMINISTRATOR)
    assert "Nothing here" in browser.open("/standing/visits?status=findings&months=3").text
    assert browser.open("/standing/visits?least=x").status == 404
    assert browser.open("/standing/visits?item=no.such").status == 404
    assert browser.open("/standing?months=7").status == 200
    assert re.search(r"3 months.*12 months.*36 months", browser.open("/standing").text, re.DOTALL)
