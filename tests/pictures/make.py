"""Makes the pictures of the README from the running demo, so that they stay true: ``make pictures``."""

import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Page, ViewportSize, sync_playwright

HERE = Path(__file__).parent
TABLET: ViewportSize = {"width": 1024, "height": 768}
OPTIONS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--no-sandbox",
]
PATIENCE = 240  # seconds for the demo to load, on a busy machine


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        port = free_port()
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
        server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        try:
            sign_ins = said_by(server)
            with sync_playwright() as playwright:
                path = shutil.which("chromium") or playwright.chromium.executable_path
                chromium = playwright.chromium.launch(executable_path=path, args=OPTIONS)
                page = chromium.new_context(viewport=TABLET, has_touch=True, device_scale_factor=1).new_page()
                take(page, f"http://localhost:{port}", sign_ins["inspector"], Path(folder))
                chromium.close()
        finally:
            server.terminate()
            server.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def said_by(server: subprocess.Popen[str]) -> dict[str, tuple[str, str]]:
    """The demo's sign-ins by role, as the server prints them."""
    assert server.stdout is not None
    found: dict[str, tuple[str, str]] = {}
    until = time.monotonic() + PATIENCE
    while len(found) < 3 and time.monotonic() < until:
        words = server.stdout.readline().split()
        if len(words) == 3 and "@" in words[1]:
            found[words[0]] = words[1], words[2]
    return found


def take(page: Page, base: str, sign_in: tuple[str, str], folder: Path) -> None:
    page.goto(base)
    page.fill("input[name=login]", sign_in[0])
    page.fill("input[name=password]", sign_in[1])
    page.click("main button")
    page.goto(f"{base}/visits?state=running")
    running = first_visit(page)
    page.goto(base + running)
    shoot(page, "overview")
    page.goto(f"{base}{running}/sections/needles")
    page.locator("label:visible", has_text="OUT").first.click()
    shoot(page, "section")
    page.goto(f"{base}/visits?state=sealed")
    page.get_by_text("Critical finding open").first.click()
    shoot(page, "result")
    draw_report(page.url.rsplit("/", 1)[-1], folder)


def first_visit(page: Page) -> str:
    hrefs = [link.get_attribute("href") or "" for link in page.locator("main a").all()]
    return next(href for href in hrefs if re.fullmatch(r"/visits/[0-9a-f-]{36}", href))


def shoot(page: Page, name: str) -> None:
    page.wait_for_timeout(400)  # what moves has come to rest
    page.screenshot(path=HERE / f"{name}.png")


def draw_report(visit: str, folder: Path) -> None:
    """Page 1 of the record as a picture, and the whole record as the sample PDF."""
    pdf = HERE / "sample-record.pdf"
    command = [sys.executable, "-m", "audit.cli", "report", visit, "--kind", "record", "--paper", "a4"]
    subprocess.run([*command, "-o", str(pdf), "--data", str(folder)], check=True)
    subprocess.run(
        ["pdftoppm", "-r", "80", "-png", "-singlefile", str(pdf), str(HERE / "report")], check=True
    )


if __name__ == "__main__":
    main()
