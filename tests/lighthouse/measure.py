"""Lighthouse on the five pages people wait for, on the running demo: ``make lighthouse``. Fails below 100."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from tests.pictures.make import OPTIONS, first_visit, free_port, said_by

HERE = Path(__file__).parent
TOOL = HERE / "node_modules" / "lighthouse" / "cli" / "index.js"
CATEGORIES = ("performance", "accessibility", "best-practices")
NUMBERS = ("total-byte-weight", "largest-contentful-paint")
HEAD = f"{'page':<10}{'performance':>13}{'accessibility':>15}{'best-practices':>16}{'KB':>7}{'LCP ms':>8}"


def main() -> int:
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
        server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        try:
            sign_in = said_by(server)["inspector"]
            addresses, cookie = look(f"http://localhost:{port}", sign_in)
            print(HEAD)
            return sum(report(name, measure(url, cookie, name)) for name, url in addresses.items())
        finally:
            server.terminate()
            server.wait()


def look(base: str, sign_in: tuple[str, str]) -> tuple[dict[str, str], str]:
    """The pages by name, and the cookie that opens them."""
    with sync_playwright() as playwright:
        path = shutil.which("chromium") or playwright.chromium.executable_path
        chromium = playwright.chromium.launch(executable_path=path, args=OPTIONS)
        page = chromium.new_page()
        page.goto(base)
        page.fill("input[name=login]", sign_in[0])
        page.fill("input[name=password]", sign_in[1])
        page.click("main button")
        page.goto(f"{base}/visits?state=running")
        running = f"{base}{first_visit(page)}"
        page.goto(f"{base}/visits?state=sealed")
        sealed = f"{base}{first_visit(page)}"
        page.goto(f"{base}/clinics?text=Harbour")
        clinic = f"{base}{page.locator('main .rows a').first.get_attribute('href')}"
        (cookie,) = [one for one in page.context.cookies() if one.get("name") == "session"]
        chromium.close()
    pages = {
        "sign-in": f"{base}/sign-in",
        "hub": running,
        "section": f"{running}/sections/needles",
        "result": f"{running}/result",
        "sealed": sealed,
        "clinic": clinic,
    }
    return pages, f"session={cookie.get('value')}"


def measure(url: str, cookie: str, name: str) -> dict[str, Any]:
    """Lighthouse's findings on one page, as on a middling phone with a slow network."""
    chrome = shutil.which("chromium") or os.environ.get("CHROME_PATH", "")
    headers = {} if name == "sign-in" else {"Cookie": cookie}
    command = [
        "node",
        str(TOOL),
        url,
        "--quiet",
        "--output=json",
        f"--only-categories={','.join(CATEGORIES)}",
        f"--chrome-flags=--headless=new {' '.join(OPTIONS)}",
        f"--extra-headers={json.dumps(headers)}",
    ]
    ran = subprocess.run(
        command, capture_output=True, text=True, check=True, env={**os.environ, "CHROME_PATH": chrome}
    )
    found: dict[str, Any] = json.loads(ran.stdout)
    return found


def report(name: str, result: dict[str, Any]) -> bool:
    """Print the line of a page, and what cost points; whether anything is below 100."""
    categories, audits = result["categories"], result["audits"]
    scores = [round(categories[one]["score"] * 100) for one in CATEGORIES]
    size, paint = (audits[one]["numericValue"] for one in NUMBERS)
    line = f"{name:<10}{scores[0]:>13}{scores[1]:>15}{scores[2]:>16}{size / 1000:>7.0f}{paint:>8.0f}"
    print(line, flush=True)
    if min(scores) == 100:
        return False
    for key, audit in audits.items():
        if isinstance(audit.get("score"), int | float) and audit["score"] < 0.9:
            print(f"    {key}: {audit.get('displayValue') or audit['title']}", flush=True)
    return True


if __name__ == "__main__":
    sys.exit(main())
