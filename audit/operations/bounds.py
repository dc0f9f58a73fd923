"""Papers, tables and calendars cost work: so many in ten minutes for each person, or for each network where nobody signs
in. Asked before the work, counted when it has gone out, so that a refusal costs nobody anything."""

from contextlib import suppress
from datetime import timedelta

from audit.domain.problems import Busy, NoRoom, ReadOnly, TooMany
from audit.domain.tongue import say
from audit.operations import counting
from audit.operations.desk import Desk
from audit.operations.signing_in import network_of

PAPERS, TABLES, CALENDARS = "papers", "tables", "calendars"
MOST = {PAPERS: 60, TABLES: 30, CALENDARS: 300}
WINDOW = timedelta(minutes=10)


def check(desk: Desk, kind: str, address: str) -> None:
    """Go on only while there were not too many lately.

    Raises:
        TooMany: when there were.
    """
    since = desk.now - WINDOW + timedelta(seconds=1)
    if desk.ledger.sessions.failures(since, address=_place(desk, kind, address)).count >= MOST[kind]:
        words = say("Those were many files in a few minutes. Go on in ten minutes; all else goes on now.")
        raise TooMany(words, int(WINDOW.total_seconds()))


def count(desk: Desk, kind: str, address: str) -> None:
    """Count one that went out. When nothing can be written, reading goes on."""
    with suppress(Busy, NoRoom, ReadOnly):
        counting.tries(desk, kind, _place(desk, kind, address), MOST[kind], WINDOW)


def _place(desk: Desk, kind: str, address: str) -> str:
    return f"{kind} {desk.actor.id if desk.actor else network_of(address)}"
