"""The tablet's rules stand alone: they see no page, no storage and no clock, and say only what the server says."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ENGINE = ROOT / "audit" / "web" / "static" / "tablet" / "engine"
MODULES = sorted(ENGINE.glob("*.js"))
OUTSIDE = re.compile(
    r"\b(?:document|window|localStorage|sessionStorage|indexedDB|caches|fetch|navigator|location|setTimeout"
    r"|setInterval|performance|console|eval)\b|\bself\.|Math\.random|Date\.now|new Date\(\)|import\("
)
IMPORT = re.compile(r'^(?:import|export) [^"\n]*from "([^"]+)";$', re.MULTILINE)
SAID = re.compile(r'\b(?:say|several)\(\s*("(?:[^"\\]|\\.)*")(?:,\s*("(?:[^"\\]|\\.)*"))?')
COMMENT = re.compile(r"/\*[\s\S]*?\*/|^\s*//.*$", re.MULTILINE)


def code(path: Path) -> str:
    return COMMENT.sub("", path.read_text("utf-8"))


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_no_module_reaches_outside(path):
    assert not OUTSIDE.findall(code(path))
    for name in IMPORT.findall(path.read_text("utf-8")):
        assert name.startswith("./") and (ENGINE / name).is_file(), name


def test_every_module_is_used():
    found = {name.removeprefix("./") for path in MODULES for name in IMPORT.findall(path.read_text("utf-8"))}
    assert found | {"index.js"} == {path.name for path in MODULES}


def test_it_says_only_what_the_catalogues_hold():
    texts = {
        node.value
        for path in (ROOT / "audit" / "domain").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    said = {
        ast.literal_eval(text)
        for path in MODULES
        for found in SAID.findall(code(path))
        for text in found
        if text
    }
    assert len(said) > 40
    assert not said - texts
