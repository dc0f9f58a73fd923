"""Erasing what is past its time."""

from pathlib import Path

import click

from audit.cli.common import Refused, data_option, desk_of
from audit.operations import retention as erasing


@click.command(short_help="Erase visits whose time is over.")
@click.option("--dry-run", is_flag=True, help="Only say which.")
@data_option
def retention(dry_run: bool, data: Path) -> None:
    """Erase the visits whose time is over, as the rules on the agency's page say; nothing while there are none.

    A visit goes as a whole, with its photos and reports; hashes, counts and the trail stay. It cannot be brought back.
    'work' does the same by itself.
    """
    with desk_of(data) as desk:
        if not desk.ledger.erasing.rules():
            click.echo("No period is set: nothing is erased. An administrator sets it under Agency.")
            return
        if dry_run:
            for visit in erasing.due(desk):
                click.echo(f"{visit} would be erased")
            return
        done = erasing.erase_due(desk)
        for visit in done.visits:
            click.echo(f"{visit} erased")
    click.echo(f"{len(done.visits)} visits and {done.files} files erased.")
    if done.visits:
        click.echo("Backups made before still hold them: 'backup' into the same folder removes them there.")
    if done.faults:
        raise Refused("\n".join(done.faults))
