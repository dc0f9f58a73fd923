"""The Chromium that tests, pictures and measurements drive: which program it is and how it is started.

Debian's headless shell draws the same pages with the same engine as its browser, for a third less of the processor;
the browser itself does where there is no shell, else the one that Playwright brought.
"""

import os
import shutil
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, BrowserType

OPTIONS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# The sandbox cannot be had by root; nobody else goes without it.
if hasattr(os, "geteuid") and os.geteuid() == 0:
    OPTIONS.append("--no-sandbox")

# Whoever waits for things to stand still waits a third less where nothing glides; what glides has tests that ask for it.
STILL = "--force-prefers-reduced-motion"


def program(chromium: BrowserType) -> str | None:
    """The path of an installed browser; None if there is none."""
    installed = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    if installed:
        return installed
    own = chromium.executable_path
    return own if Path(own).exists() else None


def start(chromium: BrowserType) -> Browser:
    """A browser whose windows share nothing."""
    return chromium.launch(executable_path=program(chromium), args=[*OPTIONS, STILL])


def start_with_profile(
    chromium: BrowserType, folder: Path, more: tuple[str, ...] = (), **how: Any
) -> BrowserContext:
    """A browser with a memory of its own on disk, as a tablet has; ``how`` goes to its only context."""
    return chromium.launch_persistent_context(
        folder, executable_path=program(chromium), args=[*OPTIONS, STILL, *more], **how
    )
