"""Every main page: axe finds nothing in either scheme, nothing is too wide, everything can be hit, nothing moves.

A page is opened once and looked at in every way: opening it costs more than looking.
"""

from typing import Any

import pytest
from playwright.sync_api import Page

from tests.journeys.addresses import PAGES
from tests.journeys.conftest import TABLET, Demo, Place
from tests.seeing import faults

NARROW = [(320, 640), (512, 384)]  # the smallest phone; a tablet on which everything is twice as large
TARGET = 47.5  # CSS pixels; half a pixel is lost in rounding
HEADS = "a.btn, button, select, input:not([type=hidden]), textarea, summary, nav a, .seg label, .tick, .pill"


# Every control that is too low, with its size; links inside sentences are as high as their line.
MEASURE = """([heads, target]) => {
  const shown = (one) => one.checkVisibility({visibilityProperty: true, opacityProperty: false});
  const clipped = (one) => one.closest('.vh') || one.matches('.skip');
  const small = [];
  for (const one of document.querySelectorAll(heads)) {
    if (!shown(one) || clipped(one) || one.closest('.seg label, .tick, .pill') && !one.matches('.seg label, .tick, .pill')) continue;
    const box = one.getBoundingClientRect();
    if (box.height < target) small.push([one.outerHTML.slice(0, 120), Math.round(box.width), Math.round(box.height)]);
  }
  return small;
}"""

MOVING = """() => [...document.querySelectorAll('*')].filter((one) => {
  const style = getComputedStyle(one);
  return style.animationName !== 'none' || style.scrollBehavior === 'smooth'
    || style.transitionDuration.split(', ').some((time) => parseFloat(time) > 0);
}).map((one) => one.outerHTML.slice(0, 100))"""


def wider_than(page: Page, width: int, height: int) -> list[str]:
    page.set_viewport_size({"width": width, "height": height})
    wide = page.evaluate("document.documentElement.scrollWidth")
    page.set_viewport_size(TABLET)
    return [f"{wide} pixels"] if wide > width else []


def looked_at(page: Page) -> dict[str, Any]:
    """What is wrong with a page that was opened in the light, by what it is wrong for."""
    wrong = {
        "in the light": faults(page),
        "for fingers": page.evaluate(MEASURE, [HEADS, TARGET])[:5],
        **{f"at {width} pixels": wider_than(page, width, height) for width, height in NARROW},
    }
    page.emulate_media(reduced_motion="reduce")
    wrong["for who wants no motion"] = page.evaluate(MOVING)[:5]
    page.emulate_media(color_scheme="dark")  # at once, since nothing moves now
    wrong["in the dark"] = faults(page, colours_only=True)
    page.emulate_media(color_scheme="light")
    page.emulate_media(reduced_motion="no-preference")
    return {what: found for what, found in wrong.items() if found}


@pytest.mark.parametrize("role", PAGES)
def test_every_page_is_for_everybody(demo: Demo, visitor, role: str) -> None:
    page = visitor(role)
    wrong = {}
    for address in PAGES[role]:
        page.goto(demo.address(address))
        if found := looked_at(page):
            wrong[address] = found
    assert not wrong


def test_so_is_a_page_that_refuses(place: Place, tablet) -> None:
    page = tablet("ana")
    page.goto(f"{place.url}/clinics/new")
    page.get_by_role("button", name="Save the clinic").tap()
    page.get_by_role("alert").wait_for()
    assert not looked_at(page)


BAD_PAGE = """<!doctype html><html lang="en"><title>Bad</title><main><h1>Bad</h1>
<style>button { height: 20px; transition: color 1s } p { width: 900px }
@media (prefers-color-scheme: dark) { p { color: #222; background: #000 } }</style>
<p>Too wide, and not to be read in the dark</p><button>Too low</button><img src="data:,"></main>"""


def test_a_bad_page_is_found_in_every_way(visitor) -> None:
    page = visitor("")
    page.set_content(BAD_PAGE)
    assert sorted(looked_at(page)) == [
        "at 320 pixels",
        "at 512 pixels",
        "for fingers",
        "for who wants no motion",
        "in the dark",
        "in the light",
    ]


ROWS = """<!doctype html><html lang="en"><title>Rows</title><main><h1>Rows</h1>
<style>body {{ background: #fff; color: #000 }} .faint {{ color: #bbb }} .grey {{ background: #444 }}</style>
<ul>{}</ul></main>"""


@pytest.mark.parametrize(
    "odd",
    [
        "<li class='faint'>Faint</li>",
        "<li class='grey'><p>Black on grey</p></li>",
        "<li><p class='faint'>In it</p></li>",
    ],
)
def test_one_row_of_other_colours_is_found_among_fifty(visitor, odd: str) -> None:
    page = visitor("")
    rows = ["<li><p>The same</p></li>"] * 50
    page.set_content(ROWS.format("".join(rows)))
    assert not faults(page)
    page.set_content(ROWS.format("".join([*rows, odd, *rows])))
    (found,) = faults(page)
    assert found.startswith("color-contrast")
    assert not page.locator("[data-alike]").count()
