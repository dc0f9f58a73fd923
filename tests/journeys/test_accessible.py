"""Every main page: axe finds nothing in either scheme, nothing is too wide, and everything can be hit and read."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.journeys.addresses import PAGES
from tests.journeys.conftest import Demo, Place

SCHEMES = ["light", "dark"]
ROLES = list(PAGES)
TARGET = 47.5  # CSS pixels; half a pixel is lost in rounding
HEADS = "a.btn, button, select, input:not([type=hidden]), textarea, summary, nav a, .seg label, .tick, .pill"


def faults(page: Page, scheme: str = "light") -> list[str]:
    """In the dark only the colours differ; everything else was judged in the light."""
    only = {"runOnly": ["color-contrast", "link-in-text-block"]} if scheme == "dark" else {}
    found = Axe().run(page, options={"resultTypes": ["violations"], **only}).response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in found]


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("role", ROLES)
def test_axe_finds_nothing(demo: Demo, visitor, role: str, scheme: str) -> None:
    page = visitor(role, color_scheme=scheme)
    wrong = {}
    for address in PAGES[role]:
        page.goto(demo.address(address))
        if found := faults(page, scheme):
            wrong[address] = found
    assert not wrong


@pytest.mark.parametrize("scheme", SCHEMES)
def test_axe_finds_nothing_in_what_is_refused(place: Place, tablet, scheme: str) -> None:
    page = tablet("ana", color_scheme=scheme)
    page.goto(f"{place.url}/clinics/new")
    page.get_by_role("button", name="Save the clinic").tap()
    page.get_by_role("alert").wait_for()
    assert not faults(page, scheme)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize(
    "viewport", [(320, 640), (512, 384)], ids=["320 pixels", "1024 pixels at 200 percent"]
)
def test_nothing_is_wider_than_the_screen(demo: Demo, visitor, role: str, viewport: tuple[int, int]) -> None:
    width, height = viewport
    page = visitor(role, viewport={"width": width, "height": height})
    wide = []
    for address in PAGES[role]:
        page.goto(demo.address(address))
        if page.evaluate("document.documentElement.scrollWidth") > width:
            wide.append(address)
    assert not wide


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


@pytest.mark.parametrize("role", ROLES)
def test_controls_are_large_enough_to_hit(demo: Demo, visitor, role: str) -> None:
    page = visitor(role)
    small: dict[str, Any] = {}
    for address in PAGES[role]:
        page.goto(demo.address(address))
        if found := page.evaluate(MEASURE, [HEADS, TARGET]):
            small[address] = found[:5]
    assert not small


@pytest.mark.parametrize("role", ROLES)
def test_nothing_moves_for_those_who_want_no_motion(demo: Demo, visitor, role: str) -> None:
    page = visitor(role, reduced_motion="reduce")
    moving = """() => [...document.querySelectorAll('*')].filter((one) => {
      const style = getComputedStyle(one);
      return style.animationName !== 'none' || style.scrollBehavior === 'smooth'
        || style.transitionDuration.split(', ').some((time) => parseFloat(time) > 0);
    }).map((one) => one.outerHTML.slice(0, 100))"""
    for address in PAGES[role][:8]:
        page.goto(demo.address(address))
        assert page.evaluate(moving) == [], address
