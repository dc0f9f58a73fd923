"""What a screen reader meets: landmarks, headings, roles, names and live regions, from the accessibility tree."""

import re
from itertools import pairwise

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Demo, Place


def names(page: Page, role: str, within: str = "body") -> list[str]:
    """The names of everything with that role, in the order it is read."""
    tree = page.locator(within).aria_snapshot()
    return re.findall(rf'^\s*- {role} "((?:[^"\\]|\\.)*)"', tree, re.MULTILINE)


def nameless(page: Page) -> list[str]:
    """Controls that a screen reader would call by their role alone."""
    roles = "button|link|textbox|searchbox|checkbox|radio|combobox"
    return re.findall(
        rf"^\s*- (?:{roles})(?: \[[^\]]*\])*:?$", page.locator("body").aria_snapshot(), re.MULTILINE
    )


def outline(page: Page) -> list[int]:
    """The levels of the headings."""
    found = re.findall(r"- heading .*\[level=(\d)\]", page.locator("body").aria_snapshot())
    return [int(level) for level in found]


def check(page: Page) -> None:
    """What holds on every page: one top heading, no level left out, nothing nameless, one main, a language."""
    levels = outline(page)
    assert levels.count(1) == 1, levels
    assert all(after - before <= 1 for before, after in pairwise(levels)), levels
    assert nameless(page) == []
    expect(page.get_by_role("main")).to_have_count(1)
    assert page.locator("html").get_attribute("lang")


def test_sign_in(demo: Demo, visitor) -> None:
    page = visitor("")
    page.goto(f"{demo.url}/sign-in")
    check(page)
    assert names(page, "textbox") == ["Login", "Password"]
    page.get_by_role("button", name="Sign in").click()
    alert = page.get_by_role("alert")
    expect(alert).to_be_focused()
    assert "Login" in alert.inner_text()
    field = page.get_by_label("Login")
    expect(field).to_have_attribute("aria-invalid", "true")
    described = field.get_attribute("aria-describedby") or ""
    assert page.locator(f"#{described.split()[-1]}").inner_text() == "Type your login."


def test_hub_section_result_and_sign(demo: Demo, visitor) -> None:
    page = visitor("inspector")
    visit = demo.address("/visits/{visit}")

    page.goto(visit)
    check(page)
    assert {"Main", "Where you are"} <= {*names(page, "navigation")}
    assert any("answered" in name for name in names(page, "img"))  # the bar says what it shows
    rows = names(page, "link", ".hub")
    assert rows and all(re.search(r"^[A-Z] .* \d+ of \d+", name) for name in rows), rows

    page.goto(f"{visit}/sections/needles")
    check(page)
    marks = names(page, "radio", "details.item[open] >> nth=0")
    assert marks[:2] == ["IN in order", "OUT not in order"], marks
    assert page.locator("[aria-live], [role=status]").count() > 0

    page.goto(f"{visit}/result")
    check(page)
    assert "Result" in names(page, "region")

    page.goto(f"{visit}/sign")
    if page.url.endswith("/sign"):  # else something is still open, and the page says so
        check(page)
        assert "Your name" in " ".join(names(page, "textbox"))


def test_what_was_saved_is_said(place: Place, tablet) -> None:
    page = tablet("ada")
    page.goto(f"{place.url}/agency")
    check(page)
    page.get_by_role("button", name="Save").tap()
    expect(page.get_by_role("status").filter(has_text="Saved.")).to_be_visible()


@pytest.mark.parametrize(
    "address",
    ["/visits", "/clinics", "/clinics/{clinic}", "/visits/{visit}", "/visits/{visit}/result", "/help"],
)
def test_the_keyboard_alone_reaches_everything_and_sees_where_it_is(
    demo: Demo, visitor, address: str
) -> None:
    page = visitor("inspector")
    page.goto(demo.address(address))
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    page.wait_for_url("**#main")
    page.goto(demo.address(address))
    wanted = page.evaluate(
        "[...document.querySelectorAll('a[href], button, summary, input:not([type=hidden]), select, textarea')]"
        ".filter((one) => one.checkVisibility() && one.tabIndex >= 0 && !one.disabled).length"
    )
    met, rings = set(), []
    for _ in range(wanted + 5):
        page.keyboard.press("Tab")
        place, ring = page.evaluate(
            """() => { const one = document.activeElement, style = getComputedStyle(one);
            const near = one.closest('label, a, button, summary') || one, other = getComputedStyle(near);
            return [[...document.querySelectorAll('*')].indexOf(one),
                    parseFloat(style.outlineWidth) >= 3 || parseFloat(other.outlineWidth) >= 3 || one === document.body]; }"""
        )
        if place in met:
            break
        met.add(place)
        rings.append(ring)
    radios = page.locator("input[type=radio]").count()
    assert len(met) >= wanted - radios and all(rings)


def test_a_phone_has_a_menu_that_hides_no_page(demo: Demo, visitor) -> None:
    page = visitor("administrator", viewport={"width": 390, "height": 844}, java_script_enabled=False)
    page.goto(demo.address("/visits/{visit}"))
    ways = page.get_by_role("navigation", name="Main").get_by_role("link")
    expect(ways.first).to_be_hidden()
    page.get_by_role("button", name="Menu").tap()
    expect(ways).to_have_count(8)
    for way in ways.all():
        expect(way).to_be_in_viewport(ratio=1)
    expect(page.get_by_role("button", name="Sign out")).to_be_in_viewport(ratio=1)
    page.keyboard.press("Escape")
    expect(ways.first).to_be_hidden()
