"""The visit that the PDF of a record carries, for taking it in somewhere else."""

from audit.domain.problems import BadInput, Fault
from audit.domain.tongue import say, word
from audit.operations.reports import VISIT_FILE
from reports import archive, seal

_NOT_TAKEN = {
    seal.CHANGED: word("This report was changed after it was sealed. Its answers are not taken in."),
    seal.EXTENDED: word(
        "Something was added to this report after it was sealed. Its answers are not taken in."
    ),
    seal.UNSEALED: word("This report carries no seal. Its answers are not taken in."),
    seal.UNREADABLE: word("This report cannot be read."),
}


def visit_in(pdf: bytes, at_most: int) -> bytes:
    """The document that a report carries; of more than ``at_most`` bytes none.

    Who sealed it does not matter here: its answers are judged like anybody's. Only a changed one is refused.

    Raises:
        BadInput: when it carries none, or was changed after it was sealed.
    """
    state = seal.judge(pdf, ()).state
    if state in _NOT_TAKEN:
        raise BadInput([Fault("report", say(_NOT_TAKEN[state]))])
    try:
        found = archive.carried(pdf, VISIT_FILE, at_most)
    except ValueError as error:
        raise BadInput([Fault("report", say("This report cannot be read."))]) from error
    if found is None:
        raise BadInput(
            [Fault("report", say("This report carries no visit. The record as it was first sealed does."))]
        )
    return found
