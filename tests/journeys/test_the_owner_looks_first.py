"""The owner audits the own clinic on a phone; the inspector comes a while later; both are laid side by side."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

from audit.app import create_app
from audit.config import Settings
from audit.domain.answers import Raw
from audit.operations import desk, passwords
from tests.journeys.conftest import PASSWORD, PATIENCE, _Quiet
from tests.journeys.test_a_whole_visit import go
from tests.journeys.test_findings_get_fixed import ITEMS, KEYS, PHONE, apart, seal
from tests.operations import worlds
from tests.operations.worlds import MISSION, OWNER, World


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr(passwords, "hashing", passwords.CHEAP)
    world = worlds.make(tmp_path / "data", ITEMS)
    world.now = datetime.now(UTC).replace(microsecond=0)
    with world.desk(worlds.ADMINISTRATOR).entry() as entry:
        entry.people.keep_password(OWNER.id, passwords.CHEAP.hash(PASSWORD))
        entry.note("passwords.set", "")
    return world


@pytest.fixture
def owner(world: World, browser: Browser) -> Iterator[Page]:
    """The owner's phone, without scripts, signed in."""
    app = create_app(Settings(data=world.data))
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    base = f"http://127.0.0.1:{server.server_port}"
    context = browser.new_context(viewport=PHONE, has_touch=True, java_script_enabled=False, base_url=base)
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    page.goto("/sign-in")
    page.get_by_label("Login").fill(OWNER.login)
    page.get_by_label("Password").fill(PASSWORD)
    go(page.get_by_role("button", name="Sign in"))
    yield page
    context.close()
    server.shutdown()
    thread.join()
    server.server_close()
    desk.close(world.data)


def audit(page: Page) -> None:
    """Everything is in order, says the owner, except for the gloves."""
    page.goto(f"/clinics/{MISSION.id}")
    go(page.get_by_role("link", name="Start a self-audit"))
    go(page.get_by_role("button", name="Start"))
    while "/sections/" not in page.url:
        go(page.locator("main a[href*='/sections/']").first)
    for unit in page.locator(".unit").all():
        said = "OUT" if "gloves" in unit.locator("xpath=ancestor::details[@data-item]").inner_text() else "IN"
        unit.locator("> fieldset .marks label").filter(has_text=said).first.tap()
        if said == "OUT":
            unit.get_by_label("In your words").fill("A box stood open.")
    go(page.locator(".bar .go"))
    go(page.get_by_role("link", name="See the result"))
    go(page.get_by_role("link", name="Go on to sign"))
    page.get_by_label("Your name", exact=True).fill(OWNER.name)
    go(page.get_by_role("button", name="Go on to seal"))
    go(page.get_by_role("button", name="Seal"))


def inspect(world: World) -> None:
    """The inspector finds the needles OUT, and the gloves in order."""
    world.now = datetime.now(UTC).replace(microsecond=0)
    visit = world.start(facts={})
    marks = {key: Raw(mark="IN") for key in KEYS} | {"needles": Raw(mark="OUT", note="Two open packs.")}
    world.answer(visit, {(f"{key}.sound", None): raw for key, raw in marks.items()})
    world.sign(visit)
    apart(lambda: seal(world, visit))


def test_what_the_owner_said_stands_beside_what_the_inspector_found(world: World, owner: Page) -> None:
    audit(owner)
    owner.goto(f"/clinics/{MISSION.id}/gap")
    assert owner.get_by_role("heading", name="Nothing to compare yet").is_visible()
    inspect(world)
    owner.goto(f"/clinics/{MISSION.id}")
    go(owner.get_by_role("link", name="You said, the inspector found"))
    overlooked = owner.locator(
        "section", has=owner.get_by_role("heading", name="You said IN, the inspector found OUT")
    )
    assert overlooked.locator("li").count() == 1 and "Two open packs." in overlooked.inner_text()
    stricter = owner.locator(
        "section", has=owner.get_by_role("heading", name="You said OUT, the inspector found IN")
    )
    assert stricter.locator("li").count() == 1 and "A box stood open." in stricter.inner_text()
    assert owner.get_by_text("4 of 6 items that both judged were judged alike.").is_visible()
    assert owner.get_by_role("link", name="The inspection", exact=True).is_visible()
