"""The first five minutes: from an empty folder by the printed link to the first visit, with scripts and without."""

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

PATIENCE = 60
PASSWORD = "seven quiet herons wade"


@pytest.fixture
def printed(tmp_path: Path) -> Iterator[str]:
    """A server on a folder that is not there yet; gives the set-up link it printed."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    out = tmp_path / "out"
    command = [
        sys.executable,
        "-m",
        "audit.cli",
        "serve",
        "--data",
        str(tmp_path / "data"),
        "--port",
        str(port),
    ]
    with out.open("w") as said:
        server = subprocess.Popen(
            [*command, "--workers", "1"], stdout=said, stderr=subprocess.STDOUT, env={**os.environ}
        )
    try:
        until = time.monotonic() + PATIENCE
        while not (found := re.search(r"http://localhost:\d+/set-up\?key=\S+", out.read_text())):
            assert time.monotonic() < until and server.poll() is None, out.read_text()
            time.sleep(0.1)
        yield found[0]
    finally:
        server.terminate()
        server.wait(PATIENCE)


def following(page: Page, words: str) -> None:
    """The page says that this comes next: the one that a press led to, as soon as it is there."""
    expect(page.get_by_role("navigation", name="First steps").locator("p")).to_contain_text(words)


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_from_an_empty_folder_to_the_first_visit(browser: Browser, printed: str, scripts: bool) -> None:
    base = printed.partition("/set-up")[0]
    office = browser.new_context(java_script_enabled=scripts)
    page = office.new_page()
    page.goto(printed)
    expect(page.get_by_text("Step 1 of 5")).to_be_visible()
    page.get_by_label("Your name").fill("Ada Lind")
    page.get_by_label("Login").fill("ada@agency.example")
    page.get_by_label("Password", exact=True).fill("short")
    page.get_by_role("button", name="Go on to the agency").click()
    expect(page.get_by_role("alert")).to_contain_text("at least 15 characters")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Go on to the agency").click()

    following(page, "Name the agency")
    page.get_by_label("Name").fill("Bay County Health")
    page.get_by_label("Time zone").fill("America/Los_Angeles")
    page.get_by_role("button", name="Save").click()

    following(page, "Add the first clinic")
    page.get_by_role("link", name="Add the first clinic").click()
    page.get_by_label("Name").fill("Scalp Studio North")
    page.get_by_label("Jurisdiction").select_option("us-ca")
    page.get_by_role("button", name="Save the clinic").click()

    following(page, "Add an inspector")
    page.get_by_role("link", name="Add an inspector").click()
    page.get_by_label("Name").fill("Ines Field")
    page.get_by_label("Login").fill("ines@agency.example")
    page.get_by_role("button", name="Add the person").click()
    link = page.get_by_label("Link").input_value()
    page.get_by_role("link", name="Done").click()
    following(page, "The inspector starts it")

    again = browser.new_context().new_page()
    assert (answer := again.goto(printed)) and answer.status == 404
    again.context.close()

    tablet = browser.new_context(java_script_enabled=scripts)
    page = tablet.new_page()
    page.goto(link)
    page.get_by_label("New password").fill(PASSWORD)
    page.get_by_role("button", name="Save and sign in").click()
    page.wait_for_url(f"{base}/visits")
    page.get_by_role("link", name="Choose a clinic").click()
    page.get_by_role("link", name="Scalp Studio North").click()
    page.get_by_role("link", name="Start an inspection").click()
    page.get_by_role("button", name="Start").click()
    expect(page.get_by_role("heading", name="Sections")).to_be_visible()
    assert page.get_by_role("navigation", name="First steps").count() == 0
    tablet.close()
    office.close()
