"""Every command can be found, explains itself, and ends with words and an exit code, never with a stack trace."""

import re
from importlib.metadata import version
from pathlib import Path

import click
import pytest

from audit.cli import main

README = (Path(__file__).parents[2] / "README.md").read_text("utf-8")


def commands(group=main, path=()):
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))
        else:
            yield (*path, name), command


ALL = dict(commands())
paths = pytest.mark.parametrize("path", ALL, ids=" ".join)


def test_all_of_them_are_there():
    assert {" ".join(path) for path in ALL} == {
        "serve",
        "demo",
        "migrate",
        "backup",
        "verify-backup",
        "person add",
        "person link",
        "checklists list",
        "checklists check",
        "checklists show",
        "checklists publish",
        "inspections list",
        "record",
        "export",
        "report",
        "verify",
        "anchor",
        "retention",
        "work",
        "permissions",
        "seal-key show",
        "seal-key import",
    }


@paths
def test_a_command_explains_itself_and_every_option(run, path):
    told = run(*path, "--help").stdout
    assert f"Usage: clinic-audit {' '.join(path)}" in told
    assert len(ALL[path].help or "") > 40
    for option in ALL[path].params:
        assert isinstance(option, click.Argument) or option.help, option.name


@paths
def test_a_command_stands_in_the_readme(path):
    first, *rest = path
    assert f"`clinic-audit {first}" in README
    for name in rest:
        assert re.search(rf"(`|clinic-audit {first} ){name}\b", README), name


def test_the_readme_names_no_command_that_is_not_there():
    named = set(re.findall(r"clinic-audit ([a-z][a-z-]+)", README))
    assert named <= set(main.commands)


def test_groups_list_their_commands(run):
    assert "inspections" in run("--help").stdout
    assert "Exit codes" in run("--help").stdout
    assert "publish" in run("checklists", "--help").stdout


def test_the_version_is_the_package_s(run):
    assert run("--version").stdout == f"clinic-audit, version {version('clinic-audit')}\n"


def test_wrong_use_is_2(run, tmp_path):
    run("no-such-command", code=2)
    run("inspections", "list", "--state", "lost", "--data", tmp_path, code=2)
    run("record", tmp_path / "nowhere.json", code=2)


@pytest.mark.parametrize(
    "words",
    [
        ("inspections", "list"),
        ("checklists", "list"),
        ("export", "x", "-o", "out"),
        ("report", "x", "-o", "out.pdf"),
        ("backup", "out"),
    ],
    ids=lambda words: words[0],
)
def test_reading_commands_make_no_folder_by_mistake(run, tmp_path, words, monkeypatch):
    monkeypatch.chdir(tmp_path)
    told = run(*words, "--data", tmp_path / "mistyped", code=1).stderr
    assert told.startswith("Error: There is no ledger at ")
    assert "clinic-audit migrate" in told
    assert not list(tmp_path.iterdir())


def test_a_setting_that_cannot_be_used_is_wrong_use(run, monkeypatch):
    monkeypatch.setenv("CLINIC_AUDIT_PORT", "eighty")
    told = run("inspections", "list", code=2).stderr
    assert "CLINIC_AUDIT_PORT must be a whole number" in told


def test_the_data_folder_comes_from_the_environment(run, made, monkeypatch):
    monkeypatch.setenv("CLINIC_AUDIT_DATA", str(made))
    assert run("inspections", "list").stdout == "No visits.\n"


def test_what_the_machine_refuses_is_one_line(run, made, tmp_path):
    (tmp_path / "file").write_text("")
    told = run("export", "x", "-o", tmp_path / "file", "--data", made, code=2).stderr
    assert told.splitlines()[-1].startswith("Error: ")


@paths
def test_help_fits_a_terminal(run, path):
    assert max(map(len, run(*path, "--help").stdout.splitlines())) <= 80


def test_no_line_of_a_list_of_commands_is_cut(run):
    for group in ((), ("checklists",), ("inspections",), ("person",)):
        listed = run(*group, "--help").stdout.split("Commands:")[1]
        assert "..." not in listed
