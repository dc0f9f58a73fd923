"""What the agency seals with."""

from pathlib import Path

import click

from audit.cli.common import data_option, desk_of
from audit.operations import seal_keys

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
