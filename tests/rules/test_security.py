"""SECURITY.md keeps its word: every requirement has one line, every test it names exists, every deviation has a reason."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAPER = (ROOT / "SECURITY.md").read_text("utf-8")
REQUIREMENT = re.compile(r"\b\d+\.\d+\.\d+\b")
TEST = re.compile(r"`([a-z_/]+\.py)::(test_\w+)`")
STATES = {"met", "n/a", "deviation"}


def asked() -> list[str]:
    lines = (Path(__file__).with_name("asvs.txt")).read_text("utf-8").splitlines()
    rows = [line.partition(": ") for line in lines if not line.startswith("#")]
    return [f"{section}.{number}" for section, _, numbers in rows for number in numbers.split()]


def told() -> list[tuple[list[str], str, str]]:
    """(requirements, state, why) of every line of the table."""
    table = PAPER.partition("## OWASP ASVS")[2]
    rows = [
        [cell.strip() for cell in line.strip("|").split("|", 2)]
        for line in table.splitlines()
        if line.startswith("|")
    ]
    return [
        (REQUIREMENT.findall(first), state, why) for first, state, why in rows if REQUIREMENT.search(first)
    ]


def test_every_requirement_has_exactly_one_line():
    found = [one for requirements, _, _ in told() for one in requirements]
    assert len(asked()) == 253
    assert sorted(found) == sorted(asked())


def test_every_line_has_a_state_and_its_reason():
    for requirements, state, why in told():
        assert state in STATES and len(why) > 8, requirements
        shown = TEST.search(why) or re.search(
            r"this paper|by design|make security|clinic-audit|checklists", why
        )
        assert state != "met" or shown, requirements


def test_every_test_that_is_named_exists():
    named = TEST.findall(PAPER)
    assert len(named) > 80
    lacking = []
    for file, test in sorted(set(named)):
        path = ROOT / "tests" / file
        tree = ast.parse(path.read_text("utf-8")) if path.exists() else ast.Module([], [])
        names = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
        if test not in names:
            lacking.append(f"{file}::{test}")
    assert not lacking
