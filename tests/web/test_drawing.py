"""Drawing a signature with a finger, in a real browser: kept when the tablet turns, sealed, shown, printed."""

import io
import json
import threading
from collections.abc import Iterator
from itertools import pairwise

import pikepdf
import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page
from werkzeug.serving import WSGIRequestHandler, make_server

from audit.operations import inspections
from tests.operations import worlds
from tests.seeing import faults
from tests.web.conftest import PASSWORD

LANDSCAPE, PORTRAIT, PHONE, SMALL = (1024, 768), (768, 1024), (390, 844), (320, 640)
LOW = (1024, 480)  # with the keyboard up, or at 160 % zoom: what is signed scrolls beside
SQUIGGLE = [(0.1, 0.6), (0.2, 0.2), (0.3, 0.7), (0.4, 0.25), (0.5, 0.7), (0.65, 0.4), (0.8, 0.65)]
DASH = [(0.15, 0.85), (0.85, 0.8)]


class _Quiet(WSGIRequestHandler):
    def log_request(self, *_: object) -> None:
        return


@pytest.fixture
def served(house) -> Iterator[str]:
    """The address of the sign page of a visit that is complete."""
    visit = house.world.start()
    house.world.answer(visit, worlds.COMPLETE)
    server = make_server("127.0.0.1", 0, house.app, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/visits/{visit.id}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(
        viewport={"width": 1024, "height": 768},
        has_touch=True,
        device_scale_factor=2,
        reduced_motion="reduce",
    )
    context.set_default_timeout(60_000)
    yield context
    context.close()


def open_sign(context: BrowserContext, served: str, pads: bool = True) -> Page:
    page = context.new_page()
    page.on("pageerror", lambda error: pytest.fail(f"script failed: {error}"))
    page.on("console", lambda said: pytest.fail(said.text) if "Content Security" in said.text else None)
    page.goto(f"{served}/sign")
    page.get_by_label("Login").fill(worlds.INSPECTOR_PERSON.login)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").tap()
    page.get_by_label("Your name").wait_for()
    if pads:
        page.locator("#inspector_strokes canvas").wait_for()
    return page


def canvas(page: Page, whose: str) -> Locator:
    return page.locator(f"#{whose}_strokes canvas")


def draw(page: Page, on: Locator, shape: list[tuple[float, float]], lift: bool = True) -> None:
    """One line with a finger, in parts of the canvas' width and height."""
    on.scroll_into_view_if_needed()
    box = on.bounding_box()
    assert box
    places = [{"x": box["x"] + x * box["width"], "y": box["y"] + y * box["height"]} for x, y in shape]
    finger = page.context.new_cdp_session(page)
    finger.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": places[:1]})
    for one, other in pairwise(places):
        for step in range(1, 9):
            at = {axis: one[axis] + (other[axis] - one[axis]) * step / 8 for axis in "xy"}
            finger.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [at]})
            page.wait_for_timeout(20)
    page.wait_for_timeout(100)  # a pen rests before it is lifted; what is flicked away swallows the next tap
    if lift:
        finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    finger.detach()


def held(page: Page, whose: str) -> list[list[list[int]]]:
    return json.loads(page.locator(f"[name={whose}_strokes]").input_value() or "[]")


def inked(on: Locator) -> float:
    """The part of the canvas that is covered, in per mille; and that it is as fine as the screen."""
    covered, fine = on.evaluate(
        """canvas => {
          const {data} = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
          let covered = 0;
          for (let at = 3; at < data.length; at += 4) covered += data[at] > 128;
          return [covered / data.length * 4000, canvas.width / canvas.clientWidth];
        }"""
    )
    assert abs(fine - 2) < 0.02
    return float(covered)


def turn(page: Page, size: tuple[int, int]) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.wait_for_timeout(150)


def status(page: Page, whose: str) -> str:
    return page.locator(f"#{whose}_strokes [role=status]").inner_text()


