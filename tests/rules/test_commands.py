"""What the papers tell people to type exists."""

import re
import subprocess
from pathlib import Path

import pytest

from tests import needs

ROOT = Path(__file__).parents[2]
MAKEFILE = (ROOT / "Makefile").read_text("utf-8")
PAPERS = [path for path in (ROOT / "README.md", ROOT / "CONTRIBUTING.md") if path.exists()]
SCRIPTS = [ROOT / ".ci" / "run", *sorted((ROOT / "tests" / "tools").glob("*.sh"))]


@pytest.mark.parametrize("paper", PAPERS, ids=lambda path: path.name)
def test_every_make_target_of_the_papers_exists(paper):
    told = set(re.findall(r"(?:^|`)make ([a-z]+)", paper.read_text("utf-8"), re.MULTILINE))
    assert not told - set(re.findall(r"^([a-z]+):", MAKEFILE, re.MULTILINE))


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_scripts_can_be_read_by_their_shell(script):
    shell = needs.tool("bash" if "bash" in script.read_text("utf-8").splitlines()[0] else "sh")
    subprocess.run([shell, "-n", script], check=True)


def test_ci_leaves_nothing_out():
    text = (ROOT / ".ci" / "run").read_text("utf-8")
    assert "CLINIC_AUDIT_REQUIRE_ALL=1" in text
    assert "make test" in text
