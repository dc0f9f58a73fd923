"""The public card of a clinic: what anybody may know of its last inspection, and when that is too old to tell.

Off until the agency switches it on. A result is shown as the clinic's for a year at most, and not beyond the day by which
the rules asked for the next visit: an old good result must not look like today's.
"""

from dataclasses import dataclass
from datetime import date, timedelta

LONGEST = timedelta(days=365)
FRESH, STALE = "fresh", "stale"


@dataclass(frozen=True)
class PublicCard:
    """What the agency decided: ``name`` stands in the address for good; ``inspector``: the person is named too."""

    clinic_id: str
    name: str
    shown: bool = False
    inspector: bool = False


def freshness(inspected_on: date, next_due: date | None, today: date) -> str:
    """May the result be told as today's? ``next_due`` is what the record says of the next visit."""
    ends = inspected_on + LONGEST
    return STALE if today > (min(ends, next_due) if next_due else ends) else FRESH
