"""Sudden ends: of the browser, of the server, of the room on the tablet. What was called saved is there afterwards."""

import contextlib
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Error

from tests.tablet.yards import PORTAL, Tablet, Yard, jpeg

# More for a release: CLINIC_AUDIT_KILLS is no setting of the program.
KILLS = int(os.environ.get("TABLET_KILLS", "20"))
WITHIN = 0.05


@contextlib.contextmanager
def profile(browser: Browser, folder: Path) -> Iterator[BrowserContext]:
    """A browser with a memory of its own, as a tablet has."""
    options = ["--disable-gpu", "--no-first-run", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    context = browser.browser_type.launch_persistent_context(
        folder, executable_path=shutil.which("chromium"), args=options
    )
    try:
        yield context
    finally:
        with contextlib.suppress(Error):
            context.close()


def processes_of(folder: Path) -> list[int]:
    """Every process of the browser that uses this profile."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                if str(folder).encode() in (entry / "cmdline").read_bytes():
                    found.append(int(entry.name))
    return found


def kill(pids: list[int]) -> None:
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


@pytest.mark.timeout(60 + 20 * KILLS)
def test_what_is_called_saved_survives_the_end_of_the_browser(browser: Browser, yard: Yard, tmp_path: Path):
    """Killed within 50 ms of the word, again and again; not one operation is missing, none is half there."""
    chance, given = random.Random(4), 0
    visit = ""
    yard.front.heal()
    yard.front.fails = lambda method, path, _: PORTAL if path.startswith("/api/") else None
    for turn in range(KILLS):
        with profile(browser, tmp_path / "profile") as context:
            tablet = Tablet(yard, context)
            if turn:
                tablet.open("/tablet/outbox")
            else:
                tablet.enter()
            kept = tablet.do("return (await store.waitingOps()).length")
            assert kept == given, f"turn {turn}"
            if not visit:
                visit, given = tablet.start(), 1
            pids = processes_of(tmp_path / "profile")
            for _ in range(chance.randint(1, 3)):
                tablet.answer(visit, 1, first=given % len(yard.items), mark="IN")
                given += 1
            time.sleep(chance.random() * WITHIN)
            kill(pids)
    yard.front.heal()
    with profile(browser, tmp_path / "profile") as context:
        tablet = Tablet(yard, context)
        tablet.open("/visits")
        tablet.settled()
        assert len(yard.operations(visit)) == given


def test_the_app_starts_without_a_network_after_the_browser_was_closed(
    browser: Browser, yard: Yard, tmp_path: Path
):
    yard.front.heal()
    with profile(browser, tmp_path / "profile") as context:
        tablet = Tablet(yard, context)
        tablet.enter()
        tablet.do("")
        tablet.controlled()
        context.set_offline(True)
        visit = tablet.start(answers=5)
        sha256 = tablet.photo(visit, jpeg(30))
    with profile(browser, tmp_path / "profile") as context:
        context.set_offline(True)
        tablet = Tablet(yard, context)
        begun = time.monotonic()
        tablet.open(f"/visits/{visit}")
        tablet.page.locator("#outbox", has_text="8 items wait on this tablet").wait_for()
        print(f"\nstarted without a network in {time.monotonic() - begun:.2f} s")
        context.set_offline(False)
        tablet.settled()
    assert len(yard.answers(visit)) == 5 and yard.links(visit) == [sha256]


@contextlib.contextmanager
def second_server(yard: Yard) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """A server in a process of its own, on the same data, that can be killed."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "audit.cli", "serve", "--data", str(yard.data), "--port", str(port)]
    root = Path(__file__).parents[2]
    process = subprocess.Popen(
        command,
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root)},
        start_new_session=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    try:
        assert process.stdout and b"ready" in process.stdout.readline()
        yield f"http://127.0.0.1:{port}", process
    finally:
        end(process)


def end(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    if process.stdout:
        process.stdout.close()


def test_a_server_killed_while_a_tablet_sends_has_everything_once_in_the_end(yard: Yard, pad):
    tablet = pad()
    with second_server(yard) as (url, process):
        # The same tablet, through the server that is going to die.
        tablet.context.route(
            "**/api/v1/**", lambda route: route.continue_(url=route.request.url.replace(yard.url, url))
        )
        tablet.context.set_offline(True)
        visit = tablet.start(answers=40)
        sha256 = tablet.photo(visit, jpeg(31))
        for number in range(32, 36):
            tablet.photo(visit, jpeg(number))
        tablet.context.set_offline(False)
        tablet.do("void outbox.sendNow()")
        tablet.page.wait_for_timeout(60)
        end(process)
        tablet.page.wait_for_timeout(200)
        left = tablet.now
        assert left["waiting"] + left["photos"] > 0
    tablet.context.unroute("**/api/v1/**")
    tablet.send()
    tablet.settled()
    assert len(yard.answers(visit)) == 40 and sha256 in yard.links(visit) and len(yard.links(visit)) == 5
    assert len(yard.operations(visit)) == 46


def test_a_full_tablet_says_not_saved_and_goes_on_when_there_is_room(yard: Yard, pad):
    tablet = pad()
    yard.front.fails = lambda method, path, _: PORTAL if path.startswith("/api/") else None
    visit = tablet.start(answers=3)
    remote = tablet.context.new_cdp_session(tablet.page)
    used = tablet.page.evaluate("async () => (await navigator.storage.estimate()).usage")
    remote.send("Storage.overrideQuotaForOrigin", {"origin": yard.url, "quotaSize": used + 40_000})
    fault = tablet.do(
        """const bytes = crypto.getRandomValues(new Uint8Array(60_000));
        const words = Array.from({ length: 40 }, () => btoa(String.fromCharCode(...bytes))).join("");
        try {
            for (let turn = 0; turn < 20; turn++) {
                await outbox.give(given, { kind: "answer", item: "x", value: { note: words } });
            }
            return "saved";
        } catch (fault) { return fault.name; }""",
        visit,
    )
    assert fault != "saved"
    assert tablet.now["phase"] == "storage-failed" and tablet.now["waiting"] == 4
    tablet.page.locator("#outbox", has_text="Not saved: this tablet has no room").wait_for()
    remote.send("Storage.overrideQuotaForOrigin", {"origin": yard.url})
    tablet.answer(visit, 1, first=3)
    assert tablet.now["waiting"] == 5 and tablet.now["phase"] != "storage-failed"
    yard.front.heal()
    tablet.send()
    tablet.settled()
    assert len(yard.answers(visit)) == 4
