"""The tablet's engine in a Chromium, without a server: modules come from their folder, by their own names."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from audit.operations import passwords
from tests.tablet import yards
from tests.vectors.inventing import sheets

HERE = Path(__file__).parent
ENGINE = Path(__file__).parents[2] / "audit" / "web" / "static" / "tablet" / "engine"
ORIGIN = (
    "http://localhost:9"  # nobody answers there but this file; a browser trusts the name as it does https
)
_PAGE = '<!doctype html><title>Proof</title><script type="module" src="proof.js"></script>'

SECONDS_A_TEST = 300  # more than one wait of PATIENCE, so that the wait itself says what did not come
expect.set_options(timeout=yards.PATIENCE * 1000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(HERE) and item.get_closest_marker("timeout") is None:
            item.add_marker(pytest.mark.timeout(SECONDS_A_TEST))


def _served(route: Route) -> None:
    name = route.request.url.removeprefix(f"{ORIGIN}/")
    path = HERE / name if name == "proof.js" else ENGINE / name.removeprefix("engine/")
    if not name:
        route.fulfill(body=_PAGE, content_type="text/html")
    elif path.suffix == ".js" and path.exists():
        route.fulfill(body=path.read_text("utf-8"), content_type="text/javascript; charset=utf-8")
    else:
        route.fulfill(status=404)


class Tablet:
    """Calls the functions of proof.js; checklists are handed over once and named after that."""

    def __init__(self, page: Page) -> None:
        self.page = page
        page.evaluate("() => { window.lists = {}; }")
        for name, sheet in sheets().items():
            page.evaluate("([name, list]) => { window.lists[name] = list; }", [name, sheet.published])

    def call(self, name: str, *given: Any, sheet: str | None = None) -> Any:
        """What a function makes of plain data. JSON both ways: halves of characters must arrive."""
        call = """async ([name, sheet, given]) => {
            const found = JSON.parse(given);
            return JSON.stringify(await window.prove[name](...(sheet ? [window.lists[sheet]] : []), ...found));
        }"""
        told = self.page.evaluate(call, [name, sheet, json.dumps(given)])
        return None if told is None else json.loads(told)


@pytest.fixture(scope="session")
def tablet(browser: Browser) -> Iterator[Tablet]:
    context = browser.new_context()
    page = context.new_page()
    faults: list[Any] = []
    page.on("pageerror", lambda fault: faults.append(fault))
    page.route("**/*", _served)
    page.goto(f"{ORIGIN}/")
    page.wait_for_function("() => window.prove")
    yield Tablet(page)
    context.close()
    assert not faults


@pytest.fixture
def english(tablet: Tablet) -> Tablet:
    tablet.call("speak", {})
    return tablet


@pytest.fixture(scope="session")
def yard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[yards.Yard]:
    """A server for all tests of this room; each starts visits of its own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "hashing", passwords.CHEAP)
        with yards.serving(yards.build(tmp_path_factory.mktemp("yard") / "data")) as served:
            yield served


@pytest.fixture
def resting(yard: yards.Yard) -> Iterator[None]:
    """The network is whole before and after, and no visit runs on."""
    yard.front.heal()
    yield
    yard.front.heal()
    yard.rest()


@pytest.fixture
def pad(browser: Browser, yard: yards.Yard, resting: None) -> Iterator[Callable[..., yards.Tablet]]:
    """``pad(login, worker=False)``: a tablet with storage of its own, signed in; with its worker in charge if asked."""
    contexts: list[BrowserContext] = []
    faults: list[Any] = []

    def take(login: str = "ana", worker: bool = False) -> yards.Tablet:
        context = _context(browser, worker, faults)
        contexts.append(context)
        return _taken(yard, context, login, worker)

    yield take
    for context in contexts:
        context.close()
    assert not faults, faults


def _context(browser: Browser, worker: bool, faults: list[Any]) -> BrowserContext:
    context = browser.new_context(
        viewport=yards.SIZE, has_touch=True, service_workers="allow" if worker else "block"
    )
    context.on("weberror", lambda fault: faults.append((fault.error.message, fault.error.stack)))
    return context


def _taken(yard: yards.Yard, context: BrowserContext, login: str, worker: bool) -> yards.Tablet:
    tablet = yards.Tablet(yard, context)
    tablet.enter(login)
    tablet.do("")  # all modules are here before the network goes
    if worker:
        tablet.controlled()
    return tablet


@pytest.fixture(scope="module")
def shelf(browser: Browser, yard: yards.Yard) -> Iterator[BrowserContext]:
    """The storage of one tablet for all tests of a file that need none of their own: making one takes seconds."""
    faults: list[Any] = []
    yard.front.heal()
    context = _context(browser, True, faults)
    _taken(yard, context, "ana", True)
    yield context
    context.close()
    assert not faults, faults


@pytest.fixture
def shared(shelf: BrowserContext, yard: yards.Yard, resting: None) -> Iterator[yards.Tablet]:
    """Ana's tablet with its worker in charge; nothing waits on it before or after. Its page may be the one before's."""
    page = shelf.pages[0] if shelf.pages else shelf.new_page()
    page.set_viewport_size(yards.SIZE)
    page.emulate_media(color_scheme="null", reduced_motion="null")
    tablet = yards.Tablet(yard, shelf, page=page)
    if page.url != f"{yard.url}/tablet/outbox":
        tablet.open("/tablet/outbox")
    yield tablet
    page.unroute_all()
    shelf.set_offline(False)
    yard.front.heal()
    tablet.settled()
    for other in shelf.pages:
        if other is not page:
            other.close()
