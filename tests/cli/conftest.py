"""Folders for the commands to work on: made once, copied for each test that writes."""

import json
import shutil

import pytest
from click.testing import CliRunner

from audit.cli import main
from audit.cli.demo_content import PEOPLE
from tests import sharing

PASSWORD = "walnut-harbour-kestrel-93"


@pytest.fixture(scope="session")
def run():
    """run("inspections", "list", "--data", folder) gives click's result; ``code`` is the expected exit code."""

    def run(*words, code=0, typed=None):
        result = CliRunner().invoke(
            main, [str(word) for word in words], input=typed, prog_name="clinic-audit"
        )
        assert result.exit_code == code, f"{result.output}\n{result.exception!r}"
        return result

    return run


@pytest.fixture(scope="session")
def demo(tmp_path_factory):
    """The demo, for reading only."""
    return sharing.once(tmp_path_factory, "demo", sharing.demo) / "demo"


@pytest.fixture(scope="session")
def visits(run, demo):
    """The visits of the demo as ``inspections list --json`` tells them, whoever may read them."""
    rows = {}
    for login in ["", "owner@demo.example"]:
        as_whom = ["--as", login] if login else []
        for row in json.loads(run("inspections", "list", "--json", "--data", demo, *as_whom).stdout):
            if row["id"] not in rows or row["readable"]:
                rows[row["id"]] = row
    return list(rows.values())


@pytest.fixture
def demo_copy(demo, tmp_path):
    """The demo, to write in."""
    return shutil.copytree(demo, tmp_path / "demo")


@pytest.fixture(scope="session")
def made(run, tmp_path_factory):
    """A folder with checklists and one inspector, and no visit."""
    data = tmp_path_factory.mktemp("made") / "data"
    add(run, data, "ines@agency.example", "inspector")
    return data


@pytest.fixture
def empty(made, tmp_path):
    """The same, to write in."""
    return shutil.copytree(made, tmp_path / "empty")


def add(run, data, login, role, *more, **expected):
    words = ["--name", f"Some {role}", "--role", role, "--password-stdin", "--data", data]
    return run("person", "add", login, *words, *more, typed=f"{PASSWORD}\n", **expected)


def contents(folder):
    """Every file of a folder with its bytes; what SQLite keeps beside its file only while it is open is left out."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.endswith(("-wal", "-shm"))
    }


def password_of(role):
    return next((person.login, person.password) for person in PEOPLE if person.role == role)
