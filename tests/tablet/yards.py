"""A real server with a front that can fail as networks do, and real browsers as tablets in front of it."""

import contextlib
import io
import json
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any
from uuid import uuid4

from flask import Flask
from PIL import Image
from playwright.sync_api import BrowserContext, Page, ViewportSize
from werkzeug.serving import WSGIRequestHandler, make_server

from audit.app import create_app
from audit.config import Settings
from audit.domain import publishing
from audit.domain.checklists import Item
from audit.domain.clinics import Clinic
from audit.domain.inspections import RUNNING
from audit.operations import checklists, clinics, desk, inspections, people
from audit.operations.clinics import ClinicFields
from audit.operations.desk import Desk
from audit.web.assets import Assets
from audit.web.fragments import Kept
from forms import library
from tests.journeys.conftest import PASSWORD

SIZE: ViewportSize = {"width": 1024, "height": 768}
PATIENCE = 90  # seconds a browser may take for anything: a busy machine is no fault of the tablet
MODULES = ("outbox", "store", "photos", "rescue", "kit", "boot", "exif")
IN_PAGE = """async (given) => {
    const { build } = document.getElementById("outbox").dataset;
    const names = NAMES;
    const found = await Promise.all(names.map((name) => import(`/static/${build}/tablet/${name}.js`)));
    const { outbox, store, photos, rescue, kit, boot, exif } =
        Object.fromEntries(names.map((name, place) => [name, found[place]]));
    await boot.ready;
    WORDS
}"""
PORTAL = b"<!doctype html><title>Guest network</title><h1>Welcome</h1><p>Accept our terms to go on.</p>"


class Dropped(ConnectionError):
    """The connection ends here, without another word."""


@dataclass
class Front:
    """What stands between tablet and server; ``fails`` decides request by request what goes wrong.

    It is called with method, path and the server itself, and returns bytes to answer instead, None to let the
    request through, or raises Dropped.
    """

    app: Any
    fails: Callable[[str, str, dict[str, Any]], bytes | None] | None = None
    lose: Callable[[str, str], bool] | None = None  # the server does its work, the answer gets lost
    seen: list[tuple[str, str]] = field(default_factory=list)
    at_once: int = 0
    most_at_once: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, environ: dict[str, Any], start: Any) -> Any:
        try:
            return self._answer(environ, start)
        except Dropped:
            environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
            raise

    def _answer(self, environ: dict[str, Any], start: Any) -> Any:
        method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
        self.seen.append((method, path))
        instead = self.fails(method, path, environ) if self.fails else None
        if instead is not None:
            start("200 OK", [("Content-Type", "text/html"), ("Content-Length", str(len(instead)))])
            return [instead]
        sending = method in ("POST", "PUT") and path.startswith("/api/")
        with self._lock:
            self.at_once += sending
            self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            if self.lose and self.lose(method, path):
                done: dict[str, Any] = {}
                for _ in self.app(environ, lambda *said, **_: done.setdefault("said", said)):
                    continue
                raise Dropped
            return self.app(environ, start)
        finally:
            with self._lock:
                self.at_once -= sending

    def heal(self) -> None:
        self.fails = self.lose = None
        self.seen.clear()


class _Quiet(WSGIRequestHandler):
    def log_request(self, *_: object) -> None:
        return

    def log(self, *_: object) -> None:
        return


