"""On the tablet: from a tap to the word that it is safe, and from nothing to the app without a network.

A tap is to be called saved within 300 ms, the app is to start without a network within 2 s, with at most 150 KB of code.
The server runs in the same process, and the load of the machine is printed.
"""

import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from playwright.sync_api import Browser, sync_playwright

from audit.operations import passwords
from tests import browsers
from tests.tablet import yards
from tests.tablet.pages import Pages
from tests.tablet.yards import Tablet, Yard

VISITS, STARTS = 3, 5
GOAL_MS, GOAL_START_S, GOAL_KB = 300, 2.0, 150
UNTIL_SAVED = """async (label) => {
    const unit = label.closest(".unit"), saved = unit.querySelector(".saved"), start = performance.now();
    label.click();
    while (!/^Saved/.test(saved.textContent)) await new Promise((go) => setTimeout(go, 2));
    return performance.now() - start;
}"""


def main() -> None:
    passwords.hashing = passwords.CHEAP
    with (
        tempfile.TemporaryDirectory() as folder,
        yards.serving(yards.build(Path(folder) / "data")) as yard,
        sync_playwright() as playwright,
        browsers.start(playwright.chromium) as browser,
    ):
        measure(browser, yard)


def measure(browser: Browser, yard: Yard) -> None:
    context = browser.new_context(viewport=yards.SIZE, has_touch=True)
    tablet = Tablet(yard, context)
    tablet.sign_in()
    tablet.do("")
    tablet.controlled()
    visits = [tablet.start() for _ in range(VISITS)]
    tablet.settled()
    print(f"load of the machine {os.getloadavg()[0]:.1f}")
    waits = [wait for visit in visits for wait in taps(Pages(tablet, visit))]
    print(
        f"tap to saved: median {statistics.median(waits):.0f} ms, 95 of 100 within"
        f" {statistics.quantiles(waits, n=20)[-1]:.0f} ms (goal {GOAL_MS})"
    )
    context.set_offline(True)
    begun = [start(tablet, visits[0]) for _ in range(STARTS)]
    print(f"start without a network: {statistics.median(begun):.2f} s (goal {GOAL_START_S})")
    files = [asset for name, asset in yard.assets.files.items() if name.endswith(".js")]
    sent = sum(len(asset.packed or asset.body) for asset in files) / 1000
    print(
        f"code over the wire: {sent:.0f} KB (goal {GOAL_KB}), {sum(len(one.body) for one in files) / 1000:.0f} KB raw"
    )


def taps(pages: Pages) -> list[float]:
    """In milliseconds: each answer of a section marked for the first time."""
    page = pages.section("premises")
    marks = page.locator(".unit > fieldset .marks")
    return [marks.nth(turn).locator("label").first.evaluate(UNTIL_SAVED) for turn in range(marks.count())]


def start(tablet: Tablet, visit: str) -> float:
    begun = time.monotonic()
    tablet.open(f"/visits/{visit}")
    tablet.page.locator("main[data-drawn] h1").wait_for()
    return time.monotonic() - begun


if __name__ == "__main__":
    main()
