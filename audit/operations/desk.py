"""The desk: who is working, when, on which ledger. Every deed gets one as its first argument."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from audit.domain.actions import Action
from audit.domain.inspections import RUNNING, SEALED, Inspection
from audit.domain.people import DEEDS, Person, may
from audit.domain.problems import Erased, NotAllowed, NotFound, Unfit
from audit.domain.tongue import say, word
from audit.store.ledger import LEDGER_FILE, Entry, Ledger, alone, sweep

BACKUPS = "backups"
# Whoever can run commands on the data folder can do everything there anyway; the trail says that it was so.
OPERATOR = Person("command-line", "command-line", "Command line", "administrator")

# Word for word what is said of things that were never here: whose they are is not told either.
NOTHING, NO_CLINIC, NO_VISIT, NO_PAPER = (
    word("There is nothing of that kind here."),
    word("There is no such clinic."),
    word("There is no such visit."),
    word("There is no such paper."),
)
NOT_HERE = {
    "clinic": NO_CLINIC,
    "practitioner": NO_CLINIC,
    "inspection": NO_VISIT,
    "self-audit": NO_VISIT,
    "paper": NO_PAPER,
}


@dataclass(frozen=True)
class Desk:
    """Who is working (or nobody yet), at what instant (aware, UTC), on which ledger, in which data folder."""

    ledger: Ledger
    actor: Person | None
    now: datetime
    data: Path

    def must(
        self,
        deed: str,
        clinic_id: str | None = None,
        sealed: bool = True,
        practitioner: str | None = None,
    ) -> None:
        """Go on only if the person at work may do that; the first line of each deed. See ``people.may``.

        Raises:
            NotAllowed: when nobody is signed in, or the role has no such deed.
            NotFound: when it is about a clinic they may not know of: somebody else's things do not exist.
        """
        if may(self.actor, deed, clinic_id, sealed, practitioner):
            return
        if self.actor is None or not self.actor.active:
            raise NotAllowed(say("Sign in first."))
        known = clinic_id is None or may(self.actor, "clinic.read", clinic_id)
        if known and self.actor.role not in DEEDS.get(deed, {}):
            raise NotAllowed(say("Your role does not include this."))
        raise NotFound(say(NOT_HERE.get(deed.partition(".")[0], NOTHING)))

    def reads(self, visit: Inspection) -> bool:
        """May the person at work read this visit? A self-audit that its clinic shows to the agency is read there."""
        return self.reads_kind(visit.kind, visit.clinic_id, visit.id, visit.state == SEALED)

    def still_has(self, visit: Inspection) -> None:
        """Go on only with a visit whose rows are still there.

        Raises:
            Erased: when its time was over, with the day.
        """
        gone = self.ledger.erasing.of(visit.id) if visit.state != RUNNING else None
        if gone is not None:
            raise Erased(
                say("This visit was erased under retention on {day}.", day=gone.at.date().isoformat())
            )

    def reads_kind(self, kind: str, clinic_id: str, inspection_id: str, sealed: bool) -> bool:
        """The same, by what a row of a list says of a visit."""
        if may(self.actor, f"{kind}.read", clinic_id, sealed):
            return True
        disclosed = sealed and may(self.actor, f"{kind}.read-disclosed", clinic_id)
        return disclosed and self.ledger.disclosed.find(inspection_id) is not None

    def knows(self, action: Action) -> bool:
        """May the person at work know of this action? Who may answer it may; a practitioner only where it is theirs."""
        where = action.clinic_id
        reads = may(self.actor, f"{action.kind}.read", where)
        return reads or may(self.actor, f"{action.kind}.fix", where, practitioner=action.person)

    @contextmanager
    def entry(self) -> Iterator[Entry]:
        """Write as the person at work, now; see ``Ledger.entry``."""
        with self.ledger.entry(self.actor.id if self.actor else "", self.now) as entry:
            yield entry


class _OfThread(threading.local):
    """The ledgers a thread has open, by process and data folder."""

    def __init__(self) -> None:
        self.ledgers: dict[tuple[int, Path], Ledger] = {}


# Keyed by process, because a connection must not cross a fork; what a parent opened is left alone.
_OPEN = _OfThread()
# One idle connection per process stays open: on a full disk the first one to open could not even read.
_HELD: dict[tuple[int, Path], Ledger] = {}
_HOLDING = threading.Lock()


def open_desk(data: Path, actor: Person | None, now: datetime) -> Desk:
    """A desk on the ledger of the data folder; each thread keeps its connection.

    Raises:
        Unfit: when there is no ledger yet, or it has to be migrated first.
    """
    key = os.getpid(), data.absolute()
    ledger = _OPEN.ledgers.get(key)
    if ledger is None:
        ledger = _OPEN.ledgers[key] = _fit(Ledger.open(data))
        with _HOLDING:
            if key not in _HELD:
                _HELD[key] = _fit(Ledger.open(data))
    return Desk(ledger, actor, now, data)


def close(data: Path) -> None:
    """Let go of the data folder: this thread's connection and the idle one. For the end of a command or a test."""
    key = os.getpid(), data.absolute()
    ledger = _OPEN.ledgers.pop(key, None)
    if ledger is not None:
        ledger.close()
    with _HOLDING:
        _HELD.pop(key, None)


def _fit(ledger: Ledger) -> Ledger:
    if ledger.pending():
        ledger.close()
        raise Unfit(
            say(
                "This data folder belongs to an older version: run 'clinic-audit migrate'; it backs up first."
            )
        )
    return ledger


def pending(data: Path) -> tuple[str, ...]:
    """The changes that ``bring_up_to_date`` would make.

    Raises:
        Unfit: when there is no ledger yet.
    """
    ledger = Ledger.open(data)
    try:
        return ledger.pending()
    finally:
        ledger.close()


def bring_up_to_date(data: Path, now: datetime) -> tuple[str, ...]:
    """Make the data folder, or bring it up to date after copying its database to ``backups``; returns the changes.

    Also removes what killed uploads left behind. Nothing to do is fine.
    """
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    with alone(
        data / ".lock"
    ):  # two processes that make the same new database at once would trip over each other
        applied = _migrate(data, now)
    sweep(data)
    return applied


def _migrate(data: Path, now: datetime) -> tuple[str, ...]:
    is_new = not (data / LEDGER_FILE).exists()
    ledger = Ledger.open(data, create=True)
    try:
        changes = ledger.pending()
        if changes and not is_new:
            folder = data / BACKUPS
            folder.mkdir(mode=0o700, exist_ok=True)
            ledger.copy_to(folder / f"{now:%Y%m%dT%H%M%SZ}-before-{changes[0]}.db")
        return ledger.migrate()
    finally:
        ledger.close()
