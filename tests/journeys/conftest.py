"""A running server on the shipped checklists, and tablets to visit it with."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize
from werkzeug.serving import WSGIRequestHandler, make_server

from audit.app import create_app
from audit.cli.common import OPERATOR
from audit.cli.demo_content import PEOPLE
from audit.config import Settings
from audit.domain import publishing
from audit.domain.agency import Agency
from audit.domain.clinics import Clinic
from audit.operations import (
    agency,
    checklists,
    clinics,
    desk,
    inspections,
    languages,
    links,
    passwords,
    people,
)
from audit.operations.clinics import ClinicFields
from audit.operations.inspections import NewVisit, VisitFilter
from forms import library
from tests import sharing, thinning

PASSWORD = "four unrelated words do well"
PATIENCE = 60_000  # milliseconds; a busy machine is no fault of a page
TABLET: ViewportSize = {"width": 1024, "height": 768}


@dataclass
class Place:
    """An agency with an inspector, an owner and a clinic of two practitioners, served at ``url``."""

    url: str
    data: Path
    clinic: Clinic

    def desk(self, login: str) -> desk.Desk:
        now = datetime.now(UTC).replace(microsecond=0)
        everybody = people.list_people(desk.open_desk(self.data, OPERATOR, now))
        return desk.open_desk(self.data, next(one for one in everybody if one.login == login), now)

    def speaks(self, login: str, language: str) -> None:
        """Everything is said to this person in this language from now on."""
        languages.choose(self.desk(login), language)

    def asks(self, number: int) -> None:
        """An inspection that is started from now on, with a procedure going on, has so many items."""
        inspector = self.desk("ana")
        sha = inspections.checklist_for(inspector, self.clinic.jurisdiction, "inspection").sha256
        new = NewVisit(self.clinic.id, facts={"procedure_observed": True})
        thinning.publish(self.desk("ada"), inspector, sha, new, number)


@dataclass
class Demo:
    """The demo agency, served at ``url``; ``parts`` are ids that stand in addresses."""

    url: str
    data: Path
    parts: dict[str, str]

    def address(self, pattern: str) -> str:
        return self.url + pattern.format(**self.parts)


class _Quiet(WSGIRequestHandler):
    def log_request(self, *_: object) -> None:
        return


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    monkeypatch.setattr(passwords, "hashing", passwords.CHEAP)
    data, now = tmp_path / "data", datetime.now(UTC).replace(microsecond=0)
    desk.bring_up_to_date(data, now)
    nobody = desk.open_desk(data, None, now)
    root = desk.open_desk(data, people.first_administrator(nobody, "ada", "Ada Okoye", PASSWORD), now)
    agency.save(
        root, Agency("County Body Art Programme", time_zone="America/Los_Angeles", public_authority=True)
    )
    found = library.read()
    checklists.publish_shipped(
        root, [publishing.resolve(found, one, pack) for one in found.checklists for pack in found.packs]
    )
    profile = {"smp": "true", "autoclave": "true", "presterilised": "true", "us_employer": "true"}
    fields = ClinicFields(
        "Scalp Studio North", "12 Alder Street, Fresno", "us-ca", "BA-1", "America/Los_Angeles", profile
    )
    clinic = clinics.create(root_as_inspector(data, root, now), fields)
    assert isinstance(clinic, Clinic)
    for name in ("Mara Lindt", "Tomás Okafor"):
        clinics.add_practitioner(root, clinic.id, name, "artist")
    people.add_person(root, "olga", "Olga Lindt", "owner", PASSWORD, [clinic.id])
    server = make_server(
        "127.0.0.1", 0, create_app(Settings(data=data)), threaded=True, request_handler=_Quiet
    )
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield Place(f"http://127.0.0.1:{server.server_port}", data, clinic)
    server.shutdown()
    thread.join()
    server.server_close()
    desk.close(data)


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """The demo as somebody meets it who tries the product; nobody changes anything in it."""
    data = sharing.once(tmp_path_factory, "demo", sharing.demo) / "demo"
    now = datetime.now(UTC).replace(microsecond=0)
    operator = desk.open_desk(data, OPERATOR, now)
    visits = inspections.visits(operator, VisitFilter()).rows
    running = next(row for row in visits if row.state == "running" and row.kind == "inspection")
    sealed = next(row for row in visits if row.status == "uncorrected-critical")
    everybody = people.list_people(operator)
    inspector, owner = (next(one for one in everybody if one.role == role) for role in ("inspector", "owner"))
    parts = {
        "visit": running.id,
        "sealed": sealed.id,
        "clinic": sealed.clinic_id,
        "person": inspector.id,
        "owner": owner.id,
        "number": next(one.number for one in operator.ledger.reports.all() if one.inspection_id == sealed.id),
        "link": links.offer_password(operator, inspector.id),
    }
    server = make_server(
        "127.0.0.1", 0, create_app(Settings(data=data, demo=True)), threaded=True, request_handler=_Quiet
    )
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield Demo(f"http://127.0.0.1:{server.server_port}", data, parts)
    server.shutdown()
    thread.join()
    server.server_close()
    desk.close(data)


@pytest.fixture
def visitor(browser: Browser, demo: Demo) -> Iterator[Callable[..., Page]]:
    """``visitor(role, **how)`` opens a browser on the demo, signed in by role or (with an empty one) not at all."""
    contexts: list[BrowserContext] = []

    def come(role: str, **how: object) -> Page:
        context = browser.new_context(**{"viewport": TABLET, "has_touch": True, **how})  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        if role:
            person = next(one for one in PEOPLE if one.role == role)
            page.goto(f"{demo.url}/sign-in")
            page.get_by_label("Login").fill(person.login)
            page.get_by_label("Password").fill(person.password)
            page.get_by_role("button", name="Sign in").click()
            page.wait_for_url("**/visits")
        return page

    yield come
    for context in contexts:
        context.close()


def root_as_inspector(data: Path, root: desk.Desk, now: datetime) -> desk.Desk:
    return desk.open_desk(data, people.add_person(root, "ana", "Ana Reyes", "inspector", PASSWORD), now)


@pytest.fixture
def tablet(browser: Browser, place: Place) -> Iterator[Callable[..., Page]]:
    """``tablet(login, scripts=True)`` signs in on a touch screen of 1024 by 768."""
    contexts: list[BrowserContext] = []

    def sign_in(login: str, scripts: bool = True, **how: object) -> Page:
        options = {
            "viewport": TABLET,
            "has_touch": True,
            "java_script_enabled": scripts,
            "accept_downloads": True,
            **how,
        }
        context = browser.new_context(**options)  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("pageerror", lambda error: pytest.fail(f"script failed: {error}"))
        page.on("console", lambda said: pytest.fail(said.text) if "Content Security" in said.text else None)
        page.goto(f"{place.url}/sign-in")
        page.get_by_label("Login").fill(login)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").tap()
        page.wait_for_url("**/visits")
        return page

    yield sign_in
    for context in contexts:
        context.close()
