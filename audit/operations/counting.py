"""Counting tries of somebody or something, so that none of them may fill the disk or the post."""

from datetime import timedelta

from audit.operations.desk import Desk

HOUR = timedelta(hours=1)


def tries(desk: Desk, what: str, place: str, most: int, window: timedelta = HOUR) -> int:
    """How many there were lately, this one not among them. Beyond ``most`` none is counted any more."""
    with desk.ledger.upkeep() as sessions:
        found = sessions.failures(desk.now - window + timedelta(seconds=1), address=place).count
        if found <= most:
            sessions.failed(what, place, desk.now)
    return found
