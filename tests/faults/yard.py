"""A real server that is shot at, tablets that send until they are told, and an oracle that compares both in the end."""

import hashlib
import http.client
import json
import os
import random
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from audit.domain.changes import APPLIED, CONFLICT, DUPLICATE, SAME
from audit.operations import desk as desks
from audit.operations import passwords
from audit.store import database
from audit.store.ledger import Ledger
from tests.operations import worlds

ROOT = Path(__file__).parents[2]
PASSWORD = "four unrelated words do well"
ITEMS = ("needles.single-use", "gloves.changed", "autoclave.log", "records.last")
TAKEN = (APPLIED, SAME, CONFLICT, DUPLICATE)
PHOTO_EVERY = 6  # batches
OURS = {"X-Clinic-Audit": "1"}


def furnish(data: Path) -> None:
    """A data folder with an inspector who may sign in."""
    world = worlds.make(data)
    with world.desk(worlds.ADMINISTRATOR).entry() as entry:
        entry.people.keep_password(worlds.INSPECTOR_PERSON.id, passwords.CHEAP.hash(PASSWORD))
        entry.note("passwords.set", "")
    desks.close(data)


class Server:
    """The command as people start it; ``program`` replaces it by one that has a planted fault."""

    def __init__(self, data: Path, workers: int = 2, program: tuple[str, ...] = ("-m", "audit.cli")) -> None:
        self.data, self.workers, self.program = data, workers, program
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        given = ("--data", str(self.data), "--port", str(self.port), "--workers", str(self.workers))
        self.process = subprocess.Popen(
            [sys.executable, *self.program, "serve", *given],
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def wait(self, patience: float = 240) -> None:
        """Until it answers."""
        until = time.monotonic() + patience
        while time.monotonic() < until:
            try:
                if ask(self.port, "GET", "/healthz")[0] == 200:
                    return
            except OSError:
                time.sleep(0.1)
        raise TimeoutError("the server does not answer")

    def children(self) -> list[int]:
        assert self.process is not None
        place = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        try:
            return [int(one) for one in place.read_text().split()]
        except OSError:
            return []

    def kill_one(self) -> bool:
        """kill -9 of a worker; the master starts another."""
        children = self.children()
        if children:
            _kill(random.choice(children))
        return bool(children)

    def kill_all(self) -> None:
        assert self.process is not None
        children = self.children()
        _kill(self.process.pid)
        for child in children:
            _kill(child)
        self.process.wait()


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def ask(
    port: int, method: str, address: str, body: bytes = b"", headers: dict[str, str] | None = None
) -> tuple[int, dict[str, str], bytes]:
    """One request on a connection of its own; OSError when it was cut."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request(method, address, body or None, headers or {})
        answer = connection.getresponse()
        return answer.status, dict(answer.getheaders()), answer.read()
    except http.client.HTTPException as error:
        raise ConnectionError(str(error)) from error
    finally:
        connection.close()


def signed_in(port: int) -> str:
    """The cookie of the inspector."""
    status, headers, page = ask(port, "GET", "/sign-in")
    assert status == 200
    before = headers["Set-Cookie"].partition(";")[0]
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.decode())
    assert found is not None
    form = urlencode({"login": "ines", "password": PASSWORD, "csrf_token": found[1]}).encode()
    status, headers, _ = ask(
        port,
        "POST",
        "/sign-in",
        form,
        {
            "Cookie": before,
            "Content-Type": "application/x-www-form-urlencoded",
            "Origin": f"http://127.0.0.1:{port}",
        },
    )
    assert status == 303, status
    return headers["Set-Cookie"].partition(";")[0]


def until(comes: Callable[[], object], patience: float = 90) -> None:
    """Wait for something that comes sooner or later.

    Raises:
        TimeoutError: when it does not.
    """
    end = time.monotonic() + patience
    while not comes():
        if time.monotonic() > end:
            raise TimeoutError("it never came")
        time.sleep(0.02)


@dataclass
class Told:
    """What one tablet was told: acknowledged operations with their content, photos with their bytes' hash."""

    operations: dict[str, dict[str, Any]] = field(default_factory=dict)
    photos: set[str] = field(default_factory=set)
    cut: int = 0
    statuses: dict[int, int] = field(default_factory=dict)
    batches: list[float] = field(default_factory=list)
    uploads: list[float] = field(default_factory=list)


class Tablet(threading.Thread):
    """Starts a visit and answers it again and again; nothing leaves it before the server named it."""

    def __init__(
        self,
        port: int,
        cookie: str,
        stop: threading.Event,
        answers: int = 5,
        size: int = 0,
        seconds_a_turn: float = 0.0,
        photo_every: int = PHOTO_EVERY,
    ) -> None:
        """``size``: bytes added to a photo. ``seconds_a_turn``: a batch is begun so often, or as soon as it can."""
        super().__init__(daemon=True)
        self.port, self.cookie, self.stop, self.answers, self.size = port, cookie, stop, answers, size
        self.seconds_a_turn, self.photo_every = seconds_a_turn, photo_every
        self.visit, self.device, self.seq = str(uuid4()), str(uuid4()), 0
        self.revs = dict.fromkeys(ITEMS, 0)
        self.told = Told()
        self.failed = ""
        self.ahead = timedelta()  # of this tablet's clock; a test may move it at any time

    def run(self) -> None:
        try:
            self._send([self._op("start", "", 0, _start())])
            # Not all tablets photograph at once.
            turn, due = (
                random.randrange(self.photo_every),
                time.monotonic() + random.uniform(0, self.seconds_a_turn),
            )
            while not self.stop.wait(max(due - time.monotonic(), 0)):
                turn, due = turn + 1, max(due, time.monotonic() - self.seconds_a_turn) + self.seconds_a_turn
                if turn % self.photo_every == 0:
                    self._photo(turn)
                marks = ("IN", "NO", "NA")
                self._send(
                    [
                        self._op(
                            "answer", item, self.revs[item], {"mark": marks[turn % 3], "note": f"{turn}"}
                        )
                        for item in ITEMS[: self.answers]
                    ]
                )
        except AssertionError as error:
            self.failed = str(error)

    @property
    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def _op(self, kind: str, item: str, base_rev: int, value: dict[str, Any]) -> dict[str, Any]:
        self.seq += 1
        return {
            "op_id": str(uuid4()),
            "device_seq": self.seq,
            "author": worlds.INSPECTOR_PERSON.id,
            "item": item,
            "person": None,
            "kind": kind,
            "base_rev": base_rev,
            "value": value,
            "client_time": f"{self.now:%FT%TZ}",
        }

    def _send(self, ops: list[dict[str, Any]]) -> None:
        body = json.dumps(
            {
                "device_id": self.device,
                "app_version": "dev",
                "sent_at": f"{self.now:%FT%TZ}",
                "ops": ops,
            }
        ).encode()
        told = self._until(
            "POST",
            f"/api/v1/inspections/{self.visit}/ops",
            body,
            {"Content-Type": "application/json"},
            (200,),
        )
        if told is None:
            return
        for op, row in zip(ops, told["results"], strict=True):
            assert row["op_id"] == op["op_id"] and row["status"] in TAKEN, row
            self.told.operations[op["op_id"]] = op
            if op["kind"] == "answer":
                self.revs[op["item"]] = row["rev"]

    def _photo(self, turn: int) -> None:
        data = worlds.jpeg(turn % 200, (64, 48)) + uuid4().bytes + bytes(self.size)
        name = hashlib.sha256(data).hexdigest()
        told = self._until(
            "PUT",
            f"/api/v1/photos/{name}?inspection={self.visit}",
            data,
            {"Content-Type": "image/jpeg"},
            (201,),
        )
        if told is not None:
            assert told["sha256"] == name and told["size"] == len(data)
            self.told.photos.add(name)
            self._send([self._op("photo-link", ITEMS[0], 0, {"sha256": name})])

    def _until(
        self, method: str, address: str, body: bytes, headers: dict[str, str], good: tuple[int, ...]
    ) -> dict[str, Any] | None:
        """Send until it is taken; none when it is time to stop."""
        while not self.stop.is_set():
            began = time.monotonic()
            try:
                status, _, answer = ask(
                    self.port, method, address, body, {**OURS, "Cookie": self.cookie, **headers}
                )
            except OSError:
                self.told.cut += 1
                time.sleep(random.uniform(0.02, 0.2))
                continue
            self.told.statuses[status] = self.told.statuses.get(status, 0) + 1
            if status in good:
                waits = self.told.batches if method == "POST" else self.told.uploads
                waits.append(time.monotonic() - began)
                found: dict[str, Any] = json.loads(answer)
                return found
            if status == 401:  # the session is over: somebody signs in again, and it goes on
                self.cookie = signed_in(self.port)
                continue
            assert status == 503, (status, answer[:300])
            time.sleep(random.uniform(0.1, 0.5))
        return None


def _start() -> dict[str, Any]:
    return {
        "clinic_id": worlds.MISSION.id,
        "kind": "inspection",
        "purpose": "routine",
        "checklist_sha": "",
        "inspected_on": f"{datetime.now(UTC):%F}",
        "facts": {},
        "practitioners": [],
        "present": [],
    }


def faults(data: Path, tablets: list[Tablet]) -> list[str]:
    """What is wrong with what is kept, against what the tablets were told; empty when nothing is."""
    found = [f"a tablet was refused: {tablet.failed}" for tablet in tablets if tablet.failed]
    ledger = Ledger.open(data)
    try:
        chain = ledger.trail.verify()
        if not chain.sound:
            found.append(chain.words)
        found += _damage(data)
        stored = 0
        for tablet in tablets:
            kept = {row.change.op_id: row for row in ledger.inspections.operations(tablet.visit)}
            stored += len(kept)
            found += _lost(tablet, kept)
            found += _wrong_revisions(ledger, tablet, list(kept.values()))
        for name in sorted({name for tablet in tablets for name in tablet.told.photos}):
            original = ledger.photos.original(name) if ledger.photos.has(name) else None
            if original is None or hashlib.sha256(original.data).hexdigest() != name:
                found.append(f"photo {name[:8]} is not what was acknowledged")
        acknowledged = sum(len(tablet.told.operations) for tablet in tablets)
        if acknowledged * 2 < stored or not acknowledged:
            found.append(f"blind: {acknowledged} acknowledged, {stored} stored")
    finally:
        ledger.close()
    return found


def _lost(tablet: Tablet, kept: dict[str, Any]) -> list[str]:
    lost = []
    for op_id, op in tablet.told.operations.items():
        row = kept.get(op_id)
        if row is None:
            lost.append(f"operation {op_id[:8]} was acknowledged and is not there")
        elif dict(row.change.value) != op["value"] or row.change.seq != op["device_seq"]:
            lost.append(f"operation {op_id[:8]} is there with other content")
    return lost


def _wrong_revisions(ledger: Ledger, tablet: Tablet, rows: list[Any]) -> list[str]:
    revs: dict[str, int] = {}
    for row in rows:
        if row.change.kind == "answer" and row.status == APPLIED:
            if row.rev != revs.get(row.change.item, 0) + 1:
                return [f"revisions of {row.change.item} have a gap"]
            revs[row.change.item] = row.rev
    now = {key[0]: kept.rev for key, kept in ledger.inspections.answers(tablet.visit).items()}
    return [] if now == revs else [f"answers {now} and operations {revs} do not agree"]


def _damage(data: Path) -> list[str]:
    db = database.connect(data / database.LEDGER_FILE)
    try:
        words = [row[0] for row in db.execute("PRAGMA integrity_check")]
        foreign = db.execute("PRAGMA foreign_key_check").fetchall()
    finally:
        db.close()
    return [word for word in words if word != "ok"] + [f"{len(foreign)} rows point nowhere"] * bool(foreign)
