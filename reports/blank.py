"""The form for the day the tablet is dead: every item with empty marks, value lines and room for words."""

from audit.domain.checklists import Checklist
from reports.flow import Piece
from reports.values import Head


def head(checklist: Checklist) -> Head:
    raise NotImplementedError


def form(checklist: Checklist) -> list[Piece]:
    raise NotImplementedError
