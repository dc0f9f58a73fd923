"""axe finds nothing on the main pages, light and dark, and nothing is wider than a small phone."""

from datetime import UTC, datetime

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from audit.operations import clinics, desk, inspections, people
from audit.operations.inspections import NewVisit
from tests.journeys.conftest import Place

PAGES = [
    "/visits",
    "/clinics",
    "/clinics/{clinic}",
    "/clinics/{clinic}/edit",
    "/clinics/{clinic}/start",
    "/visits/{visit}",
    "/visits/{visit}/set-up",
    "/visits/{visit}/sections/people",
    "/visits/{visit}/sections/sterilisation",
    "/visits/{visit}/items/permit.facility-posted/photos",
    "/visits/{visit}/check",
    "/visits/{visit}/result",
    "/visits/{visit}/set-aside",
    "/checklists",
    "/checklists/smp-clinic-inspection/us-ca/1",
    "/checklists/smp-clinic-inspection/us-ca/1?against=smp-clinic-inspection/us/1",
    "/account",
    "/nothing-here",
]


@pytest.fixture
def visit(place: Place) -> str:
    now = datetime.now(UTC).replace(microsecond=0)
    nobody = desk.open_desk(place.data, None, now)
    root = desk.open_desk(place.data, nobody.ledger.people.by_login("ada")[0], now)  # type: ignore[index]
    at = desk.open_desk(place.data, people.by_login(root, "ana"), now)
    on_duty = tuple(row.id for row in clinics.practitioners(at, place.clinic.id))
    wanted = NewVisit(place.clinic.id, practitioners=on_duty, facts={"procedure_observed": "false"})
    return inspections.start(at, wanted).id


def faults(page: Page) -> list[str]:
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in found]


@pytest.mark.timeout(300)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(place: Place, tablet, visit: str, scheme: str) -> None:
    page = tablet("ana", color_scheme=scheme)
    wrong = {}
    for address in PAGES:
        page.goto(place.url + address.format(clinic=place.clinic.id, visit=visit))
        if found := faults(page):
            wrong[address] = found
    page.goto(f"{place.url}/visits/{visit}/sections/licences")
    page.locator(".marks label").filter(has_text="OUT").first.tap()
    page.locator(".bar .go").tap()
    page.get_by_role("alert").wait_for()
    if found := faults(page):
        wrong["errors"] = found
    assert not wrong


@pytest.mark.timeout(300)
def test_nothing_is_wider_than_a_small_phone(place: Place, tablet, visit: str) -> None:
    page = tablet("ana", viewport={"width": 320, "height": 640})
    wide = []
    for address in PAGES:
        page.goto(place.url + address.format(clinic=place.clinic.id, visit=visit))
        if page.evaluate("document.documentElement.scrollWidth") > 320:
            wide.append(address)
    assert not wide
