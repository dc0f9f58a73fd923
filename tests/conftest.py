"""Fixtures for every room. What only one room needs belongs into that room's own conftest.py."""

import os
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from hypothesis import settings
from jinja2 import FileSystemBytecodeCache
from playwright.sync_api import Browser, expect, sync_playwright
from werkzeug.routing import Rule

from audit.web import assets
from audit.web.assets import FOLDER, Assets
from tests import browsers, needs, sharing

# A slow machine is no fault of the code, and CI must find the same thing twice.
settings.register_profile("here", deadline=None, print_blob=True)
settings.register_profile("ci", parent=settings.get_profile("here"), derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "here")

expect.set_options(timeout=60_000)


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody's own CLINIC_AUDIT_ settings may change what a test sees."""
    for name in os.environ:
        if name.startswith("CLINIC_AUDIT_") and name != "CLINIC_AUDIT_REQUIRE_ALL":
            monkeypatch.delenv(name)


@pytest.fixture(scope="session", autouse=True)
def _templates_are_compiled_once(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Each app has an environment of its own; compiling every page again took a third of the web tests' time."""
    folder = sharing.common_folder(tmp_path_factory) / "templates"
    folder.mkdir(exist_ok=True)  # of all workers: what is written there is put in place whole
    Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": FileSystemBytecodeCache(str(folder))}


class ReadOnce(Assets):
    """The static files of the product, read and packed for the first app and copied for each."""

    def __init__(self, folder: Path = FOLDER, pages: Iterable[Path] = ()) -> None:
        if folder != FOLDER:
            super().__init__(folder, pages)
            return
        first = _first_read(tuple(pages))
        self.build, self.address, self.files = first.build, dict(first.address), dict(first.files)


@cache
def _first_read(pages: tuple[Path, ...]) -> Assets:
    return Assets(pages=pages)


@pytest.fixture(scope="session", autouse=True)
def _static_files_are_read_once() -> Iterator[None]:
    """Packing them took half the time of making an app, and each test has its own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(assets, "Assets", ReadOnce)
        yield


class LateRule(Rule):
    """A route that works out how its addresses are made when somebody first asks for one."""

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        compiled = super()._compile_builder
        made: list[Callable[..., tuple[str, str]]] = []

        def build(rule: Rule, *given: Any, **named: Any) -> tuple[str, str]:
            if not made:
                made.append(compiled(append_unknown))
            return made[0](rule, *given, **named)

        return build


@pytest.fixture(scope="session", autouse=True)
def _routes_are_worked_out_late() -> None:
    """Each test has an app of its own with all its routes, of which it uses a few: that took 100 ms of every one."""
    Flask.url_rule_class = LateRule


@pytest.fixture(scope="session")
def require_tool() -> Callable[[str], str]:
    """require_tool("qpdf") gives the program's path, or says loudly that the test did not run."""
    return needs.tool


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A Chromium for the whole run: the system's, else Playwright's own. Open a context of your own in it."""
    with sync_playwright() as playwright:
        if browsers.program(playwright.chromium) is None:
            needs.missing("chromium", "make tools")
        with browsers.start(playwright.chromium) as chromium:
            yield chromium


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> Iterator[None]:
    """Say last, and so that it cannot be overlooked, what could not run for want of a program."""
    yield
    why: dict[str, int] = {}
    for report in terminalreporter.stats.get("skipped", []):
        reason = str(report.longrepr[2]) if isinstance(report.longrepr, tuple) else ""
        if needs.NOT_RUN in reason:
            words = reason.split(needs.NOT_RUN, 1)[1]
            why[words] = why.get(words, 0) + 1
    if not why:
        return
    terminalreporter.section("NOT EVERYTHING WAS TESTED", sep="!", red=True, bold=True)
    for words, times in sorted(why.items()):
        terminalreporter.line(f"{times} tests did not run: {words}", red=True)
