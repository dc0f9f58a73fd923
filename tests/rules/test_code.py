"""What linters do not ask: the domain knows no clock and no file, and no module is too long to be read."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODULES = sorted(
    path for room in ("audit", "forms", "reports", "tests") for path in (ROOT / room).rglob("*.py")
)
DOMAIN = sorted((ROOT / "audit" / "domain").rglob("*.py"))
LONGEST = 400
# Only ever added to; what was released in it is never edited.
MAY_GROW = {"audit/store/migrations.py"}

# The world outside: files, clocks, chance, the network, other processes, what is written somewhere.
OUTSIDE = {"asyncio", "io", "locale", "logging", "os", "pathlib", "random", "secrets", "shutil", "socket", "sqlite3",
           "subprocess", "tempfile", "threading", "time", "urllib", "http"}  # fmt: skip
CLOCKS = {"now", "today", "utcnow", "uuid1", "uuid4"}


def imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield "audit.domain" if node.level else str(node.module)


@pytest.mark.parametrize("path", DOMAIN, ids=lambda path: path.stem)
def test_the_domain_needs_no_world_around_it(path):
    tree = ast.parse(path.read_text("utf-8"))
    for name in imported(tree):
        first = name.split(".")[0]
        own = name == "audit.domain" or name.startswith("audit.domain.")
        assert own or name == "audit" or first in sys.stdlib_module_names, (
            f"{name} is not the standard library"
        )
        assert first not in OUTSIDE, f"{name} reaches outside"
    called = {
        node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
    }
    assert not called & (CLOCKS | {"open", "print", "input", "eval", "exec"})


def test_no_module_is_too_long():
    """Blank lines do not count: air between things is no length."""
    lengths = {
        path.relative_to(ROOT).as_posix(): sum(
            1 for line in path.read_text("utf-8").splitlines() if line.strip()
        )
        for path in MODULES
    }
    assert not {name: lines for name, lines in lengths.items() if lines > LONGEST and name not in MAY_GROW}
