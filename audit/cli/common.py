"""What all commands share: the data folder, who is at work, output, and how problems end a command."""

import errno
import json
import os
import secrets
import stat
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import click

from audit import config
from audit.domain.people import Person
from audit.domain.problems import BadInput, Differs, Fault, NotFound, Problem
from audit.operations import people
from audit.operations.desk import Desk, close, open_desk

FAULTS, USAGE, DIFFERS = 1, 2, 3
EXIT_CODES = """\b
Exit codes: 0 done, or already so; 1 faults, all listed with their
place, nothing changed; 2 wrong use; 3 (record) the same id is here
with other content."""

# Whoever may run commands on this machine reads everything but self-audits; the trail calls them nobody.
OPERATOR = Person(id="", login="", name="Command line", role="administrator")

Command = TypeVar("Command", bound=Callable[..., Any])


class Refused(click.ClickException):
    """Ends a command with its words on standard error and exit code 1."""

    exit_code = FAULTS


class WrongUse(Refused):
    exit_code = USAGE


class OtherContent(Refused):
    exit_code = DIFFERS


class Commands(click.Group):
    """The group of all commands: what goes wrong below becomes a line of words and an exit code."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except BadInput as problem:
            raise Refused(listed(problem.faults)) from problem
        except Differs as problem:
            raise OtherContent(problem.words) from problem
        except Problem as problem:
            raise Refused(problem.words) from problem
        except config.BadSetting as fault:
            raise WrongUse(str(fault)) from fault
        except OSError as error:
            if error.errno == errno.EPIPE:  # whoever read us has enough: click ends quietly
                raise
            raise Refused(f"{error.filename or 'The machine'}: {error.strerror or error}") from error


def listed(faults: Sequence[Fault]) -> str:
    """All faults, each with its place, one a line when there are several."""
    if len(faults) == 1:
        return str(faults[0])
    return "\n".join([f"{len(faults)} faults, nothing was changed:", *(f"  {fault}" for fault in faults)])


# options ------------------------------------------------------------------------------------------------------


def _settled(_ctx: click.Context, _option: click.Parameter, given: Path | None) -> Path:
    return given or config.read().data


def data_option(command: Command) -> Command:
    return click.option(
        "--data",
        metavar="FOLDER",
        type=click.Path(path_type=Path, file_okay=False),
        callback=_settled,
        help="The data folder; else CLINIC_AUDIT_DATA, else ./clinic-audit-data.",
    )(command)


def as_option(command: Command) -> Command:
    return click.option(
        "--as", "login", metavar="LOGIN", default="", help="Act as this person, with their rights."
    )(command)


def json_option(command: Command) -> Command:
    return click.option("--json", "as_json", is_flag=True, help="Print JSON, as described above.")(command)


# desks --------------------------------------------------------------------------------------------------------


def clock() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


@contextmanager
def desk_of(data: Path, login: str = "") -> Iterator[Desk]:
    """A desk on the folder, for the operator or for the person of that login; the folder is let go at the end.

    Raises:
        click.UsageError: when nobody active signs in by that login.
    """
    try:
        desk = open_desk(data, OPERATOR, clock())
        yield replace(desk, actor=person_of(desk, login)) if login else desk
    finally:
        close(data)


def person_of(desk: Desk, login: str) -> Person:
    """The person of that login.

    Raises:
        click.UsageError: when nobody active signs in by it.
    """
    try:
        return people.by_login(desk, login)
    except NotFound as problem:
        raise click.UsageError(problem.words) from problem


# output -------------------------------------------------------------------------------------------------------


def print_json(value: object) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=1))


def print_table(rows: Iterable[Sequence[str]]) -> None:
    """Rows in columns as wide as their widest entry; the last column runs free."""
    table = [list(row) for row in rows]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    for row in table:
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=True)]
        click.echo("  ".join(cells).rstrip())


def may_write(path: Path) -> None:
    """Ends the command where something else than a plain file stands, such as a device or a link."""
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        return
    if not stat.S_ISREG(mode):
        raise Refused(f"{path} is no plain file. Choose another name.")


def may_go_to(path: Path, data: Path) -> None:
    """Ends the command when something would be given out into the data folder itself."""
    there, here = Path(os.path.realpath(path)), Path(os.path.realpath(data))
    if here == there or here in there.parents:
        raise Refused(f"{path} lies in the data folder. Choose a place outside it.")


def write_whole(path: Path, data: bytes) -> None:
    """Write a file that is there whole or not at all: a draft beside it, synced, then renamed."""
    may_write(path)
    draft = path.with_name(f".tmp-{secrets.token_hex(6)}-{path.name}")
    try:
        with open(draft, "xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, path)
    finally:
        draft.unlink(missing_ok=True)
