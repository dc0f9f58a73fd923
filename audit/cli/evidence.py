"""What the agency seals with."""

from pathlib import Path

import click

from audit.cli.common import Refused, data_option, desk_of
from audit.operations import seal_keys
from audit.operations import verify as evidence

_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.group("seal-key")
def seal_key() -> None:
    """The key that seals every report."""


@seal_key.command(short_help="Show whom the seal names.")
@data_option
def show(data: Path) -> None:
    """Show whom the seal names, who vouches for that, and every authority believed here by its SHA-256."""
    with desk_of(data) as desk:
        _print(seal_keys.shown(desk))


@seal_key.command("import", short_help="Seal with a certificate from elsewhere.")
@click.argument("certificate", type=_FILE)
@click.argument("key", type=_FILE)
@click.argument("chain", type=_FILE, nargs=-1, required=True)
@data_option
def import_(certificate: Path, key: Path, chain: tuple[Path, ...], data: Path) -> None:
    """Seal with CERTIFICATE and KEY from now on; CHAIN are the authorities above it. All are PEM files.

    What was sealed before stays provable. The key has no password; it is kept in the data folder, for nobody else to
    read, and in no backup.
    """
    with desk_of(data) as desk:
        seal_keys.take(desk, certificate.read_bytes(), key.read_bytes(), [one.read_bytes() for one in chain])
        _print(seal_keys.shown(desk))


def _print(shown: seal_keys.Shown) -> None:
    click.echo(f"Seals as: {shown.name}")
    click.echo(f"Vouched for by: {shown.authority}")
    if shown.own:
        click.echo(
            "This is an authority of this installation's own: it proves that a file left here unchanged,"
        )
        click.echo("not who the agency is.")
    for sha256 in shown.authorities:
        click.echo(f"Believed: {sha256}")


@click.command(short_help="Check that everything is as it was sealed.")
@click.argument("folder", metavar="[DATA|PDF]", required=False, type=click.Path(path_type=Path))
@data_option
def verify(folder: Path | None, data: Path) -> None:
    """Check that everything in the data folder (or in the copy DATA) is as it was sealed.

    The trail, records and findings, answers, photos, reports with their seals, amendments and anchors are computed
    again. Each difference is named, and the command ends with 1.

    With a PDF: is it a report as it was issued here, or changed, extended, or stripped of its seal?
    """
    if folder is not None and folder.is_file():
        with desk_of(data) as desk:
            sound, words = evidence.of_file(desk, folder.read_bytes())
        if not sound:
            raise Refused(f"{folder}: {words}.")
        click.echo(f"{folder}: {words}.")
        return
    with desk_of(folder or data) as desk:
        found = evidence.verify(desk)
    if found.faults:
        raise Refused("Not as it was sealed:\n" + "\n".join(f"  {fault}" for fault in found.faults))
    click.echo(
        f"As it was sealed: {found.visits} visits, {found.reports} reports, {found.lines} lines in the trail,"
        f" {found.anchors} anchors."
    )
    if found.unstamped:
        click.echo(f"Reports without a time stamp: {found.unstamped}")
    for visit, day in found.erased:
        click.echo(f"Visit {visit}: erased under retention on {day}")
    click.echo(f"Head of the trail: {found.head}")


@click.command(short_help="Write down the head of the trail, once a day.")
@click.option(
    "--to",
    "folder",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    default=None,
    help="Where to; else 'anchors' in the data folder.",
)
@data_option
def anchor(folder: Path | None, data: Path) -> None:
    """Write the head of the trail to a file of this day, for 'verify' to compare with.

    Who holds such a file outside this machine can prove that nothing before it was changed: have it written every
    day, and mail it or copy it somewhere else.
    """
    with desk_of(data) as desk:
        click.echo(evidence.anchor(desk, folder))
