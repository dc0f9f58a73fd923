"""The demo as it runs, for whoever wants to look at it: the README's pictures, Lighthouse."""

import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page

PATIENCE = 240  # seconds for the demo to load, on a busy machine
ROLES = 3


@dataclass(frozen=True)
class Demo:
    """Where it answers, its data folder, and login and password of each role."""

    base: str
    folder: Path
    sign_ins: dict[str, tuple[str, str]]

    def enter(self, page: Page, role: str) -> None:
        login, password = self.sign_ins[role]
        page.goto(self.base)
        page.fill("input[name=login]", login)
        page.fill("input[name=password]", password)
        page.click("main button")


@contextmanager
def running() -> Iterator[Demo]:
    """A demo of its own on a free port; it and its folder are gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        port = _free_port()
        command = [
            sys.executable,
            "-m",
            "audit.cli",
            "serve",
            "--demo",
            "--data",
            folder,
            "--port",
            str(port),
        ]
        server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        try:
            yield Demo(f"http://localhost:{port}", Path(folder), _said_by(server))
        finally:
            server.terminate()
            server.wait()


def first_visit(page: Page) -> str:
    """The address of the first visit in a list."""
    hrefs = [link.get_attribute("href") or "" for link in page.locator("main a").all()]
    return next(href for href in hrefs if re.fullmatch(r"/visits/[0-9a-f-]{36}", href))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _said_by(server: subprocess.Popen[str]) -> dict[str, tuple[str, str]]:
    """The sign-ins by role, as the server prints them."""
    assert server.stdout is not None
    found: dict[str, tuple[str, str]] = {}
    until = time.monotonic() + PATIENCE
    while len(found) < ROLES and time.monotonic() < until:
        words = server.stdout.readline().split()
        if len(words) == 3 and "@" in words[1]:
            found[words[0]] = words[1], words[2]
    return found
