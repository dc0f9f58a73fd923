"""What takes long to make is made once for all workers of a run; each takes a copy."""

import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

PATIENCE = 600  # seconds for another worker to finish


def common_folder(factory: pytest.TempPathFactory) -> Path:
    """The run's own folder, above those of its workers."""
    folder = factory.getbasetemp()
    return folder.parent if folder.name.startswith("popen-") else folder


def once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """A copy of the folder that ``make`` fills, wherever in the run it was filled first."""
    common = common_folder(factory)
    whole, draft = common / f"shared-{name}", common / f"shared-{name}-draft"
    until = time.monotonic() + PATIENCE
    while not whole.exists():
        assert time.monotonic() < until, f"{whole} was not made by the one who began it"
        try:
            draft.mkdir()
        except FileExistsError:
            time.sleep(0.2)  # another worker is at it
            continue
        try:
            if not whole.exists():  # it may have been finished since we looked
                make(draft)
                draft.rename(whole)
        finally:
            shutil.rmtree(draft, ignore_errors=True)
    return shutil.copytree(whole, factory.mktemp(name) / name)


def demo(folder: Path) -> None:
    """Loads the demo, in a process of its own: nothing of it stays open."""
    subprocess.run([sys.executable, "-m", "audit.cli", "demo", "--data", folder / "demo"], check=True)
