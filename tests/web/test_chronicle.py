"""The history page, and lines that are written once the answer has gone out."""

from tests.operations import worlds
from tests.operations.test_chronicle import sealed
from tests.web.api.conftest import Tablet


def test_the_page_tells_each_day_on_the_clock_of_the_clinic(house, inspector) -> None:
    visit = sealed(house.world)
    page = inspector.open(f"/visits/{visit}/history")
    assert page.status == 200 and "Tue 3 Mar 2026" in page.words and "09:00" in page.words
    assert "Ines Field started the visit" in page.words and "America/Los_Angeles" in page.words
    assert f"/visits/{visit}/history" in inspector.open(f"/visits/{visit}").links


def test_a_refusal_and_a_download_stand_there(house, inspector) -> None:
    visit = sealed(house.world)
    stranger = house.browser(worlds.OTHER_OWNER)
    refused = stranger.open(f"/visits/{visit}")
    assert refused.status == 404 and "no such visit" in refused.words
    assert stranger.open(f"/visits/{visit}/history").status == 404
    assert inspector.open(f"/visits/{visit}/reports/record.pdf").status == 200
    words = inspector.open(f"/visits/{visit}/history").words
    assert words.count("Una Brook tried to open it and was refused") == 1
    assert "Ines Field downloaded the full report" in words
    assert "refused" not in house.browser(worlds.OWNER).open(f"/visits/{visit}/history").words


def test_an_administrator_reads_what_was_done_and_tried(house) -> None:
    visit = sealed(house.world)
    house.browser(worlds.OTHER_OWNER).open(f"/clinics/{worlds.MISSION.id}")
    house.browser(worlds.OWNER).open("/actions.csv")
    tablet = Tablet(house, worlds.OTHER_OWNER)
    batch = tablet.batch(tablet.answer("needles.single-use", mark="IN"))
    answer = tablet.post(f"/inspections/{visit}/ops", batch, buffered=True)
    assert [row["status"] for row in answer.told["results"]] == ["rejected"]
    administrator = house.browser(worlds.ADMINISTRATOR)
    page = administrator.open("/trail")
    assert "/trail" in administrator.open("/people").links
    assert "Una Brook asked for something and was refused: Mission Scalp Studio" in page.words.replace(
        " :", ":"
    )
    assert f"/clinics/{worlds.MISSION.id}" in page.links
    assert "Una Brook asked for a visit and was refused" in page.words
    assert "Olu Adeyemi took a table or a paper along" in page.words
    refusals = administrator.open("/trail?group=refusals&before=999999999999999999999")
    assert "Una Brook" in refusals.words and "took a table" not in refusals.words
    assert "Nothing of that kind" in administrator.open("/trail?group=taken&person=nobody").words
