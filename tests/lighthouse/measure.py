"""Lighthouse on the pages people wait for, on the running demo: ``make lighthouse``, or names of pages for some.

Fails below 100, and below 99 for performance. A page is measured up to three times and its best counts: whatever else
runs on the machine makes a page slower, nothing makes it faster.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from tests import browsers
from tests.demo import Demo, first_visit, running

HERE = Path(__file__).parent
TOOL = HERE / "node_modules" / "lighthouse" / "cli" / "index.js"
LOWEST = {"performance": 99, "accessibility": 100, "best-practices": 100}
CATEGORIES = tuple(LOWEST)
TRIES = 3
NUMBERS = ("total-byte-weight", "largest-contentful-paint", "total-blocking-time")
HEAD = f"{'page':<10}{'performance':>13}{'accessibility':>15}{'best-practices':>16}{'KB':>7}{'LCP ms':>8}{'TBT ms':>8}"


def main() -> int:
    with running() as demo:
        addresses, cookie = look(demo)
        print(HEAD)
        wanted = sys.argv[1:] or list(addresses)
        return sum(report(name, best(addresses[name], cookie, name)) for name in wanted)


def look(demo: Demo) -> tuple[dict[str, str], str]:
    """The pages by name, and the cookie that opens them."""
    base = demo.base
    with sync_playwright() as playwright, browsers.start(playwright.chromium) as browser:
        page = browser.new_page()
        demo.enter(page, "inspector")
        page.goto(f"{base}/visits?state=running")
        visit = f"{base}{first_visit(page)}"
        page.goto(f"{base}/visits?state=sealed")
        sealed = f"{base}{first_visit(page)}"
        page.goto(f"{base}/clinics?text=Harbour")
        clinic = f"{base}{page.locator('main .rows a').first.get_attribute('href')}"
        (cookie,) = [one for one in page.context.cookies() if one.get("name") == "session"]
    pages = {
        "sign-in": f"{base}/sign-in",
        "hub": visit,
        "section": f"{visit}/sections/needles",
        "result": f"{visit}/result",
        "sealed": sealed,
        "clinic": clinic,
    }
    return pages, f"session={cookie.get('value')}"


def best(url: str, cookie: str, name: str) -> dict[str, Any]:
    """The best of some tries; one that Lighthouse itself gave up is none, unless all were."""
    found: list[dict[str, Any]] = []
    for turn in range(TRIES):
        try:
            found.append(measure(url, cookie, name))
        except subprocess.CalledProcessError as error:
            print(f"    {name}: no result at try {turn + 1}: {error.stderr.strip()[-200:]}", flush=True)
            continue
        if not too_low(found[-1]):
            break
    if not found:
        raise SystemExit(f"Lighthouse gave no result for {name}")
    return max(found, key=lambda one: float(one["categories"]["performance"]["score"] or 0))


def too_low(result: dict[str, Any]) -> bool:
    """Whether a category is below what it must be."""
    return any(score_of(result, name) < lowest for name, lowest in LOWEST.items())


def score_of(result: dict[str, Any], category: str) -> int:
    return round((result["categories"][category]["score"] or 0) * 100)


def measure(url: str, cookie: str, name: str) -> dict[str, Any]:
    """Lighthouse's findings on one page, as on a middling phone with a slow network."""
    installed = shutil.which("chromium") or shutil.which("chromium-headless-shell")
    chrome = installed or os.environ.get("CHROME_PATH", "")
    headers = {} if name == "sign-in" else {"Cookie": cookie}
    command = [
        "node",
        str(TOOL),
        url,
        "--quiet",
        "--output=json",
        f"--only-categories={','.join(CATEGORIES)}",
        f"--chrome-flags=--headless=new {' '.join(browsers.OPTIONS)}",
        f"--extra-headers={json.dumps(headers)}",
    ]
    ran = subprocess.run(
        command, capture_output=True, text=True, check=True, env={**os.environ, "CHROME_PATH": chrome}
    )
    found: dict[str, Any] = json.loads(ran.stdout)
    return found


def report(name: str, result: dict[str, Any]) -> bool:
    """Print the line of a page, and what cost points; whether anything is below what it must be."""
    audits = result["audits"]
    scores = [score_of(result, one) for one in CATEGORIES]
    size, paint, blocked = (audits[one].get("numericValue", 0) for one in NUMBERS)
    line = f"{name:<10}{scores[0]:>13}{scores[1]:>15}{scores[2]:>16}{size / 1000:>7.0f}{paint:>8.0f}{blocked:>8.0f}"
    print(line, flush=True)
    if not too_low(result):
        return False
    for key, audit in audits.items():
        if isinstance(audit.get("score"), int | float) and audit["score"] < 0.9:
            print(f"    {key}: {audit.get('displayValue') or audit['title']}", flush=True)
    return True


if __name__ == "__main__":
    sys.exit(main())
