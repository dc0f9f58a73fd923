"""Papers, tables and calendars: so many in ten minutes for each person, then a page that says so; all else goes on."""

from typing import Any

import pytest

from audit.operations import bounds, feeds, sealing
from audit.operations.bounds import CALENDARS, PAPERS, TABLES
from audit.web.bounds import kind_of
from tests.operations.worlds import ADMINISTRATOR, COMPLETE, INSPECTOR_PERSON, OWNER


@pytest.fixture(autouse=True)
def _few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "MOST", {PAPERS: 2, TABLES: 2, CALENDARS: 2})


@pytest.fixture
def report(house: Any) -> str:
    visit = house.world.start()
    house.world.answer(visit, COMPLETE)
    house.world.sign(visit)
    sealing.seal(house.world.desk(), visit.id)
    return f"/visits/{visit.id}/reports/record.pdf"


def test_whoever_takes_many_waits_and_others_do_not(house: Any, report: str) -> None:
    owner = house.browser(OWNER)
    for _ in range(2):
        assert owner.client.get(report, buffered=True).status_code == 200
    page = owner.open(report)
    assert page.status == 429 and page.response.headers["Retry-After"] == "600"
    assert "Those were many files in a few minutes." in page.words
    assert owner.client.head(report, buffered=True).status_code == 429
    assert owner.open("/actions.csv").status == 200  # tables are counted by themselves
    assert owner.open("/visits").status == 200
    assert house.browser(INSPECTOR_PERSON).client.get(report, buffered=True).status_code == 200
    house.world.later(minutes=10)
    assert owner.client.get(report, buffered=True).status_code == 200


def test_what_is_refused_is_not_counted(house: Any, report: str) -> None:
    owner = house.browser(OWNER)
    nothing = report.replace("record.pdf", "none.pdf")
    assert [owner.client.get(nothing, buffered=True).status_code for _ in range(4)] == [404] * 4
    assert owner.client.get(report, buffered=True).status_code == 200


def test_personal_data_is_counted_with_the_tables(house: Any) -> None:
    one = house.browser(ADMINISTRATOR)
    assert [one.open(path).status for path in ("/standing/results.csv", "/schedule.csv")] == [200, 200]
    token = one.open("/help").forms[0].values("csrf_token")[0]
    assert one.send("/account/data", {"csrf_token": token}).status == 429


def test_calendars_are_counted_by_the_network_that_asks(house: Any) -> None:
    address = f"/calendar/{feeds.offer(house.world.desk(OWNER))}.ics"
    stranger = house.browser().client
    assert [stranger.get(address, buffered=True).status_code for _ in range(3)] == [200, 200, 429]
    assert stranger.get(address, buffered=True, environ_base={"REMOTE_ADDR": "192.0.2.7"}).status_code == 200


def test_every_door_that_gives_out_a_file_is_bounded(house: Any) -> None:
    bound = {rule.endpoint for rule in house.app.url_map.iter_rules() if kind_of(rule.rule)}
    assert {"results.report", "public.placard", "standings.take", "feeds.calendar", "people.own"} <= bound
    packed = {rule.endpoint for rule in house.app.url_map.iter_rules() if rule.rule.endswith(".zip")}
    assert packed <= bound and len(bound) > 12
