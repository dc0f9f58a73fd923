"""The work nobody waits for: letters, reminders, the daily round for evidence and privacy, time stamps."""

import logging
import signal
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from audit import config
from audit.cli import daily
from audit.cli.common import clock, data_option, desk_of
from audit.config import Settings
from audit.domain.problems import Busy, NoRoom, ReadOnly
from audit.domain.tongue import thousands
from audit.operations import carriers, post, reminders
from audit.operations.desk import Desk

Task = Callable[[Desk, Settings], str]


def letters(desk: Desk, settings: Settings) -> str:
    """Send the letters that are due."""
    done = post.deliver(desk, carrier_of(settings), settings.mail_from or config.NO_SENDER)
    told = {"sent": done.sent, "put off": done.put_off, "failed": done.failed}
    some = ", ".join(f"{thousands(number)} {what}" for what, number in told.items() if number)
    return f"letters: {some}" if some else ""


def remind(desk: Desk, _settings: Settings) -> str:
    """Write the reminders of the day; they go out with the letters."""
    done = reminders.send(desk)
    return f"reminders: {thousands(done.letters)} written" if done.letters else ""


# One after the other, in each round. A task does what is due at the desk's ``now``, says in a line what it did
# (nothing when there was nothing), and finds nothing left to do when it is called again.
TASKS: tuple[Task, ...] = (remind, daily.daily, daily.stamps, letters)


def carrier_of(settings: Settings) -> carriers.Carrier:
    """Who carries letters, as the settings say."""
    if settings.mail == "smtp":
        return carriers.ToServer(
            settings.mail_host,
            settings.mail_port,
            settings.mail_tls,
            settings.mail_user,
            config.mail_password(settings),
        )
    return carriers.ToLog() if settings.mail == "log" else carriers.ToFolder(settings.data / carriers.OUTBOX)


@click.command(short_help="Do what is due: send letters.")
@click.option("--once", is_flag=True, help="Do what is due now and end; for timers.")
@click.option(
    "--every", metavar="SECONDS", type=click.IntRange(1, 3600), default=20, help="Seconds between (20)."
)
@data_option
def work(once: bool, every: int, data: Path) -> None:
    """Do what is due and nobody waits for; runs beside 'serve' until Ctrl-C or SIGTERM, and may run twice.

    Letters go into files in the data folder's 'outbox' unless CLINIC_AUDIT_MAIL says otherwise.
    """
    settings = config.checked_mail(replace(config.read(), data=data))
    logging.basicConfig(level=settings.log_level.upper(), format="%(message)s", stream=sys.stderr)
    ended = threading.Event()
    if not once:
        _end_on_signals(ended)
        click.echo(f"clinic-audit works on {data}.")
    while True:
        do_what_is_due(settings)
        if once or ended.wait(every):
            return


def do_what_is_due(settings: Settings) -> None:
    """One round of all tasks. A full disk or a crowd holds up this round only."""
    for task in TASKS:
        try:
            with desk_of(settings.data) as desk:
                told = task(desk, settings)
        except (Busy, NoRoom, ReadOnly) as problem:
            told = problem.words
        if told:
            click.echo(f"{clock():%Y-%m-%dT%H:%M:%SZ} {told}")


def _end_on_signals(ended: threading.Event) -> None:
    def end(*_: Any) -> None:
        ended.set()

    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, end)
