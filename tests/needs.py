"""Programs that a test cannot do without, and what happens when one is missing.

A test that misses its program is skipped and named at the end of the run. With CLINIC_AUDIT_REQUIRE_ALL=1, as in
CI, it fails instead: nothing is left out there without anybody noticing.
"""

import os
import shutil
from typing import NoReturn

import pytest

# Every reason for such a skip begins with this, so that the end of the run can tell it from others.
NOT_RUN = "NOT RUN: "

# The Debian package that brings a program, where its name is another one.
PACKAGES = {"pdftotext": "poppler-utils", "pdftoppm": "poppler-utils", "pdfinfo": "poppler-utils",
            "pdffonts": "poppler-utils", "pdfimages": "poppler-utils", "pdfsig": "poppler-utils",
            "java": "default-jdk-headless", "javac": "default-jdk-headless"}  # fmt: skip


def missing(what: str, remedy: str) -> NoReturn:
    """Skip the running test loudly, or fail it where nothing may be left out."""
    words = f"{NOT_RUN}{what} is not installed ({remedy})"
    if os.environ.get("CLINIC_AUDIT_REQUIRE_ALL") == "1":
        pytest.fail(words, pytrace=False)
    pytest.skip(words)


def tool(name: str) -> str:
    """The path of an installed program, e.g. tool("qpdf")."""
    path = shutil.which(name)
    if path is None:
        missing(name, f"apt-get install {PACKAGES.get(name, name)}")
    return path
