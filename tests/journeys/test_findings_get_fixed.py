"""Six findings: answered from a phone without an account, judged by the inspector, confirmed at the follow-up."""

import re
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize
from pypdf import PdfReader
from werkzeug.serving import make_server

from audit.app import create_app
from audit.config import Settings
from audit.domain.actions import CONFIRMED, FOUND_AGAIN
from audit.domain.answers import Raw
from audit.domain.inspections import Inspection
from audit.operations import actions, desk, inspections, passwords, sealing
from tests.journeys.conftest import PASSWORD, TABLET, _Quiet
from tests.journeys.test_a_whole_visit import go, photo
from tests.operations import worlds
from tests.operations.worlds import INSPECTOR_PERSON, MISSION, OWNER, World

PHONE: ViewportSize = {"width": 390, "height": 844}
KEYS = ("needles", "gloves", "pigment", "sink", "sharps", "records")
ITEMS = "".join(
    f"""
    [[item]]
    key = "{key}.sound"
    severity = "{"critical" if key == "needles" else "minor"}"
    """
    for key in KEYS
)


@dataclass
class Clinic:
    """A sealed visit with six findings and a photo of the first, served at ``url``."""

    url: str
    world: World
    visit_id: str

    def states(self) -> dict[str, str]:
        rows = actions.of_visit(self.world.desk(), self.visit_id)
        return {row.action.item.split(".")[0]: row.action.state for row in rows}


