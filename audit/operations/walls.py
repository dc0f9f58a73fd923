"""The wall sheet of a clinic: who may work there today, for the page and for the paper."""

import tempfile
from pathlib import Path

from audit.domain.agency import PAPERS
from audit.domain.canonical import instant_text
from audit.domain.credentials import KINDS, PROCEDURES
from audit.domain.problems import BadInput, Fault
from audit.domain.tongue import say
from audit.domain.values import listed
from audit.languages import writing
from audit.operations import credentials
from audit.operations.credentials import Board, OfPerson, Told
from audit.operations.desk import Desk
from reports import pdf
from reports.wall import Wall, Worker

LICENCE = "practitioner-licence"


def wall(desk: Desk, clinic_id: str) -> Wall:
    """Who may work at the clinic today, and under which papers of its own.

    Raises:
        NotFound: when the clinic is somebody else's.
    """
    board = credentials.board(desk, clinic_id)
    stopped = ""
    if board.stopped:
        names = ", ".join(say(KINDS[one.kind]) for one in board.stopped)
        stopped = say("Nobody may work here today: {papers}.", papers=names)
    return Wall(
        clinic=board.clinic.name,
        address=", ".join(line.strip().rstrip(",") for line in board.clinic.address.splitlines() if line),
        agency=desk.ledger.agency.get().name,
        day=writing.day_words(board.today),
        permits=[_permit(one) for one in board.own if one.paper],
        workers=[_worker(one, board) for one in board.people if one.allowed],
        stopped=stopped,
        made_at=instant_text(desk.now),
        identity=f"wall {board.clinic.id} {board.today}",
    )


def _permit(told: Told) -> tuple[str, str]:
    assert told.paper is not None
    ends = say("until {day}", day=writing.day_words(told.paper.expires)) if told.paper.expires else ""
    return say(KINDS[told.kind]), ", ".join(filter(None, (told.paper.number, ends)))


def _worker(one: OfPerson, board: Board) -> Worker:
    held = [told.paper for told in one.papers if told.paper]
    ends = [paper.expires for told in one.papers if told.required and (paper := told.paper) and paper.expires]
    return Worker(
        name=one.practitioner.name,
        title=one.practitioner.title,
        licence=next((paper.number for paper in held if paper.kind == LICENCE), ""),
        procedures=", ".join(say(PROCEDURES[key]) for key in one.allowed if key),
        until=writing.day_words(min(ends)) if ends else "",
    )


def draw(desk: Desk, clinic_id: str, paper: str = "") -> bytes:
    """The wall sheet as a PDF on ``a4`` or ``letter``, by default the agency's.

    Raises:
        BadInput: for a paper that does not exist.
    """
    if paper not in ("", *PAPERS):
        raise BadInput([Fault("paper", say("Choose {choices}.", choices=listed(PAPERS)))])
    told = wall(desk, clinic_id)
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "wall.pdf"
        pdf.draw_wall(told, paper or desk.ledger.agency.get().paper, out)
        return out.read_bytes()
