"""Draws the icons of a home screen from the product's own one: python -m tests.pictures.icons"""

import re
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests import browsers

STATIC = Path(__file__).parents[2] / "audit" / "web" / "static"
GROUND = "#0B5D6B"
# name -> size, on which ground, share of the width. A maskable one may lose everything outside the middle 80 %.
ICONS = {
    "icon-192.png": (192, "transparent", 1.0),
    "icon-512.png": (512, "transparent", 1.0),
    "icon-maskable-512.png": (512, GROUND, 0.8),
    "apple-touch-icon.png": (180, GROUND, 0.9),
}


def main() -> None:
    mark = (STATIC / "icon.svg").read_text("utf-8")
    with sync_playwright() as playwright:
        browser = browsers.start(playwright.chromium)
        for name, (size, ground, share) in ICONS.items():
            page = browser.new_page(viewport={"width": size, "height": size})
            width = round(size * share)
            drawn = re.sub("<svg ", f'<svg width="{width}" height="{width}" ', mark, count=1)
            page.set_content(
                f'<body style="margin:0;height:100vh;display:grid;place-items:center;background:{ground}">{drawn}'
            )
            page.screenshot(path=STATIC / name, omit_background=ground == "transparent")
        browser.close()


if __name__ == "__main__":
    main()
