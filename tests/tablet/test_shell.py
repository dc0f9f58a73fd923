"""The pages that the tablet draws by itself: the same addresses, the same look, nothing for axe to find."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.tablet.pages import Pages
from tests.tablet.yards import Tablet, Yard

REST = ["", "/check", "/result", "/set-up", "/sections/premises"]


@pytest.fixture
def offline(yard: Yard, pad) -> Pages:
    """A visit that is known to the server and to a tablet that has lost its network."""
    tablet: Tablet = pad(worker=True)
    tablet.open(f"/clinics/{yard.clinic.id}")
    tablet.page.get_by_role("button", name="Take with me").tap()
    tablet.page.get_by_text("On this tablet, with").wait_for()
    visit = tablet.start(answers=3)
    tablet.settled()
    tablet.do("await outbox.refresh(given)", visit)
    tablet.page.context.set_offline(True)
    return Pages(tablet, visit)


def faults(page: Page) -> list[str]:
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in found]


@pytest.mark.timeout(180)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_without_a_network(offline: Pages, yard: Yard, scheme: str) -> None:
    page = offline.page
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.set_viewport_size({"width": 320, "height": 640})
    clinic = f"/clinics/{yard.clinic.id}"
    addresses = [*(f"/visits/{offline.visit}{rest}" for rest in REST), "/visits", "/clinics", clinic]
    wrong = {}
    for address in [*addresses, f"{clinic}/start"]:
        page.goto(yard.url + address)
        page.locator("main[data-drawn] h1").first.wait_for()
        if found := faults(page):
            wrong[address] = found
        if page.evaluate("document.documentElement.scrollWidth") > 320:
            wrong.setdefault(address, []).append("wider than a small phone")
    assert not wrong


def test_a_page_that_is_not_here_says_so_and_shows_the_way(offline: Pages, yard: Yard) -> None:
    offline.page.goto(f"{yard.url}/people")
    expect(offline.page.get_by_role("heading", name="There is no network")).to_be_visible()
    expect(offline.page.get_by_role("link", name="Visits on this tablet")).to_be_visible()


def test_the_result_is_judged_here_as_the_server_judges_it(offline: Pages, yard: Yard) -> None:
    page = offline.open("/result")
    page.locator("main[data-drawn] .counts").wait_for()
    shown = page.locator(".counts b").all_inner_texts()
    words = page.locator(".result .words-large").inner_text()
    page.context.set_offline(False)
    page.goto(f"{yard.url}/visits/{offline.visit}/result")
    assert page.locator(".counts b").all_inner_texts() == shown
    assert page.locator(".result .words-large").inner_text() == words


def test_the_server_page_waits_for_what_was_tapped(offline: Pages, yard: Yard) -> None:
    """Tapped without a network, then straight to a page of the server: it shows the tap."""
    page = offline.section("premises")
    offline.mark(offline.card(0), "IN")
    expect(offline.card(0).locator(".saved")).to_have_text("Saved on this tablet")
    page.context.set_offline(False)
    page.goto(f"{yard.url}/visits/{offline.visit}")
    expect(page.get_by_text("4 of").first).to_be_visible()
    offline.tablet.settled()
    assert len(yard.answers(offline.visit)) == 4
