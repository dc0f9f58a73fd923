"""The pages that the tablet draws by itself: the same addresses, the same look, nothing for axe to find."""

from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.tablet.pages import Pages
from tests.tablet.yards import Tablet, Yard

SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
# As the server tells it of a visit that is sealed; what it tells has tests of its own.
LEFT_OPEN = """const taken = await store.clinic(given.clinic);
    const finding = { item: given.item, number: given.number, person: null, person_name: "", severity: "major",
        note: "Dust behind the chair", corrective: "Clean it.", correct_by: "2026-01-02", stop: false, photos: [] };
    await store.keepClinic(given.clinic, { ...taken, open_findings: [finding] });"""
REST = ["", "/check", "/result", "/set-up", "/sections/premises"]


@pytest.fixture
def offline(yard: Yard, shared: Tablet) -> Pages:
    """A visit that is known to the server and to a tablet that has lost its network."""
    tablet = shared
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


def test_axe_finds_nothing_without_a_network(offline: Pages, yard: Yard) -> None:
    page = offline.page
    page.set_viewport_size({"width": 320, "height": 640})
    clinic = f"/clinics/{yard.clinic.id}"
    addresses = [*(f"/visits/{offline.visit}{rest}" for rest in REST), "/visits", "/clinics", clinic]
    wrong: dict[str, list[str]] = {}
    for address in [*addresses, f"{clinic}/start"]:
        page.goto(yard.url + address)
        page.locator("main[data-drawn] h1").first.wait_for()
        for scheme in SCHEMES:
            page.emulate_media(
                color_scheme=scheme, reduced_motion="reduce"
            )  # no colour on its way to another
            wrong.setdefault(address, []).extend(faults(page))
        if page.evaluate("document.documentElement.scrollWidth") > 320:
            wrong[address].append("wider than a small phone")
    assert not [found for found in wrong.items() if found[1]]


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


def test_former_findings_come_first_and_a_visit_is_set_aside_without_a_network(
    shared: Tablet, yard: Yard
) -> None:
    item = next(one for one in yard.items if not one.value_parts and "IN" in one.marks)
    tablet, page = shared, shared.page
    tablet.open(f"/clinics/{yard.clinic.id}")
    page.get_by_role("button", name="Take with me").tap()
    page.get_by_text("On this tablet, with").wait_for()
    tablet.do(LEFT_OPEN, {"clinic": yard.clinic.id, "item": item.key, "number": item.number})
    page.context.set_offline(True)
    page.goto(f"{yard.url}/clinics/{yard.clinic.id}/start")
    page.get_by_role("button", name="Start").tap()
    page.get_by_role("heading", name="1 finding was left open last time").wait_for()
    visit = page.url.split("/")[-2]
    expect(page.locator(".finding")).to_contain_text("Dust behind the chair")
    assert not faults(page)
    page.get_by_role("button", name="In order now").tap()
    expect(page.locator(".finding .mark")).to_have_text("IN")
    page.get_by_role("link", name="Go on to the sections").tap()
    page.get_by_role("link", name="Set it aside").tap()
    page.get_by_role("button", name="Set it aside").tap()
    page.get_by_text("Say why this visit is set aside.").wait_for()
    page.get_by_label("Reason").fill("The clinic closed early.")
    page.get_by_role("button", name="Set it aside").tap()
    page.get_by_text("This visit counts nowhere. Reason: The clinic closed early.").wait_for()
    page.context.set_offline(False)
    tablet.settled()
    found = yard.desk().ledger.inspections.get(visit)
    assert (found.state, found.set_aside_reason) == ("set-aside", "The clinic closed early.")
    assert yard.answers(visit) == {item.key: "IN"} and tablet.now["attention"] == 0
