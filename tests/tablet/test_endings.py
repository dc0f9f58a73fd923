"""Sudden ends: of the browser, of the server, of the room on the tablet. What was called saved is there afterwards."""

import contextlib
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Route

from tests import browsers, needs
from tests.tablet.yards import PORTAL, Tablet, Yard, jpeg

# Enough to see it break at once; TABLET_KILLS=200 before a release.
KILLS = int(os.environ.get("TABLET_KILLS", "5"))
WITHIN = 0.05


@contextlib.contextmanager
def profile(
    browser: Browser, folder: Path, worker: bool = False, options: tuple[str, ...] = ()
) -> Iterator[BrowserContext]:
    """A browser with a memory of its own, as a tablet has."""
    context = browsers.start_with_profile(
        browser.browser_type, folder, options, service_workers="allow" if worker else "block"
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
        tablet.enter()  # a browser that is killed forgets cookies, not what was called saved
        tablet.settled()
        assert len(yard.operations(visit)) == given


def test_the_app_starts_without_a_network_after_the_browser_was_closed(
    browser: Browser, yard: Yard, tmp_path: Path
):
    yard.front.heal()
    with profile(browser, tmp_path / "profile", worker=True) as context:
        tablet = Tablet(yard, context)
        tablet.enter()
        tablet.do("")
        tablet.controlled()
        context.set_offline(True)
        visit = tablet.start(answers=5)
        sha256 = tablet.photo(visit, jpeg(30))
    with profile(browser, tmp_path / "profile", worker=True) as context:
        context.set_offline(True)
        tablet = Tablet(yard, context)
        tablet.open(f"/visits/{visit}")
        tablet.page.locator("#outbox", has_text="8 items wait on this tablet").wait_for()
        context.set_offline(False)
        tablet.settled()
    assert len(yard.answers(visit)) == 5 and yard.links(visit) == [sha256]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def mortal(yard: Yard, port: int, *options: str) -> Iterator[subprocess.Popen[bytes]]:
    """A server in processes of its own, on the yard's data, that can be killed."""
    command = [
        sys.executable,
        "-m",
        "audit.cli",
        "serve",
        "--data",
        str(yard.data),
        "--port",
        str(port),
        "--workers",
        "1",
        *options,
    ]
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
        yield process
    finally:
        end(process)


def end(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    if process.stdout:
        process.stdout.close()


def dying_at(number: int, process: subprocess.Popen[bytes]) -> Callable[[Route], None]:
    """Kills the server while it has the request of that number in hand, however quick the machine is."""
    seen: list[str] = []

    def pass_on(route: Route) -> None:
        seen.append(route.request.url)
        route.continue_()
        if len(seen) == number:
            end(process)

    return pass_on


def test_a_server_killed_while_a_tablet_sends_has_everything_once_in_the_end(browser: Browser, yard: Yard):
    """Once while it has the answers in hand, once with the third photo."""
    port = free_port()
    with browser.new_context(service_workers="block") as context:
        tablet = Tablet(yard, context, f"http://127.0.0.1:{port}")
        visit, shas = "", []
        for address, number in (("**/ops", 1), ("**/api/v1/photos/*", 3)):
            with mortal(yard, port) as process:
                if not visit:
                    tablet.sign_in()
                    tablet.do("")
                    context.set_offline(True)
                    visit = tablet.start(answers=40)
                    shas = sorted(tablet.photo(visit, jpeg(number)) for number in range(30, 36))
                tablet.page.route(address, dying_at(number, process))
                context.set_offline(False)
                tablet.do("await outbox.sendNow()")
                assert process.poll() is not None, "killed on the way"
                tablet.page.unroute(address)
            left = tablet.send()
            assert left["phase"] == "offline" and left["waiting"] + left["photos"] > 0
        with mortal(yard, port):
            tablet.send()
            tablet.settled()
    assert len(yard.answers(visit)) == 40 and yard.links(visit) == shas
    assert len(yard.operations(visit)) == 47


@contextlib.contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """80 MB, and not a byte more."""
    folder.mkdir()
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=80m", "tmpfs", str(folder)], capture_output=True, check=False
    )
    if done.returncode:
        needs.missing("the right to mount a small disk", "run the tests as root")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_full_tablet_says_not_saved_and_goes_on_when_there_is_room(
    browser: Browser, yard: Yard, tmp_path: Path
):
    yard.front.heal()
    yard.front.fails = lambda method, path, _: PORTAL if path.startswith("/api/") else None
    with small_disk(tmp_path / "small") as disk, profile(browser, disk / "profile") as context:
        tablet = Tablet(yard, context)
        tablet.enter()
        visit = tablet.start(answers=3)
        free = os.statvfs(disk).f_bavail * os.statvfs(disk).f_frsize
        ballast = disk / "ballast"
        ballast.write_bytes(b"x" * max(0, free - 1_500_000))
        fault = tablet.do(
            """const words = Array.from({ length: 40 }, () =>
                btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(60_000))))).join("");
            try {
                await outbox.give(given, { kind: "answer", item: "x", value: { note: words } });
                return "saved";
            } catch (fault) { return fault.name; }""",
            visit,
        )
        assert fault != "saved"
        assert (tablet.now["phase"], tablet.now["waiting"]) == ("storage-failed", 4)
        tablet.page.locator("#outbox", has_text="Not saved: this tablet has no room").wait_for()
        ballast.unlink()
        tablet.answer(visit, 1, first=3)
        assert tablet.now["waiting"] == 5 and tablet.now["phase"] != "storage-failed"
        yard.front.heal()
        tablet.send()
        tablet.settled()
    assert len(yard.answers(visit)) == 4
