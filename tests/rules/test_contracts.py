"""The import contracts hold on a toy house, and each breaks when a wrong import is planted in it."""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PYPROJECT = ROOT / "pyproject.toml"
CONTRACTS = {
    contract["id"]
    for contract in tomllib.loads(PYPROJECT.read_text("utf-8"))["tool"]["importlinter"]["contracts"]
}

# A house in which every room does what it may.
HOUSE = {
    "audit/__init__.py": "",
    "audit/app.py": "import audit.config, audit.web.gate, flask",
    "audit/cli.py": "import audit.config, audit.operations.desk, forms.library, click",
    "audit/config.py": "import os",
    "audit/domain/__init__.py": "",
    "audit/domain/marks.py": "import decimal",
    "audit/domain/scoring.py": "from audit.domain import marks",
    "audit/languages/__init__.py": "import babel; from audit.domain import marks",
    "audit/operations/__init__.py": "",
    "audit/operations/desk.py": "from audit.store import ledger; from reports import pdf",
    "audit/store/__init__.py": "",
    "audit/store/ledger.py": "import sqlite_utils; from audit.store import rows",
    "audit/store/rows.py": "import pysqlite3; from audit.domain import marks",
    "audit/web/__init__.py": "",
    "audit/web/gate.py": "import flask; from audit.operations import desk; from forms import steps",
    "forms/__init__.py": "",
    "forms/library.py": "import tomllib; from audit.domain import marks",
    "forms/steps.py": "import wtforms, flask_wtf",
    "reports/__init__.py": "",
    "reports/pdf.py": "import reportlab; from audit import languages; from audit.domain import scoring",
}

WRONG = [
    ("storeys", "audit/domain/marks.py", "import audit.store.rows"),
    ("storeys", "reports/pdf.py", "import forms.steps"),
    ("storeys", "audit/store/rows.py", "import reports.pdf"),
    ("storeys", "audit/cli.py", "import audit.app"),
    ("storeys", "audit/domain/marks.py", "import audit.languages"),
    ("core", "audit/operations/desk.py", "import flask"),
    ("core", "reports/pdf.py", "from wtforms import Form"),
    ("core", "audit/languages/__init__.py", "import flask_babel"),
    ("domain", "audit/domain/scoring.py", "import reportlab.pdfgen"),
    ("domain", "audit/config.py", "import click"),
    ("domain", "audit/domain/marks.py", "import babel.numbers"),
    ("cellar", "audit/web/gate.py", "import sqlite3"),
    ("cellar", "audit/operations/desk.py", "from sqlite_utils import Database"),
    ("cellar", "audit/cli.py", "import pysqlite3"),
    ("way-in", "audit/operations/desk.py", "from audit.store import rows"),
    ("doors", "audit/web/gate.py", "from audit.store import ledger"),
    ("doors", "audit/web/gate.py", "import reports.pdf"),
    ("doors", "audit/cli.py", "from audit.store.ledger import Ledger"),
    ("doors", "audit/app.py", "import audit.store"),
    ("pages", "audit/cli.py", "import audit.web.gate"),
    ("settings", "audit/operations/desk.py", "from audit import config"),
    ("circles", "audit/domain/marks.py", "from audit.domain import scoring"),
]


def check(house: Path, contract: str | None = None) -> subprocess.CompletedProcess[str]:
    chosen = ["--contract", contract] if contract else []
    program = (
        "import sys; sys.path.insert(0, ''); from importlinter.cli import lint_imports_command as c; c()"
    )
    return subprocess.run(
        [sys.executable, "-c", program, "--no-cache", *chosen],
        cwd=house,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def house(tmp_path):
    shutil.copy(PYPROJECT, tmp_path)
    for name, text in HOUSE.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text + "\n")
    return tmp_path


def test_the_toy_house_holds(house):
    result = check(house)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize(("contract", "file", "line"), WRONG)
def test_a_wrong_import_breaks_its_contract(house, contract, file, line):
    with (house / file).open("a") as module:
        module.write(line + "\n")
    result = check(house, contract)
    assert result.returncode == 1, result.stdout + result.stderr
    assert "BROKEN" in result.stdout


def test_every_contract_was_broken_once():
    assert {contract for contract, _, _ in WRONG} == CONTRACTS