@dataclass
class Yard:
    """An agency with two inspectors and a clinic, served at ``url``."""

    data: Path
    clinic: Clinic
    checklist_sha: str
    flask: Flask
    front: Front
    url: str = ""
    sessions: dict[str, Any] = field(default_factory=dict)  # login -> cookies

    def desk(self) -> Desk:
        return desk.open_desk(self.data, None, datetime.now(UTC))

    @property
    def assets(self) -> Assets:
        found: Assets = self.flask.extensions["assets"]
        return found

    @contextlib.contextmanager
    def build(self, name: str) -> Iterator[str]:
        """The server as if another build of it were installed: other names of the tablet's modules, the old ones gone."""
        assets, globals_ = self.assets, self.flask.jinja_env.globals
        old, address = assets.build, dict(assets.address)
        for known_as, at in address.items():
            if known_as.startswith("tablet/"):
                fresh = at.replace(old, name)
                assets.address[known_as] = fresh
                assets.files[fresh.removeprefix("/static/")] = assets.files[at.removeprefix("/static/")]
        gone = {one: assets.files.pop(one) for one in list(assets.files) if one.startswith(f"{old}/")}
        assets.build = globals_["build"] = name
        self._draw_anew()
        try:
            yield name
        finally:
            assets.build = globals_["build"] = old
            self._draw_anew()
            assets.address.update(address)
            assets.files.update(gone)

    def _draw_anew(self) -> None:
        """Pieces of pages are kept, because no process changes its build."""
        for extension in self.flask.jinja_env.extensions.values():
            if isinstance(extension, Kept):
                extension._drawn.clear()

    def desk_of(self, login: str) -> Desk:
        ledger = self.desk().ledger
        return desk.open_desk(
            self.data, next(one for one in ledger.people.all() if one.login == login), datetime.now(UTC)
        )

    @cached_property
    def items(self) -> list[Item]:
        """Items with a mark of their own that are asked once for the visit."""
        found = self.desk().ledger.checklists.get(self.checklist_sha)
        return [item for item in found.items() if item.mark_part is not None]

    def answers(self, visit: str) -> dict[str, str]:
        """item -> mark, as the server has it"""
        kept = self.desk().ledger.inspections.answers(visit)
        return {item: one.raw.mark for (item, _), one in kept.items()}

    def rest(self) -> None:
        """Nothing runs any more. A tablet that comes along later would bring in every running visit."""
        ledger = self.desk().ledger
        for visit in ledger.inspections.ids(RUNNING):
            inspections.set_aside(self.desk_of("ana"), visit, "The test is over.")

    def operations(self, visit: str) -> list[Any]:
        return list(self.desk().ledger.inspections.operations(visit))

    def links(self, visit: str) -> list[str]:
        found = self.desk().ledger.inspections.links(visit)
        return sorted(link.sha256 for links in found.values() for link in links)


def build(data: Path) -> Yard:
    """Fill a data folder. Passwords are kept by whatever hashing is in force."""
    now = datetime.now(UTC).replace(microsecond=0)
    desk.bring_up_to_date(data, now)
    nobody = desk.open_desk(data, None, now)
    root = desk.open_desk(data, people.first_administrator(nobody, "ada", "Ada Okoye", PASSWORD), now)
    found = library.read()
    checklists.publish_shipped(
        root, [publishing.resolve(found, one, pack) for one in found.checklists for pack in found.packs]
    )
    inspector = desk.open_desk(data, people.add_person(root, "ana", "Ana Reyes", "inspector", PASSWORD), now)
    people.add_person(root, "ben", "Ben Tal", "inspector", PASSWORD)
    fields = ClinicFields(
        "Scalp Studio North", "12 Alder Street, Fresno", "us-ca", "BA-1", "UTC", {"smp": "true"}
    )
    clinic = clinics.create(inspector, fields)
    assert isinstance(clinic, Clinic)
    sha = inspections.checklist_for(inspector, clinic.jurisdiction, "inspection").sha256
    app = create_app(Settings(data=data))
    return Yard(data, clinic, sha, app, Front(app.wsgi_app))


