"""No version with a known weakness is installed, locked or allowed."""

import tomllib
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

ROOT = Path(__file__).parents[2]
FLOORS = tomllib.loads((Path(__file__).with_name("floors.toml")).read_text("utf-8"))
PACKAGES = {name: entry for name, entry in FLOORS.items() if name != "sqlite"}
DECLARED = {
    requirement.name.lower(): requirement
    for requirement in map(
        Requirement, tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
    )
}


def test_every_floor_has_a_reason():
    assert all(entry.keys() == {"floor", "reason"} and entry["reason"] for entry in FLOORS.values())


@pytest.mark.parametrize("name", PACKAGES)
def test_what_is_installed_is_not_below_its_floor(name):
    requirement = DECLARED[name]
    if requirement.marker and not requirement.marker.evaluate():
        pytest.skip(f"{name} is not for this platform")
    assert Version(metadata.version(name)) >= Version(PACKAGES[name]["floor"]), PACKAGES[name]["reason"]


@pytest.mark.parametrize("name", PACKAGES)
def test_what_is_allowed_is_not_below_its_floor(name):
    """A wheel installed without the lock file must not bring an older one either."""
    lowest = [Version(part.version) for part in DECLARED[name].specifier if part.operator in (">=", "==")]
    assert lowest, f"pyproject.toml gives no lowest version of {name}"
    assert min(lowest) >= Version(PACKAGES[name]["floor"]), PACKAGES[name]["reason"]


def test_the_database_library_is_not_below_its_floor():
    try:
        from pysqlite3 import dbapi2 as sqlite  # as the store does
    except ImportError:
        import sqlite3 as sqlite
    assert Version(sqlite.sqlite_version) >= Version(FLOORS["sqlite"]["floor"]), FLOORS["sqlite"]["reason"]
