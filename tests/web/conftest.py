"""The app on a small agency, and browsers without a screen: one client per person, every page read as HTML."""

from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import pytest

from audit.app import create_app
from audit.config import Settings
from audit.domain.people import Person
from audit.operations import desk, passwords
from tests.operations import worlds
from tests.web.pages import Page

PASSWORD = "four unrelated words do well"


@pytest.fixture(autouse=True)
def _cheap_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "hashing", passwords.CHEAP)


class Browser:
    """A signed-in (or not) person without scripts: opens pages and sends the forms they find there."""

    def __init__(self, app: Any, person: Person | None) -> None:
        self.client, self.person = app.test_client(), person
        if person is not None:
            page = self.open("/sign-in").submit({"login": person.login, "password": PASSWORD})
            assert page.status == 303, page.text

    def open(self, address: str, **how: Any) -> Page:
        return Page(self, address, self.client.get(address, buffered=True, **how))

    def send(self, address: str, fields: Any, **how: Any) -> Page:
        how.setdefault("headers", {"Origin": "http://localhost"})  # as browsers do
        return Page(self, address, self.client.post(address, data=fields, buffered=True, **how))

    def follow(self, page: Page) -> Page:
        assert page.status == 303, page.text
        to = urlsplit(page.response.location)
        return self.open(to.path + (f"?{to.query}" if to.query else ""))


@pytest.fixture
def making() -> Callable[[Path], worlds.World]:
    """Makes the world of ``house``; a test about something else puts its own in place."""
    return worlds.make


@pytest.fixture
def house(tmp_path: Path, making: Callable[[Path], worlds.World]) -> Iterator[Any]:
    """A world, its app, and ``house.browser(person)``."""
    world = making(tmp_path / "data")
    at = world.desk(worlds.ADMINISTRATOR)
    with at.entry() as entry:
        kept = passwords.CHEAP.hash(PASSWORD)
        for person in at.ledger.people.all():
            entry.people.keep_password(person.id, kept)
        entry.note("passwords.set", "")
    app = create_app(Settings(data=world.data), clock=lambda: world.now)
    app.testing = False
    yield SimpleNamespace(world=world, app=app, browser=lambda person=None: Browser(app, person))
    desk.close(world.data)  # else thousands of files stay open, and all that is kept in memory of them


@pytest.fixture
def inspector(house: Any) -> Browser:
    return house.browser(worlds.INSPECTOR_PERSON)