@contextlib.contextmanager
def serving(yard: Yard) -> Iterator[Yard]:
    server = make_server("127.0.0.1", 0, yard.front, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yard.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield yard
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        desk.close(yard.data)


class Tablet:
    """One browser with one person; ``do`` runs words of JavaScript that see the tablet's modules by their names."""

    def __init__(self, yard: Yard, context: BrowserContext, url: str = "", page: Page | None = None) -> None:
        self.yard, self.context, self.url = yard, context, url or yard.url
        self.page: Page = page or (context.pages[0] if context.pages else context.new_page())
        context.set_default_timeout(PATIENCE * 1000)

    def sign_in(self, login: str = "ana", to: str = "**/visits") -> None:
        page = self.page
        if not page.url.startswith(f"{self.url}/sign-in"):
            page.goto(f"{self.url}/sign-in")
        page.get_by_label("Login").fill(login)
        page.get_by_label("Password").fill(PASSWORD)
        page.locator("main button").first.click()
        page.wait_for_url(to)

    def enter(self, login: str = "ana") -> None:
        """Go on with a session of that person's; the form is only filled in for the first one."""
        known = self.yard.sessions.get(login)
        if known:
            self.context.add_cookies(known)
            self.open()
        else:
            self.sign_in(login)
            self.yard.sessions[login] = [
                {
                    "name": cookie["name"],
                    "value": cookie["value"],
                    "expires": cookie["expires"],
                    "url": self.url,
                }
                for cookie in self.context.cookies()
            ]

    def open(self, path: str = "/visits", page: Page | None = None) -> Page:
        page = page or self.page
        page.goto(f"{self.url}{path}")
        return page

    def controlled(self) -> None:
        """The worker is in charge of the page."""
        self.page.wait_for_function("() => navigator.serviceWorker.controller")

    def do(self, words: str, given: Any = None, page: Page | None = None) -> Any:
        script = IN_PAGE.replace("NAMES", json.dumps(MODULES)).replace("WORDS", words)
        return (page or self.page).evaluate(script, given)

    def until(self, words: str, given: Any = None) -> None:
        """Waits for something that the modules can tell: an expression that comes to be true."""
        self.do(
            f"""const until = Date.now() + {PATIENCE * 1000};
            while (!({words})) {{
                if (Date.now() > until) throw new Error("it never came to be");
                await new Promise((go) => setTimeout(go, 50));
            }}""",
            given,
        )

    def start(self, answers: int = 0, first: int = 0, checklist: str = "") -> str:
        """Start a visit on the tablet and answer so many items of it; its id."""
        visit = str(uuid4())
        value = {
            "clinic_id": self.yard.clinic.id,
            "checklist_sha": checklist or self.yard.checklist_sha,
            "kind": "inspection",
            "purpose": "routine",
            "inspected_on": datetime.now(UTC).date().isoformat(),
            "facts": {},
            "practitioners": [],
            "present": [],
        }
        self.do(
            'await outbox.give(given.visit, {kind: "start", value: given.value})',
            {"visit": visit, "value": value},
        )
        self.answer(visit, answers, first)
        return visit

    def answer(
        self, visit: str, number: int, first: int = 0, mark: str = "IN", page: Page | None = None
    ) -> list[str]:
        items = [item.key for item in self.yard.items][first : first + number]
        self.do(
            """for (const item of given.items) {
                await outbox.give(given.visit, { kind: "answer", item, value: { mark: given.mark } });
            }""",
            {"visit": visit, "items": items, "mark": mark},
            page,
        )
        return items

    def photo(self, visit: str, body: bytes, item: str | None = None) -> str:
        given = {"visit": visit, "item": item or self.yard.items[0].key, "body": list(body)}
        found: str = self.do(
            """const file = new Blob([new Uint8Array(given.body)], { type: "image/jpeg" });
            return (await photos.take(file, given.visit, { item: given.item })).sha256;""",
            given,
        )
        return found

    def send(self) -> dict[str, Any]:
        """Send now; the state after it."""
        found: dict[str, Any] = self.do(
            "await outbox.sendNow(); await outbox.update(); return outbox.status.now;"
        )
        return found

    @property
    def now(self) -> dict[str, Any]:
        found: dict[str, Any] = self.do("await outbox.update(); return outbox.status.now;")
        return found

    def settled(self, seconds: int = PATIENCE) -> None:
        """Nothing waits any more. Tries anew as long as it takes: how patient the outbox is has tests of its own."""
        self.do(
            """const until = Date.now() + given * 1000;
            for (;;) {
                await outbox.update();
                const { waiting, photos } = outbox.status.now;
                if (!waiting && !photos) return;
                if (outbox.status.now.phase === "offline") await outbox.sendNow();
                if (Date.now() > until) throw new Error(JSON.stringify(outbox.status.now));
                await new Promise((go) => setTimeout(go, 50));
            }""",
            seconds,
        )


@lru_cache(maxsize=16)
def jpeg(number: int = 1, size: tuple[int, int] = (320, 240)) -> bytes:
    out = io.BytesIO()
    Image.effect_noise(size, 40 + number).convert("RGB").save(out, "JPEG", quality=80)
    return out.getvalue()
