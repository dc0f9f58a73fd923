"""A clinic shows one of its self-audits to the agency, and stops showing it. Nobody else decides that."""

from audit.domain.inspections import SEALED, SELF_AUDIT, Inspection
from audit.domain.problems import NotFound, NotNow
from audit.domain.tongue import say
from audit.operations.desk import NO_VISIT, Desk
from audit.store.ledger import Disclosed

DEED = "self-audit.disclose"


def standing(desk: Desk, inspection: Inspection) -> Disclosed | None:
    """Since when the agency reads this self-audit; nothing when it does not. For those who read it themselves.

    Raises:
        NotFound: when the visit is not theirs to read.
    """
    if not desk.reads(inspection):
        raise NotFound(say(NO_VISIT))
    return desk.ledger.disclosed.find(inspection.id)


def check(desk: Desk, inspection_id: str) -> None:
    """Whoever asks may decide this.

    Raises:
        NotFound: when it is not one's own clinic's.
    """
    _own(desk, inspection_id)


def disclose(desk: Desk, inspection_id: str) -> None:
    """Show what a sealed self-audit says to the agency; shown already is fine.

    Raises:
        NotFound: when it is not one's own clinic's.
        NotNow: while it runs.
    """
    inspection = _own(desk, inspection_id)
    if inspection.state != SEALED:
        raise NotNow(say("Only a sealed self-audit can be shown to the agency."))
    assert desk.actor is not None
    with desk.entry() as entry:
        if entry.disclosed.find(inspection.id) is None:
            entry.disclosed.add(inspection.id, desk.actor.id, desk.now)
            entry.note("self-audit.disclosed", inspection.id)


def withdraw(desk: Desk, inspection_id: str) -> None:
    """Stop showing it; what the agency copied while it was shown stays with the agency.

    Raises:
        NotFound: when it is not one's own clinic's.
    """
    inspection = _own(desk, inspection_id)
    with desk.entry() as entry:
        if entry.disclosed.find(inspection.id) is not None:
            entry.disclosed.remove(inspection.id)
            entry.note("self-audit.withdrawn", inspection.id)


def _own(desk: Desk, inspection_id: str) -> Inspection:
    inspection = desk.ledger.inspections.find(inspection_id)
    if inspection is None or not desk.reads(inspection):
        raise NotFound(say(NO_VISIT))
    desk.must(DEED if inspection.kind == SELF_AUDIT else f"{inspection.kind}.disclose", inspection.clinic_id)
    return inspection
