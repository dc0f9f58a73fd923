"""The sheet for the wall: which clinic this is, under which permit, and who may work here on the day it was printed."""

from collections.abc import Sequence
from dataclasses import dataclass

from audit.domain.tongue import say
from reports.flow import Gap, Piece, Row, Stack, Table, rule, words
from reports.ink import Ink
from reports.style import BODY, FINE, HAIR, HEADING, INK, LABEL, NAME, QUIET, SMALL, STRONG_BODY, Style
from reports.values import Head

_COLUMNS = (0.0, 84.0, 128.0, 86.0)
_FEW = 8  # who fit on a sheet in letters that are read from the door
_SMALLER, _LARGER = (
    (STRONG_BODY.but(size=12, leading=15), BODY),
    (STRONG_BODY.but(size=16, leading=19), BODY.but(size=11.5, leading=15)),
)


@dataclass(frozen=True)
class Worker:
    """Somebody who may work: name, what they do, licence number, the procedures, and the last day of all that."""

    name: str
    title: str
    licence: str
    procedures: str
    until: str


@dataclass(frozen=True)
class Wall:
    """The sheet in words. ``stopped`` says why nobody may work here; ``made_at`` is an instant as text (UTC)."""

    clinic: str
    address: str
    agency: str
    day: str
    permits: Sequence[tuple[str, str]]
    workers: Sequence[Worker]
    stopped: str
    made_at: str
    identity: str


def head(wall: Wall) -> Head:
    """What stands on every page."""
    sealed = say("As of {day}", day=wall.day)
    return Head.of_sheet(
        say("Who may work here"),
        wall.agency,
        wall.clinic,
        wall.address,
        wall.day,
        sealed,
        wall.made_at,
        wall.identity,
    )


def sheet(wall: Wall) -> list[Piece]:
    """The pieces of the sheet, in order."""
    large = len(wall.workers) <= _FEW
    pieces: list[Piece] = [
        rule(INK, 1.2),
        Gap(8),
        words(say("Who may work here"), LABEL),
        Gap(4),
        words(wall.clinic, NAME.but(size=28, leading=32) if large else NAME, "H1"),
        words(wall.address, BODY.but(colour=QUIET)),
        Gap(10),
    ]
    for name, value in wall.permits:
        pieces.append(
            Row((words(name, SMALL.but(colour=QUIET)), words(value, STRONG_BODY)), (150, 0), below=3)
        )
    pieces += [
        Gap(14),
        words(say("As of {day}", day=wall.day), HEADING.but(size=16, leading=20) if large else HEADING, "H2"),
    ]
    pieces.append(Gap(8))
    if wall.stopped:
        pieces.append(words(wall.stopped, STRONG_BODY))
    elif wall.workers:
        pieces.append(_table(wall.workers, *(_LARGER if large else _SMALLER)))
    else:
        pieces.append(words(say("Nobody may work here today by the papers on file."), STRONG_BODY))
    pieces += [
        Gap(16),
        words(
            say(
                "This list follows from the papers that the clinic keeps on file. It replaces none of them: ask to see"
                " the licence itself."
            ),
            FINE,
        ),
    ]
    return pieces


def _table(workers: Sequence[Worker], strong: Style, plain: Style) -> Piece:
    top = Row(
        tuple(
            words(text, LABEL)
            for text in (say("Name"), say("Licence"), say("Procedures"), say("Holds until"))
        ),
        _COLUMNS,
        above=3,
        below=4,
        whole=True,
        header=True,
    )
    return Table(top, [_row(one, strong, plain) for one in workers])


def _row(one: Worker, strong: Style, plain: Style) -> Row:
    def under(ink: Ink, x: float, top: float, width: float, height: float) -> None:
        ink.hairline(x, top, width, HAIR)

    name = Stack((words(one.name, strong), *((words(one.title, SMALL),) if one.title else ())))
    cells = (name, words(one.licence, plain), words(one.procedures, plain), words(one.until, plain))
    return Row(cells, _COLUMNS, above=9, below=9, under=under, names=0, whole=True)
