"""Starting the server, and the demo it can start with."""

import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from audit import config
from audit.cli import demo as demonstration
from audit.cli import names, servers
from audit.cli.common import clock, data_option, desk_of
from audit.cli.data import is_new, prepare
from audit.config import Settings
from audit.operations import agency, links, people
from audit.operations import verify as evidence

DEMO_FOLDER = Path("clinic-audit-demo")
PEM = click.Path(path_type=Path, dir_okay=False)


@click.command(short_help="Start the server.")
@click.option("--host", help="Address to listen on (127.0.0.1: this machine only).")
@click.option("--port", type=click.IntRange(1, 65535), help="Port to listen on (8000).")
@data_option
@click.option("--workers", type=click.IntRange(1, 64), help="Server processes (2).")
@click.option("--tls-cert", metavar="FILE", type=PEM, help="Certificate, with its chain, as PEM.")
@click.option("--tls-key", metavar="FILE", type=PEM, help="The key of the certificate, as PEM.")
@click.option(
    "--behind-proxy",
    metavar="N",
    type=click.IntRange(0, 9),
    is_flag=False,
    flag_value=1,
    help="So many proxies of yours stand in front and do TLS (without a number: 1).",
)
@click.option(
    "--hosts",
    metavar="NAMES",
    callback=lambda _ctx, _option, text: _read_hosts(text) if text else None,
    help="By which names browsers reach this, with commas; others are refused.",
)
@click.option("--demo", is_flag=True, help="Serve the demo agency, loading it first if need be.")
@click.pass_context
def serve(ctx: click.Context, /, demo: bool, data: Path, **given: Any) -> None:
    """Start the server; it ends with Ctrl-C or SIGTERM.

    The first start makes the data folder and publishes the shipped checklists. Later starts change nothing: newer
    checklists come with 'checklists publish', a newer version of the program with 'migrate'.

    Tablets need TLS: give a certificate, or put a proxy that does TLS in front. Without either the server listens
    on this machine only. It answers by the names of --hosts alone; without them by those of its certificate and by the
    agency's own address.
    """
    if demo and _unset(ctx, "data"):
        data = DEMO_FOLDER
    shows_demo = demo or demonstration.is_demo(data)
    settings = replace(
        config.read(), data=data, **{name: one for name, one in given.items() if one is not None}
    )
    settings = replace(settings, demo=settings.demo or shows_demo)
    if shows_demo:
        _must_stay_here(settings)
    config.checked(settings)
    if is_new(data):
        settings = names.named(settings)  # refused before anything is made
    os.umask(0o077)  # what is kept is nobody else's to read on this machine
    if demo:
        demonstration.load(data, clock(), settings.url)
    else:
        prepare(data)
    config.secret_key(data)
    with desk_of(data) as desk:
        evidence.anchor(desk)
        settings = names.named(settings, agency.get(desk).site)
    hint = _sign_in_hint(settings)
    servers.run(settings, lambda: click.echo("\n".join([f"clinic-audit is ready: {settings.url}", *hint])))


def _read_hosts(text: str) -> tuple[str, ...]:
    try:
        return config.read_hosts(text)
    except ValueError as fault:
        raise click.BadParameter(f"{fault}.") from fault


def _unset(ctx: click.Context, option: str) -> bool:
    """Neither the command line nor the environment chose it."""
    given = ctx.get_parameter_source(option) != click.core.ParameterSource.DEFAULT
    return not given and config.read().data == Settings().data


def _must_stay_here(settings: Settings) -> None:
    if not settings.loopback or settings.behind_proxy:
        raise click.UsageError(
            "The demo's passwords are printed for everybody to read, so it is served to this machine only:"
            " leave out --host and --behind-proxy."
        )


def _sign_in_hint(settings: Settings) -> list[str]:
    """Who can sign in, or the one-time link by which the first administrator comes in."""
    if demonstration.is_demo(settings.data):
        return demonstration.sign_ins()
    with desk_of(settings.data) as desk:
        if not people.nobody_yet(desk):
            return []
        token = links.offer_set_up(desk)
    hours = links.LASTS[links.SET_UP].total_seconds() // 3600
    return [
        f"Nobody can sign in yet. Set it up here, once, within {hours:.0f} hours:",
        f"  {settings.url}/set-up?key={token}",
    ]


@click.command(short_help="Load the demo agency into a folder of its own.")
@data_option
@click.pass_context
def demo(ctx: click.Context, data: Path) -> None:
    """Load the demo agency into a folder of its own (./clinic-audit-demo) and print its sign-ins.

    Three clinics, a person of each role, sealed and running visits, dated from today. The folder is marked inside
    as a demo; a second run changes nothing, and a folder that holds anything else is refused.
    """
    if _unset(ctx, "data"):
        data = DEMO_FOLDER
    loaded = demonstration.load(data, clock(), config.read().url)
    click.echo(f"{'Loaded' if loaded else 'Already loaded'}: {data}")
    click.echo("\n".join(demonstration.sign_ins()))
    click.echo(f"Start it: clinic-audit serve --demo{'' if data == DEMO_FOLDER else f' --data {data}'}")
