"""The history page, and lines that are written once the answer has gone out."""

from tests.operations import worlds
from tests.operations.test_chronicle import sealed


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
