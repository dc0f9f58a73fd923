"""A section under the fingers: saved at once, nothing jumps, the next question comes, the last tap can be undone."""

import re
from typing import Literal

import pytest
from playwright.sync_api import Route, expect

from audit.operations import checklists, clinics, languages
from audit.operations.clinics import ClinicFields
from tests.seeing import faults
from tests.tablet.pages import ALIVE, Pages
from tests.tablet.yards import Tablet, Yard, jpeg

SIZES = [(1024, 768), (768, 1024), (390, 844)]
WIDTHS = (1024, 320)
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
TOO_SMALL = """() => [...document.querySelectorAll("main button, main .marks label, main .pill, main summary, main a.btn")]
    .map((one) => [one.textContent.trim().slice(0, 30), one.getBoundingClientRect()])
    .filter(([words, box]) => words !== "Save" && box.width && box.height && (box.height < 47.5 || box.width < 47.5))
    .map(([words, box]) => `${words} ${box.width} ${box.height}`)"""


def file(number: int) -> dict[str, object]:
    return {"name": f"{number}.jpg", "mimeType": "image/jpeg", "buffer": jpeg(number, (640, 480))}


@pytest.fixture
def pages(shared: Tablet) -> Pages:
    visit = shared.start()
    shared.settled()
    return Pages(shared, visit)


def test_taps_before_the_page_is_alive_count(pad, yard: Yard) -> None:
    """The modules come after the page is painted; what was entered until then is given to them."""
    tablet: Tablet = pad()
    pages = Pages(tablet, tablet.start())
    tablet.settled()
    held: list[Route] = []
    let_go: list[bool] = []
    tablet.page.route(
        "**/tablet/section.js", lambda route: route.continue_() if let_go else held.append(route)
    )
    page = pages.open("/sections/premises")
    pages.mark(pages.card(0), "IN")
    pages.mark(pages.card(1), "OUT")
    pages.card(1).get_by_label("In your words").fill("The floor is wet.")
    expect(page.locator(ALIVE)).to_have_count(0)
    let_go.append(True)
    for route in held:
        route.continue_()
    page.locator(ALIVE).wait_for()
    expect(pages.card(0).locator("summary .mark")).to_have_text("IN")
    expect(pages.card(1).get_by_label("In your words")).to_have_value("The floor is wet.")
    tablet.settled()
    assert sorted(yard.answers(pages.visit).values()) == ["IN", "OUT"]


def test_ready_phrases_and_words_follow_the_language(pad, yard: Yard) -> None:
    """A tablet that spoke English says everything in Spanish once somebody reads Spanish, and English again after."""
    tablet: Tablet = pad()
    pages = Pages(tablet, tablet.start())
    tablet.settled()
    sheet = {code: checklists.told(yard.desk_of("ana"), yard.checklist_sha, code) for code in ("en", "es")}
    try:
        for code in ("en", "es", "en"):
            languages.choose(yard.desk_of("ana"), code)
            pages.section("premises")
            section = next(one for one in sheet[code]["sections"] if one["key"] == "premises")
            offered = pages.card(0).locator(".only-out .pill").all_inner_texts()
            assert offered == section["items"][0]["phrases"]
            words = "await store.kit('brought')"
            tablet.until(f"({words})?.language === given", code)
            tablet.until("(await store.kit('bootstrap'))?.word_language === given", code)
    finally:
        languages.choose(yard.desk_of("ana"), "en")
    assert sheet["en"] != sheet["es"]


def test_an_answer_shows_everywhere_at_once_and_is_kept(pages: Pages, yard: Yard) -> None:
    page = pages.section("premises")
    total = page.locator(".rail [aria-current] .num").inner_text().partition("/")[2]
    pages.mark(pages.card(0), "IN")
    expect(pages.card(0).locator("summary .mark")).to_have_text("IN")
    expect(pages.card(0)).not_to_have_attribute("open", "")
    expect(page.locator("[data-counts] b")).to_contain_text("1 of")
    expect(page.locator(".rail [aria-current] .num")).to_have_text(f"1/{total}")
    expect(page.locator(".sect .bars path")).to_have_count(2)
    expect(pages.card(1)).to_have_class("item s-major here")
    pages.tablet.settled()
    page.reload()
    page.locator(ALIVE).wait_for()
    expect(pages.card(0).locator("summary .mark")).to_have_text("IN")
    assert list(yard.answers(pages.visit).values()) == ["IN"]


def test_what_was_not_sent_yet_lies_over_what_the_server_drew(pages: Pages) -> None:
    page = pages.section("premises")
    page.route("**/api/v1/inspections/*/ops", lambda route: route.abort())
    pages.mark(pages.card(0), "OUT")
    pages.card(0).locator(".only-out .pill").first.tap()
    pages.card(0).get_by_label("In your words").press_sequentially(" Seen twice.")
    expect(pages.card(0).locator(".saved")).to_have_text("Saved on this tablet")
    words = pages.card(0).get_by_label("In your words").input_value()
    pages.tablet.until(
        "[...(await store.load(given.visit)).answers.values()].some((one) => one.value.note === given.words)",
        {"visit": pages.visit, "words": words},
    )
    page.reload()
    page.locator(ALIVE).wait_for()
    pages.card(0).locator("> summary").tap()
    assert pages.card(0).get_by_label("In your words").input_value() == words
    assert pages.card(0).locator(".only-out .pill input").first.is_checked()
    expect(pages.card(0).locator(".saved")).to_have_text("Saved on this tablet")