def test_a_signature_drawn_turned_sealed_and_printed(served, context) -> None:
    page = open_sign(context, served)
    pad, other = canvas(page, "inspector"), canvas(page, "charge")
    assert status(page, "inspector") == "Nothing drawn." and inked(pad) == 0
    pad.scroll_into_view_if_needed()
    before = page.evaluate("scrollY")
    draw(page, pad, SQUIGGLE)
    assert page.evaluate("scrollY") == before, "the page stays where it is under the pen"
    draw(page, pad, DASH)
    drawn = held(page, "inspector")
    assert len(drawn) == 2 and status(page, "inspector") == "Lines drawn: 2."
    assert abs(drawn[0][0][0] - 1000) < 60 and abs(drawn[0][0][1] - 2400) < 60
    assert abs(drawn[1][-1][0] - 8500) < 60 and abs(drawn[1][-1][1] - 3200) < 60
    ink = inked(pad)
    assert ink > 5
    for size in (PORTRAIT, PHONE, SMALL, LOW, LANDSCAPE):
        turn(page, size)
        assert held(page, "inspector") == drawn and inked(pad) > 4
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
        assert not faults(page)
    assert abs(inked(pad) - ink) < 1, "the same ink at the same size"

    page.get_by_text("Signs", exact=True).tap()
    draw(page, other, SQUIGGLE)
    page.get_by_text("Refuses to sign").tap()
    other.wait_for(state="hidden")
    page.get_by_text("Signs", exact=True).tap()
    other.wait_for()
    assert inked(other) > 5, "changing one's mind loses nothing"
    page.get_by_role("button", name="Go on to seal").tap()
    page.get_by_role("alert").wait_for()
    assert held(page, "inspector") == drawn and inked(pad) > 5, "an error loses nothing"

    page.get_by_label("Your name").fill("Ines Field")
    page.get_by_label("Name of the person in charge").fill("Olu Adeyemi")
    page.get_by_role("button", name="Go on to seal").tap()
    page.get_by_role("heading", name="Seal this visit?").wait_for()
    assert page.get_by_role("img", name="Drawn signature of Ines Field").is_visible()
    page.get_by_role("button", name="Seal and hand over").tap()
    page.get_by_role("heading", name="Hand over").wait_for()
    page.goto(served)
    for name in ("Ines Field", "Olu Adeyemi"):
        path = page.get_by_role("img", name=f"Drawn signature of {name}").locator("path")
        box = path.bounding_box()
        assert box and box["width"] > 100 and box["height"] > 20
    assert not faults(page)
    paper = context.request.get(f"{served}/reports/record.pdf").body()
    assert curves_longest(paper) > len(drawn[0]) // 2, "the drawn line is printed as a line"


def curves_longest(paper: bytes) -> int:
    """The most lines or curves that one path of the paper has."""
    longest = 0
    with pikepdf.open(io.BytesIO(paper)) as pdf:
        for page in pdf.pages:
            points = 0
            for told in pikepdf.parse_content_stream(page):
                points = points + 1 if str(told.operator) in ("l", "c") else 0
                longest = max(longest, points)
    return longest


def test_undo_and_clear_by_keyboard(served, context) -> None:
    page = open_sign(context, served)
    pad = canvas(page, "inspector")
    draw(page, pad, SQUIGGLE)
    draw(page, pad, DASH)
    undo = page.locator("#inspector_strokes").get_by_role("button", name="Undo")
    clear = page.locator("#inspector_strokes").get_by_role("button", name="Clear")
    undo.press("Enter")
    assert len(held(page, "inspector")) == 1 and status(page, "inspector") == "Lines drawn: 1."
    clear.press("Enter")
    assert held(page, "inspector") == [] and inked(pad) == 0
    assert status(page, "inspector") == "Nothing drawn."
    undo.press("Enter")
    assert len(held(page, "inspector")) == 1 and inked(pad) > 3, "a slip on Clear costs nothing"
    assert undo.evaluate("button => button === document.activeElement")


def test_turning_under_the_pen_ends_the_line_there(served, context) -> None:
    page = open_sign(context, served)
    pad = canvas(page, "inspector")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    assert box
    page.mouse.move(box["x"] + 40, box["y"] + 40)
    page.mouse.down()
    page.mouse.move(box["x"] + 200, box["y"] + 90, steps=9)
    assert held(page, "inspector") == []
    turn(page, PORTRAIT)
    (line,) = held(page, "inspector")
    page.mouse.move(box["x"] + 300, box["y"] + 20, steps=9)
    page.mouse.up()
    assert held(page, "inspector") == [line]
    draw(page, pad, DASH)
    assert len(held(page, "inspector")) == 2, "and the next one can be drawn"


def test_what_does_not_fit_is_left_out_and_said(served, context) -> None:
    page = open_sign(context, served)
    page.locator("#inspector_strokes").evaluate("box => { box.dataset.mostLines = 1; }")
    pad = canvas(page, "inspector")
    draw(page, pad, SQUIGGLE)
    draw(page, pad, DASH)
    assert len(held(page, "inspector")) == 1 and "left out" in status(page, "inspector")


def test_without_scripts_names_are_all_that_is_asked(house, served, browser) -> None:
    with browser.new_context(java_script_enabled=False, has_touch=True) as context:
        page = open_sign(context, served, pads=False)
        assert not page.locator("canvas, [data-clear]").filter(visible=True).count()
        page.get_by_label("Your name").fill("Ines Field")
        page.get_by_text("Signs", exact=True).tap()
        page.get_by_text("Signs", exact=True).click()
        page.get_by_label("Name of the person in charge").fill("Olu Adeyemi")
        page.get_by_role("button", name="Go on to seal").click()
        page.get_by_role("heading", name="Seal this visit?").wait_for()
    (signed, _) = inspections.open_visit(house.world.desk(), served.rsplit("/", 1)[1]).signatures
    assert signed.how == "typed"
