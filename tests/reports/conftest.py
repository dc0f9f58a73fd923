"""Photos take longest to make, so all tests that do not touch them share one set."""

from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def photos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for drawn photos, kept for the run."""
    return tmp_path_factory.mktemp("photos")