def test_what_is_above_a_tap_never_moves(pages: Pages) -> None:
    page = pages.section("premises")
    tops = "cards => cards.map(one => one.getBoundingClientRect().top + scrollY)"
    for turn, (width, height) in enumerate(SIZES):
        page.set_viewport_size({"width": width, "height": height})
        for mark, place in (("OUT", 3 * turn + 1), ("IN", 3 * turn + 2)):
            card = pages.card(place)
            if card.get_attribute("open") is None:
                card.locator("> summary").tap()
            before = page.locator("details.item").evaluate_all(tops)
            pages.mark(card, mark)
            expect(card.locator("summary .mark")).to_have_text(mark)
            pages.calm()
            now = page.locator("details.item").evaluate_all(tops)
            assert now[: place + 1] == before[: place + 1]


def test_a_finding_takes_at_most_six_taps(pages: Pages) -> None:
    pages.section("premises")
    unit = pages.card(0).locator(".unit")
    assert pages.finding(unit, corrected=True) <= 6
    expect(pages.card(0).locator(".read-off ~ .err, .err")).to_have_count(0)
    expect(pages.page.locator("[data-counts] b")).to_contain_text("1 of")


def test_leaving_out_takes_along_what_only_an_out_has(pages: Pages, yard: Yard) -> None:
    pages.section("premises")
    card = pages.card(0)
    pages.finding(card.locator(".unit"), corrected=True)
    pages.mark(card, "IN")
    expect(card.locator("summary .mark")).to_have_text("IN")
    pages.tablet.settled()
    kept = yard.desk().ledger.inspections.answers(pages.visit)
    [raw] = [one.raw for one in kept.values()]
    assert (raw.mark, raw.note, raw.corrected_on_site) == ("IN", "", False)


def test_the_last_tap_is_undone_by_a_new_operation(pages: Pages, yard: Yard) -> None:
    page = pages.section("premises")
    pages.mark(pages.card(0), "IN")
    expect(page.locator(".toast")).to_contain_text("D-01: IN")
    expect(pages.card(0)).not_to_have_attribute("open", "")
    page.get_by_role("button", name="Undo").tap()
    expect(pages.card(0).locator("summary .mark")).to_have_count(0)
    expect(pages.card(0)).to_have_attribute("open", "")
    expect(page.locator("[data-counts] b")).to_contain_text("0 of")
    pages.tablet.settled()
    values = [dict(row.change.value) for row in yard.operations(pages.visit) if row.change.kind == "answer"]
    assert values == [{"mark": "IN"}, {}]


def test_the_rest_is_in_leaves_criticals_open_and_is_told(pages: Pages, yard: Yard) -> None:
    page = pages.section("premises")
    button = page.get_by_role("button", name="The rest of this section is IN")
    number = int(button.inner_text().rpartition("(")[2].rstrip(")"))
    button.tap()
    expect(page.locator("[data-counts] b")).to_contain_text(f"{number} of")
    critical = page.locator(".item.s-critical")
    assert critical.count() and not critical.locator("summary .mark").count()
    pages.tablet.settled()
    assert list(yard.answers(pages.visit).values()) == ["IN"] * number
    noted = [line.deed for line in yard.desk().ledger.trail.of(pages.visit)]
    assert noted.count("inspection.rest-in") == 1


def test_a_section_is_walked_with_the_keys_alone(pages: Pages) -> None:
    page = pages.section("premises")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Comfort and keys")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("dialog[open]")).to_have_count(0)
    page.keyboard.press("1")
    expect(pages.card(0).locator("summary .mark")).to_have_text("IN")
    expect(pages.card(1)).to_have_class("item s-major here")
    page.keyboard.press("2")
    expect(pages.card(1).locator("summary .mark")).to_have_text("OUT")
    page.keyboard.press("n")
    note = pages.card(1).get_by_label("In your words")
    expect(note).to_be_focused()
    page.keyboard.type("12 new jars, unlocked")
    expect(note).to_have_value("12 new jars, unlocked")
    page.keyboard.press("Tab")
    page.keyboard.press("j")
    expect(pages.card(2)).to_have_class("item s-major here")
    page.keyboard.press("k")
    page.keyboard.press("u")
    expect(pages.card(1).locator("summary .mark")).to_have_count(0)
    for _ in range(4):
        at = page.locator(".item.here").get_attribute("id")
        page.keyboard.press("1")
        expect(page.locator(f"[id='{at}'] summary .mark")).to_have_text("IN")
        expect(page.locator(f"[id='{at}']")).not_to_have_class(re.compile(r"\bhere\b"))