def apart(work: Callable[[], object]) -> None:
    """Do it in a thread of its own: the browser's loop runs in this one, and sealing a report begins another."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(work).result()


def seal(world: World, visit: Inspection) -> None:
    sealing.seal(world.desk(), visit.id)
    desk.close(world.data)


@pytest.fixture
def clinic(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Clinic]:
    monkeypatch.setattr(passwords, "hashing", passwords.CHEAP)
    world = worlds.make(tmp_path / "data", ITEMS)
    world.now = datetime.now(UTC).replace(microsecond=0)
    with world.desk(worlds.ADMINISTRATOR).entry() as entry:
        for person in (INSPECTOR_PERSON, OWNER):
            entry.people.keep_password(person.id, passwords.CHEAP.hash(PASSWORD))
        entry.note("passwords.set", "")
    visit = world.start(facts={})
    world.answer(visit, {(f"{key}.sound", None): Raw(mark="OUT", note=f"The {key}.") for key in KEYS})
    world.photograph(visit, ("needles.sound", None), "Two open packs")
    world.sign(visit)
    apart(lambda: seal(world, visit))
    app = create_app(Settings(data=world.data))
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    url = f"http://127.0.0.1:{server.server_port}"
    with world.desk(worlds.ADMINISTRATOR).entry() as entry:
        entry.agency.keep(replace(entry.agency.get(), site=url))
        entry.note("agency.changed", "agency")
    yield Clinic(url, world, visit.id)
    server.shutdown()
    thread.join()
    server.server_close()
    desk.close(world.data)


@pytest.fixture
def screen(browser: Browser, clinic: Clinic) -> Iterator[Callable[..., Page]]:
    """``screen(login, size)`` is a touch screen, signed in or (without a login) not."""
    contexts: list[BrowserContext] = []

    def open_screen(login: str = "", size: ViewportSize = TABLET) -> Page:
        context = browser.new_context(viewport=size, has_touch=True)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.on("pageerror", lambda error: pytest.fail(f"script failed: {error}"))
        page.on("console", lambda said: pytest.fail(said.text) if "Content Security" in said.text else None)
        if login:
            page.goto(f"{clinic.url}/sign-in")
            page.get_by_label("Login").fill(login)
            page.get_by_label("Password").fill(PASSWORD)
            page.get_by_role("button", name="Sign in").tap()
            page.wait_for_url("**/visits")
        return page

    yield open_screen
    for context in contexts:
        context.close()


def test_findings_get_fixed(clinic: Clinic, screen: Callable[..., Page]) -> None:
    owner = screen(OWNER.login)
    owner.goto(f"{clinic.url}/visits/{clinic.visit_id}")
    with owner.expect_download() as download:
        owner.get_by_role("link", name="Owner's action plan").click()
    printed = "".join(page.extract_text() for page in PdfReader(download.value.path()).pages)
    (link,) = re.findall(rf"{clinic.url}/fix/[\w-]{{43}}", printed)
    go(owner.get_by_role("link", name="Links for the clinic"))
    assert owner.get_by_text("in the action plan").is_visible()
    go(owner.get_by_role("button", name="Make another link"))
    assert owner.get_by_role("img", name="QR code").is_visible()

    phone = screen(size=PHONE)
    phone.goto(link)
    assert "6 findings must be fixed" in phone.locator("h1").inner_text()
    for place in range(4):
        answer_next(phone, place)
    assert "2 findings must be fixed" in phone.locator("h1").inner_text()
    assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert sorted(clinic.states().values()) == ["fixed"] * 4 + ["open"] * 2

    inspector = screen(INSPECTOR_PERSON.login)
    go(inspector.get_by_role("link", name="4 came in, to look at"))
    queue = inspector.locator("ul.rows a")
    assert queue.count() == 4
    for deed in ("Accept", "Accept", "Accept", "Send back"):
        inspector.goto(f"{clinic.url}/actions?state=fixed")
        go(inspector.locator("ul.rows a").first)
        assert inspector.locator(".pair img").count() >= 1
        if deed == "Send back":
            inspector.get_by_label("Words for the clinic").fill("Show the whole drawer.")
        go(inspector.get_by_role("button", name=deed))
    assert sorted(clinic.states().values()) == ["accepted"] * 3 + ["open"] * 2 + ["sent-back"]
    phone.goto(link)
    assert phone.get_by_text("Show the whole drawer.").is_visible()
    assert "3 findings must be fixed" in phone.locator("h1").inner_text()

    follow_up(clinic, inspector)
    left = [state for state in clinic.states().values() if state not in ("accepted",)]
    assert sorted(left) == [CONFIRMED, CONFIRMED, FOUND_AGAIN]
    phone.goto(link)
    assert "Nothing is left for you to fix" in phone.locator("h1").inner_text()
    owner.goto(owner.url.split("/visits/")[0] + "/clinics/" + MISSION.id)
    go(owner.locator("ul.rows.told a").first)
    with owner.expect_download() as download:
        owner.get_by_role("link", name="Re-inspection report").first.tap()
    text = " ".join(page.extract_text() for page in PdfReader(download.value.path()).pages)
    assert "5 of 6 former findings are settled" in text


def answer_next(phone: Page, place: int) -> None:
    """Open the first finding that nobody answered, say what was done, add a photo, send it."""
    card = phone.locator("article:has(details)").first
    card.locator("summary").tap()
    card.get_by_label("What was done").fill(f"Put right, {place}.")
    card.get_by_label("Photos of it").set_input_files(
        {"name": "after.jpg", "mimeType": "image/jpeg", "buffer": photo(place)}
    )
    go(card.get_by_role("button", name="Send: this is fixed"))


def follow_up(clinic: Clinic, inspector: Page) -> None:
    """The former findings come first: all but one are in order with one tap each, then the visit is sealed."""
    inspector.goto(f"{clinic.url}/clinics/{MISSION.id}")
    go(inspector.get_by_role("link", name="Start an inspection"))
    inspector.get_by_label("Purpose").select_option("follow-up")
    go(inspector.get_by_role("button", name="Start"))
    assert inspector.url.endswith("/former")
    assert inspector.get_by_text("Show the whole drawer.").is_visible()
    address, buttons = inspector.url, inspector.get_by_role("button", name="In order now")
    assert buttons.count() == 6
    again = clinic.states()
    for _ in range(5):
        inspector.goto(address)
        go(buttons.first)
    assert buttons.count() == 1
    visit = inspections.open_visit(clinic.world.desk(), address.split("/")[-2])
    (last,) = (entry.key for entry in visit.journey.entries() if not visit.rev(entry.key))
    assert again[last[0].split(".")[0]] in ("open", "sent-back")
    clinic.world.now = datetime.now(UTC).replace(microsecond=0)
    clinic.world.answer(visit.inspection, {last: Raw(mark="OUT", note="Still there.")})
    clinic.world.sign(visit.inspection)
    apart(lambda: seal(clinic.world, visit.inspection))
