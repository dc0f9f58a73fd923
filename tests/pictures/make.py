"""Makes the pictures of the README from the running demo, so that they stay true: ``make pictures``."""

import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Page, ViewportSize, sync_playwright

from tests import browsers
from tests.demo import Demo, first_visit, running

HERE = Path(__file__).parent
TABLET: ViewportSize = {"width": 1024, "height": 768}


def main() -> None:
    with running() as demo, sync_playwright() as playwright, browsers.start(playwright.chromium) as browser:
        page = browser.new_context(viewport=TABLET, has_touch=True, device_scale_factor=1).new_page()
        take(page, demo)


def take(page: Page, demo: Demo) -> None:
    base = demo.base
    demo.enter(page, "inspector")
    page.goto(f"{base}/visits?state=running")
    visit = first_visit(page)
    page.goto(base + visit)
    shoot(page, "overview")
    page.goto(f"{base}{visit}/sections/needles")
    page.locator("label:visible", has_text="OUT").first.click()
    shoot(page, "section")
    page.goto(f"{base}/visits?state=sealed&text=Harbour")
    page.get_by_text("Critical finding open").first.click()
    shoot(page, "result")
    draw_report(page.url.rsplit("/", 1)[-1], demo.folder)


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
