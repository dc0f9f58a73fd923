"""A whole visit without a network: started, walked, photographed and signed; the browser killed; then it arrives, once."""

import contextlib
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pikepdf
import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page, expect

from audit.operations import checklists
from audit.operations.inspections import NewVisit
from tests import browsers, thinning
from tests.journeys.conftest import PASSWORD
from tests.tablet.pages import Pages
from tests.tablet.test_endings import kill, processes_of
from tests.tablet.yards import SIZE, Tablet, Yard, jpeg

FINDINGS, PHOTOS = 6, 12
ITEMS, MOST_TAPS = 60, 90


def file(number: int) -> dict[str, object]:
    return {"name": f"{number}.jpg", "mimeType": "image/jpeg", "buffer": jpeg(number, (800, 600))}


@contextlib.contextmanager
def device(browser: Browser, folder: Path) -> Iterator[BrowserContext]:
    """The browser of one tablet, with the storage it had when it was closed or killed."""
    context = browsers.start_with_profile(
        browser.browser_type,
        folder,
        viewport=SIZE,
        has_touch=True,
        accept_downloads=True,
        reduced_motion="no-preference",
    )
    try:
        yield context
    finally:
        with contextlib.suppress(Error):
            context.close()


@pytest.mark.timeout(900)
def test_a_whole_visit_without_a_network_arrives_once(browser: Browser, yard: Yard, tmp_path: Path) -> None:
    with device(browser, tmp_path / "profile") as context:
        tablet = Tablet(yard, context)
        tablet.sign_in("ana")
        tablet.controlled()
        take_along(tablet.page, yard)
        tablet.page.context.set_offline(True)
        pages = Pages(tablet, start(tablet.page, yard))
        pages.walk(
            FINDINGS, lambda unit: pages.photograph(unit, [file(pages.photos), file(pages.photos + 1)])
        )
        assert (pages.found, pages.photos) == (FINDINGS, PHOTOS) and pages.answered >= 74
        sign(pages)
        # A browser writes its cookies out every half minute: one killed sooner only asks to sign in again.
        cookies = context.cookies()
        kill(processes_of(tmp_path / "profile"))
    with device(browser, tmp_path / "profile") as context:
        context.add_cookies(cast(Any, cookies))
        page = Tablet(yard, context).open(f"/visits/{pages.visit}/seal")
        seal(page)
        check_once(yard, pages.visit)
        assert pictures_of(page) >= PHOTOS


def take_along(page: Page, yard: Yard) -> None:
    page.goto(f"{yard.url}/clinics/{yard.clinic.id}")
    page.get_by_role("button", name="Take with me").tap()
    page.get_by_text("On this tablet, with").wait_for()


def start(page: Page, yard: Yard) -> str:
    """Starts a visit and goes to its first section; its id."""
    page.goto(f"{yard.url}/clinics")
    page.get_by_role("link", name="Scalp Studio North").tap()
    page.get_by_role("link", name="Start an inspection").tap()
    page.get_by_role("group", name="procedure").get_by_text("Yes").tap()
    page.get_by_role("button", name="Start").tap()
    page.get_by_role("link", name="Go on with A").wait_for()
    visit = page.url.rpartition("/")[2]
    page.get_by_role("link", name="Go on with A").tap()
    page.wait_for_url("**/sections/**")
    return visit


def sign(pages: Pages) -> None:
    page = pages.page
    page.get_by_role("heading", level=1).wait_for()
    assert not page.locator(".rows .t").all_inner_texts()
    page.get_by_role("heading", name="Everything is answered").wait_for()
    pages.go(page.get_by_role("link", name="See the result"))
    page.get_by_text("How it came about").tap()
    expect(page.locator(".finding")).to_have_count(FINDINGS)
    page.get_by_role("link", name="Go on to sign").tap()
    page.get_by_label("Your name").fill("Ana Reyes")
    page.get_by_text("Signs", exact=True).tap()
    page.get_by_label("Name of the person in charge").fill("Olga Lindt")
    page.get_by_role("button", name="Go on to seal").tap()
    page.get_by_role("heading", name="Signed here, not yet sealed").wait_for()


def seal(page: Page) -> None:
    # Drawn by the tablet, or by the server when everything had come before the page was asked for.
    ready = re.compile(r"Everything is on the server|Seal this visit\?")
    expect(page.locator("main")).to_contain_text(ready)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Seal and hand over").tap()
    page.get_by_role("heading", name="Hand over").wait_for()


def check_once(yard: Yard, visit: str) -> None:
    """Everything that was given is on the server, once."""
    found = yard.desk().ledger.inspections.find(visit)
    assert found and found.state == "sealed"
    given = [row.change for row in yard.operations(visit)]
    assert len({change.op_id for change in given}) == len(given)
    assert len([change for change in given if change.kind == "start"]) == 1
    assert len(yard.links(visit)) == PHOTOS
    assert not yard.desk().ledger.inspections.conflicts(visit)


def pictures_of(page: Page) -> int:
    """How many photos the record shows."""
    with page.expect_download() as download:
        page.locator("a[href$='record.pdf']").tap()
    with pikepdf.open(io.BytesIO(Path(download.value.path()).read_bytes())) as record:
        found = {
            image.objgen
            for leaf in record.pages
            for image in leaf.get_images().values()
            if "/DCTDecode" in str(image.get("/Filter"))
        }
    return len(found)


def test_sixty_items_with_six_findings_take_at_most_ninety_taps(yard: Yard, shared: Tablet) -> None:
    """From the first item to the result; typing and signing are apart."""
    thin = thinned(yard, ITEMS)
    visit = shared.start(checklist=thin)
    shared.settled()
    shared.do(
        "await outbox.refresh(given.visit); await kit.checklistOf(given.thin)", {"visit": visit, "thin": thin}
    )
    shared.context.set_offline(True)
    pages = Pages(shared, visit)
    pages.section("licences")
    pages.walk(FINDINGS)
    pages.go(pages.page.get_by_role("link", name="See the result"))
    expect(pages.page.locator(".finding")).to_have_count(FINDINGS)
    assert pages.answered == ITEMS
    assert pages.taps <= MOST_TAPS


def thinned(yard: Yard, number: int) -> str:
    """The fingerprint of a published checklist of which a visit here asks so many items; others take the shipped one."""
    ana, root = yard.desk_of("ana"), yard.desk_of("ada")
    found = thinning.publish(root, ana, yard.checklist_sha, NewVisit(yard.clinic.id), number)
    checklists.publish(root, json.loads(checklists.document(root, yard.checklist_sha)))
    return found
