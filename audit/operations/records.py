"""Sealed records, for those who may read the visit."""

from audit.domain.inspections import SEALED
from audit.domain.problems import NotNow
from audit.domain.records import Sealed
from audit.operations.desk import Desk
from audit.operations.inspections import open_visit


def sealed(desk: Desk, inspection_id: str) -> Sealed:
    """The record as it was sealed, with the people's part.

    Raises:
        NotFound: when the visit is not this person's to read.
        NotNow: while it is not sealed.
    """
    if open_visit(desk, inspection_id).inspection.state != SEALED:
        raise NotNow("This visit is not sealed.")
    return desk.ledger.records.get(inspection_id)
