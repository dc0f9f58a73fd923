"""The agency's page: figures that unfold to their visits, and tables to take away."""

import re
from typing import Any

from audit.operations import sealing
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


def test_filters_of_the_address_are_taken_or_refused(house: Any) -> None:
    browser = house.browser(worlds.ADMINISTRATOR)
    assert "Nothing here" in browser.open("/standing/visits?status=findings&months=3").text
    assert browser.open("/standing/visits?least=x").status == 404
    assert browser.open("/standing/visits?item=no.such").status == 404
    assert browser.open("/standing?months=7").status == 200
    assert re.search(r"3 months.*12 months.*36 months", browser.open("/standing").text, re.DOTALL)
