"""What a clinic keeps here, in a line each: papers, what comes round, lots."""

from collections.abc import Sequence
from dataclasses import dataclass

from audit.domain.clinics import Clinic
from audit.domain.clocks import NEVER, OVERDUE, SOON
from audit.domain.credentials import EXPIRED, EXPIRING, NOT_COVERING
from audit.domain.lots import ENDING, OVER, UNPROVED
from audit.domain.tongue import say, several
from audit.operations import clocks, credentials, lots
from audit.web.gate import desk


@dataclass(frozen=True)
class Line:
    """Where it stands on its page, its name, and how it is in words with a tone."""

    href: str
    name: str
    words: str
    tone: str


def on_file(clinic: Clinic) -> tuple[Line, ...]:
    """A line for each page; whoever reads the clinic reads these."""
    where = f"/clinics/{clinic.id}"
    return (
        Line(f"{where}/papers", say("Papers on file"), *_papers(clinic)),
        Line(f"{where}/clocks", say("What comes round"), *_clocks(clinic)),
        Line(f"{where}/lots", say("Needles and pigments"), *_lots(clinic)),
    )


def _told(wrong: int, soon: int, any_at_all: Sequence[object]) -> tuple[str, str]:
    if wrong:
        return several("{number} to look at", "{number} to look at", wrong), "over"
    if soon:
        return several("{number} ends soon", "{number} end soon", soon), "soon"
    return (say("In order"), "fine") if any_at_all else (say("Nothing yet"), "set-aside")


def _papers(clinic: Clinic) -> tuple[str, str]:
    board = credentials.board(desk(), clinic.id)
    every = [*board.own, *(one for person in board.people for one in person.papers)]
    wrong = sum(
        one.standing.state in (EXPIRED, NOT_COVERING) or (one.required and one.paper is None) for one in every
    )
    return _told(wrong, sum(one.standing.state == EXPIRING for one in every), every)


def _clocks(clinic: Clinic) -> tuple[str, str]:
    states = [one.clock.state for one in clocks.face_of(desk(), clinic).clocks]
    return _told(sum(one in (OVERDUE, NEVER) for one in states), states.count(SOON), states)


def _lots(clinic: Clinic) -> tuple[str, str]:
    states = [one.standing.state for one in lots.of_clinic(desk(), clinic.id).lots]
    return _told(sum(one in (OVER, UNPROVED) for one in states), states.count(ENDING), states)