def test_comfort_is_remembered(pages: Pages) -> None:
    page = pages.section("premises")
    page.get_by_role("button", name="Comfort and keys").tap()
    page.get_by_label("After an answer, go to the next open item").uncheck()
    page.get_by_label("Use the keys below").uncheck()
    page.get_by_role("button", name="Close").tap()
    page.reload()
    page.locator(ALIVE).wait_for()
    pages.mark(pages.card(0), "IN")
    page.keyboard.press("2")
    pages.calm()
    expect(pages.card(0)).to_have_class("item s-minor here")
    assert page.locator(".item .now .mark").all_inner_texts() == ["IN"]
    page.get_by_role("button", name="Comfort and keys").tap()
    for words in ("After an answer, go to the next open item", "Use the keys below"):
        page.get_by_label(words).check()


def test_photos_are_seen_at_once_marked_told_about_and_removed(pages: Pages, yard: Yard) -> None:
    page = pages.section("premises")
    page.context.set_offline(True)
    unit = pages.card(0).locator(".unit")
    pages.finding(unit)
    pages.photograph(unit, [file(1), file(2)])
    unit.locator(".shot").first.tap()
    page.get_by_role("button", name="Arrow").tap()
    box = page.locator(".layer svg").bounding_box()
    assert box
    page.mouse.move(box["x"] + 20, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + 200, box["y"] + 120)
    page.mouse.up()
    expect(page.locator(".layer path.over")).to_have_count(2)
    page.get_by_label("What it shows").fill("Behind the chair")
    page.get_by_role("button", name="Done").tap()
    expect(unit.get_by_role("button", name="Behind the chair")).to_be_visible()
    expect(unit.locator(".badge")).to_have_count(1)
    unit.locator(".shot").nth(1).tap()
    page.get_by_role("button", name="Remove").tap()
    page.get_by_role("button", name="Remove it now").tap()
    expect(unit.locator(".shot")).to_have_count(1)
    page.context.set_offline(False)
    pages.tablet.settled()
    assert len(yard.links(pages.visit)) == 1


def test_two_tablets_see_each_other_differ_and_somebody_chooses(pages: Pages, pad, yard: Yard) -> None:
    page = pages.section("premises")
    other = Pages(pad(), pages.visit)
    other.section("premises")
    other.mark(other.card(3), "IN")
    other.tablet.settled()
    pages.tablet.do("await outbox.refresh(given)", pages.visit)
    expect(pages.card(3).locator("summary .mark")).to_have_text("IN")
    other.page.context.set_offline(True)
    other.mark(other.card(0), "OUT")
    other.card(0).locator(".only-out .pill").first.tap()
    pages.mark(pages.card(0), "IN")
    pages.tablet.settled()
    other.page.context.set_offline(False)
    other.tablet.settled()
    clash = other.card(0).locator(".clash")
    expect(clash).to_be_visible()
    expect(clash).to_contain_text("Ana Reyes")
    clash.get_by_role("radio").nth(1).check()
    clash.get_by_label("Why this one").fill("Looked at it together.")
    clash.get_by_role("button", name="Keep this answer").tap()
    expect(clash).to_have_count(0)
    other.tablet.settled()
    assert sorted(yard.answers(pages.visit).values()) == ["IN", "OUT"]
    assert not yard.desk().ledger.inspections.conflicts(pages.visit)
    page.reload()
    expect(pages.card(0).locator("summary .mark")).to_have_text("OUT")


def test_axe_finds_nothing_and_everything_is_large_enough(pages: Pages) -> None:
    page = pages.page
    page.emulate_media(reduced_motion="reduce")
    pages.section("premises")
    pages.mark(pages.card(0), "IN")
    pages.finding(pages.card(1).locator(".unit"))
    pages.calm()
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 768})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert not page.evaluate(TOO_SMALL)
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            assert not faults(page, colours_only=scheme == "dark"), (width, scheme)
    page.get_by_role("button", name="Comfort and keys").tap()
    assert not faults(page)


def test_what_is_asked_is_what_the_server_asks(yard: Yard, shared: Tablet) -> None:
    """The profile decides it, and nobody took this clinic along."""
    of = yard.clinic
    profile = {"smp": "true", "autoclave": "false", "shaving": "false"}
    fields = ClinicFields(of.name, of.address, of.jurisdiction, of.permit, of.time_zone, profile)
    clinics.edit(yard.desk_of("ana"), of.id, fields)
    visit = shared.start()
    shared.settled()
    pages = Pages(shared, visit)
    plain = pages.page.request.get(f"{pages.tablet.url}/visits/{pages.visit}").text()
    asked = re.search(r"\b0 of (\d+) answered", plain)
    assert asked
    page = pages.section("premises")
    expect(page.locator("[data-counts] b")).to_contain_text(f"0 of {asked[1]} answered")
