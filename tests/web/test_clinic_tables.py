"""What a clinic's pages show, as tables to take away: results, papers, the log, lots; never run by a spreadsheet."""

import csv
import io

import pytest

from audit.operations import clocks, lots
from audit.operations.clocks import EntryFields
from audit.operations.lots import LotFields
from tests.operations import papering
from tests.operations.papering import PERMIT, TODAY, paper
from tests.operations.worlds import ANNA, HARBOUR, MISSION, OTHER_OWNER, OWNER

CLINIC = f"/clinics/{MISSION.id}"


@pytest.fixture
def making():
    return papering.make


def rows(browser, name):
    answer = browser.client.get(f"{CLINIC}/{name}.csv")
    assert answer.status_code == 200 and answer.content_type.startswith("text/csv")
    return list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))


def test_each_page_of_a_clinic_has_its_table(house):
    at, owner = house.world.desk(OWNER), house.browser(OWNER)
    paper(house.world, PERMIT, "", expires=TODAY.replace(month=12), number="=P-1")
    clocks.log(at, MISSION.id, EntryFields("sharps-pick-up", TODAY, "One box"))
    lots.add(at, MISSION.id, LotFields("needle", "DN-1", "Works", "Singles", TODAY, None, "EO-1", None))
    held = {(row["Whose"], row["Paper"]): row for row in rows(owner, "papers")}
    assert held[MISSION.name, "Facility permit"]["Number"] == "'=P-1"
    assert held[MISSION.name, "Facility permit"]["Expires"] == "2026-12-03"
    assert held[ANNA.name, "Practitioner licence or registration"]["Standing"] == "Not on file"
    (logged,) = (row for row in rows(owner, "clocks") if row["Day"])
    assert (logged["Day"], logged["Note"], logged["By"]) == ("2026-03-03", "One box", OWNER.name)
    (lot,) = rows(owner, "lots")
    assert (lot["Lot"], lot["Received"], lot["Expires"], lot["Used up"]) == ("DN-1", "2026-03-03", "", "")
    assert rows(owner, "results") == []
    for page, name in (("papers", "papers"), ("clocks", "clocks"), ("lots", "lots")):
        assert f"{CLINIC}/{name}.csv" in owner.open(f"{CLINIC}/{page}").links


def test_they_are_the_clinic_s_own(house):
    other = house.browser(OTHER_OWNER)
    for name in ("results", "papers", "clocks", "lots"):
        assert other.client.get(f"{CLINIC}/{name}.csv").status_code == 404
        assert other.client.get(f"/clinics/{HARBOUR.id}/{name}.csv").status_code == 200
