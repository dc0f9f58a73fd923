"""The data folder itself: made, brought up to date, copied, checked; and who may sign in."""

import sys
from contextlib import suppress
from pathlib import Path

import click

from audit import config
from audit.cli.common import Refused, clock, data_option, desk_of
from audit.cli.content import publish_shipped
from audit.domain.clinics import likeness
from audit.domain.people import ROLES
from audit.domain.problems import NotFound
from audit.languages import NAMES
from audit.operations import agency, backups, checklists, clinics, languages, links, people
from audit.operations.desk import Desk, bring_up_to_date


def is_new(data: Path) -> bool:
    """Is there no folder yet, or nothing in it?"""
    return not data.exists() or not any(data.iterdir())


def prepare(data: Path) -> None:
    """Make a folder that is not there yet (or empty) and publish the shipped checklists when none are.

    Raises:
        Unfit: when it holds something else, or belongs to an older version.
    """
    if is_new(data):
        bring_up_to_date(data, clock())
    with desk_of(data) as desk:
        if not checklists.published(desk):
            publish_shipped(desk)


@click.command(short_help="Bring a data folder up to date; backs up first.")
@data_option
def migrate(data: Path) -> None:
    """Bring the data folder up to this version of the program; its database is copied to 'backups' first.

    Makes the folder when there is none. Nothing to do is fine. Checklists stay as they are.
    """
    changes = bring_up_to_date(data, clock())
    if changes:
        click.echo(f"{data} is up to date now: {', '.join(changes)}")
    else:
        click.echo(f"{data} was up to date already.")


@click.command(short_help="Copy a data folder while the server runs.")
@click.argument("target", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@data_option
def backup(target: Path, data: Path) -> None:
    """Copy the database, then photos and reports, to the folder DIR, also while the server runs.

    Files that are there already are not copied again. To restore, copy the folder back as a data folder.
    The secret key is not copied: after a restore everybody signs in anew.
    """
    with desk_of(data) as desk:
        made = backups.backup(desk, target)
    click.echo(f"{target}: the database and {made.files} files ({made.copied} copied now)")
    if made.removed:
        click.echo(f"{made.removed} files of visits that were erased since were removed from it.")
    click.echo(f"Head of the trail: {made.trail_head}")


@click.command("verify-backup", short_help="Check that a backup is whole.")
@click.argument("target", metavar="DIR", type=click.Path(path_type=Path, file_okay=False, exists=True))
def verify_backup(target: Path) -> None:
    """Check a backup without changing it: database, trail, records, and every photo and report by its hash."""
    verdict = backups.verify(target)
    if not verdict.sound:
        raise Refused(f"{target} is not whole:\n" + "\n".join(f"  {fault}" for fault in verdict.faults))
    click.echo(
        f"{target} is whole: {verdict.records} records, {verdict.photos} photos, {verdict.reports} reports,"
        f" {verdict.trail_lines} lines in the trail."
    )


@click.group()
def person() -> None:
    """People who sign in."""


@person.command(short_help="Let somebody sign in.")
@click.argument("login")
@click.option("--name", required=True, help="The name as it stands on reports.")
@click.option("--role", required=True, type=click.Choice(ROLES), help="What they may do.")
@click.option(
    "--clinic",
    "wanted",
    metavar="CLINIC",
    multiple=True,
    help="For an owner: a clinic they answer for, by id, permit or name; may be repeated.",
)
@click.option(
    "--practitioner",
    "works",
    metavar="ID",
    multiple=True,
    help="For a practitioner: who they are in a clinic, by id; may be repeated.",
)
@click.option("--email", default="", help="Where letters to them go.")
@click.option(
    "--password-stdin", is_flag=True, help="Read the password from the first line of standard input."
)
@click.option(
    "--language",
    type=click.Choice(list(NAMES)),
    default=None,
    help="Of pages and reports; else as the browser asks.",
)
@data_option
def add(
    login: str,
    name: str,
    role: str,
    wanted: tuple[str, ...],
    works: tuple[str, ...],
    email: str,
    password_stdin: bool,
    language: str | None,
    data: Path,
) -> None:
    """Let somebody sign in as LOGIN. The password (15 characters or more) is asked for, never an argument.

    Makes the data folder when there is none, so that the first administrator can be added before the first start.
    """
    prepare(data)
    with desk_of(data) as desk:
        places = frozenset(_clinic(desk, words) for words in wanted)
        password = (
            _from_stdin()
            if password_stdin
            else click.prompt("Password", hide_input=True, confirmation_prompt=True)
        )
        added = people.add_person(desk, login, name, role, password, places, email, works)
        languages.choose_for(desk, added.id, language or "")
    click.echo(f"{added.name} can sign in as {added.login} ({added.role}).")


@person.command(short_help="Make a one-time link to a new password.")
@click.argument("login")
@data_option
def link(login: str, data: Path) -> None:
    """Print a one-time link by which LOGIN chooses a new password: for an administrator who forgot theirs.

    Whoever has a second factor is still asked for it.
    """
    with desk_of(data) as desk:
        token = links.offer_password(desk, people.by_login(desk, login).id)
        site = agency.get(desk).site or config.read().url
    click.echo(f"Works once, within {links.LASTS[people.PASSWORD_LINK].days} days:")
    click.echo(f"  {site}{links.PATH}?key={token}")


def _from_stdin() -> str:
    return sys.stdin.readline().rstrip("\r\n")


def _clinic(desk: Desk, words: str) -> str:
    """The id of the one clinic that is meant."""
    with suppress(NotFound):
        return clinics.get(desk, words).id
    rows = [row.clinic for row in clinics.search(desk, words).rows]
    wanted = likeness(words)
    exact = [clinic for clinic in rows if wanted in (likeness(clinic.permit), likeness(clinic.name))]
    found = exact or rows
    if len(found) == 1:
        return found[0].id
    if not found:
        raise click.UsageError(f"No clinic fits {words!r}.")
    several = "; ".join(f"{clinic.name} ({clinic.id})" for clinic in found)
    raise click.UsageError(f"Several clinics fit {words!r}: {several}")
